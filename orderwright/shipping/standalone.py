"""Shipments of no order, and saying later which order one belongs to (domain 1.16, C-18)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.identity.sql import take_number
from orderwright.kernel.errors import Conflict, Invalid, NotFound
from orderwright.kernel.quantity import check_quantity
from orderwright.kernel.text import check_text
from orderwright.kernel.versions import check_version
from orderwright.sales import guards, stock
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage
from orderwright.sales.party import check_can_ship_to, read_address
from orderwright.shipping import boxing, gathering, queries, sql
from orderwright.shipping.carriers import check_carrier
from orderwright.shipping.gathering import Wanted
from orderwright.shipping.new_page import new_lines, new_shipment
from orderwright.shipping.parts import Shipped, by_line, check_outstanding
from orderwright.shipping.pick_rules import check_issued
from orderwright.shipping.queries import ShipmentPage

PREFIX = "SH-"


@dataclass(frozen=True, slots=True)
class MappedLine:
    """So much of an order's line, in its measure, that a linked shipment carries."""

    line_id: UUID
    quantity: object


def create_standalone(
    *,
    by: Caller,
    carrier_id: UUID | None,
    tracking_number: str = "",
    ship_to: Mapping[str, Any] | None = None,
    note: str = "",
    confirmed: frozenset[str] = frozenset(),
) -> ShipmentPage:
    """A shipment of no order (domain 1.16); it has left, and can be linked to an order later.

    Raises what `carriers.check_carrier` raises, Invalid for an address that makes no sense,
    Conflict `incomplete_address` for one that is not whole.
    """
    by.must("shipments:create")
    address = read_address(ship_to, "ship_to") if ship_to else {}
    if address:
        check_can_ship_to(address)
    chosen = check_carrier(
        by,
        carrier_id=carrier_id,
        carrier_option_id=None,
        tracking_number=tracking_number,
        confirmed=confirmed,
    )
    shipment = new_shipment(
        by,
        None,
        number=f"{PREFIX}{take_number('shipment'):05}",
        carrier=chosen,
        shipped={},
        parts=(),
        carrying={},
        ship_to=address,
        tracking_number=tracking_number.strip(),
        package={},
        note=check_text(note, "note", longest=2_000),
    )
    boxing.insert_shipment(by, shipment)
    happening = boxing.happened("created", shipment)
    activity.record(by, happening.type, shipment.head.id, body=happening.body)
    return shipment


def link(
    *,
    by: Caller,
    shipment: UUID | str,
    order_id: UUID,
    lines: Sequence[MappedLine] = (),
    allow_over: bool = False,
    version: int | None = None,
) -> ShipmentPage:
    """Say that a standalone shipment belongs to an order, and what of it it carries (C-18).

    Mapped lines ship: they take open selections first, then the oldest lots. Without lines nothing
    counts as shipped. Raises Conflict `already_linked`, holds, `incomplete_address`,
    `over_selection`, `insufficient_stock`; Invalid `unknown_order`, `unknown_line`.
    """
    by.must("shipments:update")
    page, order = _locked(by, shipment, order_id)
    check_version("shipment", page.head.version, version)
    _check_may_be_linked(page)
    guards.check_may_leave(order.facts())
    _check_order(order, is_mapped=bool(lines))
    if lines:
        check_can_ship_to(page.head.ship_to or order.head.ship_to)
    linked = _carrying(by, page, order, lines, allow_over=allow_over)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.LINK_SHIPMENT,
            {
                "organization": by.organization_id,
                "id": page.head.id,
                "order": order.id,
                "at": by.now,
                **boxing.carried_parameters(linked, order),
            },
        )
    boxing.save_order(by, order, linked, boxing.happened("linked", linked))
    return queries.read_shipment(by, page.head.id)


def _locked(by: Caller, shipment: UUID | str, order_id: UUID) -> tuple[ShipmentPage, OrderPage]:
    """Stock, order and shipment, locked in that order."""
    found = queries.read_shipment(by, shipment)
    try:
        order = sales.lock_order_with_stock(by, order_id)
    except NotFound as missing:
        message = "There is no such sales order."
        raise Invalid("unknown_order", message, fields={"order_id": message}) from missing
    return queries.lock_shipment(by, found.head.id), order


def _check_may_be_linked(page: ShipmentPage) -> None:
    head = page.head
    if head.order_id is not None:
        message = f"This shipment belongs to {head.order_number} already."
        raise Conflict("already_linked", message, details={"order": head.order_number})
    if head.stage == "voided" or head.tracking_status == "cancelled":
        became = "voided" if head.stage == "voided" else "cancelled"
        details = {"status": became, "asked": "linked", "allowed": []}
        message = f"This shipment is {became}, and that is final."
        raise Conflict("invalid_transition", message, details=details)


def _check_order(order: OrderPage, *, is_mapped: bool) -> None:
    """Lines ship for an issued order only; a fulfilled one may get to know of a shipment."""
    if is_mapped or order.head.status not in ("fulfilled", "completed"):
        check_issued(order.head.status)


def _carrying(
    by: Caller,
    page: ShipmentPage,
    order: OrderPage,
    lines: Sequence[MappedLine],
    *,
    allow_over: bool,
) -> ShipmentPage:
    """The shipment with what it carries of the order; its stock has left."""
    head = replace(page.head, order_id=order.id, order_number=order.head.number)
    if not lines:
        return replace(page, head=head)
    wanted = _wanted(order, lines)
    asked = {one.line.id: Shipped(one.line, one.quantity, one.quantity) for one in wanted}
    check_outstanding(order, asked, allow_over=allow_over)
    parts = gathering.gather(by, order, wanted, allow_over=allow_over)
    carrying = boxing.carry(by, parts, stage="shipped")
    return replace(page, head=head, lines=new_lines(page.head.id, by_line(parts), parts, carrying))


def _wanted(order: OrderPage, lines: Sequence[MappedLine]) -> list[Wanted]:
    stock.check_line_ids(order, [mapped.line_id for mapped in lines])
    known = order.lines_by_id()
    wanted = []
    for index, mapped in enumerate(lines):
        line = known[mapped.line_id]
        if line.is_cancelled or not line.effective:
            message = f"Line {line.position} is cancelled. Restore it first."
            raise Conflict("line_cancelled", message, details={"line_id": str(line.id)})
        quantity = check_quantity(mapped.quantity, line.unit, f"lines.{index}.quantity")
        wanted.append(Wanted(line, quantity))
    return wanted
