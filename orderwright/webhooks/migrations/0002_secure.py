"""Row level security and keys for the tables of webhooks, and what the sweep asks of all."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable
from orderwright.webhooks.sql import FORGET, TO_DO

# The functions run as the owner of the tables; forced row level security binds the owner too.
OWNER_MAY = """
    CREATE POLICY webhooks_owner_reads ON webhooks_endpoint
        FOR SELECT TO CURRENT_USER USING (true);
    CREATE POLICY webhooks_owner_reads ON webhooks_delivery
        FOR SELECT TO CURRENT_USER USING (true);
    CREATE POLICY webhooks_owner_forgets ON webhooks_delivery
        FOR DELETE TO CURRENT_USER USING (true);
    CREATE POLICY webhooks_owner_reads ON activity_event
        FOR SELECT TO CURRENT_USER USING (true);
"""


class Migration(migrations.Migration):
    """After the tables of webhooks."""

    dependencies = [("webhooks", "0001_initial"), ("activity", "0002_secure")]

    operations = [
        SecureTable("Endpoint"),
        SecureTable("Delivery"),
        migrations.RunSQL(OWNER_MAY),
        migrations.RunSQL(TO_DO),
        migrations.RunSQL(FORGET),
    ]
