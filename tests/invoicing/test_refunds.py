"""Refunds, adjustments and credits by hand: what they do to invoices, credit and orders."""

from decimal import Decimal

import pytest

from orderwright.directory.models import Customer
from orderwright.invoicing import payments
from orderwright.invoicing.settling import Settling
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.sales import standing
from tests.invoicing.billing_desk import Billing, open_billing


@pytest.fixture
def desk(db: None) -> Billing:
    """A desk that bills."""
    return open_billing()


def test_a_refund_takes_from_the_open_credit_of_its_payment(desk: Billing) -> None:
    payment = desk.pay(None, "80.00")
    back = desk.pay(None, "30.00", type="refund", refund_of=payment.id)
    assert back.head.open_credit == 0
    assert desk.payment(payment).head.refunded == Decimal("30.00")
    assert desk.payment(payment).head.open_credit == Decimal("50.00")
    with pytest.raises(Conflict) as refused:
        desk.pay(None, "50.01", type="refund", refund_of=payment.id)
    assert refused.value.code == "insufficient_credit"
    desk.pay(None, "50.00", type="refund", refund_of=payment.id)
    assert desk.payment(payment).head.open_credit == 0


def test_what_is_allocated_cannot_be_given_back_before_it_is_free_again(desk: Billing) -> None:
    invoice = desk.final(desk.shipped({desk.product(base_price="10.00"): 5}))
    payment = desk.pay(invoice, "50.00")
    with pytest.raises(Conflict):
        desk.pay(None, "50.00", type="refund", refund_of=payment.id)
    (row,) = desk.payment(payment).allocations
    payments.deallocate(by=desk.by, payment=payment.id, allocation_ids=[row.id])
    desk.pay(None, "50.00", type="refund", refund_of=payment.id)
    assert desk.invoice(invoice).head.balance == Decimal("50.00")


def test_a_deposit_that_is_given_back_no_longer_pays_its_order(desk: Billing) -> None:
    order = desk.issued({desk.product(base_price="10.00"): 5})
    deposit = payments.record_deposit(
        by=desk.by,
        order=order.id,
        new=payments.NewPayment(amount="50.00", method="wire"),
    )
    assert desk.money(order) == ("issued", "paid")
    desk.pay(None, "20.00", type="refund", refund_of=deposit.id)
    assert desk.money(order) == ("issued", "partially_paid")
    assert desk.read(order).head.money.paid == Decimal("30.00")


def test_a_refund_on_an_order_takes_from_what_it_was_paid(desk: Billing) -> None:
    order = desk.shipped({desk.product(base_price="10.00"): 5})
    desk.pay(desk.final(order), "50.00")
    assert desk.read(order).head.payment_status == "paid"
    desk.pay(None, "20.00", type="refund", order=order.id)
    assert desk.read(order).head.payment_status == "partially_paid"
    with pytest.raises(Conflict) as refused:
        desk.pay(None, "30.01", type="refund", order=order.id)
    assert refused.value.code == "insufficient_credit"


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "adjustment", "adjustment_type": "write_off", "method": ""},
        {"type": "rebate", "method": ""},
        {"type": "credit_memo", "method": ""},
    ],
)
def test_what_is_no_money_settles_an_invoice_too(desk: Billing, fields: dict[str, str]) -> None:
    order = desk.shipped({desk.product(base_price="10.00"): 5})
    invoice = desk.final(order)
    desk.pay(invoice, "49.90")
    desk.pay(invoice, "0.10", **fields)
    assert desk.invoice(invoice).head.status(desk.by.today) == "paid"
    assert desk.money(order) == ("completed", "paid")


def test_a_payment_of_the_parent_pays_the_order_of_its_child(desk: Billing) -> None:
    child = desk.company.customer(name="Branch", parent_id=desk.customer)
    order = desk.shipped({desk.product(base_price="10.00"): 5}, customer_id=child)
    invoice = desk.final(order)
    payment = desk.pay(None, "70.00")
    made = payments.allocate(
        by=desk.by, payment=payment.id, allocations=[Settling(invoice.id, "50.00")]
    )
    assert made.head.open_credit == Decimal("20.00")
    assert desk.money(order) == ("completed", "paid")


def test_a_refund_says_what_it_gives_back(desk: Billing) -> None:
    with pytest.raises(Invalid) as refused:
        desk.pay(None, "1.00", type="refund")
    assert (refused.value.code, list(refused.value.fields)) == (
        "refund_of_missing",
        ["refund_of_id"],
    )


def limited(desk: Billing, limit: str) -> None:
    Customer.objects.of(desk.by.organization_id).update(credit_limit=limit)


def test_credit_is_taken_by_what_is_to_be_invoiced_and_by_unpaid_invoices(desk: Billing) -> None:
    limited(desk, "100.00")
    gem = desk.product(base_price="10.00")
    order = desk.shipped({gem: 5})

    def used() -> tuple[Decimal, Decimal]:
        found = standing.credit_use(desk.by, desk.customer, "USD")
        assert found is not None
        return found.to_invoice, found.owed

    assert used() == (Decimal("50.00"), 0)
    invoice = desk.final(order)
    assert used() == (0, Decimal("50.00"))
    desk.pay(invoice, "30.00")
    assert used() == (0, Decimal("20.00"))
    desk.pay(None, "15.00")
    assert used() == (0, Decimal("5.00"))
    estimate = desk.order({gem: 20})
    assert used() == (0, Decimal("5.00"))
    beyond = standing.beyond_credit(desk.by, estimate)
    assert beyond is not None
    assert beyond.value == estimate.head.grand_total + 5
