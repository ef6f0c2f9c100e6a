"""Row level security and keys for the tables of invoicing."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of invoicing, and after those that they point to."""

    dependencies = [
        ("invoicing", "0001_initial"),
        ("directory", "0002_secure"),
        ("sales", "0002_secure"),
        ("shipping", "0002_secure"),
    ]

    operations = [
        SecureTable("NumberCounter"),
        SecureTable("Invoice"),
        SecureTable("InvoiceLine"),
        SecureTable("Payment"),
        SecureTable("Allocation"),
        SecureTable("CreditLine"),
    ]
