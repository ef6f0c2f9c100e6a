"""An invoice as its customer gets it; a draft and a void one say so across the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from orderwright.documents import figures
from orderwright.documents.letterheads import Letterhead
from orderwright.documents.order_document import detail_of
from orderwright.invoicing.page import InvoiceLineRow, InvoicePage, InvoiceRow
from orderwright.sales.page import LineRow, OrderPage

TEMPLATE: Final = "invoice"
_STAMPS: Final = {"draft": "Draft", "void": "Void"}


@dataclass(frozen=True, slots=True)
class HouseTexts:
    """What the organization says on its invoices: its text, tax number and bank account."""

    text: str = ""
    tax_number: str = ""
    iban: str = ""


def document_of(
    page: InvoicePage,
    sender: Letterhead,
    order: OrderPage | None,
    texts: HouseTexts,
    *,
    today: date,
) -> dict[str, Any]:
    """What the template prints; `order` is None once it is gone."""
    head = page.head
    lines = order.lines_by_id() if order else {}
    number = head.number or ""
    return {
        "paper": sender.paper,
        "letterhead": sender.as_values(),
        "title": title_of(head),
        "number": number or "Draft",
        "barcode": figures.barcode(number),
        "square": figures.square(_transfer(head, sender, texts)),
        "square_title": "Scan to pay",
        "stamp": _STAMPS.get(head.step, ""),
        "addresses": _addresses(head, order),
        "facts": _facts(head, order, texts),
        "columns": _columns(head),
        "rows": [_row(line, lines, head.currency) for line in page.lines],
        "totals": _totals(page),
        "due": _due(head, today),
        "notes": [
            *figures.notes("Note", head.notes),
            *figures.notes("Reason", head.void_reason if head.step == "void" else ""),
            *figures.notes("Payment", _how_to_pay(head, texts)),
            *figures.notes("", texts.text),
        ],
    }


def title_of(head: InvoiceRow) -> str:
    """What the document is called."""
    return "Deposit invoice" if head.kind == "deposit" else "Invoice"


def spaced_account(iban: str) -> str:
    """An account number in groups of four, as people read it.

    >>> spaced_account("DE02120300000000202051")
    'DE02 1203 0000 0000 2020 51'
    """
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def _addresses(head: InvoiceRow, order: OrderPage | None) -> list[dict[str, Any]]:
    bill_to = figures.recipient(head.customer_name, head.bill_to)
    found = [{"title": "Bill to", "lines": bill_to}]
    if order is not None and head.kind != "deposit":
        ship_to = figures.recipient(head.customer_name, order.head.ship_to)
        found.append({"title": "Ship to", "lines": ship_to})
    return found


def _facts(head: InvoiceRow, order: OrderPage | None, texts: HouseTexts) -> list[list[str]]:
    return figures.facts(
        [
            ("Invoice date", figures.day(head.invoice_date)),
            ("Due", figures.day(head.due_date)),
            ("Terms", head.payment_term_name or ""),
            ("Customer", head.customer_number),
            ("Our order", head.order_number),
            ("Your order", order.head.customer_po_number if order else ""),
            ("Shipment", head.shipment_number or ""),
            ("Our tax number", texts.tax_number),
        ]
    )


def _columns(head: InvoiceRow) -> list[dict[str, Any]]:
    if head.kind == "deposit":
        return [
            figures.column("#", align="right"),
            figures.column("Description", width=1),
            figures.column(f"Amount {head.currency}", align="right"),
        ]
    return [
        figures.column("#", align="right"),
        figures.column("Product", width=1),
        figures.column("Quantity", align="right"),
        figures.column("Unit price", align="right"),
        figures.column(f"Amount {head.currency}", align="right"),
    ]


def _row(line: InvoiceLineRow, lines: Mapping[UUID, LineRow], currency: str) -> dict[str, Any]:
    """A row of the table; sku and attributes come from the order while it is there."""
    ordered = lines.get(line.line_id) if line.line_id else None
    amount = figures.money(line.amount, currency)
    if line.kind != "goods":
        middle = [] if line.kind == "deposit" else ["", ""]
        cells = [str(line.position), line.description, *middle, amount]
        return {"cells": cells, "sku": "", "detail": ""}
    cells = [
        str(line.position),
        line.description,
        figures.quantity(line.quantity, line.unit),
        figures.price(line.unit_price, currency),
        amount,
    ]
    sku = ordered.sku if ordered else ""
    detail = _detail(line, ordered) if ordered else ""
    return {"cells": cells, "sku": sku, "detail": detail}


def _detail(line: InvoiceLineRow, ordered: LineRow) -> str:
    """What distinguishes the goods, without repeating what they are called."""
    said = detail_of(ordered).removeprefix(line.description).removeprefix(", ")
    named = ordered.product_name
    return f"{named}, {said}".rstrip(", ") if named and named != line.description else said


def _totals(page: InvoicePage) -> list[list[str]]:
    head = page.head
    rates = {line.tax_rate for line in page.lines if line.tax}
    tax = f"Tax {figures.quantity(rates.pop() * 100)} %" if len(rates) == 1 else "Tax"
    rows = [
        ("Merchandise", head.subtotal),
        ("Discount", -head.discount_total),
        ("Freight", head.freight),
        (tax, head.tax),
    ]
    shown = [[name, figures.money(value, head.currency)] for name, value in rows if value]
    total = f"{figures.money(head.total, head.currency)} {head.currency}"
    found = [*shown, ["Total", total]] if len(shown) > 1 else [["Total", total]]
    if head.step == "void" or not head.allocated:
        return found
    paid = ["Paid", figures.money(-head.allocated, head.currency)]
    return [
        *found,
        paid,
        ["Balance due", f"{figures.money(head.balance, head.currency)} {head.currency}"],
    ]


def _due(head: InvoiceRow, today: date) -> dict[str, str] | None:
    """What stands in the band over the table: how much to pay until when. Nothing on a draft, and
    nothing on a void one."""
    if head.step in _STAMPS:
        return None
    balance = f"{figures.money(head.balance, head.currency)} {head.currency}"
    if head.balance <= 0:
        return {"label": "Paid", "amount": balance, "until": "Thank you.", "tone": "done"}
    until = f"due {figures.day(head.due_date)}"
    if head.due_date < today:
        until = f"was due {figures.day(head.due_date)}"
        return {"label": "Overdue", "amount": balance, "until": until, "tone": "late"}
    return {"label": "Please pay", "amount": balance, "until": until, "tone": "open"}


def _transfer(head: InvoiceRow, sender: Letterhead, texts: HouseTexts) -> str:
    """What banking apps read as a transfer in euro (EPC069-12); nothing where it does not fit."""
    if not texts.iban or head.currency != "EUR" or head.step in _STAMPS or head.balance <= 0:
        return ""
    name = " ".join(sender.name.split())[:70]
    amount = f"EUR{head.balance:.2f}"
    return "\n".join(
        ["BCD", "002", "1", "SCT", "", name, texts.iban, amount, "", "", head.number or ""]
    )


def _how_to_pay(head: InvoiceRow, texts: HouseTexts) -> str:
    if not texts.iban or head.step in _STAMPS or head.balance <= 0:
        return ""
    return f"To the account {spaced_account(texts.iban)}\nPlease name the invoice {head.number}."
