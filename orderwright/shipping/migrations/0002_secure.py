"""Row level security and keys for the tables of shipping."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of shipping, and after those that they point to."""

    dependencies = [("shipping", "0001_initial"), ("sales", "0002_secure")]

    operations = [
        SecureTable("Shipment"),
        SecureTable("ShipmentLine"),
        SecureTable("ShippedSelection"),
        SecureTable("TrackingEvent"),
    ]
