"""Several payments settle several invoices: all of it or nothing."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from orderwright.invoicing import receivables
from orderwright.invoicing.models import Invoice
from orderwright.invoicing.page import InvoicePage, PaymentPage
from orderwright.invoicing.settlement import Using, paired, settle
from orderwright.invoicing.settling import Settling
from orderwright.kernel.errors import Conflict, Forbidden, Invalid, Refusal
from tests.invoicing.billing_desk import Billing, open_billing

AMOUNTS = st.lists(st.integers(1, 500), min_size=1, max_size=6)


@pytest.fixture
def desk(db: None) -> Billing:
    """A desk that bills."""
    return open_billing()


def invoiced(desk: Billing, *quantities: int, customer: UUID | None = None) -> list[InvoicePage]:
    """A final invoice over each quantity of a thing of 10."""
    gem = desk.product(sku=f"GEM-{uuid4()}", base_price="10.00")
    fields = {"customer_id": customer} if customer else {}
    return [desk.final(desk.shipped({gem: quantity}, **fields)) for quantity in quantities]


@given(AMOUNTS, AMOUNTS)
def test_pairs_use_up_every_payment_and_every_invoice_when_both_come_to_the_same(
    used: list[int], settled: list[int]
) -> None:
    short = sum(settled) - sum(used)
    (used if short > 0 else settled).append(abs(short))
    payments = [(UUID(int=at + 1), Decimal(one)) for at, one in enumerate(used)]
    invoices = [(UUID(int=at + 100), Decimal(one)) for at, one in enumerate(settled)]
    pairs = paired([one for one in payments if one[1]], [one for one in invoices if one[1]])
    for key, whole in payments:
        assert sum(amount for one, _, amount in pairs if one == key) == whole
    for key, whole in invoices:
        assert sum(amount for _, one, amount in pairs if one == key) == whole
    assert min(amount for _, _, amount in pairs) > 0
    assert len(pairs) < len(payments) + len(invoices)


def test_two_payments_settle_three_invoices_at_once(desk: Billing) -> None:
    first, second, third = invoiced(desk, 10, 5, 2)
    one, two = desk.pay(None, "120.00"), desk.pay(None, "60.00")
    made = settle(
        by=desk.by,
        uses=[Using(one.id, "120.00"), Using(two.id, "40.00")],
        settles=[
            Settling(first.id, "100.00"),
            Settling(second.id, "50.00", "on the phone"),
            Settling(third.id, "10.00"),
        ],
    )
    assert [page.head.open_credit for page in made] == [Decimal(0), Decimal("20.00")]
    shown = [
        (row.payment_number, row.amount, row.note)
        for page in (first, second, third)
        for row in desk.invoice(page).allocations
    ]
    assert shown == [
        ("PAY-00001", Decimal("100.00"), ""),
        ("PAY-00001", Decimal("20.00"), "on the phone"),
        ("PAY-00002", Decimal("30.00"), "on the phone"),
        ("PAY-00002", Decimal("10.00"), ""),
    ]
    assert [desk.invoice(page).head.balance for page in (first, second, third)] == [
        Decimal(0),
        Decimal(0),
        Decimal("10.00"),
    ]


def test_orders_whose_last_invoice_is_settled_are_completed(desk: Billing) -> None:
    gem = desk.product(base_price="10.00")
    order = desk.shipped({gem: 3})
    invoice = desk.final(order)
    payment = desk.pay(None, "30.00")
    assert desk.money(order) == ("fulfilled", "unpaid")
    settle(
        by=desk.by,
        uses=[Using(payment.id, "30.00")],
        settles=[Settling(invoice.id, "30.00")],
    )
    assert desk.money(order) == ("completed", "paid")


def test_a_parent_settles_what_its_child_owes_but_not_the_other_way_around(desk: Billing) -> None:
    child = desk.company.customer(name="Branch", parent_id=desk.customer)
    (mine,), (theirs,) = invoiced(desk, 4), invoiced(desk, 6, customer=child)
    open_to_parent = receivables.open_invoices(desk.by, desk.customer)
    assert {one.id for one in open_to_parent} == {mine.id, theirs.id}
    assert [one.id for one in receivables.open_invoices(desk.by, child)] == [theirs.id]
    payment = desk.pay(None, "60.00")
    settle(by=desk.by, uses=[Using(payment.id, "60.00")], settles=[Settling(theirs.id, "60.00")])
    assert desk.invoice(theirs).head.balance == 0
    of_child = desk.pay(None, "40.00", customer_id=child)
    with pytest.raises(Invalid) as refused:
        settle(by=desk.by, uses=[Using(of_child.id, "40.00")], settles=[Settling(mine.id, "40.00")])
    assert refused.value.code == "wrong_customer"


Ask = Callable[[PaymentPage, InvoicePage], tuple[list[Using], list[Settling]]]
WRONG: list[tuple[str, str, Ask]] = [
    ("nothing_to_allocate", "payments", lambda p, i: ([], [Settling(i.id, "1")])),
    ("nothing_to_allocate", "allocations", lambda p, i: ([Using(p.id, "1")], [])),
    (
        "unbalanced_settlement",
        "settlement",
        lambda p, i: ([Using(p.id, "2")], [Settling(i.id, "1")]),
    ),
    (
        "insufficient_credit",
        "payments.0.amount",
        lambda p, i: ([Using(p.id, "80.01")], [Settling(i.id, "80.01")]),
    ),
    (
        "insufficient_credit",
        "payments.1.amount",
        lambda p, i: ([Using(p.id, "50"), Using(p.id, "31")], [Settling(i.id, "81")]),
    ),
    (
        "over_allocation",
        "allocations.0.amount",
        lambda p, i: ([Using(p.id, "70.01")], [Settling(i.id, "70.01")]),
    ),
    (
        "over_allocation",
        "allocations.1.amount",
        lambda p, i: ([Using(p.id, "71")], [Settling(i.id, "70"), Settling(i.id, "1")]),
    ),
    (
        "unknown_payment",
        "payments.0.payment_id",
        lambda p, i: ([Using(uuid4(), "1")], [Settling(i.id, "1")]),
    ),
    (
        "unknown_invoice",
        "allocations.0.invoice_id",
        lambda p, i: ([Using(p.id, "1")], [Settling(uuid4(), "1")]),
    ),
    (
        "invalid_amount",
        "payments.0.amount",
        lambda p, i: ([Using(p.id, "0")], [Settling(i.id, "1")]),
    ),
]


@pytest.mark.parametrize(("code", "field", "ask"), WRONG)
def test_what_does_not_add_up_is_refused_at_its_field_and_nothing_is_written(
    desk: Billing, code: str, field: str, ask: Ask
) -> None:
    (invoice,) = invoiced(desk, 7)
    payment = desk.pay(None, "80.00")
    uses, settles = ask(payment, invoice)
    with pytest.raises(Refusal) as refused, transaction.atomic():
        settle(by=desk.by, uses=uses, settles=settles)
    assert (refused.value.code, list(refused.value.fields)) == (code, [field])
    assert desk.invoice(invoice).head.allocated == 0
    assert desk.payment(payment).head.open_credit == Decimal("80.00")


def test_a_void_invoice_another_customer_and_a_refund_settle_nothing(desk: Billing) -> None:
    (invoice,) = invoiced(desk, 7)
    payment = desk.pay(None, "80.00")
    draft = desk.draft(desk.shipped({desk.product(sku="SMALL", base_price="1.00"): 1}))
    other = desk.pay(None, "5.00", customer_id=desk.company.customer(name="Other"))
    back = desk.pay(None, "5.00", type="refund", refund_of=payment.id)
    for code, uses, settles in (
        ("invoice_not_open", [Using(payment.id, "1")], [Settling(draft.id, "1")]),
        (
            "wrong_customer",
            [Using(payment.id, "1"), Using(other.id, "1")],
            [Settling(invoice.id, "2")],
        ),
        ("insufficient_credit", [Using(back.id, "1")], [Settling(invoice.id, "1")]),
    ):
        with pytest.raises((Invalid, Conflict)) as refused, transaction.atomic():
            settle(by=desk.by, uses=uses, settles=settles)
        assert refused.value.code == code


def test_a_settlement_costs_the_same_for_many_invoices_of_one_order(desk: Billing) -> None:
    def cost(count: int) -> int:
        gem = desk.product(sku=f"GEM-{count}", base_price="10.00")
        order = desk.issued({gem: count})
        invoices = []
        for _ in range(count):
            desk.ship_some(order, 1)
            invoices.append(desk.final(order))
        payment = desk.pay(None, str(5 * count))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            settle(
                by=desk.by,
                uses=[Using(payment.id, str(5 * count))],
                settles=[Settling(one.id, "5") for one in invoices],
            )
        return len(caught)

    assert cost(2) == cost(6)


def test_who_may_not_change_payments_settles_nothing(desk: Billing) -> None:
    (invoice,) = invoiced(desk, 7)
    payment = desk.pay(None, "80.00")
    viewer = desk.acting_as("Viewer")
    with pytest.raises(Forbidden):
        settle(by=viewer.by, uses=[Using(payment.id, "1")], settles=[Settling(invoice.id, "1")])


def test_a_statement_between_two_days_starts_with_what_was_owed(desk: Billing) -> None:
    invoiced(desk, 10)
    desk.pay(None, "30.00")
    today = desk.by.today
    (now,) = receivables.statements(desk.by, desk.customer, first=today, until=today)
    assert (now.opening, now.invoiced, now.paid, now.closing) == (0, 100, 30, 70)
    assert now.aged is not None
    assert now.aged.total == 100
    tomorrow = today + timedelta(days=1)
    (later,) = receivables.statements(desk.by, desk.customer, first=tomorrow, until=tomorrow)
    assert (later.opening, later.movements, later.closing) == (70, (), 70)
    yesterday = today - timedelta(days=1)
    assert receivables.statements(desk.by, desk.customer, first=yesterday, until=yesterday) == []
    with pytest.raises(Invalid):
        receivables.statements(desk.by, desk.customer, first=tomorrow, until=today)


def test_the_statements_of_parent_and_child_say_who_paid_for_whom(desk: Billing) -> None:
    child = desk.company.customer(name="Branch", parent_id=desk.customer)
    (theirs,) = invoiced(desk, 6, customer=child)
    desk.pay(theirs, "60.00")
    today = desk.by.today
    of_child = receivables.statement(desk.by, child, until=today)
    of_parent = receivables.statement(desk.by, desk.customer, until=today)
    assert [(one.kind, one.amount, one.balance) for one in of_child] == [
        ("invoice", Decimal("60.00"), Decimal("60.00")),
        ("paid_by_other", Decimal("-60.00"), Decimal(0)),
    ]
    assert [(one.kind, one.about, one.amount, one.balance) for one in of_parent] == [
        ("payment", "", Decimal("-60.00"), Decimal("-60.00")),
        ("paid_for_other", "Branch", Decimal("60.00"), Decimal(0)),
    ]


def test_the_aging_less_open_credit_is_the_balance_of_the_statement(desk: Billing) -> None:
    (first, _) = invoiced(desk, 10, 7)
    desk.pay(first, "40.00")
    payment = desk.pay(None, "25.00")
    desk.pay(None, "5.00", type="refund", refund_of=payment.id)
    (aged,) = receivables.aging_with_credit(desk.by)
    assert (aged.total, aged.credit, aged.net) == (130, 20, 110)
    assert receivables.statement(desk.by, desk.customer)[-1].balance == 110
    (now,) = receivables.standing(desk.by, desk.customer)
    assert (now.owed, now.invoices, now.credit, now.late) == (130, 2, 20, 0)
    assert receivables.debt(desk.by, desk.customer, "USD") == 110


def test_on_every_day_the_aging_less_credit_is_the_balance_of_the_statements(
    desk: Billing,
) -> None:
    """Invoices, payments and refunds on different days, some settled across them."""
    today = desk.by.today
    child = desk.company.customer(name="Branch", parent_id=desk.customer)
    invoices = [*invoiced(desk, 10, 7), *invoiced(desk, 4, customer=child)]
    for at, one in enumerate(invoices):
        rows = Invoice.objects.of(desk.by.organization_id).with_ids([one.id])
        rows.update(invoice_date=today - timedelta(days=10 * at))
    for invoice, amount, days in (
        (invoices[0], "100.00", 0),
        (invoices[1], "20.00", 7),
        (invoices[2], "40.00", 25),
        (None, "33.00", 21),
    ):
        payment = desk.pay(invoice, amount, paid_on=today - timedelta(days=days))
    desk.pay(None, "3.00", type="refund", refund_of=payment.id, paid_on=today - timedelta(days=4))
    for days in range(-1, 40):
        day = today - timedelta(days=days)
        aged = receivables.aging_with_credit(desk.by, as_of=day)
        net = {one.customer_id: one.net for one in aged if one.net}
        told = {}
        for customer in (desk.customer, child):
            moved = receivables.statement(desk.by, customer, until=day)
            if moved and moved[-1].balance:
                told[customer] = moved[-1].balance
        assert net == told, day
