"""What people do with a sales order, and how many statements it costs at 1 and at 10 lines."""

from collections.abc import Callable
from typing import Any

import pytest

from orderwright.sales import actions, edits, removal, stock
from orderwright.sales.edits import LineChange
from orderwright.sales.new_lines import NewLine
from orderwright.sales.page import OrderPage
from tests.sales.books import wrong
from tests.sales.desk import Desk, counted, open_desk

pytestmark = pytest.mark.django_db


def of_size(desk: Desk, lines: int) -> tuple[OrderPage, list[Any]]:
    """An estimate of so many lines, each of a product with a lot of 100."""
    number = desk.tracked = desk.tracked + 1
    products = [desk.product(sku=f"P{number}-{at}") for at in range(lines)]
    made = [desk.lot(product, 100) for product in products]
    return desk.order(dict.fromkeys(products, 5)), made


def issue(desk: Desk, order: OrderPage) -> OrderPage:
    return actions.issue_order(by=desk.by, order=order.id)


def auto(desk: Desk, order: OrderPage) -> OrderPage:
    return stock.auto_select(by=desk.by, order=order.id)[0]


def goods(order: OrderPage) -> list[Any]:
    return [line.id for line in order.lines if line.is_stock]


def lines_asked(order: OrderPage, lots: list[Any]) -> list[stock.LineAsk]:
    return [
        stock.LineAsk(line, [stock.LotAsk(lot, quantity="2")], mark_ready=True, force_ready=True)
        for line, lot in zip(goods(order), lots, strict=True)
    ]


ACTIONS: dict[str, tuple[list[Callable[[Desk, OrderPage], OrderPage]], Any]] = {
    "issue": ([], lambda desk, order, lots: issue(desk, order)),
    "unissue": (
        [issue, auto],
        lambda desk, order, lots: actions.unissue_order(by=desk.by, order=order.id),
    ),
    "hold": (
        [],
        lambda desk, order, lots: actions.hold_order(by=desk.by, order=order.id, reason="wait"),
    ),
    "cancel": (
        [issue, auto],
        lambda desk, order, lots: actions.cancel_lines(
            by=desk.by, order=order.id, line_ids=goods(order)
        ),
    ),
    "restore": (
        [
            issue,
            lambda desk, order: actions.cancel_lines(
                by=desk.by, order=order.id, line_ids=goods(order)
            ),
        ],
        lambda desk, order, lots: actions.restore_lines(
            by=desk.by, order=order.id, line_ids=goods(order)
        ),
    ),
    "select": (
        [issue],
        lambda desk, order, lots: stock.select_inventory(
            by=desk.by, order=order.id, lines=lines_asked(order, lots)
        ),
    ),
    "auto-select": ([issue], lambda desk, order, lots: auto(desk, order)),
    "release": (
        [issue, auto],
        lambda desk, order, lots: stock.release_inventory(
            by=desk.by,
            order=order.id,
            selection_ids=[
                one
                for position in range(1, len(goods(order)) + 1)
                for one in desk.open_selections(order, position)
            ],
        ),
    ),
    "edit head": (
        [],
        lambda desk, order, lots: edits.edit_order(
            by=desk.by, order=order.id, changes={"promised_at": "2026-12-01"}
        ),
    ),
    "edit line": (
        [issue],
        lambda desk, order, lots: edits.edit_line(
            by=desk.by, order=order.id, line_id=goods(order)[0], change=LineChange(quantity="7")
        ),
    ),
    "add line": (
        [issue],
        lambda desk, order, lots: edits.add_lines(
            by=desk.by,
            order=order.id,
            lines=[NewLine(product_id=order.lines[0].product_id, quantity=1)],
        ),
    ),
    "remove": (
        [issue, auto],
        lambda desk, order, lots: removal.remove_order(
            by=desk.by, order=order.id, confirm_number=order.head.number
        ),
    ),
    "ship what is selected": ([issue, auto], lambda desk, order, lots: desk.ship(order)),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_costs_as_many_statements_for_ten_lines_as_for_one(name: str) -> None:
    desk = open_desk()
    before, act = ACTIONS[name]
    found = []
    for size in (1, 10):
        order, lots = of_size(desk, size)
        for step in before:
            order = step(desk, order)
        prepared = desk.open_selections  # what a test asks is not what the action costs
        if name == "release":
            chosen = [one for at in range(1, size + 1) for one in prepared(order, at)]
            with counted() as statements:
                stock.release_inventory(by=desk.by, order=order.id, selection_ids=chosen)
        else:
            with counted() as statements:
                act(desk, order, lots)
        found += statements
    assert found[0] == found[1]
    assert found[0] <= 20
    assert wrong(desk.by) == {}
