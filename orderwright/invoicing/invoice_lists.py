"""The list of invoices: narrowed, sorted and read page by page; counted within bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.invoicing import invoice_sql
from orderwright.invoicing.rules import STATUSES, InvoiceFacts, status_of
from orderwright.kernel.list_filters import read_values
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.paging import Page, SortKey, Window, keyset, page_of, place_values
from orderwright.kernel.sql_text import like_pattern

MOST_COUNTED: Final = 1000
_BALANCE: Final = "CASE WHEN i.status = 'void' THEN 0 ELSE i.total - i.allocated END"
SORTS: Final = {
    "": SortKey(),
    "number": SortKey("coalesce(i.number, '')", "coalesce(i.number, '')"),
    "date": SortKey("i.invoice_date", "i.invoice_date", "date"),
    "due": SortKey("i.due_date", "i.due_date", "date"),
    "total": SortKey("i.total", "i.total", "numeric"),
    "balance": SortKey(f"({_BALANCE})", f"({_BALANCE})", "numeric"),
}
SORT_NAMES: Final = tuple(name for name in SORTS if name)
CODES: Final = {"status": STATUSES, "kind": ("goods", "deposit")}
IDS: Final = ("customer_id", "order_id", "shipment_id")
FLAGS: Final = ("open",)
DAYS: Final = ("invoiced_from", "invoiced_to", "due_from", "due_to")


@dataclass(frozen=True, slots=True)
class InvoiceListFilter:
    """What the list is narrowed to, by the statuses that people see. Of several values any one may
    fit; every field that is given has to."""

    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    customer_id: tuple[UUID, ...] = ()
    order_id: tuple[UUID, ...] = ()
    shipment_id: tuple[UUID, ...] = ()
    open: bool | None = None
    invoiced_from: date | None = None
    invoiced_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """One row of the list, in the order of the columns of `invoice_sql`."""

    id: UUID
    number: str | None
    version: int
    step: str
    kind: str
    order_id: UUID | None
    order_number: str
    shipment_number: str | None
    customer_id: UUID
    customer_number: str
    customer_name: str
    currency: str
    invoice_date: date
    due_date: date
    total: Decimal
    allocated: Decimal
    sent_at: datetime | None
    reminders: int
    created_at: datetime
    updated_at: datetime

    @property
    def title(self) -> str:
        """What people call it: its number, or that it is a draft."""
        return self.number or f"Draft for {self.order_number}"

    @property
    def balance(self) -> Decimal:
        """What is still owed; nothing on a void one."""
        return ZERO if self.step == "void" else self.total - self.allocated

    def status(self, today: date) -> str:
        """The status that people see (domain 2.5b)."""
        return status_of(InvoiceFacts(self.step, self.total, self.allocated, self.due_date), today)


def read_filter(given: Mapping[str, str]) -> InvoiceListFilter:
    """The filter from the texts of an address, several values with commas between them.

    Raises Invalid `invalid_filter` with the fields whose values make no sense.
    """
    read = read_values(given, codes=CODES, ids=IDS, flags=FLAGS, days=DAYS)
    return InvoiceListFilter(**read, q=given.get("q") or None)


def page_of_list(
    by: Caller,
    wanted: InvoiceListFilter,
    window: Window = Window(),  # noqa: B008
) -> Page[InvoiceSummary]:
    """A page of invoices; one statement, whose cost does not grow with the page's number.

    Raises Forbidden; KeyError for a sort that is not one of `SORT_NAMES`.
    """
    by.must("invoices:read")
    key = SORTS[window.sort.name]
    start, order = keyset(key, window, table="i")
    narrowed = " AND ".join([_narrowed(by, wanted), *([start] if start else [])])
    statement = invoice_sql.page_of_invoices(
        narrowed, value=key.text_of(window.sort), order=order, rows=window.size + 1
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**_values(by, wanted), **place_values(window)})
        found = [(row[-1], InvoiceSummary(*row[:-1])) for row in cursor.fetchall()]
    return page_of(found, window)


def ids_of_list(by: Caller, wanted: InvoiceListFilter, *, most: int) -> list[UUID]:
    """The ids of the invoices that match, newest first, `most` of them at most. One statement."""
    by.must("invoices:read")
    statement = invoice_sql.ids_of_invoices(_narrowed(by, wanted), rows=most)
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(by, wanted))
        return [row[0] for row in cursor.fetchall()]


def counts(by: Caller) -> dict[str, int]:
    """How many invoices show each status, and all; counted up to `MOST_COUNTED`; one statement."""
    by.must("invoices:read")
    conditions = {"all": "true"} | {one: invoice_sql.any_status([one]) for one in STATUSES}
    statement = invoice_sql.counts_of_invoices(conditions.values(), most=MOST_COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, "today": by.today})
        row: Sequence[int] = cursor.fetchone() or ()
    return dict(zip(conditions, row, strict=True))


def _narrowed(by: Caller, wanted: InvoiceListFilter) -> str:
    """The conditions of `invoice_sql` that narrow the list."""
    names = [name for name in (*IDS, "kind") if getattr(wanted, name)]
    names += [name for name in DAYS if getattr(wanted, name) is not None]
    if wanted.open is not None:
        names.append("open" if wanted.open else "not_open")
    if wanted.q and wanted.q.strip():
        names.append("found_with_customer" if by.may("customers:read") else "found")
    chosen = [invoice_sql.CONDITIONS[name] for name in names]
    if wanted.status:
        chosen.append(invoice_sql.any_status(wanted.status))
    return " AND ".join(["true", *chosen])


def _values(by: Caller, wanted: InvoiceListFilter) -> dict[str, Any]:
    return {
        **{name: list(getattr(wanted, name)) for name in (*IDS, "kind")},
        **{name: getattr(wanted, name) for name in DAYS},
        "organization": by.organization_id,
        "today": by.today,
        "q": like_pattern((wanted.q or "").strip()),
    }
