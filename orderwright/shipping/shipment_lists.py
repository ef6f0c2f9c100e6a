"""The list of shipments: narrowed, sorted and read page by page; counted within bounds."""

from collections.abc import Sequence
from typing import Final

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window, keyset, page_of, place_values
from orderwright.shipping import queries, sql
from orderwright.shipping.queries import ShipmentFilter, ShipmentPage

MOST_COUNTED: Final = 1000
SORT_NAMES: Final = tuple(name for name in sql.SORTS if name)


def page_of_shipments(by: Caller, wanted: ShipmentFilter, window: Window) -> Page[ShipmentPage]:
    """A page of shipments; three statements. Raises Forbidden; KeyError for a sort that is not one
    of `sql.SORTS`."""
    by.must("shipments:read")
    conditions, parameters = queries.conditions_of(wanted, None)
    key = sql.SORTS[window.sort.name]
    start, order = keyset(key, window, table="s")
    statement = sql.page_of_shipments(
        f"{conditions} AND {start}" if start else conditions,
        order=order,
        value=key.of(window.sort),
        rows=window.size + 1,
    )
    everything = {"organization": by.organization_id, **parameters, **place_values(window)}
    with connection.cursor() as cursor:
        cursor.execute(statement, everything)
        rows = cursor.fetchall()
    heads = [queries.head_of(row[:-1]) for row in rows]
    values = {row[0]: row[-1] for row in rows}
    pages = queries.pages_of(by, heads) if heads else []
    return page_of([(values[page.id], page) for page in pages], window)


def counts(by: Caller) -> dict[str, int]:
    """How many shipments stand under each tab, counted up to `MOST_COUNTED`; one statement."""
    by.must("shipments:read")
    with connection.cursor() as cursor:
        cursor.execute(sql.counts_of_shipments(MOST_COUNTED), {"organization": by.organization_id})
        row: Sequence[int] = cursor.fetchone() or ()
    return dict(zip(sql.COUNTED, row, strict=True))
