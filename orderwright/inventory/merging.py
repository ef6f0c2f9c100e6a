"""What becomes of stock that arrives: a lot of its own, or more of a lot that is there already.

Pure: plain values in, a plan out (domain 1.9, `auto_merge`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.kernel.numbers import EXACT, ZERO, round_half_up

COST_PLACES = 4

# What two lots must have in common before one may take up the other. Besides, both or neither are
# weighed and have a cost: what is unknown cannot be added to what is known.
_ALIKE = (
    "product_id",
    "location_id",
    "inventory_type",
    "finished_type",
    "shape",
    "size",
    "color",
    "quality",
    "rack",
    "weight_unit",
    "currency",
    "status",
)


@dataclass(frozen=True, slots=True)
class Goods:
    """What a lot is and how much of it there is: a quantity in the product's default unit, a weight
    in `weight_unit` (0: nobody weighed it), `unit_cost` in `currency` per default unit."""

    product_id: UUID
    location_id: UUID
    quantity: Decimal
    weight: Decimal
    weight_unit: str
    status: str = "available"
    inventory_type: str = "Finished"
    finished_type: str = ""
    shape: str = ""
    size: str = ""
    color: str = ""
    quality: str = ""
    rack: str = ""
    unit_cost: Decimal | None = None
    currency: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """Lots of one key may become one."""
        described = tuple(getattr(self, name) for name in _ALIKE)
        return (*described, bool(self.weight), bool(self.quantity), self.unit_cost is not None)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Goods that arrive; `merges` when they may join a lot of the same key."""

    goods: Goods
    merges: bool = False


@dataclass(frozen=True, slots=True)
class MergePlan:
    """Where each arrival goes, in order: an existing lot's id, or the index of a new lot."""

    places: tuple[UUID | int, ...]
    new: tuple[Goods, ...]
    grown: dict[UUID, Goods]


def plan_merges(arrivals: Sequence[Arrival], existing: Iterable[tuple[UUID, Goods]]) -> MergePlan:
    """Arrivals that merge join the first existing lot of their key, or the first new one.

    Quantity and weight add up; the unit cost becomes the mean, weighted by quantity. Only
    available lots take something up.
    """
    lots = dict(existing)
    known: dict[tuple[object, ...], UUID | int] = {}
    for lot_id, goods in lots.items():
        if goods.status == "available":
            known.setdefault(goods.key, lot_id)
    new: list[Goods] = []
    grown: dict[UUID, Goods] = {}
    places: list[UUID | int] = []
    for arrival in arrivals:
        place = known.get(arrival.goods.key) if arrival.merges else None
        if place is None:
            place = len(new)
            new.append(arrival.goods)
            if arrival.merges and arrival.goods.status == "available":
                known[arrival.goods.key] = place
        elif isinstance(place, int):
            new[place] = together(new[place], arrival.goods)
        else:
            grown[place] = together(grown.get(place, lots[place]), arrival.goods)
        places.append(place)
    return MergePlan(tuple(places), tuple(new), grown)


def together(one: Goods, other: Goods) -> Goods:
    """Two goods of one key as one."""
    values = {name: getattr(one, name) for name in _ALIKE}
    return Goods(
        **values,
        quantity=one.quantity + other.quantity,
        weight=one.weight + other.weight,
        unit_cost=_mean_cost(one, other),
    )


def _mean_cost(one: Goods, other: Goods) -> Decimal | None:
    """`(c₁q₁ + c₂q₂) ÷ (q₁ + q₂)`; by weight where there is no quantity."""
    if one.unit_cost is None or other.unit_cost is None:
        return None
    first, second = (one.quantity, other.quantity)
    if not first and not second:
        first, second = (one.weight, other.weight)
    total = first + second
    if not total:
        return one.unit_cost
    spent = EXACT.multiply(one.unit_cost, first) + EXACT.multiply(other.unit_cost, second)
    return max(ZERO, round_half_up(EXACT.divide(spent, total), COST_PLACES))
