"""The finder of payments with its indexes."""

from django.db import migrations

from orderwright.invoicing import finding

STATEMENTS = (*finding.PAYMENT_INDEXES, finding.PAYMENTS)


class Migration(migrations.Migration):
    """After the table that it looks into."""

    dependencies = [
        ("reporting", "0007_dashboard_of_jobs_and_money"),
        ("invoicing", "0002_secure"),
    ]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]
