"""What customers owe: by age of the invoices, on account, and as a statement (domain 4.14)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.invoicing import payment_sql, sql
from orderwright.invoicing.page import PaymentRow
from orderwright.invoicing.rules import BUCKETS, bucket_of
from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import ZERO

MOST_OPEN: Final = 200
STATEMENT_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Aged:
    """What one customer owes in one currency, by the age of the invoices.

    `credit` is what it has left on account and does not count in `total`.
    """

    customer_id: UUID
    customer_number: str
    customer_name: str
    currency: str
    buckets: dict[str, Decimal]
    credit: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum(self.buckets.values(), ZERO)

    @property
    def net(self) -> Decimal:
        """What is owed when all open credit is used."""
        return self.total - self.credit


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of a statement; `amount` is what it adds to the debt, less than zero for payments.

    `kind` is `invoice`, a type of payment, `paid_by_other` (somebody above it paid its invoice) or
    `paid_for_other` (its payment settled an invoice of somebody below it; `about` says whose).
    """

    day: date
    kind: str
    number: str
    about: str
    currency: str
    amount: Decimal
    balance: Decimal
    due_date: date | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What moved between two days in one currency; `aged` is what is open at the end, by age."""

    currency: str
    opening: Decimal
    movements: tuple[Movement, ...]
    aged: Aged | None = None

    @property
    def closing(self) -> Decimal:
        """The balance at the end of the last day."""
        return self.movements[-1].balance if self.movements else self.opening

    @property
    def invoiced(self) -> Decimal:
        """What was added to the debt."""
        return sum((one.amount for one in self.movements if one.amount > 0), ZERO)

    @property
    def paid(self) -> Decimal:
        """What was taken off it."""
        return -sum((one.amount for one in self.movements if one.amount < 0), ZERO)


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice with something left to pay, of a customer or of one below it."""

    id: UUID
    number: str
    order_number: str
    customer_id: UUID
    customer_name: str
    invoice_date: date
    due_date: date
    currency: str
    total: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands in one currency now."""

    currency: str
    owed: Decimal = ZERO
    overdue: Decimal = ZERO
    invoices: int = 0
    late: int = 0
    credit: Decimal = ZERO


@dataclass(slots=True)
class _Ages:
    """Rows of the aging while they are gathered."""

    found: dict[tuple[UUID, str], Aged] = field(default_factory=dict)

    def of(self, customer_id: UUID, number: str, name: str, currency: str) -> Aged:
        empty = dict.fromkeys((bucket for bucket, _ in BUCKETS), ZERO)
        made = Aged(customer_id, number, name, currency, empty)
        return self.found.setdefault((customer_id, currency), made)


def aging(by: Caller, *, as_of: date | None = None) -> list[Aged]:
    """Who owed what at the end of a day, by invoice date, by customer name; one statement.

    What was settled counts by the date of its payment. Customers who owe nothing are left out.
    """
    by.must("invoices:read")
    ages = _aged(by, as_of or by.today)
    return [one for one in ages.found.values() if any(one.buckets.values())]


def aging_with_credit(by: Caller, *, as_of: date | None = None) -> list[Aged]:
    """The aging with what each customer had left on account; two statements."""
    by.must("invoices:read", "payments:read")
    day = as_of or by.today
    ages = _aged(by, day)
    found = {key: one for key, one in ages.found.items() if any(one.buckets.values())}
    for row in _fetched(by, payment_sql.CREDITS, {"as_of": day}):
        key, credit = (row[0], row[3]), row[4]
        if credit:
            one = found.get(key) or _Ages().of(*row[:4])
            found[key] = Aged(
                one.customer_id,
                one.customer_number,
                one.customer_name,
                one.currency,
                one.buckets,
                credit,
            )
    return sorted(found.values(), key=lambda one: (one.customer_name.casefold(), one.currency))


def open_invoices(by: Caller, customer_id: UUID, *, most: int = MOST_OPEN) -> list[OpenInvoice]:
    """Invoices that a customer can pay, its own and those below it, first due first; one statement.

    Raises Forbidden without `invoices:read`.
    """
    by.must("invoices:read")
    values = {"customer": customer_id, "most": most}
    return [OpenInvoice(*row) for row in _fetched(by, payment_sql.OPEN_INVOICES, values)]


def open_payments(by: Caller, customer_id: UUID, *, most: int = MOST_OPEN) -> list[PaymentRow]:
    """Payments and credits with something left, oldest first; one statement."""
    by.must("payments:read")
    values = {"customer": customer_id, "most": most}
    return [PaymentRow(*row) for row in _fetched(by, payment_sql.OPEN_PAYMENTS, values)]


def standing(by: Caller, customer_id: UUID) -> list[Standing]:
    """What a customer owes and has left on account, by currency; one statement."""
    by.must("invoices:read", "payments:read")
    values = {"customer": customer_id, "today": by.today}
    return [Standing(*row) for row in _fetched(by, payment_sql.STANDING, values)]


def debt(by: Caller, customer_id: UUID, currency: str) -> Decimal:
    """Unpaid balances of its invoices less its open credit; one statement.

    For areas below, which check what their reader may see.
    """
    values = {"customer": customer_id, "currency": currency}
    found: Decimal = _fetched(by, payment_sql.DEBT, values)[0][0]
    return found


def statement(by: Caller, customer_id: UUID, *, until: date | None = None) -> list[Movement]:
    """Everything that moved what a customer owes up to a day, with the balance after it, in each
    currency by itself; one statement."""
    by.must("invoices:read", "payments:read")
    values = {"customer": customer_id, "until": until or by.today}
    balances: dict[str, Decimal] = {}
    found = []
    for day, _, kind, number, about, currency, amount, due in _fetched(
        by, payment_sql.STATEMENT, values
    ):
        balances[currency] = balances.get(currency, ZERO) + amount
        found.append(Movement(day, kind, number, about, currency, amount, balances[currency], due))
    return found


def days_of_statement(by: Caller, first: date | None, until: date | None) -> tuple[date, date]:
    """The first and the last day of a statement: 90 days up to today unless said otherwise, and
    never before the first day that there is."""
    last = until or by.today
    return first or date.fromordinal(max(1, last.toordinal() - STATEMENT_DAYS + 1)), last


def statements(by: Caller, customer_id: UUID, *, first: date, until: date) -> list[Statement]:
    """The statement of a customer between two days, one for each currency that moved; two
    statements to the database.

    Raises Invalid `invalid_days` when the first day is after the last.
    """
    if first > until:
        message = "The first day is after the last."
        raise Invalid("invalid_days", message, fields={"from": message})
    moved: dict[str, list[Movement]] = {}
    for one in statement(by, customer_id, until=until):
        moved.setdefault(one.currency, []).append(one)
    ages = _aged(by, until, customer_id=customer_id)
    found = []
    for currency, rows in sorted(moved.items()):
        earlier = [one for one in rows if one.day < first]
        opening = earlier[-1].balance if earlier else ZERO
        within = tuple(rows[len(earlier) :])
        if opening or within:
            aged = ages.found.get((customer_id, currency))
            found.append(Statement(currency, opening, within, aged))
    return found


def _aged(by: Caller, day: date, *, customer_id: UUID | None = None) -> _Ages:
    ages = _Ages()
    rows = _fetched(by, sql.AGING, {"as_of": day, "customer": customer_id})
    for customer, number, name, currency, invoice_date, owed in rows:
        ages.of(customer, number, name, currency).buckets[bucket_of(invoice_date, day)] += owed
    return ages


def _fetched(by: Caller, statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, **values})
        return cursor.fetchall()
