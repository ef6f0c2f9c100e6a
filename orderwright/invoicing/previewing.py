"""What an invoice of an order would bill, before it is made; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.invoicing import invoice_sql
from orderwright.invoicing.actions import LineAsk
from orderwright.invoicing.billing import Billable, plan_asked
from orderwright.invoicing.drafting import Book, Content, content_of, everything_open, open_book
from orderwright.kernel.numbers import ZERO
from orderwright.sales.page import OrderPage

LOOKED_AT: Final = 500


@dataclass(frozen=True, slots=True)
class Preview:
    """What there is to bill of an order, and what an invoice of so much of it would come to."""

    book: Book
    content: Content

    @property
    def lines(self) -> tuple[Billable, ...]:
        """The lines of which something can be billed now, in their order."""
        return tuple(line for line in self.book.lines.values() if line.open() > ZERO)


def preview_invoice(
    by: Caller,
    page: OrderPage,
    *,
    lines: Sequence[LineAsk] | None = None,
    without: UUID | None = None,
    shipment: UUID | None = None,
) -> Preview:
    """An invoice of these quantities, else of all that shipped, was kept and is not invoiced; two
    statements, three when something came back.

    `without` leaves an invoice out of what is billed already: the draft that is being changed.
    Raises what `actions.create_invoice` raises for the quantities.
    """
    by.must("invoices:read")
    book = open_book(by, page, without=without, shipment=shipment)
    if lines is None:
        parts = everything_open(page, book)
    else:
        asked = [(one.line_id, one.quantity) for one in lines]
        parts = plan_asked(book.lines, asked, page.head.currency)
    return Preview(book, content_of(book, parts))


@dataclass(frozen=True, slots=True)
class OrderToBill:
    """An order of which something has shipped, was kept and is not invoiced; `worth` is about what
    that comes to, before discount, shipping and tax."""

    id: UUID
    number: str
    customer_id: UUID
    customer_name: str
    currency: str
    lines: int
    worth: Decimal


def orders_to_bill(by: Caller, *, most: int = 20) -> list[OrderToBill]:
    """The newest orders that wait for an invoice, of the last 500 that ship; one statement."""
    by.must("invoices:read", "sales_orders:read")
    values: dict[str, Any] = {
        "organization": by.organization_id,
        "looked_at": LOOKED_AT,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(invoice_sql.ORDERS_TO_BILL, values)
        return [OrderToBill(*row) for row in cursor.fetchall()]
