"""Row level security for identity, the functions that answer before sign-in, and the numbers."""

from django.db import migrations

from orderwright.identity.sql import FUNCTIONS
from orderwright.identity.tenancy import CURRENT, SecureTable

OWN_ORGANIZATION = f"""
    ALTER TABLE identity_organization ENABLE ROW LEVEL SECURITY;
    ALTER TABLE identity_organization FORCE ROW LEVEL SECURITY;
    CREATE POLICY organization ON identity_organization
        USING (id = {CURRENT}) WITH CHECK (id = {CURRENT});
"""

# The functions of identity/sql.py run as the owner of the tables and answer before an organization
# is entered; forced row level security binds the owner too, so the owner may read these four.
OWNER_READS = "\n".join(
    f"CREATE POLICY owner_reads ON {table} FOR SELECT TO CURRENT_USER USING (true);"
    for table in ("identity_organization", "identity_role", "identity_user", "identity_apikey")
)


class Migration(migrations.Migration):
    """After the tables of identity."""

    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.RunSQL(OWN_ORGANIZATION, elidable=False),
        SecureTable("Role"),
        SecureTable("User"),
        SecureTable("ApiKey"),
        migrations.RunSQL(OWNER_READS),
        migrations.RunSQL("CREATE SCHEMA numbers"),
        *[migrations.RunSQL(function) for function in FUNCTIONS],
    ]
