"""Row level security and keys for the tables of activity."""

from django.db import migrations

from orderwright.activity.sql import APPEND_ONLY, refuse_changes_to
from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """After the tables of activity, and after those that they point to."""

    dependencies = [("activity", "0001_initial"), ("identity", "0002_secure")]

    operations = [
        SecureTable("Event"),
        SecureTable("RememberedAnswer"),
        migrations.RunSQL(APPEND_ONLY),
        migrations.RunSQL(refuse_changes_to("activity_event")),
    ]
