"""Row level security and keys for the tables of sales."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of sales, and after those that they point to."""

    dependencies = [("sales", "0001_initial"), ("inventory", "0002_secure")]

    operations = [
        SecureTable("SalesOrder"),
        SecureTable("SalesOrderLine"),
        SecureTable("OrderDraft"),
    ]
