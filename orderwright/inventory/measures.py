"""What stock counts for a line: between the product's default unit and the line's own measure."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.inventory.rules import Reservation
from orderwright.kernel.numbers import EXACT, ONE, ZERO
from orderwright.kernel.quantity import round_quantity
from orderwright.kernel.weight import convert, is_weight_unit


@dataclass(frozen=True, slots=True)
class Need:
    """What one line still wants of one product.

    `to_select` is outstanding and not yet selected, in the line's measure: its `unit`, of which
    one is `unit_ratio` of the product's default `stock_unit`, or on the basis `weight` its weight
    unit. `reservation` is the line's own. `may_take` limits automatic selection, in the line's
    measure: what is promised to the line or to nobody; None sets no limit.
    """

    line_id: UUID
    product_id: UUID
    to_select: Decimal
    position: int = 1
    unit: str = "pcs"
    unit_ratio: Decimal = ONE
    basis: str = "quantity"
    stock_unit: str = "pcs"
    cancelled: bool = False
    reservation: Reservation | None = None
    may_take: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """So much stock: a quantity in `unit`, and its weight in `weight_unit` (0: not weighed)."""

    quantity: Decimal
    unit: str
    weight: Decimal
    weight_unit: str


@dataclass(frozen=True, slots=True)
class ReservationAfter:
    """A line's own reservation after a plan."""

    id: UUID
    required: Decimal
    covered: Decimal


def for_line(need: Need, amount: Amount) -> Decimal:
    """How much the stock counts for the line, in the line's measure, not rounded."""
    if need.basis == "weight":
        return convert(amount.weight, amount.weight_unit, need.unit)
    return EXACT.divide(_in_stock_unit(need, amount), need.unit_ratio)


def for_reservation(need: Need, reservation: Reservation, amount: Amount) -> Decimal:
    """How much the stock counts for the line's reservation, in the reservation's measure."""
    if reservation.basis == "weight":
        return convert(amount.weight, amount.weight_unit, reservation.weight_unit)
    return round_quantity(_in_stock_unit(need, amount))


def wanted_of_reservation(need: Need, reservation: Reservation) -> Decimal:
    """What the line still wants, in its reservation's measure."""
    if reservation.basis == "weight":
        return convert(need.to_select, need.unit, reservation.weight_unit)
    if need.basis == "weight":
        return round_quantity(convert(need.to_select, need.unit, need.stock_unit))
    return round_quantity(EXACT.multiply(need.to_select, need.unit_ratio))


def use_up(reservation: Reservation, amount: Decimal) -> ReservationAfter:
    """The reservation after its line got so much stock: the covered part goes first.

    `required −= min(amount, required)` (domain 1.10).
    """
    required = max(ZERO, reservation.required - amount)
    covered = max(ZERO, reservation.covered - amount)
    return ReservationAfter(reservation.id, required, min(covered, required))


def _in_stock_unit(need: Need, amount: Amount) -> Decimal:
    if amount.unit != need.stock_unit and is_weight_unit(amount.unit):
        return convert(amount.quantity, amount.unit, need.stock_unit)
    return amount.quantity
