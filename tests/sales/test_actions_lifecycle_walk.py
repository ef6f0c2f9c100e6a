"""Any order of actions: stored statuses equal the recomputed ones, and what the table of actions
forbids is refused as it says (T27 of the tests of trust, small)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from orderwright.kernel.errors import Refusal
from orderwright.sales import actions, closing, edits, prices_again, stock, telling
from orderwright.sales.edits import LineChange
from orderwright.sales.money import MoneyTold
from orderwright.sales.page import OrderPage
from orderwright.shipping import tracking
from tests.sales.books import wrong
from tests.sales.desk import Desk, open_desk

Act = Callable[[Desk, OrderPage], Any]


def ship(desk: Desk, order: OrderPage) -> Any:
    return desk.ship(order)


def cancel_newest_shipment(desk: Desk, order: OrderPage) -> Any:
    live = [one for one in order.head.shipments if one["tracking_status"] == "pending"]
    if live:
        tracking.cancel_shipment(by=desk.by, shipment=live[-1]["number"], reason="wrong parcel")


def pay(share: str) -> Act:
    def act(desk: Desk, order: OrderPage) -> Any:
        amount = order.head.grand_total * Decimal(share)
        telling.tell_money(desk.by, order.id, MoneyTold(paid=amount, payments=1))

    return act


def of_lines(act: Any, *positions: int) -> Act:
    def of_order(desk: Desk, order: OrderPage) -> Any:
        lines = [line.id for line in order.lines if line.is_stock]
        act(by=desk.by, order=order.id, line_ids=[lines[at] for at in positions])

    return of_order


def resize(quantity: str) -> Act:
    def act(desk: Desk, order: OrderPage) -> Any:
        change = LineChange(quantity=quantity)
        edits.edit_line(by=desk.by, order=order.id, line_id=order.lines[0].id, change=change)

    return act


def reasoned(act: Any) -> Act:
    return lambda desk, order: act(by=desk.by, order=order.id, reason="so")


def plainly(act: Any) -> Act:
    return lambda desk, order: act(by=desk.by, order=order.id)


# Each with the verb whose row of the table says whether it is allowed; "" has no such row.
STEPS: dict[str, tuple[str, Act]] = {
    "issue": ("issue", plainly(actions.issue_order)),
    "unissue": ("unissue", plainly(actions.unissue_order)),
    "select": ("auto-select", plainly(stock.auto_select)),
    "ship": ("", ship),
    "cancel the shipment": ("", cancel_newest_shipment),
    "cancel the first line": ("", of_lines(actions.cancel_lines, 0)),
    "cancel both": ("cancel-lines", of_lines(actions.cancel_lines, 0, 1)),
    "restore both": ("restore-lines", of_lines(actions.restore_lines, 0, 1)),
    "hold": ("hold", reasoned(actions.hold_order)),
    "release": ("release-hold", plainly(actions.release_hold)),
    "short close": ("short-close", reasoned(closing.short_close)),
    "reopen": ("reopen", reasoned(closing.reopen_order)),
    "finish": ("finish-correction", plainly(closing.finish_correction)),
    "close": ("close", plainly(closing.close_order)),
    "reprice": ("reprice", plainly(prices_again.reprice_order)),
    "order more": ("", resize("9")),
    "order less": ("", resize("2")),
    "pay half": ("", pay("0.5")),
    "pay": ("", pay("1")),
}


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=8, max_size=20))
def test_statuses_are_right_after_every_step_and_the_table_says_what_is_refused(
    steps: list[str],
) -> None:
    with transaction.atomic():
        desk = open_desk()
        gem, ring = desk.product(sku="A", base_price="10"), desk.product(sku="B", base_price="3")
        desk.lot(gem, 7)
        desk.lot(ring, 20)
        order = desk.order({gem: 5, ring: 4})
        for step in steps:
            before = desk.read(order)
            verb, act = STEPS[step]
            allowed = {one.action: one.allowed for one in before.allowed(desk.by.permissions)}
            refused = None
            try:
                with transaction.atomic():
                    act(desk, before)
            except Refusal as refusal:
                refused = refusal.status
            assert refused in (None, 409, 422), (step, steps)
            if verb:
                assert (refused is None) == allowed[verb], (step, steps)
            assert wrong(desk.by) == {}, (step, steps)
        transaction.set_rollback(True)
