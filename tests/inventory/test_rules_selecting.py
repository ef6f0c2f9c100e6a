"""Selecting and releasing: all or nothing, the own reservation first (domain 4.6, ruling 5)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.inventory.auto_selecting import plan_auto_select
from orderwright.inventory.measures import Need, ReservationAfter
from orderwright.inventory.releasing import SelectionFacts, plan_release
from orderwright.inventory.rules import LotAfter, LotFacts, Reservation
from orderwright.inventory.selecting import Asked, SelectionPlan, plan_selection
from orderwright.kernel.errors import Conflict, Invalid, Refusal
from orderwright.kernel.numbers import trim

START = datetime(2026, 1, 1, tzinfo=UTC)
GEMS, RINGS = UUID(int=100), UUID(int=101)
LINE, OTHER = UUID(int=11), UUID(int=12)


def lot(number: int, quantity: str = "600", weight: str = "120", **facts: Any) -> LotFacts:
    return LotFacts(
        id=UUID(int=number),
        product_id=facts.pop("product_id", GEMS),
        tag_id=f"GEM{number:04}",
        quantity=Decimal(quantity),
        created_at=START + timedelta(days=facts.pop("day", number)),
        weight=Decimal(weight),
        **facts,
    )


def need(to_select: str = "750", line_id: UUID = LINE, **facts: Any) -> Need:
    return Need(line_id, facts.pop("product_id", GEMS), Decimal(to_select), **facts)


def promise(required: str, covered: str, **facts: Any) -> Reservation:
    return Reservation(UUID(int=21), Decimal(required), Decimal(covered), START, **facts)


def row(lot_number: int, quantity: Any = None, line_id: UUID = LINE, **facts: Any) -> Asked:
    return Asked(line_id, UUID(int=lot_number), quantity, **facts)


def select(
    asked: list[Asked], needs: list[Need], lots: list[LotFacts], **options: Any
) -> SelectionPlan:
    return plan_selection(
        asked,
        {item.line_id: item for item in needs},
        {item.id: item for item in lots},
        **options,
    )


def refusal(asked: list[Asked], needs: list[Need], lots: list[LotFacts], **options: Any) -> Refusal:
    with pytest.raises((Conflict, Invalid)) as refused:
        select(asked, needs, lots, **options)
    return refused.value


def taken(plan: SelectionPlan) -> list[tuple[int, str, str]]:
    return [(item.lot_id.int, trim(item.quantity), trim(item.weight)) for item in plan.rows]


def test_the_acceptance_walk_selects_one_lot_whole_and_part_of_the_next() -> None:
    stock = [lot(1), lot(2, "200", "40")]
    wanted = need(reservation=promise("750", "750"))
    plan = select([row(1, full=True), row(2, 150)], [wanted], stock)
    assert taken(plan) == [(1, "600", "120"), (2, "150", "30")]
    assert [item.is_full for item in plan.rows] == [True, False]
    assert plan.lots == (
        LotAfter(
            UUID(int=1), GEMS, Decimal(0), Decimal(0), "retrieved_out", Decimal(-600), Decimal(-120)
        ),
        LotAfter(
            UUID(int=2), GEMS, Decimal(50), Decimal(10), "available", Decimal(-150), Decimal(-30)
        ),
    )
    assert plan.reservations == (ReservationAfter(UUID(int=21), Decimal(0), Decimal(0)),)
    assert plan.products == {GEMS}


def test_sixty_more_are_over_what_the_line_needs_before_they_are_over_the_stock() -> None:
    found = refusal([row(2, 60)], [need("0")], [lot(2, "50", "10")])
    assert found.code == "over_selection"
    assert found.details == {
        "line_id": str(LINE),
        "asked": "60",
        "to_select": "0",
        "unit": "pcs",
    }


def test_more_than_is_on_hand_names_the_lot_what_was_asked_and_what_is_there() -> None:
    found = refusal([row(2, 60)], [need()], [lot(2, "50", "10")])
    assert found.code == "insufficient_stock"
    assert found.details == {
        "lots": [
            {
                "lot_id": str(UUID(int=2)),
                "tag_id": "GEM0002",
                "asked": "60",
                "available": "50",
                "unit": "pcs",
            }
        ]
    }


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        (row(1, 0), "invalid_quantity", "selections.quantity"),
        (row(1, -1), "invalid_quantity", "selections.quantity"),
        (row(1, "1.5"), "invalid_quantity", "selections.quantity"),
        (row(1, "x"), "invalid_number", "selections.quantity"),
        (row(1), "quantity_missing", "selections.quantity"),
        (row(1, weight=5), "quantity_missing", "selections.quantity"),
        (row(1, 5, weight=-1), "invalid_weight", "selections.weight"),
        (row(9, 5), "unknown_lot", "selections.lot_id"),
        (row(1, 5, OTHER), "unknown_line", "selections.line_id"),
    ],
)
def test_a_row_that_makes_no_sense_names_its_field(asked: Asked, code: str, field: str) -> None:
    found = refusal([asked], [need()], [lot(1)])
    assert isinstance(found, Invalid)
    assert (found.code, set(found.fields)) == (code, {field})


def test_a_senseless_row_is_named_before_any_conflict() -> None:
    wrong = row(3, 1)
    found = refusal([wrong, row(1, 0)], [need()], [lot(1), lot(3, product_id=RINGS)])
    assert found.code == "invalid_quantity"


def test_a_cancelled_line_takes_nothing() -> None:
    assert refusal([row(1, 5)], [need(cancelled=True)], [lot(1)]).code == "line_cancelled"


@pytest.mark.parametrize("status", ["rejected", "scrap", "archived"])
def test_stock_that_is_not_good_is_not_selected(status: str) -> None:
    assert refusal([row(1, 5)], [need()], [lot(1, status=status)]).code == "lot_unavailable"


def test_an_empty_lot_has_nothing_to_give() -> None:
    empty = lot(1, "0", "0", status="retrieved_out")
    assert refusal([row(1, 5)], [need()], [empty]).code == "insufficient_stock"
    assert refusal([row(1, full=True)], [need()], [empty]).code == "insufficient_stock"


def test_another_product_needs_a_yes() -> None:
    rings = lot(3, product_id=RINGS)
    wanted = need(reservation=promise("750", "500"))
    assert refusal([row(3, 5)], [wanted], [rings]).code == "wrong_product"
    plan = select([row(3, 5, substitute=True)], [wanted], [rings])
    assert plan.rows[0].product_id == RINGS
    assert plan.reservations == (ReservationAfter(UUID(int=21), Decimal(745), Decimal(495)),)
    assert plan.products == {GEMS, RINGS}


def test_a_substitute_is_counted_in_the_same_unit() -> None:
    grain = lot(3, "5", "5", product_id=RINGS, unit="g")
    asked = [row(3, 5, substitute=True)]
    assert refusal(asked, [need()], [grain]).code == "wrong_product"
    kilos = need("1", stock_unit="kg", unit="kg")
    assert refusal([row(3, 2000, substitute=True)], [kilos], [grain]).code == "over_selection"
    assert taken(select(asked, [kilos], [grain])) == [(3, "5", "5")]


def test_more_than_the_line_needs_may_be_allowed() -> None:
    assert refusal([row(1, 11)], [need("10")], [lot(1)]).code == "over_selection"
    plan = select([row(1, 11, allow_over=True)], [need("10")], [lot(1)])
    assert taken(plan) == [(1, "11", "2.2")]


def test_rows_of_one_lot_for_one_line_become_one() -> None:
    plan = select([row(1, 100), row(1, 50)], [need()], [lot(1)])
    assert taken(plan) == [(1, "150", "30")]
    assert [item.is_full for item in plan.rows] == [False]


def test_several_lines_that_ask_for_one_lot_are_checked_together() -> None:
    needs = [need("400"), need("400", OTHER)]
    found = refusal([row(1, 400), row(1, 400, OTHER)], needs, [lot(1)])
    assert found.code == "insufficient_stock"
    assert found.details["lots"][0]["asked"] == "800"
    plan = select([row(1, 400), row(1, 200, OTHER)], needs, [lot(1)])
    assert taken(plan) == [(1, "400", "80"), (1, "200", "40")]
    assert [item.quantity for item in plan.lots] == [0]


def test_every_lot_that_lacks_is_named() -> None:
    found = refusal([row(1, 601), row(2, 201)], [need("9000")], [lot(1), lot(2, "200")])
    assert [item["tag_id"] for item in found.details["lots"]] == ["GEM0001", "GEM0002"]


def test_a_line_in_cartons_selects_in_pieces() -> None:
    cartons = need("2", unit="carton", unit_ratio=Decimal(12))
    assert taken(select([row(1, 24)], [cartons], [lot(1)])) == [(1, "24", "4.8")]
    found = refusal([row(1, 30)], [cartons], [lot(1)])
    assert (found.code, found.details["asked"]) == ("over_selection", "2.5")


def test_a_weight_that_is_given_stands() -> None:
    assert taken(select([row(1, 100, weight="19.5")], [need()], [lot(1)])) == [(1, "100", "19.5")]


def test_more_weight_than_the_lot_has_is_refused() -> None:
    found = refusal([row(1, 100, weight="120.1")], [need()], [lot(1)])
    assert (found.code, found.details["lots"][0]["unit"]) == ("insufficient_stock", "g")


def test_the_last_of_a_lot_takes_the_weight_that_is_left() -> None:
    needs = [need("1"), need("1", OTHER), need("1", UUID(int=13))]
    asked = [row(1, 1), row(1, 1, OTHER), row(1, 1, UUID(int=13))]
    plan = select(asked, needs, [lot(1, "3", "1")])
    assert [str(item.weight) for item in plan.rows] == ["0.333333", "0.333333", "0.333334"]
    assert plan.lots[0].weight == 0


def test_stock_may_be_owed_where_the_organization_allows_it() -> None:
    plan = select([row(1, 700)], [need()], [lot(1)], allow_negative=True)
    assert plan.lots[0].quantity == -100


@pytest.mark.parametrize(
    ("required", "covered", "quantity", "after"),
    [
        ("10", "6", 4, (6, 2)),
        ("10", "6", 8, (2, 0)),
        ("10", "10", 10, (0, 0)),
        ("10", "0", 3, (7, 0)),
        ("10", "10", 12, (0, 0)),
    ],
)
def test_selecting_uses_up_the_covered_part_of_the_own_reservation_first(
    required: str, covered: str, quantity: int, after: tuple[int, int]
) -> None:
    wanted = need("12", reservation=promise(required, covered))
    plan = select([row(1, quantity)], [wanted], [lot(1)])
    assert [(item.required, item.covered) for item in plan.reservations] == [after]


def test_a_closed_reservation_is_left_alone() -> None:
    wanted = need("12", reservation=promise(0, 0))
    assert select([row(1, 5)], [wanted], [lot(1)]).reservations == ()
    assert select([row(1, 5)], [need()], [lot(1)]).reservations == ()


def test_a_line_by_weight_goes_by_weight() -> None:
    grain = lot(1, "1", "1000", unit="kg", weight_unit="g")
    wanted = need(
        "100",
        basis="weight",
        unit="g",
        stock_unit="kg",
        reservation=promise("100", "100", basis="weight", weight_unit="g"),
    )
    plan = select([row(1, "0.04")], [wanted], [grain])
    assert taken(plan) == [(1, "0.04", "40")]
    assert plan.reservations == (ReservationAfter(UUID(int=21), Decimal(60), Decimal(60)),)
    assert refusal([row(1, "0.11")], [wanted], [grain]).code == "over_selection"
    by_weight_only = select([row(1, weight="25")], [wanted], [grain])
    assert taken(by_weight_only) == [(1, "0.025", "25")]


def test_a_line_by_weight_counts_stock_of_a_weighed_unit_in_its_reservation() -> None:
    grain = lot(1, "1", "1000", unit="kg", weight_unit="g")
    wanted = need(
        "100", basis="weight", unit="g", stock_unit="kg", reservation=promise("0.1", "0.1")
    )
    plan = select([row(1, "0.04")], [wanted], [grain])
    assert plan.reservations == (ReservationAfter(UUID(int=21), Decimal("0.06"), Decimal("0.06")),)


def test_pieces_for_a_line_by_weight_are_counted_and_weighed() -> None:
    wanted = need("10", basis="weight", unit="g")
    assert taken(select([row(1, 50)], [wanted], [lot(1)])) == [(1, "50", "10")]
    assert refusal([row(1, 51)], [wanted], [lot(1)]).code == "over_selection"
    assert refusal([row(1, weight=5)], [wanted], [lot(1)]).code == "quantity_missing"
    assert refusal([row(1, 5)], [wanted], [lot(1, weight="0")]).code == "weight_missing"


def test_a_lot_that_is_kept_by_weight_only_gives_weight() -> None:
    wanted = need("10", basis="weight", unit="g")
    plan = select([row(1, weight=4)], [wanted], [lot(1, "0", "100")])
    assert taken(plan) == [(1, "0", "4")]
    assert plan.lots[0].weight == 96
    over = need("1000", basis="weight", unit="g")
    assert refusal([row(1, weight=101)], [over], [lot(1, "0", "100")]).code == "insufficient_stock"


def held(number: int, lot_number: int, quantity: str, weight: str, **facts: Any) -> SelectionFacts:
    return SelectionFacts(
        UUID(int=number), LINE, UUID(int=lot_number), Decimal(quantity), Decimal(weight), **facts
    )


def test_a_release_returns_to_the_same_lot_and_the_own_reservation() -> None:
    empty = lot(1, "0", "0", status="retrieved_out")
    wanted = need("10", reservation=promise("3", "1"))
    plan = plan_release([held(1, 1, "7", "1.4")], {empty.id: empty}, {LINE: wanted})
    assert plan.selection_ids == (UUID(int=1),)
    assert plan.lots == (
        LotAfter(
            UUID(int=1), GEMS, Decimal(7), Decimal("1.4"), "available", Decimal(7), Decimal("1.4")
        ),
    )
    assert plan.reservations == (ReservationAfter(UUID(int=21), Decimal(10), Decimal(8)),)
    assert plan.products == {GEMS}


def test_what_was_selected_beyond_the_need_is_released_to_everybody() -> None:
    wanted = need("10", reservation=promise(0, 0))
    plan = plan_release([held(1, 1, "12", "2")], {UUID(int=1): lot(1)}, {LINE: wanted})
    assert plan.reservations == (ReservationAfter(UUID(int=21), Decimal(10), Decimal(10)),)


def test_a_cancelled_line_gives_its_stock_back_to_everybody() -> None:
    wanted = need("0", cancelled=True, reservation=promise(0, 0))
    plan = plan_release([held(1, 1, "7", "1")], {UUID(int=1): lot(1)}, {LINE: wanted})
    assert plan.reservations == ()
    assert plan.lots[0].quantity == 607


def test_a_released_substitute_is_wanted_again_but_covers_nothing() -> None:
    rings = lot(1, product_id=RINGS)
    wanted = need("7", reservation=promise(0, 0))
    plan = plan_release([held(1, 1, "7", "1")], {rings.id: rings}, {LINE: wanted})
    assert plan.reservations == (ReservationAfter(UUID(int=21), Decimal(7), Decimal(0)),)
    assert plan.products == {GEMS, RINGS}


@pytest.mark.parametrize(
    ("own", "after"),
    [
        (promise("20", "20", basis="weight", weight_unit="g"), ("50", "50")),
        (promise("0.02", "0.02"), ("0.05", "0.05")),
        (promise("90", "10", basis="weight", weight_unit="g"), ("100", "20")),
    ],
)
def test_a_line_by_weight_gets_its_weight_back(own: Reservation, after: tuple[str, str]) -> None:
    grain = lot(1, "1", "1000", unit="kg", weight_unit="g")
    wanted = need("100", basis="weight", unit="g", stock_unit="kg", reservation=own)
    released = held(1, 1, "0.03", "30")
    if own.required == 90:
        released = held(1, 1, "0.01", "10")
    plan = plan_release([released], {grain.id: grain}, {LINE: wanted})
    assert plan.reservations == (ReservationAfter(own.id, Decimal(after[0]), Decimal(after[1])),)


def test_a_line_in_cartons_wants_pieces_again() -> None:
    cartons = need("1", unit="carton", unit_ratio=Decimal(12), reservation=promise("0", "0"))
    plan = plan_release([held(1, 1, "24", "2")], {UUID(int=1): lot(1)}, {LINE: cartons})
    assert plan.reservations == (ReservationAfter(UUID(int=21), Decimal(12), Decimal(12)),)


@pytest.mark.parametrize("status", ["shipped", "released"])
def test_only_an_open_selection_is_released(status: str) -> None:
    with pytest.raises(Conflict) as refused:
        plan_release([held(1, 1, "7", "1", status=status)], {UUID(int=1): lot(1)}, {LINE: need()})
    assert refused.value.code == "selection_not_open"


@given(st.integers(1, 50), st.integers(0, 50), st.integers(1, 60), st.booleans())
def test_selecting_what_is_reserved_leaves_what_is_available_and_a_release_restores_it(
    required: int, covered: int, quantity: int, is_last: bool
) -> None:
    covered = min(covered, required)
    quantity = required if is_last else min(quantity, required)
    stock = lot(1)
    wanted = need(str(required), reservation=promise(str(required), str(covered)))
    plan = select([row(1, quantity)], [wanted], [stock])
    used = plan.reservations[0]
    before = stock.quantity - wanted.reservation.required
    assert plan.lots[0].quantity - used.required == before
    left = replace(stock, quantity=plan.lots[0].quantity, weight=plan.lots[0].weight)
    again = replace(
        wanted,
        reservation=replace(wanted.reservation, required=used.required, covered=used.covered),
    )
    selection = held(1, 1, str(quantity), str(plan.rows[0].weight))
    back = plan_release([selection], {left.id: left}, {LINE: again})
    assert back.lots[0].quantity - back.reservations[0].required == before
    assert back.lots[0].weight == stock.weight
    assert back.reservations[0].required == required


def auto(needs: list[Need], lots: list[LotFacts]) -> tuple[list[tuple[int, str]], list[str]]:
    found = plan_auto_select(needs, lots)
    rows = [(item.lot_id.int, trim(Decimal(str(item.quantity)))) for item in found.asked]
    return rows, [item.why for item in found.unserved]


def test_the_oldest_lot_serves_first_then_the_lower_id() -> None:
    lots = [lot(3, "5", day=1), lot(2, "5", day=1), lot(1, "5", day=2)]
    assert auto([need("12")], lots) == ([(2, "5"), (3, "5"), (1, "2")], [])


def test_lines_are_served_in_their_order_from_what_is_left() -> None:
    needs = [need("4"), need("4", OTHER)]
    found = plan_auto_select(needs, [lot(1, "6")])
    assert [(item.line_id, item.quantity) for item in found.asked] == [(LINE, 4), (OTHER, 2)]
    assert [(item.line_id, item.missing, item.unit) for item in found.unserved] == [
        (OTHER, Decimal(2), "pcs")
    ]
    assert found.unserved[0].why == "2 pcs are not on hand."


def test_only_good_stock_of_the_product_is_chosen() -> None:
    lots = [lot(1, status="scrap"), lot(2, product_id=RINGS), lot(3, "0", "0")]
    assert auto([need("5")], lots) == ([], ["5 pcs are not on hand."])
    assert auto([need("5", cancelled=True)], [lot(1)]) == ([], [])


def test_nobody_takes_without_asking_what_is_promised_to_others() -> None:
    found = auto([need("10", may_take=Decimal(6))], [lot(1)])
    assert found == ([(1, "6")], ["4 pcs are on hand, but promised to other orders."])


def test_what_is_mine_and_still_missing_is_not_promised_to_others() -> None:
    found = auto([need("10", may_take=Decimal(10))], [lot(1, "6")])
    assert found == ([(1, "6")], ["4 pcs are not on hand."])
    too_small = need("0.5", may_take=Decimal("0.5"))
    found = auto([too_small], [lot(1, "6")])
    assert found == ([], ["0.5 pcs are less than one whole piece of what is on hand."])


def test_a_line_that_is_served_takes_nothing_more() -> None:
    found = plan_auto_select([need("5")], [lot(1, "5"), lot(2, "5")])
    assert [item.lot_id.int for item in found.asked] == [1]
    nothing = plan_auto_select([need("0.000001", unit="g", stock_unit="g")], [lot(1, unit="g")])
    assert (nothing.asked, nothing.unserved) == ((), ())


def test_a_weighed_lot_that_is_used_up_does_not_hide_one_that_was_never_weighed() -> None:
    wanted = need("11", basis="weight", unit="g")
    found = plan_auto_select([wanted], [lot(1, "50", "10"), lot(2, weight="0")])
    assert found.unserved[0].why == "1 g are missing: GEM0002 were never weighed."


def test_counted_units_are_taken_whole() -> None:
    half = need("0.5", unit="carton", unit_ratio=Decimal(5))
    found = auto([half], [lot(1)])
    assert found == ([(1, "2")], ["0.1 carton are less than one whole piece of what is on hand."])


def test_a_line_by_weight_is_served_by_weight() -> None:
    wanted = need("11", basis="weight", unit="g")
    found = plan_auto_select([wanted], [lot(1, weight="0"), lot(2, "50", "10"), lot(3)])
    assert [(item.lot_id.int, item.quantity, item.weight) for item in found.asked] == [
        (2, Decimal(50), Decimal(10)),
        (3, Decimal(5), Decimal(1)),
    ]
    assert found.unserved == ()
    unweighed = plan_auto_select([wanted], [lot(1, weight="0")])
    assert unweighed.unserved[0].why == "11 g are missing: GEM0001 were never weighed."


def test_grain_for_a_line_by_weight_is_divided() -> None:
    grain = lot(1, "2", "2000", unit="kg")
    wanted = need("333.3", basis="weight", unit="g", stock_unit="kg")
    found = plan_auto_select([wanted], [grain])
    assert [(item.quantity, item.weight) for item in found.asked] == [
        (Decimal("0.3333"), Decimal("333.3"))
    ]
    kept_by_weight = plan_auto_select([wanted], [lot(1, "0", "2000")])
    assert [(item.quantity, item.weight) for item in kept_by_weight.asked] == [
        (None, Decimal("333.3"))
    ]


lot_sizes = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 90)), max_size=4)
needs_of_lines = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["quantity", "weight"]), st.integers(1, 12)),
    max_size=3,
)


@given(lot_sizes, needs_of_lines)
def test_what_is_chosen_can_always_be_selected_and_what_is_not_is_reported(
    sizes: list[tuple[int, int]], wanted: list[tuple[int, str, int]]
) -> None:
    lots = [
        lot(at, str(quantity), str(weight)) for at, (quantity, weight) in enumerate(sizes, start=1)
    ]
    needs = [
        need(
            str(amount),
            UUID(int=50 + at),
            basis=basis,
            unit="g" if basis == "weight" else "box",
            unit_ratio=Decimal(ratio),
        )
        for at, (amount, basis, ratio) in enumerate(wanted)
    ]
    found = plan_auto_select(needs, lots)
    plan = select(list(found.asked), needs, lots)
    for after in plan.lots:
        assert after.quantity >= 0
        assert after.weight >= 0
    missing = {item.line_id: item.missing for item in found.unserved}
    for item in needs:
        assert 0 <= missing.get(item.line_id, 0) <= item.to_select
