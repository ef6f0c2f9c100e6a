"""Stock: what is on hand, what is promised, and who is served first (domain 1.10, rulings 5 and 11).

Every quantity here is in the product's default unit. A weight is in the unit that stands beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from orderwright.kernel import weight as weights
from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import EXACT, ZERO
from orderwright.kernel.quantity import check_quantity, decimals_allowed, is_counted
from orderwright.kernel.weight import check_weight, round_weight

AVAILABLE = "available"
RETRIEVED_OUT = "retrieved_out"
PRIORITIES = {"high": 0, "normal": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class Availability:
    """The figures of one product (domain 1.10)."""

    on_hand: Decimal
    reserved: Decimal
    short: Decimal

    @property
    def available(self) -> Decimal:
        """Available to promise: on hand, promised to nobody; below zero when too much is promised."""
        return self.on_hand - self.reserved - self.short


@dataclass(frozen=True, slots=True)
class Reservation:
    """An open promise to one line: `required` of it, `covered` by stock on hand."""

    id: UUID
    required: Decimal
    covered: Decimal
    priority: str = "normal"
    issued_at: datetime | None = None
    position: int = 0

    @property
    def short(self) -> Decimal:
        """Promised, and not covered by stock."""
        return self.required - self.covered

    @property
    def status(self) -> str:
        """`closed` when nothing is required, else `reserved`, `partial` or `open`."""
        ...


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What is true of one lot. `weight` None or 0 says that nobody weighed it.

    `quantity` is on hand now, in `unit`, its product's default unit; `created_at` decides which lot
    is the oldest.
    """

    id: UUID
    product_id: UUID
    tag_id: str
    quantity: Decimal
    unit: str = "pcs"
    weight: Decimal | None = None
    weight_unit: str | None = None
    status: str = AVAILABLE
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LotAfter:
    """A lot as it stands after a plan, and by how much the plan changes it."""

    id: UUID
    product_id: UUID
    quantity: Decimal
    weight: Decimal | None
    status: str
    delta_quantity: Decimal
    delta_weight: Decimal | None


def plan_coverage(on_hand: Decimal, reservations: Iterable[Reservation]) -> dict[UUID, Decimal]:
    """New `covered` of every reservation of one product whose coverage changes."""
    ...


def cover_at_issue(
    on_hand: Decimal, covered_by_others: Decimal, needs: Iterable[Reservation]
) -> dict[UUID, Decimal]:
    """`covered` of each new reservation of one product."""
    ...


def plan_adjust(
    lot: LotFacts, *, quantity: object = None, weight: object = None, allow_negative: bool = False
) -> LotAfter:
    """The lot at the newly counted values."""
    ...


def plan_take(lot: LotFacts, quantity: Decimal, weight: Decimal | None) -> LotAfter: ...
def stock_of_weight(
    weight: Decimal,
    weight_unit: str,
    *,
    unit: str,
    weight_per_unit: Decimal | None,
    weight_per_unit_unit: str | None,
) -> Decimal | None:
    """How much stock, in the product's default unit, a weight of it is; None when unknown."""
    ...
