"""Goods leave, and come back when a shipment is cancelled: stock is deducted exactly once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from orderwright.directory.models import Carrier
from orderwright.kernel.errors import Conflict, Invalid, Refusal
from orderwright.kernel.ids import new_id
from orderwright.sales import actions as sales
from orderwright.sales import stock
from orderwright.sales.models import SalesOrder
from orderwright.sales.new_lines import NewLine
from orderwright.sales.stock import LotAsk
from orderwright.shipping import tracking
from orderwright.shipping.actions import ShipLine
from orderwright.shipping.queries import ShipmentPage
from orderwright.shipping.tracking import Said
from tests.sales.books import wrong
from tests.sales.desk import Desk, counted, open_desk, selected_of

pytestmark = pytest.mark.django_db


def refusal(caught: pytest.ExceptionInfo[Refusal]) -> tuple[int, str, list[str]]:
    """What a refusal tells programs."""
    return caught.value.status, caught.value.code, sorted(caught.value.fields)


def carried(shipment: ShipmentPage) -> list[str]:
    """What a shipment carries, line by line."""
    return [f"{line.quantity.normalize():f} {line.unit}" for line in shipment.lines]


def say(desk: Desk, shipment: ShipmentPage, status: str, **said: Any) -> str:
    """Record an event by hand; answers the status that is shown then."""
    page = tracking.add_tracking_event(
        by=desk.by, shipment=shipment.head.id, said=Said(status, **said)
    )
    return page.head.tracking_status


def carrier_says(desk: Desk, shipment: ShipmentPage, status: str, **said: Any) -> str:
    """The carrier reports; answers the status that is shown then."""
    page = tracking.take_carrier_event(
        by=desk.by, shipment_id=shipment.head.id, said=Said(status, source="carrier", **said)
    )
    return page.head.tracking_status


def stocked(quantity: int = 10) -> tuple[Desk, UUID, UUID]:
    """A desk with one product and one lot of it."""
    desk = open_desk()
    gem = desk.product(sku="GEM")
    return desk, gem, desk.lot(gem, quantity)


def test_what_was_selected_leaves_and_is_deducted_once() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 4})
    desk.select(order, {lot: 4}, mark_ready=True)
    assert desk.figures(gem) == {"on_hand": "6", "reserved": "0", "short": "0", "available": "6"}
    shipment = desk.ship(order)
    assert (shipment.head.number, carried(shipment)) == ("SO-00001", ["4 pcs"])
    assert (shipment.head.stage, shipment.head.tracking_status) == ("shipped", "pending")
    assert [event.status for event in shipment.events] == ["pending"]
    assert desk.figures(gem)["on_hand"] == "6"
    assert desk.stages(order) == ("fulfilled", "shipped")
    assert desk.statuses(order) == ["shipped"]
    assert desk.line(order).ready is False
    assert wrong(desk.by) == {}


def test_fresh_lots_are_selected_and_shipped_in_one_go() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 4})
    shipment = desk.ship_lots(order, {lot: 3})
    assert carried(shipment) == ["3 pcs"]
    assert [one.made_here for line in shipment.lines for one in line.selections] == [True]
    assert desk.figures(gem) == {"on_hand": "7", "reserved": "1", "short": "0", "available": "6"}
    assert desk.stages(order) == ("issued", "partially_shipped")
    assert wrong(desk.by) == {}


def test_one_line_ships_what_was_selected_and_fresh_stock_together() -> None:
    desk, gem, lot = stocked()
    other = desk.lot(gem, 5)
    order = desk.issued({gem: 8})
    desk.select(order, {lot: 6})
    (waiting,) = desk.open_selections(order)
    mixed = ShipLine(
        desk.line(order).id,
        selections=selected_of(desk.line(order), {waiting: 4}).selections,
        lots=[LotAsk(other, quantity="2")],
    )
    shipment = desk.ship(order, mixed)
    assert carried(shipment) == ["6 pcs"]
    line = desk.line(order)
    assert (line.shipped, line.retrieved, line.outstanding) == (6, 2, 2)
    assert wrong(desk.by) == {}


def test_a_part_of_a_selection_leaves_and_the_rest_waits() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 5})
    desk.select(order, {lot: 5}, mark_ready=True)
    (waiting,) = desk.open_selections(order)
    desk.ship(order, selected_of(desk.line(order), {waiting: 2}))
    line = desk.line(order)
    assert (line.shipped, line.retrieved, line.ready) == (2, 3, True)
    assert desk.ship(order).head.number == "SO-00001-2"
    assert desk.stages(order) == ("fulfilled", "shipped")
    assert wrong(desk.by) == {}


def test_twelve_single_pairs_are_one_carton() -> None:
    desk = open_desk()
    pair = desk.product(sku="PAIR", default_unit="pair", units={"carton": {"ratio": "12"}})
    made = [desk.lot(pair, 1) for _ in range(12)]
    order = desk.issued([NewLine(pair, quantity=1, unit="carton")])
    shipment = desk.ship_lots(order, dict.fromkeys(made, 1))
    assert carried(shipment) == ["1 carton"]
    assert desk.stages(order) == ("fulfilled", "shipped")
    assert wrong(desk.by) == {}


def test_shipping_costs_as_many_statements_for_ten_lines_as_for_one() -> None:
    assert statements_of_a_shipment(1) == statements_of_a_shipment(10)
    assert max(statements_of_a_shipment(1)) <= 27


def statements_of_a_shipment(size: int) -> tuple[int, int, int]:
    """What it costs to ship fresh lots, to record an event, and to cancel."""
    desk = open_desk(name=f"Works {new_id()}", email=f"{new_id()}@works.example")
    made = {product: desk.lot(product, 9) for product in products_of(desk, size)}
    order = desk.issued(dict.fromkeys(made, 4))
    lines = [
        ShipLine(line.id, lots=[LotAsk(made[line.product_id], quantity="4")])
        for line in desk.read(order).lines
        if line.product_id
    ]
    with counted() as shipping:
        shipment = desk.ship(order, *lines)
    with counted() as tracked:
        say(desk, shipment, "in_transit")
    with counted() as cancelling:
        tracking.cancel_shipment(by=desk.by, shipment=shipment.head.id)
    return shipping[0], tracked[0], cancelling[0]


def products_of(desk: Desk, size: int) -> list[UUID]:
    return [desk.product(sku=f"P{at}") for at in range(size)]


def test_a_cancelled_shipment_gives_back_what_waited_before_and_what_it_took_itself() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 8})
    desk.select(order, {lot: 5}, mark_ready=True, force_ready=True)
    (waiting,) = desk.open_selections(order)
    line = desk.line(order)
    mixed = ShipLine(line.id, selected_of(line, [waiting]).selections, [LotAsk(lot, quantity="3")])
    shipment = desk.ship(order, mixed)
    assert desk.stages(order) == ("fulfilled", "shipped")
    say(desk, shipment, "cancelled", message="wrong box")
    line = desk.line(order)
    assert (line.shipped, line.retrieved, line.ready) == (0, 5, False)
    assert desk.figures(gem) == {"on_hand": "5", "reserved": "3", "short": "0", "available": "2"}
    assert desk.stages(order) == ("issued", "in_production")
    assert desk.read(order).head.fulfilled_at is None
    assert wrong(desk.by) == {}
    again = desk.ship(order)
    assert (again.head.number, carried(again)) == ("SO-00001-2", ["5 pcs"])
    assert wrong(desk.by) == {}


def test_stock_that_a_cancelled_shipment_frees_covers_its_own_line_before_others() -> None:
    desk, gem, lot = stocked(4)
    order = desk.issued({gem: 4})
    shipment = desk.ship_lots(order, {lot: 4})
    other = desk.issued({gem: 2}, priority="high")
    assert desk.statuses(other) == ["backordered"]
    tracking.cancel_shipment(by=desk.by, shipment=shipment.head.id)
    assert (desk.line(order).covered, desk.line(other).covered) == (4, 0)
    sales.unissue_order(by=desk.by, order=order.id)
    assert desk.statuses(other) == ["not_started"]
    assert wrong(desk.by) == {}


def test_the_same_selection_cannot_leave_twice() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 8})
    desk.select(order, {lot: 4})
    (waiting,) = desk.open_selections(order)
    line = desk.line(order)
    desk.ship(order, selected_of(line, [waiting]))
    with pytest.raises(Conflict) as caught:
        desk.ship(order, selected_of(line, [waiting]))
    assert refusal(caught) == (409, "selection_not_open", [])


def test_more_than_is_outstanding_leaves_only_when_that_is_said() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 2})
    with pytest.raises(Conflict) as caught:
        desk.ship_lots(order, {lot: 3})
    assert refusal(caught) == (409, "over_selection", [])
    desk.ship_lots(order, {lot: 3}, allow_over=True)
    assert desk.stages(order) == ("fulfilled", "shipped")
    assert desk.line(order).over_ship_confirmed is True
    assert wrong(desk.by) == {}


@pytest.mark.parametrize(
    ("status", "code"),
    [("hold_all", "customer_hold_all"), ("hold_shipment", "customer_hold_shipment")],
)
def test_nothing_is_shipped_to_a_customer_on_hold(status: str, code: str) -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 2})
    hold_customer(desk, status)
    with pytest.raises(Conflict) as caught:
        desk.ship_lots(order, {lot: 2})
    assert refusal(caught) == (409, code, [])


def hold_customer(desk: Desk, status: str) -> None:
    from orderwright.directory import actions as directory

    directory.change_customer_status(by=desk.by, customer_id=desk.customer, status=status)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"carrier_id": None}, "carrier_missing", "carrier_id"),
        ({"carrier_id": UUID(int=1)}, "unknown_carrier", "carrier_id"),
        ({"tracking_number": "  "}, "tracking_number_missing", "tracking_number"),
        ({"carrier_option_id": UUID(int=1)}, "unknown_carrier_option", "carrier_option_id"),
        ({"ship_to": {"city": "Nowhere"}}, "invalid_country", "ship_to.country"),
        ({"package": {"weight": "heavy"}}, "invalid_number", "package.weight"),
    ],
)
def test_a_shipment_needs_a_carrier_a_number_and_an_address(
    fields: dict[str, Any], code: str, field: str
) -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 2})
    desk.select(order, {lot: 2})
    with pytest.raises(Invalid) as caught:
        desk.ship(order, **fields)
    assert refusal(caught) == (422, code, [field])


def test_goods_go_only_to_a_whole_address() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 2})
    desk.select(order, {lot: 2})
    half = {"city": "Bern", "country": "ch"}
    with pytest.raises(Conflict) as caught:
        desk.ship(order, ship_to=half)
    fields = ["ship_to.postal_code", "ship_to.street_1"]
    assert refusal(caught) == (409, "incomplete_address", fields)
    whole = {"street_1": "2 Side Street", "postal_code": "3011", **half}
    assert desk.ship(order, ship_to=whole).head.ship_to["postal_code"] == "3011"


def test_who_collects_the_goods_needs_no_tracking_number() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 2})
    will_call = Carrier.objects.of(desk.by.organization_id).get(code="will_call").pk
    assert desk.ship_lots(order, {lot: 2}, carrier_id=will_call, tracking_number="").head.number


def test_a_tracking_number_that_is_used_already_needs_a_yes() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 4})
    desk.ship_lots(order, {lot: 1}, tracking_number="1Z")
    with pytest.raises(Conflict) as caught:
        desk.ship_lots(order, {lot: 1}, tracking_number="1Z")
    assert caught.value.details == {"confirm": "duplicate_tracking", "shipment": "SO-00001"}
    confirmed = frozenset({"duplicate_tracking"})
    second = desk.ship_lots(order, {lot: 1}, tracking_number="1Z", confirmed=confirmed)
    assert second.head.number == "SO-00001-2"


def test_an_order_is_completed_when_all_its_shipments_are_delivered() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 4})
    first, second = (desk.ship_lots(order, {lot: 2}) for _ in range(2))
    assert say(desk, first, "delivered") == "delivered"
    assert desk.stages(order) == ("fulfilled", "shipped")
    assert say(desk, second, "in_transit") == "in_transit"
    assert say(desk, second, "delivered") == "delivered"
    assert desk.stages(order) == ("fulfilled", "completed")
    assert desk.line(order).shipment_status == "delivered"
    assert wrong(desk.by) == {}


def test_an_event_by_hand_that_cannot_follow_is_refused_and_not_kept() -> None:
    desk, gem, lot = stocked()
    shipment = desk.ship_lots(desk.issued({gem: 4}), {lot: 2})
    say(desk, shipment, "delivered")
    with pytest.raises(Conflict) as caught:
        say(desk, shipment, "in_transit")
    assert refusal(caught) == (409, "invalid_transition", [])
    kept = [event.status for event in desk.shipment(shipment).events]
    assert kept == ["pending", "delivered"]


def test_an_admin_corrects_a_delivery_and_the_carrier_goes_on_from_there() -> None:
    desk, gem, lot = stocked()
    shipment = desk.ship_lots(desk.issued({gem: 4}), {lot: 4})
    say(desk, shipment, "delivered")
    with pytest.raises(Conflict):
        say(desk.acting_as("Warehouse"), shipment, "exception", message="not there")
    assert say(desk, shipment, "exception", message="not there") == "exception"
    assert desk.shipment(shipment).head.exception_message == "not there"
    assert say(desk, shipment, "in_transit") == "in_transit"
    assert carrier_says(desk, shipment, "delivered") == "delivered"
    assert wrong(desk.by) == {}


def test_only_an_admin_cancels_what_is_on_its_way() -> None:
    desk, gem, lot = stocked()
    shipment = desk.ship_lots(desk.issued({gem: 4}), {lot: 4})
    say(desk, shipment, "in_transit")
    warehouse = desk.acting_as("Warehouse")
    with pytest.raises(Conflict) as caught:
        tracking.cancel_shipment(by=warehouse.by, shipment=shipment.head.id)
    assert refusal(caught) == (409, "invalid_transition", [])
    tracking.cancel_shipment(by=desk.by, shipment=shipment.head.id)
    assert wrong(desk.by) == {}


def test_a_late_report_of_an_earlier_event_is_kept_and_moves_nothing() -> None:
    desk, gem, lot = stocked()
    shipment = desk.ship_lots(desk.issued({gem: 4}), {lot: 4})
    now = desk.by.now
    delivered = carrier_says(desk, shipment, "delivered", occurred_at=now + timedelta(minutes=5))
    assert delivered == "delivered"
    late = carrier_says(desk, shipment, "in_transit", occurred_at=now + timedelta(minutes=1))
    assert late == "delivered"
    kept = sorted(event.status for event in desk.shipment(shipment).events)
    assert kept == ["delivered", "in_transit", "pending"]


def test_a_word_that_nobody_knows_is_an_exception_with_the_carriers_own_text() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 4})
    shipment = desk.ship_lots(order, {lot: 4})
    assert carrier_says(desk, shipment, "Lost in Space") == "exception"
    page = desk.shipment(shipment)
    assert page.head.exception_message == "Lost in Space"
    assert page.events[-1].message == "Lost in Space"
    assert desk.stages(order) == ("fulfilled", "shipped")
    assert desk.line(order).shipment_status == "exception"


def test_a_carriers_time_in_the_future_does_not_hide_what_follows() -> None:
    desk, gem, lot = stocked()
    shipment = desk.ship_lots(desk.issued({gem: 4}), {lot: 4})
    far = desk.by.now + timedelta(days=9000)
    assert carrier_says(desk, shipment, "in_transit", occurred_at=far) == "in_transit"
    assert carrier_says(desk, shipment, "delivered") == "delivered"


def test_a_carrier_cancels_what_is_pending_and_cannot_take_back_what_is_on_its_way() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 4})
    first = desk.ship_lots(order, {lot: 2})
    assert carrier_says(desk, first, "cancelled", carrier_event_id="e1") == "cancelled"
    assert carrier_says(desk, first, "cancelled", carrier_event_id="e1") == "cancelled"
    assert len(desk.shipment(first).events) == 2
    second = desk.ship_lots(order, {lot: 2})
    carrier_says(desk, second, "in_transit")
    assert carrier_says(desk, second, "cancelled") == "in_transit"
    assert desk.line(order).shipped == 2
    assert wrong(desk.by) == {}


def test_carrier_and_number_can_be_corrected_while_pending() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 4})
    first, second = (desk.ship_lots(order, {lot: 2}) for _ in range(2))
    taken = first.head.tracking_number
    with pytest.raises(Conflict) as caught:
        tracking.edit_shipment(by=desk.by, shipment=second.head.id, tracking_number=taken)
    assert refusal(caught) == (409, "confirmation_required", ["tracking_number"])
    with pytest.raises(Invalid) as refused:
        tracking.edit_shipment(by=desk.by, shipment=second.head.id, tracking_number=" ")
    assert refusal(refused) == (422, "tracking_number_missing", ["tracking_number"])
    page = tracking.edit_shipment(by=desk.by, shipment=second.head.id, tracking_number="1ZNEW")
    assert (page.head.tracking_number, page.head.version) == ("1ZNEW", 2)
    say(desk, second, "in_transit")
    with pytest.raises(Conflict) as under_way:
        tracking.edit_shipment(by=desk.by, shipment=second.head.id, tracking_number="1ZTOO")
    assert refusal(under_way) == (409, "shipment_under_way", [])
    assert tracking.edit_shipment(by=desk.by, shipment=second.head.id, note="fragile").head.note


def test_a_reopened_order_is_fulfilled_again_once_everything_has_left() -> None:
    desk, gem, lot = stocked()
    order = desk.issued({gem: 4})
    desk.ship_lots(order, {lot: 2})
    SalesOrder.objects.of(desk.by.organization_id).with_ids([order.id]).update(
        reopened_at=desk.by.now
    )
    cancelled = desk.line(order).id
    desk.ship_lots(order, {lot: 1})
    assert desk.read(order).head.reopened_at is not None
    assert desk.stages(order)[0] == "issued"
    desk.ship_lots(order, {lot: 1})
    assert desk.read(order).head.reopened_at is None
    assert desk.stages(order) == ("fulfilled", "shipped")
    assert cancelled == desk.line(order).id


def test_a_line_by_weight_ships_by_weight() -> None:
    desk = open_desk()
    grain = desk.product(sku="GRAIN", default_unit="g", weight_unit="g")
    lot = desk.lot(grain, 100)
    line = NewLine(grain, requested_weight="50", weight_unit="ct")
    order = desk.issued([line])
    shipment = desk.ship_lots(order, {lot: 10})
    assert carried(shipment) == ["50 ct"]
    assert desk.stages(order) == ("fulfilled", "shipped")
    assert wrong(desk.by) == {}


def test_nothing_is_left_of_a_shipment_that_was_refused() -> None:
    desk, gem, lot = stocked(3)
    ring = desk.product(sku="RING")
    few = desk.lot(ring, 1)
    order = desk.issued({gem: 3, ring: 3})
    lines = desk.read(order).lines
    chosen = [
        ShipLine(lines[0].id, lots=[LotAsk(lot, quantity="3")]),
        ShipLine(lines[1].id, lots=[LotAsk(few, quantity="2")]),
    ]
    with pytest.raises(Conflict) as caught:
        desk.ship(order, *chosen)
    assert refusal(caught) == (409, "insufficient_stock", [])
    assert (desk.figures(gem)["on_hand"], desk.figures(ring)["on_hand"]) == ("3", "1")
    assert desk.read(order).head.shipments == []


def test_selecting_for_one_order_takes_no_stock_promised_to_another() -> None:
    desk, gem, _ = stocked(5)
    first = desk.issued({gem: 4})
    second = desk.issued({gem: 4})
    page, unserved = stock.auto_select(by=desk.by, order=second.id)
    assert [(one.missing, one.why) for one in unserved] == [
        (3, "3 pcs are on hand, but promised to other orders.")
    ]
    assert page.lines[0].retrieved == 1
    assert desk.statuses(first) == ["not_started"]
    assert wrong(desk.by) == {}
