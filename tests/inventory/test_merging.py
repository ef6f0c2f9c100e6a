"""Stock that joins a lot that is there (domain 1.9, `auto_merge`): who joins whom, at what cost."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.inventory.merging import Arrival, Goods, plan_merges, together

GEM, RING, SHELF, VAULT = (UUID(int=number) for number in range(1, 5))
LOT, YOUNGER = UUID(int=10), UUID(int=11)


def goods(quantity: str = "10", weight: str = "2", **facts: Any) -> Goods:
    values = {"product_id": GEM, "location_id": SHELF, "weight_unit": "g", **facts}
    return Goods(quantity=Decimal(quantity), weight=Decimal(weight), **values)


def test_what_may_merge_joins_the_oldest_lot_of_its_kind() -> None:
    plan = plan_merges(
        [Arrival(goods("5", "1"), merges=True)], [(LOT, goods()), (YOUNGER, goods())]
    )
    assert plan.places == (LOT,)
    assert plan.new == ()
    assert plan.grown == {LOT: goods("15", "3")}


def test_what_may_not_merge_is_a_lot_of_its_own() -> None:
    plan = plan_merges([Arrival(goods("5", "1"))], [(LOT, goods())])
    assert (plan.places, plan.new, plan.grown) == ((0,), (goods("5", "1"),), {})


@pytest.mark.parametrize(
    "other",
    [
        {"product_id": RING},
        {"location_id": VAULT},
        {"weight_unit": "ct"},
        {"inventory_type": "Rough"},
        {"finished_type": "Polished"},
        {"shape": "round"},
        {"size": "1.2 mm"},
        {"color": "red"},
        {"quality": "VS"},
        {"rack": "A1"},
        {"unit_cost": Decimal(3), "currency": "EUR"},
        {"unit_cost": Decimal(3), "currency": "USD"},
        {"weight": "0"},
        {"status": "rejected"},
    ],
)
def test_lots_that_differ_in_anything_stay_apart(other: dict[str, Any]) -> None:
    plan = plan_merges([Arrival(goods(), merges=True)], [(LOT, goods(**other))])
    assert plan.places == (0,)
    again = plan_merges([Arrival(goods(**other), merges=True)], [(LOT, goods())])
    assert again.places == (0,)


def test_what_is_not_available_takes_nothing_up() -> None:
    rejected = goods(status="rejected")
    plan = plan_merges([Arrival(rejected, merges=True)] * 2, [(LOT, rejected)])
    assert plan.places == (0, 1)


def test_rows_of_one_receipt_join_each_other() -> None:
    rows = [Arrival(goods("5", "1"), merges=True), Arrival(goods()), Arrival(goods(), merges=True)]
    plan = plan_merges(rows, [])
    assert plan.places == (0, 1, 0)
    assert plan.new == (goods("15", "3"), goods())


def test_the_cost_of_a_merged_lot_is_the_mean_by_quantity() -> None:
    dear = goods("10", unit_cost=Decimal("4.00"), currency="USD")
    cheap = goods("30", unit_cost=Decimal("1.00"), currency="USD")
    assert together(dear, cheap).unit_cost == Decimal("1.7500")


def test_a_mean_cost_is_rounded_half_up_at_four_decimals() -> None:
    one = goods("1", unit_cost=Decimal("0.0001"), currency="USD")
    other = goods("1", unit_cost=Decimal("0.0002"), currency="USD")
    assert together(one, other).unit_cost == Decimal("0.0002")


def test_lots_by_weight_alone_weigh_their_cost_by_weight() -> None:
    one = goods("0", "1", unit_cost=Decimal(1), currency="USD")
    other = goods("0", "3", unit_cost=Decimal(5), currency="USD")
    assert together(one, other).unit_cost == Decimal(4)


amounts = st.decimals(min_value=0, max_value=1000, places=3)


@given(st.lists(st.tuples(amounts, amounts, st.booleans()), max_size=8), st.booleans())
def test_nothing_is_lost_or_made_by_merging(
    arriving: list[tuple[Decimal, Decimal, bool]], there: bool
) -> None:
    arrivals = [
        Arrival(replace(goods(), quantity=quantity, weight=weight), merges)
        for quantity, weight, merges in arriving
    ]
    existing = [(LOT, goods())] if there else []
    plan = plan_merges(arrivals, existing)
    before = [lot for _, lot in existing if LOT not in plan.grown]
    after = [*plan.new, *plan.grown.values(), *before]
    sent = [arrival.goods for arrival in arrivals] + [lot for _, lot in existing]
    assert sum(lot.quantity for lot in after) == sum(lot.quantity for lot in sent)
    assert sum(lot.weight for lot in after) == sum(lot.weight for lot in sent)
    assert len(plan.places) == len(arrivals)
    own = [
        place for arrival, place in zip(arrivals, plan.places, strict=True) if not arrival.merges
    ]
    assert len(own) == len(set(own))
