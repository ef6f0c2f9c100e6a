"""Row level security and keys for the tables of extraction."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of extraction, and after those that they point to."""

    dependencies = [("extraction", "0001_initial"), ("shipping", "0002_secure")]

    operations = [
        SecureTable("Extraction"),
        SecureTable("LearnedAlias"),
    ]
