"""Row level security and keys for the tables of documents."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of documents, and after those that they point to."""

    dependencies = [("documents", "0001_initial"), ("extraction", "0002_secure")]

    operations = [
        SecureTable("EmailMessage"),
    ]
