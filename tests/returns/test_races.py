"""Two people at once: nothing comes back more often than it left, whoever is first."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from orderwright.kernel.errors import Refusal
from orderwright.kernel.numbers import ZERO, trim
from orderwright.returns import actions, queries, sql
from orderwright.returns.actions import NewReturn
from orderwright.returns.rules import Asked
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage
from orderwright.shipping import tracking
from tests.sales.desk import Desk, open_desk
from tests.sales.test_actions_races import audited, side_by_side

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], Any]


def five_gems_that_left(desk: Desk) -> OrderPage:
    """An order of five, all of which have shipped."""
    with transaction.atomic():
        desk.company.enter()
        gem = desk.product(sku="GEM")
        lot = desk.lot(gem, 5)
        order = desk.issued({gem: 5})
        desk.ship_lots(order, {lot: 5})
        return desk.read(order)


def announce(desk: Desk, order: OrderPage, quantity: str) -> Act:
    new = NewReturn(order.id, [Asked(order.lines[0].id, quantity)], reason="too small")
    return lambda: actions.request_return(by=desk.by, new=new)


def announced(desk: Desk, order: OrderPage, quantity: str) -> UUID:
    """A return that is on its way."""
    with transaction.atomic():
        desk.company.enter()
        found: UUID = announce(desk, order, quantity)().id
        return found


def receive(desk: Desk, return_id: UUID) -> Act:
    return lambda: actions.receive_return(by=desk.by, reference=return_id)


def cancel_shipment(desk: Desk, order: OrderPage) -> Act:
    number = order.head.shipments[0]["number"]
    return lambda: tracking.cancel_shipment(by=desk.by, shipment=number, reason="lost")


def both(desk: Desk, first: Act, second: Act) -> list[str]:
    """What became of each: `done`, or the code of its refusal."""
    found = ["", ""]

    def told(at: int, act: Act) -> Callable[..., None]:
        def acted(*_: Any) -> None:
            try:
                with transaction.atomic():
                    act()
                found[at] = "done"
            except Refusal as refusal:
                found[at] = refusal.code
            except IntegrityError:
                found[at] = "broken"

        return acted

    side_by_side(desk, told(0, first), told(1, second))
    return found


def stands(desk: Desk, order: OrderPage) -> tuple[str, str, str, str]:
    """Shipped, returned, on its way back, and on hand again."""
    with transaction.atomic():
        desk.company.enter()
        line = desk.read(order).lines[0]
        assert line.product_id is not None
        on_hand = desk.figures(line.product_id)["on_hand"]
        coming = queries.announced_of(desk.by, order.id).get(line.id, ZERO)
        return trim(line.shipped), trim(line.returned), trim(coming), on_hand


def without_locks(patch: pytest.MonkeyPatch) -> None:
    """The area as it must not be: everybody reads what stands, and waits for nobody."""

    def unlocked(by: Any, reference: Any, further: Any = ()) -> OrderPage:
        return sales.read_order(by, reference)

    patch.setattr(sales, "lock_order", unlocked)
    patch.setattr(sales, "lock_order_with_stock", unlocked)
    patch.setattr(sql, "LOCK", sql.LOCK.replace("FOR NO KEY UPDATE OF r", ""))


def test_of_two_who_announce_the_same_goods_one_does() -> None:
    desk = open_desk()
    order = five_gems_that_left(desk)
    told = both(desk, announce(desk, order, "4"), announce(desk, order, "4"))
    assert told == ["done", "over_return"]
    assert stands(desk, order) == ("5", "0", "4", "0")


def test_the_test_would_notice_goods_that_are_announced_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = open_desk()
    order = five_gems_that_left(desk)
    without_locks(monkeypatch)
    told = both(desk, announce(desk, order, "4"), announce(desk, order, "4"))
    assert told == ["done", "done"]
    assert stands(desk, order) == ("5", "0", "8", "0")


def test_a_return_that_two_receive_at_once_is_received_once() -> None:
    desk = open_desk()
    order = five_gems_that_left(desk)
    back = announced(desk, order, "2")
    told = both(desk, receive(desk, back), receive(desk, back))
    assert told == ["done", "invalid_transition"]
    assert stands(desk, order) == ("5", "2", "0", "2")
    assert audited(desk) == {}


def test_the_test_would_notice_a_return_that_is_received_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = open_desk()
    order = five_gems_that_left(desk)
    back = announced(desk, order, "2")
    without_locks(monkeypatch)
    assert both(desk, receive(desk, back), receive(desk, back)) == ["done", "done"]
    assert stands(desk, order) == ("5", "2", "0", "4")


def test_two_returns_that_arrive_at_once_are_both_counted() -> None:
    desk = open_desk()
    order = five_gems_that_left(desk)
    first, second = announced(desk, order, "2"), announced(desk, order, "3")
    assert both(desk, receive(desk, first), receive(desk, second)) == ["done", "done"]
    assert stands(desk, order) == ("5", "5", "0", "5")
    assert audited(desk) == {}


@pytest.mark.parametrize("returned_first", [True, False])
def test_goods_come_back_or_their_shipment_is_cancelled_and_never_both(
    returned_first: bool,
) -> None:
    desk = open_desk()
    order = five_gems_that_left(desk)
    acts = [receive(desk, announced(desk, order, "2")), cancel_shipment(desk, order)]
    if returned_first:
        assert both(desk, *acts) == ["done", "goods_returned"]
        assert stands(desk, order) == ("5", "2", "0", "2")
    else:
        assert both(desk, *reversed(acts)) == ["done", "over_return"]
        assert stands(desk, order) == ("0", "0", "2", "5")
    assert audited(desk) == {}


def test_the_test_would_notice_goods_that_come_back_from_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = open_desk()
    order = five_gems_that_left(desk)
    acts = [cancel_shipment(desk, order), receive(desk, announced(desk, order, "2"))]
    without_locks(monkeypatch)
    assert both(desk, *acts) == ["done", "done"]
    assert stands(desk, order) == ("5", "2", "0", "7")


def test_a_return_is_received_or_cancelled_and_never_both() -> None:
    desk = open_desk()
    order = five_gems_that_left(desk)
    back = announced(desk, order, "2")
    told = both(
        desk,
        lambda: actions.cancel_return(by=desk.by, reference=back),
        receive(desk, back),
    )
    assert told == ["done", "invalid_transition"]
    assert stands(desk, order) == ("5", "0", "0", "0")
    back = announced(desk, order, "2")
    told = both(
        desk,
        receive(desk, back),
        lambda: actions.cancel_return(by=desk.by, reference=back),
    )
    assert told == ["done", "invalid_transition"]
    assert stands(desk, order) == ("5", "2", "0", "2")
