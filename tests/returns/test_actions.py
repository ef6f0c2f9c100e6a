"""Goods that come back: never more than left, into the right lots, seen on the order at once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orderwright.inventory import lot_queries
from orderwright.kernel.errors import Forbidden, Refusal
from orderwright.kernel.numbers import trim
from orderwright.returns import actions, queries
from orderwright.returns.actions import NewReturn
from orderwright.returns.queries import ReturnPage
from orderwright.returns.rules import Asked
from orderwright.sales.new_lines import NewLine
from orderwright.sales.page import OrderPage
from orderwright.shipping.actions import NewShipment
from orderwright.shipping.actions import create_shipment as ship
from tests.inventory.books import contradictions
from tests.sales.desk import Desk, open_desk

pytestmark = pytest.mark.django_db


def refusal_of(call: Any, *args: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(*args, **given)
    return refused.value


def shipped_order(desk: Desk, quantity: int = 10, weight: str = "5") -> tuple[UUID, OrderPage]:
    """Ten gems that have left."""
    gem = desk.product(sku="GEM")
    lot = desk.lot(gem, quantity, weight=weight)
    order = desk.issued({gem: quantity})
    desk.select(order, {lot: quantity})
    new = NewShipment(carrier_id=desk.company.carrier_id, tracking_number="1Z1")
    ship(by=desk.by, order=order.id, new=new)
    return gem, desk.read(order)


def announce(desk: Desk, order: OrderPage, *rows: Asked) -> ReturnPage:
    new = NewReturn(order.id, rows, reason="too small")
    return actions.request_return(by=desk.by, new=new)


def test_two_of_ten_come_back_and_can_be_sold_again() -> None:
    desk = open_desk()
    gem, order = shipped_order(desk)
    line = order.lines[0].id
    announced = announce(desk, order, Asked(line, "2"))
    assert (announced.head.number, announced.head.status) == ("RMA-00001", "requested")
    assert desk.statuses(order) == ["shipped"]
    found = actions.receive_return(by=desk.by, reference="RMA-00001")
    assert (found.head.status, found.lines[0].received) == ("received", 2)
    lot = lot_queries.lot(by=desk.by, ref=found.lines[0].lot_id)
    assert (lot.quantity, lot.weight, lot.status, lot.source) == (2, 1, "available", "return")
    assert desk.statuses(order) == ["partially_returned"]
    seen = desk.read(order)
    assert (seen.head.fulfillment_status, seen.lines[0].returned) == ("partially_returned", 2)
    assert seen.lines[0].reasons[0]["source"] == "return RMA-00001"
    assert desk.figures(gem)["available"] == "2"
    assert contradictions() == {}


def test_what_a_closed_return_brought_back_still_counts() -> None:
    desk = open_desk()
    gem, order = shipped_order(desk)
    line = order.lines[0].id
    announce(desk, order, Asked(line, "2"))
    actions.receive_return(by=desk.by, reference="RMA-00001")
    actions.close_return(by=desk.by, reference="RMA-00001")
    announce(desk, order, Asked(line, "3"))
    actions.receive_return(by=desk.by, reference="RMA-00002")
    assert (desk.read(order).lines[0].returned, desk.figures(gem)["on_hand"]) == (5, "5")
    assert desk.statuses(order) == ["partially_returned"]
    assert refusal_of(announce, desk, order, Asked(line, "6")).code == "over_return"
    announce(desk, order, Asked(line, "5"))
    actions.receive_return(by=desk.by, reference="RMA-00003")
    assert desk.statuses(order) == ["returned"]


def test_everything_that_comes_back_makes_the_order_returned() -> None:
    desk = open_desk()
    _, order = shipped_order(desk)
    announce(desk, order, Asked(order.lines[0].id, "10"))
    actions.receive_return(by=desk.by, reference="RMA-00001")
    assert desk.statuses(order) == ["returned"]
    assert desk.read(order).head.fulfillment_status == "all_returned"


@pytest.mark.parametrize(
    ("disposition", "status"),
    [("restock", "available"), ("reject", "rejected"), ("scrap", "scrap")],
)
def test_what_becomes_of_goods_is_said_when_they_arrive(disposition: str, status: str) -> None:
    desk = open_desk()
    gem, order = shipped_order(desk)
    line = order.lines[0].id
    announce(desk, order, Asked(line, "3"))
    found = actions.receive_return(
        by=desk.by,
        reference="RMA-00001",
        lines=[Asked(line, "2", disposition=disposition, condition="scratched")],
    )
    assert lot_queries.lot(by=desk.by, ref=found.lines[0].lot_id).status == status
    assert (found.lines[0].received, found.lines[0].condition) == (2, "scratched")
    assert desk.figures(gem)["on_hand"] == ("2" if disposition == "restock" else "0")


def test_nothing_returns_more_than_was_shipped() -> None:
    desk = open_desk()
    _, order = shipped_order(desk)
    line = order.lines[0].id
    assert refusal_of(announce, desk, order, Asked(line, "11")).code == "over_return"
    announce(desk, order, Asked(line, "6"))
    second = refusal_of(announce, desk, order, Asked(line, "5"))
    assert (second.code, second.details["returnable"]) == ("over_return", "4")
    announce(desk, order, Asked(line, "4"))
    actions.receive_return(by=desk.by, reference="RMA-00001")
    more = refusal_of(
        actions.receive_return, by=desk.by, reference="RMA-00002", lines=[Asked(line, "5")]
    )
    assert more.code == "over_return"
    actions.cancel_return(by=desk.by, reference="RMA-00002")
    announce(desk, order, Asked(line, "4"))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "no_lines"),
        ([Asked(UUID(int=1), "1")], "unknown_line"),
        (["0"], "invalid_quantity"),
        (["1.5"], "invalid_quantity"),
        (["x"], "invalid_number"),
    ],
)
def test_bad_requests_are_refused(rows: list[Any], code: str) -> None:
    desk = open_desk()
    _, order = shipped_order(desk)
    line = order.lines[0].id
    asked = [row if isinstance(row, Asked) else Asked(line, row) for row in rows]
    assert refusal_of(announce, desk, order, *asked).code == code
    assert queries.returns(desk.by, queries.ReturnFilter()) == []


def test_what_a_return_needs_is_said() -> None:
    desk = open_desk()
    _, order = shipped_order(desk)
    line = order.lines[0].id
    new = NewReturn(order.id, [Asked(line, "1")], reason=" ")
    assert refusal_of(actions.request_return, by=desk.by, new=new).code == "reason_missing"
    odd = Asked(line, "1", disposition="burn")
    assert refusal_of(announce, desk, order, odd).code == "unknown_disposition"
    both = (Asked(line, "1"), Asked(line, "1"))
    assert refusal_of(announce, desk, order, *both).code == "duplicate_line"
    fresh = desk.order({desk.product(sku="RING"): 1})
    asked = Asked(fresh.lines[0].id, "1")
    assert refusal_of(announce, desk, fresh, asked).code == "nothing_shipped"


def test_a_return_is_received_once_and_closed_after_that() -> None:
    desk = open_desk()
    _, order = shipped_order(desk)
    announce(desk, order, Asked(order.lines[0].id, "2"))
    early = refusal_of(actions.close_return, by=desk.by, reference="RMA-00001")
    assert early.code == "invalid_transition"
    actions.receive_return(by=desk.by, reference="RMA-00001", version=1)
    again = refusal_of(actions.receive_return, by=desk.by, reference="RMA-00001")
    assert again.code == "invalid_transition"
    stale = refusal_of(actions.close_return, by=desk.by, reference="RMA-00001", version=1)
    assert stale.code == "stale_version"
    closed = actions.close_return(by=desk.by, reference="RMA-00001")
    assert closed.head.status == "closed"
    late = refusal_of(actions.cancel_return, by=desk.by, reference="RMA-00001")
    assert late.code == "invalid_transition"
    assert desk.read(order).lines[0].returned == 2


def test_goods_that_waited_for_stock_are_covered_by_what_comes_back() -> None:
    desk = open_desk()
    gem, order = shipped_order(desk)
    waiting = desk.issued({gem: 4})
    assert desk.statuses(waiting) == ["backordered"]
    announce(desk, order, Asked(order.lines[0].id, "4"))
    actions.receive_return(by=desk.by, reference="RMA-00001")
    assert desk.statuses(waiting) == ["not_started"]
    assert desk.figures(gem) == {"on_hand": "4", "reserved": "4", "short": "0", "available": "0"}


def test_boxes_come_back_as_the_pieces_in_them() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM", units={"box": {"ratio": "12"}})
    lot = desk.lot(gem, 24)
    order = desk.issued([NewLine(product_id=gem, quantity="2", unit="box")])
    desk.select(order, {lot: 24})
    new = NewShipment(carrier_id=desk.company.carrier_id, tracking_number="1Z1")
    ship(by=desk.by, order=order.id, new=new)
    announce(desk, order, Asked(order.lines[0].id, "1"))
    found = actions.receive_return(by=desk.by, reference="RMA-00001")
    assert trim(lot_queries.lot(by=desk.by, ref=found.lines[0].lot_id).quantity) == "12"
    assert desk.read(order).lines[0].returned == 1


def test_only_those_who_may_take_goods_back_do() -> None:
    desk = open_desk()
    _, order = shipped_order(desk)
    reader = replace(desk.by, permissions=frozenset({"returns:read", "sales_orders:read"}))
    with pytest.raises(Forbidden):
        announce(replace(desk, by=reader), order, Asked(order.lines[0].id, "1"))
    announce(desk, order, Asked(order.lines[0].id, "1"))
    with pytest.raises(Forbidden):
        actions.receive_return(by=reader, reference="RMA-00001")
    assert refusal_of(queries.return_page, desk.by, uuid4()).code == "not_found"


def test_the_number_of_statements_does_not_grow_with_the_lines() -> None:
    desk = open_desk()
    counts = []
    for size in (1, 30):
        products = [desk.product(sku=f"P{size}-{index}") for index in range(size)]
        lots = {desk.lot(product, 10): 10 for product in products}
        order = desk.issued(dict.fromkeys(products, 10))
        for position, lot in enumerate(lots, start=1):
            desk.select(order, {lot: 10}, position=position)
        new = NewShipment(carrier_id=desk.company.carrier_id, tracking_number=f"1Z{size}")
        ship(by=desk.by, order=order.id, new=new)
        goods = [line.id for line in order.lines if line.is_stock]
        with CaptureQueriesContext(connection) as made:
            page = announce(desk, order, *(Asked(line, "2") for line in goods))
        asked = len(made)
        with CaptureQueriesContext(connection) as made:
            actions.receive_return(by=desk.by, reference=page.id)
        counts.append((asked, len(made)))
    assert counts[0] == counts[1]


def test_weights_come_back_in_proportion() -> None:
    desk = open_desk()
    _, order = shipped_order(desk, 10, weight="7")
    announce(desk, order, Asked(order.lines[0].id, "3"))
    found = actions.receive_return(by=desk.by, reference="RMA-00001")
    assert lot_queries.lot(by=desk.by, ref=found.lines[0].lot_id).weight == Decimal("2.1")
