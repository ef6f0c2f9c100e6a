"""Row level security and keys for the tables of imports."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of imports."""

    dependencies = [("importing", "0001_initial"), ("documents", "0002_secure")]

    operations = [
        SecureTable("Import"),
        SecureTable("ImportRow"),
    ]
