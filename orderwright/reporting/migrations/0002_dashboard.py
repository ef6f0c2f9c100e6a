"""The indexes of the dashboard, which hold what is under way only."""

from django.db import migrations

from orderwright.reporting.dashboard_sql import INDEXES


class Migration(migrations.Migration):
    """After the tables that the dashboard counts."""

    dependencies = [
        ("reporting", "0001_finders"),
        ("sales", "0003_tasks_and_short_closing"),
        ("shipping", "0004_picks_and_cases"),
    ]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in INDEXES]
