"""Selecting stock for lines and releasing it again: pure plans over plain facts (domain 4.6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.inventory.rules import LotAfter, LotFacts, Reservation
from orderwright.kernel.numbers import ONE, ZERO


@dataclass(frozen=True, slots=True)
class Need:
    """What one line still wants of one product.

    `to_select` is outstanding and not yet selected, in the line's measure: its unit, of which one
    is `unit_ratio` default units, or on the basis `weight` its weight unit. `reservation` is the
    line's own; `may_take` limits automatic selection, in default units (None: no limit).
    """

    line_id: UUID
    product_id: UUID
    to_select: Decimal
    unit: str = "pcs"
    unit_ratio: Decimal = ONE
    basis: str = "quantity"
    stock_unit: str = "pcs"
    cancelled: bool = False
    reservation: Reservation | None = None
    may_take: Decimal | None = None


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
    """So much of one lot for one line, to be written as a selection."""

    line_id: UUID
    lot_id: UUID
    product_id: UUID
    quantity: Decimal
    unit: str
    weight: Decimal | None
    weight_unit: str | None
    is_full: bool


@dataclass(frozen=True, slots=True)
class ReservationAfter:
    """A line's own reservation after a plan."""

    id: UUID
    required: Decimal
    covered: Decimal


@dataclass(frozen=True, slots=True)
class SelectionPlan:
    """What to write. Afterwards `products` are to be covered anew with `plan_coverage`."""

    rows: tuple[PlannedSelection, ...]
    lots: tuple[LotAfter, ...]
    reservations: tuple[ReservationAfter, ...]
    products: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Unserved:
    """What automatic selection could not give a line, in the line's measure, and why."""

    line_id: UUID
    missing: Decimal
    unit: str
    why: str


@dataclass(frozen=True, slots=True)
class SelectionFacts:
    """An existing selection. `still_needed` is what its line would want after the release of all
    of its selections that are released with it, in default units; 0 when the line is cancelled."""

    id: UUID
    line_id: UUID
    lot_id: UUID
    quantity: Decimal
    weight: Decimal | None = None
    status: str = "retrieved"


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """What to write when selections are released."""

    selection_ids: tuple[UUID, ...]
    lots: tuple[LotAfter, ...]
    reservations: tuple[ReservationAfter, ...]
    products: frozenset[UUID]


def plan_selection(
    asked: Sequence[Asked],
    needs: Mapping[UUID, Need],
    lots: Mapping[UUID, LotFacts],
    *,
    allow_negative: bool = False,
) -> SelectionPlan: ...


def plan_auto_select(
    needs: Sequence[Need], lots: Iterable[LotFacts]
) -> tuple[tuple[Asked, ...], tuple[Unserved, ...]]: ...


def plan_release(
    selections: Sequence[SelectionFacts],
    lots: Mapping[UUID, LotFacts],
    needs: Mapping[UUID, Need],
) -> ReleasePlan: ...
