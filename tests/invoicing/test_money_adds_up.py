"""Whatever becomes of an order, its invoices less credits come to the order, to the last digit.

Random orders are shipped, invoiced, deposited, voided, paid, returned and closed short in any order
against the real database; after every step its invoice and payment statuses are those that follow
from the amounts (domain 2.5, 2.5b, 4.13, 5.4, ruling 15).
"""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from orderwright.invoicing import actions, crediting, payments, queries
from orderwright.invoicing.actions import Deposit, LineAsk
from orderwright.invoicing.page import InvoicePage
from orderwright.invoicing.queries import InvoiceFilter, PaymentFilter
from orderwright.invoicing.settling import NewPayment, Settling
from orderwright.kernel.errors import Refusal
from orderwright.kernel.money import minor_digits
from orderwright.kernel.numbers import trim
from orderwright.returns.watchers import ReturnReceived
from orderwright.sales import closing
from orderwright.sales.new_lines import NewLine
from orderwright.sales.page import OrderPage
from tests.invoicing.billing_desk import Billing, open_billing

pytestmark = pytest.mark.django_db

TRIED_SAVEPOINTS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


class Story:
    """One order on its way, and what is checked after every step."""

    def __init__(self, desk: Billing, order: OrderPage, data: st.DataObject) -> None:
        self.desk, self.order, self.data = desk, order, data
        self.credited = Decimal(0)

    @property
    def page(self) -> OrderPage:
        """The order as it stands."""
        return self.desk.read(self.order)

    def invoices(self) -> list[InvoicePage]:
        """All of its invoices, oldest first."""
        found = queries.invoices(self.desk.by, InvoiceFilter(order_id=self.order.id), limit=100)
        return found[::-1]

    def one(self, rows: list[Any]) -> Any:
        """Some one of these, or None."""
        return self.data.draw(st.sampled_from(rows)) if rows else None

    def amount(self, most: Decimal) -> Decimal:
        """An amount up to so much, in the currency's minor unit."""
        digits = minor_digits(self.order.head.currency)
        units = int(most.scaleb(digits))
        return Decimal(self.data.draw(st.integers(1, max(1, units)))).scaleb(-digits)

    def ship(self) -> None:
        """Some of a line leaves."""
        if self.page.head.status != "issued":
            return
        line = self.one([row for row in self.page.lines if row.is_stock and row.outstanding])
        if line is not None:
            most = int(line.outstanding)
            quantity = self.data.draw(st.integers(1, most)) if most else line.outstanding
            self.desk.ship_some(self.order, trim(Decimal(quantity)), position=line.position)

    def invoice(self) -> None:
        """Some of what has shipped is billed."""
        open_ = [row for row in self.page.lines if row.is_stock and row.shipped > row.invoiced]
        asked = []
        for row in open_:
            most = int(row.shipped - row.invoiced)
            quantity = self.data.draw(st.integers(0, most)) if most else row.shipped - row.invoiced
            if quantity:
                asked.append(LineAsk(row.id, trim(Decimal(quantity))))
        if asked:
            self.desk.draft(self.order, lines=asked)

    def deposit(self) -> None:
        """An amount is billed ahead."""
        self.desk.draft(self.order, deposit=Deposit(self.amount(self.page.head.grand_total)))

    def finalise(self) -> None:
        """A draft gets its number."""
        draft = self.one([one for one in self.invoices() if one.head.step == "draft"])
        if draft is not None:
            actions.finalise_invoice(by=self.desk.by, invoice=draft.id)

    def void(self) -> None:
        """An invoice is taken back."""
        found = self.one([one for one in self.invoices() if one.head.step != "void"])
        if found is not None:
            actions.void_invoice(by=self.desk.by, invoice=found.id, reason="x")

    def pay(self) -> None:
        """Money for an invoice, or ahead for the order."""
        found = self.one([one for one in self.invoices() if one.head.balance > 0])
        if found is not None:
            amount = self.amount(found.head.balance)
            currency = found.head.currency
            self.desk.pay(found, amount, currency=currency)
        else:
            new = NewPayment(amount=self.amount(Decimal(50)), method="cash")
            payments.record_deposit(by=self.desk.by, order=self.order.id, new=new)

    def allocate(self) -> None:
        """Open credit settles an invoice."""
        wanted = PaymentFilter(order_id=self.order.id, open=True)
        payment = self.one(queries.payments(self.desk.by, wanted))
        found = self.one([one for one in self.invoices() if one.head.balance > 0])
        if payment is not None and found is not None:
            amount = self.amount(min(payment.head.open_credit, found.head.balance))
            settling = [Settling(found.id, amount)]
            payments.allocate(by=self.desk.by, payment=payment.id, allocations=settling)

    def take_off(self) -> None:
        """An allocation is taken back."""
        rows = [one for page in self.invoices() for one in page.allocations]
        row = self.one(rows)
        if row is not None:
            payments.deallocate(by=self.desk.by, payment=row.payment_id, allocation_ids=[row.id])

    def give_back(self) -> None:
        """Goods come back and are credited."""
        row = self.one([row for row in self.page.lines if row.is_stock and row.shipped])
        if row is not None:
            quantity = Decimal(self.data.draw(st.integers(1, max(1, int(row.shipped)))))
            told = ReturnReceived(
                uuid4(), "RMA-1", self.order.id, self.desk.customer, ((row.id, quantity),)
            )
            memo = crediting.credit_for_return(self.desk.by, told)
            self.credited += memo.amount if memo else 0

    def close_short(self) -> None:
        """What has not shipped is given up."""
        closing.short_close(by=self.desk.by, order=self.order.id, reason="x")

    def reopen(self) -> None:
        """And wanted after all."""
        closing.reopen_order(by=self.desk.by, order=self.order.id, reason="x")

    def step(self) -> None:
        """Anything that people do; what is refused changes nothing."""
        acts = (
            self.ship,
            self.invoice,
            self.finalise,
            self.pay,
            self.allocate,
            self.take_off,
            self.deposit,
            self.void,
            self.give_back,
            self.close_short,
            self.reopen,
        )
        act = self.data.draw(st.sampled_from(acts))
        try:
            with transaction.atomic():
                act()
        except Refusal:
            pass
        self.check()

    def check(self) -> None:
        """The invariants of money at any time."""
        page, found = self.page, self.invoices()
        standing = [one for one in found if one.head.step != "void"]
        final = [one for one in standing if one.head.step != "draft"]
        told = page.head.money
        assert told.invoiced == sum(one.head.total for one in final)
        assert (told.invoices, told.drafts) == (len(standing), len(standing) - len(final))
        assert told.invoiced <= page.head.grand_total + self.untaken(standing)
        for row in page.lines:
            if row.is_stock:
                billed = [line for one in standing for line in one.lines if line.line_id == row.id]
                assert row.invoiced == sum((line.quantity for line in billed), Decimal(0))
                assert row.invoiced <= row.shipped
        held = sum(one.head.allocated for one in standing)
        mine = queries.payments(self.desk.by, PaymentFilter(order_id=self.order.id), limit=200)
        ahead = sum(one.head.open_credit for one in mine if one.head.type == "payment")
        assert told.paid == held + ahead
        assert page.head.payment_status == payment_status(told.paid, page.head.grand_total)
        for one in found:
            settled = sum((part.amount for part in one.allocations), Decimal(0))
            assert one.head.allocated == settled <= max(one.head.total, Decimal(0))
            assert one.head.total >= 0
            for line in one.lines:
                assert line.kind == "deduction" or (line.amount >= line.discount >= 0)
                assert line.tax >= 0
            assert one.head.status(self.desk.by.today) == invoice_status(one, self.desk)

    def untaken(self, standing: list[InvoicePage]) -> Decimal:
        """What final deposits hold that no invoice took off: an order that shrinks leaves some."""
        lines = [(one.head.step, line) for one in standing for line in one.lines]
        held = [row.amount for step, row in lines if row.kind == "deposit" and step != "draft"]
        taken = [row.amount for _, row in lines if row.kind == "deduction"]
        left = sum(held + taken, Decimal(0))
        assert left >= 0
        return left

    def finish(self) -> None:
        """Ship the rest or give it up, finalise all, bill all that is left."""
        desk = self.desk
        if self.page.head.status == "issued":
            if self.data.draw(st.booleans()) and any(row.shipped for row in self.page.lines):
                self.close_short()
            else:
                desk.ship_all(self.order)
        for one in self.invoices():
            if one.head.step == "draft":
                actions.void_invoice(by=desk.by, invoice=one.id, reason="x")
        if any(row.effective > row.invoiced for row in self.page.lines if row.is_stock):
            desk.final(self.order)
        self.check()

    def give_everything_back(self) -> None:
        """All that was shipped comes back: credits are then what the goods were invoiced at."""
        lines = tuple((row.id, row.shipped) for row in self.page.lines if row.is_stock)
        told = ReturnReceived(uuid4(), "RMA-2", self.order.id, self.desk.customer, lines)
        memo = crediting.credit_for_return(self.desk.by, told)
        self.credited += memo.amount if memo else 0


def payment_status(paid: Decimal, due: Decimal) -> str:
    if paid > due:
        return "overpaid"
    if paid == due:
        return "paid"
    return "partially_paid" if paid > 0 else "unpaid"


def invoice_status(page: InvoicePage, desk: Billing) -> str:
    head = page.head
    if head.step in ("draft", "void"):
        return head.step
    if head.balance <= 0:
        return "paid"
    if head.due_date < desk.by.today:
        return "overdue"
    return "partially_paid" if head.allocated else head.step


def drawn_order(desk: Billing, data: st.DataObject) -> OrderPage:
    """An issued order of up to three lines, with a code or none, freight, tax, odd prices."""
    currency = data.draw(st.sampled_from(["USD", "USD", "JPY", "KWD"]))
    lines = []
    for at in range(data.draw(st.integers(1, 3))):
        unit = data.draw(st.sampled_from(["pcs", "pcs", "g"]))
        rate = data.draw(st.sampled_from([None, "0.055", "0.19"]))
        product = desk.product(
            sku=f"{uuid4()}", name=f"Item {at}", default_unit=unit, tax_rate=rate
        )
        quantity = Decimal(data.draw(st.integers(1, 12)))
        if unit == "g":
            quantity += Decimal(data.draw(st.integers(0, 999_999))).scaleb(-6)
        price = Decimal(data.draw(st.integers(1, 400_000))).scaleb(-4)
        lines.append(
            NewLine(
                product_id=product,
                quantity=trim(quantity),
                unit=unit,
                unit_price=trim(price),
            )
        )
    code = data.draw(st.sampled_from([None, "TEN", "FIFTY"])) if currency == "USD" else None
    freight = data.draw(st.sampled_from([None, "free", "flat"]))
    terms = {} if freight is None else {"shipping_term_id": TERMS[freight]}
    return desk.issued(lines, currency=currency, discount_code=code, **terms)


TERMS: dict[str, Any] = {}


def opened() -> Billing:
    """A desk with two codes and two ways to pay freight."""
    desk = open_billing()
    api = desk.company.api()
    ten = {"code": "TEN", "name": "Ten", "type": "percentage", "percentage": "0.1"}
    fifty = {"code": "FIFTY", "name": "Fifty", "type": "amount", "amount": "50"}
    for code in (ten, fifty):
        made = api.post("/discount-codes", {**code, "once_per_customer": False})
        assert made.status == 201, made.body
    for name, body in (
        ("free", {"name": "Free", "type": "free_freight"}),
        ("flat", {"name": "Flat", "type": "flat_rate_freight", "flat_rate": "12.34"}),
    ):
        made = api.post("/shipping-terms", body)
        assert made.status == 201, made.body
        TERMS[name] = made.body["id"]
    desk.company.enter()
    return desk


@pytest.fixture
def desk() -> Billing:
    return opened()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=TRIED_SAVEPOINTS,
    phases=[Phase.explicit, Phase.generate],
)
@given(data=st.data())
def test_invoices_less_credits_come_to_the_order_whatever_happens_to_it(
    desk: Billing, data: st.DataObject
) -> None:
    with transaction.atomic():
        story = Story(desk, drawn_order(desk, data), data)
        for _ in range(data.draw(st.integers(3, 14))):
            story.step()
        story.finish()
        standing = [one for one in story.invoices() if one.head.step != "void"]
        ahead = story.untaken(standing)
        invoiced = sum((one.head.total for one in standing), Decimal(0)) - ahead
        head = story.page.head
        assert invoiced == head.grand_total
        story.give_everything_back()
        assert invoiced - story.credited == head.freight
        transaction.set_rollback(True)
