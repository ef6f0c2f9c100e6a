"""Two people at the same lots, jobs and lines at once: what the books say holds (domain 1.20).

Each race is run twice: as it is, and with every lock taken out, which the test has to notice.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from orderwright.activity import records
from orderwright.directory.suppliers import SUPPLIER
from orderwright.inventory import sql as inventory_sql
from orderwright.kernel.errors import Refusal, TryAgain
from orderwright.production import sql as production_sql
from orderwright.purchasing import receiving, reversing
from orderwright.purchasing import sql as purchasing_sql
from orderwright.purchasing.receiving import Arrived, NewReceipt
from orderwright.purchasing.reversing import Reversal
from orderwright.sales import sql as sales_sql
from tests.inventory.books import contradictions
from tests.inventory.warehouse import rows as rows_of
from tests.production.test_balance import JOBS_THAT_DO_NOT_ADD_UP
from tests.production.workshop import Workshop, open_workshop
from tests.purchasing.buying import Buying
from tests.sales.test_actions_races import side_by_side

pytestmark = pytest.mark.django_db(transaction=True)

LOCKS = (
    (inventory_sql, "LOCK_PRODUCTS"),
    (sales_sql, "LOCK_BY_ID"),
    (sales_sql, "LOCK_BY_NUMBER"),
    (sales_sql, "LOCK_STOCK_BY_ID"),
    (sales_sql, "LOCK_STOCK_BY_NUMBER"),
    (purchasing_sql, "LOCK_BY_ID"),
    (purchasing_sql, "LOCK_BY_NUMBER"),
    (production_sql, "LOCK_JOB"),
)

Act = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Race:
    """What two people do at once, and what shall become of each and of the figures."""

    shop: Workshop
    first: Act
    second: Act
    expected: list[str]
    figures: Callable[[], list[str]]
    expected_figures: list[str]


def workshop() -> tuple[Workshop, Buying]:
    """A company that makes and buys."""
    shop = open_workshop()
    supplier = records.create(by=shop.by, kind=SUPPLIER, sent={"name": "Rough & Sons"})
    return shop, Buying(shop.company, shop.by, supplier)


def two_receivers_of_one_job() -> Race:
    """Of 32 g both weigh in 20: the second is more than the base, and is asked."""
    shop, _ = workshop()
    ring = shop.product(sku="RING", is_manufactured=True)
    silver = shop.lot(shop.product(sku="AG", default_unit="g", weight_unit="g"), 100)
    job = shop.job(shop.issued({ring: 10}), inputs={silver: 32})

    def receive() -> Any:
        return shop.receive(job, pieces=5, received=20)

    def figures() -> list[str]:
        return [str(shop.seen_job(job).head.received.normalize())]

    return Race(shop, receive, receive, ["done", "confirmation_required"], figures, ["2E+1"])


def two_receivers_of_one_purchase_line() -> Race:
    """Of ten that are expected both receive six: the second is more, and is asked."""
    shop, desk = workshop()
    order = desk.ordered({shop.product(sku="GEM"): 10})
    new = NewReceipt(lines=[Arrived(order.lines[0].id, quantity="6")])

    def receive() -> Any:
        return receiving.receive(by=shop.by, order=order.id, new=new)

    def figures() -> list[str]:
        return [str(int(desk.seen(order).lines[0].received))]

    return Race(shop, receive, receive, ["done", "confirmation_required"], figures, ["6"])


def a_job_and_a_customer(*, takes: int, selects: int, second: str, left: str) -> Race:
    """Material for a job, and a selection for a customer, out of one lot of ten grams."""
    shop, _ = workshop()
    grain = shop.product(sku="AG", default_unit="g", weight_unit="g")
    ring = shop.product(sku="RING", is_manufactured=True)
    lot = shop.lot(grain, 10)
    wanted = shop.issued({grain: selects})
    job = shop.job(shop.issued({ring: 1}))
    return Race(
        shop,
        lambda: shop.issue(job, {lot: takes}),
        lambda: shop.select(wanted, {lot: selects}),
        ["done", second],
        lambda: [shop.figures(grain)["on_hand"]],
        [left],
    )


def too_much_for_a_job_and_a_customer() -> Race:
    """Eight and eight of ten: one of them gets what is left, or nothing."""
    return a_job_and_a_customer(takes=8, selects=8, second="insufficient_stock", left="2")


def enough_for_a_job_and_a_customer() -> Race:
    """Six and four of ten: both are served, and the lot is empty."""
    return a_job_and_a_customer(takes=6, selects=4, second="done", left="0")


def a_customer_before_the_reversal() -> Race:
    """What somebody selects a moment before is not taken back with its receipt."""
    shop, desk = workshop()
    gem = shop.product(sku="GEM")
    wanted = shop.issued({gem: 4})
    order = desk.ordered({gem: 10})
    receipt = desk.receive(order, {1: 10})
    lot = receipt.lines[0].lot_id
    assert lot is not None
    return Race(
        shop,
        lambda: shop.select(wanted, {lot: 4}),
        lambda: reversing.reverse_receipt(
            by=shop.by, order=order.id, reversal=Reversal(receipt.id)
        ),
        ["done", "receipt_used"],
        lambda: [shop.figures(gem)["on_hand"]],
        ["6"],
    )


def the_reversal_before_a_customer() -> Race:
    """What is taken back a moment before cannot be selected any more."""
    race = a_customer_before_the_reversal()
    return Race(
        race.shop, race.second, race.first, ["done", "insufficient_stock"], race.figures, ["0"]
    )


def a_receipt_into_a_lot_that_is_selected() -> Race:
    """Five more join the lot of which somebody selects all ten."""
    shop, desk = workshop()
    gem = shop.product(sku="GEM")
    wanted = shop.issued({gem: 10})
    order = desk.ordered({gem: 20})
    lot = desk.receive(order, {1: 10}).lines[0].lot_id
    assert lot is not None
    more = NewReceipt(lines=[Arrived(order.lines[0].id, quantity="5", auto_merge=True)])
    return Race(
        shop,
        lambda: receiving.receive(by=shop.by, order=order.id, new=more),
        lambda: shop.select(wanted, {lot: 10}),
        ["done", "done"],
        lambda: [shop.figures(gem)["on_hand"]],
        ["5"],
    )


RACES = (
    two_receivers_of_one_job,
    two_receivers_of_one_purchase_line,
    too_much_for_a_job_and_a_customer,
    enough_for_a_job_and_a_customer,
    a_customer_before_the_reversal,
    the_reversal_before_a_customer,
    a_receipt_into_a_lot_that_is_selected,
)


def outcome_of(begin: Callable[[], Race]) -> tuple[Any, Any]:
    """Run it: what became of each, the figures, and what is wrong with the books; and as it shall
    be."""
    with transaction.atomic():
        race = begin()
    said = ["", ""]

    def told(at: int, act: Act) -> Callable[..., None]:
        def run(*_: Any) -> None:
            try:
                with transaction.atomic():
                    act()
                said[at] = "done"
            except Refusal as refusal:
                said[at] = refusal.code
            except (IntegrityError, TryAgain):
                said[at] = "the database refused it"

        return run

    side_by_side(race.shop, told(0, race.first), told(1, race.second))
    with transaction.atomic():
        race.shop.company.enter()
        found = said, race.figures(), contradictions(), rows_of(JOBS_THAT_DO_NOT_ADD_UP)
    return found, (race.expected, race.expected_figures, {}, [])


@pytest.mark.parametrize("begin", RACES)
def test_whoever_comes_second_finds_what_the_first_has_left(begin: Callable[[], Race]) -> None:
    found, expected = outcome_of(begin)
    assert found == expected


@pytest.mark.parametrize("begin", RACES)
def test_the_test_would_notice_a_missing_lock(
    begin: Callable[[], Race], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in LOCKS:
        text = re.sub(r"FOR (NO KEY )?UPDATE( OF \w+)?", "", getattr(module, name))
        assert text != getattr(module, name)
        monkeypatch.setattr(module, name, text)
    found, expected = outcome_of(begin)
    assert found != expected
