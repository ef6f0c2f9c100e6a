"""Where a customer stands with us: its open orders and what they come to."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Sum

from orderwright.identity.caller import Caller
from orderwright.sales.models import SalesOrder


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
