"""Ship goods of an order (domain 4.7): selections that wait, fresh lots, or both on one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
from orderwright.inventory.selecting import Asked
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.numbers import parse_decimal, trim
from orderwright.kernel.text import check_text
from orderwright.kernel.wide_rows import with_values
from orderwright.sales import lifecycle, promises, stock
from orderwright.sales.actions import locked_with_stock
from orderwright.sales.page import OrderPage, facts_of
from orderwright.sales.party import read_address
from orderwright.sales.writing import Happening, save
from orderwright.shipping import carriers, sql
from orderwright.shipping.new_page import new_shipment
from orderwright.shipping.parts import (
    SelectionAsk,
    ShipLine,
    by_line,
    check_outstanding,
    chosen_parts,
    invalid,
)
from orderwright.shipping.queries import ShipmentPage

PACKAGE_NUMBERS = ("weight", "length", "width", "height")
PACKAGE_UNITS = ("weight_unit", "dimension_unit")
_LINE_COLUMNS = ("id", "line_id", "quantity", "weight")

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
    holds, selections that somebody shipped meanwhile, more than is outstanding (`over_selection`),
    more than is on hand, and `confirmation_required` (`duplicate_tracking`).
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
    fresh = _take_lots(by, page, new)
    parts = chosen_parts(by, page, new.lines, fresh)
    shipped = by_line(parts)
    check_outstanding(page, shipped, allow_over=new.allow_over)
    carrying = inventory.ship_selections(
        by,
        whole=[part.row.id for part in parts if part.is_whole],
        parts=[(part.row.id, part.quantity, part.weight) for part in parts if not part.is_whole],
    )
    shipment = new_shipment(
        by,
        page,
        number=_next_number(page),
        carrier=carrier,
        shipped=shipped,
        parts=parts,
        carrying=carrying,
        ship_to=page.head.ship_to if new.ship_to is None else read_address(new.ship_to, "ship_to"),
        tracking_number=new.tracking_number.strip(),
        package=_read_package(new.package),
        note=check_text(new.note, "note", longest=2_000),
    )
    _insert(by, shipment)
    _save_order(by, page, shipment)
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


def _next_number(page: OrderPage) -> str:
    """The order's number, then -2, -3 (domain 1.16)."""
    count = len(page.head.shipments) + 1
    return page.head.number if count == 1 else f"{page.head.number}-{count}"


def _insert(by: Caller, shipment: ShipmentPage) -> None:
    head, (event,) = shipment.head, shipment.events
    with connection.cursor() as cursor:
        cursor.execute(
            sql.INSERT_SHIPMENT,
            {
                "organization": by.organization_id,
                "id": head.id,
                "at": by.now,
                "number": head.number,
                "order": head.order_id,
                "carrier": head.carrier_id,
                "carrier_option": head.carrier_option_id,
                "tracking_number": head.tracking_number,
                "ship_to": to_json(head.ship_to),
                "package": to_json(head.package),
                "note": head.note,
                "actor_name": by.actor.name,
                "event_id": event.id,
                "lines": to_json(
                    [
                        {name: getattr(line, name) for name in _LINE_COLUMNS}
                        for line in shipment.lines
                    ]
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
            },
        )


def _read_package(given: Mapping[str, Any]) -> dict[str, str]:
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


def _save_order(by: Caller, page: OrderPage, shipment: ShipmentPage) -> None:
    shipped = shipment.head
    known = {
        "id": str(shipped.id),
        "number": shipped.number,
        "stage": shipped.stage,
        "tracking_status": shipped.tracking_status,
        "line_ids": [str(line.line_id) for line in shipment.lines],
    }
    head = replace(
        page.head,
        told={**page.head.told, "shipments": [*page.head.shipments, known]},
        first_shipped_at=page.head.first_shipped_at or by.now,
    )
    lines = [
        with_values(line, over_ship_confirmed=True) if line.shipped > line.effective else line
        for line in promises.recounted(by, page.lines)
    ]
    if not any(line.outstanding for line in facts_of(head, lines).active_lines):
        head = replace(head, reopened_at=None)  # the correction is done (ruling 19)
    body = {
        "number": shipped.number,
        "carrier": shipped.carrier_name,
        "tracking_number": shipped.tracking_number,
        "lines": [
            {"position": line.position, "quantity": line.quantity, "unit": line.unit}
            for line in shipment.lines
        ],
    }
    happening = Happening("shipment.created", body, subject_id=shipped.id)
    save(by, page, head=head, lines=lines, happening=happening)
