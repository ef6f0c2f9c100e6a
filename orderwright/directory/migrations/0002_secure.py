"""Row level security and keys for the tables of directory."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of directory, and after those that they point to."""

    dependencies = [("directory", "0001_initial"), ("activity", "0002_secure")]

    operations = [
        SecureTable("Staff"),
        SecureTable("PaymentTerm"),
        SecureTable("ShippingTerm"),
        SecureTable("Carrier"),
        SecureTable("CarrierOption"),
        SecureTable("CustomerGroup"),
        SecureTable("Customer"),
        SecureTable("Address"),
        SecureTable("Contact"),
    ]
