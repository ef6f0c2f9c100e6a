"""The list of lots: narrowed, sorted and read page by page; counted within bounds."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import lot_sql
from orderwright.inventory.lot_queries import LotRow, narrowed
from orderwright.kernel.paging import Page, Window, keyset, page_of, place_values

MOST_COUNTED: Final = 1000
SORT_NAMES: Final = tuple(name for name in lot_sql.SORTS if name)
_COUNTED: Final = ("in", "low")


def page_of_lots(by: Caller, filters: Mapping[str, Any], window: Window) -> Page[LotRow]:
    """A page of lots; one statement, two with `q`, whose cost does not grow with the page's number.

    Raises Forbidden, Invalid; KeyError for a sort that is not one of `SORT_NAMES`.
    """
    conditions, chosen = narrowed(by, filters)
    key = lot_sql.SORTS[window.sort.name]
    start, order = keyset(key, window, table="l")
    statement = lot_sql.page_of_lots(
        conditions, start=start, order=order, value=key.of(window.sort), rows=window.size + 1
    )
    rows = _rows(by, statement, {**chosen, **place_values(window)})
    return page_of([(row[-1], LotRow(*row[:-1])) for row in rows], window)


def ids_of_lots(by: Caller, filters: Mapping[str, Any], *, most: int) -> list[UUID]:
    """The ids of the lots that match, newest first. One statement, two with `q`."""
    conditions, chosen = narrowed(by, filters)
    rows = _rows(by, lot_sql.ids_of_lots(conditions), {**chosen, "limit": most})
    return [row[0] for row in rows]


def counts(by: Caller) -> dict[str, int]:
    """How many lots there are (`all`), in stock and low, counted up to `MOST_COUNTED`. What no
    index finds is not counted. One statement."""
    by.must("inventory:read")
    conditions = ["true", *(lot_sql.STOCK[name] for name in _COUNTED)]
    row = _rows(by, lot_sql.counts_of_lots(conditions, most=MOST_COUNTED), {})[0]
    return dict(zip(("all", *_COUNTED), row, strict=True))


def _rows(by: Caller, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, **parameters})
        return cursor.fetchall()
