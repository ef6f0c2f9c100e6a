"""Receivers and pickers at the same moment: nothing is counted twice, nothing is lost."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from orderwright.identity.tenancy import entered
from orderwright.kernel.errors import Refusal
from orderwright.kernel.numbers import trim
from orderwright.purchasing import receiving
from orderwright.purchasing.receiving import Arrived, NewReceipt
from orderwright.sales import actions as sales
from orderwright.sales import stock
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder, create_order
from tests.inventory.books import contradictions
from tests.purchasing.buying import Buying, open_buying

pytestmark = pytest.mark.django_db(transaction=True)


def together(desk: Buying, *acts: Callable[[], Any]) -> list[str]:
    """Everything at once, each in a connection of its own: what came of each."""
    start, said = Barrier(len(acts)), ["" for _ in acts]

    def run(index: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            with entered(desk.company.id):
                act()
            said[index] = "done"
        except Refusal as refusal:
            said[index] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def test_of_two_receivers_of_the_same_copy_one_wins() -> None:
    with transaction.atomic():
        desk = open_buying()
        order = desk.ordered({desk.product(sku="GEM"): 10})
    line = order.lines[0].id
    new = NewReceipt(lines=[Arrived(line, quantity="10")], version=order.head.version)

    def receive() -> None:
        receiving.receive(by=desk.by, order=order.id, new=new)

    assert sorted(together(desk, receive, receive)) == ["done", "stale_version"]
    with transaction.atomic():
        desk.company.enter()
        assert trim(desk.seen(order).lines[0].received) == "10"
        assert contradictions() == {}


def test_two_parts_at_the_same_moment_add_up() -> None:
    with transaction.atomic():
        desk = open_buying()
        gem, ring = desk.product(sku="GEM"), desk.product(sku="RING")
        first, second = desk.ordered({gem: 10, ring: 4}), desk.ordered({ring: 6, gem: 2})

    def receive(order: Any, quantity: str) -> Callable[[], Any]:
        rows = [Arrived(line.id, quantity=quantity) for line in order.lines]
        new = NewReceipt(lines=rows)
        return lambda: receiving.receive(by=desk.by, order=order.id, new=new)

    said = together(desk, *(receive(first, "2") for _ in range(2)), receive(second, "2"))
    assert said == ["done", "done", "done"]
    with transaction.atomic():
        desk.company.enter()
        assert [trim(line.received) for line in desk.seen(first).lines] == ["4", "4"]
        assert [desk.figures(one)[0] for one in (gem, ring)] == ["6", "6"]
        assert contradictions() == {}


def test_receipts_and_selections_of_the_same_lots_keep_the_books() -> None:
    with transaction.atomic():
        desk = open_buying()
        gem = desk.product(sku="GEM")
        customer = desk.company.customer(name="Acme")
        wanted = create_order(
            by=desk.by,
            new=NewOrder(
                customer_id=customer,
                order_lead_id=desk.company.lead_id,
                lines=[NewLine(product_id=gem, quantity="8")],
                accept_terms=True,
            ),
        )
        sales.issue_order(by=desk.by, order=wanted.id)
        order = desk.ordered({gem: 12})
        desk.receive(order, {1: 4})
    line = order.lines[0].id
    new = NewReceipt(lines=[Arrived(line, quantity="2", auto_merge=True)])
    said = together(
        desk,
        lambda: receiving.receive(by=desk.by, order=order.id, new=new),
        lambda: stock.auto_select(by=desk.by, order=wanted.id),
        lambda: receiving.receive(by=desk.by, order=order.id, new=new),
    )
    assert said == ["done", "done", "done"]
    with transaction.atomic():
        desk.company.enter()
        assert contradictions() == {}
        assert trim(desk.seen(order).lines[0].received) == "8"
