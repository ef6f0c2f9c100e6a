"""Stock: what is on hand, what is promised, who is served first (domain 1.10, rulings 5, 11).

A quantity is in the product's default unit, a weight in the unit that stands beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import EXACT, ZERO
from orderwright.kernel.quantity import check_counted
from orderwright.kernel.weight import check_weight, convert, is_weight_unit, round_weight

AVAILABLE = "available"
RETRIEVED_OUT = "retrieved_out"
UNUSABLE = frozenset({"rejected", "scrap", "archived"})
PRIORITY_RANKS = {"high": 0, "normal": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class Availability:
    """The figures of one product, in its default unit (domain 1.10)."""

    on_hand: Decimal
    reserved: Decimal
    short: Decimal

    @property
    def available(self) -> Decimal:
        """Available to promise; below zero when more is promised than there is."""
        return self.on_hand - self.reserved - self.short


@dataclass(frozen=True, slots=True)
class Reservation:
    """An open promise to one line: `required` of it, `covered` by stock on hand.

    On the basis `quantity` both are in the product's default unit, on the basis `weight` in
    `weight_unit`. Served first: the lowest rank, then the earliest issued, then position, then id.
    """

    id: UUID
    required: Decimal
    covered: Decimal
    issued_at: datetime
    priority_rank: int = 1
    position: int = 1
    basis: str = "quantity"
    weight_unit: str = ""

    @property
    def short(self) -> Decimal:
        """Promised, and not covered by stock."""
        return self.required - self.covered

    @property
    def status(self) -> str:
        """`closed` when nothing is required; else `reserved` (all covered), `partial`, `open`."""
        if not self.required:
            return "closed"
        if self.covered >= self.required:
            return "reserved"
        return "partial" if self.covered else "open"


@dataclass(frozen=True, slots=True)
class Stock:
    """All that is on hand of one product. `weight` 0 says that nobody weighed it."""

    quantity: Decimal
    unit: str = "pcs"
    weight: Decimal = ZERO
    weight_unit: str = "g"


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What is true of one lot, in its product's default `unit`. `weight` 0: nobody weighed it.

    `created_at` decides which lot is the oldest.
    """

    id: UUID
    product_id: UUID
    tag_id: str
    quantity: Decimal
    created_at: datetime
    unit: str = "pcs"
    weight: Decimal = ZERO
    weight_unit: str = "g"
    status: str = AVAILABLE


@dataclass(frozen=True, slots=True)
class LotAfter:
    """A lot as it stands after a plan, and by how much the plan changes it."""

    id: UUID
    product_id: UUID
    quantity: Decimal
    weight: Decimal
    status: str
    delta_quantity: Decimal
    delta_weight: Decimal


def plan_coverage(on_hand: Decimal, reservations: Iterable[Reservation]) -> dict[UUID, Decimal]:
    """New `covered` of each reservation whose coverage changes, all in one measure.

    Nobody loses coverage to somebody else here: when more is covered than is on hand, coverage is
    lost from the last in line on; else what is free covers the waiting from the first on.
    """
    line = sorted(reservations, key=_served_first)
    covered = {item.id: min(item.covered, item.required) for item in line}
    free = max(ZERO, on_hand) - sum(covered.values(), ZERO)
    for item in line if free > 0 else reversed(line):
        if free > 0:
            step = min(free, item.required - covered[item.id])
        else:
            step = max(free, -covered[item.id])
        covered[item.id] += step
        free -= step
    return {item.id: covered[item.id] for item in line if covered[item.id] != item.covered}


def plan_product_coverage(stock: Stock, reservations: Iterable[Reservation]) -> dict[UUID, Decimal]:
    """As `plan_coverage`, for reservations of one product by quantity and by weight.

    A product whose default unit is a weight has one pool. Any other has two: its quantity for
    reservations by quantity, its weight for those by weight.
    """
    pools: dict[str, list[Reservation]] = {}
    originals = {item.id: item for item in reservations}
    for item in originals.values():
        unit = _pool_unit(stock, item)
        pools.setdefault(unit, []).append(_in_unit(item, unit))
    changed: dict[UUID, Decimal] = {}
    for unit, pool in pools.items():
        on_hand = stock.quantity if unit == stock.unit else stock.weight
        full = {item.id: item.required for item in pool}
        for id_, covered in plan_coverage(on_hand, pool).items():
            original = originals[id_]
            whole = covered == full[id_]
            changed[id_] = original.required if whole else _out_of_unit(covered, unit, original)
    return {id_: covered for id_, covered in changed.items() if covered != originals[id_].covered}


def cover_at_issue(
    on_hand: Decimal, covered_by_others: Decimal, needs: Iterable[Reservation]
) -> dict[UUID, Decimal]:
    """`covered` of each new reservation of one product: what is on hand and nobody else's.

    `covered = min(required, max(0, on_hand − covered by others))`, one need after the other
    (domain 1.10). The needs' own `covered` counts as nothing.
    """
    fresh = [replace(need, covered=ZERO) for need in needs]
    covered = plan_coverage(on_hand - covered_by_others, fresh)
    return {need.id: covered.get(need.id, ZERO) for need in fresh}


def plan_take(lot: LotFacts, quantity: Decimal, weight: Decimal) -> LotAfter:
    """The lot after so much was taken from it; a lot that is used up is `retrieved_out`."""
    return _after(lot, lot.quantity - quantity, lot.weight - weight)


def plan_put(lot: LotFacts, quantity: Decimal, weight: Decimal) -> LotAfter:
    """The lot after so much came back to it."""
    return _after(lot, lot.quantity + quantity, lot.weight + weight)


def plan_adjust(
    lot: LotFacts, *, quantity: object = None, weight: object = None, allow_negative: bool = False
) -> LotAfter:
    """The lot at the newly counted values (ruling 16); what was not counted stays.

    A quantity that is itself a weight takes the weight along, and nothing weighs nothing. Raises
    Invalid `nothing_counted`, `invalid_quantity`, `invalid_weight`.
    """
    if quantity is None and weight is None:
        message = "Give the counted quantity, the weight, or both."
        raise Invalid("nothing_counted", message, fields={"quantity": message})
    counted = lot.quantity
    weighed = lot.weight
    if quantity is not None:
        counted = check_counted(quantity, lot.unit, "quantity", allow_negative=allow_negative)
        weighed = _weight_at(lot, counted)
    if weight is not None:
        weighed = check_weight(weight, "weight")
    return _after(lot, counted, weighed)


def weight_of_stock(quantity: Decimal, unit: str, weight_unit: str) -> Decimal:
    """The weight of a new lot that nobody weighed: known when its quantity is a weight, else 0."""
    if not is_weight_unit(unit):
        return ZERO
    return round_weight(convert(quantity, unit, weight_unit))


def availability_of(stock: Stock, reservations: Iterable[Reservation]) -> Availability:
    """The product's figures. What is promised by weight counts as the quantity of that weight."""
    reserved = short = ZERO
    for item in reservations:
        reserved += _as_quantity(item.covered, stock, item)
        short += _as_quantity(item.short, stock, item)
    return Availability(stock.quantity, reserved, short)


def _served_first(item: Reservation) -> tuple[int, datetime, int, UUID]:
    return (item.priority_rank, item.issued_at, item.position, item.id)


def _pool_unit(stock: Stock, item: Reservation) -> str:
    if item.basis == "quantity" or is_weight_unit(stock.unit):
        return stock.unit
    return stock.weight_unit


def _in_unit(item: Reservation, unit: str) -> Reservation:
    if item.basis == "quantity":
        return item
    return replace(
        item,
        required=convert(item.required, item.weight_unit, unit),
        covered=convert(item.covered, item.weight_unit, unit),
    )


def _out_of_unit(covered: Decimal, unit: str, original: Reservation) -> Decimal:
    if original.basis == "quantity":
        return covered
    return min(original.required, round_weight(convert(covered, unit, original.weight_unit)))


def _as_quantity(amount: Decimal, stock: Stock, item: Reservation) -> Decimal:
    if item.basis == "quantity":
        return amount
    if is_weight_unit(stock.unit):
        return round_weight(convert(amount, item.weight_unit, stock.unit))
    if not stock.weight:
        return ZERO
    weight = convert(amount, item.weight_unit, stock.weight_unit)
    return round_weight(EXACT.divide(EXACT.multiply(weight, stock.quantity), stock.weight))


def _weight_at(lot: LotFacts, counted: Decimal) -> Decimal:
    if not counted:
        return ZERO
    if is_weight_unit(lot.unit):
        return max(ZERO, weight_of_stock(counted, lot.unit, lot.weight_unit))
    return lot.weight


def _after(lot: LotFacts, quantity: Decimal, weight: Decimal) -> LotAfter:
    return LotAfter(
        id=lot.id,
        product_id=lot.product_id,
        quantity=quantity,
        weight=weight,
        status=_status_at(lot.status, quantity, weight),
        delta_quantity=quantity - lot.quantity,
        delta_weight=weight - lot.weight,
    )


def _status_at(status: str, quantity: Decimal, weight: Decimal) -> str:
    if status in UNUSABLE:
        return status
    return AVAILABLE if quantity or weight > 0 else RETRIEVED_OUT
