"""Stock and promises: who is covered, what selecting and releasing does (domain 1.10, 4.6)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.inventory import rules, tags
from orderwright.inventory.rules import Availability, LotFacts, Reservation, Stock
from orderwright.kernel.errors import Invalid

START = datetime(2026, 1, 1, tzinfo=UTC)
RINGS = UUID(int=100)


def reservation(number: int, required: str, covered: str = "0", **facts: Any) -> Reservation:
    day = facts.pop("day", 0)
    return Reservation(
        UUID(int=number),
        Decimal(required),
        Decimal(covered),
        START + timedelta(days=day),
        **facts,
    )


def lot(quantity: str = "600", weight: str = "120", **facts: Any) -> LotFacts:
    return LotFacts(
        UUID(int=1), RINGS, "GEMDIA0001", Decimal(quantity), START, weight=Decimal(weight), **facts
    )


def covered(plan: dict[UUID, Decimal]) -> dict[int, str]:
    return {id_.int: str(amount) for id_, amount in plan.items()}


def test_what_is_available_is_on_hand_and_promised_to_nobody() -> None:
    assert Availability(Decimal(800), Decimal(750), Decimal(0)).available == 50
    assert Availability(Decimal(5), Decimal(5), Decimal(3)).available == -3


@pytest.mark.parametrize(
    ("required", "has", "status"),
    [("0", "0", "closed"), ("5", "0", "open"), ("5", "4", "partial"), ("5", "5", "reserved")],
)
def test_a_reservation_says_how_far_it_is_covered(required: str, has: str, status: str) -> None:
    found = reservation(1, required, has)
    assert found.status == status
    assert found.short == Decimal(required) - Decimal(has)


def test_stock_that_appears_covers_by_priority_then_issue_then_position_then_id() -> None:
    waiting = [
        reservation(5, "10", priority_rank=2),
        reservation(4, "10", position=2),
        reservation(3, "10", day=1),
        reservation(2, "10", position=1),
        reservation(1, "10", priority_rank=0, day=9),
        reservation(6, "10", position=1),
    ]
    plan = rules.plan_coverage(Decimal(35), waiting)
    assert covered(plan) == {1: "10", 2: "10", 6: "10", 4: "5"}


def test_what_is_covered_already_stays_covered() -> None:
    low = reservation(1, "10", "10", priority_rank=2)
    high = reservation(2, "10", priority_rank=0)
    assert covered(rules.plan_coverage(Decimal(12), [low, high])) == {2: "2"}


def test_coverage_is_lost_from_the_last_in_line_on() -> None:
    served = [
        reservation(1, "10", "10", priority_rank=0),
        reservation(2, "10", "10"),
        reservation(3, "10", "4", day=1),
        reservation(4, "10", "0", day=2),
    ]
    assert covered(rules.plan_coverage(Decimal(15), served)) == {2: "5", 3: "0"}


def test_stock_below_zero_covers_nothing() -> None:
    assert covered(rules.plan_coverage(Decimal(-5), [reservation(1, "3", "2")])) == {1: "0"}


def test_nothing_changes_when_all_is_as_it_should_be() -> None:
    assert rules.plan_coverage(Decimal(10), [reservation(1, "10", "10")]) == {}
    assert rules.plan_coverage(Decimal(10), []) == {}


amounts = st.integers(0, 20).map(Decimal)


@st.composite
def reservations(draw: st.DrawFn) -> list[Reservation]:
    found = []
    for number in range(draw(st.integers(0, 6))):
        required = draw(st.integers(0, 20))
        found.append(
            reservation(
                number,
                str(required),
                str(draw(st.integers(0, required))),
                priority_rank=draw(st.integers(0, 2)),
                day=draw(st.integers(0, 2)),
                position=draw(st.integers(1, 3)),
            )
        )
    return found


def after(items: Iterable[Reservation], plan: dict[UUID, Decimal]) -> list[Reservation]:
    return [replace(item, covered=plan.get(item.id, item.covered)) for item in items]


@given(st.integers(-5, 80).map(Decimal), reservations())
def test_coverage_is_all_that_stock_allows_and_never_more(
    on_hand: Decimal, items: list[Reservation]
) -> None:
    settled = after(items, rules.plan_coverage(on_hand, items))
    for item in settled:
        assert 0 <= item.covered <= item.required
    needed = sum(item.required for item in items)
    assert sum(item.covered for item in settled) == min(max(Decimal(0), on_hand), needed)


@given(st.integers(-5, 80).map(Decimal), reservations())
def test_covering_twice_changes_nothing(on_hand: Decimal, items: list[Reservation]) -> None:
    settled = after(items, rules.plan_coverage(on_hand, items))
    assert rules.plan_coverage(on_hand, settled) == {}


@given(st.integers(0, 80).map(Decimal), reservations(), st.randoms())
def test_the_order_in_which_reservations_are_read_does_not_matter(
    on_hand: Decimal, items: list[Reservation], random: Any
) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)
    assert rules.plan_coverage(on_hand, shuffled) == rules.plan_coverage(on_hand, items)


def test_at_issue_a_line_gets_what_others_have_not() -> None:
    needs = [reservation(1, "6", position=1), reservation(2, "6", position=2)]
    plan = rules.cover_at_issue(Decimal(20), Decimal(12), needs)
    assert covered(plan) == {1: "6", 2: "2"}
    assert covered(rules.cover_at_issue(Decimal(5), Decimal(9), needs)) == {1: "0", 2: "0"}


def test_a_product_kept_by_weight_has_one_pool_for_both_kinds_of_lines() -> None:
    grain = Stock(Decimal(100), "g", Decimal(100), "g")
    by_quantity = reservation(1, "80", "80")
    by_weight = reservation(2, "0.05", "0.05", basis="weight", weight_unit="kg", day=1)
    plan = rules.plan_product_coverage(grain, [by_quantity, by_weight])
    assert plan == {UUID(int=2): Decimal("0.02")}


def test_a_product_kept_in_pieces_has_a_pool_of_pieces_and_one_of_weight() -> None:
    rings = Stock(Decimal(10), "pcs", Decimal(30), "g")
    pieces = reservation(1, "12")
    ounces = reservation(2, "1", basis="weight", weight_unit="oz")
    kilos = reservation(3, "1", basis="weight", weight_unit="kg", day=1)
    plan = rules.plan_product_coverage(rings, [pieces, ounces, kilos])
    assert plan == {
        UUID(int=1): Decimal(10),
        UUID(int=2): Decimal(1),
        UUID(int=3): Decimal("0.001651"),
    }


def test_what_is_promised_by_weight_counts_as_its_quantity() -> None:
    rings = Stock(Decimal(10), "pcs", Decimal(30), "g")
    by_weight = reservation(1, "12", "6", basis="weight", weight_unit="g")
    figures = rules.availability_of(rings, [by_weight, reservation(2, "3", "3")])
    assert figures == Availability(Decimal(10), Decimal(5), Decimal(2))
    unweighed = Stock(Decimal(10))
    assert rules.availability_of(unweighed, [by_weight]) == Availability(Decimal(10), 0, 0)
    grain = Stock(Decimal(1), "kg", Decimal(1000), "g")
    assert rules.availability_of(grain, [by_weight]).reserved == Decimal("0.006")


def test_an_adjustment_takes_the_counted_values() -> None:
    after_count = rules.plan_adjust(lot(), quantity="590", weight="118.5")
    assert (after_count.quantity, after_count.weight) == (590, Decimal("118.5"))
    assert (after_count.delta_quantity, after_count.delta_weight) == (-10, Decimal("-1.5"))
    assert after_count.status == "available"


def test_what_was_not_counted_stays() -> None:
    assert rules.plan_adjust(lot(), quantity=590).weight == 120
    assert rules.plan_adjust(lot(), weight=100).quantity == 600


def test_nothing_weighs_nothing() -> None:
    emptied = rules.plan_adjust(lot(), quantity=0)
    assert (emptied.quantity, emptied.weight, emptied.status) == (0, 0, "retrieved_out")


def test_a_quantity_that_is_a_weight_takes_the_weight_along() -> None:
    grain = lot("100", "100", unit="g", weight_unit="kg")
    assert rules.plan_adjust(grain, quantity="90.5").weight == Decimal("0.0905")


def test_a_lot_that_was_used_up_comes_back_when_something_is_found() -> None:
    empty = lot("0", "0", status="retrieved_out")
    assert rules.plan_adjust(empty, quantity=1).status == "available"
    assert rules.plan_adjust(lot(status="scrap"), quantity=0).status == "scrap"


@pytest.mark.parametrize(
    ("counted", "code"),
    [
        ({}, "nothing_counted"),
        ({"quantity": -1}, "invalid_quantity"),
        ({"quantity": "1.5"}, "invalid_quantity"),
        ({"weight": -1}, "invalid_weight"),
        ({"quantity": "x"}, "invalid_number"),
    ],
)
def test_an_impossible_count_is_refused(counted: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.plan_adjust(lot(), **counted)
    assert refused.value.code == code


def test_stock_may_be_owed_where_the_organization_allows_it() -> None:
    owed = rules.plan_adjust(lot(), quantity=-3, allow_negative=True)
    assert (owed.quantity, owed.status) == (-3, "available")


def test_taking_and_putting_back_is_nothing() -> None:
    taken = rules.plan_take(lot(), Decimal(600), Decimal(120))
    assert (taken.quantity, taken.weight, taken.status) == (0, 0, "retrieved_out")
    empty = lot("0", "0", status="retrieved_out")
    back = rules.plan_put(empty, Decimal(600), Decimal(120))
    assert (back.quantity, back.weight, back.status) == (600, 120, "available")
    assert (taken.delta_quantity, back.delta_quantity) == (-600, 600)


def test_a_lot_of_which_only_weight_is_left_is_still_available() -> None:
    assert rules.plan_take(lot("0", "100"), Decimal(0), Decimal(40)).status == "available"


def test_the_weight_of_a_new_lot_is_known_when_its_quantity_is_a_weight() -> None:
    assert rules.weight_of_stock(Decimal(2), "kg", "g") == 2000
    assert rules.weight_of_stock(Decimal(2), "pcs", "g") == 0


def test_a_tag_is_prefix_product_and_running_number() -> None:
    prefix = tags.tag_prefix("gem", "Dia")
    assert prefix == "GEMDIA"
    assert tags.numbered_tag(prefix, 1) == "GEMDIA0001"
    assert tags.numbered_tag(prefix, 12345) == "GEMDIA12345"


def test_a_tag_has_plain_letters_only() -> None:
    assert tags.tag_prefix("", 'Écrou 3/4"') == "ECROU34"
    assert tags.tag_prefix("", "金") == "LOT"


def test_a_tag_fits_fifty_characters_whatever_it_comes_from() -> None:
    prefix = tags.tag_prefix("X" * 40, "Y" * 40)
    assert len(tags.numbered_tag(prefix, 99999)) <= 50
    long = "A" * 50
    assert tags.suffixed_tag(long, "scrap", ()) == "A" * 43 + "-SCRAP1"
    assert tags.suffixed_tag(long, "received", ()) == "A" * 45 + "-RCV1"


def test_what_comes_of_a_lot_is_numbered_by_kind() -> None:
    taken = {"GEM0001-RCV1", "GEM0001-RCV2", "GEM0001-REJ1"}
    assert tags.suffixed_tag("GEM0001", "received", taken) == "GEM0001-RCV3"
    assert tags.suffixed_tag("GEM0001", "rejected", taken) == "GEM0001-REJ2"
    assert tags.suffixed_tag("GEM0001", "scrap", taken) == "GEM0001-SCRAP1"


def test_a_tag_that_a_person_gives_is_checked() -> None:
    assert tags.check_tag(" gem-0001 ") == "GEM-0001"
    for sent in ("", "A B", "Ä", "X" * 51, None, 5):
        with pytest.raises(Invalid) as refused:
            tags.check_tag(sent)
        assert refused.value.code == "invalid_tag"
