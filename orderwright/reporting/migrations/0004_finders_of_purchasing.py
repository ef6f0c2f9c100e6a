"""The finders of suppliers and purchase orders with their indexes."""

from django.db import migrations

from orderwright.purchasing import finding

STATEMENTS = (*finding.INDEXES, finding.SUPPLIERS, finding.PURCHASES)


class Migration(migrations.Migration):
    """After the tables that they look into."""

    dependencies = [("reporting", "0003_finders_of_production"), ("purchasing", "0002_secure")]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]
