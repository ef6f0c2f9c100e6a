"""Invoices and payments, from the draft to the last cent (domain 4.13, 4.14)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from orderwright.activity import queries as activity
from orderwright.invoicing import actions, crediting, drafting, payments, queries, receivables
from orderwright.invoicing.actions import Deposit, LineAsk
from orderwright.invoicing.models import Invoice
from orderwright.invoicing.page import InvoicePage
from orderwright.invoicing.settling import NewPayment, Settling
from orderwright.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from orderwright.returns.watchers import ReturnReceived
from orderwright.sales.page import OrderPage
from orderwright.shipping import tracking as shipping
from tests.invoicing.billing_desk import Billing, open_billing
from tests.sales.desk import counted

pytestmark = pytest.mark.django_db


def refusal_of(call: Any, *args: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refused, transaction.atomic():
        call(*args, **given)
    return refused.value


def sold(quantity: int = 10, **fields: Any) -> tuple[Billing, OrderPage]:
    """A desk, and an order of so many gems at 10.00 of which all has shipped."""
    desk = open_billing()
    gem = desk.product(sku="GEM", base_price="10.00")
    return desk, desk.shipped({gem: quantity}, **fields)


def status(desk: Billing, invoice: InvoicePage) -> str:
    return desk.invoice(invoice).head.status(desk.by.today)


def amounts(desk: Billing, order: OrderPage) -> tuple[str, str]:
    """Paid and invoiced, as the order was told."""
    money = desk.read(order).head.money
    return f"{money.paid:.2f}", f"{money.invoiced:.2f}"


def test_what_has_shipped_is_billed_and_paying_it_completes_the_order() -> None:
    desk, order = sold()
    invoice = desk.final(order)
    assert (invoice.head.number, invoice.head.total) == ("INV-00001", Decimal("100.00"))
    assert desk.money(order) == ("fulfilled", "unpaid")
    desk.pay(invoice, "40.00")
    assert (desk.money(order), status(desk, invoice)) == (
        ("fulfilled", "partially_paid"),
        "partially_paid",
    )
    desk.pay(invoice, "60.00")
    assert desk.money(order) == ("completed", "paid")
    assert status(desk, invoice) == "paid"


def test_a_draft_has_no_number_and_counts_as_invoiced_for_what_remains() -> None:
    desk, order = sold()
    draft = desk.draft(order)
    assert (draft.head.number, status(desk, draft), draft.head.balance) == (None, "draft", 100)
    assert amounts(desk, order) == ("0.00", "0.00")
    assert desk.line(order).invoiced == 10
    assert refusal_of(desk.draft, order).code == "nothing_to_bill"


def test_an_order_is_invoiced_in_parts_as_it_ships() -> None:
    desk = open_billing()
    gem = desk.product(sku="GEM", base_price="10.00")
    order = desk.issued({gem: 10})
    assert refusal_of(desk.draft, order).code == "nothing_to_bill"
    desk.ship_some(order, 4)
    line = desk.line(order).id
    first = desk.draft(order, lines=[LineAsk(line, "3")])
    assert (first.lines[0].quantity, first.head.total) == (3, 30)
    over = refusal_of(desk.draft, order, lines=[LineAsk(line, "2")])
    assert (over.code, list(over.fields)) == ("over_invoicing", ["lines.0.quantity"])
    assert desk.draft(order).head.total == 10


def test_an_estimate_is_not_invoiced() -> None:
    desk = open_billing()
    order = desk.order({desk.product(sku="GEM"): 1})
    assert refusal_of(desk.draft, order).code == "not_issued"


def test_a_draft_is_changed_and_a_final_invoice_keeps_all_but_its_due_date() -> None:
    desk, order = sold()
    draft = desk.draft(order)
    line, later = desk.line(order).id, desk.by.today + timedelta(days=3)
    changes = {"lines": [LineAsk(line, "4")], "notes": "Thanks", "invoice_date": later}
    changed = actions.edit_invoice(by=desk.by, invoice=draft.id, changes=changes, version=1)
    assert (changed.head.total, changed.head.notes, changed.head.invoice_date) == (
        40,
        "Thanks",
        later,
    )
    assert changed.head.due_date >= later
    assert desk.line(order).invoiced == 4
    stale = refusal_of(
        actions.edit_invoice, by=desk.by, invoice=draft.id, changes={"notes": ""}, version=1
    )
    assert stale.code == "stale_version"
    final = actions.finalise_invoice(by=desk.by, invoice=draft.id)
    locked = refusal_of(actions.edit_invoice, by=desk.by, invoice=final.id, changes={"notes": "x"})
    assert locked.code == "invoice_locked"
    due = {"due_date": later + timedelta(days=9)}
    moved = actions.edit_invoice(by=desk.by, invoice=final.id, changes=due)
    assert moved.head.due_date == due["due_date"]
    early = {"due_date": later - timedelta(days=1)}
    refused = refusal_of(actions.edit_invoice, by=desk.by, invoice=final.id, changes=early)
    assert refused.code == "invalid_due_date"


def test_an_invoice_is_sent_to_whom_is_named_or_marked_and_to_nobody_else() -> None:
    desk, order = sold()
    draft = desk.draft(order)
    early = refusal_of(
        actions.send_invoice, by=desk.by, invoice=draft.id, recipients=["a@b.example"]
    )
    assert early.code == "invalid_transition"
    final = actions.finalise_invoice(by=desk.by, invoice=draft.id)
    nobody = refusal_of(actions.send_invoice, by=desk.by, invoice=final.id)
    assert (nobody.code, list(nobody.fields)) == ("no_recipient", ["recipients"])
    wrong = refusal_of(actions.send_invoice, by=desk.by, invoice=final.id, recipients=["nobody"])
    assert list(wrong.fields) == ["recipients.0"]
    to = ["pay@acme.example"]
    sent = actions.send_invoice(by=desk.by, invoice=final.id, recipients=to)
    assert (sent.head.step, sent.head.sent_to, sent.head.sent_at) == ("sent", to, desk.by.now)
    reminded = actions.remind(by=desk.by, invoice=final.id)
    assert reminded.head.reminders == 1


def test_a_void_invoice_frees_its_payments_and_another_may_follow() -> None:
    desk, order = sold()
    invoice = desk.final(order)
    payment = desk.pay(invoice, "40.00")
    assert refusal_of(actions.void_invoice, by=desk.by, invoice=invoice.id, reason=" ").code == (
        "reason_missing"
    )
    void = actions.void_invoice(by=desk.by, invoice=invoice.id, reason="wrong address")
    assert (void.head.step, void.head.number, void.head.allocated, void.allocations) == (
        "void",
        "INV-00001",
        0,
        (),
    )
    assert desk.payment(payment).head.open_credit == 40
    assert (amounts(desk, order), desk.money(order)) == (
        ("0.00", "0.00"),
        ("fulfilled", "unpaid"),
    )
    again = desk.final(order)
    assert (again.head.number, again.head.total) == ("INV-00002", 100)


def test_a_paid_invoice_is_not_voided() -> None:
    desk, order = sold()
    invoice = desk.final(order)
    desk.pay(invoice, "100.00")
    refused = refusal_of(actions.void_invoice, by=desk.by, invoice=invoice.id, reason="x")
    assert refused.code == "invoice_paid"


def test_a_deposit_invoice_is_taken_off_the_invoice_of_the_goods() -> None:
    desk = open_billing()
    gem = desk.product(sku="GEM", base_price="10.00")
    order = desk.issued({gem: 10})
    deposit = desk.final(order, deposit=Deposit("30.00"))
    assert (deposit.head.kind, deposit.head.total) == ("deposit", 30)
    desk.ship_all(order)
    rest = desk.final(order)
    assert [(line.kind, line.amount) for line in rest.lines] == [
        ("goods", Decimal(100)),
        ("deduction", Decimal(-30)),
    ]
    assert rest.head.total == 70
    desk.pay(deposit, "30.00")
    desk.pay(rest, "70.00")
    assert desk.money(order) == ("completed", "paid")


def test_money_ahead_pays_the_order_at_once_and_its_invoice_later() -> None:
    desk = open_billing()
    gem = desk.product(sku="GEM", base_price="10.00")
    order = desk.order({gem: 10})
    new = NewPayment(amount="100.00", method="cash")
    deposit = payments.record_deposit(by=desk.by, order=order.id, new=new)
    assert desk.money(order) == ("estimate", "paid")
    settled = desk.shipped({gem: 10})
    invoice = desk.final(settled)
    allocated = payments.allocate(
        by=desk.by, payment=deposit.id, allocations=[Settling(invoice.id, "60.00")]
    )
    assert allocated.head.open_credit == 40
    assert (amounts(desk, order), amounts(desk, settled)) == (
        ("40.00", "0.00"),
        ("60.00", "100.00"),
    )
    back = payments.deallocate(
        by=desk.by, payment=deposit.id, allocation_ids=[allocated.allocations[0].id]
    )
    assert (back.head.open_credit, amounts(desk, order)) == (100, ("100.00", "0.00"))


def test_a_refund_gives_back_what_is_there_and_no_more() -> None:
    desk = open_billing()
    order = desk.order({desk.product(sku="GEM", base_price="10.00"): 10})
    new = NewPayment(amount="50.00", method="cash")
    deposit = payments.record_deposit(by=desk.by, order=order.id, new=new)
    refund = {"type": "refund", "refund_of": deposit.id}
    assert refusal_of(desk.pay, None, "50.01", **refund).code == "insufficient_credit"
    desk.pay(None, "20.00", **refund)
    assert (desk.payment(deposit).head.open_credit, amounts(desk, order)[0]) == (30, "30.00")
    assert refusal_of(desk.pay, None, "1.00", type="refund").code == "refund_of_missing"
    over = refusal_of(desk.pay, None, "30.01", type="refund", order=order.id)
    assert over.code == "insufficient_credit"
    desk.pay(None, "30.00", type="refund", order=order.id)
    assert amounts(desk, order)[0] == "0.00"


def test_more_than_an_invoice_has_left_stays_as_credit_once_confirmed() -> None:
    desk, order = sold()
    invoice = desk.final(order)
    asked = refusal_of(desk.pay, invoice, "120.00")
    assert (asked.code, asked.details["confirm"]) == ("confirmation_required", "overpay")
    paid = desk.pay(invoice, "120.00", confirmed={"overpay"})
    assert (paid.head.allocated, paid.head.open_credit) == (100, 20)


def test_a_payment_of_tomorrow_is_asked_about() -> None:
    desk, _ = sold()
    tomorrow = desk.by.today + timedelta(days=1)
    asked = refusal_of(desk.pay, None, "1.00", paid_on=tomorrow)
    assert (asked.code, asked.details["confirm"]) == ("confirmation_required", "past_date")
    made = desk.pay(None, "1.00", paid_on=tomorrow, confirmed={"past_date"})
    assert made.head.payment_date == tomorrow


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"amount": "0"}, "invalid_amount", "amount"),
        ({"amount": "1.001"}, "invalid_amount", "amount"),
        ({"amount": "x"}, "invalid_number", "amount"),
        ({"method": ""}, "unknown_method", "method"),
        ({"type": "gift"}, "unknown_type", "type"),
        ({"customer_id": None}, "unknown_customer", "customer_id"),
        ({"customer_id": uuid4()}, "unknown_customer", "customer_id"),
        ({"order": uuid4()}, "unknown_order", "order_id"),
        (
            {"allocations": [Settling(uuid4(), "1")]},
            "unknown_invoice",
            "allocations.0.invoice_id",
        ),
    ],
)
def test_a_senseless_payment_is_refused_with_its_field(
    given: dict[str, Any], code: str, field: str
) -> None:
    desk = open_billing()
    refused = refusal_of(desk.pay, None, **{"amount": "1.00", **given})
    assert (type(refused), refused.code, list(refused.fields)) == (Invalid, code, [field])


def test_drafts_and_void_invoices_are_not_paid() -> None:
    desk, order = sold()
    draft = desk.draft(order)
    assert refusal_of(desk.pay, draft, "1.00").code == "invoice_not_open"
    actions.void_invoice(by=desk.by, invoice=draft.id, reason="x")
    refused = refusal_of(desk.pay, draft, "1.00")
    assert (type(refused), refused.code) == (Conflict, "invoice_not_open")


def test_only_the_customer_and_those_above_it_pay_an_invoice() -> None:
    desk, order = sold()
    invoice = desk.final(order)
    other = desk.company.customer(name="Other")
    refused = refusal_of(desk.pay, invoice, "1.00", customer_id=other)
    assert (type(refused), refused.code) == (Invalid, "wrong_customer")
    child = desk.company.customer(name="Branch", parent_id=desk.customer)
    gem = desk.product(sku="RING", base_price="10.00")
    theirs = desk.final(desk.shipped({gem: 1}, customer_id=child))
    assert desk.pay(theirs, "10.00").head.allocated == 10
    upward = refusal_of(desk.pay, invoice, "1.00", customer_id=child)
    assert upward.code == "wrong_customer"


def test_no_allocation_goes_beyond_the_invoice_or_the_payment() -> None:
    desk, order = sold()
    invoice = desk.final(order)
    small, large = desk.pay(None, "50.00"), desk.pay(None, "500.00")

    def settle(payment: Any, *sums: str) -> Any:
        wanted = [Settling(invoice.id, amount) for amount in sums]
        return payments.allocate(by=desk.by, payment=payment.id, allocations=wanted)

    assert refusal_of(settle, large, "100.01").code == "over_allocation"
    assert refusal_of(settle, large, "60.00", "40.01").code == "over_allocation"
    assert refusal_of(settle, small, "50.01").code == "insufficient_credit"
    assert refusal_of(settle, small).code == "nothing_to_allocate"
    assert settle(small, "20.00", "30.00").head.open_credit == 0
    assert desk.invoice(invoice).head.balance == 50


def leave(desk: Billing, shipment_id: UUID) -> None:
    drafting.draft_for_shipment(by=desk.by, shipment_id=shipment_id)


def drafts(desk: Billing) -> list[Decimal]:
    rows = Invoice.objects.of(desk.by.organization_id).order_by("pk")
    return list(rows.values_list("total", flat=True))


def test_a_shipment_that_leaves_is_invoiced_once_however_often_the_job_runs() -> None:
    desk = open_billing()
    order = desk.issued({desk.product(sku="GEM", base_price="10.00"): 10})
    first, second = desk.ship_some(order, 4), desk.ship_some(order, 6)
    for shipment in (second, first, second, first):
        leave(desk, shipment)
    assert drafts(desk) == [60, 40]
    found = queries.invoices(desk.by, queries.InvoiceFilter(shipment_id=first))
    assert [page.head.order_number for page in found] == ["SO-00001"]


def test_what_was_invoiced_by_hand_is_not_invoiced_again_by_the_job() -> None:
    desk = open_billing()
    order = desk.issued({desk.product(sku="GEM", base_price="10.00"): 10})
    shipment = desk.ship_some(order, 4)
    desk.draft(order)
    leave(desk, shipment)
    assert drafts(desk) == [40]


def test_who_invoices_by_hand_gets_no_drafts() -> None:
    desk = open_billing()
    desk.by.organization.settings["invoicing.mode"] = "manual"
    order = desk.issued({desk.product(sku="GEM", base_price="10.00"): 10})
    leave(desk, desk.ship_some(order, 4))
    assert drafts(desk) == []


def test_a_shipment_that_is_taken_back_loses_its_draft() -> None:
    desk = open_billing()
    order = desk.issued({desk.product(sku="GEM", base_price="10.00"): 10})
    shipment = desk.ship_some(order, 4)
    leave(desk, shipment)
    shipping.cancel_shipment(by=desk.by, shipment=shipment, reason="wrong box")
    for _ in range(2):
        drafting.drop_draft_of_shipment(by=desk.by, shipment_id=shipment)
    leave(desk, shipment)
    assert (drafts(desk), desk.line(order).invoiced) == ([], 0)
    assert desk.read(order).head.money.drafts == 0


def test_what_a_final_invoice_bills_does_not_come_back() -> None:
    desk = open_billing()
    order = desk.issued({desk.product(sku="GEM", base_price="10.00"): 10})
    shipment = desk.ship_some(order, 4)
    invoice = desk.final(order)
    refused = refusal_of(shipping.cancel_shipment, by=desk.by, shipment=shipment, reason="x")
    assert (refused.code, refused.details) == ("invoice_exists", {"invoice": "INV-00001"})
    actions.void_invoice(by=desk.by, invoice=invoice.id, reason="back")
    shipping.cancel_shipment(by=desk.by, shipment=shipment, reason="x")
    assert desk.line(order).shipped == 0


def test_a_draft_of_goods_that_came_back_is_not_finalised() -> None:
    desk = open_billing()
    order = desk.issued({desk.product(sku="GEM", base_price="10.00"): 10})
    shipment = desk.ship_some(order, 4)
    draft = desk.draft(order)
    shipping.cancel_shipment(by=desk.by, shipment=shipment, reason="x")
    refused = refusal_of(actions.finalise_invoice, by=desk.by, invoice=draft.id)
    assert refused.code == "over_invoicing"
    assert desk.invoice(draft).head.number is None


def test_goods_that_come_back_are_credited_in_parts_that_add_up() -> None:
    desk, order = sold(3)
    line = desk.line(order).id

    def back(quantity: int) -> Any:
        told = ReturnReceived(
            uuid4(), "RMA-1", order.id, desk.customer, ((line, Decimal(quantity)),)
        )
        return crediting.credit_for_return(desk.by, told)

    assert back(1) is None
    invoice = desk.final(order)
    memo = back(1)
    assert (memo.amount, memo.open_credit, memo.currency) == (10, 10, "USD")
    assert back(2).amount == 20
    assert back(1) is None
    settled = payments.allocate(
        by=desk.by, payment=memo.id, allocations=[Settling(invoice.id, "10.00")]
    )
    assert (settled.head.number, settled.head.type) == ("CM-00001", "credit_memo")
    assert amounts(desk, order) == ("10.00", "30.00")


def test_receivables_are_aged_by_the_date_of_the_invoice() -> None:
    desk, order = sold()
    invoice = desk.final(order)
    desk.pay(invoice, "40.00")
    today = desk.by.today
    (aged,) = receivables.aging(desk.by, as_of=today + timedelta(days=45))
    assert (aged.customer_name, aged.buckets["31-60"], aged.total) == ("Acme", 60, 60)
    assert receivables.aging(desk.by, as_of=today - timedelta(days=1)) == []
    told = receivables.statement(desk.by, desk.customer)
    assert [(row.kind, row.amount, row.balance) for row in told] == [
        ("invoice", 100, 100),
        ("payment", -40, 60),
    ]


def test_the_timeline_of_the_order_tells_of_its_money() -> None:
    desk, order = sold()
    invoice = desk.final(order)
    desk.pay(invoice, "100.00")
    told = [event.type for event in activity.timeline(desk.by, order.id)]
    wanted = {"invoice.drafted", "invoice.finalised", "payment.allocated", "invoice.paid"}
    assert wanted <= set(told)


@pytest.mark.parametrize("role", ["Viewer", "Sales", "Warehouse", "Manager"])
def test_only_admin_and_finance_write_money(role: str) -> None:
    desk, order = sold(1)
    invoice = desk.final(order)
    payment = desk.pay(invoice, "1.00")
    other = desk.acting_as(role)
    for call, given in (
        (actions.create_invoice, {"order": order.id}),
        (actions.finalise_invoice, {"invoice": invoice.id}),
        (actions.send_invoice, {"invoice": invoice.id}),
        (actions.void_invoice, {"invoice": invoice.id, "reason": "x"}),
        (payments.record_payment, {"new": NewPayment(amount="1")}),
        (payments.allocate, {"payment": payment.id, "allocations": []}),
        (payments.deallocate, {"payment": payment.id, "allocation_ids": []}),
    ):
        assert isinstance(refusal_of(call, by=other.by, **given), Forbidden)


def test_invoices_and_payments_of_others_are_not_there() -> None:
    desk, order = sold(1)
    invoice = desk.final(order)
    payment = desk.pay(invoice, "1.00")
    stranger = open_billing(name="Strangers", email="bo@other.example")
    for call, given in (
        (queries.invoice_page, invoice.id),
        (queries.payment_page, payment.id),
        (queries.invoice_page, "INV-00001"),
    ):
        assert isinstance(refusal_of(call, stranger.by, given), NotFound)


def statements(lines: int, **company: str) -> list[int]:
    """The statements of each step for an order of so many lines."""
    desk = open_billing(**company)
    gems = {desk.product(sku=f"GEM{at}", base_price="10.00"): 2 for at in range(lines)}
    order = desk.shipped(gems)
    with counted() as drafting_took:
        draft = desk.draft(order)
    with counted() as finalising_took:
        actions.finalise_invoice(by=desk.by, invoice=draft.id)
    with counted() as paying_took:
        desk.pay(draft, "5.00")
    with counted() as voiding_took:
        actions.void_invoice(by=desk.by, invoice=draft.id, reason="x")
    return [*drafting_took, *finalising_took, *paying_took, *voiding_took]


def test_one_line_and_thirty_take_the_same_statements() -> None:
    few = statements(1, name="Small", email="s@small.example")
    assert statements(30) == few
    assert max(few) <= 30
