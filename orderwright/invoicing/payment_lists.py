"""The list of payments: narrowed, sorted and read page by page; counted within bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.invoicing import payment_sql
from orderwright.invoicing.page import PaymentRow
from orderwright.invoicing.rules import ADJUSTMENTS, METHODS, TYPES
from orderwright.invoicing.sql import PAYMENT_CONDITIONS
from orderwright.kernel.list_filters import read_values
from orderwright.kernel.paging import Page, SortKey, Window, keyset, page_of, place_values
from orderwright.kernel.sql_text import like_pattern

MOST_COUNTED: Final = 1000
SORTS: Final = {
    "": SortKey(),
    "date": SortKey("p.payment_date", "p.payment_date", "date"),
    "amount": SortKey("p.amount", "p.amount", "numeric"),
}
SORT_NAMES: Final = tuple(name for name in SORTS if name)
CODES: Final = {"type": TYPES, "method": METHODS, "adjustment_type": ADJUSTMENTS}
IDS: Final = ("customer_id", "order_id")
FLAGS: Final = ("open",)
DAYS: Final = ("paid_from", "paid_to")


@dataclass(frozen=True, slots=True)
class PaymentListFilter:
    """What the list is narrowed to. Of several values any one may fit; every field has to."""

    type: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    adjustment_type: tuple[str, ...] = ()
    customer_id: tuple[UUID, ...] = ()
    order_id: tuple[UUID, ...] = ()
    open: bool | None = None
    paid_from: date | None = None
    paid_to: date | None = None
    q: str | None = None


_SEVERAL: Final = {name: f"p.{name} = ANY (%({name})s)" for name in (*CODES, *IDS)}
_DAYS: Final = {
    "paid_from": "p.payment_date >= %(paid_from)s",
    "paid_to": "p.payment_date <= %(paid_to)s",
}
TABS: Final = {
    "all": "true",
    "open": payment_sql.OPEN,
    "payment": "p.type = 'payment'",
    "credit_memo": "p.type = 'credit_memo'",
    "adjustment": "p.type IN ('adjustment', 'rebate')",
    "refund": "p.type = 'refund'",
}


def read_filter(given: Mapping[str, str]) -> PaymentListFilter:
    """The filter from the texts of an address, several values with commas between them.

    Raises Invalid `invalid_filter` with the fields whose values make no sense.
    """
    read = read_values(given, codes=CODES, ids=IDS, flags=FLAGS, days=DAYS)
    return PaymentListFilter(**read, q=given.get("q") or None)


def page_of_list(
    by: Caller,
    wanted: PaymentListFilter,
    window: Window = Window(),  # noqa: B008
) -> Page[PaymentRow]:
    """A page of payments; one statement, whose cost does not grow with the page's number.

    Raises Forbidden; KeyError for a sort that is not one of `SORT_NAMES`.
    """
    by.must("payments:read")
    key = SORTS[window.sort.name]
    start, order = keyset(key, window, table="p")
    narrowed = " AND ".join(["true", *_conditions(wanted), *([start] if start else [])])
    statement = payment_sql.page_of_payments(
        narrowed, value=key.text_of(window.sort), order=order, rows=window.size + 1
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**_values(by, wanted), **place_values(window)})
        found = [(row[-1], PaymentRow(*row[:-1])) for row in cursor.fetchall()]
    return page_of(found, window)


def counts(by: Caller) -> dict[str, int]:
    """How many payments stand under each tab, counted up to `MOST_COUNTED`; one statement."""
    by.must("payments:read")
    statement = payment_sql.counts_of_payments(TABS.values(), most=MOST_COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id})
        row = cursor.fetchone() or ()
    return dict(zip(TABS, row, strict=True))


def _conditions(wanted: PaymentListFilter) -> list[str]:
    chosen = [text for name, text in _SEVERAL.items() if getattr(wanted, name)]
    chosen += [text for name, text in _DAYS.items() if getattr(wanted, name) is not None]
    if wanted.open is not None:
        chosen.append(f"({payment_sql.OPEN})" if wanted.open else f"NOT ({payment_sql.OPEN})")
    if wanted.q and wanted.q.strip():
        chosen.append(PAYMENT_CONDITIONS["q"])
    return chosen


def _values(by: Caller, wanted: PaymentListFilter) -> dict[str, Any]:
    return {
        **{name: list(getattr(wanted, name)) for name in _SEVERAL},
        **{name: getattr(wanted, name) for name in DAYS},
        "organization": by.organization_id,
        "q": like_pattern((wanted.q or "").strip()),
    }
