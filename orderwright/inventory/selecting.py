"""Selecting stock for lines: a pure plan over plain facts, all or nothing (domain 4.6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.inventory.measures import (
    Amount,
    Need,
    ReservationAfter,
    for_line,
    for_reservation,
    use_up,
)
from orderwright.inventory.rules import UNUSABLE, LotAfter, LotFacts, plan_take
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.numbers import EXACT, ZERO, trim
from orderwright.kernel.quantity import check_quantity, is_counted, round_quantity
from orderwright.kernel.weight import TOLERANCE, check_weight, is_weight_unit, round_weight


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of a request: so much of this lot for this line, or the whole lot (`full`).

    `quantity` in the lot's unit and `weight` in the lot's weight unit, as they were sent; `field`
    is the path of the row in the request, for errors.
    """

    line_id: UUID
    lot_id: UUID
    quantity: object = None
    weight: object = None
    full: bool = False
    allow_over: bool = False
    substitute: bool = False
    field: str = "selections"


@dataclass(frozen=True, slots=True)
class PlannedSelection:
    """So much of one lot for one line, to be written as a selection, in the lot's units."""

    line_id: UUID
    lot_id: UUID
    product_id: UUID
    quantity: Decimal
    unit: str
    weight: Decimal
    weight_unit: str
    is_full: bool

    @property
    def takes_nothing(self) -> bool:
        """All of a lot that has nothing left."""
        return self.quantity <= 0 and self.weight <= 0

    @property
    def amount(self) -> Amount:
        """The stock that it takes."""
        return Amount(self.quantity, self.unit, self.weight, self.weight_unit)


@dataclass(frozen=True, slots=True)
class SelectionPlan:
    """What to write. Then the `products` are covered anew: `rules.plan_product_coverage`."""

    rows: tuple[PlannedSelection, ...]
    lots: tuple[LotAfter, ...]
    reservations: tuple[ReservationAfter, ...]
    products: frozenset[UUID]


@dataclass(slots=True)
class Left:
    """What the rows read so far have left of a lot."""

    quantity: Decimal
    weight: Decimal


def plan_selection(
    asked: Sequence[Asked],
    needs: Mapping[UUID, Need],
    lots: Mapping[UUID, LotFacts],
    *,
    allow_negative: bool = False,
) -> SelectionPlan:
    """What the request takes: rows to write, and lots and reservations as they stand after it.

    A weight that was not given is the lot's share, `weight × q ÷ quantity`. The rows of one lot for
    one line become one; what several lines ask of one lot is checked together. A selection uses up
    its own line's reservation first, the covered part before the rest (domain 1.10).

    Raises, in this order: Invalid for a row that makes no sense; Conflict `line_cancelled`,
    `wrong_product`, `lot_unavailable`, `over_selection`, `insufficient_stock` (ruling 10).
    """
    rows = _merged(_read_all(asked, needs, lots))
    for row in asked:
        _check_usable(row, needs[row.line_id], lots[row.lot_id])
    _check_not_over(rows, asked, needs)
    _check_stock([row for row in rows if not allow_negative or row.takes_nothing], lots)
    return SelectionPlan(
        rows=rows,
        lots=_taken(rows, lots),
        reservations=_used_up(rows, needs),
        products=frozenset(
            product for row in rows for product in (row.product_id, needs[row.line_id].product_id)
        ),
    )


def keeps_coverage(plan: SelectionPlan, needs: Mapping[UUID, Need]) -> bool:
    """Whether each product gives exactly what covered its own lines' promises.

    Then as much is free, and as much short, as before: nobody else's coverage changes, as far as
    promises by quantity go.
    """
    given: dict[UUID, Decimal] = {}
    for row in plan.rows:
        if row.product_id != needs[row.line_id].product_id:
            return False
        given[row.product_id] = given.get(row.product_id, ZERO) + row.quantity
    own = {need.reservation.id: need for need in needs.values() if need.reservation is not None}
    for after in plan.reservations:
        need = own[after.id]
        if need.reservation is None or need.reservation.basis != "quantity":
            return False
        given[need.product_id] -= need.reservation.covered - after.covered
    return not any(given.values())


def proposed_weight(lot: LotFacts, quantity: Decimal, left: Left) -> Decimal:
    """The lot's share of weight for a quantity that came without one: `weight × q ÷ quantity`.

    Whoever takes the last of a lot takes the weight that is left of it.
    """
    if not lot.weight or not lot.quantity:
        return ZERO
    rest = max(ZERO, left.weight)
    if quantity == left.quantity:
        return rest
    share = round_weight(EXACT.divide(EXACT.multiply(lot.weight, quantity), lot.quantity))
    return share if quantity > left.quantity else min(rest, share)


def _read_all(
    asked: Sequence[Asked], needs: Mapping[UUID, Need], lots: Mapping[UUID, LotFacts]
) -> list[PlannedSelection]:
    left: dict[UUID, Left] = {}
    rows = []
    for row in asked:
        _check_known(row, needs, lots)
        lot = lots[row.lot_id]
        rest = left.setdefault(lot.id, Left(lot.quantity, lot.weight))
        read = _read(row, needs[row.line_id], lot, rest)
        rest.quantity -= read.quantity
        rest.weight -= read.weight
        rows.append(read)
    return rows


def _check_known(row: Asked, needs: Mapping[UUID, Need], lots: Mapping[UUID, LotFacts]) -> None:
    if row.line_id not in needs:
        message = "This line does not stand on the order."
        raise Invalid("unknown_line", message, fields={f"{row.field}.line_id": message})
    if row.lot_id not in lots:
        message = "There is no such inventory."
        raise Invalid("unknown_lot", message, fields={f"{row.field}.lot_id": message})


def _read(row: Asked, need: Need, lot: LotFacts, rest: Left) -> PlannedSelection:
    """The row in numbers. Raises Invalid for numbers that make no sense."""
    given = None if row.weight is None else check_weight(row.weight, f"{row.field}.weight")
    if row.full:
        quantity, weight = lot.quantity, lot.weight
    else:
        quantity = _quantity_of(row, need, lot, given)
        weight = proposed_weight(lot, quantity, rest) if given is None else given
    if need.basis == "weight" and not weight and lot.quantity:
        message = f"Line {need.position} goes by weight, and {lot.tag_id} was never weighed."
        raise Invalid("weight_missing", message, fields={f"{row.field}.weight": message})
    return PlannedSelection(
        line_id=row.line_id,
        lot_id=row.lot_id,
        product_id=lot.product_id,
        quantity=quantity,
        unit=lot.unit,
        weight=weight,
        weight_unit=lot.weight_unit,
        is_full=row.full or quantity == lot.quantity,
    )


def _quantity_of(row: Asked, need: Need, lot: LotFacts, weight: Decimal | None) -> Decimal:
    """The quantity as sent; for a line by weight it may follow from the weight alone."""
    if row.quantity is None and weight and need.basis == "weight":
        if not lot.quantity:
            return ZERO  # a lot that is kept by weight only
        if not is_counted(lot.unit) and lot.weight:
            share = EXACT.divide(EXACT.multiply(lot.quantity, weight), lot.weight)
            return round_quantity(share)
    if row.quantity is None:
        message = f"Say how many {lot.unit} of {lot.tag_id}, or take all of it."
        raise Invalid("quantity_missing", message, fields={f"{row.field}.quantity": message})
    return check_quantity(row.quantity, lot.unit, f"{row.field}.quantity")


def _merged(rows: Iterable[PlannedSelection]) -> tuple[PlannedSelection, ...]:
    merged: dict[tuple[UUID, UUID], PlannedSelection] = {}
    for row in rows:
        key = (row.line_id, row.lot_id)
        before = merged.get(key)
        merged[key] = row if before is None else _together(before, row)
    return tuple(merged.values())


def _together(one: PlannedSelection, other: PlannedSelection) -> PlannedSelection:
    return PlannedSelection(
        line_id=one.line_id,
        lot_id=one.lot_id,
        product_id=one.product_id,
        quantity=one.quantity + other.quantity,
        unit=one.unit,
        weight=one.weight + other.weight,
        weight_unit=one.weight_unit,
        is_full=one.is_full or other.is_full,
    )


def _check_usable(row: Asked, need: Need, lot: LotFacts) -> None:
    if need.cancelled:
        message = f"Line {need.position} is cancelled. Restore it first."
        raise Conflict("line_cancelled", message, details={"line_id": str(need.line_id)})
    if lot.product_id != need.product_id:
        _check_substitute(row, need, lot)
    if lot.status in UNUSABLE:
        message = f"{lot.tag_id} is {lot.status} and cannot be selected."
        raise Conflict("lot_unavailable", message, details={"lot_id": str(lot.id)})


def _check_substitute(row: Asked, need: Need, lot: LotFacts) -> None:
    details = {"line_id": str(need.line_id), "lot_id": str(lot.id), "tag_id": lot.tag_id}
    if not row.substitute:
        message = f"{lot.tag_id} is another product than line {need.position} asks for."
        raise Conflict("wrong_product", f"{message} Confirm it as a substitute.", details=details)
    both_weights = is_weight_unit(lot.unit) and is_weight_unit(need.stock_unit)
    if need.basis == "quantity" and lot.unit != need.stock_unit and not both_weights:
        message = f"{lot.tag_id} is kept in {lot.unit}, the product of the line in another unit."
        raise Conflict("wrong_product", message, details=details)


def _check_not_over(
    rows: Sequence[PlannedSelection], asked: Sequence[Asked], needs: Mapping[UUID, Need]
) -> None:
    may_exceed = {row.line_id for row in asked if row.allow_over}
    sums: dict[UUID, Decimal] = {}
    for row in rows:
        counts = for_line(needs[row.line_id], row.amount)
        sums[row.line_id] = sums.get(row.line_id, ZERO) + counts
    for line_id, total in sums.items():
        need = needs[line_id]
        if line_id not in may_exceed and total > need.to_select + TOLERANCE:
            details = {
                "line_id": str(line_id),
                "asked": trim(round_quantity(total)),
                "to_select": trim(need.to_select),
                "unit": need.unit,
            }
            message = (
                f"Line {need.position} still needs {details['to_select']} {need.unit}, "
                f"and {details['asked']} were asked for. Take less, or allow more than ordered."
            )
            raise Conflict("over_selection", message, details=details)


def _check_stock(rows: Sequence[PlannedSelection], lots: Mapping[UUID, LotFacts]) -> None:
    missing = [_missing(lots[lot_id], items) for lot_id, items in _by_lot(rows).items()]
    lacking = [item for item in missing if item is not None]
    if lacking:
        sentences = [
            f"{item['tag_id']} has {item['available']} {item['unit']}, asked for {item['asked']}."
            for item in lacking
        ]
        details = {"lots": lacking}
        raise Conflict(
            "insufficient_stock", "Not enough stock: " + " ".join(sentences), details=details
        )


def _missing(lot: LotFacts, rows: Sequence[PlannedSelection]) -> dict[str, str] | None:
    quantity = sum((row.quantity for row in rows), ZERO)
    weight = sum((row.weight for row in rows), ZERO)
    asked, available, unit = quantity, lot.quantity, lot.unit
    if quantity <= lot.quantity and (quantity > 0 or weight > 0):
        asked, available, unit = weight, lot.weight, lot.weight_unit
        if weight <= lot.weight:
            return None
    return {
        "lot_id": str(lot.id),
        "tag_id": lot.tag_id,
        "asked": trim(asked),
        "available": trim(available),
        "unit": unit,
    }


def _taken(rows: Sequence[PlannedSelection], lots: Mapping[UUID, LotFacts]) -> tuple[LotAfter, ...]:
    return tuple(
        plan_take(
            lots[lot_id],
            sum((row.quantity for row in items), ZERO),
            sum((row.weight for row in items), ZERO),
        )
        for lot_id, items in _by_lot(rows).items()
    )


def _by_lot(rows: Sequence[PlannedSelection]) -> dict[UUID, list[PlannedSelection]]:
    by_lot: dict[UUID, list[PlannedSelection]] = {}
    for row in rows:
        by_lot.setdefault(row.lot_id, []).append(row)
    return by_lot


def _used_up(
    rows: Sequence[PlannedSelection], needs: Mapping[UUID, Need]
) -> tuple[ReservationAfter, ...]:
    used: dict[UUID, Decimal] = {}
    for row in rows:
        need = needs[row.line_id]
        if need.reservation is not None:
            counts = for_reservation(need, need.reservation, row.amount)
            used[row.line_id] = used.get(row.line_id, ZERO) + counts
    found = []
    for line_id, amount in used.items():
        reservation = needs[line_id].reservation
        if reservation is not None and reservation.required > 0:
            found.append(use_up(reservation, amount))
    return tuple(found)
