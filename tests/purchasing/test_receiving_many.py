"""Receiving a thousand lines: as many statements as for ten, and at most forty times the time."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psycopg
import pytest
from django.db import connection, transaction

from orderwright.catalog.models import Product
from orderwright.kernel.numbers import trim
from orderwright.purchasing.page import OrderPage
from tests.inventory.books import contradictions
from tests.purchasing.buying import Buying, counting, open_buying

pytestmark = pytest.mark.django_db(transaction=True)

AT_MOST = 40


def products(desk: Buying, count: int) -> list[Product]:
    """So many products, made in one statement."""
    return Product.objects.bulk_create(
        Product(
            organization_id=desk.company.id,
            sku=f"P{index:04}",
            name=f"Part {index:04}",
            base_price="1.00",
            currency="USD",
        )
        for index in range(count)
    )


def work_of(act: Callable[[], object]) -> float:
    """Do it, and say how many seconds this process and the database's process worked for it.

    On a machine that does nothing else that is the time it takes.
    """
    before = seconds_worked()
    with transaction.atomic():
        act()
    return seconds_worked() - before


def seconds_worked() -> float:
    """What this process and that of its connection have worked so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    nanoseconds = Path(f"/proc/{backend}/schedstat").read_text().split()[0]
    return time.process_time() + int(nanoseconds) / 1e9


def statements_of(act: Callable[[], object]) -> int:
    """Do it, and count what it asked of the database."""
    with counting() as made:
        act()
    return len(made)


def receive_one_of_each(desk: Buying, order: OrderPage) -> None:
    """One piece of every line arrives."""
    desk.company.enter()
    desk.receive(order, {line.position: 1 for line in order.lines})


def test_a_thousand_lines_cost_at_most_forty_times_what_ten_cost(
    as_owner: psycopg.Connection,
) -> None:
    with transaction.atomic():
        desk = open_buying()
        sold = [one.pk for one in products(desk, 1000)]
        small = desk.ordered(dict.fromkeys(sold[:10], 100))
        large = desk.ordered(dict.fromkeys(sold, 100))
        of_small = statements_of(lambda: receive_one_of_each(desk, small))
        assert statements_of(lambda: receive_one_of_each(desk, large)) == of_small
    # What the database's own housekeeping does within a minute.
    as_owner.execute("ANALYZE")
    of_ten, of_thousand = [], []
    for _ in range(3):
        of_ten += [work_of(lambda: receive_one_of_each(desk, small)) for _ in range(5)]
        of_thousand.append(work_of(lambda: receive_one_of_each(desk, large)))
    assert median(of_thousand) <= AT_MOST * median(of_ten)
    with transaction.atomic():
        desk.company.enter()
        assert {trim(line.received) for line in desk.seen(large).lines} == {"4"}
        assert contradictions() == {}
