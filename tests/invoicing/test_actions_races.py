"""Many people at once: no number is lost or given twice, and no credit is spent twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from threading import Event as ThreadEvent
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import Error as DatabaseError

from orderwright.identity import sql as identity
from orderwright.identity.caller import Caller
from orderwright.invoicing import actions, payments, queries
from orderwright.invoicing.actions import Deposit
from orderwright.invoicing.models import Invoice, Payment
from orderwright.invoicing.page import InvoicePage
from orderwright.invoicing.settling import NewPayment, Settling
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


def sequence_number(by: Caller, kind: str, prefix: str) -> str:
    """The broken twin: numbers from a sequence, as payments have them; no rollback gives one
    back."""
    return f"{prefix}{identity.take_number('payment'):05d}"


def finalise_under_fire(desks: list[Billing]) -> tuple[list[list[str]], int]:
    """32 people finalise drafts of several organizations, changing their minds, while somebody
    kills connections at random; who was cut off tries again. The numbers by organization, and how
    many were cut off."""
    work = [(desk, draft) for desk in desks for draft in drafts_of(desk, CLIENTS // len(desks))]
    dice = Random(29)
    dice.shuffle(work)
    ready, over, alive, cut = Barrier(len(work) + 1), ThreadEvent(), set[int](), list[str]()

    def once(at: int, attempt: int) -> None:
        desk, draft = work[at]
        connection.ensure_connection()
        pid = connection.connection.info.backend_pid
        alive.add(pid)
        try:
            with transaction.atomic():
                desk.company.enter()
                actions.finalise_invoice(by=desk.by, invoice=draft)
                if at % 4 == 1 and not attempt:
                    raise ChangedMind
                sleep(dice.random() / 50)
        finally:
            alive.discard(pid)

    def person(at: int) -> None:
        ready.wait(60)
        for attempt in range(50):
            try:
                return once(at, attempt)
            except ChangedMind:
                continue
            except DatabaseError as error:
                cut.append(type(error).__name__)
            except Refusal as refusal:
                # The kill came after the commit and before the answer.
                assert refusal.code == "invalid_transition"  # noqa: PT017
                return None
            finally:
                connection.close()
        raise AssertionError("never through")

    def killer() -> None:
        ready.wait(60)
        with connection.cursor() as cursor:
            kills = 0
            while not over.is_set() and kills < CLIENTS:
                if victims := sorted(alive):
                    cursor.execute("SELECT pg_terminate_backend(%s)", [dice.choice(victims)])
                    kills += 1
                sleep(0.05)
        connection.close()

    with ThreadPoolExecutor(len(work) + 1) as people:
        hunting = people.submit(killer)
        try:
            list(people.map(person, range(len(work))))
        finally:
            over.set()
        hunting.result()
    return [numbers_of(desk) for desk in desks], len(cut)


def numbers_of(desk: Billing) -> list[str]:
    with transaction.atomic():
        desk.company.enter()
        rows = Invoice.objects.of(desk.by.organization_id).values_list("number", flat=True)
        return sorted(str(number) for number in rows)


def two_desks() -> list[Billing]:
    return [open_billing(name=f"Shop {at}", email=f"a@{at}.example") for at in range(2)]


WITHOUT_GAP = [f"INV-{number:05d}" for number in range(1, CLIENTS // 2 + 1)]


def test_32_finalisers_of_two_organizations_leave_no_gap_and_no_twin_though_some_are_killed() -> (
    None
):
    numbers, cut = finalise_under_fire(two_desks())
    assert numbers == [WITHOUT_GAP, WITHOUT_GAP]
    assert cut > 0


def test_numbers_from_a_sequence_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "take_number", sequence_number)
    numbers, _ = finalise_under_fire(two_desks())
    assert numbers != [WITHOUT_GAP, WITHOUT_GAP]


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


def sound(desk: Billing, *invoices: InvoicePage) -> None:
    """What is settled is what its allocations say, of invoices, payments and orders alike."""
    with transaction.atomic():
        desk.company.enter()
        for payment in Payment.objects.of(desk.by.organization_id):
            rows = payment.allocations.values_list("amount", flat=True)
            assert payment.allocated == sum(rows)
            assert payment.allocated + payment.refunded <= payment.amount
        for invoice in invoices:
            now = desk.invoice(invoice)
            assert now.head.allocated == sum(one.amount for one in now.allocations)
            assert now.head.order_id is not None
            money = desk.read_by_number(now.head.order_number).head.money
            settled = queries.invoices(
                desk.by, queries.InvoiceFilter(order_id=now.head.order_id), limit=50
            )
            paid = sum(one.head.allocated for one in settled if one.head.step != "void")
            ahead = queries.payments(
                desk.by, queries.PaymentFilter(order_id=now.head.order_id, type="payment")
            )
            assert money.paid == paid + sum(one.head.open_credit for one in ahead)


def two_invoices(desk: Billing) -> list[InvoicePage]:
    """Two final invoices of 10.00, of two orders."""
    with transaction.atomic():
        desk.company.enter()
        gem = desk.product(sku="GEM", base_price="10.00")
        return [desk.final(desk.shipped({gem: 1})) for _ in range(2)]


def settling(desk: Billing, payment: UUID, invoice: UUID, amount: str) -> Callable[[], Any]:
    wanted = [Settling(invoice, amount)]
    return lambda: payments.allocate(by=desk.by, payment=payment, allocations=wanted)


def test_two_payments_settle_one_invoice_at_the_same_time_and_never_too_much() -> None:
    desk = open_billing()
    invoice, _ = two_invoices(desk)
    with transaction.atomic():
        desk.company.enter()
        paid = [desk.pay(None, "4.00").id for _ in range(4)]
    became = all_at_once(desk, [settling(desk, one, invoice.id, "4.00") for one in paid])
    assert sorted(became) == ["done", "done", "over_allocation", "over_allocation"]
    sound(desk, invoice)


@pytest.mark.parametrize("round_", range(4))
def test_an_invoice_is_voided_while_its_payment_is_spent_elsewhere(round_: int) -> None:
    """The payment's count is made once whoever was first, and nothing is lost in between."""
    desk = open_billing()
    first, second = two_invoices(desk)
    with transaction.atomic():
        desk.company.enter()
        paid = [desk.pay(None, "9.00").id for _ in range(6)]
        for at, payment in enumerate(paid):
            settling(desk, payment, first.id, f"1.{at}0")()

    def void() -> None:
        actions.void_invoice(by=desk.by, invoice=first.id, reason="x")

    work = [settling(desk, payment, second.id, "1.50") for payment in paid]
    became = all_at_once(desk, [*work[: 3 + round_ % 2], void, *work[3 + round_ % 2 :]])
    assert became == ["done"] * 7
    sound(desk, first, second)
    with transaction.atomic():
        desk.company.enter()
        assert [desk.invoice(one).head.allocated for one in (first, second)] == [0, 9]


def test_an_invoice_is_paid_or_voided_but_not_both() -> None:
    desk = open_billing()
    invoice, _ = two_invoices(desk)

    def void() -> None:
        actions.void_invoice(by=desk.by, invoice=invoice.id, reason="x")

    became = all_at_once(desk, [lambda: desk.pay(invoice, "10.00"), void])
    assert sorted(became) in (["done", "invoice_not_open"], ["done", "invoice_paid"])
    sound(desk, invoice)


def test_a_deposit_that_arrives_with_the_last_payment_leaves_the_order_completed_and_told() -> None:
    desk = open_billing()
    invoice, _ = two_invoices(desk)
    order = invoice.head.order_id
    assert order is not None

    def deposit() -> None:
        new = NewPayment(amount="3.00", method="cash")
        payments.record_deposit(by=desk.by, order=order, new=new)

    became = all_at_once(desk, [lambda: desk.pay(invoice, "10.00"), deposit])
    assert became[0] == "done"
    sound(desk, invoice)
    with transaction.atomic():
        desk.company.enter()
        head = desk.read_by_number(invoice.head.order_number).head
        expected = "overpaid" if became[1] == "done" else "paid"
        assert (head.status, head.payment_status) == ("completed", expected)


def test_deposits_and_goods_billed_at_the_same_time_stay_within_the_order() -> None:
    desk = open_billing()
    with transaction.atomic():
        desk.company.enter()
        order = desk.shipped({desk.product(sku="GEM", base_price="10.00"): 4})
    bills = [lambda: desk.draft(order, deposit=Deposit("15.00"))] * 3
    became = all_at_once(desk, [*bills, lambda: desk.draft(order)])
    with transaction.atomic():
        desk.company.enter()
        drafts = queries.invoices(desk.by, queries.InvoiceFilter(order_id=order.id))
        final = []
        for one in drafts:
            try:
                with transaction.atomic():
                    final.append(actions.finalise_invoice(by=desk.by, invoice=one.id))
            except Refusal as refusal:
                assert refusal.code == "over_invoicing"  # noqa: PT017
        assert became.count("done") == len(drafts)
        assert sum(one.head.total for one in final) <= 40
