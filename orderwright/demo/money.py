"""Invoices and payments of the demo company: each shipment is invoiced, customers pay as they do.

Days are worked off from long ago to today; what would lie ahead has not happened yet, so that young
invoices are drafts or open, and old ones paid or overdue.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.invoicing import actions, drafting, payments, queries
from orderwright.invoicing.page import InvoicePage, PaymentPage
from orderwright.invoicing.settling import NewPayment, Settling
from orderwright.kernel.numbers import round_half_up
from orderwright.sales import order_lists
from orderwright.sales.order_lists import OrderFilter
from orderwright.shipping.queries import ShipmentFilter, ShipmentPage, shipments

if TYPE_CHECKING:
    from orderwright.demo.company import Desk

ACCOUNTANT: Final = "Priya"
PARENTS: Final = {"Harbour Lights": "Lumen Retail Group"}
METHODS: Final = ("ach", "ach", "check", "credit_card", "wire")
# How customers pay, dealt to their shipments one after the other.
_DECK: Final = (
    "prompt",
    "late",
    "prompt",
    "partly",
    "prompt",
    "prompt",
    "never",
    "prompt",
    "late",
    "short",
    "prompt",
    "too_much",
    "prompt",
)
# The youngest shipments: what has not been done with their invoices yet.
_DRAFTS, _FINALISED = 3, 3


def make_all(desk: "Desk") -> None:
    """Invoice every shipment of the past, let customers pay, take deposits on open orders."""
    ledger = Ledger(desk)
    with desk.on(0) as by:
        found = [one for one in shipments(by, ShipmentFilter(), limit=500) if one.head.shipped_at]
    found.sort(key=lambda one: (one.head.shipped_at, one.head.number))
    for at, shipment in enumerate(found):
        ledger.invoice(shipment, at, left=len(found) - at)
    ledger.deposits()
    ledger.work_off()


@dataclass(order=True, slots=True)
class _Step:
    """Something to do on a day; the longest ago comes first."""

    key: float
    place: int
    act: Callable[[Caller], None] = field(compare=False)


class Ledger:
    """What the accountant of the demo company has to do, by day."""

    def __init__(self, desk: "Desk") -> None:
        self.desk = desk
        self.steps: list[_Step] = []
        self.count = 0

    def work_off(self) -> None:
        """Do everything in its order; each step may plan later ones."""
        while self.steps:
            step = heapq.heappop(self.steps)
            with self.desk.on(-step.key, who=ACCOUNTANT) as by:
                step.act(by)

    def invoice(self, shipment: ShipmentPage, at: int, *, left: int) -> None:
        """Draft the invoice of a shipment on the day it left, and plan what becomes of it."""
        shipped_at = shipment.head.shipped_at
        assert shipped_at is not None
        days_ago = (self.desk.now - shipped_at).total_seconds() / 86_400
        fate = _DECK[at % len(_DECK)]
        is_wrong = left == _DRAFTS + _FINALISED + 4

        def draft(by: Caller) -> None:
            made = drafting.draft_for_shipment(by=by, shipment_id=shipment.id)
            if made is None or left <= _DRAFTS:
                return
            self._plan(days_ago - 0.1, lambda by: _finalise(by, made))
            if left <= _DRAFTS + _FINALISED:
                return
            if is_wrong:
                self._plan(days_ago - 0.2, lambda by: self._replace(by, made, days_ago))
                return
            self._plan(days_ago - 0.15, lambda by: self._send(by, made, fate))

        self._plan(days_ago - 0.02, draft)

    def deposits(self) -> None:
        """Money ahead on open orders: a part, all of it, and one that was invoiced."""
        with self.desk.on(0) as by:
            wanted = OrderFilter(status=("issued",), fulfillment_status=("not_started",))
            rows = order_lists.orders(by, wanted).rows[:3]
        for row, share, method in zip(
            rows, ("0.3", "1", "0.5"), ("credit_card", "wire", ""), strict=False
        ):
            amount = _part(row.grand_total, share)
            if amount > 0:
                self._ahead_of(row.id, amount, method)

    def _ahead_of(self, order_id: UUID, amount: Decimal, method: str) -> None:
        self._plan(0.15, lambda by: self._ahead(by, order_id, amount, method))

    def _ahead(self, by: Caller, order_id: UUID, amount: Decimal, method: str) -> None:
        if method:
            new = NewPayment(amount=amount, method=method, reference=self._reference(method))
            payments.record_deposit(by=by, order=order_id, new=new)
            return
        deposit = actions.Deposit(amount, "Deposit, 50 % with the order")
        made = actions.create_invoice(by=by, order=order_id, deposit=deposit)
        _finalise(by, made.id)
        actions.send_invoice(by=by, invoice=made.id)

    def _replace(self, by: Caller, invoice_id: UUID, days_ago: float) -> None:
        """The order number of the customer was wrong: void it and bill it again."""
        found = actions.void_invoice(
            by=by, invoice=invoice_id, reason="The customer’s PO number is wrong on it"
        )
        assert found.head.order_id is not None
        again = actions.create_invoice(by=by, order=found.head.order_id)
        self._plan(days_ago - 0.25, lambda by: _finalise(by, again.id))
        self._plan(days_ago - 0.3, lambda by: self._send(by, again.id, "prompt"))

    def _send(self, by: Caller, invoice_id: UUID, fate: str) -> None:
        message = "Thank you for your order." if self.desk.chance.random() < 0.3 else ""
        sent = actions.send_invoice(by=by, invoice=invoice_id, message=message)
        due, pays = self._days_ago(sent.head.due_date), self._days_ago(by.today)
        jitter = self.desk.chance.uniform
        plan = {
            "prompt": lambda: self._pays(due + jitter(0, 9), sent),
            "late": lambda: self._pays(due - jitter(4, 25), sent),
            "partly": lambda: self._pays(pays - jitter(2, 6), sent, part="0.5"),
            "never": lambda: None,
            "short": lambda: self._pays_short(due - jitter(0, 3), sent),
            "too_much": lambda: self._pays_too_much(due + jitter(0, 5), sent),
        }
        plan[fate]()
        if fate in ("late", "never", "partly"):
            self._plan(due - 3, lambda by: _remind(by, invoice_id))
        if fate == "never":
            self._plan(due - 17, lambda by: _remind(by, invoice_id))

    def _pays(self, days_ago: float, invoice: InvoicePage, part: str = "1") -> None:
        def pay(by: Caller) -> None:
            head = queries.read_invoice(by, invoice.id).head
            amount = _part(head.balance, part)
            self._record(by, head.id, amount)

        self._plan(days_ago, pay)

    def _pays_too_much(self, days_ago: float, invoice: InvoicePage) -> None:
        """The rest stays as open credit; what is older than two months was given back."""

        def pay(by: Caller) -> None:
            paid = self._record(by, invoice.id, _part(invoice.head.total, "1.05"))
            if days_ago > 60:
                self._plan(days_ago - 12, lambda by: _refund(by, paid))

        self._plan(days_ago, pay)

    def _pays_short(self, days_ago: float, invoice: InvoicePage) -> None:
        """A few short, which we write off a week later."""

        def pay(by: Caller) -> None:
            self._record(by, invoice.id, _part(invoice.head.total, "0.985"))

        def write_off(by: Caller) -> None:
            head = queries.read_invoice(by, invoice.id).head
            new = NewPayment(
                amount=head.balance,
                type="adjustment",
                adjustment_type="short_payment",
                customer_id=head.customer_id,
                currency=head.currency,
                allocations=[Settling(head.id, head.balance)],
                note="Bank charges; not worth a letter",
            )
            payments.record_payment(by=by, new=new)

        self._plan(days_ago, pay)
        if days_ago > 7:
            self._plan(days_ago - 7, write_off)

    def _record(self, by: Caller, invoice_id: UUID, amount: Decimal) -> PaymentPage:
        head = queries.read_invoice(by, invoice_id).head
        payer = self.desk.customers.get(PARENTS.get(head.customer_name, ""))
        method = self.desk.chance.choice(METHODS)
        new = NewPayment(
            amount=amount,
            method=method,
            customer_id=payer.id if payer is not None else head.customer_id,
            currency=head.currency,
            reference=self._reference(method),
            allocations=[Settling(head.id, amount)],
            confirmed=frozenset({"overpay"}),
        )
        return payments.record_payment(by=by, new=new)

    def _reference(self, method: str) -> str:
        number = self.desk.chance.randint(10_000, 99_999)
        words = {"check": "Check", "ach": "ACH", "wire": "Wire", "credit_card": "Card"}
        return f"{words.get(method, 'Ref.')} {number}"

    def _plan(self, days_ago: float, act: Callable[[Caller], None]) -> None:
        """What would lie ahead of today does not happen."""
        if days_ago > 0:
            self.count += 1
            heapq.heappush(self.steps, _Step(-days_ago, self.count, act))

    def _days_ago(self, day: date) -> float:
        return float((self.desk.now.date() - day).days)


def _finalise(by: Caller, invoice_id: UUID) -> None:
    actions.finalise_invoice(by=by, invoice=invoice_id)


def _remind(by: Caller, invoice_id: UUID) -> None:
    if queries.read_invoice(by, invoice_id).head.balance > 0:
        actions.remind(by=by, invoice=invoice_id)


def _refund(by: Caller, paid: PaymentPage) -> None:
    """Give back what a customer paid too much."""
    head = queries.read_payment(by, paid.id).head
    new = NewPayment(
        amount=head.open_credit,
        type="refund",
        method=head.method,
        customer_id=head.customer_id,
        currency=head.currency,
        refund_of=head.id,
        note="Paid too much",
    )
    payments.record_payment(by=by, new=new)


def _part(amount: Decimal, share: str) -> Decimal:
    return round_half_up(amount * Decimal(share), 2)
