"""Many people at once: no number is lost or given twice, and no credit is spent twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import Error as DatabaseError

from orderwright.invoicing import actions, payments
from orderwright.invoicing.actions import Deposit
from orderwright.invoicing.models import Invoice, Payment
from orderwright.invoicing.settling import Settling
from orderwright.kernel.errors import Refusal
from tests.invoicing.billing_desk import Billing, open_billing

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 32


class ChangedMind(Exception):
    """Somebody's transaction does not commit."""


def drafts_of(desk: Billing, count: int) -> list[UUID]:
    """So many drafts, four of each order."""
    found: list[UUID] = []
    with transaction.atomic():
        desk.company.enter()
        gem = desk.product(sku="GEM", base_price="10.00")
        for _ in range(count // 4):
            order = desk.issued({gem: 1})
            found += [desk.draft(order, deposit=Deposit("1.00")).id for _ in range(4)]
    return found


def all_at_once(desk: Billing, work: list[Callable[[], Any]]) -> list[str]:
    """Everybody starts together, each in a transaction of its own; what became of each."""
    ready = Barrier(len(work))

    def one(act: Callable[[], Any]) -> str:
        try:
            connection.ensure_connection()
            ready.wait(60)
            with transaction.atomic():
                desk.company.enter()
                act()
        except Refusal as refusal:
            return refusal.code
        except (ChangedMind, DatabaseError) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(work)) as people:
        return list(people.map(one, work))


def test_32_finalisers_leave_no_gap_and_no_twin_though_some_fail_or_are_killed() -> None:
    desk = open_billing()
    drafts = drafts_of(desk, CLIENTS)

    def finalise(at: int, draft: UUID) -> Callable[[], None]:
        def act() -> None:
            actions.finalise_invoice(by=desk.by, invoice=draft)
            if at % 4 == 1:
                raise ChangedMind
            if at % 4 == 2:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        return act

    work = [finalise(at, draft) for at, draft in enumerate(drafts)]
    became = all_at_once(desk, work)
    assert became.count("done") == became.count("ChangedMind") * 2 == CLIENTS // 2
    with transaction.atomic():
        desk.company.enter()
        for draft in Invoice.objects.of(desk.by.organization_id).filter(status="draft"):
            actions.finalise_invoice(by=desk.by, invoice=draft.pk)
        rows = Invoice.objects.of(desk.by.organization_id).values_list("number", flat=True)
        assert sorted(rows) == [f"INV-{number:05d}" for number in range(1, CLIENTS + 1)]


def test_a_credit_is_spent_once_by_two_who_spend_it_at_the_same_time() -> None:
    desk = open_billing()
    first, second = drafts_of(desk, 4)[:2]
    with transaction.atomic():
        desk.company.enter()
        for draft in (first, second):
            actions.finalise_invoice(by=desk.by, invoice=draft)
        credit = desk.pay(None, "1.00")

    def settle(invoice: UUID) -> Callable[[], Any]:
        wanted = [Settling(invoice, "1.00")]
        return lambda: payments.allocate(by=desk.by, payment=credit.id, allocations=wanted)

    became = all_at_once(desk, [settle(first), settle(second)])
    assert sorted(became) == ["done", "insufficient_credit"]
    with transaction.atomic():
        desk.company.enter()
        (row,) = Payment.objects.of(desk.by.organization_id)
        assert (row.allocated, row.amount) == (1, 1)


def test_an_invoice_is_paid_once_by_two_who_pay_it_at_the_same_time() -> None:
    desk = open_billing()
    invoice = drafts_of(desk, 4)[0]
    with transaction.atomic():
        desk.company.enter()
        final = actions.finalise_invoice(by=desk.by, invoice=invoice)
    became = all_at_once(desk, [lambda: desk.pay(final, "1.00")] * 2)
    assert sorted(became) == ["done", "over_allocation"]


def test_the_same_goods_are_not_invoiced_by_two_at_the_same_time() -> None:
    desk = open_billing()
    with transaction.atomic():
        desk.company.enter()
        order = desk.shipped({desk.product(sku="GEM", base_price="10.00"): 4})
    became = all_at_once(desk, [lambda: desk.draft(order)] * 4)
    assert sorted(became) == ["done", "nothing_to_bill", "nothing_to_bill", "nothing_to_bill"]
