"""Reports of orders: what was ordered, whether it left in time, what is still to come."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import EXACT, ZERO, exact
from orderwright.kernel.weight import convert
from orderwright.production.metrics import percent
from orderwright.reporting.reports import (
    Field,
    Report,
    Row,
    in_units,
    named,
    summed_count,
    summed_money,
    summed_weight,
)

_SUMMARY: Final = """
    SELECT o.number, c.name, (o.created_at AT TIME ZONE %(timezone)s)::date, o.status,
        o.fulfillment_status, o.payment_status, coalesce(o.promised_at, o.date_required),
        (SELECT count(*) FROM sales_salesorderline n
         WHERE n.organization_id = o.organization_id AND n.order_id = o.id
           AND n.kind IN ('product', 'service') AND NOT n.is_cancelled),
        o.grand_total, o.currency
    FROM sales_salesorder o
    JOIN directory_customer c ON c.organization_id = o.organization_id AND c.id = o.customer_id
    WHERE o.organization_id = %(organization)s
      AND (%(starts)s::timestamptz IS NULL OR o.created_at >= %(starts)s)
      AND (%(ends)s::timestamptz IS NULL OR o.created_at < %(ends)s)
    ORDER BY o.id DESC LIMIT %(most)s
"""
# An order has left with the last of its shipments; a cancelled shipment does not count.
_ON_TIME: Final = """
    SELECT c.name, count(*), count(*) FILTER (WHERE left_on <= due),
        count(*) FILTER (WHERE left_on > due), sum(left_on - due) FILTER (WHERE left_on > due)
    FROM (
        SELECT o.organization_id, o.customer_id, coalesce(o.promised_at, o.date_required) AS due,
            (max(s.shipped_at) AT TIME ZONE %(timezone)s)::date AS left_on
        FROM shipping_shipment s
        JOIN sales_salesorder o ON o.organization_id = s.organization_id AND o.id = s.order_id
        WHERE s.organization_id = %(organization)s AND s.stage = 'shipped'
          AND s.tracking_status <> 'cancelled' AND o.status IN ('fulfilled', 'completed')
          AND coalesce(o.promised_at, o.date_required) IS NOT NULL
        GROUP BY o.organization_id, o.id) AS sent
    JOIN directory_customer c ON c.organization_id = sent.organization_id AND c.id = customer_id
    WHERE (%(first)s::date IS NULL OR left_on >= %(first)s)
      AND (%(last)s::date IS NULL OR left_on <= %(last)s)
    GROUP BY c.id, c.name ORDER BY c.name, c.id LIMIT %(most)s
"""
# Lines first, by what they are counted in; then what is known of each of their products.
_ON_ORDER: Final = """
    WITH waiting AS MATERIALIZED (
        SELECT n.product_id, n.basis, CASE n.basis WHEN 'weight' THEN n.unit ELSE '' END AS unit,
            count(DISTINCT n.order_id) AS orders,
            count(DISTINCT n.order_id) FILTER (WHERE n.status = 'backordered') AS short_orders,
            sum(greatest(n.ordered - n.cancelled_quantity - n.shipped, 0)
                * CASE n.basis WHEN 'weight' THEN 1 ELSE n.unit_ratio END) AS outstanding
        FROM sales_salesorderline n
        JOIN sales_salesorder o ON o.organization_id = n.organization_id AND o.id = n.order_id
        WHERE n.organization_id = %(organization)s AND o.status = 'issued'
          AND n.product_id IS NOT NULL AND n.kind = 'product' AND NOT n.is_cancelled
          AND n.ordered - n.cancelled_quantity > n.shipped
        GROUP BY n.product_id, n.basis, 3)
    SELECT p.id, p.name, p.sku, p.default_unit, w.basis, w.unit, w.orders, w.short_orders,
        w.outstanding, (
        SELECT coalesce(sum(v.required - v.covered), 0) FROM inventory_reservation v
        WHERE v.organization_id = p.organization_id AND v.product_id = p.id AND v.is_open
          AND v.basis = 'quantity'), (
        SELECT coalesce(sum(n.unit_ratio * (n.ordered - n.cancelled_quantity - n.received)), 0)
        FROM purchasing_purchaseorderline n
        JOIN purchasing_purchaseorder o
          ON o.organization_id = n.organization_id AND o.id = n.order_id
        WHERE n.organization_id = p.organization_id AND n.product_id = p.id
          AND n.basis = 'quantity' AND o.status = 'ordered' AND NOT o.is_closed
          AND n.ordered - n.cancelled_quantity > n.received)
    FROM waiting w
    JOIN catalog_product p ON p.organization_id = %(organization)s AND p.id = w.product_id
    ORDER BY p.name, p.id, w.basis LIMIT %(most)s
"""


def _on_time(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    rows: list[Row] = named("customer", "orders", "in_time", "late", "days")(by, found)
    for row in rows:
        row["rate"] = percent(Decimal(row["in_time"]), Decimal(row["orders"]))
        row["days"] = EXACT.divide(Decimal(row["days"]), row["late"]) if row["late"] else None
    return rows


def _on_order(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    """Lines by quantity and lines by weight as one row of their product."""
    weight_unit = by.organization.default_weight_unit
    rows: dict[Any, Row] = {}
    with exact():
        for key, name, sku, unit, basis, weighed, orders, behind, open_, short, coming in found:
            row = rows.setdefault(
                key,
                {
                    "name": name,
                    "sku": sku,
                    "unit": unit,
                    "orders": 0,
                    "behind": 0,
                    "outstanding": ZERO,
                    "weight": ZERO,
                    "short": short,
                    "coming": coming,
                },
            )
            row["orders"] += orders
            row["behind"] += behind
            if basis == "weight":
                row["weight"] += convert(open_, weighed, weight_unit)
            else:
                row["outstanding"] += open_
    return list(rows.values())


ORDERS: Final = (
    Report(
        key="order-summary",
        title="Order summary",
        about="Every order that was taken, where it stands, and what it is worth.",
        icon="shopping-cart",
        permissions=("sales_orders:read", "customers:read", "orders_commercial:read"),
        statement=_SUMMARY,
        fields=(
            Field("number", "Order", address="/orders/sales/{}"),
            Field("customer", "Customer"),
            Field("taken_on", "Taken on", "day"),
            Field("status", "Stage", words="stage"),
            Field("fulfillment", "Fulfillment", words="fulfillment"),
            Field("payment", "Payment", words="payment"),
            Field("due", "Due", "day"),
            summed_count("lines", "Lines"),
            summed_money("total", "Total"),
        ),
        read=named(
            *"number customer taken_on status fulfillment payment due lines total currency".split()
        ),
        chart=("fulfillment", ""),
        shape="donut",
    ),
    Report(
        key="on-time-rate",
        title="On-time rate",
        about="Orders whose last shipment left by the promised or else the required day.",
        icon="calendar-time",
        permissions=("sales_orders:read", "customers:read", "shipments:read"),
        statement=_ON_TIME,
        fields=(
            Field("customer", "Customer"),
            summed_count("orders", "Orders shipped"),
            summed_count("in_time", "In time"),
            summed_count("late", "Late"),
            Field("rate", "On time", "percent", part_of=("in_time", "orders")),
            Field("days", "Days late, on average", "days"),
        ),
        read=_on_time,
        chart=("customer", "rate"),
    ),
    Report(
        key="products-on-order",
        title="Products on order",
        about="What issued orders still wait for, what is short of it, and what is coming.",
        icon="packages",
        permissions=("sales_orders:read", "products:read", "inventory:read"),
        statement=_ON_ORDER,
        fields=(
            Field("name", "Product"),
            Field("sku", "SKU"),
            Field("orders", "Orders", "count"),
            Field("behind", "Backordered", "count"),
            in_units("outstanding", "Outstanding"),
            summed_weight("weight", "By weight"),
            in_units("short", "Short"),
            in_units("coming", "Coming"),
        ),
        read=_on_order,
        is_dated=False,
        chart=("name", "orders"),
    ),
)
