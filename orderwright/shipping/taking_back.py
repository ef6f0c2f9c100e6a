"""Goods that do not leave after all: a shipment is cancelled or voided (domain 2.6, 4.8)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
from orderwright.kernel.errors import Conflict
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.weight import TOLERANCE
from orderwright.sales import promises, stock
from orderwright.sales.page import OrderPage
from orderwright.sales.writing import Happening, save
from orderwright.shipping import boxing
from orderwright.shipping.queries import ShipmentPage


def take_back(
    by: Caller,
    page: ShipmentPage,
    order: OrderPage | None,
    *,
    happening: Happening,
    **became: str,
) -> None:
    """What the shipment carried is here again; its order, locked with its stock, is told so.

    Selections made before it wait again, those made in it return to their lots, and the rows of the
    pick can be packed again. `became` is what changed of the shipment: `stage`, `tracking_status`.
    Raises Conflict `goods_returned` when the customer sent goods back that it carried.
    """
    _check_nothing_came_back(page, order)
    carried = [one for line in page.lines for one in line.selections]
    ids = [one.selection_id for one in carried]
    if page.head.stage == "packed":
        inventory.unpack_selections(by, ids)
    else:
        inventory.unship_selections(by, ids)
    if order is None:
        activity.record(by, happening.type, page.head.id, body=happening.body)
        return
    lines = boxing.unpacked(by, order, page.head.id)
    taken_here = [one.selection_id for one in carried if one.made_here]
    if taken_here:
        stock.give_back(by, replace(order, lines=tuple(lines)), taken_here)
        lines = promises.recounted(by, lines)
    told = retold(order, page, **became)
    save(by, order, head=replace(order.head, told=told), lines=lines, happening=happening)


def positions_returned(page: ShipmentPage, order: OrderPage | None) -> list[int]:
    """The lines of which more came back than would have shipped without this shipment."""
    if order is None or page.head.stage != "shipped":
        return []
    known = order.lines_by_id()
    return [
        line.position
        for line in (known[one.line_id] for one in page.lines if one.line_id in known)
        if line.returned > line.shipped - _carried(page, line.id) + TOLERANCE
    ]


def _carried(page: ShipmentPage, line_id: UUID) -> Decimal:
    return sum((one.quantity for one in page.lines if one.line_id == line_id), ZERO)


def _check_nothing_came_back(page: ShipmentPage, order: OrderPage | None) -> None:
    positions = positions_returned(page, order)
    if positions:
        shown = ", ".join(str(position) for position in positions[:8])
        noun = "line" if len(positions) == 1 else "lines"
        message = (
            f"Goods of {noun} {shown} came back in a return, so shipment {page.head.number} "
            "has left and stays. Take the rest back with a return, too."
        )
        raise Conflict("goods_returned", message, details={"positions": positions})


def retold(order: OrderPage, page: ShipmentPage, **became: Any) -> dict[str, Any]:
    """What the order was told, with what its shipment became."""
    own = str(page.head.id)
    known = [{**entry, **became} if entry["id"] == own else entry for entry in order.head.shipments]
    return {**order.head.told, "shipments": known}
