"""Taking stock for something that is no line: material for a job, a receipt that is reversed.

Pure: what was asked of which lots, and the lots as they stand after it, all or nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.inventory.rules import LotAfter, LotFacts, plan_take, weight_of_stock
from orderwright.inventory.selecting import Left, proposed_weight
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.numbers import EXACT, ZERO, round_half_up, trim
from orderwright.kernel.quantity import check_quantity, decimals_allowed, round_quantity
from orderwright.kernel.weight import check_weight, check_weight_unit, convert, round_weight


@dataclass(frozen=True, slots=True)
class Wanted:
    """So much of one lot. `quantity` in the lot's unit and `weight` in `weight_unit` (empty: the
    lot's), as they were sent; neither, or `full`: everything. `field` starts the fields of errors.
    """

    lot_id: UUID
    quantity: object = None
    weight: object = None
    weight_unit: str = ""
    full: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one row takes, in the lot's units."""

    lot_id: UUID
    product_id: UUID
    tag_id: str
    quantity: Decimal
    unit: str
    weight: Decimal
    weight_unit: str


@dataclass(frozen=True, slots=True)
class TakingPlan:
    """Each row's stock in the order asked, and the lots afterwards."""

    rows: tuple[Taken, ...]
    lots: tuple[LotAfter, ...]


def plan_taking(
    wanted: Sequence[Wanted],
    lots: Mapping[UUID, LotFacts],
    *,
    unusable: frozenset[str] = frozenset({"archived"}),
    allow_negative: bool = False,
) -> TakingPlan:
    """What the rows take together. What was not said follows from the lot: the weight of a
    quantity is its share, and so is the quantity of a weight.

    Raises Invalid for numbers that make no sense and `unknown_lot`, Conflict `lot_unavailable`,
    `insufficient_stock`.
    """
    left = {lot.id: Left(lot.quantity, lot.weight) for lot in lots.values()}
    rows = []
    for row in wanted:
        lot = _usable(row, lots, unusable)
        taken = _read(row, lot, left[lot.id])
        left[lot.id].quantity -= taken.quantity
        left[lot.id].weight -= taken.weight
        rows.append(taken)
    if not allow_negative:
        _check_enough(wanted, rows, lots, left)
    after = tuple(
        plan_take(lot, lot.quantity - left[lot.id].quantity, lot.weight - left[lot.id].weight)
        for lot in lots.values()
        if any(row.lot_id == lot.id for row in rows)
    )
    return TakingPlan(tuple(rows), after)


def _usable(row: Wanted, lots: Mapping[UUID, LotFacts], unusable: frozenset[str]) -> LotFacts:
    lot = lots.get(row.lot_id)
    if lot is None:
        message = "There is no such inventory."
        raise Invalid("unknown_lot", message, fields={f"{row.field}lot_id": message})
    if lot.status in unusable:
        message = f"{lot.tag_id} is {lot.status} and cannot be used."
        raise Conflict("lot_unavailable", message, details={"lot_id": str(lot.id)})
    return lot


def _read(row: Wanted, lot: LotFacts, left: Left) -> Taken:
    quantity, weight = _amounts(row, lot, left)
    if not quantity and not weight:
        message = f"{lot.tag_id} has nothing left."
        fields = {f"{row.field}lot_id": message}
        raise Conflict("insufficient_stock", message, fields=fields)
    return Taken(lot.id, lot.product_id, lot.tag_id, quantity, lot.unit, weight, lot.weight_unit)


def _amounts(row: Wanted, lot: LotFacts, left: Left) -> tuple[Decimal, Decimal]:
    if row.full or (row.quantity is None and row.weight is None):
        return max(ZERO, left.quantity), max(ZERO, left.weight)
    weight = None if row.weight is None else _weight(row, lot)
    if row.quantity is not None:
        quantity = check_quantity(row.quantity, lot.unit, f"{row.field}quantity")
        return quantity, proposed_weight(lot, quantity, left) if weight is None else weight
    assert weight is not None
    if not weight:
        message = "Say how much: a quantity, a weight, or all of it."
        raise Invalid("invalid_weight", message, fields={f"{row.field}weight": message})
    return _quantity_of(weight, lot, left), weight


def _weight(row: Wanted, lot: LotFacts) -> Decimal:
    weight = check_weight(row.weight, f"{row.field}weight")
    if not row.weight_unit:
        return weight
    unit = check_weight_unit(row.weight_unit, f"{row.field}weight_unit")
    return round_weight(convert(weight, unit, lot.weight_unit))


def _quantity_of(weight: Decimal, lot: LotFacts, left: Left) -> Decimal:
    """The share of the lot's quantity that weighs so much: `quantity × w ÷ weight`.

    Counted pieces are whole; whoever takes the last weight takes the last piece.
    """
    if not lot.quantity:
        return ZERO
    if weight == left.weight:
        return max(ZERO, left.quantity)
    if lot.weight:
        share = EXACT.divide(EXACT.multiply(lot.quantity, weight), lot.weight)
    else:
        weighs = weight_of_stock(Decimal(1), lot.unit, lot.weight_unit)
        share = EXACT.divide(weight, weighs) if weighs else ZERO
    return round_half_up(round_quantity(share), decimals_allowed(lot.unit))


def _check_enough(
    wanted: Sequence[Wanted],
    rows: Sequence[Taken],
    lots: Mapping[UUID, LotFacts],
    left: Mapping[UUID, Left],
) -> None:
    lacking = {
        row.lot_id: f"{asked.field}{'quantity' if left[row.lot_id].quantity < 0 else 'weight'}"
        for asked, row in zip(wanted, rows, strict=True)
        if left[row.lot_id].quantity < 0 or left[row.lot_id].weight < 0
    }
    if not lacking:
        return
    found = [_missing(lots[lot_id], left[lot_id]) for lot_id in lacking]
    sentences = [f"{one['tag_id']} has {one['available']} {one['unit']}." for one in found]
    raise Conflict(
        "insufficient_stock",
        f"Not enough stock: {' '.join(sentences)} Take less.",
        fields=dict(zip(lacking.values(), sentences, strict=True)),
        details={"lots": found},
    )


def _missing(lot: LotFacts, left: Left) -> dict[str, str]:
    by_quantity = left.quantity < 0
    held, rest = (lot.quantity, left.quantity) if by_quantity else (lot.weight, left.weight)
    return {
        "lot_id": str(lot.id),
        "tag_id": lot.tag_id,
        "asked": trim(held - rest),
        "available": trim(held),
        "unit": lot.unit if by_quantity else lot.weight_unit,
    }
