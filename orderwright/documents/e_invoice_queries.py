"""E-invoices of what was invoiced and credited: read the record, say it by EN 16931."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from orderwright.directory import organization as house
from orderwright.directory import queries as directory
from orderwright.documents import letterheads, queries
from orderwright.documents.e_invoice import (
    CREDIT_NOTE,
    INVOICE,
    PREPAYMENT,
    Item,
    Party,
    Sale,
    stated,
)
from orderwright.documents.e_invoice_cii import cii
from orderwright.documents.e_invoice_pdf import with_xml
from orderwright.documents.e_invoice_ubl import ubl
from orderwright.documents.printing import Printed
from orderwright.identity.caller import Caller
from orderwright.invoicing import crediting
from orderwright.invoicing import queries as invoicing
from orderwright.invoicing.page import CreditLineRow, InvoiceLineRow, InvoicePage, PaymentPage
from orderwright.kernel.errors import Conflict, Invalid, NotFound
from orderwright.kernel.numbers import ONE, ZERO
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderRow

XML: Final = "application/xml; charset=utf-8"
_ORGANIZATION: Final = "/settings/organization"
_INVOICES: Final = "/settings/invoices"
_PLACES: Final = {_ORGANIZATION: "Settings › Organization", _INVOICES: "Settings › Invoices"}
_ELSEWHERE: Final = "the addresses of the order and its customer"


def invoice_as_ubl(by: Caller, reference: UUID | str) -> Printed:
    """A final invoice as UBL 2.1.

    Raises Forbidden, NotFound; Conflict `invoice_not_final` for a draft or a void one; Invalid
    `e_invoice_incomplete` with everything that is missing, `currency_too_fine`.
    """
    sale = _sale_of_invoice(by, _final(by, reference))
    return Printed(_name(sale, "xml"), ubl(stated(sale)), XML)


def invoice_as_factur_x(by: Caller, reference: UUID | str) -> Printed:
    """A final invoice as PDF/A-3 with its Cross Industry Invoice in it. Raises as above, and
    Conflict `extra_missing` where the extra is not installed."""
    page = _final(by, reference)
    sale = _sale_of_invoice(by, page)
    return _factur_x(sale, lambda: queries.printed_invoice(by, page))


def credit_memo_as_ubl(by: Caller, reference: UUID | str) -> Printed:
    """A credit memo as UBL 2.1 CreditNote. Raises as above; Conflict `not_a_credit_memo`."""
    sale = _sale_of_credit(by, _credit_memo(by, reference))
    return Printed(_name(sale, "xml"), ubl(stated(sale)), XML)


def credit_memo_as_factur_x(by: Caller, reference: UUID | str) -> Printed:
    """A credit memo as PDF/A-3 with its Cross Industry Invoice in it. Raises as above."""
    sale = _sale_of_credit(by, _credit_memo(by, reference))
    return _factur_x(sale, lambda: queries.credit_memo_of(by, reference))


def _factur_x(sale: Sale, printed: Callable[[], Printed]) -> Printed:
    """The document as customers get it, with the XML in it; nothing is printed for what cannot be
    said."""
    xml = cii(stated(sale))
    return Printed(_name(sale, "pdf"), with_xml(printed().content, xml, sale))


def _name(sale: Sale, ending: str) -> str:
    kind = "Credit memo" if sale.code == CREDIT_NOTE else "Invoice"
    return f"{queries.file_name(kind, sale.number).removesuffix('.pdf')}.{ending}"


def _final(by: Caller, reference: UUID | str) -> InvoicePage:
    page = invoicing.invoice_page(by, reference)
    if page.head.step in ("draft", "void"):
        said = "is void" if page.head.step == "void" else "has no number yet; finalise it first"
        message = f"{page.head.title} {said}. Only final invoices are e-invoices."
        raise Conflict("invoice_not_final", message, details={"status": page.head.step})
    return page


def _credit_memo(by: Caller, reference: UUID | str) -> PaymentPage:
    page = invoicing.payment_page(by, reference)
    if page.head.type != "credit_memo":
        message = f"{page.head.number} is no credit memo; only those are e-invoices."
        raise Conflict("not_a_credit_memo", message, details={"type": page.head.type})
    return page


def _sale_of_invoice(by: Caller, page: InvoicePage) -> Sale:
    head = page.head
    taken = sum((-one.amount for one in page.lines if one.kind == "deduction"), ZERO)
    buyer = directory.buyer_facts(by, head.customer_id)
    order = _order(by, head.order_id)
    items = tuple(_item(one) for one in page.lines if one.kind != "deduction")
    seller = _seller(by)
    bill_to = _buyer(head.customer_name, head.bill_to, buyer.tax_number)
    _check(seller, bill_to, where=f"/orders/sales/{head.order_number}")
    return Sale(
        code=PREPAYMENT if head.kind == "deposit" else INVOICE,
        number=head.number or "",
        issued_on=head.invoice_date,
        due_on=head.due_date,
        currency=head.currency,
        seller=seller,
        buyer=bill_to,
        items=items,
        freight=head.freight,
        prepaid=taken + head.allocated,
        is_exempt=buyer.is_exempt,
        order_number=head.order_number,
        purchase_order=order.customer_po_number if order else "",
        terms=head.payment_term_name or "",
        note=head.notes,
        iban=by.organization.setting("invoicing.iban"),
    )


def _sale_of_credit(by: Caller, page: PaymentPage) -> Sale:
    head = page.head
    lines = crediting.credit_lines(by, [head.id])
    buyer = directory.buyer_facts(by, head.customer_id)
    order = _order(by, head.order_id)
    seller = _seller(by)
    address = order.bill_to if order else buyer.address
    bill_to = _buyer(head.customer_name, address, buyer.tax_number)
    _check(seller, bill_to, where=f"/customers/{head.customer_id}")
    return Sale(
        code=CREDIT_NOTE,
        number=head.number,
        issued_on=head.payment_date,
        due_on=None,
        currency=head.currency,
        seller=seller,
        buyer=bill_to,
        items=tuple(_item(one) for one in lines) or (_written(head.note, head.amount),),
        is_exempt=buyer.is_exempt,
        order_number=head.order_number or "",
        purchase_order=order.customer_po_number if order else "",
        preceding=tuple(sorted({one for line in lines for one in line.invoice_numbers})),
        terms="Credit to your account",
        note=head.note if lines else "",
    )


def _item(one: InvoiceLineRow | CreditLineRow) -> Item:
    return Item(
        one.description,
        one.quantity,
        one.unit,
        one.unit_price,
        one.amount,
        one.discount,
        one.tax_rate,
        one.tax,
    )


def _written(note: str, amount: Decimal) -> Item:
    """A credit that somebody wrote down by hand: one amount without tax."""
    return Item(note.strip() or "Credit", ONE, "", amount, amount)


def _order(by: Caller, order_id: UUID | None) -> OrderRow | None:
    """The order; None once it is gone."""
    try:
        return sales.read_order(by, order_id).head if order_id is not None else None
    except NotFound:
        return None


def _seller(by: Caller) -> Party:
    found = house.organization(by=by)
    address = letterheads.home_address(by, found)
    number = by.organization.setting("invoicing.tax_number")
    return _buyer(found.name, {"country": found.country, **address}, number)


def _buyer(name: str, address: Mapping[str, Any], tax_number: str) -> Party:
    parts = ("country", "street_1", "street_2", "postal_code", "city", "state")
    values = {part: str(address.get(part) or "") for part in parts}
    return Party(name=name, tax_number=tax_number, **values)


def _check(seller: Party, buyer: Party, *, where: str) -> None:
    """Everything that a valid e-invoice lacks, at once. Raises Invalid `e_invoice_incomplete`."""
    needed = (
        (seller.country, "organization.country", "Your country", _ORGANIZATION),
        (seller.tax_number, "settings.invoicing.tax_number", "Your tax number", _INVOICES),
        (buyer.country, "bill_to.country", "The country of the bill-to address", where),
    )
    missing = [
        {"field": field, "label": label, "enter_at": place}
        for value, field, label, place in needed
        if not value
    ]
    if missing:
        places = {one["field"]: _PLACES.get(one["enter_at"], _ELSEWHERE) for one in missing}
        fields = {field: f"Enter it under {place}." for field, place in places.items()}
        names = "; ".join(f"{one['label']}, under {places[one['field']]}" for one in missing)
        message = f"Enter what an e-invoice still needs. {names}."
        raise Invalid("e_invoice_incomplete", message, fields=fields, details={"missing": missing})
