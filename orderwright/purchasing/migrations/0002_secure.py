"""Row level security and keys for the tables of purchasing."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of purchasing, and after those that they point to."""

    dependencies = [
        ("purchasing", "0001_initial"),
        ("catalog", "0003_suppliedproduct"),
        ("inventory", "0002_secure"),
    ]

    operations = [
        SecureTable("PurchaseOrder"),
        SecureTable("PurchaseOrderLine"),
        SecureTable("Receipt"),
        SecureTable("ReceiptLine"),
    ]
