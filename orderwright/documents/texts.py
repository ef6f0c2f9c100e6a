"""What e-mails tell: the values of their fields, and the wording filled with them. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from orderwright.documents import figures
from orderwright.documents.mail_templates import TEMPLATES, Wording, rendered
from orderwright.invoicing.page import InvoicePage
from orderwright.kernel.money import format_money
from orderwright.kernel.numbers import trim
from orderwright.purchasing.page import OrderPage as PurchasePage
from orderwright.sales.page import LineRow, OrderPage, OrderRow
from orderwright.shipping.queries import ShipmentPage

# Where the carriers that everybody knows show a parcel; others get the number alone.
_TRACKING: Final = {
    "ups": "https://www.ups.com/track?tracknum=",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr=",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels=",
    "dhl": "https://www.dhl.com/en/express/tracking.html?AWB=",
}


def acknowledgement(
    page: OrderPage, organization: str, wording: Wording | None = None
) -> tuple[str, str]:
    """Subject and text that confirm an issued order to its contacts."""
    head = page.head
    dates = ""
    if head.promised_at:
        dates = f"We promise it for {head.promised_at.isoformat()}."
    elif head.date_required:
        dates = f"You asked for it by {head.date_required.isoformat()}."
    values = _of_order(head, organization) | {
        "order.dates": dates,
        "order.lines": "\n".join(
            _line(line, head.currency) for line in page.lines if not line.is_generated
        ),
        "order.totals": _totals(page),
        "order.total": _money(head.grand_total, head.currency),
        "order.ship_to": "\n".join(figures.recipient(head.customer_name, head.ship_to)),
        "order.lead": head.order_lead_name,
    }
    return _said("acknowledgement", values, wording)


def shipment_notice(
    shipment: ShipmentPage, order: OrderPage, organization: str, wording: Wording | None = None
) -> tuple[str, str]:
    """Subject and text that tell that goods have left, with what tracks them."""
    head, lines = shipment.head, order.lines_by_id()
    rows = []
    for one in shipment.lines:
        known = lines.get(one.line_id)
        name = (known.product_name if known else "") or one.description
        rows.append(f"{trim(one.quantity):>10} {one.unit:<6} {name}")
    carrier = ", ".join(part for part in (head.carrier_name, head.carrier_option_name) if part)
    values = _of_order(order.head, organization) | {
        "shipment.number": head.number,
        "shipment.carrier": carrier,
        "shipment.tracking_number": head.tracking_number,
        "shipment.tracking": _tracking(head.carrier_name, head.tracking_number),
        "shipment.lines": "\n".join(rows),
        "shipment.ship_to": "\n".join(figures.recipient(order.head.customer_name, head.ship_to)),
    }
    return _said("shipment_notice", values, wording)


def purchase_order(
    page: PurchasePage, organization: str, wording: Wording | None = None
) -> tuple[str, str]:
    """Subject and text that order goods from a supplier."""
    head = page.head
    required = f"We need it by {head.date_required.isoformat()}." if head.date_required else ""
    values = {
        "organization.name": organization,
        "supplier.name": head.supplier_name,
        "order.number": head.number,
        "order.dates": required,
        "order.lines": "\n".join(
            f"{trim(line.effective):>10} {line.unit:<6} {line.product_name or line.description}"
            for line in page.lines
            if not line.is_cancelled
        ),
        "order.total": _money(head.subtotal, head.currency),
        "order.ship_to": "\n".join(figures.recipient(organization, head.ship_to)),
        "order.lead": head.order_lead_name,
    }
    return _said("purchase_order", values, wording)


def invoice(
    page: InvoicePage,
    organization: str,
    asked: Mapping[str, Any],
    wording: Wording | None = None,
    *,
    po_number: str = "",
) -> tuple[str, str]:
    """Subject and text that bring an invoice, or remind of it (`asked` counts the reminders)."""
    head = page.head
    count = asked.get("count")
    values = {
        "organization.name": organization,
        "customer.name": head.customer_name,
        "invoice.number": head.number or "",
        "invoice.date": head.invoice_date.isoformat(),
        "invoice.due_date": head.due_date.isoformat(),
        "invoice.total": _money(head.total, head.currency),
        "invoice.balance": _money(head.balance, head.currency),
        "invoice.lines": "\n".join(
            f"{trim(line.quantity):>10} {line.unit:<6} {line.description}  "
            f"{format_money(line.amount, head.currency)}"
            for line in page.lines
        ),
        "invoice.totals": _sums_of_invoice(page),
        "order.number": head.order_number,
        "order.your_po": _your_po(po_number),
        "message": str(asked.get("message") or ""),
        "reminder.count": str(count or ""),
    }
    return _said("invoice_reminded" if count else "invoice_sent", values, wording)


def statement(values: Mapping[str, str], wording: Wording | None = None) -> tuple[str, str]:
    """Subject and text that bring a customer's statement."""
    return _said("statement", values, wording)


def _said(key: str, values: Mapping[str, str], wording: Wording | None) -> tuple[str, str]:
    found = rendered(wording or TEMPLATES[key].wording, values)
    return found.subject, found.text


def _of_order(head: OrderRow, organization: str) -> dict[str, str]:
    return {
        "organization.name": organization,
        "customer.name": head.customer_name,
        "order.number": head.number,
        "order.your_po": _your_po(head.customer_po_number),
    }


def _your_po(number: str) -> str:
    one_line = " ".join(number.split())
    return f"(your PO {one_line})" if one_line else ""


def _tracking(carrier: str, number: str) -> str:
    if not number:
        return ""
    known = next((url for name, url in _TRACKING.items() if name in carrier.lower()), "")
    said = f"Tracking number {number}"
    return f"{said}\n{known}{quote(number, safe='')}" if known else said


def _money(value: Decimal, currency: str) -> str:
    return f"{format_money(value, currency)} {currency}"


def _line(line: LineRow, currency: str) -> str:
    total = format_money(line.line_total, currency)
    return f"{trim(line.ordered):>10} {line.unit:<6} {line.description}  {total} {currency}"


def _sums_of_invoice(page: InvoicePage) -> str:
    head = page.head
    amounts = (
        ("Discount", -head.discount_total),
        ("Freight", head.freight),
        ("Tax", head.tax),
        ("Total", head.total),
        ("Still to pay", head.balance),
    )
    return "\n".join(
        f"{name} {_money(amount, head.currency)}"
        for name, amount in amounts
        if amount or name == "Total"
    )


def _totals(page: OrderPage) -> str:
    head = page.head
    rows = [("Merchandise", head.subtotal)]
    if head.discount_total:
        rows.append(("Discount", -head.discount_total))
    if head.freight:
        rows.append(("Freight", head.freight))
    if head.tax:
        rows.append(("Tax", head.tax))
    rows.append(("Total", head.grand_total))
    return "\n".join(
        f"{name:<12}{format_money(value, head.currency):>14} {head.currency}"
        for name, value in rows
    )
