"""Write a shipment with what it carries, and tell its order: shipped at once, or packed first."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.wide_rows import with_values
from orderwright.sales import promises
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.writing import Happening, save
from orderwright.shipping import sql
from orderwright.shipping.parts import Part
from orderwright.shipping.queries import ShipmentPage

_LINE_COLUMNS = ("id", "line_id", "quantity", "weight")


def carry(by: Caller, parts: Sequence[Part], *, stage: str) -> dict[UUID, UUID]:
    """Selections leave, or go into a box: whole ones, or parts that are split off. Answers which
    selection carries each part. Raises Conflict `selection_not_open`."""
    move = inventory.ship_selections if stage == "shipped" else inventory.pack_selections
    return move(
        by,
        whole=[part.row.id for part in parts if part.is_whole],
        parts=[(part.row.id, part.quantity, part.weight) for part in parts if not part.is_whole],
    )


def insert_shipment(by: Caller, shipment: ShipmentPage, order: OrderPage | None = None) -> None:
    """Write a new shipment, and its lines as packed rows of the order's pick. One statement."""
    head = shipment.head
    with connection.cursor() as cursor:
        cursor.execute(
            sql.INSERT_SHIPMENT,
            {
                "organization": by.organization_id,
                "id": head.id,
                "at": by.now,
                "number": head.number,
                "order": head.order_id,
                "stage": head.stage,
                "carrier": head.carrier_id,
                "carrier_option": head.carrier_option_id,
                "tracking_number": head.tracking_number,
                "ship_to": to_json(head.ship_to),
                "package": to_json(head.package),
                "note": head.note,
                "shipped_at": head.shipped_at,
                "shipped_by": head.shipped_by,
                "actor_name": by.actor.name,
                "events": to_json([{"id": event.id} for event in shipment.events]),
                "cases": to_json(
                    [{"id": one.id, "position": one.position} for one in shipment.cases]
                ),
                **carried_parameters(shipment, order),
            },
        )


def carried_parameters(shipment: ShipmentPage, order: OrderPage | None) -> dict[str, str]:
    """The parameters of `sql.CARRIED`: lines, their selections, and the packed rows of the pick."""
    known = order.lines_by_id() if order is not None else {}
    return {
        "lines": to_json(
            [{name: getattr(line, name) for name in _LINE_COLUMNS} for line in shipment.lines]
        ),
        "selections": to_json(
            [
                {
                    "id": new_id(),
                    "shipment_line_id": line.id,
                    "selection_id": carried.selection_id,
                    "made_here": carried.made_here,
                }
                for line in shipment.lines
                for carried in line.selections
            ]
        ),
        "packed": to_json(
            [_packed_row(known[line.line_id], line.quantity) for line in shipment.lines]
        ),
    }


def _packed_row(line: LineRow, quantity: Decimal) -> dict[str, Any]:
    to_pack = max(ZERO, line.effective - line.packed)
    return {
        "id": new_id(),
        "line_id": line.id,
        "quantity": quantity,
        "recorded": _recorded(line, quantity),
        "ordered": min(to_pack, quantity) or quantity,
    }


def _recorded(line: LineRow, quantity: Decimal) -> Decimal:
    """How much of what is packed somebody had recorded as picked."""
    return min(quantity, max(ZERO, line.picked - line.packed))


def save_order(
    by: Caller, page: OrderPage, shipment: ShipmentPage, happening: Happening
) -> OrderPage:
    """The order of a new shipment: told of it, with its sums; what is packed counts as picked."""
    head = shipment.head
    packed = {line.line_id: line.quantity for line in shipment.lines}
    lines = [
        _with_packed(line, packed[line.id]) if line.id in packed else line
        for line in promises.recounted(by, page.lines)
    ]
    known = {
        "id": str(head.id),
        "number": head.number,
        "stage": head.stage,
        "tracking_status": head.tracking_status,
        "line_ids": [str(line.line_id) for line in shipment.lines],
    }
    first = by.now if head.stage == "shipped" and shipment.lines else None
    order_head = replace(
        page.head,
        told={**page.head.told, "shipments": [*page.head.shipments, known]},
        first_shipped_at=page.head.first_shipped_at or first,
    )
    return save(by, page, head=order_head, lines=lines, happening=happening)


def _with_packed(line: LineRow, quantity: Decimal) -> LineRow:
    """The line with what is packed now. More than ordered was said to be meant (invariant 1)."""
    packed = line.packed + quantity
    return with_values(
        line,
        packed=packed,
        picked=line.picked + quantity - _recorded(line, quantity),
        over_ship_confirmed=line.over_ship_confirmed
        or line.shipped > line.effective
        or packed > line.effective,
    )


def unpacked(by: Caller, page: OrderPage, shipment_id: UUID) -> list[LineRow]:
    """The lines of the order once a shipment is taken back: its rows of the pick are packed no
    more, and what people had recorded waits again. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.UNPACK_ROWS, {"organization": by.organization_id, "shipment": shipment_id}
        )
        back = {line_id: (quantity, recorded) for line_id, quantity, recorded in cursor.fetchall()}
    return [
        with_values(
            line,
            packed=line.packed - back[line.id][0],
            picked=line.picked - back[line.id][0] + back[line.id][1],
        )
        if line.id in back
        else line
        for line in promises.recounted(by, page.lines)
    ]


def happened(verb: str, shipment: ShipmentPage, **more: Any) -> Happening:
    """The event of a shipment that carries something now."""
    head = shipment.head
    body = {
        "number": head.number,
        "carrier": head.carrier_name,
        "tracking_number": head.tracking_number,
        "lines": [
            {"position": line.position, "quantity": line.quantity, "unit": line.unit}
            for line in shipment.lines
        ],
        **more,
    }
    return Happening(f"shipment.{verb}", body, subject_id=head.id)
