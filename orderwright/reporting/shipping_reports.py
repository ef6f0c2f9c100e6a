"""Reports of shipments: where each one is, and how well each carrier carries."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from orderwright.identity.caller import Caller
from orderwright.production.metrics import percent
from orderwright.reporting.reports import Field, Report, Row, named, summed_count, summed_money

_IN_DAYS: Final = """
    (%(starts)s::timestamptz IS NULL OR s.shipped_at >= %(starts)s)
      AND (%(ends)s::timestamptz IS NULL OR s.shipped_at < %(ends)s)
"""
_SHIPMENTS: Final = f"""
    SELECT s.number, o.number, coalesce(c.name, s.ship_to ->> 'label', ''), k.name,
        s.tracking_number, s.tracking_status, (s.shipped_at AT TIME ZONE %(timezone)s)::date,
        (s.delivered_at AT TIME ZONE %(timezone)s)::date,
        extract(epoch FROM s.delivered_at - s.shipped_at)::numeric / 86400
    FROM shipping_shipment s
    JOIN directory_carrier k ON k.organization_id = s.organization_id AND k.id = s.carrier_id
    LEFT JOIN sales_salesorder o ON o.organization_id = s.organization_id AND o.id = s.order_id
    LEFT JOIN directory_customer c ON c.organization_id = o.organization_id AND c.id = o.customer_id
    WHERE s.organization_id = %(organization)s AND s.stage = 'shipped' AND {_IN_DAYS}
    ORDER BY s.shipped_at DESC, s.id DESC LIMIT %(most)s
"""
_CARRIERS: Final = f"""
    SELECT k.name, count(*), count(*) FILTER (WHERE s.tracking_status = 'delivered'),
        count(*) FILTER (
            WHERE s.tracking_status IN ('pending', 'in_transit', 'out_for_delivery')),
        count(*) FILTER (WHERE s.tracking_status = 'exception' OR EXISTS (
            SELECT 1 FROM shipping_trackingevent e
            WHERE e.organization_id = s.organization_id AND e.shipment_id = s.id
              AND e.status = 'exception')),
        avg(extract(epoch FROM s.delivered_at - s.shipped_at)::numeric / 86400),
        sum(s.freight_cost), %(currency)s::text
    FROM shipping_shipment s
    JOIN directory_carrier k ON k.organization_id = s.organization_id AND k.id = s.carrier_id
    WHERE s.organization_id = %(organization)s AND s.stage = 'shipped'
      AND s.tracking_status <> 'cancelled' AND {_IN_DAYS}
    GROUP BY k.id, k.name ORDER BY count(*) DESC, k.name LIMIT %(most)s
"""


def _carriers(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    names = "carrier shipments delivered under_way exceptions days freight currency"
    rows: list[Row] = named(*names.split())(by, found)
    for row in rows:
        row["rate"] = percent(Decimal(row["exceptions"]), Decimal(row["shipments"]))
    return rows


SHIPMENTS: Final = (
    Report(
        key="shipment-status",
        title="Shipment status",
        about="Every shipment that left, where it is, and how long it took.",
        icon="truck",
        permissions=("shipments:read", "sales_orders:read", "customers:read"),
        statement=_SHIPMENTS,
        fields=(
            Field("number", "Shipment", address="/shipments/{}"),
            Field("order", "Order", address="/orders/sales/{}"),
            Field("customer", "Customer"),
            Field("carrier", "Carrier"),
            Field("tracking_number", "Tracking number"),
            Field("status", "Status", words="tracking"),
            Field("shipped_on", "Shipped on", "day"),
            Field("delivered_on", "Delivered on", "day"),
            Field("days", "Days under way", "days"),
        ),
        read=named(
            *"number order customer carrier tracking_number".split(),
            *"status shipped_on delivered_on days".split(),
        ),
        chart=("status", ""),
        shape="donut",
    ),
    Report(
        key="carrier-performance",
        title="Carrier performance",
        about="How many shipments each carrier took, how fast, and how often something went wrong.",
        icon="truck-delivery",
        permissions=("shipments:read",),
        statement=_CARRIERS,
        fields=(
            Field("carrier", "Carrier"),
            summed_count("shipments", "Shipments"),
            summed_count("delivered", "Delivered"),
            summed_count("under_way", "Under way"),
            summed_count("exceptions", "Exceptions"),
            Field("rate", "With exceptions", "percent", part_of=("exceptions", "shipments")),
            Field("days", "Days to delivery, on average", "days"),
            summed_money("freight", "Freight cost"),
        ),
        read=_carriers,
        chart=("carrier", "shipments"),
    ),
)
