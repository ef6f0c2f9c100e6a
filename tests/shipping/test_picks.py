"""The pick of an order follows it, and the goods of a pick are deducted exactly once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from orderwright.kernel.errors import Conflict, Invalid, NotFound
from orderwright.sales import actions, edits, stock
from orderwright.sales.edits import LineChange
from orderwright.sales.new_lines import NewLine
from orderwright.sales.page import OrderPage
from orderwright.shipping import pick_queries, picking, shipping_out, tracking
from orderwright.shipping.pick_page import PickFilter
from orderwright.shipping.picking import PackLot
from orderwright.shipping.shipping_out import CaseChange, MappedLine
from tests.sales.books import wrong
from tests.sales.desk import Desk, counted, open_desk
from tests.shipping import picks
from tests.shipping.picks import pick_of, rows, wrong_picks

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return open_desk()


def sound(desk: Desk) -> bool:
    assert wrong_picks(desk) == []
    assert wrong(desk.by) == {}
    return True


def stocked(desk: Desk, on_hand: int = 20, ordered: int = 10) -> tuple[Any, Any, OrderPage]:
    gem = desk.product()
    lot = desk.lot(gem, on_hand)
    return gem, lot, desk.issued({gem: ordered})


def test_issuing_makes_the_pick_with_nothing_picked(desk: Desk) -> None:
    gem, ring = desk.product(), desk.product(sku="RING")
    care = desk.product(sku="CARE", type="service")
    order = desk.issued({gem: 3, ring: 4, care: 1}, priority="high")
    assert rows(desk, order) == [(1, "3", "0", False), (2, "4", "0", False)]
    head = pick_of(desk, order).head
    assert (head.number, head.status, head.priority) == (order.head.number, "open", "high")
    assert sound(desk)


def test_an_estimate_has_no_pick_and_unissuing_deletes_its_progress(desk: Desk) -> None:
    _, _, order = stocked(desk)
    picks.record(desk, order, 4)
    actions.unissue_order(by=desk.by, order=order.id)
    with pytest.raises(NotFound):
        pick_of(desk, order)
    assert desk.line(order).picked == 0
    actions.issue_order(by=desk.by, order=order.id)
    assert rows(desk, order) == [(1, "10", "0", False)]
    assert sound(desk)


def test_what_is_picked_is_work_in_progress(desk: Desk) -> None:
    _, _, order = stocked(desk)
    picks.record(desk, order, 4)
    assert (desk.line(order).picked, desk.line(order).status) == (4, "in_progress")
    picks.record(desk, order, 0)
    assert desk.statuses(order) == ["not_started"]
    picks.record(desk, order, 12)
    assert rows(desk, order) == [(1, "10", "12", False)]
    assert sound(desk)


@pytest.mark.parametrize("quantity", ["-1", "1.5", "many"])
def test_what_was_picked_is_a_count(desk: Desk, quantity: str) -> None:
    _, _, order = stocked(desk)
    with pytest.raises(Invalid) as caught:
        picks.record(desk, order, quantity)
    assert set(caught.value.fields or {}) == {"quantity"}


def test_a_quantity_that_changes_is_asked_for_anew_and_keeps_what_is_picked(desk: Desk) -> None:
    _, _, order = stocked(desk)
    picks.record(desk, order, 4)
    line = desk.line(order).id
    change = LineChange(quantity=12)
    edits.edit_line(by=desk.by, order=order.id, line_id=line, change=change)
    assert rows(desk, order) == [(1, "12", "4", False)]
    assert sound(desk)


def test_a_further_line_is_picked_too(desk: Desk) -> None:
    _, _, order = stocked(desk)
    ring = desk.product(sku="RING")
    edits.add_lines(by=desk.by, order=order.id, lines=[NewLine(ring, quantity=2)])
    assert rows(desk, order) == [(1, "10", "0", False), (2, "2", "0", False)]
    edits.delete_line(by=desk.by, order=order.id, line_id=desk.line(order, 2).id)
    assert rows(desk, order) == [(1, "10", "0", False)]
    assert sound(desk)


def test_a_cancelled_line_is_picked_no_more_and_a_restored_one_again(desk: Desk) -> None:
    gem, ring = desk.product(), desk.product(sku="RING")
    order = desk.issued({gem: 3, ring: 4})
    picks.record(desk, order, 2)
    first = desk.line(order).id
    actions.cancel_lines(by=desk.by, order=order.id, line_ids=[first])
    assert rows(desk, order) == [(2, "4", "0", False)]
    assert desk.line(order).picked == 0
    actions.restore_lines(by=desk.by, order=order.id, line_ids=[first])
    assert rows(desk, order) == [(1, "3", "0", False), (2, "4", "0", False)]
    assert sound(desk)


def test_cancelling_everything_deletes_the_pick(desk: Desk) -> None:
    _, _, order = stocked(desk)
    actions.cancel_lines(by=desk.by, order=order.id, line_ids=[desk.line(order).id])
    with pytest.raises(NotFound):
        pick_of(desk, order)
    assert sound(desk)


def test_packing_takes_the_oldest_lots_and_leaves_the_rest_to_be_picked(desk: Desk) -> None:
    gem, first, order = stocked(desk, on_hand=3)
    second = desk.lot(gem, 20)
    shipment = picks.packed(desk, order, 4, cases=2)
    head = shipment.head
    assert (head.number, head.stage, head.tracking_status) == (
        order.head.number,
        "packed",
        "pending",
    )
    taken = {one.lot_id: one.quantity for line in shipment.lines for one in line.selections}
    assert taken == {first: 3, second: 1}
    assert [one.number(head.number) for one in shipment.cases] == [
        f"{head.number}/C1",
        f"{head.number}/C2",
    ]
    assert rows(desk, order) == [(1, "4", "4", True), (1, "6", "0", False)]
    line = desk.line(order)
    assert (line.picked, line.packed, line.shipped, line.retrieved) == (4, 4, 0, 4)
    assert desk.figures(gem)["on_hand"] == "19"
    assert sound(desk)


def test_packing_is_answered_as_it_will_be_read(desk: Desk) -> None:
    _, _, order = stocked(desk)
    shipment = picks.packed(desk, order, 4, cases=2)
    assert desk.shipment(shipment) == shipment


def test_packing_uses_what_was_selected_first(desk: Desk) -> None:
    gem, lot, order = stocked(desk, on_hand=5)
    other = desk.lot(gem, 20)
    desk.select(order, {other: 6})
    shipment = picks.packed(desk, order, 8)
    taken = {one.lot_id: one.quantity for line in shipment.lines for one in line.selections}
    assert taken == {other: 6, lot: 2}
    assert desk.figures(gem)["on_hand"] == "17"
    assert sound(desk)


def test_a_part_of_a_selection_is_packed_and_the_rest_waits(desk: Desk) -> None:
    gem, lot, order = stocked(desk)
    desk.select(order, {lot: 10})
    shipment = picks.packed(desk, order, 4)
    assert desk.figures(gem)["on_hand"] == "10"
    picks.ship(desk, shipment)
    assert (desk.line(order).shipped, desk.line(order).retrieved) == (4, 6)
    assert sound(desk)


def test_packing_takes_the_lots_that_are_named(desk: Desk) -> None:
    gem, _, order = stocked(desk)
    chosen = desk.lot(gem, 20)
    picks.record(desk, order, 5)
    lots = [PackLot(desk.line(order).id, chosen, "5")]
    shipment = picks.pack(desk, order, lots=lots)
    assert [one.lot_id for line in shipment.lines for one in line.selections] == [chosen]
    assert sound(desk)


def test_nothing_picked_cannot_be_packed(desk: Desk) -> None:
    _, _, order = stocked(desk)
    with pytest.raises(Invalid) as caught:
        picks.pack(desk, order)
    assert caught.value.code == "nothing_picked"


@pytest.mark.parametrize("cases", [0, -1, 1000])
def test_a_shipment_has_at_least_one_case(desk: Desk, cases: int) -> None:
    _, _, order = stocked(desk)
    with pytest.raises(Invalid) as caught:
        picks.packed(desk, order, 1, cases=cases)
    assert caught.value.code == "invalid_cases"


def test_what_is_not_on_hand_cannot_be_packed_and_nothing_is_written(desk: Desk) -> None:
    gem, _, order = stocked(desk, on_hand=3)
    with pytest.raises(Conflict) as caught:
        picks.packed(desk, order, 4)
    assert caught.value.code == "insufficient_stock"
    assert desk.figures(gem)["on_hand"] == "3"
    assert rows(desk, order) == [(1, "10", "4", False)]


def test_more_than_ordered_is_packed_only_when_that_is_said(desk: Desk) -> None:
    _, _, order = stocked(desk)
    with pytest.raises(Conflict) as caught:
        picks.packed(desk, order, 12)
    assert caught.value.code == "over_selection"
    shipment = picks.pack(desk, order, allow_over=True)
    picks.ship(desk, shipment)
    assert desk.line(order).shipped == 12
    assert desk.stages(order) == ("fulfilled", "shipped")
    assert pick_of(desk, order).head.status == "finished"
    assert sound(desk)


def test_only_named_rows_are_packed(desk: Desk) -> None:
    gem, ring = desk.product(), desk.product(sku="RING")
    desk.lot(gem, 9), desk.lot(ring, 9)
    order = desk.issued({gem: 3, ring: 4})
    picking.pick_all(by=desk.by, pick=order.head.number)
    second = picks.open_row(desk, order, 2)
    picks.pack(desk, order, line_ids=[second.id])
    assert rows(desk, order) == [(1, "3", "3", False), (2, "4", "4", True)]
    assert pick_of(desk, order).head.status == "open"
    picks.pack(desk, order)
    assert pick_of(desk, order).head.status == "finished"
    assert sound(desk)


def test_a_packed_row_keeps_its_id_and_can_no_longer_be_picked(desk: Desk) -> None:
    _, _, order = stocked(desk)
    picks.record(desk, order, 4)
    row = picks.open_row(desk, order)
    picks.pack(desk, order)
    (kept,) = [one for one in pick_of(desk, order).lines if one.id == row.id]
    assert (kept.is_open, kept.shipment_number) == (False, order.head.number)
    with pytest.raises(Conflict) as caught:
        picking.record_picked(by=desk.by, pick=order.head.number, line_id=row.id, quantity="1")
    assert caught.value.code == "line_packed"


def test_packed_goods_leave(desk: Desk) -> None:
    gem, _, order = stocked(desk)
    shipment = picks.packed(desk, order, 10, cases=2)
    assert pick_of(desk, order).head.status == "finished"
    assert desk.stages(order)[0] == "issued"
    left = picks.ship(
        desk,
        shipment,
        cases=[CaseChange(f"{order.head.number}/C2", "1ZC2", weight="1.5", freight_amount="9.90")],
    )
    assert (left.head.stage, left.head.shipped_by) == ("shipped", desk.by.actor.name)
    assert [event.status for event in left.events] == ["pending"]
    assert (left.cases[1].tracking_number, left.cases[1].weight) == ("1ZC2", picks.amount("1.5"))
    assert desk.stages(order) == ("fulfilled", "shipped")
    assert (desk.line(order).shipped, desk.line(order).packed) == (10, 10)
    assert desk.figures(gem)["on_hand"] == "10"
    assert sound(desk)


def test_a_carrier_that_tracks_needs_a_number_of_the_shipment_or_of_a_case(desk: Desk) -> None:
    _, _, order = stocked(desk)
    shipment = picks.packed(desk, order, 4)
    with pytest.raises(Invalid) as caught:
        picks.ship(desk, shipment, tracking_number=None)
    assert caught.value.code == "tracking_number_missing"
    case = CaseChange(shipment.cases[0].id, tracking_number="1ZCASE")
    left = picks.ship(desk, shipment, tracking_number=None, cases=[case])
    assert left.head.tracking_number == "1ZCASE"


@pytest.mark.parametrize("status", ["hold_all", "hold_shipment"])
def test_a_hold_blocks_shipping_and_neither_picking_nor_packing(desk: Desk, status: str) -> None:
    from orderwright.directory import actions as directory

    _, _, order = stocked(desk)
    directory.change_customer_status(by=desk.by, customer_id=desk.customer, status=status)
    shipment = picks.packed(desk, order, 4)
    assert pick_of(desk, order).head.is_held
    with pytest.raises(Conflict) as caught:
        picks.ship(desk, shipment)
    assert caught.value.code == f"customer_{status}"
    assert desk.shipment(shipment).head.stage == "packed"
    assert sound(desk)


def test_a_packed_shipment_that_is_voided_gives_everything_back(desk: Desk) -> None:
    gem, lot, order = stocked(desk)
    desk.select(order, {lot: 3})
    shipment = picks.packed(desk, order, 8)
    gone = picks.void(desk, shipment)
    assert gone.head.stage == "voided"
    assert rows(desk, order) == [(1, "10", "8", False)]
    assert (desk.line(order).retrieved, desk.figures(gem)["on_hand"]) == (3, "17")
    again = picks.pack(desk, order)
    assert again.head.number == f"{order.head.number}-2"
    assert desk.figures(gem)["on_hand"] == "12"
    assert sound(desk)


def test_a_shipment_that_left_is_voided_while_the_carrier_says_nothing(desk: Desk) -> None:
    _, _, order = stocked(desk)
    shipment = picks.ship(desk, picks.packed(desk, order, 10))
    assert desk.stages(order)[0] == "fulfilled"
    picks.void(desk, shipment)
    assert desk.stages(order)[0] == "issued"
    assert rows(desk, order) == [(1, "10", "10", False)]
    again = picks.ship(desk, picks.pack(desk, order))
    tracking.add_tracking_event(
        by=desk.by, shipment=again.head.id, said=tracking.Said("in_transit")
    )
    with pytest.raises(Conflict) as caught:
        picks.void(desk, again)
    assert caught.value.code == "invalid_transition"
    assert sound(desk)


@pytest.mark.parametrize("status", ["in_transit", "delivered", "exception"])
def test_nothing_is_said_of_goods_that_have_not_left(desk: Desk, status: str) -> None:
    _, _, order = stocked(desk)
    shipment = picks.packed(desk, order, 4)
    with pytest.raises(Conflict) as caught:
        tracking.add_tracking_event(
            by=desk.by, shipment=shipment.head.id, said=tracking.Said(status)
        )
    assert caught.value.code == "invalid_transition"
    said = tracking.Said("in_transit", source="carrier")
    kept = tracking.take_carrier_event(by=desk.by, shipment_id=shipment.head.id, said=said)
    assert (kept.head.tracking_status, len(kept.events)) == ("pending", 1)


def test_a_packed_shipment_can_be_cancelled(desk: Desk) -> None:
    gem, _, order = stocked(desk)
    shipment = picks.packed(desk, order, 4)
    tracking.cancel_shipment(by=desk.by, shipment=shipment.head.id)
    assert desk.figures(gem)["on_hand"] == "20"
    with pytest.raises(Conflict):
        picks.ship(desk, shipment)
    assert sound(desk)


def test_what_is_packed_cannot_be_released_shipped_or_cancelled_elsewhere(desk: Desk) -> None:
    _, lot, order = stocked(desk)
    desk.select(order, {lot: 4})
    (selection,) = desk.open_selections(order)
    picks.packed(desk, order, 4)
    line = desk.line(order).id
    acts: list[Callable[[], Any]] = [
        lambda: stock.release_inventory(by=desk.by, order=order.id, selection_ids=[selection]),
        lambda: desk.ship(order),
        lambda: actions.unissue_order(by=desk.by, order=order.id),
        lambda: actions.cancel_lines(by=desk.by, order=order.id, line_ids=[line]),
    ]
    codes = []
    for act in acts:
        with pytest.raises((Conflict, Invalid)) as caught, transaction.atomic():
            act()
        codes.append(caught.value.code)
    assert codes == ["selection_not_open", "nothing_to_ship", "shipment_packed", "shipment_packed"]
    assert sound(desk)


def test_a_pick_starts_again_only_without_a_live_shipment(desk: Desk) -> None:
    _, _, order = stocked(desk)
    picks.record(desk, order, 4)
    picking.void_pick(by=desk.by, pick=order.head.number)
    assert rows(desk, order) == [(1, "10", "0", False)]
    shipment = picks.packed(desk, order, 4)
    with pytest.raises(Conflict) as caught:
        picking.void_pick(by=desk.by, pick=order.head.number)
    assert caught.value.code == "shipment_exists"
    picks.void(desk, shipment)
    picking.void_pick(by=desk.by, pick=order.head.number)
    assert rows(desk, order) == [(1, "10", "0", False)]
    assert sound(desk)


def test_create_shipment_packs_what_it_ships(desk: Desk) -> None:
    _, lot, order = stocked(desk)
    picks.record(desk, order, 3)
    shipment = desk.ship_lots(order, {lot: 5})
    assert rows(desk, order) == [(1, "5", "5", True), (1, "5", "0", False)]
    tracking.cancel_shipment(by=desk.by, shipment=shipment.head.id)
    assert rows(desk, order) == [(1, "10", "3", False)]
    desk.ship_lots(order, {lot: 2})
    assert rows(desk, order) == [(1, "2", "2", True), (1, "8", "1", False)]
    assert sound(desk)


def test_the_queue_stands_by_priority_and_then_by_the_day_it_is_due(desk: Desk) -> None:
    from datetime import date

    gem = desk.product()
    later = desk.issued({gem: 1}, date_required=date(2026, 5, 1))
    never = desk.issued({gem: 1})
    soon = desk.issued({gem: 1}, date_required=date(2026, 4, 1))
    urgent = desk.issued({gem: 1}, priority="high")
    low = desk.issued({gem: 1}, priority="low", date_required=date(2026, 3, 3))
    expected = [one.head.number for one in (urgent, soon, later, never, low)]
    assert [row.number for row in pick_queries.picks(desk.by, PickFilter())] == expected
    walked, after = [], None
    while True:
        page = pick_queries.picks(desk.by, PickFilter(status="open"), after=after, limit=2)
        walked += [row.number for row in page[:2]]
        if len(page) < 3:
            break
        after = page[1].place
    assert walked == expected
    edits.edit_order(by=desk.by, order=low.id, changes={"priority": "high"})
    assert pick_queries.picks(desk.by, PickFilter())[0].number == low.head.number
    assert sound(desk)


def test_packed_boxes_go_where_the_order_now_goes(desk: Desk) -> None:
    _, _, order = stocked(desk)
    shipment = picks.packed(desk, order, 4)
    moved = {**order.head.ship_to, "city": "Bern"}
    edits.edit_order(by=desk.by, order=order.id, changes={"ship_to": moved})
    assert desk.shipment(shipment).head.ship_to["city"] == "Bern"


def test_packed_boxes_leave_only_for_a_whole_address(desk: Desk) -> None:
    _, _, order = stocked(desk)
    shipment = picks.packed(desk, order, 4)
    whole = dict(order.head.ship_to)
    changes = {"ship_to": {**whole, "postal_code": ""}}
    edits.edit_order(by=desk.by, order=order.id, changes=changes)
    with pytest.raises(Conflict) as caught:
        picks.ship(desk, shipment)
    assert (caught.value.code, [*caught.value.fields]) == (
        "incomplete_address",
        ["ship_to.postal_code"],
    )
    edits.edit_order(by=desk.by, order=order.id, changes={"ship_to": whole})
    assert picks.ship(desk, shipment).head.stage == "shipped"


def test_a_standalone_shipment_names_a_whole_address_or_takes_that_of_its_order(
    desk: Desk,
) -> None:
    _, _, order = stocked(desk)
    asked = {"by": desk.by, "carrier_id": desk.company.carrier_id, "tracking_number": "1ZALONE"}
    with pytest.raises(Conflict) as caught:
        shipping_out.create_standalone(**asked, ship_to={"city": "Bern", "country": "ch"})
    assert caught.value.code == "incomplete_address"
    alone = shipping_out.create_standalone(**asked)
    half = {**order.head.ship_to, "street_1": ""}
    edits.edit_order(by=desk.by, order=order.id, changes={"ship_to": half})
    lines = [MappedLine(desk.line(order).id, "4")]
    with pytest.raises(Conflict) as caught:
        shipping_out.link(by=desk.by, shipment=alone.head.id, order_id=order.id, lines=lines)
    assert caught.value.code == "incomplete_address"
    linked = shipping_out.link(by=desk.by, shipment=alone.head.id, order_id=order.id)
    assert linked.head.order_id == order.id


def test_a_standalone_shipment_is_linked_and_ships_the_lines_it_is_said_to_carry(
    desk: Desk,
) -> None:
    gem, _, order = stocked(desk)
    alone = shipping_out.create_standalone(
        by=desk.by, carrier_id=desk.company.carrier_id, tracking_number="1ZALONE"
    )
    assert (alone.head.number, alone.head.order_id) == ("SH-00001", None)
    assert desk.shipment(alone) == alone
    lines = [MappedLine(desk.line(order).id, "4")]
    linked = shipping_out.link(by=desk.by, shipment=alone.head.id, order_id=order.id, lines=lines)
    assert linked.head.order_number == order.head.number
    assert (desk.line(order).shipped, desk.figures(gem)["on_hand"]) == (4, "16")
    assert rows(desk, order) == [(1, "4", "4", True), (1, "6", "0", False)]
    with pytest.raises(Conflict) as caught:
        shipping_out.link(by=desk.by, shipment=alone.head.id, order_id=order.id)
    assert caught.value.code == "already_linked"
    following = picks.packed(desk, order, 6)
    assert following.head.number == order.head.number
    assert sound(desk)


def test_a_linked_shipment_without_lines_ships_nothing_and_waits_to_be_delivered(
    desk: Desk,
) -> None:
    _, lot, order = stocked(desk)
    desk.ship_lots(order, {lot: 10})
    alone = shipping_out.create_standalone(
        by=desk.by, carrier_id=desk.company.carrier_id, tracking_number="1ZALONE"
    )
    shipping_out.link(by=desk.by, shipment=alone.head.id, order_id=order.id)
    own = desk.read(order).head.shipments[0]["id"]
    for shipment, stage in ((own, "shipped"), (alone.head.id, "completed")):
        said = tracking.Said("delivered")
        tracking.add_tracking_event(by=desk.by, shipment=shipment, said=said)
        assert desk.stages(order)[1] == stage
    assert sound(desk)


def test_a_linked_shipment_carries_only_what_is_on_hand_and_outstanding(desk: Desk) -> None:
    _, _, order = stocked(desk, on_hand=3)
    alone = shipping_out.create_standalone(
        by=desk.by, carrier_id=desk.company.carrier_id, tracking_number="1ZALONE"
    )
    for quantity, code in (("11", "over_selection"), ("4", "insufficient_stock")):
        lines = [MappedLine(desk.line(order).id, quantity)]
        with pytest.raises(Conflict) as caught:
            shipping_out.link(by=desk.by, shipment=alone.head.id, order_id=order.id, lines=lines)
        assert caught.value.code == code


def test_lines_by_weight_and_in_boxes_are_picked_and_packed_in_their_measure(desk: Desk) -> None:
    grain = desk.product(
        sku="GRAIN", default_unit="g", price_unit="g", weight_per_unit="1", weight_unit="g"
    )
    boxed = desk.product(sku="BOX", units={"box": {"ratio": "12"}})
    silver, boxes = desk.lot(grain, "100"), desk.lot(boxed, 36)
    order = desk.issued(
        [
            NewLine(grain, requested_weight="33.125", weight_unit="g"),
            NewLine(boxed, "3", unit="box"),
        ]
    )
    desk.select(order, {silver: "40"}, position=1, allow_over=True)
    desk.select(order, {boxes: 30}, position=2)
    picking.pick_all(by=desk.by, pick=order.head.number)
    shipment = picks.pack(desk, order)
    assert [(line.quantity, line.unit) for line in shipment.lines] == [
        (picks.amount("33.125"), "g"),
        (3, "box"),
    ]
    picks.ship(desk, shipment)
    assert desk.figures(boxed)["on_hand"] == "0"
    assert sound(desk)


def test_a_removed_order_takes_its_pick_and_its_packed_goods_return(desk: Desk) -> None:
    from orderwright.sales import removal

    gem, _, order = stocked(desk)
    picks.packed(desk, order, 4)
    removal.remove_order(by=desk.by, order=order.id, confirm_number=order.head.number)
    assert desk.figures(gem)["on_hand"] == "20"
    assert sound(desk)


def test_who_worked_on_an_older_pick_is_told(desk: Desk) -> None:
    _, _, order = stocked(desk)
    version = pick_of(desk, order).head.version
    picks.record(desk, order, 4)
    with pytest.raises(Conflict) as caught:
        picking.pick_all(by=desk.by, pick=order.head.number, version=version)
    assert caught.value.code == "stale_version"


def test_the_work_on_a_pick_costs_as_much_for_thirty_lines_as_for_one(desk: Desk) -> None:
    def cost(count: int) -> list[list[int]]:
        products = [desk.product(sku=f"P{count}-{at}") for at in range(count)]
        for product in products:
            desk.lot(product, 2)
        costs = []

        def spent(act: Any) -> Any:
            with counted() as statements:
                made = act()
            costs.append(list(statements))
            return made

        estimate = desk.order(dict.fromkeys(products, 2))
        number = estimate.head.number
        spent(lambda: actions.issue_order(by=desk.by, order=estimate.id))
        spent(lambda: picking.pick_all(by=desk.by, pick=number))
        shipment = spent(lambda: picking.pack(by=desk.by, pick=number))
        spent(lambda: picks.ship(desk, shipment))
        spent(lambda: picks.void(desk, shipment))
        spent(lambda: pick_queries.read_pick(desk.by, number))
        return costs

    assert cost(1) == cost(30)
    assert sound(desk)
