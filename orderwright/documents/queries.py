"""Documents of records, as PDF: read the record, lay it out, print it."""

import re
from uuid import UUID

from orderwright.documents import (
    letterheads,
    lot_label,
    order_document,
    packing_slip,
    pick_sheet,
    purchase_document,
)
from orderwright.documents.order_document import Sees
from orderwright.documents.printing import Printed, to_pdf
from orderwright.identity.caller import Caller
from orderwright.inventory import lot_queries
from orderwright.purchasing import queries as purchasing
from orderwright.purchasing.page import OrderPage as PurchasePage
from orderwright.sales import queries as sales
from orderwright.sales import standing
from orderwright.sales.page import OrderPage
from orderwright.shipping import pick_queries
from orderwright.shipping import queries as shipping

SEES_PRICES = "orders_commercial:read"
SEES_CUSTOMERS = "customers:read"


def order_document_of(by: Caller, reference: UUID | str) -> Printed:
    """The acknowledgement or the estimate; prices for those who may see them (domain 1.2).

    Raises Forbidden, NotFound.
    """
    page = sales.order_page(by, reference)
    return printed_order(by, page, Sees(by.may(SEES_PRICES), by.may(SEES_CUSTOMERS)))


def printed_order(by: Caller, page: OrderPage, sees: Sees) -> Printed:
    """An order that was read already, as its customer gets it."""
    sender = letterheads.letterhead(by)
    until = standing.estimate_stands_until(by, page)
    values = order_document.document_of(page, sender, sees, until=until)
    content = to_pdf(order_document.TEMPLATE, values, at=by.now)
    return Printed(file_name(order_document.title_of(page), page.head.number), content)


def purchase_document_of(by: Caller, reference: UUID | str) -> Printed:
    """A purchase order as its supplier gets it; prices for those who may see them (domain 1.2).

    Raises Forbidden, NotFound.
    """
    return printed_purchase(by, purchasing.order_page(by, reference), prices=by.may(SEES_PRICES))


def printed_purchase(by: Caller, page: PurchasePage, *, prices: bool) -> Printed:
    """A purchase order that was read already."""
    values = purchase_document.document_of(page, letterheads.letterhead(by), with_prices=prices)
    content = to_pdf(purchase_document.TEMPLATE, values, at=by.now)
    return Printed(file_name(purchase_document.title_of(page), page.head.number), content)


def pick_sheet_of(by: Caller, reference: UUID | str) -> Printed:
    """What a picker takes along. Raises Forbidden, NotFound."""
    page = pick_queries.pick_page(by, reference)
    values = pick_sheet.document_of(
        page, letterheads.letterhead(by), with_customer=by.may(SEES_CUSTOMERS)
    )
    content = to_pdf(pick_sheet.TEMPLATE, values, at=by.now)
    return Printed(file_name("Pick sheet", page.head.number), content)


def packing_slip_of(by: Caller, reference: UUID | str) -> Printed:
    """What is in a shipment. Raises Forbidden, NotFound."""
    page = shipping.shipment_page(by, reference)
    order = None if page.head.order_id is None else sales.read_order(by, page.head.order_id)
    values = packing_slip.document_of(
        page, letterheads.letterhead(by), order, with_customer=by.may(SEES_CUSTOMERS)
    )
    content = to_pdf(packing_slip.TEMPLATE, values, at=by.now)
    return Printed(file_name("Packing slip", page.head.number), content)


def lot_label_of(by: Caller, reference: UUID | str) -> Printed:
    """The label of a lot. Raises Forbidden, NotFound."""
    lot = lot_queries.lot(by=by, ref=reference)
    content = to_pdf(lot_label.TEMPLATE, lot_label.document_of(lot), at=by.now)
    return Printed(file_name("Label", lot.tag_id), content)


def file_name(kind: str, number: str) -> str:
    """A name that every file system and header takes.

    >>> file_name("Pick sheet", "SO/№ 1")
    'pick-sheet-SO-1.pdf'
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{kind.lower()}-{number}").strip("-.")
    return f"{plain[:120]}.pdf"
