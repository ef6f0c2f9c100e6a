"""An e-invoice as UBL 2.1: an Invoice or a CreditNote (EN 16931). Pure, standard library only."""

from typing import Final

from orderwright.documents.e_invoice import (
    CREDIT_NOTE,
    OUTSIDE,
    Adjustment,
    Item,
    Party,
    Sale,
    Stated,
    Tax,
)
from orderwright.documents.e_invoice_units import is_known, unit_code
from orderwright.documents.e_invoice_xml import (
    PROFILE,
    VAT,
    Element,
    as_bytes,
    document,
    money,
    named,
    number,
)

_OASIS: Final = "urn:oasis:names:specification:ubl:schema:xsd"
_PREFIXES: Final = named(
    {
        "invoice": f"{_OASIS}:Invoice-2",
        "credit": f"{_OASIS}:CreditNote-2",
        "cac": f"{_OASIS}:CommonAggregateComponents-2",
        "cbc": f"{_OASIS}:CommonBasicComponents-2",
    }
)


def ubl(said: Stated) -> bytes:
    """The sale as UBL."""
    sale = said.sale
    is_credit = sale.code == CREDIT_NOTE
    name = "CreditNote" if is_credit else "Invoice"
    root = document(f"{'credit' if is_credit else 'invoice'}:{name}", _PREFIXES)
    _head(root, sale, name)
    _party(root.under("cac:AccountingSupplierParty"), sale.seller, said, is_seller=True)
    _party(root.under("cac:AccountingCustomerParty"), sale.buyer, said, is_seller=False)
    if not is_credit:
        _payment_means(root, sale)
    if sale.terms:
        root.under("cac:PaymentTerms").write("cbc:Note", sale.terms)
    for one in said.adjustments:
        _adjustment(root, one, sale.currency)
    _taxes(root, said)
    _totals(root, said)
    for position, (item, tax) in enumerate(
        zip(sale.items, said.taxes_of_items, strict=True), start=1
    ):
        _line(root, position, item, tax, sale)
    return as_bytes(root)


def _head(root: Element, sale: Sale, name: str) -> None:
    root.write("cbc:CustomizationID", PROFILE)
    root.write("cbc:ID", sale.number)
    root.write("cbc:IssueDate", sale.issued_on.isoformat())
    if sale.due_on is not None and sale.code != CREDIT_NOTE:
        root.write("cbc:DueDate", sale.due_on.isoformat())
    root.write(f"cbc:{name}TypeCode", sale.code)
    root.write("cbc:Note", sale.note)
    root.write("cbc:DocumentCurrencyCode", sale.currency)
    root.write("cbc:BuyerReference", sale.purchase_order)
    if sale.purchase_order or sale.order_number:
        order = root.under("cac:OrderReference")
        # UBL cannot name our order without the buyer's; the standard's binding says NA then.
        order.write("cbc:ID", sale.purchase_order or "NA")
        order.write("cbc:SalesOrderID", sale.order_number)
    for preceding in sale.preceding:
        billed = root.under("cac:BillingReference").under("cac:InvoiceDocumentReference")
        billed.write("cbc:ID", preceding)


def _party(place: Element, party: Party, said: Stated, *, is_seller: bool) -> None:
    node = place.under("cac:Party")
    if party.tax_number and not party.has_vat_id:
        node.under("cac:PartyIdentification").write("cbc:ID", party.tax_number)
    address = node.under("cac:PostalAddress")
    address.write("cbc:StreetName", party.street_1)
    address.write("cbc:AdditionalStreetName", party.street_2)
    address.write("cbc:CityName", party.city)
    address.write("cbc:PostalZone", party.postal_code)
    address.write("cbc:CountrySubentity", party.state)
    address.under("cac:Country").write("cbc:IdentificationCode", party.country)
    is_outside = any(tax.category == OUTSIDE for tax in said.taxes_of_items)
    if (
        party.tax_number
        and (is_seller or party.has_vat_id)
        and not (is_outside and party.has_vat_id)
    ):
        scheme = node.under("cac:PartyTaxScheme")
        scheme.write("cbc:CompanyID", party.tax_number)
        scheme.under("cac:TaxScheme").write("cbc:ID", VAT if party.has_vat_id else "TAX")
    node.under("cac:PartyLegalEntity").write("cbc:RegistrationName", party.name)


def _payment_means(root: Element, sale: Sale) -> None:
    means = root.under("cac:PaymentMeans")
    means.write("cbc:PaymentMeansCode", "30" if sale.iban else "1")
    means.write("cbc:PaymentID", sale.number)
    if sale.iban:
        means.under("cac:PayeeFinancialAccount").write("cbc:ID", sale.iban)


def _adjustment(root: Element, one: Adjustment, currency: str) -> None:
    node = root.under("cac:AllowanceCharge")
    node.write("cbc:ChargeIndicator", "true" if one.is_charge else "false")
    node.write("cbc:AllowanceChargeReasonCode", one.reason_code)
    node.write("cbc:AllowanceChargeReason", one.reason)
    node.write("cbc:Amount", money(one.amount, currency), currencyID=currency)
    _category(node, "cac:TaxCategory", one.tax)


def _category(place: Element, name: str, tax: Tax, *, with_reason: bool = False) -> None:
    node = place.under(name)
    node.write("cbc:ID", tax.category)
    if tax.percent is not None:
        node.write("cbc:Percent", number(tax.percent))
    if with_reason:
        node.write("cbc:TaxExemptionReason", tax.reason)
    node.under("cac:TaxScheme").write("cbc:ID", VAT)


def _taxes(root: Element, said: Stated) -> None:
    currency = said.sale.currency
    node = root.under("cac:TaxTotal")
    node.write("cbc:TaxAmount", money(said.tax, currency), currencyID=currency)
    for one in said.tax_sums:
        part = node.under("cac:TaxSubtotal")
        part.write("cbc:TaxableAmount", money(one.basis, currency), currencyID=currency)
        part.write("cbc:TaxAmount", money(one.amount, currency), currencyID=currency)
        _category(part, "cac:TaxCategory", one.tax, with_reason=True)


def _totals(root: Element, said: Stated) -> None:
    currency = said.sale.currency
    node = root.under("cac:LegalMonetaryTotal")
    amounts = (
        ("LineExtensionAmount", said.lines_total, True),
        ("TaxExclusiveAmount", said.net, True),
        ("TaxInclusiveAmount", said.gross, True),
        ("AllowanceTotalAmount", said.allowances, False),
        ("ChargeTotalAmount", said.charges, False),
        ("PrepaidAmount", said.sale.prepaid, False),
        ("PayableRoundingAmount", said.rounding, False),
        ("PayableAmount", said.payable, True),
    )
    for name, amount, is_needed in amounts:
        if amount or is_needed:
            node.write(f"cbc:{name}", money(amount, currency), currencyID=currency)


def _line(root: Element, position: int, item: Item, tax: Tax, sale: Sale) -> None:
    is_credit = sale.code == CREDIT_NOTE
    node = root.under("cac:CreditNoteLine" if is_credit else "cac:InvoiceLine")
    node.write("cbc:ID", str(position))
    if not is_known(item.unit):
        node.write("cbc:Note", f"Unit: {item.unit}")
    name = "cbc:CreditedQuantity" if is_credit else "cbc:InvoicedQuantity"
    node.write(name, number(item.quantity), unitCode=unit_code(item.unit))
    amount = money(item.amount, sale.currency)
    node.write("cbc:LineExtensionAmount", amount, currencyID=sale.currency)
    goods = node.under("cac:Item")
    goods.write("cbc:Name", item.description.strip() or "Item")
    _category(goods, "cac:ClassifiedTaxCategory", tax)
    price = node.under("cac:Price")
    price.write("cbc:PriceAmount", number(item.unit_price), currencyID=sale.currency)
