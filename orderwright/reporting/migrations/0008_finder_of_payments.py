"""The finder of payments with its indexes."""

from django.db import migrations

from orderwright.invoicing import payment_finding

STATEMENTS = (*payment_finding.INDEXES, payment_finding.PAYMENTS)


class Migration(migrations.Migration):
    """After the table that it looks into."""

    dependencies = [
        ("reporting", "0007_dashboard_of_jobs_and_money"),
        ("invoicing", "0002_secure"),
    ]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]
