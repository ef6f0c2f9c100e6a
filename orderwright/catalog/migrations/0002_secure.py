"""Row level security and keys for the tables of catalog."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of catalog, and after those that they point to."""

    dependencies = [("catalog", "0001_initial"), ("directory", "0002_secure")]

    operations = [
        SecureTable("ProductLine"),
        SecureTable("ProductCategory"),
        SecureTable("Product"),
        SecureTable("ItemCode"),
        SecureTable("LineAccess"),
    ]
