"""Row level security and keys for the tables of inventory."""

from django.db import migrations

from orderwright.activity.sql import refuse_changes_to
from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of inventory, and after those that they point to."""

    dependencies = [("inventory", "0001_initial"), ("pricing", "0002_secure")]

    operations = [
        SecureTable("Location"),
        SecureTable("Lot"),
        SecureTable("Reservation"),
        SecureTable("Selection"),
        SecureTable("Movement"),
        migrations.RunSQL(refuse_changes_to("inventory_movement")),
    ]
