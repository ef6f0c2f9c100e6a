"""Row level security and keys for the tables of notifications, and the list of organizations."""

from django.db import migrations

from orderwright.identity.tenancy import SecureTable
from orderwright.notifications.sql import FUNCTIONS


class Migration(migrations.Migration):
    """After the tables of notifications, and after those that they point to."""

    dependencies = [
        ("notifications", "0001_initial"),
        ("identity", "0002_secure"),
        ("catalog", "0002_secure"),
    ]

    operations = [
        SecureTable("Notification"),
        SecureTable("NotificationPreference"),
        SecureTable("LowProduct"),
        *[migrations.RunSQL(function) for function in FUNCTIONS],
    ]
