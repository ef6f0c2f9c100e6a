"""Row level security and keys for the tables of returns."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of returns, and after those that they point to."""

    dependencies = [
        ("returns", "0001_initial"),
        ("inventory", "0002_secure"),
        ("sales", "0002_secure"),
    ]

    operations = [SecureTable("Return"), SecureTable("ReturnLine")]
