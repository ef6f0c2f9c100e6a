"""The words of e-mails: pure functions of what they tell."""

from collections.abc import Mapping
from typing import Any

from orderwright.documents import figures
from orderwright.invoicing.page import InvoicePage
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


def invoice(page: InvoicePage, organization: str, asked: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text that bring an invoice, or remind of it (`asked` counts the reminders)."""
    head = page.head
    lines = "\n".join(
        f"{trim(line.quantity):>10} {line.unit:<6} {line.description}  "
        f"{format_money(line.amount, head.currency)}"
        for line in page.lines
    )
    amounts = (
        ("Discount", -head.discount_total),
        ("Freight", head.freight),
        ("Tax", head.tax),
        ("Total", head.total),
        ("Still to pay", head.balance),
    )
    sums = "\n".join(
        f"{name} {format_money(amount, head.currency)} {head.currency}"
        for name, amount in amounts
        if amount or name == "Total"
    )
    is_reminder = bool(asked.get("count"))
    opening = (
        f"our invoice {head.number} was due on {head.due_date.isoformat()} and is not yet paid."
        if is_reminder
        else f"this is our invoice {head.number} for your order {head.order_number}."
    )
    said = f"{asked['message']}\n\n" if asked.get("message") else ""
    due = f"Please pay by {head.due_date.isoformat()}.\n\n" if not is_reminder else ""
    text = (
        f"Dear {head.customer_name},\n\n{opening}\n\n{said}{lines}\n\n{sums}\n\n"
        f"{due}{organization}\n"
    )
    return f"{'Reminder: invoice' if is_reminder else 'Invoice'} {head.number}", text


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
