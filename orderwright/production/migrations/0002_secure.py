"""Row level security and keys for the tables of production."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of production, and after those that they point to."""

    dependencies = [
        ("production", "0001_initial"),
        ("catalog", "0003_suppliedproduct"),
        ("inventory", "0002_secure"),
        ("sales", "0002_secure"),
    ]

    operations = [
        SecureTable("Stage"),
        SecureTable("ProductionRun"),
        SecureTable("ProductionJob"),
        SecureTable("JobInput"),
        SecureTable("JobReceipt"),
        SecureTable("JobReceiptRow"),
    ]
