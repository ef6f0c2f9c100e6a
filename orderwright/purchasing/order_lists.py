"""The list of purchase orders: narrowed, sorted and read page by page; counted within bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.list_filters import read_values
from orderwright.kernel.paging import Page, SortKey, Window, keyset, page_of, place_values
from orderwright.kernel.sql_text import like_pattern
from orderwright.purchasing import list_sql
from orderwright.purchasing.queries import OrderSummary
from orderwright.purchasing.rules import FULFILLMENT_STATUSES

MOST_COUNTED: Final = 1000
SORTS: Final = {
    "": SortKey(),
    "number": SortKey(),
    "required": SortKey.with_gaps("o.date_required", "date"),
    "total": SortKey("o.subtotal", "o.subtotal", "numeric"),
}
SORT_NAMES: Final = tuple(name for name in SORTS if name)
CODES: Final = {
    "status": ("quoted", "ordered", "fulfilled"),
    "fulfillment_status": FULFILLMENT_STATUSES,
    "priority": ("low", "normal", "high"),
}
IDS: Final = ("supplier_id", "order_lead_id", "product_id")
FLAGS: Final = ("closed", "past_due")
DAYS: Final = ("required_from", "required_to")


@dataclass(frozen=True, slots=True)
class PurchaseFilter:
    """What a list of purchase orders is narrowed to. Of several values any one may fit; every
    field that is given has to."""

    status: tuple[str, ...] = ()
    fulfillment_status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    supplier_id: tuple[UUID, ...] = ()
    order_lead_id: tuple[UUID, ...] = ()
    product_id: tuple[UUID, ...] = ()
    closed: bool | None = None
    past_due: bool | None = None
    required_from: date | None = None
    required_to: date | None = None
    q: str | None = None


_SEVERAL: Final = {
    name: f"o.{name} = ANY (%({name})s)" for name in (*CODES, "supplier_id", "order_lead_id")
} | {
    "product_id": (
        "EXISTS (SELECT 1 FROM purchasing_purchaseorderline l"
        " WHERE l.organization_id = o.organization_id AND l.order_id = o.id"
        " AND l.product_id = ANY (%(product_id)s))"
    )
}
_TABS: Final = {
    "all": "true",
    "quoted": "o.status = 'quoted' AND NOT o.is_closed",
    "ordered": "o.status = 'ordered' AND NOT o.is_closed",
    "fulfilled": "o.status = 'fulfilled' AND NOT o.is_closed",
    "closed": list_sql.CONDITIONS["closed"],
    "past_due": list_sql.CONDITIONS["past_due"],
}


def read_filter(given: Mapping[str, str]) -> PurchaseFilter:
    """The filter from the texts of an address, several values with commas between them.

    Raises Invalid `invalid_filter` with the fields whose values make no sense.
    """
    read = read_values(given, codes=CODES, ids=IDS, flags=FLAGS, days=DAYS)
    return PurchaseFilter(**read, q=given.get("q") or None)


def orders(
    by: Caller,
    wanted: PurchaseFilter,
    window: Window = Window(),  # noqa: B008
) -> Page[OrderSummary]:
    """A page of purchase orders; one statement, whose cost does not grow with the page's number.

    Raises Forbidden; KeyError for a sort that is not one of `SORT_NAMES`.
    """
    by.must("purchase_orders:read")
    key = SORTS[window.sort.name]
    start, order = keyset(key, window)
    narrowed = " AND ".join(["true", *_conditions(wanted), *([start] if start else [])])
    statement = list_sql.page_of_orders(
        narrowed, value=key.text_of(window.sort), order=order, rows=window.size + 1
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**_values(by, wanted), **place_values(window)})
        found = [(row[-1], OrderSummary(*row[:-1])) for row in cursor.fetchall()]
    return page_of(found, window)


def counts(by: Caller) -> dict[str, int]:
    """How many orders stand under each tab, counted up to `MOST_COUNTED`; one statement."""
    by.must("purchase_orders:read")
    with connection.cursor() as cursor:
        cursor.execute(
            list_sql.counts_of_orders(_TABS.values(), most=MOST_COUNTED),
            {"organization": by.organization_id, "today": by.today},
        )
        row: Sequence[int] = cursor.fetchone() or ()
    return dict(zip(_TABS, row, strict=True))


def _conditions(wanted: PurchaseFilter) -> list[str]:
    chosen = [text for name, text in _SEVERAL.items() if getattr(wanted, name)]
    chosen += [list_sql.CONDITIONS[name] for name in DAYS if getattr(wanted, name) is not None]
    chosen += [
        list_sql.CONDITIONS[name if getattr(wanted, name) else f"not_{name}"]
        for name in FLAGS
        if getattr(wanted, name) is not None
    ]
    if wanted.q and wanted.q.strip():
        chosen.append(list_sql.CONDITIONS["found"])
    return chosen


def _values(by: Caller, wanted: PurchaseFilter) -> dict[str, Any]:
    return {
        **{name: list(getattr(wanted, name)) for name in _SEVERAL},
        **{name: getattr(wanted, name) for name in DAYS},
        "organization": by.organization_id,
        "today": by.today,
        "pattern": like_pattern(wanted.q or ""),
    }
