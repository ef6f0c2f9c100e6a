"""The list of orders: newest first, narrowed, page after page."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from orderwright.kernel.paging import Window
from orderwright.sales import actions, order_lists
from orderwright.sales.order_lists import OrderFilter
from orderwright.sales.page import OrderPage
from tests.sales.desk import Desk, counted, open_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return open_desk()


def listed(desk: Desk, **wanted: Any) -> list[str]:
    found = order_lists.orders(desk.by, narrowed(**wanted))
    return [row.number for row in found.rows]


def narrowed(**wanted: Any) -> OrderFilter:
    """The filter of one value for each field."""
    several = {*order_lists.CODES, *order_lists.IDS}
    return OrderFilter(
        **{name: (value,) if name in several else value for name, value in wanted.items()}
    )


def numbers(*orders: OrderPage) -> list[str]:
    return [order.head.number for order in orders]


def test_the_newest_order_comes_first_and_pages_go_on_where_the_last_ended(desk: Desk) -> None:
    gem = desk.product()
    orders = [desk.order({gem: 1}) for _ in range(5)]
    window = Window(size=2)
    first = order_lists.orders(desk.by, OrderFilter(), window)
    assert [row.number for row in first.rows] == numbers(orders[4], orders[3])
    second = order_lists.orders(desk.by, OrderFilter(), replace(window, place=first.later))
    assert [row.number for row in second.rows] == numbers(orders[2], orders[1])


def test_a_summary_says_what_the_order_says(desk: Desk) -> None:
    head = desk.order({desk.product(): 3}, customer_po_number="PO-7").head
    (row,) = order_lists.orders(desk.by, OrderFilter()).rows
    assert {name: getattr(row, name) for name in row.__slots__} == {
        name: getattr(head, name) for name in row.__slots__
    }


def test_orders_are_found_by_their_statuses_customer_and_lead(desk: Desk) -> None:
    gem = desk.product()
    other = desk.company.customer(name="Other")
    estimate = desk.order({gem: 1}, customer_id=other)
    issued = desk.issued({gem: 1})
    assert listed(desk, status="estimate") == numbers(estimate)
    assert listed(desk, status="issued") == numbers(issued)
    assert listed(desk, customer_id=other) == numbers(estimate)
    assert listed(desk, customer_id=other, status="issued") == []
    assert listed(desk, order_lead_id=desk.company.lead_id) == numbers(issued, estimate)
    assert listed(desk, payment_status="unpaid") == numbers(issued, estimate)
    assert listed(desk, fulfillment_status="shipped") == []


def test_orders_are_found_by_a_product_on_a_line(desk: Desk) -> None:
    gem, ring = desk.product(), desk.product(sku="RING")
    with_both = desk.order({gem: 1, ring: 1})
    with_gem = desk.order({gem: 1})
    assert listed(desk, product_id=gem) == numbers(with_gem, with_both)
    assert listed(desk, product_id=ring) == numbers(with_both)


def test_held_orders_are_found_and_left_out(desk: Desk) -> None:
    gem = desk.product()
    free, held = desk.order({gem: 1}), desk.order({gem: 1})
    actions.hold_order(by=desk.by, order=held.id, reason="wait")
    assert listed(desk, on_hold=True) == numbers(held)
    assert listed(desk, on_hold=False) == numbers(free)


def test_orders_are_found_by_the_date_that_they_are_wanted(desk: Desk) -> None:
    gem, today = desk.product(), desk.by.today
    someday = desk.order({gem: 1})
    soon = desk.order({gem: 1}, date_required=today + timedelta(days=2))
    late = desk.order({gem: 1}, date_required=today + timedelta(days=9))
    assert listed(desk, required_to=today + timedelta(days=2)) == numbers(soon)
    assert listed(desk, required_from=today + timedelta(days=3)) == numbers(late)
    desk.by = replace(desk.by, now=desk.by.now + timedelta(days=3))
    assert listed(desk, past_due=True) == numbers(soon)
    assert listed(desk, past_due=False) == numbers(late, someday)


def test_a_search_takes_every_character_as_it_stands(desk: Desk) -> None:
    gem = desk.product()
    percent = desk.order({gem: 1}, customer_po_number="50%_off\\now")
    desk.order({gem: 1}, customer_po_number="50 and off now")
    for text in ("50%", "%_OFF", "off\\n", " 50%_off\\now "):
        assert listed(desk, q=text) == numbers(percent)
    assert listed(desk, q="_") == numbers(percent)


def test_customers_are_searched_only_for_those_who_may_know_them(desk: Desk) -> None:
    known = desk.order({desk.product(): 1})
    name = known.head.customer_name
    assert listed(desk, q=name[1:].upper()) == numbers(known)
    permissions = desk.by.permissions - {"customers:read"}
    desk.by = replace(desk.by, permissions=frozenset(permissions))
    assert listed(desk, q=name) == []


def test_a_list_costs_one_statement_whatever_it_is_narrowed_to(desk: Desk) -> None:
    gem = desk.product()
    for _ in range(3):
        desk.order({gem: 1})
    everything: dict[str, Any] = {
        "status": "estimate",
        "product_id": gem,
        "past_due": False,
        "on_hold": False,
        "required_from": date(2026, 1, 1),
        "q": "a",
    }
    for wanted in ({}, everything):
        with counted() as statements:
            listed(desk, **wanted)
        assert statements == [1]
