"""The work of a picker: record what was picked, all of it or line by line, start again, pack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory.selecting import Asked
from orderwright.kernel.errors import Conflict, Invalid, NotFound
from orderwright.kernel.numbers import ZERO, trim
from orderwright.kernel.quantity import check_counted
from orderwright.kernel.versions import check_version
from orderwright.kernel.weight import TOLERANCE
from orderwright.kernel.wide_rows import with_values
from orderwright.sales import queries as sales
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.writing import Happening, save
from orderwright.shipping import boxing, gathering, pick_queries
from orderwright.shipping.actions import next_number
from orderwright.shipping.carriers import Chosen
from orderwright.shipping.gathering import Wanted
from orderwright.shipping.new_page import new_shipment
from orderwright.shipping.parts import by_line
from orderwright.shipping.pick_keeping import to_pick
from orderwright.shipping.pick_page import PickPage
from orderwright.shipping.pick_queries import RowKey
from orderwright.shipping.pick_rules import LineToPick, check_issued, check_may_be_voided
from orderwright.shipping.queries import ShipmentPage

MOST_CASES = 999


@dataclass(frozen=True, slots=True)
class PackLot:
    """So much of a lot that goes into the box for a line. `line_id` is the order's line or the row
    of the pick; quantity in the lot's unit."""

    line_id: UUID
    lot_id: UUID
    quantity: object = None


@dataclass(frozen=True, slots=True)
class _Picked:
    """A pick under the lock of its order: `rows` by their own ids and, open ones, by lines."""

    pick_id: UUID
    order: OrderPage
    rows: Mapping[UUID, RowKey]
    to_pick: Mapping[UUID, LineToPick]

    def line_of(self, row_id: UUID) -> LineRow | None:
        """The order's line of an open row, or None."""
        row = self.rows.get(row_id)
        if row is None or row.packed_at is not None:
            return None
        return self.order.line(row.line_id)


def record_picked(
    *, by: Caller, pick: UUID | str, line_id: UUID, quantity: object, version: int | None = None
) -> PickPage:
    """Say how much of a row was picked in all: zero or more, also more than ordered (domain 1.15).

    `line_id` is the id of the pick's row (the order's line is understood as well). Raises Invalid
    `invalid_quantity`, NotFound, Conflict `line_packed`, `not_issued`, `stale_version`.
    """
    by.must("picks:update")
    known = _locked(by, pick, version)
    row = known.rows.get(line_id)
    if row is None:
        raise NotFound("not_found", "There is no such line on this pick.")
    line = known.line_of(line_id)
    if line is None:
        message = "This line is packed already. Void its shipment first."
        raise Conflict("line_packed", message, details={"line_id": str(row.line_id)})
    picked = check_counted(quantity, line.unit)
    return _recorded(by, known, {line.id: picked}, "line_picked")


def pick_all(*, by: Caller, pick: UUID | str, version: int | None = None) -> PickPage:
    """Everything outstanding is picked. Raises Conflict `nothing_to_pick`, `stale_version`."""
    by.must("picks:update")
    known = _locked(by, pick, version)
    wanted = {
        line.id: line.outstanding
        for line in known.to_pick.values()
        if line.outstanding > line.waiting
    }
    if not wanted:
        raise Conflict("nothing_to_pick", "Everything on this pick is picked already.")
    return _recorded(by, known, wanted, "all_picked")


def void_pick(*, by: Caller, pick: UUID | str, version: int | None = None) -> PickPage:
    """Start again from nothing picked. Raises Conflict `shipment_exists` while a shipment of the
    order is neither voided nor cancelled, `stale_version`."""
    by.must("picks:update")
    known = _locked(by, pick, version)
    live = [one.number for one in known.order.facts().shipments if one.is_live]
    check_may_be_voided(live)
    picked = {line.id: ZERO for line in known.to_pick.values() if line.waiting}
    return _recorded(by, known, picked, "voided")


def pack(
    *,
    by: Caller,
    pick: UUID | str,
    line_ids: Sequence[UUID] | None = None,
    cases: int = 1,
    lots: Sequence[PackLot] = (),
    allow_over: bool = False,
    version: int | None = None,
) -> ShipmentPage:
    """Put picked rows into a shipment that has not left (domain 4.8); all picked ones by default.

    Stock comes from the lots that are named, then from open selections, then from the oldest lots.
    Raises Invalid `nothing_picked`, `invalid_cases`, `unknown_line`, `unknown_lot`, Conflict
    `over_selection`, `insufficient_stock`, `stale_version`.
    """
    by.must("picks:update")
    _check_cases(cases)
    known = _locked(by, pick, version, with_stock=True)
    chosen = _chosen(known, line_ids)
    _check_not_over(known, chosen, allow_over=allow_over)
    wanted = _wanted(known, chosen, lots, allow_over=allow_over)
    parts = gathering.gather(by, known.order, wanted, allow_over=allow_over)
    order, head = known.order, known.order.head
    shipment = new_shipment(
        by,
        order,
        number=next_number(order),
        stage="packed",
        carrier=Chosen(
            head.carrier_id, head.carrier_name, head.carrier_option_id, head.carrier_option_name
        ),
        shipped=by_line(parts),
        parts=parts,
        carrying=boxing.carry(by, parts, stage="packed"),
        cases=cases,
        ship_to=head.ship_to,
        tracking_number="",
        package={},
        note="",
    )
    boxing.insert_shipment(by, shipment, order)
    boxing.save_order(by, order, shipment, boxing.happened("packed", shipment, cases=cases))
    return shipment


def _locked(
    by: Caller, pick: UUID | str, version: int | None, *, with_stock: bool = False
) -> _Picked:
    """The pick, with its order locked: nobody changes a pick without the lock of its order."""
    order_id = pick_queries.order_of_pick(by, pick)
    lock = sales.lock_order_with_stock if with_stock else sales.lock_order
    order = lock(by, order_id)
    pick_id, stands_at, rows = pick_queries.rows_of_order(by, order_id)
    check_version("pick", stands_at, version)
    check_issued(order.head.status)
    return _Picked(
        pick_id,
        order,
        {row.line_id: row for row in rows if row.packed_at is None} | {row.id: row for row in rows},
        {line.id: line for line in to_pick(order.head, order.lines).lines},
    )


def _recorded(by: Caller, known: _Picked, waiting: Mapping[UUID, Decimal], verb: str) -> PickPage:
    """Save what waits picked of these lines. The order's version is left to those who edit it."""
    order = known.order
    lines = [
        with_values(line, picked=line.packed + waiting[line.id]) if line.id in waiting else line
        for line in order.lines
    ]
    if list(order.lines) != lines:
        body = {
            "number": order.head.number,
            "lines": [
                {"position": line.position, "quantity": waiting[line.id], "unit": line.unit}
                for line in order.lines
                if line.id in waiting
            ],
        }
        happening = Happening(f"pick.{verb}", body, subject_id=known.pick_id, edits=0)
        save(by, order, head=order.head, lines=lines, happening=happening)
    return pick_queries.read_pick(by, known.pick_id)


def _chosen(known: _Picked, line_ids: Sequence[UUID] | None) -> list[LineRow]:
    """The lines to pack: those named, or all of which something is picked."""
    named: list[LineRow] = []
    for index, row_id in enumerate(dict.fromkeys(line_ids or ())):
        line = known.line_of(row_id)
        if line is None:
            message = "This line does not stand on the pick, or is packed already."
            raise Invalid("unknown_line", message, fields={f"line_ids.{index}": message})
        if line not in named:
            named.append(line)
    lines = known.order.lines if line_ids is None else named
    picked = [line for line in lines if _waiting(known, line) > 0]
    if not picked:
        message = "Nothing of this is picked. Record what you picked first."
        raise Invalid("nothing_picked", message, fields={"line_ids": message})
    return picked


def _waiting(known: _Picked, line: LineRow) -> Decimal:
    facts = known.to_pick.get(line.id)
    return facts.waiting if facts is not None and facts.outstanding else ZERO


def _check_not_over(known: _Picked, lines: Sequence[LineRow], *, allow_over: bool) -> None:
    for line in lines:
        facts = known.to_pick[line.id]
        if facts.waiting > facts.outstanding + TOLERANCE and not allow_over:
            raise Conflict(
                "over_selection",
                f"Line {line.position} has {trim(facts.outstanding)} {line.unit} to be packed, and "
                f"{trim(facts.waiting)} are picked. Correct it, or send allow_over.",
                details={
                    "line_id": str(line.id),
                    "outstanding": trim(facts.outstanding),
                    "asked": trim(facts.waiting),
                },
            )


def _wanted(
    known: _Picked, lines: Sequence[LineRow], lots: Sequence[PackLot], *, allow_over: bool
) -> list[Wanted]:
    """What goes into the box of each line, with the lots that were named for it."""
    named: dict[UUID, list[Asked]] = {}
    chosen = {line.id for line in lines}
    for index, lot in enumerate(lots):
        line = known.line_of(lot.line_id)
        if line is None or line.id not in chosen:
            message = "This line is not among those that are packed."
            raise Invalid("unknown_line", message, fields={f"lots.{index}.line_id": message})
        asked = Asked(line.id, lot.lot_id, lot.quantity, field=f"lots.{index}")
        named.setdefault(line.id, []).append(replace(asked, allow_over=allow_over))
    return [Wanted(line, _waiting(known, line), named.get(line.id, ())) for line in lines]


def _check_cases(cases: int) -> None:
    if not 1 <= cases <= MOST_CASES:
        message = f"A shipment has 1 to {MOST_CASES} cases."
        raise Invalid("invalid_cases", message, fields={"cases": message})
