"""Goods that do not leave after all: a shipment is cancelled or voided (domain 2.6, 4.8)."""

from dataclasses import replace
from typing import Any

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
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
    """
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


def retold(order: OrderPage, page: ShipmentPage, **became: Any) -> dict[str, Any]:
    """What the order was told, with what its shipment became."""
    own = str(page.head.id)
    known = [{**entry, **became} if entry["id"] == own else entry for entry in order.head.shipments]
    return {**order.head.told, "shipments": known}
