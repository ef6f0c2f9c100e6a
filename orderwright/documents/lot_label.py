"""The label of a lot: its tag as barcode and as square code, and what lies there."""

from typing import Any, Final

from orderwright.documents import figures
from orderwright.inventory.lot_queries import LotRow

TEMPLATE: Final = "lot_label"
WIDTH_MM: Final = 80
HEIGHT_MM: Final = 45
_ATTRIBUTES: Final = ("size", "shape", "color", "quality")


def document_of(lot: LotRow) -> dict[str, Any]:
    """What the template prints. The quantity stays off: it changes, the label does not."""
    described = ", ".join(str(getattr(lot, name)) for name in _ATTRIBUTES if getattr(lot, name))
    where = ", ".join(part for part in (lot.location_name, lot.rack) if part)
    return {
        "width": WIDTH_MM,
        "height": HEIGHT_MM,
        "tag": lot.tag_id,
        "sku": lot.product_sku,
        "name": lot.product_name,
        "lines": [line for line in (described, where) if line],
        "barcode": figures.barcode(lot.tag_id),
        "square": figures.square(lot.tag_id),
    }
