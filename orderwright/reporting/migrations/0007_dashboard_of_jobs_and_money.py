"""The indexes of the dashboard's figures of jobs and invoices."""

from django.db import migrations

from orderwright.reporting.dashboard_sql import MORE_INDEXES


class Migration(migrations.Migration):
    """After the tables that they count."""

    dependencies = [
        ("reporting", "0006_finder_of_invoices"),
        ("production", "0002_secure"),
        ("returns", "0002_secure"),
    ]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in MORE_INDEXES
    ]
