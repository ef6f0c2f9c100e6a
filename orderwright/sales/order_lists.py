"""The list of sales orders: narrowed, sorted and read page by page; counted within bounds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.list_filters import read_values
from orderwright.kernel.paging import Page, Window, keyset, page_of, place_values
from orderwright.sales import list_sql

MOST_COUNTED: Final = 1000
SORT_NAMES: Final = tuple(name for name in list_sql.SORTS if name)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What a list of orders is narrowed to; every field is a parameter of the address. Of several
    values any one may fit; every field that is given has to."""

    status: tuple[str, ...] = ()
    fulfillment_status: tuple[str, ...] = ()
    payment_status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    customer_id: tuple[UUID, ...] = ()
    customer_group_id: tuple[UUID, ...] = ()
    order_lead_id: tuple[UUID, ...] = ()
    sales_rep_id: tuple[UUID, ...] = ()
    product_id: tuple[UUID, ...] = ()
    product_line_id: tuple[UUID, ...] = ()
    on_hold: bool | None = None
    past_due: bool | None = None
    backordered: bool | None = None
    required_from: date | None = None
    required_to: date | None = None
    q: str | None = None


CODES: Final = {
    "status": ("estimate", "issued", "fulfilled", "completed"),
    "fulfillment_status": (
        "not_started",
        "in_production",
        "ready_to_ship",
        "partially_shipped",
        "shipped",
        "completed",
        "on_hold",
        "cancelled",
        "partially_returned",
        "all_returned",
    ),
    "payment_status": ("unpaid", "partially_paid", "paid", "overpaid"),
    "priority": ("low", "normal", "high"),
}
IDS: Final = (
    "customer_id",
    "customer_group_id",
    "order_lead_id",
    "sales_rep_id",
    "product_id",
    "product_line_id",
)
FLAGS: Final = ("on_hold", "past_due", "backordered")
DAYS: Final = ("required_from", "required_to")


def read_filter(given: Mapping[str, str]) -> OrderFilter:
    """The filter from the texts of an address, several values with commas between them.

    Raises Invalid `invalid_filter` with the fields whose values make no sense.
    """
    read = read_values(given, codes=CODES, ids=IDS, flags=FLAGS, days=DAYS)
    return OrderFilter(**read, q=given.get("q") or None)


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """One row of the list of orders."""

    id: UUID
    number: str
    status: str
    fulfillment_status: str
    payment_status: str
    customer_id: UUID
    customer_number: str
    customer_name: str
    customer_status: str
    order_lead_id: UUID
    order_lead_name: str
    sales_rep_name: str | None
    customer_po_number: str
    date_required: date | None
    promised_at: date | None
    priority: str
    currency: str
    grand_total: Decimal
    manual_hold: bool
    created_at: Any
    updated_at: Any
    version: int


def orders(by: Caller, wanted: OrderFilter, window: Window = Window()) -> Page[OrderSummary]:  # noqa: B008
    """A page of orders; one statement, whose cost does not grow with the page's number.

    Raises Forbidden; KeyError for a sort that is not one of `SORT_NAMES`.
    """
    by.must("sales_orders:read")
    key = list_sql.SORTS[window.sort.name]
    start, order = keyset(key, window)
    statement = list_sql.page_of_orders(
        _conditions(by, wanted),
        start=start,
        order=order,
        value=key.of(window.sort),
        rows=window.size + 1,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**_values(by, wanted), **place_values(window)})
        found = [(row[-1], OrderSummary(*row[:-1])) for row in cursor.fetchall()]
    return page_of(found, window)


def ids_of_orders(by: Caller, wanted: OrderFilter, *, most: int) -> list[UUID]:
    """The ids of the orders that match, newest first, `most` of them at most. One statement."""
    by.must("sales_orders:read")
    statement = list_sql.ids_of_orders(_conditions(by, wanted), rows=most)
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(by, wanted))
        return [row[0] for row in cursor.fetchall()]


def counts(by: Caller) -> dict[str, int]:
    """How many orders stand under each tab, counted up to `MOST_COUNTED`; one statement."""
    by.must("sales_orders:read")
    conditions = {"all": "", "on_hold": "AND o.fulfillment_status = 'on_hold'"} | {
        status: f"AND o.status = '{status}'" for status in CODES["status"]
    }
    with connection.cursor() as cursor:
        cursor.execute(
            list_sql.counts_of_orders(conditions.values(), most=MOST_COUNTED),
            {"organization": by.organization_id},
        )
        row: Sequence[int] = cursor.fetchone() or ()
    return dict(zip(conditions, row, strict=True))


_SEVERAL: Final = ("product_id", "product_line_id", "customer_group_id")


def _conditions(by: Caller, wanted: OrderFilter) -> list[str]:
    """The conditions of `list_sql.CONDITIONS` that narrow the list."""
    given = {name: getattr(wanted, name) for name in OrderFilter.__slots__}
    chosen = [
        name if len(given[name]) == 1 else f"{name}_any"
        for name in list_sql.EQUALITIES
        if given[name]
    ]
    chosen += [name for name in _SEVERAL if given[name]]
    chosen += [name for name in DAYS if given[name] is not None]
    chosen += [name if given[name] else f"not_{name}" for name in FLAGS if given[name] is not None]
    if wanted.q and wanted.q.strip():
        chosen.append("found_with_customer" if by.may("customers:read") else "found")
    return chosen


def _values(by: Caller, wanted: OrderFilter) -> dict[str, Any]:
    return {
        **{name: _one_or_all(getattr(wanted, name)) for name in list_sql.EQUALITIES},
        **{name: list(getattr(wanted, name)) for name in _SEVERAL},
        **{name: getattr(wanted, name) for name in DAYS},
        "organization": by.organization_id,
        "today": by.today,
        "q": (wanted.q or "").strip(),
        "with_people": by.may("contacts:read"),
    }


def _one_or_all(values: Collection[Any]) -> Any:
    return next(iter(values)) if len(values) == 1 else list(values)
