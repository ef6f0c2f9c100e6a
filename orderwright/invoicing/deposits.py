"""Deposit invoices: ahead of the goods, never beyond the order, taken off once (domain 4.13)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.invoicing.billing import worth_of_gone
from orderwright.invoicing.drafting import Book
from orderwright.invoicing.page import InvoicePage
from orderwright.kernel.errors import Conflict
from orderwright.kernel.money import format_money
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.sql_text import on_one_line
from orderwright.sales.page import OrderPage

NOBODY: Final = UUID(int=0)

_HELD: Final = on_one_line("""
    SELECT
        coalesce(sum(i.total), 0),
        coalesce(sum(i.total) FILTER (WHERE i.status IN ('finalised', 'sent')), 0),
        count(*) FILTER (WHERE i.kind = 'deposit'),
        coalesce(sum(i.total) FILTER (
            WHERE i.kind = 'deposit' AND i.status IN ('finalised', 'sent')), 0),
        coalesce(sum(t.taken), 0),
        coalesce(min(coalesce(i.number, 'A draft')) FILTER (WHERE t.taken > 0), '')
    FROM invoicing_invoice i
    LEFT JOIN LATERAL (
        SELECT sum(-l.amount) AS taken FROM invoicing_invoiceline l
        WHERE l.organization_id = i.organization_id AND l.invoice_id = i.id
          AND l.kind = 'deduction') t ON true
    WHERE i.organization_id = %(organization)s AND i.order_id = %(order)s
      AND i.status <> 'void' AND i.id <> %(except)s
""")


@dataclass(frozen=True, slots=True)
class Held:
    """What the other invoices of an order that are not void hold; `final` without drafts.

    `deposits` are those of final invoices, `taken` what invoices took off for them, `taker` one of
    those.
    """

    billed: Decimal
    final: Decimal
    count: int
    deposits: Decimal
    taken: Decimal
    taker: str


def check_room(by: Caller, page: OrderPage, book: Book, amount: Decimal) -> None:
    """A new deposit bills at most what the order's invoices leave, and nothing for goods that came
    back before they were invoiced. Raises Conflict `over_invoicing`; one statement."""
    left = page.head.grand_total - _worth_of_gone(page, book) - _held(by, page.id).billed
    if amount > left:
        shown = format_money(max(left, ZERO), page.head.currency)
        message = f"The order has only {shown} {page.head.currency} left to invoice."
        raise Conflict(
            "over_invoicing",
            message,
            fields={"deposit.amount": message},
            details={"open": shown},
        )


def check_finalising(by: Caller, page: OrderPage, book: Book, found: InvoicePage) -> None:
    """Goods and deposits together never come to more than is kept of the order, whichever of them
    was drafted first. Raises Conflict `over_invoicing`; one statement."""
    held = _held(by, page.id, without=found.id)
    is_deposit = found.head.kind == "deposit"
    if not (is_deposit or held.count) or found.head.total <= 0:
        return
    left = page.head.grand_total - held.final
    taken = sum((-line.amount for line in found.lines if line.kind == "deduction"), ZERO)
    if is_deposit or held.deposits > held.taken + taken:
        # Goods that take all deposits off are held to what came back line by line, to the digit.
        left -= _worth_of_gone(page, book)
    if found.head.total > left:
        shown = format_money(max(left, ZERO), page.head.currency)
        said = (
            "Void this draft."
            if is_deposit
            else "Save the lines of the draft again: that takes the deposits off."
        )
        message = f"The order has only {shown} {page.head.currency} left to invoice. {said}"
        raise Conflict("over_invoicing", message, details={"open": shown})


def check_voiding(by: Caller, found: InvoicePage) -> None:
    """A deposit that was taken off stays while that invoice stands. Raises Conflict
    `deposit_deducted`; one statement, for deposits only."""
    head = found.head
    if head.kind != "deposit" or head.order_id is None or head.step == "draft":
        return
    held = _held(by, head.order_id, without=found.id)
    if held.taken > held.deposits:
        message = f"{held.taker} takes this deposit off. Void that invoice first."
        raise Conflict("deposit_deducted", message, details={"invoice": held.taker})


def _worth_of_gone(page: OrderPage, book: Book) -> Decimal:
    return worth_of_gone(book.lines.values(), page.head.currency)


def _held(by: Caller, order_id: UUID, *, without: UUID = NOBODY) -> Held:
    values = {"organization": by.organization_id, "order": order_id, "except": without}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, values)
        return Held(*cursor.fetchone())
