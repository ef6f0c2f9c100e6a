"""The end of an order over HTTP: the verbs letter for letter, the record, who may what."""

from typing import Any

import pytest

from orderwright.sales import telling
from orderwright.sales.money import MoneyTold
from orderwright.sales.page import OrderPage
from tests.company import Answer
from tests.sales.desk import Desk, open_desk

pytestmark = pytest.mark.django_db


def part_shipped(desk: Desk) -> OrderPage:
    gem = desk.product(sku="GEM", base_price="10")
    lot = desk.lot(gem, 20)
    order = desk.issued({gem: 10})
    desk.ship_lots(order, {lot: 4})
    return desk.read(order)


def act(desk: Desk, order: OrderPage, verb: str, **body: Any) -> Answer:
    return desk.company.api().post(f"/sales-orders/{order.head.number}/actions/{verb}", body)


def test_an_order_ends_and_comes_back_over_http() -> None:
    desk = open_desk()
    order = part_shipped(desk)
    closed = act(desk, order, "short-close", reason="enough")
    assert (closed.status, closed.body["status"]) == (200, "fulfilled")
    assert closed.body["lines"][0]["cancelled_quantity"] == "6"
    again = act(desk, order, "reopen", reason="wrong")
    assert (again.body["status"], again.body["fulfilled_at"]) == ("issued", None)
    assert again.body["reopened_at"] is not None
    assert act(desk, order, "short-close", reason="enough").status == 200
    assert act(desk, order, "reopen", reason="wrong").status == 200
    assert act(desk, order, "finish-correction").body["reopened_at"] is None
    assert act(desk, order, "short-close", reason="enough").status == 200
    refused = act(desk, order, "close")
    assert (refused.status, refused.body["code"]) == (409, "not_paid")
    done = act(desk, order, "close", override_reason="gift")
    assert (done.status, done.body["status"]) == (200, "completed")


@pytest.mark.parametrize("verb", ["short-close", "reopen"])
def test_a_reason_is_needed(verb: str) -> None:
    desk = open_desk()
    answer = act(desk, part_shipped(desk), verb, reason="")
    assert (answer.status, answer.body["fields"]) == (422, {"reason": "a reason is needed"})


def test_a_stale_action_is_answered_with_the_order_as_it_is() -> None:
    desk = open_desk()
    order = part_shipped(desk)
    answer = act(desk, order, "short-close", reason="x", version=1)
    assert (answer.status, answer.body["code"]) == (409, "stale_version")
    assert answer.body["details"]["current"]["id"] == str(order.id)


def test_repricing_tells_which_prices_changed() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM", base_price="10")
    order = desk.issued({gem: 2})
    desk.company.api().patch(f"/products/{gem}", {"base_price": "12"})
    answer = act(desk, order, "reprice")
    assert answer.body["price_changes"] == [
        {
            "line_id": str(order.lines[0].id),
            "position": 1,
            "description": "Gem",
            "before": "10.00",
            "after": "12.00",
        }
    ]
    assert answer.body["totals"]["grand_total"] == "24.00"


def test_a_duplicate_is_answered_as_a_new_estimate() -> None:
    desk = open_desk()
    order = part_shipped(desk)
    answer = act(desk, order, "duplicate")
    assert (answer.status, answer.body["number"]) == (201, "SO-00002")
    assert (answer.body["status"], answer.body["source"]) == ("estimate", "api")


def test_freight_is_quoted_without_being_written() -> None:
    desk = open_desk()
    order = desk.order({desk.product(): 1})
    assert act(desk, order, "quote-freight").body == {
        "currency": "USD",
        "current": "0.00",
        "quoted": "0.00",
        "unquoted": False,
        "note": "free freight: shipping term Prepaid",
        "out_of_date": False,
    }
    assert desk.read(order).head.version == order.head.version


def test_the_record_tells_money_and_how_far_its_value_has_come() -> None:
    desk = open_desk()
    order = part_shipped(desk)
    half = order.head.grand_total / 2
    telling.tell_money(
        desk.by,
        order.id,
        MoneyTold(paid=half, invoiced=half, invoices=1, payments=1),
        invoiced={order.lines[0].id: order.lines[0].ordered / 2},
    )
    body = desk.company.api().get(f"/sales-orders/{order.head.number}").body
    totals = {name: body["totals"][name] for name in ("invoiced", "paid", "balance")}
    assert totals == {"invoiced": "50.00", "paid": "50.00", "balance": "50.00"}
    assert body["payment_status"] == "partially_paid"
    assert body["lines"][0]["invoiced_quantity"] == "5"
    assert body["stage_totals"] == {
        "ordered": {"amount": "100.00", "completion": "1"},
        "picked": {"amount": "40.00", "completion": "0.4"},
        "packed": {"amount": "40.00", "completion": "0.4"},
        "shipped": {"amount": "40.00", "completion": "0.4"},
        "invoiced": {"amount": "50.00", "completion": "0.5"},
    }
    seen = desk.company.api("Warehouse").get(f"/sales-orders/{order.head.number}").body
    assert seen["stage_totals"]["shipped"] == {"completion": "0.4"}


def test_every_verb_of_the_contract_stands_among_the_allowed_actions() -> None:
    desk = open_desk()
    body = desk.company.api().get(f"/sales-orders/{part_shipped(desk).head.number}").body
    named = {one["action"] for one in body["allowed_actions"]}
    verbs = "short-close reopen finish-correction close reprice duplicate hold release-hold"
    assert set(verbs.split()) - named == set()
