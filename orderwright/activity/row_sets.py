"""Many rows of one table in one statement with one parameter, whatever their number.

A statement with a parameter for each value costs more to write and to parse than to run.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import DateTimeField
from django.db.models.fields import NOT_PROVIDED

from orderwright.identity.caller import Caller
from orderwright.kernel.json_text import to_json

Values = dict[str, Any]


def insert_rows(by: Caller, model: type[Any], rows: Sequence[Values]) -> None:
    """Insert rows of an organization by the names of their attributes, each with its `id`.

    What a row does not say has the default of its field; `created_at` and `updated_at` are
    `by.now`. Raises IntegrityError when the database refuses one of them; then none is there.
    """
    if not rows:
        return
    common = {**_defaults(by, model), "organization_id": by.organization_id}
    document = to_json([{**common, **row} for row in rows])
    with connection.cursor() as cursor:
        cursor.execute(_statement(model), {"rows": document})


def _statement(model: Any) -> str:
    """The columns come from the model alone."""
    quote = connection.ops.quote_name
    fields = _fields(model)
    names = ", ".join(quote(field.column) for field in fields)
    read = ", ".join(f"n.{quote(field.attname)}" for field in fields)
    shape = ", ".join(f"{quote(field.attname)} {field.db_type(connection)}" for field in fields)
    table = quote(model._meta.db_table)  # noqa: SLF001
    return (
        f"INSERT INTO {table} ({names}) SELECT {read} "  # noqa: S608
        f"FROM jsonb_to_recordset(%(rows)s::jsonb) AS n ({shape})"
    )


def _fields(model: type[Any]) -> list[Any]:
    """The columns that are written; what the database fills in itself is left to it."""
    concrete = model._meta.concrete_fields  # noqa: SLF001
    return [field for field in concrete if field.db_default is NOT_PROVIDED and not field.generated]


def _defaults(by: Caller, model: type[Any]) -> Values:
    found: Values = {}
    for field in _fields(model):
        if isinstance(field, DateTimeField) and (field.auto_now or field.auto_now_add):
            found[field.attname] = by.now
        elif not field.primary_key:
            found[field.attname] = field.get_default()
    return found
