"""Ship goods of an order (domain 4.7): selections that wait, fresh lots, or both on one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory.selecting import Asked
from orderwright.kernel.numbers import parse_decimal, trim
from orderwright.kernel.text import check_text
from orderwright.sales import lifecycle, stock
from orderwright.sales.actions import locked_with_stock
from orderwright.sales.page import OrderPage
from orderwright.sales.party import check_can_ship_to, read_address
from orderwright.shipping import boxing, carriers
from orderwright.shipping.new_page import new_shipment
from orderwright.shipping.parts import (
    SelectionAsk,
    ShipLine,
    by_line,
    check_outstanding,
    chosen_parts,
    invalid,
)
from orderwright.shipping.pick_rules import number_after
from orderwright.shipping.queries import ShipmentPage

PACKAGE_NUMBERS = ("weight", "length", "width", "height")
PACKAGE_UNITS = ("weight_unit", "dimension_unit")

__all__ = ["NewShipment", "SelectionAsk", "ShipLine", "create_shipment"]


@dataclass(frozen=True, slots=True)
class NewShipment:
    """Goods that leave in one go. `lines` None ships all open selections."""

    carrier_id: UUID | None
    tracking_number: str = ""
    carrier_option_id: UUID | None = None
    lines: Sequence[ShipLine] | None = None
    package: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    ship_to: Mapping[str, Any] | None = None
    allow_over: bool = False
    confirmed: frozenset[str] = frozenset()
    version: int | None = None


def create_shipment(*, by: Caller, order: UUID | str, new: NewShipment) -> ShipmentPage:
    """Ship, all or nothing; stock is deducted exactly once.

    Raises Invalid for a missing carrier or tracking number and for nothing to ship, Conflict for
    an address to ship to that is not complete (`incomplete_address`), holds, selections that
    somebody shipped meanwhile, more than is outstanding (`over_selection`), more than is on hand,
    and `confirmation_required` (`duplicate_tracking`).
    """
    by.must("shipments:create")
    page = locked_with_stock(by, order, new.version)
    lifecycle.check("create-shipment", page.facts())
    if new.lines is not None:
        stock.check_line_ids(page, [line.line_id for line in new.lines])
    carrier = carriers.check_carrier(
        by,
        carrier_id=new.carrier_id,
        carrier_option_id=new.carrier_option_id,
        tracking_number=new.tracking_number,
        confirmed=new.confirmed,
    )
    ship_to = page.head.ship_to if new.ship_to is None else read_address(new.ship_to, "ship_to")
    check_can_ship_to(ship_to)
    fresh = _take_lots(by, page, new)
    parts = chosen_parts(by, page, new.lines, fresh)
    shipped = by_line(parts)
    check_outstanding(page, shipped, allow_over=new.allow_over)
    carrying = boxing.carry(by, parts, stage="shipped")
    shipment = new_shipment(
        by,
        page,
        number=next_number(page),
        carrier=carrier,
        shipped=shipped,
        parts=parts,
        carrying=carrying,
        ship_to=ship_to,
        tracking_number=new.tracking_number.strip(),
        package=read_package(new.package),
        note=check_text(new.note, "note", longest=2_000),
    )
    boxing.insert_shipment(by, shipment, page)
    boxing.save_order(by, page, shipment, boxing.happened("created", shipment))
    return shipment


def _take_lots(by: Caller, page: OrderPage, new: NewShipment) -> set[UUID]:
    """Select the fresh lots; answers the selections that were made here."""
    asked = [
        Asked(
            line_id=line.line_id,
            lot_id=lot.lot_id,
            quantity=lot.quantity,
            weight=lot.weight,
            full=lot.full,
            allow_over=new.allow_over,
            field=f"lines.{index}.lots.{number}",
        )
        for index, line in enumerate(new.lines or ())
        for number, lot in enumerate(line.lots)
    ]
    return {made.id for made in stock.take(by, page, asked)} if asked else set()


def next_number(page: OrderPage) -> str:
    """The number of the order's next shipment."""
    return number_after(page.head.number, [one["number"] for one in page.head.shipments])


def read_package(given: Mapping[str, Any]) -> dict[str, str]:
    """Weight and size of the package as they were sent, where they make sense."""
    read: dict[str, str] = {}
    for name in PACKAGE_NUMBERS:
        if given.get(name) not in (None, ""):
            number = parse_decimal(given[name], f"package.{name}")
            if number <= 0:
                raise invalid("invalid_number", f"package.{name}", "Give more than zero.")
            read[name] = trim(number)
    for name in PACKAGE_UNITS:
        unit = check_text(given.get(name) or "", f"package.{name}", longest=20).strip()
        if unit:
            read[name] = unit
    return read
