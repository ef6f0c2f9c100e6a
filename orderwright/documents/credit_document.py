"""A credit memo as its customer gets it: what is given back, and what is left of it."""

from collections.abc import Sequence
from typing import Any, Final

from orderwright.documents import figures
from orderwright.documents.letterheads import Letterhead
from orderwright.invoicing.page import CreditLineRow, PaymentPage, PaymentRow
from orderwright.sales.page import OrderPage

TEMPLATE: Final = "invoice"
TITLE: Final = "Credit memo"


def document_of(
    page: PaymentPage,
    lines: Sequence[CreditLineRow],
    sender: Letterhead,
    order: OrderPage | None,
    bill_to: dict[str, Any],
) -> dict[str, Any]:
    """What the template prints; a credit that somebody wrote by hand has no lines."""
    head = page.head
    amount = f"{figures.money(head.amount, head.currency)} {head.currency}"
    return {
        "paper": sender.paper,
        "letterhead": sender.as_values(),
        "title": TITLE,
        "number": head.number,
        "barcode": figures.barcode(head.number),
        "square": None,
        "square_title": "",
        "stamp": "",
        "addresses": [
            {"title": "Credit to", "lines": figures.recipient(head.customer_name, bill_to)}
        ],
        "facts": _facts(head, lines, order),
        "columns": _columns(head.currency),
        "rows": _rows(head, lines, order),
        "totals": _totals(head, lines),
        "due": {"label": "Credit", "amount": amount, "until": _left(head), "tone": "done"},
        "notes": figures.notes("Note", head.note if lines else ""),
    }


def _facts(
    head: PaymentRow, lines: Sequence[CreditLineRow], order: OrderPage | None
) -> list[list[str]]:
    invoices = sorted({number for line in lines for number in line.invoice_numbers})
    return figures.facts(
        [
            ("Date", figures.day(head.payment_date)),
            ("Customer", head.customer_number),
            ("Our order", head.order_number or ""),
            ("Your order", order.head.customer_po_number if order else ""),
            ("Invoices" if len(invoices) > 1 else "Invoice", ", ".join(invoices)),
            ("Reference", head.reference),
        ]
    )


def _columns(currency: str) -> list[dict[str, Any]]:
    return [
        figures.column("#", align="right"),
        figures.column("Product", width=1),
        figures.column("Quantity", align="right"),
        figures.column("Unit price", align="right"),
        figures.column(f"Amount {currency}", align="right"),
    ]


def _rows(
    head: PaymentRow, lines: Sequence[CreditLineRow], order: OrderPage | None
) -> list[dict[str, Any]]:
    if not lines:
        amount = figures.money(head.amount, head.currency)
        return [_row(1, head.note.strip() or "Credit", "", "", amount)]
    known = order.lines_by_id() if order else {}
    return [
        _row(
            at,
            line.description,
            figures.quantity(line.quantity, line.unit),
            figures.price(line.unit_price, head.currency),
            figures.money(line.amount, head.currency),
            sku=known[line.line_id].sku if line.line_id in known else "",
        )
        for at, line in enumerate(lines, start=1)
    ]


def _row(at: int, *cells: str, sku: str = "") -> dict[str, Any]:
    return {"cells": [str(at), *cells], "sku": sku, "detail": ""}


def _totals(head: PaymentRow, lines: Sequence[CreditLineRow]) -> list[list[str]]:
    sums = (
        ("Merchandise", sum(line.amount for line in lines)),
        ("Share of the discount", -sum(line.discount for line in lines)),
        ("Tax", sum(line.tax for line in lines)),
    )
    shown = [[name, figures.money(value, head.currency)] for name, value in sums if value]
    total = f"{figures.money(head.amount, head.currency)} {head.currency}"
    return [*(shown if len(shown) > 1 else ()), ["Credit", total]]


def _left(head: PaymentRow) -> str:
    """What became of it."""
    if head.open_credit <= 0:
        return "used in full"
    if head.open_credit == head.amount:
        return "stands on your account"
    return f"{figures.money(head.open_credit, head.currency)} {head.currency} left on your account"
