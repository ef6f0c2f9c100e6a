"""What cannot be is refused in words over the API, and nothing is written (domain 4.13, 4.14)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from orderwright.activity.models import Event
from orderwright.invoicing import actions
from orderwright.invoicing.models import (
    Allocation,
    CreditLine,
    Invoice,
    InvoiceLine,
    NumberCounter,
    Payment,
)
from orderwright.sales.models import SalesOrder, SalesOrderLine
from tests.company import Answer
from tests.invoicing.billing_desk import Billing, open_billing

pytestmark = pytest.mark.django_db

TABLES: tuple[Any, ...] = (
    Invoice,
    InvoiceLine,
    Payment,
    Allocation,
    CreditLine,
    NumberCounter,
    Event,
    SalesOrder,
    SalesOrderLine,
)


@dataclass(frozen=True)
class World:
    """A desk with invoices in every state, two payments, and strangers."""

    desk: Billing
    order: str
    line: str
    draft: str
    open: str
    void: str
    paid: str
    theirs: str
    credit: str
    spent: str
    stranger: str
    stranger_payment: str
    stranger_line: str

    def post(self, path: str, **body: Any) -> Answer:
        """What the accountant sends."""
        return self.desk.company.api().post(path, body)

    def settle(self, payment: str, *wanted: tuple[str, object]) -> Answer:
        """Allocate so much of a payment to invoices."""
        rows = [{"invoice_id": invoice, "amount": amount} for invoice, amount in wanted]
        return self.post(f"/payments/{payment}/actions/allocate", allocations=rows)

    def pay(self, invoice: str, amount: object, **more: Any) -> Answer:
        """Record a payment for one invoice."""
        settled = [{"invoice_id": invoice, "amount": amount}]
        sent = {"customer_id": str(self.desk.customer), "method": "wire", "amount": amount}
        return self.post("/payments", **{**sent, "allocations": settled, **more})

    def bill(self, line: str, quantity: object) -> Answer:
        """Invoice so much of a line."""
        lines = [{"line_id": line, "quantity": quantity}]
        return self.post(f"/sales-orders/{self.order}/actions/create-invoice", lines=lines)

    def deposit(self, amount: object, **more: Any) -> Answer:
        """Money ahead for the order."""
        path = f"/sales-orders/{self.order}/actions/record-deposit"
        return self.post(path, amount=amount, method="cash", **more)

    def refund(self, payment: str, amount: object) -> Answer:
        """Give open credit back."""
        sent = {"customer_id": str(self.desk.customer), "method": "wire", "type": "refund"}
        return self.post("/payments", **sent, amount=amount, refund_of_id=payment)

    def act(self, invoice: str, verb: str, **body: Any) -> Answer:
        """Do something with an invoice."""
        return self.post(f"/invoices/{invoice}/actions/{verb}", **body)


def opened_world() -> World:
    strangers = open_billing(name="Strangers", email="bo@other.example")
    hidden = strangers.shipped({strangers.product(sku="GEM", base_price="10.00"): 1})
    stranger = strangers.final(hidden)
    stranger_payment = strangers.pay(None, "5.00")
    desk = open_billing()
    gem = desk.product(sku="GEM", base_price="10.00")
    order = desk.shipped({gem: 10})

    def invoice(quantity: int) -> Any:
        line = desk.line(order).id
        return desk.draft(order, lines=[actions.LineAsk(line, quantity)])

    def final(quantity: int) -> Any:
        return actions.finalise_invoice(by=desk.by, invoice=invoice(quantity).id)

    void, paid, open_ = final(1), final(2), final(3)
    actions.void_invoice(by=desk.by, invoice=void.id, reason="x")
    desk.pay(paid, "20.00")
    other = desk.company.customer(name="Other")
    theirs = desk.final(desk.shipped({gem: 1}, customer_id=other))
    spent = desk.pay(open_, "1.00")
    return World(
        desk=desk,
        order=order.head.number,
        line=str(desk.line(order).id),
        draft=str(invoice(1).id),
        open=str(open_.id),
        void=str(void.id),
        paid=str(paid.id),
        theirs=str(theirs.id),
        credit=str(desk.pay(None, "5.00").id),
        spent=str(spent.id),
        stranger=str(stranger.id),
        stranger_payment=str(stranger_payment.id),
        stranger_line=str(strangers_line(strangers, hidden)),
    )


def strangers_line(desk: Billing, order: Any) -> Any:
    desk.company.enter()
    return desk.line(order).id


def everything(desk: Billing) -> list[list[dict[str, Any]]]:
    """Every row that money touches, and every event, as they stand."""
    desk.company.enter()
    of = desk.by.organization_id
    return [list(model.objects.of(of).order_by("pk").values()) for model in TABLES]


Case = tuple[str, Callable[[World], Answer], int, str]
CASES: list[Case] = [
    ("more than shipped", lambda w: w.bill(w.line, "5"), 409, "over_invoicing"),
    ("nothing of a line", lambda w: w.bill(w.line, "0"), 422, "invalid_quantity"),
    ("less than nothing", lambda w: w.bill(w.line, "-1"), 422, "invalid_quantity"),
    ("half a piece", lambda w: w.bill(w.line, "0.5"), 422, "invalid_quantity"),
    ("no number", lambda w: w.bill(w.line, "many"), 422, "invalid_number"),
    ("a stranger's line", lambda w: w.bill(w.stranger_line, "1"), 422, "unknown_line"),
    ("pay a draft", lambda w: w.pay(w.draft, "1.00"), 409, "invoice_not_open"),
    ("pay a void one", lambda w: w.pay(w.void, "1.00"), 409, "invoice_not_open"),
    ("pay a paid one", lambda w: w.pay(w.paid, "1.00"), 409, "over_allocation"),
    ("pay too much", lambda w: w.pay(w.open, "29.01"), 409, "confirmation_required"),
    ("pay another's", lambda w: w.pay(w.theirs, "1.00"), 422, "wrong_customer"),
    ("pay a stranger's", lambda w: w.pay(w.stranger, "1.00"), 422, "unknown_invoice"),
    ("pay nothing", lambda w: w.pay(w.open, "0"), 422, "invalid_amount"),
    ("pay less than nothing", lambda w: w.pay(w.open, "-1"), 422, "invalid_amount"),
    ("pay half a cent", lambda w: w.pay(w.open, "0.005"), 422, "invalid_amount"),
    ("pay infinitely much", lambda w: w.pay(w.open, "Infinity"), 422, "invalid_number"),
    ("pay by magic", lambda w: w.pay(w.open, "1", method="magic"), 422, "unknown_method"),
    (
        "settle beyond the credit",
        lambda w: w.settle(w.credit, (w.open, "5.01")),
        409,
        "insufficient_credit",
    ),
    (
        "settle with what is spent",
        lambda w: w.settle(w.spent, (w.open, "1")),
        409,
        "insufficient_credit",
    ),
    (
        "settle beyond the balance",
        lambda w: w.settle(w.credit, (w.paid, "1")),
        409,
        "over_allocation",
    ),
    (
        "settle beyond the credit in two rows",
        lambda w: w.settle(w.credit, (w.open, "3"), (w.open, "3")),
        409,
        "insufficient_credit",
    ),
    ("settle a draft", lambda w: w.settle(w.credit, (w.draft, "1")), 409, "invoice_not_open"),
    ("settle a void one", lambda w: w.settle(w.credit, (w.void, "1")), 409, "invoice_not_open"),
    ("settle another's", lambda w: w.settle(w.credit, (w.theirs, "1")), 422, "wrong_customer"),
    (
        "settle a stranger's",
        lambda w: w.settle(w.credit, (w.stranger, "1")),
        422,
        "unknown_invoice",
    ),
    ("settle nothing", lambda w: w.settle(w.credit), 422, "nothing_to_allocate"),
    ("settle zero", lambda w: w.settle(w.credit, (w.open, "0")), 422, "invalid_amount"),
    (
        "settle one good and one bad",
        lambda w: w.settle(w.credit, (w.open, "1"), (w.void, "1")),
        409,
        "invoice_not_open",
    ),
    (
        "settle with a stranger's",
        lambda w: w.settle(w.stranger_payment, (w.open, "1")),
        404,
        "not_found",
    ),
    ("refund beyond the credit", lambda w: w.refund(w.credit, "5.01"), 409, "insufficient_credit"),
    ("refund what is spent", lambda w: w.refund(w.spent, "0.01"), 409, "insufficient_credit"),
    ("refund a stranger's", lambda w: w.refund(w.stranger_payment, "1"), 422, "unknown_refund_of"),
    ("refund nothing", lambda w: w.refund(w.credit, "0"), 422, "invalid_amount"),
    ("deposit nothing", lambda w: w.deposit("0"), 422, "invalid_amount"),
    ("deposit a third of a cent", lambda w: w.deposit("0.003"), 422, "invalid_amount"),
    ("send to nobody", lambda w: w.act(w.open, "send"), 422, "no_recipient"),
    ("send to no address", lambda w: w.act(w.open, "send", recipients=["x"]), 422, "invalid_email"),
    (
        "send a draft",
        lambda w: w.act(w.draft, "send", recipients=["a@b.example"]),
        409,
        "invalid_transition",
    ),
    (
        "send a void one",
        lambda w: w.act(w.void, "send", recipients=["a@b.example"]),
        409,
        "invalid_transition",
    ),
    (
        "remind of a paid one",
        lambda w: w.act(w.paid, "remind", recipients=["a@b.example"]),
        409,
        "invoice_paid",
    ),
    ("finalise twice", lambda w: w.act(w.open, "finalise"), 409, "invalid_transition"),
    ("finalise a void one", lambda w: w.act(w.void, "finalise"), 409, "invalid_transition"),
    ("finalise a stranger's", lambda w: w.act(w.stranger, "finalise"), 404, "not_found"),
    ("void a paid one", lambda w: w.act(w.paid, "void", reason="x"), 409, "invoice_paid"),
    ("void without a reason", lambda w: w.act(w.open, "void", reason=" "), 422, "reason_missing"),
    ("void twice", lambda w: w.act(w.void, "void", reason="x"), 409, "invalid_transition"),
    (
        "an older copy",
        lambda w: w.act(w.open, "void", reason="x", version=1),
        409,
        "stale_version",
    ),
]


def test_each_refusal_is_clear_and_writes_nothing() -> None:
    world = opened_world()
    before = everything(world.desk)
    wrong = {}
    for name, send, status, code in CASES:
        answer = send(world)
        said = (answer.status, answer.body["code"])
        if said != (status, code):
            wrong[name] = (said, (status, code))
        assert answer.body["message"].endswith((".", "?")), (name, answer.body["message"])
        assert everything(world.desk) == before, name
    assert wrong == {}


def test_a_deposit_invoice_never_goes_beyond_the_order() -> None:
    desk = open_billing()
    order = desk.issued({desk.product(sku="GEM", base_price="10.00"): 10})
    path = f"/sales-orders/{order.head.number}/actions/create-invoice"
    before = everything(desk)
    for amount, code in (("100.01", "over_invoicing"), ("0", "invalid_amount")):
        answer = desk.company.api().post(path, {"deposit": {"amount": amount}})
        assert (answer.body["code"], list(answer.body["fields"])) == (code, ["deposit.amount"])
        assert everything(desk) == before
    assert desk.company.api().post(path, {"deposit": {"amount": "100.00"}}).status == 201
