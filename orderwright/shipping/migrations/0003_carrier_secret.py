"""A carrier's webhook proves itself by its secret, before an organization is known."""

from django.db import migrations

from orderwright.shipping.sql import CARRIER_SECRET


class Migration(migrations.Migration):
    """The function, and the owner's right to read carriers under forced row level security."""

    dependencies = [("shipping", "0002_secure")]

    operations = [
        migrations.RunSQL(
            "CREATE POLICY owner_reads ON directory_carrier FOR SELECT TO CURRENT_USER USING (true)"
        ),
        migrations.RunSQL(CARRIER_SECRET),
    ]
