"""What an invoice of an order would bill, before it is made; nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.invoicing.actions import LineAsk
from orderwright.invoicing.billing import Billable, plan_asked
from orderwright.invoicing.drafting import Book, Content, content_of, everything_open, open_book
from orderwright.kernel.numbers import ZERO
from orderwright.sales.page import OrderPage


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
    """An invoice of these quantities, else of all that shipped and is not invoiced; two statements.

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
