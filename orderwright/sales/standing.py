"""Where a customer stands with us: its open orders, what they come to, its credit; and how long an
estimate stands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Sum

from orderwright.identity.caller import Caller
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


@dataclass(frozen=True, slots=True)
class BeyondCredit:
    """Open orders of a customer come to more than its credit limit, both in `currency`."""

    value: Decimal
    limit: Decimal
    currency: str


def beyond_credit(by: Caller, order: OrderPage) -> BeyondCredit | None:
    """Whether the open orders of its customer, this one among them, come to more than its credit
    limit. It informs and hinders nothing (domain 1.3). One statement.

    None for who may not see commercial values, without a limit, and for an order that is no
    longer open or in another currency than the limit's.
    """
    head = order.head
    if head.status not in ("estimate", "issued") or not by.may("orders_commercial:read"):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            sql.OPEN_AGAINST_CREDIT,
            {
                "organization": by.organization_id,
                "customer": head.customer_id,
                "currency": head.currency,
                "own_currency": by.organization.default_currency,
            },
        )
        row = cursor.fetchone()
    return BeyondCredit(row[0], row[1], head.currency) if row and row[0] > row[1] else None


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
