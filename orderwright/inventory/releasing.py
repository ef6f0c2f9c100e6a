"""Releasing what was selected: a pure plan over plain facts (domain 4.6, ruling 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.inventory.measures import (
    Amount,
    Need,
    ReservationAfter,
    for_reservation,
    wanted_of_reservation,
)
from orderwright.inventory.rules import LotAfter, LotFacts, plan_put
from orderwright.kernel.errors import Conflict
from orderwright.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class SelectionFacts:
    """An existing selection, in the lot's units."""

    id: UUID
    line_id: UUID
    lot_id: UUID
    quantity: Decimal
    weight: Decimal = ZERO
    status: str = "retrieved"


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """What to write. Then the `products` are covered anew: `rules.plan_product_coverage`."""

    selection_ids: tuple[UUID, ...]
    lots: tuple[LotAfter, ...]
    reservations: tuple[ReservationAfter, ...]
    products: frozenset[UUID]


def plan_release(
    selections: Sequence[SelectionFacts],
    lots: Mapping[UUID, LotFacts],
    needs: Mapping[UUID, Need],
) -> ReleasePlan:
    """Everything goes back to its own lot, and first to its own line's reservation (ruling 5).

    `needs` are as they stand after the release: a reservation grows to at most what its line then
    wants, and not at all when the line is cancelled or has no reservation. What came back of
    another product covers nothing of it. Raises Conflict `selection_not_open`.
    """
    for selection in selections:
        if selection.status != "retrieved":
            message = f"This selection is {selection.status}; only an open one can be released."
            details = {"selection_id": str(selection.id)}
            raise Conflict("selection_not_open", message, details=details)
    return ReleasePlan(
        selection_ids=tuple(selection.id for selection in selections),
        lots=_refilled(selections, lots),
        reservations=_given_back(selections, lots, needs),
        products=frozenset(
            product
            for item in selections
            for product in (lots[item.lot_id].product_id, needs[item.line_id].product_id)
        ),
    )


def _refilled(
    selections: Sequence[SelectionFacts], lots: Mapping[UUID, LotFacts]
) -> tuple[LotAfter, ...]:
    quantities: dict[UUID, Decimal] = {}
    weights: dict[UUID, Decimal] = {}
    for item in selections:
        quantities[item.lot_id] = quantities.get(item.lot_id, ZERO) + item.quantity
        weights[item.lot_id] = weights.get(item.lot_id, ZERO) + item.weight
    return tuple(
        plan_put(lots[lot_id], quantity, weights[lot_id]) for lot_id, quantity in quantities.items()
    )


def _given_back(
    selections: Sequence[SelectionFacts],
    lots: Mapping[UUID, LotFacts],
    needs: Mapping[UUID, Need],
) -> tuple[ReservationAfter, ...]:
    back: dict[UUID, Decimal] = {}
    own: dict[UUID, Decimal] = {}
    for item in selections:
        need, lot = needs[item.line_id], lots[item.lot_id]
        if need.reservation is None or need.cancelled:
            continue
        amount = Amount(item.quantity, lot.unit, item.weight, lot.weight_unit)
        counts = for_reservation(need, need.reservation, amount)
        back[item.line_id] = back.get(item.line_id, ZERO) + counts
        is_own = lot.product_id == need.product_id
        own[item.line_id] = own.get(item.line_id, ZERO) + (counts if is_own else ZERO)
    found = []
    for line_id, amount_back in back.items():
        need = needs[line_id]
        reservation = need.reservation
        if reservation is not None:
            most = max(reservation.required, wanted_of_reservation(need, reservation))
            required = min(reservation.required + amount_back, most)
            grown = min(required - reservation.required, own[line_id])
            found.append(ReservationAfter(reservation.id, required, reservation.covered + grown))
    return tuple(found)
