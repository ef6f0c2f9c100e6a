"""Two people at once: nothing that one does is lost or overlooked by the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from orderwright.directory import actions as directory
from orderwright.inventory import watchers
from orderwright.kernel.errors import Refusal
from orderwright.pricing import facts as prices
from orderwright.sales import actions, closing, queries, sql, stock
from orderwright.sales.page import OrderPage
from tests.sales.books import wrong
from tests.sales.desk import Desk, open_desk

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


Pause = Callable[[], None]


def side_by_side(desk: Desk, first: Callable[[Pause], Any], second: Callable[[], Any]) -> None:
    """`first` pauses, at the latest before it commits, until `second` waits for it or is done."""
    worked, may_commit = Event(), Event()

    def pause() -> None:
        worked.set()
        may_commit.wait(10)

    def holding() -> None:
        with transaction.atomic():
            desk.company.enter()
            first(pause)
            pause()
        connection.close()

    def following() -> None:
        worked.wait(10)
        with transaction.atomic():
            desk.company.enter()
            second()
        connection.close()

    with ThreadPoolExecutor(2) as people:
        both = [people.submit(holding), people.submit(following)]
        worked.wait(10)
        wait_until(lambda: both[1].done() or somebody_waits())
        may_commit.set()
        for one in both:
            one.result(20)


def wait_until(is_so: Callable[[], bool]) -> None:
    pause = Event()
    for _ in range(400):
        if is_so():
            return
        pause.wait(0.01)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def audited(desk: Desk) -> dict[str, Any]:
    with transaction.atomic():
        desk.company.enter()
        return wrong(desk.by)


def two_waiting(desk: Desk) -> tuple[OrderPage, OrderPage]:
    """One order that has all the stock, and one that waits for it."""
    with transaction.atomic():
        desk.company.enter()
        gem = desk.product(sku="GEM")
        desk.lot(gem, 5)
        return desk.issued({gem: 5}), desk.issued({gem: 5})


def hold_while_stock_becomes_free(desk: Desk) -> OrderPage:
    served, waiting = two_waiting(desk)
    side_by_side(
        desk,
        lambda _: actions.hold_order(by=desk.by, order=waiting.id, reason="wait"),
        lambda: actions.unissue_order(by=desk.by, order=served.id),
    )
    with transaction.atomic():
        desk.company.enter()
        return desk.read(waiting)


def test_a_hold_is_not_lost_to_stock_that_becomes_free_in_the_same_moment() -> None:
    desk = open_desk()
    page = hold_while_stock_becomes_free(desk)
    assert (page.head.manual_hold, page.head.fulfillment_status) == (True, "on_hold")
    assert page.lines[0].status == "not_started"
    assert audited(desk) == {}


def test_the_test_would_notice_a_hold_that_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = open_desk()

    def without_a_lock(by: Any, reference: Any) -> OrderPage:
        return queries.read_order(by, reference)

    def recount(by: Any, ids: Any) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(queries, "lock_order", without_a_lock)
            actions.recount_reservations(by, ids)

    monkeypatch.setattr(watchers, "_watchers", [recount])
    page = hold_while_stock_becomes_free(desk)
    assert page.head.manual_hold is False


def an_order_beside_a_hold(desk: Desk, patch: pytest.MonkeyPatch) -> None:
    """Somebody orders; between reading the customer and writing the order, a hold comes."""
    with transaction.atomic():
        desk.company.enter()
        gem = desk.product(sku="GEM")
    reading = prices.price_facts

    def order(pause: Pause) -> None:
        def slowly(*by: Any, **asked: Any) -> Any:
            pause()
            return reading(*by, **asked)

        patch.setattr(prices, "price_facts", slowly)
        desk.order({gem: 1})

    side_by_side(
        desk,
        order,
        lambda: directory.change_customer_status(
            by=desk.by, customer_id=desk.customer, status="hold_all"
        ),
    )


def test_an_order_made_while_its_customer_is_put_on_hold_is_on_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = open_desk()
    an_order_beside_a_hold(desk, monkeypatch)
    assert audited(desk) == {}


def test_the_test_would_notice_an_order_that_the_hold_overlooks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sql, "PARTY_HELD", sql.PARTY)
    desk = open_desk()
    an_order_beside_a_hold(desk, monkeypatch)
    assert list(audited(desk)) != []


def test_who_frees_stock_and_who_selects_it_do_not_lock_each_other_out() -> None:
    desk = open_desk()
    served, waiting = two_waiting(desk)
    line = served.lines[0].id
    side_by_side(
        desk,
        lambda _: actions.cancel_lines(by=desk.by, order=served.id, line_ids=[line]),
        lambda: auto_select(desk, waiting),
    )
    with transaction.atomic():
        desk.company.enter()
        assert desk.read(waiting).lines[0].retrieved == 5
    assert audited(desk) == {}


def auto_select(desk: Desk, order: OrderPage) -> None:
    stock.auto_select(by=desk.by, order=order.id)


def fulfilled_of(desk: Desk) -> OrderPage:
    with transaction.atomic():
        desk.company.enter()
        desk.tracked += 1
        gem = desk.product(sku=f"GEM{desk.tracked}")
        lot = desk.lot(gem, 5)
        order = desk.issued({gem: 5})
        desk.ship_lots(order, {lot: 5})
        return desk.read(order)


def both_at_once(desk: Desk, *acts: Callable[[], Any]) -> list[str]:
    """What became of each: the stage that it left, or the code of its refusal."""
    found: list[str] = ["", ""]

    def told(at: int) -> Callable[..., None]:
        def act(*_: Any) -> None:
            try:
                with transaction.atomic():
                    found[at] = acts[at]().head.status
            except Refusal as refusal:
                found[at] = refusal.code

        return act

    side_by_side(desk, told(0), told(1))
    return found


def test_of_two_who_reopen_one_order_one_does() -> None:
    desk = open_desk()
    order = fulfilled_of(desk)

    def reopen() -> OrderPage:
        return closing.reopen_order(by=desk.by, order=order.id, reason="wrong")

    assert both_at_once(desk, reopen, reopen) == ["issued", "invalid_transition"]
    assert audited(desk) == {}


def test_an_order_is_reopened_or_closed_and_never_both() -> None:
    desk = open_desk()
    order = fulfilled_of(desk)

    def reopen() -> OrderPage:
        return closing.reopen_order(by=desk.by, order=order.id, reason="wrong")

    def close() -> OrderPage:
        return closing.close_order(by=desk.by, order=order.id, override_reason="gift")

    assert both_at_once(desk, close, reopen) == ["completed", "invalid_transition"]
    order = fulfilled_of(desk)
    assert both_at_once(desk, reopen, close) == ["issued", "invalid_transition"]
    assert audited(desk) == {}


def test_the_test_would_notice_two_who_reopen(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = open_desk()
    order = fulfilled_of(desk)

    def without_a_lock(by: Any, reference: Any, further: Any = ()) -> OrderPage:
        return queries.read_order(by, reference)

    monkeypatch.setattr(queries, "lock_order_with_stock", without_a_lock)

    def reopen() -> OrderPage:
        return closing.reopen_order(by=desk.by, order=order.id, reason="wrong")

    assert both_at_once(desk, reopen, reopen) == ["issued", "issued"]
