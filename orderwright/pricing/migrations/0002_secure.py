"""Row level security and keys for the tables of pricing."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of pricing, and after those that they point to."""

    dependencies = [("pricing", "0001_initial"), ("catalog", "0002_secure")]

    operations = [
        SecureTable("CustomerPrice"),
        SecureTable("VolumeDiscount"),
        SecureTable("DiscountCode"),
        SecureTable("Redemption"),
    ]
