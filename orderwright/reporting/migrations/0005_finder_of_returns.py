"""The finder of returns with its indexes, and the index by which they are sorted by arrival."""

from django.db import migrations

from orderwright.returns import finding

_RECEIVED = "CREATE INDEX return_by_received_{} ON returns_return (organization_id, {}, id)"
STATEMENTS = (
    *finding.INDEXES,
    _RECEIVED.format("up", "coalesce(received_at, 'infinity'::timestamptz)"),
    _RECEIVED.format("down", "coalesce(received_at, '-infinity'::timestamptz)"),
    finding.RETURNS,
)


class Migration(migrations.Migration):
    """After the tables that it looks into."""

    dependencies = [("reporting", "0004_finders_of_purchasing"), ("returns", "0002_secure")]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]
