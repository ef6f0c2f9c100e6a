"""An e-invoice as Cross Industry Invoice, the XML in a Factur-X (profile EN 16931). Pure."""

from datetime import date
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
    compact_day,
    document,
    money,
    named,
    number,
)

_UNECE: Final = "urn:un:unece:uncefact:data:standard"
_PREFIXES: Final = named(
    {
        "rsm": f"{_UNECE}:CrossIndustryInvoice:100",
        "ram": f"{_UNECE}:ReusableAggregateBusinessInformationEntity:100",
        "udt": f"{_UNECE}:UnqualifiedDataType:100",
    }
)


def cii(said: Stated) -> bytes:
    """The sale as Cross Industry Invoice."""
    sale = said.sale
    root = document("rsm:CrossIndustryInvoice", _PREFIXES)
    context = root.under("rsm:ExchangedDocumentContext")
    context.under("ram:GuidelineSpecifiedDocumentContextParameter").write("ram:ID", PROFILE)
    head = root.under("rsm:ExchangedDocument")
    head.write("ram:ID", sale.number)
    head.write("ram:TypeCode", sale.code)
    _day(head, "ram:IssueDateTime", sale.issued_on)
    if sale.note.strip():
        head.under("ram:IncludedNote").write("ram:Content", sale.note)
    trade = root.under("rsm:SupplyChainTradeTransaction")
    for position, (item, tax) in enumerate(
        zip(sale.items, said.taxes_of_items, strict=True), start=1
    ):
        _line(trade, position, item, tax, sale)
    _agreement(trade, said)
    trade.under("ram:ApplicableHeaderTradeDelivery")
    _settlement(trade, said)
    return as_bytes(root)


def _day(place: Element, name: str, day: date) -> None:
    place.under(name).write("udt:DateTimeString", compact_day(day), format="102")


def _line(trade: Element, position: int, item: Item, tax: Tax, sale: Sale) -> None:
    node = trade.under("ram:IncludedSupplyChainTradeLineItem")
    line = node.under("ram:AssociatedDocumentLineDocument")
    line.write("ram:LineID", str(position))
    if not is_known(item.unit):
        line.under("ram:IncludedNote").write("ram:Content", f"Unit: {item.unit}")
    product = node.under("ram:SpecifiedTradeProduct")
    product.write("ram:Name", item.description.strip() or "Item")
    price = node.under("ram:SpecifiedLineTradeAgreement").under("ram:NetPriceProductTradePrice")
    price.write("ram:ChargeAmount", number(item.unit_price))
    delivery = node.under("ram:SpecifiedLineTradeDelivery")
    code = unit_code(item.unit)
    delivery.write("ram:BilledQuantity", number(item.quantity), unitCode=code)
    settlement = node.under("ram:SpecifiedLineTradeSettlement")
    _category(settlement, "ram:ApplicableTradeTax", tax)
    total = settlement.under("ram:SpecifiedTradeSettlementLineMonetarySummation")
    total.write("ram:LineTotalAmount", money(item.amount, sale.currency))


def _category(place: Element, name: str, tax: Tax) -> None:
    node = place.under(name)
    node.write("ram:TypeCode", VAT)
    node.write("ram:CategoryCode", tax.category)
    if tax.percent is not None:
        node.write("ram:RateApplicablePercent", number(tax.percent))


def _agreement(trade: Element, said: Stated) -> None:
    sale = said.sale
    node = trade.under("ram:ApplicableHeaderTradeAgreement")
    node.write("ram:BuyerReference", sale.purchase_order)
    _party(node.under("ram:SellerTradeParty"), sale.seller, said, is_seller=True)
    _party(node.under("ram:BuyerTradeParty"), sale.buyer, said, is_seller=False)
    if sale.order_number:
        ours = node.under("ram:SellerOrderReferencedDocument")
        ours.write("ram:IssuerAssignedID", sale.order_number)
    if sale.purchase_order:
        theirs = node.under("ram:BuyerOrderReferencedDocument")
        theirs.write("ram:IssuerAssignedID", sale.purchase_order)


def _party(node: Element, party: Party, said: Stated, *, is_seller: bool) -> None:
    if party.tax_number and not party.has_vat_id:
        node.write("ram:ID", party.tax_number)
    node.write("ram:Name", party.name)
    address = node.under("ram:PostalTradeAddress")
    address.write("ram:PostcodeCode", party.postal_code)
    address.write("ram:LineOne", party.street_1)
    address.write("ram:LineTwo", party.street_2)
    address.write("ram:CityName", party.city)
    address.write("ram:CountryID", party.country)
    address.write("ram:CountrySubDivisionName", party.state)
    is_outside = any(tax.category == OUTSIDE for tax in said.taxes_of_items)
    if party.has_vat_id and not is_outside:
        node.under("ram:SpecifiedTaxRegistration").write("ram:ID", party.tax_number, schemeID="VA")
    elif is_seller and party.tax_number and not party.has_vat_id:
        node.under("ram:SpecifiedTaxRegistration").write("ram:ID", party.tax_number, schemeID="FC")


def _settlement(trade: Element, said: Stated) -> None:
    sale = said.sale
    node = trade.under("ram:ApplicableHeaderTradeSettlement")
    if sale.code != CREDIT_NOTE:
        node.write("ram:PaymentReference", sale.number)
    node.write("ram:InvoiceCurrencyCode", sale.currency)
    if sale.code != CREDIT_NOTE:
        means = node.under("ram:SpecifiedTradeSettlementPaymentMeans")
        means.write("ram:TypeCode", "30" if sale.iban else "1")
        if sale.iban:
            account = means.under("ram:PayeePartyCreditorFinancialAccount")
            account.write("ram:IBANID", sale.iban)
    _taxes(node, said)
    for one in said.adjustments:
        _adjustment(node, one, sale.currency)
    if sale.terms or sale.due_on is not None:
        terms = node.under("ram:SpecifiedTradePaymentTerms")
        terms.write("ram:Description", sale.terms)
        if sale.due_on is not None:
            _day(terms, "ram:DueDateDateTime", sale.due_on)
    _totals(node, said)
    for preceding in sale.preceding:
        billed = node.under("ram:InvoiceReferencedDocument")
        billed.write("ram:IssuerAssignedID", preceding)


def _taxes(place: Element, said: Stated) -> None:
    currency = said.sale.currency
    for one in said.tax_sums:
        node = place.under("ram:ApplicableTradeTax")
        node.write("ram:CalculatedAmount", money(one.amount, currency))
        node.write("ram:TypeCode", VAT)
        node.write("ram:ExemptionReason", one.tax.reason)
        node.write("ram:BasisAmount", money(one.basis, currency))
        node.write("ram:CategoryCode", one.tax.category)
        if one.tax.percent is not None:
            node.write("ram:RateApplicablePercent", number(one.tax.percent))


def _adjustment(place: Element, one: Adjustment, currency: str) -> None:
    node = place.under("ram:SpecifiedTradeAllowanceCharge")
    node.under("ram:ChargeIndicator").write("udt:Indicator", "true" if one.is_charge else "false")
    node.write("ram:ActualAmount", money(one.amount, currency))
    node.write("ram:ReasonCode", one.reason_code)
    node.write("ram:Reason", one.reason)
    _category(node, "ram:CategoryTradeTax", one.tax)


def _totals(place: Element, said: Stated) -> None:
    currency = said.sale.currency
    node = place.under("ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    node.write("ram:LineTotalAmount", money(said.lines_total, currency))
    if said.charges:
        node.write("ram:ChargeTotalAmount", money(said.charges, currency))
    if said.allowances:
        node.write("ram:AllowanceTotalAmount", money(said.allowances, currency))
    node.write("ram:TaxBasisTotalAmount", money(said.net, currency))
    node.write("ram:TaxTotalAmount", money(said.tax, currency), currencyID=currency)
    if said.rounding:
        node.write("ram:RoundingAmount", money(said.rounding, currency))
    node.write("ram:GrandTotalAmount", money(said.gross, currency))
    if said.sale.prepaid:
        node.write("ram:TotalPrepaidAmount", money(said.sale.prepaid, currency))
    node.write("ram:DuePayableAmount", money(said.payable, currency))
