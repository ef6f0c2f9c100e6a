"""Choosing lots for lines without a person: the oldest first (domain 4.6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from orderwright.inventory.measures import Amount, Need, for_line
from orderwright.inventory.rules import AVAILABLE, LotFacts
from orderwright.inventory.selecting import Asked, Left, proposed_weight
from orderwright.kernel.numbers import EXACT, ZERO, trim
from orderwright.kernel.quantity import decimals_allowed, round_quantity
from orderwright.kernel.weight import TOLERANCE, WEIGHT_PLACES, convert

_NOTHING_SMALLER = {places: Decimal(1).scaleb(-places) for places in (0, 6)}


@dataclass(frozen=True, slots=True)
class Unserved:
    """What automatic selection could not give a line, in the line's measure, and why."""

    line_id: UUID
    missing: Decimal
    unit: str
    why: str


@dataclass(frozen=True, slots=True)
class AutoSelection:
    """Rows that `selecting.plan_selection` takes as they are, and what is left unserved."""

    asked: tuple[Asked, ...]
    unserved: tuple[Unserved, ...]


@dataclass(slots=True)
class _Rest:
    """A lot and what the lines served so far have left of it."""

    lot: LotFacts
    left: Left


def plan_auto_select(needs: Sequence[Need], lots: Iterable[LotFacts]) -> AutoSelection:
    """Which lots serve the lines, in the order of `needs`: oldest lot first, then the lower id.

    Counted units are taken whole. A line by weight takes by weight and skips lots that were never
    weighed. A line takes at most its `may_take`; cancelled lines take nothing.
    """
    rests = [
        _Rest(lot, Left(lot.quantity, lot.weight))
        for lot in sorted(lots, key=_oldest_first)
        if lot.status == AVAILABLE
    ]
    of_product: dict[UUID, list[_Rest]] = {}
    for rest in rests:
        of_product.setdefault(rest.lot.product_id, []).append(rest)
    asked: list[Asked] = []
    unserved = []
    for need in needs:
        if need.cancelled:
            continue
        own = of_product.get(need.product_id, [])
        rows, missing = _serve(need, [rest for rest in own if _suits(need, rest)])
        asked.extend(rows)
        if missing > TOLERANCE:
            why = _why_not(need, missing, own)
            unserved.append(Unserved(need.line_id, round_quantity(missing), need.unit, why))
    return AutoSelection(tuple(asked), tuple(unserved))


def _oldest_first(lot: LotFacts) -> tuple[datetime, UUID]:
    return (lot.created_at, lot.id)


def _suits(need: Need, rest: _Rest) -> bool:
    return need.basis == "quantity" or rest.left.weight > 0


def _serve(need: Need, rests: list[_Rest]) -> tuple[list[Asked], Decimal]:
    """Rows for one line, and what they leave missing, in the line's measure."""
    wanted = need.to_select if need.may_take is None else min(need.to_select, need.may_take)
    served = ZERO
    rows = []
    for rest in rests:
        if wanted - served <= TOLERANCE:
            break
        row = _take(need, rest, wanted - served)
        if row is not None:
            rows.append(row[0])
            served += row[1]
    return rows, need.to_select - served


def _take(need: Need, rest: _Rest, wanted: Decimal) -> tuple[Asked, Decimal] | None:
    """One row from one lot for at most `wanted` of the line, and how much of it that is."""
    lot, left = rest.lot, rest.left
    if need.basis == "weight":
        quantity, weight = _by_weight(rest, convert(wanted, need.unit, lot.weight_unit))
    else:
        in_stock = EXACT.multiply(wanted, need.unit_ratio)
        quantity = _rounded_down(min(in_stock, left.quantity), lot.unit)
        weight = proposed_weight(lot, quantity, left) if quantity else ZERO
    if not quantity and not weight:
        return None
    left.quantity -= quantity
    left.weight -= weight
    counts = for_line(need, Amount(quantity, lot.unit, weight, lot.weight_unit))
    return Asked(need.line_id, lot.id, quantity or None, weight), counts


def _by_weight(rest: _Rest, wanted: Decimal) -> tuple[Decimal, Decimal]:
    """Quantity and weight to take for a wanted weight: never more than wanted, pieces whole."""
    left = rest.left
    if wanted >= left.weight:
        return left.quantity, left.weight
    if not left.quantity:
        return ZERO, wanted.quantize(_NOTHING_SMALLER[WEIGHT_PLACES], ROUND_DOWN, EXACT)
    share = EXACT.divide(EXACT.multiply(left.quantity, wanted), left.weight)
    quantity = _rounded_down(share, rest.lot.unit)
    if decimals_allowed(rest.lot.unit):
        return quantity, wanted.quantize(_NOTHING_SMALLER[WEIGHT_PLACES], ROUND_DOWN, EXACT)
    weight = EXACT.divide(EXACT.multiply(left.weight, quantity), left.quantity)
    return quantity, weight.quantize(_NOTHING_SMALLER[WEIGHT_PLACES], ROUND_DOWN, EXACT)


def _rounded_down(quantity: Decimal, unit: str) -> Decimal:
    return max(ZERO, quantity).quantize(_NOTHING_SMALLER[decimals_allowed(unit)], ROUND_DOWN, EXACT)


def _why_not(need: Need, missing: Decimal, rests: list[_Rest]) -> str:
    lacking = f"{trim(round_quantity(missing))} {need.unit}"
    by_weight = need.basis == "weight"
    left = [
        rest for rest in rests if rest.left.quantity > 0 or (by_weight and rest.left.weight > 0)
    ]
    if not left:
        return f"{lacking} are not on hand."
    if by_weight and all(rest.left.weight <= 0 for rest in left):
        tags = ", ".join(rest.lot.tag_id for rest in left)
        return f"{lacking} are missing: {tags} were never weighed."
    if need.may_take is not None and need.may_take < need.to_select:
        return f"{lacking} are on hand, but promised to other orders."
    return f"{lacking} are less than one whole piece of what is on hand."
