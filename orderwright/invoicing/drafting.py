"""Make drafts of invoices: from what has shipped, for a shipment that left, for a deposit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.invoicing import sql
from orderwright.invoicing.billing import Billable, Billed, Part, part_of, plan_parts, totals_of
from orderwright.invoicing.crediting import credited_of_lines
from orderwright.invoicing.models import Invoice, InvoiceLine
from orderwright.invoicing.rules import due_on
from orderwright.invoicing.writing import lock_orders, tell_orders
from orderwright.kernel.errors import Conflict, NotFound
from orderwright.kernel.ids import new_id
from orderwright.kernel.numbers import ONE, ZERO
from orderwright.sales import queries as sales
from orderwright.sales.billed import BilledLine
from orderwright.sales.page import LineRow, OrderPage, OrderRow
from orderwright.sales.watchers import Kept
from orderwright.shipping import queries as shipping
from orderwright.shipping.queries import ShipmentPage

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Book:
    """An order as billing reads it: its lines, and what other invoices hold already.

    `freight` is what is left of it; `deposits` what deposit invoices hold and no other took off.
    """

    lines: Mapping[UUID, Billable]
    freight: Decimal
    deposits: Decimal
    timing: str
    net_days: int | None
    delivered_at: datetime | None

    def due(self, invoice_date: date) -> date:
        """When an invoice of this date is due."""
        delivered = self.delivered_at.date() if self.delivered_at else None
        return due_on(
            invoice_date, timing=self.timing, net_days=self.net_days, delivered_on=delivered
        )


@dataclass(frozen=True, slots=True)
class Content:
    """What an invoice is made of: its lines and its sums."""

    rows: tuple[dict[str, Any], ...]
    sums: dict[str, Decimal]


def open_book(
    by: Caller, page: OrderPage, *, without: UUID | None = None, shipment: UUID | None = None
) -> Book:
    """The order with what its invoices hold, but for one of them; two statements, three when
    something came back."""
    values = {
        "organization": by.organization_id,
        "order": page.id,
        "except": without or NOBODY,
        "term": page.head.payment_term_id,
        "shipment": shipment,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.BILLED, values)
        billed = {row[0]: Billed(*row[1:]) for row in cursor.fetchall()}
        cursor.execute(sql.BILLED_HEAD, values)
        freight, deposits, timing, net_days, delivered_at = cursor.fetchone()
    gone = gone_uncredited(by, page.lines)
    lines = {
        line.id: _billable(line, billed.get(line.id, Billed()), gone.get(line.id, ZERO))
        for line in page.lines
        if not line.is_generated
    }
    left = page.head.freight - freight
    return Book(lines, left, deposits, timing or "net", net_days, delivered_at)


def gone_uncredited(by: Caller, lines: Iterable[LineRow]) -> dict[UUID, Decimal]:
    """What came back of each line and was not credited; one statement, none unless something came
    back."""
    back = {line.id: line.returned for line in lines if line.returned > 0}
    credited = credited_of_lines(by, list(back)) if back else {}
    return {
        line_id: max(ZERO, quantity - credited.get(line_id, Billed()).quantity)
        for line_id, quantity in back.items()
    }


def billed_lines(by: Caller, order_id: UUID) -> dict[UUID, BilledLine]:
    """What invoices that are not void hold of each line of an order; one statement."""
    values = {"organization": by.organization_id, "order": order_id, "except": NOBODY}
    with connection.cursor() as cursor:
        cursor.execute(sql.BILLED, values)
        return {row[0]: BilledLine(*row[1:]) for row in cursor.fetchall()}


def content_of(book: Book, parts: Sequence[Part], words: Mapping[UUID, str] = {}) -> Content:
    """The lines and sums of an invoice of these parts: all freight that is left, and what deposits
    take off (domain 4.13). `words` are what lines are called, else what the order calls them."""
    totals = totals_of(parts, freight=book.freight)
    rows = [_row(at, book.lines[part.line_id], part) for at, part in enumerate(parts, start=1)]
    for row in rows:
        row["description"] = words.get(row["line_id"]) or row["description"]
    taken = max(ZERO, min(book.deposits, totals.total))
    if taken:
        rows.append(_amount_row(len(rows) + 1, "deduction", "Deposit already invoiced", -taken))
    return _content(rows, freight=book.freight)


def content_of_deposit(amount: Decimal, description: str) -> Content:
    """A deposit is one free amount, without discount and tax."""
    return _content([_amount_row(1, "deposit", description, amount)], freight=ZERO)


def insert_draft(by: Caller, page: OrderPage, book: Book, content: Content, **fields: Any) -> UUID:
    """Write a draft with its lines and tell its order; answers its id. The order is locked."""
    invoice = Invoice.objects.create(
        organization_id=by.organization_id,
        order_id=page.id,
        order_number=page.head.number,
        customer_id=page.head.customer_id,
        currency=page.head.currency,
        bill_to=page.head.bill_to,
        payment_term_id=page.head.payment_term_id,
        invoice_date=by.today,
        due_date=book.due(by.today),
        **content.sums,
        **fields,
    )
    write_lines(by, invoice.pk, content)
    activity.record(
        by,
        "invoice.drafted",
        invoice.pk,
        topic_id=page.id,
        body={
            "order": page.head.number,
            "kind": invoice.kind,
            "totals": {"total": content.sums["total"], "currency": page.head.currency},
            "shipment_id": fields.get("shipment_id"),
        },
    )
    tell_orders(by, [page.id])
    found: UUID = invoice.pk
    return found


def write_lines(by: Caller, invoice_id: UUID, content: Content) -> None:
    """Write the lines of an invoice that has none; one statement."""
    InvoiceLine.objects.bulk_create(
        InvoiceLine(organization_id=by.organization_id, id=new_id(), invoice_id=invoice_id, **row)
        for row in content.rows
    )


def draft_for_shipment(*, by: Caller, shipment_id: UUID) -> UUID | None:
    """Draft the invoice of a shipment that has left; None when there is nothing to do.

    Where the organization invoices on shipment, once per shipment however often it runs; a shipment
    that was taken back meanwhile, and goods that were invoiced by hand before, are left out.
    """
    if by.organization.setting("invoicing.mode") != "on_shipment":
        return None
    try:
        order_id = shipping.read_shipment(by, shipment_id).head.order_id
        if order_id is None:
            return None
        page = sales.lock_order(by, order_id)
        shipment = shipping.read_shipment(by, shipment_id)
    except NotFound:
        return None  # removed meanwhile
    key = f"shipment:{shipment_id}"
    if not _has_left(shipment) or _known(by, key):
        return None
    book = open_book(by, page, shipment=shipment_id)
    parts = _parts_of_shipment(page, book, shipment)
    if not parts:
        return None
    content = content_of(book, parts)
    return insert_draft(by, page, book, content, shipment_id=shipment_id, effect_key=key)


def drop_draft_of_shipment(*, by: Caller, shipment_id: UUID) -> None:
    """A shipment does not leave after all: its draft goes. May run twice."""
    drafts = Invoice.objects.of(by.organization_id).filter(shipment_id=shipment_id, status="draft")
    for order_id, invoice_id in drafts.values_list("order_id", "pk"):
        lock_orders(by, [order_id])
        if drafts.filter(pk=invoice_id).delete()[0]:
            body = {"because": "shipment"}
            activity.record(by, "invoice.dropped", invoice_id, topic_id=order_id, body=body)
        tell_orders(by, [order_id])


def drop_orphans(*, by: Caller) -> None:
    """Drafts of an order that was removed go with it."""
    orphans = Invoice.objects.of(by.organization_id).filter(order_id=None, status="draft")
    orphans.delete()


def refuse_below_invoiced(
    by: Caller, before: OrderPage, head: OrderRow, lines: Sequence[LineRow]
) -> Kept:
    """Goods come back here only when no final invoice bills them (domain 1.20).

    Raises Conflict `invoice_exists`. No statement unless a line that is invoiced ships less.
    """
    known = before.lines_by_id()
    lower = {
        line.id: line.shipped
        for line in lines
        if line.id in known
        and line.is_stock
        and known[line.id].shipped > line.shipped
        and line.invoiced > line.shipped
    }
    if lower:
        with connection.cursor() as cursor:
            cursor.execute(
                sql.FINAL_BY_LINE, {"organization": by.organization_id, "lines": list(lower)}
            )
            for line_id, quantity, number in cursor.fetchall():
                if quantity > lower[line_id]:
                    message = f"Invoice {number} bills what this shipment carries. Void it first."
                    raise Conflict("invoice_exists", message, details={"invoice": number})
    return Kept(lines)


def _parts_of_shipment(page: OrderPage, book: Book, shipment: ShipmentPage) -> tuple[Part, ...]:
    """What the shipment carries and nobody invoiced; services with the last goods."""
    carried: dict[UUID, Decimal] = {}
    for one in shipment.lines:
        carried[one.line_id] = carried.get(one.line_id, ZERO) + one.quantity
    is_last = page.head.status in ("fulfilled", "completed")
    parts = []
    for line in book.lines.values():
        quantity = line.open(with_services=is_last)
        if not line.is_service:
            quantity = min(quantity, carried.get(line.id, ZERO))
        if quantity > 0:
            parts.append(part_of(line, quantity, page.head.currency))
    return tuple(parts)


def everything_open(page: OrderPage, book: Book) -> tuple[Part, ...]:
    """What has shipped, was kept and is not yet invoiced, and all services."""
    return plan_parts(book.lines.values(), page.head.currency)


def _has_left(shipment: ShipmentPage) -> bool:
    return shipment.head.stage == "shipped" and shipment.head.tracking_status != "cancelled"


def _known(by: Caller, key: str) -> bool:
    return bool(Invoice.objects.of(by.organization_id).filter(effect_key=key).exists())


def _billable(line: LineRow, billed: Billed, gone: Decimal) -> Billable:
    return Billable(
        id=line.id,
        position=line.position,
        effective=line.effective,
        unit=line.unit,
        unit_price=line.unit_price,
        total=line.line_total,
        description=line.description or line.product_name,
        discount=line.discount_share,
        tax_rate=line.tax_rate,
        tax=line.tax,
        shipped=line.shipped,
        is_service=not line.is_stock,
        billed=billed,
        gone=gone,
    )


def _row(position: int, line: Billable, part: Part) -> dict[str, Any]:
    return {
        "position": position,
        "kind": "goods",
        "line_id": line.id,
        "description": line.description,
        "quantity": part.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "amount": part.amount,
        "discount": part.discount,
        "tax_rate": line.tax_rate,
        "tax": part.tax,
    }


def _amount_row(position: int, kind: str, description: str, amount: Decimal) -> dict[str, Any]:
    return {
        "position": position,
        "kind": kind,
        "line_id": None,
        "description": description,
        "quantity": ONE,
        "unit": "",
        "unit_price": amount,
        "amount": amount,
        "discount": ZERO,
        "tax": ZERO,
    }


def _content(rows: Iterable[dict[str, Any]], *, freight: Decimal) -> Content:
    kept = tuple(rows)
    sums = {
        "subtotal": sum((row["amount"] for row in kept), ZERO),
        "discount_total": sum((row["discount"] for row in kept), ZERO),
        "freight": freight,
        "tax": sum((row["tax"] for row in kept), ZERO),
    }
    total = sums["subtotal"] - sums["discount_total"] + freight + sums["tax"]
    return Content(kept, {**sums, "total": total})
