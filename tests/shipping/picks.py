"""A warehouse that works with picks, and what must be true of every pick (domain 1.20, 2.9)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.kernel.numbers import ZERO
from orderwright.sales.models import SalesOrder
from orderwright.sales.page import OrderPage
from orderwright.shipping import pick_queries, picking, shipping_out
from orderwright.shipping.models import Pick, PickLine
from orderwright.shipping.pick_keeping import to_pick
from orderwright.shipping.pick_page import PickLineRow, PickPage
from orderwright.shipping.pick_rules import NO_DAY, PRIORITY_RANKS, OrderToPick, plan_pick
from orderwright.shipping.queries import ShipmentPage
from tests.sales.desk import Desk


def pick_of(desk: Desk, order: OrderPage) -> PickPage:
    """The pick of an order."""
    return pick_queries.read_pick(desk.by, order.head.number)


def rows(desk: Desk, order: OrderPage) -> list[tuple[int, str, str, bool]]:
    """Position, asked for, picked, packed, of each row of an order's pick."""
    return [
        (
            line.position,
            f"{line.ordered_quantity.normalize():f}",
            f"{line.quantity.normalize():f}",
            not line.is_open,
        )
        for line in pick_of(desk, order).lines
    ]


def open_row(desk: Desk, order: OrderPage, position: int = 1) -> PickLineRow:
    """The open row of a line."""
    (row,) = [one for one in pick_of(desk, order).open_lines if one.position == position]
    return row


def record(desk: Desk, order: OrderPage, quantity: object, *, position: int = 1) -> PickPage:
    """Record what is picked of a line."""
    row = open_row(desk, order, position)
    return picking.record_picked(
        by=desk.by, pick=order.head.number, line_id=row.id, quantity=str(quantity)
    )


def pack(desk: Desk, order: OrderPage, **fields: Any) -> ShipmentPage:
    """Pack what is picked."""
    return picking.pack(by=desk.by, pick=order.head.number, **fields)


def packed(desk: Desk, order: OrderPage, quantity: object, **fields: Any) -> ShipmentPage:
    """Pick so much of the first line and pack it."""
    record(desk, order, quantity)
    return pack(desk, order, **fields)


def ship(desk: Desk, shipment: ShipmentPage, **fields: Any) -> ShipmentPage:
    """A packed shipment leaves."""
    desk.tracked += 1
    values = {"tracking_number": f"2Z{desk.tracked:05}", **fields}
    return shipping_out.ship(by=desk.by, shipment=shipment.head.id, **values)


def void(desk: Desk, shipment: ShipmentPage) -> ShipmentPage:
    """Unpack a shipment."""
    return shipping_out.void_shipment(by=desk.by, shipment=shipment.head.id)


def wrong_picks(desk: Desk) -> list[str]:
    """Every contradiction between orders and their picks."""
    by = desk.by
    found: list[str] = []
    known = list(SalesOrder.objects.of(by.organization_id).values_list("pk", flat=True))
    for order_id in known:
        from orderwright.sales import queries

        found += _wrong(queries.read_order(by, order_id))
    strays = Pick.objects.of(by.organization_id).exclude(order_id__in=known).count()
    return found + ([f"{strays} picks without an order"] if strays else [])


def _wrong(page: OrderPage) -> list[str]:
    number = page.head.number
    picks = list(Pick.objects.filter(order_id=page.id))
    own = list(PickLine.objects.filter(pick__order_id=page.id))
    stands = to_pick(page.head, page.lines)
    nothing = OrderToPick("estimate", stands.priority, None, ())
    plan = plan_pick(nothing, replace(stands))
    if bool(picks) != (plan.verb == "create"):
        return [f"{number}: {len(picks)} picks, wanted {plan.verb}"]
    found = [f"{number}: {plan.picked} would be picked"] if plan.picked else []
    wanted = sorted((row.line_id, row.ordered, row.quantity) for row in plan.rows)
    standing = sorted(
        (row.line_id, row.ordered_quantity, row.quantity) for row in own if row.packed_at is None
    )
    if standing != wanted:
        found.append(f"{number}: open rows {standing}, wanted {wanted}")
    for line in page.lines:
        found += _wrong_sums(number, line, [row for row in own if row.line_id == line.id])
    for pick in picks:
        found += _wrong_head(page, pick, is_finished=not wanted)
    return found


def _wrong_sums(number: str, line: Any, own: Sequence[PickLine]) -> list[str]:
    sums = (
        sum((row.quantity for row in own), ZERO),
        sum((row.quantity for row in own if row.packed_at is not None), ZERO),
    )
    if sums != (line.picked, line.packed):
        stored = (line.picked, line.packed)
        return [f"{number} line {line.position}: stored {stored}, rows {sums}"]
    return []


def _wrong_head(page: OrderPage, pick: Pick, *, is_finished: bool) -> list[str]:
    head = page.head
    wanted = (
        "finished" if is_finished else "open",
        PRIORITY_RANKS[head.priority],
        head.date_required or NO_DAY,
        head.number,
    )
    stored = (pick.status, pick.priority_rank, pick.due_on, pick.number)
    return [] if stored == wanted else [f"{head.number}: pick {stored}, wanted {wanted}"]


def amount(text: str) -> Decimal:
    """A quantity."""
    return Decimal(text)


def row_ids(desk: Desk, order: OrderPage) -> list[UUID]:
    """The ids of the open rows, by position."""
    return [row.id for row in pick_of(desk, order).open_lines]
