"""A purchase order as it goes to the supplier, or the request for a quote before it is issued."""

from typing import Any, Final

from orderwright.documents import figures
from orderwright.documents.letterheads import Letterhead
from orderwright.documents.order_document import local_day
from orderwright.purchasing.page import LineRow, OrderPage, OrderRow

TEMPLATE: Final = "order"
_ATTRIBUTES: Final = ("size", "shape", "color", "quality", "material")


def document_of(page: OrderPage, sender: Letterhead, *, with_prices: bool) -> dict[str, Any]:
    """What the template prints: neither internal notes nor budgets nor who waits for the goods."""
    head = page.head
    lines = [line for line in page.lines if not line.is_cancelled]
    return {
        "paper": sender.paper,
        "letterhead": sender.as_values(),
        "title": title_of(page),
        "number": head.number,
        "barcode": figures.barcode(head.number),
        "addresses": [
            {"title": "Supplier", "lines": [head.supplier_name]},
            {"title": "Deliver to", "lines": figures.recipient(sender.name, head.ship_to)},
        ],
        "facts": _facts(head, sender, with_prices=with_prices),
        "columns": _columns(head, with_prices=with_prices),
        "rows": [_row(line, head.currency, with_prices=with_prices) for line in lines],
        "totals": _totals(head) if with_prices else [],
        "notes": [],
    }


def title_of(page: OrderPage) -> str:
    """What the document is called."""
    return "Request for quote" if page.head.status == "quoted" else "Purchase order"


def _facts(head: OrderRow, sender: Letterhead, *, with_prices: bool) -> list[list[str]]:
    return figures.facts(
        [
            ("Date", local_day(head.issued_at or head.created_at, sender)),
            ("Supplier", head.supplier_number),
            ("Your reference", head.supplier_reference),
            ("Required", figures.day(head.date_required)),
            ("Promised", figures.day(head.promised_at)),
            ("Payment", (head.payment_term_name or "") if with_prices else ""),
            ("Shipping", (head.shipping_term_name or "") if with_prices else ""),
            ("Carrier", head.carrier_name or ""),
            ("Currency", head.currency if with_prices else ""),
            ("Your contact", head.order_lead_name),
        ]
    )


def _columns(head: OrderRow, *, with_prices: bool) -> list[dict[str, Any]]:
    columns = [
        figures.column("#", align="right"),
        figures.column("Product", width=1),
        figures.column("Quantity", align="right"),
    ]
    if with_prices:
        columns.append(figures.column("Unit price", align="right"))
        columns.append(figures.column(f"Amount {head.currency}", align="right"))
    return columns


def _row(line: LineRow, currency: str, *, with_prices: bool) -> dict[str, Any]:
    cells = [
        str(line.position),
        line.product_name or line.description,
        figures.quantity(line.effective, line.unit),
    ]
    if with_prices:
        cells.append(figures.price(line.unit_price, currency))
        cells.append(figures.money(line.line_total, currency))
    return {"cells": cells, "sku": line.sku, "detail": _detail(line)}


def _detail(line: LineRow) -> str:
    parts = [str(getattr(line, name)) for name in _ATTRIBUTES if getattr(line, name)]
    if line.requested_weight and line.basis != "weight":
        parts.append(figures.quantity(line.requested_weight, line.weight_unit))
    if line.product_name and line.description and line.description != line.product_name:
        parts.insert(0, line.description)
    if line.needed_by:
        parts.append(f"needed by {figures.day(line.needed_by)}")
    return ", ".join(parts)


def _totals(head: OrderRow) -> list[list[str]]:
    return [["Total", f"{figures.money(head.subtotal, head.currency)} {head.currency}"]]
