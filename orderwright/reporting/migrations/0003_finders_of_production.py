"""The finders of jobs and runs with their indexes."""

from django.db import migrations

from orderwright.production import finding

STATEMENTS = (*finding.INDEXES, finding.JOBS, finding.RUNS)


class Migration(migrations.Migration):
    """After the tables that they look into."""

    dependencies = [("reporting", "0002_dashboard"), ("production", "0002_secure")]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]
