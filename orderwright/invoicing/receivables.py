"""What customers owe: by age of the invoices, and as a statement of one customer (domain 4.14)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.invoicing import sql
from orderwright.invoicing.rules import BUCKETS, bucket_of
from orderwright.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class Aged:
    """What one customer owes in one currency, by the age of the invoices."""

    customer_id: UUID
    customer_number: str
    customer_name: str
    currency: str
    buckets: dict[str, Decimal]

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum(self.buckets.values(), ZERO)


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of a statement; `amount` is what it adds to the debt, less than zero for payments."""

    day: date
    kind: str
    number: str
    about: str
    currency: str
    amount: Decimal
    balance: Decimal


def aging(by: Caller, *, as_of: date | None = None) -> list[Aged]:
    """Who owed what at the end of a day, by invoice date, by customer name; one statement.

    What was settled counts by the date of its payment. Customers who owe nothing are left out.
    """
    by.must("invoices:read")
    day = as_of or by.today
    with connection.cursor() as cursor:
        cursor.execute(sql.AGING, {"organization": by.organization_id, "as_of": day})
        rows = cursor.fetchall()
    found: dict[tuple[UUID, str], Aged] = {}
    for customer_id, number, name, currency, invoice_date, owed in rows:
        empty = dict.fromkeys((bucket for bucket, _ in BUCKETS), ZERO)
        key = (customer_id, currency)
        aged = found.setdefault(key, Aged(customer_id, number, name, currency, empty))
        aged.buckets[bucket_of(invoice_date, day)] += owed
    return [one for one in found.values() if any(one.buckets.values())]


def statement(by: Caller, customer_id: UUID, *, until: date | None = None) -> list[Movement]:
    """Everything that moved what a customer owes up to a day, with the balance after it, in each
    currency by itself; one statement."""
    by.must("invoices:read", "payments:read")
    values: dict[str, Any] = {
        "organization": by.organization_id,
        "customer": customer_id,
        "until": until or by.today,
    }
    balances: dict[str, Decimal] = {}
    found = []
    with connection.cursor() as cursor:
        cursor.execute(sql.STATEMENT, values)
        for day, kind, number, about, currency, amount in cursor.fetchall():
            balances[currency] = balances.get(currency, ZERO) + amount
            found.append(Movement(day, kind, number, about, currency, amount, balances[currency]))
    return found
