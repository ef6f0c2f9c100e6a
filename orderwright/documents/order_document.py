"""An order as it goes to the customer: the acknowledgement, or an estimate before it is issued."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from orderwright.documents import figures
from orderwright.documents.letterheads import Letterhead
from orderwright.sales.page import LineRow, OrderPage, OrderRow

TEMPLATE: Final = "order"
_ATTRIBUTES: Final = ("size", "shape", "color", "quality", "material")


@dataclass(frozen=True, slots=True)
class Sees:
    """What whoever prints may see (domain 1.2): amounts and terms, and who the customer is."""

    prices: bool
    customer: bool


def document_of(
    page: OrderPage, sender: Letterhead, sees: Sees, *, until: date | None = None
) -> dict[str, Any]:
    """What the template prints; an estimate stands `until` a day. What may not be seen is absent,
    not blanked."""
    head, with_prices = page.head, sees.prices
    return {
        "paper": sender.paper,
        "letterhead": sender.as_values(),
        "title": title_of(page),
        "number": head.number,
        "barcode": figures.barcode(head.number),
        "addresses": _addresses(head) if sees.customer else [],
        "facts": _facts(head, sender, sees, until),
        "columns": _columns(head, with_prices=with_prices),
        "rows": [_row(line, head.currency, with_prices=with_prices) for line in _shown(page)],
        "totals": _totals(head) if with_prices else [],
        "notes": [],
    }


def title_of(page: OrderPage) -> str:
    """What the document is called."""
    return "Estimate" if page.head.status == "estimate" else "Order acknowledgement"


def detail_of(line: LineRow) -> str:
    """What distinguishes the goods of a line, in a few words."""
    parts = [str(getattr(line, name)) for name in _ATTRIBUTES if getattr(line, name)]
    if line.requested_weight and line.basis != "weight":
        parts.append(figures.quantity(line.requested_weight, line.weight_unit))
    if line.description and line.description != line.product_name and line.product_name:
        parts.insert(0, line.description)
    return ", ".join(parts)


def local_day(instant: datetime | None, sender: Letterhead) -> str:
    """The day of an instant where the organization is."""
    if instant is None:
        return ""
    return figures.day(instant.astimezone(ZoneInfo(sender.timezone)).date())


def _shown(page: OrderPage) -> list[LineRow]:
    return [line for line in page.lines if not line.is_generated and not line.is_cancelled]


def _addresses(head: OrderRow) -> list[dict[str, Any]]:
    bill_to = figures.recipient(head.customer_name, head.bill_to)
    ship_to = figures.recipient(head.customer_name, head.ship_to)
    return [{"title": "Bill to", "lines": bill_to}, {"title": "Ship to", "lines": ship_to}]


def _facts(head: OrderRow, sender: Letterhead, sees: Sees, until: date | None) -> list[list[str]]:
    return figures.facts(
        [
            ("Date", local_day(head.issued_at or head.created_at, sender)),
            ("Valid until", figures.day(until)),
            ("Customer", head.customer_number if sees.customer else ""),
            ("Your order", head.customer_po_number),
            ("Required", figures.day(head.date_required)),
            ("Promised", figures.day(head.promised_at)),
            ("Payment", head.payment_term_name if sees.prices else ""),
            ("Shipping", head.shipping_term_name if sees.prices else ""),
            ("Carrier", _carrier(head)),
            ("Currency", head.currency if sees.prices else ""),
            ("Your contact", head.order_lead_name),
        ]
    )


def _carrier(head: OrderRow) -> str:
    return ", ".join(part for part in (head.carrier_name, head.carrier_option_name) if part)


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
    return {"cells": cells, "sku": line.sku, "detail": detail_of(line)}


def _totals(head: OrderRow) -> list[list[str]]:
    rows = [
        ("Merchandise", head.subtotal),
        ("Discount", -head.discount_total),
        ("Freight", head.freight),
        ("Tax", head.tax),
    ]
    shown = [[name, figures.money(value, head.currency)] for name, value in rows if value]
    total = f"{figures.money(head.grand_total, head.currency)} {head.currency}"
    return [*shown, ["Total", total]]
