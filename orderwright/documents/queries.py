"""Documents of records, as PDF: read the record, lay it out, print it."""

import re
from datetime import date
from typing import Any, Final
from uuid import UUID

from orderwright.directory import queries as directory
from orderwright.directory.queries import CustomerRecord
from orderwright.documents import (
    credit_document,
    invoice_document,
    letterheads,
    lot_label,
    order_document,
    packing_slip,
    pick_sheet,
    purchase_document,
    statement_document,
)
from orderwright.documents.invoice_document import HouseTexts
from orderwright.documents.order_document import Sees
from orderwright.documents.printing import Printed, to_pdf
from orderwright.documents.statement_document import Account
from orderwright.identity.caller import Caller
from orderwright.inventory import lot_queries
from orderwright.invoicing import crediting, receivables
from orderwright.invoicing import queries as invoicing
from orderwright.invoicing.page import InvoicePage
from orderwright.kernel.errors import Conflict, NotFound
from orderwright.purchasing import queries as purchasing
from orderwright.purchasing.page import OrderPage as PurchasePage
from orderwright.sales import queries as sales
from orderwright.sales import standing
from orderwright.sales.page import OrderPage
from orderwright.shipping import pick_queries
from orderwright.shipping import queries as shipping

SEES_PRICES = "orders_commercial:read"
SEES_CUSTOMERS = "customers:read"
_ADDRESS: Final = ("street_1", "street_2", "city", "state", "postal_code", "country")


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


def invoice_document_of(by: Caller, reference: UUID | str) -> Printed:
    """An invoice or a deposit invoice; a draft and a void one say so across the page.

    Raises Forbidden, NotFound.
    """
    return printed_invoice(by, invoicing.invoice_page(by, reference))


def printed_invoice(by: Caller, page: InvoicePage) -> Printed:
    """An invoice that was read already, as its customer gets it."""
    values = invoice_document.document_of(
        page,
        letterheads.letterhead(by),
        _order(by, page.head.order_id),
        house_texts(by),
        today=by.today,
    )
    content = to_pdf(invoice_document.TEMPLATE, values, at=by.now)
    number = page.head.number or f"draft-{page.head.order_number}"
    return Printed(file_name(invoice_document.title_of(page.head), number), content)


def credit_memo_of(by: Caller, reference: UUID | str) -> Printed:
    """A credit memo. Raises Forbidden, NotFound; Conflict `not_a_credit_memo`."""
    page = invoicing.payment_page(by, reference)
    head = page.head
    if head.type != "credit_memo":
        message = f"{head.number} is no credit memo; there is no document of it."
        raise Conflict("not_a_credit_memo", message, details={"type": head.type})
    order = _order(by, head.order_id)
    bill_to = (
        order.head.bill_to
        if order
        else _bill_to(directory.customer(by=by, record_id=head.customer_id))
    )
    lines = crediting.credit_lines(by, [head.id])
    values = credit_document.document_of(page, lines, letterheads.letterhead(by), order, bill_to)
    content = to_pdf(credit_document.TEMPLATE, values, at=by.now)
    return Printed(file_name(credit_document.TITLE, head.number), content)


def statement_of(
    by: Caller, customer_id: UUID, *, first: date | None = None, until: date | None = None
) -> Printed:
    """What moved a customer's balance between two days, 90 of them unless said otherwise.

    Raises Forbidden, NotFound; Invalid `invalid_days`.
    """
    by.must("invoices:read", "payments:read")
    starts, last = receivables.days_of_statement(by, first, until)
    found = directory.customer(by=by, record_id=customer_id)
    values = statement_document.document_of(
        receivables.statements(by, customer_id, first=starts, until=last),
        letterheads.letterhead(by),
        Account(found.row.number, found.row.name, _bill_to(found), starts, last),
        house_texts(by),
    )
    content = to_pdf(statement_document.TEMPLATE, values, at=by.now)
    return Printed(file_name(statement_document.TITLE, f"{found.row.number}-{last}"), content)


def house_texts(by: Caller) -> HouseTexts:
    """What the organization says on its invoices."""
    said = by.organization.setting
    return HouseTexts(
        said("invoicing.footer"), said("invoicing.tax_number"), said("invoicing.iban")
    )


def _order(by: Caller, order_id: UUID | None) -> OrderPage | None:
    """The order that a document is about; None once it is gone."""
    try:
        return sales.read_order(by, order_id) if order_id is not None else None
    except NotFound:
        return None


def _bill_to(found: CustomerRecord) -> dict[str, Any]:
    """Where invoices of a customer go now: to its billing address, else its first."""
    wanted = found.row.bill_to_address_id
    places = sorted(found.addresses, key=lambda one: one.id != wanted)
    return {name: getattr(places[0], name) for name in _ADDRESS} if places else {}


def file_name(kind: str, number: str) -> str:
    """A name that every file system and header takes.

    >>> file_name("Pick sheet", "SO/№ 1")
    'pick-sheet-SO-1.pdf'
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{kind.lower()}-{number}").strip("-.")
    return f"{plain[:120]}.pdf"
