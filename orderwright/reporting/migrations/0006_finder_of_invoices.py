"""The finder of invoices with its indexes, and the indexes by which their list is sorted."""

from django.db import migrations

from orderwright.invoicing import finding
from orderwright.invoicing.invoice_sql import SORT_INDEXES

STATEMENTS = (*finding.INVOICE_INDEXES, *SORT_INDEXES, finding.INVOICES)


class Migration(migrations.Migration):
    """After the tables that it looks into."""

    dependencies = [("reporting", "0005_finder_of_returns"), ("invoicing", "0002_secure")]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]
