"""Where a customer stands with us: its open orders, what they come to, its credit; and how long an
estimate stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Sum

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import ZERO
from orderwright.sales import sql
from orderwright.sales.models import SalesOrder
from orderwright.sales.page import OrderPage


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """The open orders of a customer in one currency: how many, and their grand totals together."""

    currency: str
    count: int
    value: Decimal


def open_orders(by: Caller, customer_id: UUID) -> list[OpenOrders]:
    """Estimates and issued orders that are not all cancelled, by currency. One statement.

    Raises Forbidden without `sales_orders:read`.
    """
    by.must("sales_orders:read")
    rows = (
        SalesOrder.objects.of(by.organization_id)
        .filter(customer_id=customer_id, status__in=["estimate", "issued"])
        .exclude(fulfillment_status="cancelled")
        .values("currency")
        .annotate(count=Count("pk"), value=Sum("grand_total"))
        .order_by("currency")
    )
    return [OpenOrders(row["currency"], row["count"], row["value"]) for row in rows]


DebtReader = Callable[[Caller, UUID, str], Decimal]

_debts: list[DebtReader] = []


def count_debts(reader: DebtReader) -> None:
    """Count what this function says that a customer owes already, in a currency (by, customer,
    currency), against its credit limit. Areas above register here, in `apps.py`."""
    if reader not in _debts:
        _debts.append(reader)


@dataclass(frozen=True, slots=True)
class BeyondCredit:
    """What a customer owes and is to be invoiced for is more than its credit limit, both in
    `currency`."""

    value: Decimal
    limit: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class CreditUse:
    """How much of its credit a customer takes: `to_invoice` on issued orders, and `owed`, which is
    unpaid invoices less open credit. In `currency`."""

    to_invoice: Decimal
    owed: Decimal
    limit: Decimal
    currency: str

    @property
    def value(self) -> Decimal:
        """All of it."""
        return self.to_invoice + self.owed

    @property
    def left(self) -> Decimal:
        """What is left of the limit; less than zero when it is exceeded."""
        return self.limit - self.value


def credit_use(
    by: Caller, customer_id: UUID, currency: str, *, order_id: UUID | None = None
) -> CreditUse | None:
    """What a customer takes of its credit limit, with one estimate counted as if it were issued.

    The value still to invoice on issued orders, plus unpaid invoices, less open credit (domain
    1.3). One statement, and one of each area that counts debts. None without a limit in this
    currency, and for who may not see commercial values.
    """
    if not by.may("orders_commercial:read"):
        return None
    values = {
        "organization": by.organization_id,
        "customer": customer_id,
        "order": order_id,
        "currency": currency,
        "own_currency": by.organization.default_currency,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.OPEN_AGAINST_CREDIT, values)
        row = cursor.fetchone()
    if row is None:
        return None
    owed = sum((reader(by, customer_id, currency) for reader in _debts), ZERO)
    return CreditUse(row[0], owed, row[1], currency)


def beyond_credit(by: Caller, order: OrderPage) -> BeyondCredit | None:
    """Whether its customer, with this order, goes beyond its credit limit. It informs and hinders
    nothing (domain 1.3). Two statements at most.

    None for who may not see commercial values, without a limit, and for an order that is no
    longer open or in another currency than the limit's.
    """
    head = order.head
    if head.status not in ("estimate", "issued"):
        return None
    used = credit_use(by, head.customer_id, head.currency, order_id=order.id)
    if used is None or used.left >= 0:
        return None
    return BeyondCredit(used.value, used.limit, head.currency)


def estimate_ends(made_at: datetime, *, timezone: str, days: int) -> date | None:
    """The last day on which an estimate stands (domain 1.6, `expires_at`); None: without end."""
    if not days:
        return None
    return made_at.astimezone(ZoneInfo(timezone)).date() + timedelta(days=days)


def estimate_stands_until(by: Caller, order: OrderPage) -> date | None:
    """The last day of this estimate; None when it has no end, or is no estimate any more."""
    if order.head.status != "estimate":
        return None
    days = by.organization.setting("orders.estimate_days")
    return estimate_ends(order.head.created_at, timezone=by.organization.timezone, days=int(days))
