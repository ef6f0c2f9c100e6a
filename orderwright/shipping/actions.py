"""Ship goods of an order (domain 4.7): selections that wait, fresh lots, or both on one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
from orderwright.inventory import queries as inventory_queries
from orderwright.inventory.queries import SelectionRow
from orderwright.inventory.selecting import Asked
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.numbers import EXACT, ZERO, trim
from orderwright.kernel.quantity import check_quantity
from orderwright.kernel.text import check_text
from orderwright.kernel.weight import round_weight
from orderwright.sales import lifecycle, promises, stock
from orderwright.sales.actions import locked
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.party import read_address
from orderwright.sales.stock import LotAsk
from orderwright.sales.writing import Happening, save
from orderwright.shipping import queries, sql
from orderwright.shipping.queries import ShipmentPage
from orderwright.shipping.rules import needs_tracking_number


@dataclass(frozen=True, slots=True)
class SelectionAsk:
    """A selection to ship, whole or a part (quantity in the lot's unit)."""

    selection_id: UUID
    quantity: object = None


@dataclass(frozen=True, slots=True)
class ShipLine:
    """What to ship of one line: selections that wait, and fresh lots."""

    line_id: UUID
    selections: Sequence[SelectionAsk] = ()
    lots: Sequence[LotAsk] = ()


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


@dataclass(frozen=True, slots=True)
class _Part:
    """So much of one selection that leaves; quantity in the lot's unit."""

    row: SelectionRow
    line: LineRow
    quantity: Decimal
    weight: Decimal
    made_here: bool

    @property
    def is_whole(self) -> bool:
        """Nothing of the selection stays."""
        return self.quantity == self.row.quantity


def create_shipment(*, by: Caller, order: UUID | str, new: NewShipment) -> ShipmentPage:
    """Ship, all or nothing; stock is deducted exactly once.

    Raises Invalid for a missing carrier or tracking number and for nothing to ship, Conflict for
    holds, selections that somebody shipped meanwhile, more than is outstanding (`over_selection`),
    more than is on hand, and `confirmation_required` (`duplicate_tracking`).
    """
    by.must("shipments:create")
    page = locked(by, order, new.version)
    lifecycle.check("create-shipment", page.facts())
    carrier_name = _check_carrier(by, new)
    fresh = _take_lots(by, page, new)
    parts = _parts(by, page, new, fresh)
    shipped = _by_line(parts)
    _check_outstanding(page, shipped, allow_over=new.allow_over)
    carrying = inventory.ship_selections(
        by,
        whole=[part.row.id for part in parts if part.is_whole],
        parts=[(part.row.id, part.quantity, part.weight) for part in parts if not part.is_whole],
    )
    shipment_id, number = new_id(), _next_number(page)
    _insert(
        by,
        page,
        new,
        shipment_id=shipment_id,
        number=number,
        shipped=shipped,
        parts=parts,
        carrying=carrying,
    )
    body = {
        "number": number,
        "carrier": carrier_name,
        "tracking_number": new.tracking_number.strip(),
        "lines": [
            {"position": line.position, "quantity": quantity, "unit": line.unit}
            for line, quantity, _ in shipped.values()
        ],
    }
    _save_order(by, page, shipment_id=shipment_id, number=number, shipped=shipped, body=body)
    return queries.read_shipment(by, shipment_id)


def _check_carrier(by: Caller, new: NewShipment) -> str:
    """The carrier exists, is enabled, and has a tracking number where it needs one."""
    if new.carrier_id is None:
        raise _invalid("carrier_missing", "carrier_id", "Choose the carrier.")
    tracking = check_text(new.tracking_number, "tracking_number", longest=80).strip()
    with connection.cursor() as cursor:
        cursor.execute(
            sql.CARRIER,
            {
                "organization": by.organization_id,
                "carrier": new.carrier_id,
                "carrier_option": new.carrier_option_id,
                "tracking_number": tracking,
            },
        )
        row = cursor.fetchone()
    if row is None or not row[2]:
        raise _invalid("unknown_carrier", "carrier_id", "There is no such carrier, or it is off.")
    if new.carrier_option_id is not None and not row[3]:
        message = f"{row[0]} has no such option."
        raise _invalid("unknown_carrier_option", "carrier_option_id", message)
    if not tracking and needs_tracking_number(row[1]):
        message = f"{row[0]} needs a tracking number. Type it from the label."
        raise _invalid("tracking_number_missing", "tracking_number", message)
    if row[4] is not None and "duplicate_tracking" not in new.confirmed:
        raise Conflict(
            "confirmation_required",
            f"Shipment {row[4]} has this tracking number already. Correct it, or confirm it.",
            fields={"tracking_number": f"used by {row[4]}"},
            details={"confirm": "duplicate_tracking", "shipment": row[4]},
        )
    return str(row[0])


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


def _parts(by: Caller, page: OrderPage, new: NewShipment, fresh: set[UUID]) -> list[_Part]:
    """What leaves, selection by selection. Raises Invalid `nothing_to_ship`."""
    lines = {line.reservation_id: line for line in page.lines if line.reservation_id}
    known = {row.id: row for row in inventory_queries.selections_of(by, list(lines))}
    parts = [_whole(known[id_], lines, made_here=True) for id_ in sorted(fresh)]
    if new.lines is None:
        parts += [
            _whole(row, lines, made_here=False)
            for row in known.values()
            if row.status == "retrieved"
        ]
    for index, line in enumerate(new.lines or ()):
        for number, asked in enumerate(line.selections):
            path = f"lines.{index}.selections.{number}"
            parts.append(_asked_part(asked, line.line_id, known, lines, path))
    if not parts:
        message = "Nothing is chosen to ship. Choose selections or lots of at least one line."
        raise _invalid("nothing_to_ship", "lines", message)
    _check_once(parts)
    return parts


def _whole(row: SelectionRow, lines: Mapping[UUID, LineRow], *, made_here: bool) -> _Part:
    return _Part(row, lines[row.reservation_id], row.quantity, row.weight, made_here)


def _asked_part(
    asked: SelectionAsk,
    line_id: UUID,
    known: Mapping[UUID, SelectionRow],
    lines: Mapping[UUID, LineRow],
    path: str,
) -> _Part:
    row = known.get(asked.selection_id)
    if row is None or lines[row.reservation_id].id != line_id:
        message = "This selection does not belong to the line."
        raise _invalid("unknown_selection", f"{path}.selection_id", message)
    if row.status != "retrieved":
        raise Conflict(
            "selection_not_open",
            f"The selection from {row.tag_id} is {row.status} already. Reload the order.",
            details={"selection_id": str(row.id), "status": row.status},
        )
    if asked.quantity is None:
        return _whole(row, lines, made_here=False)
    quantity = check_quantity(asked.quantity, row.unit, f"{path}.quantity")
    if quantity > row.quantity:
        raise Conflict(
            "over_selection",
            f"Only {trim(row.quantity)} {row.unit} of {row.tag_id} are selected. "
            "Ship less, or select more first.",
            details={"selected": trim(row.quantity), "asked": trim(quantity)},
        )
    share = EXACT.divide(EXACT.multiply(row.weight, quantity), row.quantity)
    return _Part(row, lines[row.reservation_id], quantity, round_weight(share), made_here=False)


def _check_once(parts: Sequence[_Part]) -> None:
    seen: set[UUID] = set()
    for part in parts:
        if part.row.id in seen:
            message = f"The selection from {part.row.tag_id} is named twice."
            raise _invalid("selection_twice", "lines", message)
        seen.add(part.row.id)


def _by_line(parts: Sequence[_Part]) -> dict[UUID, tuple[LineRow, Decimal, Decimal]]:
    """Line, quantity in its measure, and weight in the first part's unit."""
    found: dict[UUID, tuple[LineRow, Decimal, Decimal]] = {}
    for part in parts:
        line, quantity, weight = found.get(part.line.id, (part.line, ZERO, ZERO))
        amount = promises.in_line_measure(line, part.quantity, {part.row.weight_unit: part.weight})
        found[line.id] = (line, quantity + amount, weight + part.weight)
    return found


def _check_outstanding(
    page: OrderPage,
    shipped: Mapping[UUID, tuple[LineRow, Decimal, Decimal]],
    *,
    allow_over: bool,
) -> None:
    for line, quantity, _ in shipped.values():
        if quantity > line.outstanding and not allow_over:
            raise Conflict(
                "over_selection",
                f"Line {line.position} has {trim(line.outstanding)} {line.unit} outstanding; "
                f"this would ship {trim(quantity)}. Ship less, or send allow_over.",
                details={
                    "line_id": str(line.id),
                    "outstanding": trim(line.outstanding),
                    "asked": trim(quantity),
                },
            )


def _next_number(page: OrderPage) -> str:
    """The order's number, then -2, -3 (domain 1.16)."""
    count = len(page.head.shipments) + 1
    return page.head.number if count == 1 else f"{page.head.number}-{count}"


def _insert(
    by: Caller,
    page: OrderPage,
    new: NewShipment,
    *,
    shipment_id: UUID,
    number: str,
    shipped: Mapping[UUID, tuple[LineRow, Decimal, Decimal]],
    parts: Sequence[_Part],
    carrying: Mapping[UUID, UUID],
) -> None:
    row_of = {line_id: new_id() for line_id in shipped}
    ship_to = read_address(new.ship_to, "ship_to") if new.ship_to else page.head.ship_to
    with connection.cursor() as cursor:
        cursor.execute(
            sql.INSERT_SHIPMENT,
            {
                "organization": by.organization_id,
                "id": shipment_id,
                "at": by.now,
                "number": number,
                "order": page.id,
                "carrier": new.carrier_id,
                "carrier_option": new.carrier_option_id,
                "tracking_number": new.tracking_number.strip(),
                "ship_to": to_json(ship_to),
                "package": to_json(dict(new.package)),
                "note": check_text(new.note, "note", longest=2_000),
                "actor_name": by.actor.name,
                "event_id": new_id(),
                "lines": to_json(
                    [
                        {"id": row_of[id_], "line_id": id_, "quantity": quantity, "weight": weight}
                        for id_, (_, quantity, weight) in shipped.items()
                    ]
                ),
                "selections": to_json(
                    [
                        {
                            "id": new_id(),
                            "shipment_line_id": row_of[part.line.id],
                            "selection_id": carrying[part.row.id],
                            "made_here": part.made_here,
                        }
                        for part in parts
                    ]
                ),
            },
        )


def _save_order(
    by: Caller,
    page: OrderPage,
    *,
    shipment_id: UUID,
    number: str,
    shipped: Mapping[UUID, tuple[LineRow, Decimal, Decimal]],
    body: dict[str, Any],
) -> None:
    known = {
        "id": str(shipment_id),
        "number": number,
        "stage": "shipped",
        "tracking_status": "pending",
        "line_ids": [str(line_id) for line_id in shipped],
    }
    head = replace(
        page.head,
        told={**page.head.told, "shipments": [*page.head.shipments, known]},
        first_shipped_at=page.head.first_shipped_at or by.now,
    )
    lines = [
        replace(line, over_ship_confirmed=True) if line.shipped > line.effective else line
        for line in promises.recounted(by, page.lines)
    ]
    happening = Happening("shipment.created", body, subject_id=shipment_id)
    save(by, page, head=head, lines=lines, happening=happening)


def _invalid(code: str, field: str, message: str) -> Invalid:
    return Invalid(code, message, fields={field: message})
