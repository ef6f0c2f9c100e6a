"""What a picker takes along: each line with its barcode, where its goods lie, and a box to tick."""

from typing import Any, Final

from orderwright.documents import figures
from orderwright.documents.letterheads import Letterhead
from orderwright.shipping.pick_page import OpenSelection, PickLineRow, PickPage, SuggestedLot

TEMPLATE: Final = "pick_sheet"
_MOST_PLACES: Final = 3
_ATTRIBUTES: Final = ("size", "shape", "color", "quality", "material")


def document_of(page: PickPage, sender: Letterhead, *, with_customer: bool) -> dict[str, Any]:
    """What the template prints: the rows that are not packed yet."""
    head = page.head
    ship_to = figures.recipient(head.customer_name, head.ship_to)
    return {
        "paper": sender.paper,
        "letterhead": sender.as_values(),
        "title": "Pick sheet",
        "number": head.number,
        "barcode": figures.barcode(head.number),
        "addresses": [{"title": "Ship to", "lines": ship_to}] if with_customer else [],
        "facts": figures.facts(
            [
                ("Customer", head.customer_name if with_customer else ""),
                ("Their order", head.customer_po_number),
                ("Priority", "" if head.priority == "normal" else head.priority.capitalize()),
                ("Required", figures.day(head.date_required)),
                ("Carrier", head.carrier_name),
                ("Service", head.carrier_option_name or ""),
            ]
        ),
        "columns": [
            figures.column("#", align="right"),
            figures.column("Product", width=1),
            figures.column("Scan"),
            figures.column("From"),
            figures.column("Ordered", align="right"),
            figures.column("Picked", align="right"),
            figures.column("Done"),
        ],
        "rows": [_row(line) for line in page.open_lines],
        "notes": figures.notes("Note", head.note),
        "signs": ["Picked by", "Checked by"],
    }


def _row(line: PickLineRow) -> dict[str, Any]:
    return {
        "position": str(line.position),
        "sku": line.sku,
        "description": line.product_name or line.description,
        "detail": ", ".join(
            str(getattr(line, name)) for name in _ATTRIBUTES if getattr(line, name)
        ),
        "barcode": figures.barcode(line.sku),
        "places": [_place(lot) for lot in _places(line)],
        "ordered": figures.quantity(line.ordered_quantity, line.unit),
        "picked": figures.quantity(line.quantity) if line.quantity else "",
    }


def _places(line: PickLineRow) -> list[OpenSelection | SuggestedLot]:
    """What is selected, else the lots that it can come from."""
    found: list[OpenSelection | SuggestedLot] = [*line.open_selections]
    return (found or [*line.suggested_lots])[:_MOST_PLACES]


def _place(lot: OpenSelection | SuggestedLot) -> dict[str, str]:
    where = ", ".join(part for part in (lot.location_name, lot.rack) if part)
    return {"tag": lot.tag_id, "said": f"{where}: {figures.quantity(lot.quantity, lot.unit)}"}
