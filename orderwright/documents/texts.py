"""The words of e-mails: pure functions of what they tell."""

from orderwright.documents import figures
from orderwright.kernel.money import format_money
from orderwright.kernel.numbers import trim
from orderwright.purchasing.page import OrderPage as PurchasePage
from orderwright.sales.page import LineRow, OrderPage


def acknowledgement(page: OrderPage, organization: str) -> tuple[str, str]:
    """Subject and text that confirm an issued order to its contacts."""
    head = page.head
    number = " ".join(head.customer_po_number.split())
    about = f" (your PO {number})" if number else ""
    lines = "\n".join(_line(line, head.currency) for line in page.lines if not line.is_generated)
    dates = ""
    if head.promised_at:
        dates = f"We promise it for {head.promised_at.isoformat()}.\n"
    elif head.date_required:
        dates = f"You asked for it by {head.date_required.isoformat()}.\n"
    ship_to = "\n".join(figures.recipient(head.customer_name, head.ship_to))
    text = (
        f"Dear {head.customer_name},\n\n"
        f"we have received your order {head.number}{about} and are working on it.\n{dates}\n"
        f"{lines}\n\n"
        f"{_totals(page)}\n\n"
        f"We ship to:\n{ship_to}\n\n"
        f"{organization}\n"
    )
    return f"Order {head.number}{about}", text


def purchase_order(page: PurchasePage, organization: str) -> tuple[str, str]:
    """Subject and text that order goods from a supplier."""
    head = page.head
    active = [line for line in page.lines if not line.is_cancelled]
    lines = "\n".join(
        f"{trim(line.effective):>10} {line.unit:<6} {line.product_name or line.description}"
        for line in active
    )
    required = f"We need it by {head.date_required.isoformat()}.\n" if head.date_required else ""
    ship_to = "\n".join(figures.recipient(organization, head.ship_to))
    total = f"{format_money(head.subtotal, head.currency)} {head.currency}"
    text = (
        f"Dear {head.supplier_name},\n\n"
        f"please deliver what our purchase order {head.number} lists; it is attached.\n{required}\n"
        f"{lines}\n\n"
        f"Total {total}\n\n"
        f"Deliver to:\n{ship_to}\n\n"
        f"{head.order_lead_name}, {organization}\n"
    )
    return f"Purchase order {head.number}", text


def _line(line: LineRow, currency: str) -> str:
    total = format_money(line.line_total, currency)
    return f"{trim(line.ordered):>10} {line.unit:<6} {line.description}  {total} {currency}"


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
