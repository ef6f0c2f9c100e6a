"""What is in a shipment, for whoever opens it; it carries no prices."""

from typing import Any, Final

from orderwright.documents import figures
from orderwright.documents.letterheads import Letterhead
from orderwright.documents.order_document import detail_of, local_day
from orderwright.kernel.numbers import trim
from orderwright.sales.page import OrderPage
from orderwright.shipping.queries import (
    CaseRow,
    ShipmentLineRow,
    ShipmentPage,
    ShipmentRow,
)

TEMPLATE: Final = "packing_slip"


def document_of(
    page: ShipmentPage, sender: Letterhead, order: OrderPage | None, *, with_customer: bool
) -> dict[str, Any]:
    """What the template prints; `order` is None for a standalone shipment. Where it goes stands on
    it for everyone who may see the shipment."""
    head = page.head
    return {
        "paper": sender.paper,
        "letterhead": sender.as_values(),
        "title": "Packing slip",
        "number": head.number,
        "barcode": figures.barcode(head.number),
        "addresses": _addresses(head, order if with_customer else None),
        "facts": _facts(head, sender, order),
        "columns": [
            figures.column("#", align="right"),
            figures.column("Product", width=1),
            figures.column("Ordered", align="right"),
            figures.column("In this shipment", align="right"),
            figures.column("Weight", align="right"),
        ],
        "rows": [_row(line, order) for line in page.lines],
        "case_columns": [
            figures.column("Case"),
            figures.column("Tracking number", width=1),
            figures.column("Weight", align="right"),
        ],
        "cases": [_case(one, head.number) for one in page.cases],
        "notes": figures.notes("Note", head.note),
    }


def _case(one: CaseRow, shipment: str) -> list[str]:
    return [
        one.number(shipment),
        one.tracking_number,
        figures.quantity(one.weight, one.weight_unit),
    ]


def _addresses(head: ShipmentRow, order: OrderPage | None) -> list[dict[str, Any]]:
    ship_to = figures.recipient(order.head.customer_name if order else "", head.ship_to)
    found = [{"title": "Ship to", "lines": ship_to}]
    if order is not None:
        bill_to = figures.recipient(order.head.customer_name, order.head.bill_to)
        found.append({"title": "Bill to", "lines": bill_to})
    return found


def _facts(head: ShipmentRow, sender: Letterhead, order: OrderPage | None) -> list[list[str]]:
    package = head.package
    weight = " ".join(str(package.get(name) or "") for name in ("weight", "weight_unit"))
    return figures.facts(
        [
            ("Order", head.order_number or ""),
            ("Your order", order.head.customer_po_number if order else ""),
            ("Shipped", local_day(head.shipped_at, sender)),
            ("Carrier", head.carrier_name),
            ("Service", head.carrier_option_name or ""),
            ("Tracking number", head.tracking_number),
            ("Weight", weight.strip()),
        ]
    )


def _row(line: ShipmentLineRow, order: OrderPage | None) -> dict[str, Any]:
    ordered = order.line(line.line_id) if order else None
    units = {one.weight_unit for one in line.selections}
    unit = units.pop() if len(units) == 1 else ""
    return {
        "position": str(line.position),
        "sku": line.sku,
        "description": (ordered.product_name if ordered else "") or line.description,
        "detail": detail_of(ordered) if ordered else "",
        "ordered": figures.quantity(ordered.effective, ordered.unit) if ordered else "",
        "quantity": figures.quantity(line.quantity, line.unit),
        "weight": f"{trim(line.weight)} {unit}".strip() if line.weight else "",
    }
