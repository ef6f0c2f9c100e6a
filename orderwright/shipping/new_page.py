"""A new shipment as it will be read: just packed or gone, and nobody has said anything of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.kernel.ids import new_id
from orderwright.sales.page import OrderPage
from orderwright.shipping.carriers import Chosen
from orderwright.shipping.parts import Part, Shipped
from orderwright.shipping.queries import (
    Carried,
    CaseRow,
    ShipmentLineRow,
    ShipmentPage,
    ShipmentRow,
    TrackingRow,
)


def new_shipment(
    by: Caller,
    order: OrderPage | None,
    *,
    number: str,
    carrier: Chosen,
    shipped: Mapping[UUID, Shipped],
    parts: Sequence[Part],
    carrying: Mapping[UUID, UUID],
    stage: str = "shipped",
    cases: int = 0,
    **given: Any,
) -> ShipmentPage:
    """The shipment of these parts. `carrying` says which selection carries each part, `given` are
    the fields that stand in the shipment as they were sent."""
    has_left = stage == "shipped"
    shipment_id = new_id()
    return ShipmentPage(
        head=ShipmentRow(
            id=shipment_id,
            number=number,
            version=1,
            order_id=order.id if order else None,
            order_number=order.head.number if order else None,
            customer_id=order.head.customer_id if order else None,
            customer_name=order.head.customer_name if order else None,
            stage=stage,
            tracking_status="pending",
            carrier_id=carrier.id,
            carrier_name=carrier.name,
            carrier_option_id=carrier.option_id,
            carrier_option_name=carrier.option_name,
            shipped_at=by.now if has_left else None,
            shipped_by=by.actor.name if has_left else "",
            delivered_at=None,
            exception_message="",
            created_at=by.now,
            updated_at=by.now,
            **given,
        ),
        lines=new_lines(shipment_id, shipped, parts, carrying, has_left=has_left),
        events=(first_event(by, shipment_id),) if has_left else (),
        cases=tuple(CaseRow(new_id(), place) for place in range(1, cases + 1)),
    )


def new_lines(
    shipment_id: UUID,
    shipped: Mapping[UUID, Shipped],
    parts: Sequence[Part],
    carrying: Mapping[UUID, UUID],
    *,
    has_left: bool = True,
) -> tuple[ShipmentLineRow, ...]:
    """What a shipment carries, line by line."""
    status = "shipped" if has_left else "retrieved"
    carried: dict[UUID, list[Carried]] = {}
    for part in parts:
        carried.setdefault(part.line.id, []).append(_carried(part, carrying[part.row.id], status))
    lines = [_line(shipment_id, one, carried[line_id]) for line_id, one in shipped.items()]
    return tuple(sorted(lines, key=lambda line: line.position))


def _line(shipment_id: UUID, shipped: Shipped, carried: Sequence[Carried]) -> ShipmentLineRow:
    line = shipped.line
    return ShipmentLineRow(
        id=new_id(),
        shipment_id=shipment_id,
        line_id=line.id,
        position=line.position,
        sku=line.sku,
        description=line.description,
        quantity=shipped.quantity,
        unit=line.unit,
        weight=shipped.weight,
        selections=tuple(carried),
    )


def _carried(part: Part, selection_id: UUID, status: str) -> Carried:
    return Carried(
        selection_id=selection_id,
        made_here=part.made_here,
        lot_id=part.row.lot_id,
        tag_id=part.row.tag_id,
        quantity=part.quantity,
        weight=part.weight,
        weight_unit=part.row.weight_unit,
        status=status,
    )


def first_event(by: Caller, shipment_id: UUID) -> TrackingRow:
    """What the system itself says when goods leave."""
    return TrackingRow(
        id=new_id(),
        shipment_id=shipment_id,
        status="pending",
        occurred_at=by.now,
        location="",
        message="",
        source="system",
        recorded_by=by.actor.name,
    )
