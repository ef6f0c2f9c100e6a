"""Reads of invoices and payments: one with all of it, lists by keyset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.invoicing import invoice_sql, sql
from orderwright.invoicing.models import Invoice, Payment
from orderwright.invoicing.page import (
    AllocationRow,
    InvoiceLineRow,
    InvoicePage,
    InvoiceRow,
    PaymentPage,
    PaymentRow,
)
from orderwright.invoicing.rules import STATUSES, TYPES
from orderwright.kernel.errors import Invalid, NotFound
from orderwright.kernel.json_text import from_json
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.sql_text import like_pattern

_JSON = [InvoiceRow.__slots__.index(name) for name in ("bill_to", "sent_to")]


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """What a list of invoices is narrowed to; every field is a parameter of the address. `status`
    is one or several with commas between them; the days count themselves in."""

    status: str | None = None
    order_id: UUID | None = None
    customer_id: UUID | None = None
    shipment_id: UUID | None = None
    invoiced_from: date | None = None
    invoiced_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """What a list of payments is narrowed to; every field is a parameter of the address."""

    type: str | None = None
    customer_id: UUID | None = None
    order_id: UUID | None = None
    invoice_id: UUID | None = None
    open: bool | None = None
    q: str | None = None


def invoice_page(by: Caller, reference: UUID | str) -> InvoicePage:
    """The invoice by its id or number. Three statements, whatever its size. Raises NotFound."""
    by.must("invoices:read")
    return read_invoice(by, reference)


def read_invoice(by: Caller, reference: UUID | str) -> InvoicePage:
    """The invoice for an action that has its own permission to check. Raises NotFound."""
    statement, key = _by_key(reference, sql.INVOICE_BY_ID, sql.INVOICE_BY_NUMBER)
    rows = _fetched(by, statement, {"key": key})
    if not rows:
        raise no_such_invoice()
    head = _invoice(rows[0])
    lines = _fetched(by, sql.INVOICE_LINES, {"invoices": [head.id]})
    return InvoicePage(
        head,
        tuple(InvoiceLineRow(*line) for line in lines),
        tuple(allocations(by, invoice_ids=[head.id])),
    )


def invoices(
    by: Caller, wanted: InvoiceFilter, *, before: UUID | None = None, limit: int = 50
) -> list[InvoicePage]:
    """Invoices newest first, one more than `limit` when there are more; three statements."""
    by.must("invoices:read")
    conditions = []
    if wanted.status is not None:
        statuses = [one.strip() for one in wanted.status.split(",")]
        if not set(statuses) <= set(STATUSES):
            raise _unknown("status", STATUSES)
        conditions.append(invoice_sql.any_status(statuses))
    values = _values(wanted, before)
    conditions += [sql.INVOICE_CONDITIONS[name] for name in values if name != "status"]
    values["today"] = by.today
    rows = _fetched(by, sql.list_of_invoices(conditions, rows=limit + 1), values)
    heads = [_invoice(row) for row in rows]
    return _pages(by, heads)


def invoice_heads(by: Caller, invoice_ids: Sequence[UUID]) -> list[InvoiceRow]:
    """The heads of these invoices, newest first; those that are not there are left out. One
    statement."""
    condition = "i.id = ANY (%(invoices)s::uuid[])"
    statement = sql.list_of_invoices([condition], rows=max(1, len(invoice_ids)))
    return [_invoice(row) for row in _fetched(by, statement, {"invoices": list(invoice_ids)})]


def read_payment(by: Caller, reference: UUID | str) -> PaymentPage:
    """The payment for an action that has its own permission to check. Raises NotFound."""
    statement, key = _by_key(reference, sql.PAYMENT_BY_ID, sql.PAYMENT_BY_NUMBER)
    rows = _fetched(by, statement, {"key": key})
    if not rows:
        raise NotFound("not_found", "There is no such payment.")
    head = PaymentRow(*rows[0])
    return PaymentPage(head, tuple(allocations(by, payment_ids=[head.id])))


def payment_page(by: Caller, reference: UUID | str) -> PaymentPage:
    """The payment by its id or number; two statements. Raises NotFound."""
    by.must("payments:read")
    return read_payment(by, reference)


def payments(
    by: Caller, wanted: PaymentFilter, *, before: UUID | None = None, limit: int = 50
) -> list[PaymentPage]:
    """Payments newest first, one more than `limit` when there are more; two statements."""
    by.must("payments:read")
    if wanted.type is not None and wanted.type not in TYPES:
        raise _unknown("type", TYPES)
    values = _values(wanted, before)
    is_open = values.pop("open", None)
    names = [*values, *([] if is_open is None else ["open" if is_open else "not_open"])]
    conditions = [sql.PAYMENT_CONDITIONS[name] for name in names]
    rows = _fetched(by, sql.list_of_payments(conditions, rows=limit + 1), values)
    heads = [PaymentRow(*row) for row in rows]
    settled: dict[UUID, list[AllocationRow]] = {}
    for one in allocations(by, payment_ids=[head.id for head in heads]):
        settled.setdefault(one.payment_id, []).append(one)
    return [PaymentPage(head, tuple(settled.get(head.id, ()))) for head in heads]


def allocations(
    by: Caller, *, payment_ids: Sequence[UUID] = (), invoice_ids: Sequence[UUID] = ()
) -> list[AllocationRow]:
    """What these payments settled, or what settled these invoices, oldest first; one statement."""
    values = {"payments": list(payment_ids), "invoices": list(invoice_ids)}
    return [AllocationRow(*row) for row in _fetched(by, sql.ALLOCATIONS, values)]


def open_credit_of(by: Caller, payment_id: UUID) -> Decimal:
    """What a payment or credit memo could still settle, for who may see what it belongs to; one
    statement. Zero for one that is not there."""
    rows = Payment.objects.of(by.organization_id).with_ids([payment_id])
    found = rows.values_list("amount", "allocated", "refunded").first()
    return found[0] - found[1] - found[2] if found else ZERO


def lock_invoices(by: Caller, invoice_ids: Sequence[UUID]) -> dict[UUID, InvoiceRow]:
    """Invoices by id, locked in key order, as they stand then; two statements."""
    rows = Invoice.objects.of(by.organization_id).with_ids(invoice_ids)
    list(rows.locked().values_list("pk"))
    condition = "i.id = ANY (%(invoices)s::uuid[])"
    statement = sql.list_of_invoices([condition], rows=max(1, len(invoice_ids)))
    found = _fetched(by, statement, {"invoices": list(invoice_ids)})
    return {row[0]: _invoice(row) for row in found}


def lock_payment(by: Caller, payment_id: UUID) -> PaymentPage:
    """A payment, locked, as it stands then; three statements. Raises NotFound."""
    list(Payment.objects.of(by.organization_id).with_ids([payment_id]).locked().values_list("pk"))
    return read_payment(by, payment_id)


def no_such_invoice() -> NotFound:
    """The one answer for invoices that do not exist and for those of others."""
    return NotFound("not_found", "There is no such invoice.")


def _pages(by: Caller, heads: list[InvoiceRow]) -> list[InvoicePage]:
    ids = [head.id for head in heads]
    lines: dict[UUID, list[InvoiceLineRow]] = {}
    for row in _fetched(by, sql.INVOICE_LINES, {"invoices": ids}):
        lines.setdefault(row[1], []).append(InvoiceLineRow(*row))
    settled: dict[UUID, list[AllocationRow]] = {}
    for one in allocations(by, invoice_ids=ids):
        settled.setdefault(one.invoice_id, []).append(one)
    return [
        InvoicePage(head, tuple(lines.get(head.id, ())), tuple(settled.get(head.id, ())))
        for head in heads
    ]


def _values(wanted: InvoiceFilter | PaymentFilter, before: UUID | None) -> dict[str, Any]:
    values = {name: getattr(wanted, name) for name in wanted.__slots__}
    if values["q"] is not None:
        values["q"] = like_pattern(values["q"].strip()) if values["q"].strip() else None
    values["before"] = before
    return {name: value for name, value in values.items() if value is not None}


def _fetched(by: Caller, statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, **values})
        return cursor.fetchall()


def _by_key(reference: UUID | str, by_id: str, by_number: str) -> tuple[str, Any]:
    if isinstance(reference, UUID):
        return by_id, reference
    try:
        return by_id, UUID(reference)
    except ValueError:
        return by_number, reference


def _invoice(row: Any) -> InvoiceRow:
    values = list(row)
    for index in _JSON:
        values[index] = from_json(values[index])
    return InvoiceRow(*values)


def _unknown(field: str, known: Sequence[str]) -> Invalid:
    message = f"Choose one of {', '.join(known)}."
    return Invalid(f"unknown_{field}", message, fields={field: message})
