"""Promises over real stock: who is covered, what selecting, releasing and shipping leave behind
(domain 1.10, 4.6, 8.5; rulings 5 and 11)."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orderwright.identity.caller import Caller
from orderwright.inventory import actions, queries, watchers
from orderwright.inventory.rules import PRIORITY_RANKS
from orderwright.inventory.selecting import Asked
from orderwright.kernel.errors import Conflict, Invalid
from tests.inventory.warehouse import (
    NOBODY,
    Warehouse,
    facts_of,
    figures,
    open_warehouse,
    rows,
)

pytestmark = pytest.mark.django_db

HIGH, NORMAL, LOW = (PRIORITY_RANKS[name] for name in ("high", "normal", "low"))


@pytest.fixture
def warehouse() -> Warehouse:
    return open_warehouse()


@pytest.fixture
def gem(warehouse: Warehouse) -> UUID:
    return warehouse.product(sku="GEM")


@pytest.fixture
def told() -> Iterator[list[set[UUID]]]:
    """What a watcher hears."""
    heard: list[set[UUID]] = []

    def listen(by: Caller, reservation_ids: list[UUID]) -> None:
        heard.append(set(reservation_ids))

    before = list(watchers._watchers)
    watchers._watchers[:] = [listen]
    yield heard
    watchers._watchers[:] = before


# Reserving ---------------------------------------------------------------------------------------


def test_stock_on_hand_covers_a_promise_and_the_rest_is_short(
    warehouse: Warehouse, gem: UUID
) -> None:
    warehouse.lot(gem, 8)
    warehouse.promise(gem, 10)
    assert warehouse.figures(gem) == figures(on_hand=8, reserved=8, short=2)


def test_a_later_promise_takes_nothing_from_an_earlier_one(warehouse: Warehouse, gem: UUID) -> None:
    warehouse.lot(gem, 8)
    first = warehouse.promise(gem, 6)
    urgent = warehouse.promise(gem, 6, priority=HIGH)
    assert warehouse.covered(first, urgent) == ["6", "2"]


def test_stock_that_appears_serves_high_priority_then_the_earliest_then_the_first_position(
    warehouse: Warehouse, gem: UUID
) -> None:
    now = warehouse.by.now
    low = warehouse.promise(gem, 4, priority=LOW, issued_at=now)
    second = warehouse.promise(gem, 4, position=2, issued_at=now)
    first = warehouse.promise(gem, 4, position=1, issued_at=now)
    late = warehouse.promise(gem, 4)
    high = warehouse.promise(gem, 4, priority=HIGH)
    in_turn = (high, first, second, late, low)
    seen = []
    for _ in range(5):
        warehouse.lot(gem, 4)
        seen.append("".join(warehouse.covered(*in_turn)))
    assert seen == ["40000", "44000", "44400", "44440", "44444"]


def test_a_promise_made_anew_keeps_what_covers_it(warehouse: Warehouse, gem: UUID) -> None:
    warehouse.lot(gem, 10)
    grows = warehouse.promise(gem, 10)
    waits = warehouse.promise(gem, 5, priority=HIGH)
    grows.wanted = Decimal(12)
    warehouse.reserve(grows)
    assert warehouse.held(grows) == ("12", "10")
    assert warehouse.held(waits) == ("5", "0")


def test_a_promise_made_anew_for_another_product_starts_uncovered(
    warehouse: Warehouse, gem: UUID
) -> None:
    ring = warehouse.product(sku="RING")
    warehouse.lot(gem, 10)
    warehouse.lot(ring, 3)
    line = warehouse.promise(gem, 5)
    warehouse.close({line.reservation: 0}, gem)
    line.product = ring
    warehouse.reserve(line)
    assert warehouse.figures(gem) == figures(on_hand=10)
    assert warehouse.figures(ring) == figures(on_hand=3, reserved=3, short=2)


def test_closing_a_promise_covers_whoever_waits(
    warehouse: Warehouse, gem: UUID, told: list[set[UUID]]
) -> None:
    warehouse.lot(gem, 10)
    first = warehouse.promise(gem, 10)
    waiting = warehouse.promise(gem, 10)
    told.clear()
    warehouse.close({first.reservation: 4}, gem)
    assert warehouse.covered(first, waiting) == ["4", "6"]
    warehouse.close({first.reservation: 0}, gem)
    assert warehouse.covered(first, waiting) == ["0", "10"]
    assert warehouse.figures(gem) == figures(on_hand=10, reserved=10)
    assert told == [{waiting.reservation}, {waiting.reservation}]


def test_a_promise_that_was_closed_can_be_given_stock_back(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 10)
    line = warehouse.promise(gem, 10)
    selected = warehouse.select(line, {lot: 10})
    warehouse.close({line.reservation: 0}, gem)
    warehouse.release(line, *selected)
    assert warehouse.held(line) == ("10", "10")


# Selecting ---------------------------------------------------------------------------------------


def test_the_walk_of_issue_and_select_leaves_fifty_available_at_every_step(
    warehouse: Warehouse, gem: UUID
) -> None:
    whole = warehouse.lot(gem, 600, weight="120", tag_id="GEMDIA0001")
    part = warehouse.lot(gem, 200, weight="40", tag_id="GEMDIA0002")
    line = warehouse.promise(gem, 750, priority=HIGH)
    issued = warehouse.figures(gem)
    selected = warehouse.select(line, {whole: "full", part: 150})
    taken = warehouse.figures(gem)
    with pytest.raises(Conflict) as refused:
        warehouse.select(line, {part: 60})
    warehouse.release(line, *selected)
    assert issued == figures(on_hand=800, reserved=750, short=0)
    assert issued["available"] == "50"
    assert taken == figures(on_hand=50, reserved=0, short=0)
    assert taken["available"] == "50"
    assert [one.weight for one in selected] == [Decimal(120), Decimal(30)]
    assert refused.value.code == "over_selection"
    assert warehouse.figures(gem) == issued


def test_a_lot_that_is_used_up_is_retrieved_out_until_something_comes_back(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 600, weight="120")
    line = warehouse.promise(gem, 600)
    selected = warehouse.select(line, {lot: "full"})
    used = warehouse.seen(lot)
    warehouse.release(line, *selected)
    back = warehouse.seen(lot)
    assert (used.status, used.quantity, used.weight) == ("retrieved_out", 0, 0)
    assert (back.status, back.quantity, back.weight) == ("available", 600, 120)


def test_selecting_beyond_ones_own_promise_takes_coverage_from_the_last_in_line(
    warehouse: Warehouse, gem: UUID, told: list[set[UUID]]
) -> None:
    lot = warehouse.lot(gem, 10)
    early = warehouse.promise(gem, 3)
    late = warehouse.promise(gem, 3)
    low = warehouse.promise(gem, 3, priority=LOW)
    taker = warehouse.promise(gem, 6)
    assert warehouse.covered(early, late, low, taker) == ["3", "3", "3", "1"]
    told.clear()
    warehouse.select(taker, {lot: 6})
    assert warehouse.held(taker) == ("0", "0")
    assert warehouse.covered(early, late, low) == ["3", "1", "0"]
    assert warehouse.figures(gem) == figures(on_hand=4, reserved=4, short=5)
    assert told == [{late.reservation, low.reservation}]


def test_selecting_uncovered_stock_of_ones_own_leaves_available_unchanged(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 10)
    first = warehouse.promise(gem, 8)
    second = warehouse.promise(gem, 8)
    before = warehouse.figures(gem)
    warehouse.select(second, {lot: 8})
    after = warehouse.figures(gem)
    assert before["available"] == after["available"] == "-6"
    assert warehouse.covered(first, second) == ["2", "0"]


def test_a_release_serves_its_own_line_before_others_who_wait(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 5)
    own = warehouse.promise(gem, 5, priority=LOW)
    urgent = warehouse.promise(gem, 5, priority=HIGH)
    selected = warehouse.select(own, {lot: 5})
    warehouse.release(own, *selected)
    assert warehouse.held(own) == ("5", "5")
    assert warehouse.held(urgent) == ("5", "0")


def test_a_release_of_a_cancelled_line_serves_others(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 5)
    cancelled = warehouse.promise(gem, 5)
    waiting = warehouse.promise(gem, 3)
    selected = warehouse.select(cancelled, {lot: 5})
    cancelled.cancelled = True
    warehouse.release(cancelled, *selected)
    assert warehouse.held(cancelled) == ("0", "0")
    assert warehouse.held(waiting) == ("3", "3")
    assert warehouse.figures(gem) == figures(on_hand=5, reserved=3)


def test_a_release_of_what_was_taken_beyond_the_order_serves_others(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 10)
    line = warehouse.promise(gem, 4)
    waiting = warehouse.promise(gem, 10)
    selected = warehouse.select(line, {lot: 10}, allow_over=True)
    line.wanted = Decimal(14)  # need() counts from here: 4 wanted once the 10 are back
    need = replace(warehouse.need(line), to_select=Decimal(4))
    actions.release(
        warehouse.by,
        selections=[facts_of(one) for one in selected],
        needs=[need],
        reservations={line.id: line.reservation},
        cause=NOBODY,
    )
    assert warehouse.held(line) == ("4", "4")
    assert warehouse.held(waiting) == ("10", "6")


def test_one_request_takes_from_several_lots_for_several_lines_or_nothing(
    warehouse: Warehouse, gem: UUID
) -> None:
    one, two = warehouse.lot(gem, 5), warehouse.lot(gem, 5)
    first, second = warehouse.promise(gem, 4), warehouse.promise(gem, 6)
    asked = [
        Asked(first.id, one, quantity="4"),
        Asked(second.id, one, quantity="1"),
        Asked(second.id, two, quantity="6"),
    ]
    with pytest.raises(Conflict) as refused:
        warehouse.select_rows([first, second], asked)
    assert refused.value.code == "over_selection"
    asked[1] = Asked(second.id, one, quantity="2")
    asked[2] = Asked(second.id, two, quantity="4")
    with pytest.raises(Conflict) as lacking:
        warehouse.select_rows([first, second], asked)
    assert lacking.value.code == "insufficient_stock"
    assert [entry["available"] for entry in lacking.value.details["lots"]] == ["5"]
    assert warehouse.figures(gem) == figures(on_hand=10, reserved=10)
    asked[1] = Asked(second.id, one, quantity="1")
    made = warehouse.select_rows([first, second], asked)
    assert [one.quantity for one in made] == [4, 1, 4]
    assert warehouse.figures(gem) == figures(on_hand=1, reserved=1)


def test_another_product_is_a_substitute_only_when_said(warehouse: Warehouse, gem: UUID) -> None:
    ring = warehouse.product(sku="RING")
    lot = warehouse.lot(ring, 5)
    line = warehouse.promise(gem, 5)
    other = warehouse.promise(ring, 5)
    with pytest.raises(Conflict) as refused:
        warehouse.select(line, {lot: 2})
    assert refused.value.code == "wrong_product"
    warehouse.select(line, {lot: 2}, substitute=True)
    assert warehouse.held(line) == ("3", "0")
    assert warehouse.held(other) == ("5", "3")
    assert warehouse.figures(gem) == figures(on_hand=0, short=3)
    assert warehouse.figures(ring) == figures(on_hand=3, reserved=3, short=2)


@pytest.mark.parametrize("status", ["rejected", "scrap", "archived"])
def test_what_is_not_usable_is_no_stock_and_cannot_be_selected(
    warehouse: Warehouse, gem: UUID, status: str
) -> None:
    from orderwright.inventory import lots

    lot = warehouse.lot(gem, 5)
    line = warehouse.promise(gem, 5)
    lots.edit_lot(by=warehouse.by, ref=lot, sent={"status": status})
    assert warehouse.figures(gem) == figures(on_hand=0, short=5)
    with pytest.raises(Conflict) as refused:
        warehouse.select(line, {lot: 1})
    assert refused.value.code == "lot_unavailable"
    lots.edit_lot(by=warehouse.by, ref=lot, sent={"status": "available"})
    assert warehouse.figures(gem) == figures(on_hand=5, reserved=5)


def test_a_counted_unit_is_selected_whole(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 5)
    line = warehouse.promise(gem, 5)
    with pytest.raises(Invalid) as refused:
        warehouse.select(line, {lot: "1.5"})
    assert refused.value.fields == {"selections.quantity": "A quantity in pcs is a whole number."}


def test_a_line_in_boxes_takes_its_pieces_from_stock(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 30)
    line = warehouse.promise(gem, 2, unit="box", ratio=Decimal(12))
    assert warehouse.held(line) == ("24", "24")
    with pytest.raises(Conflict) as refused:
        warehouse.select(line, {lot: 25})
    assert refused.value.code == "over_selection"
    warehouse.select(line, {lot: 24})
    assert warehouse.figures(gem) == figures(on_hand=6)


def test_a_line_by_weight_is_promised_and_selected_by_weight(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 100, weight="20", weight_unit="g")
    line = warehouse.promise(gem, 10, basis="weight", unit="g")
    assert warehouse.held(line) == ("10", "10")
    assert warehouse.figures(gem) == figures(on_hand=100, reserved=50)
    selected = warehouse.select(line, {lot: 50})
    assert [(one.quantity, one.weight) for one in selected] == [(50, 10)]
    assert warehouse.held(line) == ("0", "0")
    assert warehouse.figures(gem) == figures(on_hand=50)
    warehouse.release(line, *selected)
    assert warehouse.held(line) == ("10", "10")


def test_lines_by_weight_and_by_piece_share_a_product_without_sharing_a_pool(
    warehouse: Warehouse, gem: UUID
) -> None:
    warehouse.lot(gem, 100, weight="20", weight_unit="g")
    pieces = warehouse.promise(gem, 100)
    grams = warehouse.promise(gem, 25, basis="weight", unit="g")
    assert warehouse.held(pieces) == ("100", "100")
    assert warehouse.held(grams) == ("25", "20")


def test_a_product_kept_by_weight_serves_both_kinds_of_lines_from_one_pool(
    warehouse: Warehouse,
) -> None:
    grain = warehouse.product(sku="GRAIN", default_unit="g")
    warehouse.lot(grain, 100)
    grams = warehouse.promise(grain, 60, unit="g", stock_unit="g")
    carats = warehouse.promise(grain, 300, basis="weight", unit="ct", stock_unit="g")
    assert warehouse.held(grams) == ("60", "60")
    assert warehouse.held(carats) == ("300", "200")
    assert warehouse.figures(grain) == figures(on_hand=100, reserved=100, short=20)


# Counting ----------------------------------------------------------------------------------------


def test_a_lower_count_takes_coverage_from_the_last_in_line_first(
    warehouse: Warehouse, gem: UUID, told: list[set[UUID]]
) -> None:
    lot = warehouse.lot(gem, 12)
    normal = warehouse.promise(gem, 4)
    low = warehouse.promise(gem, 4, priority=LOW)
    high = warehouse.promise(gem, 4, priority=HIGH)
    told.clear()
    warehouse.adjust(lot, quantity="9")
    assert warehouse.covered(high, normal, low) == ["4", "4", "1"]
    warehouse.adjust(lot, quantity="5")
    assert warehouse.covered(high, normal, low) == ["4", "1", "0"]
    warehouse.adjust(lot, quantity="12")
    assert warehouse.covered(high, normal, low) == ["4", "4", "4"]
    assert told == [
        {low.reservation},
        {low.reservation, normal.reservation},
        {low.reservation, normal.reservation},
    ]


# Shipping ----------------------------------------------------------------------------------------


def statuses(line: UUID) -> list[tuple[str, str, str]]:
    """Status, quantity and weight of a reservation's selections, oldest first."""
    return [
        (status, str(quantity), str(weight))
        for status, quantity, weight in rows(
            "SELECT status, trim_scale(quantity), trim_scale(weight) FROM inventory_selection"
            " WHERE reservation_id = %s ORDER BY id",
            line,
        )
    ]


def test_a_part_of_a_selection_ships_and_the_rest_stays(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 10, weight="5")
    line = warehouse.promise(gem, 10)
    (selected,) = warehouse.select(line, {lot: 10})
    carried = actions.ship_selections(
        warehouse.by, whole=[], parts=[(selected.id, Decimal(4), Decimal(2))]
    )
    assert statuses(line.reservation) == [("retrieved", "6", "3"), ("shipped", "4", "2")]
    actions.ship_selections(warehouse.by, whole=[selected.id], parts=[])
    assert statuses(line.reservation) == [("shipped", "6", "3"), ("shipped", "4", "2")]
    actions.unship_selections(warehouse.by, [carried[selected.id]])
    assert statuses(line.reservation) == [("shipped", "6", "3"), ("retrieved", "4", "2")]
    held = queries.holdings_of(warehouse.by, [line.reservation])[line.reservation]
    assert (held.selected[0], held.sent[0]) == (4, 6)


def test_what_is_not_open_ships_not_again_and_is_not_released(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 10)
    line = warehouse.promise(gem, 10)
    (selected,) = warehouse.select(line, {lot: 10})
    actions.ship_selections(warehouse.by, whole=[selected.id], parts=[])
    with pytest.raises(Conflict) as again:
        actions.ship_selections(warehouse.by, whole=[selected.id], parts=[])
    with pytest.raises(Conflict) as part:
        actions.ship_selections(
            warehouse.by, whole=[], parts=[(selected.id, Decimal(1), Decimal(0))]
        )
    with pytest.raises(Conflict) as released:
        warehouse.release(line, selected)  # as a reader saw it before the shipment
    codes = [refused.value.code for refused in (again, part, released)]
    assert codes == ["selection_not_open"] * 3


def test_a_selection_is_not_released_twice(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 10)
    line = warehouse.promise(gem, 10)
    (selected,) = warehouse.select(line, {lot: 10})
    warehouse.release(line, selected)
    with pytest.raises(Conflict) as refused:
        warehouse.release(line, selected)
    assert refused.value.code == "selection_not_open"


def test_a_selection_is_not_released_at_another_quantity_than_it_has(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 10)
    line = warehouse.promise(gem, 10)
    (selected,) = warehouse.select(line, {lot: 10})
    actions.ship_selections(warehouse.by, whole=[], parts=[(selected.id, Decimal(4), Decimal(0))])
    with pytest.raises(Conflict) as refused:
        warehouse.release(line, selected)
    assert refused.value.code == "selection_not_open"


def test_more_than_a_selection_holds_does_not_ship(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 10)
    line = warehouse.promise(gem, 10)
    (selected,) = warehouse.select(line, {lot: 10})
    with pytest.raises(Conflict) as refused:
        actions.ship_selections(
            warehouse.by, whole=[], parts=[(selected.id, Decimal(11), Decimal(0))]
        )
    assert refused.value.code == "selection_not_open"


def test_what_was_not_shipped_cannot_come_back(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 10)
    line = warehouse.promise(gem, 10)
    (selected,) = warehouse.select(line, {lot: 10})
    with pytest.raises(Conflict) as refused:
        actions.unship_selections(warehouse.by, [selected.id])
    assert refused.value.code == "selection_not_shipped"


# Below zero --------------------------------------------------------------------------------------


def test_an_organization_that_allows_it_takes_lots_below_zero_and_counts_them_up_again(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 5)
    line = warehouse.promise(gem, 8)
    loose = warehouse.allowing_negative()
    selected = loose.select(line, {lot: 8})
    assert loose.figures(gem) == figures(on_hand=-3)
    assert loose.seen(lot).status == "available"
    late = loose.promise(gem, 4)
    assert loose.held(late) == ("4", "0")
    # The setting is off again: the lot may still rise, and never fall.
    other = warehouse.lot(gem, 4)
    assert warehouse.held(late) == ("4", "1")
    warehouse.release(line, *selected)
    assert warehouse.figures(gem) == figures(on_hand=9, reserved=9, short=3)
    with pytest.raises(Conflict) as refused:
        warehouse.select(line, {lot: 6})
    assert refused.value.code == "insufficient_stock"
    assert warehouse.seen(other).quantity == 4


def test_all_of_a_lot_that_has_nothing_is_nothing_to_select(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 5)
    warehouse.adjust(lot, quantity="0")
    line = warehouse.promise(gem, 8)
    for stock in (warehouse, warehouse.allowing_negative()):
        with pytest.raises(Conflict) as refused:
            stock.select(line, {lot: "full"})
        assert refused.value.code == "insufficient_stock"


# Statements --------------------------------------------------------------------------------------


def statements_at(count: int) -> dict[str, int]:
    """How many statements each action takes for so many lines, each with a lot of its own, while
    somebody else waits for the same product."""
    warehouse = open_warehouse(name=f"Works {count}", email=f"w{count}@works.example")
    gem = warehouse.product()
    lots = [warehouse.lot(gem, 10) for _ in range(count)]
    lines = [warehouse.line(gem, 10) for _ in range(count)]
    counts = {}
    with CaptureQueriesContext(connection) as found:
        warehouse.reserve(*lines)
    counts["reserve"] = len(found)
    warehouse.promise(gem, 5)
    needs = [warehouse.need(line) for line in lines]
    reservations = {line.id: line.reservation for line in lines}
    asked = [Asked(line.id, lot, quantity="10") for line, lot in zip(lines, lots, strict=True)]
    with CaptureQueriesContext(connection) as found:
        selected = actions.select(
            warehouse.by, needs=needs, asked=asked, reservations=reservations, cause=NOBODY
        )
    counts["select"] = len(found)
    with CaptureQueriesContext(connection) as found:
        actions.release(
            warehouse.by,
            selections=[facts_of(one) for one in selected],
            needs=needs,
            reservations=reservations,
            cause=NOBODY,
        )
    counts["release"] = len(found)
    again = actions.select(
        warehouse.by, needs=needs, asked=asked, reservations=reservations, cause=NOBODY
    )
    with CaptureQueriesContext(connection) as found:
        actions.ship_selections(
            warehouse.by,
            whole=[one.id for one in again[1:]],
            parts=[(again[0].id, Decimal(3), Decimal(0))],
        )
    counts["ship"] = len(found)
    with CaptureQueriesContext(connection) as found:
        actions.close_promises(
            warehouse.by, {line.reservation: Decimal(0) for line in lines}, [gem]
        )
    counts["close"] = len(found)
    return counts


def test_the_number_of_statements_does_not_grow_with_the_lines() -> None:
    one, thirty = statements_at(1), statements_at(30)
    assert one == thirty
    assert one == {"reserve": 3, "select": 3, "release": 4, "ship": 1, "close": 4}
