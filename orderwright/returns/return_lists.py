"""The list of returns: narrowed, sorted and read page by page; counted within bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, SortKey, Window, keyset, page_of, place_values
from orderwright.kernel.sql_text import like_pattern
from orderwright.returns import queries, sql
from orderwright.returns.queries import ReturnPage

MOST_COUNTED: Final = 1000
SORTS: Final = {
    "": SortKey(),
    "number": SortKey("r.number", "r.number"),
    "received": SortKey.with_gaps("r.received_at", "timestamptz"),
}
SORT_NAMES: Final = tuple(name for name in SORTS if name)


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the list is narrowed to: of days the first instant, and the first one that is out."""

    status: str | None = None
    customer_id: UUID | None = None
    disposition: str | None = None
    requested_from: datetime | None = None
    requested_before: datetime | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None
    q: str | None = None


def page_of_returns(by: Caller, wanted: ListFilter, window: Window) -> Page[ReturnPage]:
    """A page of returns with their lines; two statements. Raises Forbidden; KeyError for a sort
    that is not one of `SORT_NAMES`."""
    by.must("returns:read")
    key = SORTS[window.sort.name]
    start, order = keyset(key, window, table="r")
    names = [name for name in wanted.__slots__ if getattr(wanted, name)]
    statement = sql.page_of_returns(
        names,
        start=start,
        order=order,
        value=key.text_of(window.sort),
        rows=window.size + 1,
        with_customers=by.may("customers:read"),
    )
    values: dict[str, Any] = {name: getattr(wanted, name) for name in names}
    if wanted.q:
        values["pattern"] = like_pattern(wanted.q.strip())
    with connection.cursor() as cursor:
        given = {"organization": by.organization_id, **values, **place_values(window)}
        cursor.execute(statement, given)
        rows = cursor.fetchall()
    found = queries.pages_of(by, [queries.head_of(row[:-1]) for row in rows])
    return page_of([(row[-1], page) for row, page in zip(rows, found, strict=True)], window)


def counts(by: Caller) -> dict[str, int]:
    """How many returns stand under each tab, counted up to `MOST_COUNTED`; one statement."""
    by.must("returns:read")
    with connection.cursor() as cursor:
        cursor.execute(sql.counts_of_returns(MOST_COUNTED), {"organization": by.organization_id})
        row: Sequence[int] = cursor.fetchone() or ()
    return dict(zip(sql.COUNTED, row, strict=True))
