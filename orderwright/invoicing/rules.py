"""Rules of invoices and payments: status, due date, what may be done, what may be settled.

Pure. Amounts are in one currency; days are days of the organization. Domain 2.5b, 4.13, 4.14.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from orderwright.kernel.errors import Conflict, Refusal
from orderwright.kernel.lifecycle import Allowed, Lifecycle, Move
from orderwright.kernel.money import format_money

STATUSES = ("draft", "finalised", "sent", "partially_paid", "overdue", "paid", "void")
FINAL = ("finalised", "sent")
TYPES = ("payment", "credit_memo", "adjustment", "rebate", "refund")
METHODS = ("check", "ach", "credit_card", "wire", "cash", "other")
ADJUSTMENTS = ("discount", "shipping_discrepancy", "short_payment", "write_off", "fee", "refund")
BUCKETS = (("0-30", 30), ("31-60", 60), ("61-90", 90), ("91-120", 120), ("121+", None))

LIFECYCLE = Lifecycle(
    "invoice",
    (
        Move("edit", ("draft",)),
        Move("finalise", ("draft",), "finalised"),
        Move("send", FINAL, "sent"),
        Move("remind", FINAL),
        Move("void", ("draft", *FINAL), "void"),
    ),
    nouns={"draft": "a draft"},
)
PERMISSION = "invoices:update"


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What decides what an invoice is and what may be done with it."""

    step: str
    total: Decimal
    allocated: Decimal
    due_date: date

    @property
    def balance(self) -> Decimal:
        """What is still owed; less than zero when too much was paid."""
        return self.total - self.allocated


def status_of(facts: InvoiceFacts, today: date) -> str:
    """The status that people see; the first that fits (domain 2.5b)."""
    if facts.step not in FINAL:
        return facts.step
    if facts.balance <= 0:
        return "paid"
    if facts.due_date < today:
        return "overdue"
    if facts.allocated > 0:
        return "partially_paid"
    return facts.step


def due_on(
    invoice_date: date, *, timing: str, net_days: int | None, delivered_on: date | None = None
) -> date:
    """When an invoice is due by its payment term (domain 4.13)."""
    if timing == "net" and net_days:
        return invoice_date + timedelta(days=net_days)
    if timing == "on_delivery" and delivered_on is not None:
        return max(invoice_date, delivered_on)
    return invoice_date


def why_refused(action: str, facts: InvoiceFacts) -> Refusal | None:
    """The first thing that stands against the action, or None. The caller may raise it."""
    refusal = LIFECYCLE.refusal(action, facts.step)
    if refusal is not None:
        return refusal
    is_paid = facts.step in FINAL and facts.balance <= 0 < facts.allocated
    if action == "void" and is_paid:
        message = "This invoice is paid. Take its payments off first, or give a credit memo."
        return Conflict("invoice_paid", message)
    if action == "remind" and facts.balance <= 0:
        return Conflict("invoice_paid", "This invoice is paid; there is nothing to remind of.")
    return None


def check(action: str, facts: InvoiceFacts) -> str:
    """The step after the action. Raises Conflict `invalid_transition`, `invoice_paid`."""
    refusal = why_refused(action, facts)
    if refusal is not None:
        raise refusal
    return LIFECYCLE.plan_move(action, facts.step)


def allowed_actions(facts: InvoiceFacts, permissions: Collection[str]) -> tuple[Allowed, ...]:
    """Every action in the order of the table. A missing permission is named first."""
    return LIFECYCLE.allowed(
        permissions,
        needed=LIFECYCLE.needing(PERMISSION),
        refuses=lambda action: why_refused(action, facts),
    )


def check_settling(
    amount: Decimal, *, balance: Decimal, credit: Decimal, field: str, currency: str
) -> None:
    """Refuse to settle more than is owed, or more than the payment holds (ruling 10).

    Raises Conflict `over_allocation`, `insufficient_credit`, with the field.
    """
    if amount > balance:
        message = f"The invoice has only {format_money(balance, currency)} left to pay."
        details = {"balance": f"{balance:f}"}
        raise Conflict("over_allocation", message, fields={field: message}, details=details)
    if amount > credit:
        message = f"The payment has only {format_money(credit, currency)} left."
        details = {"open_credit": f"{credit:f}"}
        raise Conflict("insufficient_credit", message, fields={field: message}, details=details)


def bucket_of(invoice_date: date, as_of: date) -> str:
    """The age of an invoice at a day, by its date; what lies ahead is as good as new."""
    age = (as_of - invoice_date).days
    return next(name for name, most in BUCKETS if most is None or age <= most)
