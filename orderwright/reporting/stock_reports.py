"""Reports of stock: what is there, what moved, what runs low, what is on its way."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import ZERO, exact
from orderwright.kernel.weight import convert
from orderwright.reporting.reports import (
    Field,
    Report,
    Row,
    in_units,
    named,
    summed_count,
    summed_weight,
)

_ON_HAND: Final = "('available', 'retrieved_out')"
_SUMMARY: Final = f"""
    SELECT p.id, p.name, p.sku, p.default_unit, l.weight_unit, l.lots, coalesce(l.quantity, 0),
        coalesce(l.weight, 0), coalesce(r.covered, 0), coalesce(r.short, 0)
    FROM catalog_product p
    LEFT JOIN LATERAL (
        SELECT l.weight_unit, count(*) AS lots, sum(l.quantity) AS quantity, sum(l.weight) AS weight
        FROM inventory_lot l
        WHERE l.organization_id = p.organization_id AND l.product_id = p.id
          AND l.status IN {_ON_HAND} AND (l.quantity <> 0 OR l.weight <> 0)
        GROUP BY l.weight_unit) l ON true
    LEFT JOIN LATERAL (
        SELECT sum(v.covered) AS covered, sum(v.required - v.covered) AS short
        FROM inventory_reservation v
        WHERE v.organization_id = p.organization_id AND v.product_id = p.id AND v.is_open
          AND v.basis = 'quantity') r ON true
    WHERE p.organization_id = %(organization)s AND p.type = 'sale'
      AND (p.is_active OR l.lots IS NOT NULL)
    ORDER BY p.name, p.id LIMIT %(most)s
"""
_MOVEMENT: Final = """
    SELECT p.name, p.sku, p.default_unit,
        coalesce(sum(m.quantity_delta) FILTER (WHERE m.quantity_delta > 0), 0),
        coalesce(-sum(m.quantity_delta) FILTER (WHERE m.quantity_delta < 0), 0),
        coalesce(sum(m.quantity_delta) FILTER (
            WHERE m.action IN ('create_record', 'receive_po', 'return')), 0),
        coalesce(sum(m.quantity_delta) FILTER (WHERE m.action = 'receive_job'), 0),
        coalesce(-sum(m.quantity_delta) FILTER (WHERE m.action IN ('select', 'release')), 0),
        coalesce(-sum(m.quantity_delta) FILTER (WHERE m.action = 'issue_to_job'), 0),
        sum(m.quantity_delta), count(*)
    FROM inventory_movement m
    JOIN catalog_product p ON p.organization_id = m.organization_id AND p.id = m.product_id
    WHERE m.organization_id = %(organization)s
      AND (%(starts)s::timestamptz IS NULL OR m.at >= %(starts)s)
      AND (%(ends)s::timestamptz IS NULL OR m.at < %(ends)s)
    GROUP BY p.id, p.name, p.sku, p.default_unit ORDER BY p.name, p.id LIMIT %(most)s
"""
_LOW: Final = f"""
    SELECT * FROM (
        SELECT p.name, p.sku, p.default_unit, p.reorder_threshold, (
            SELECT coalesce(sum(l.quantity), 0) FROM inventory_lot l
            WHERE l.organization_id = p.organization_id AND l.product_id = p.id
              AND l.status IN {_ON_HAND} AND NOT (l.quantity = 0 AND l.weight = 0)) AS on_hand, (
            SELECT coalesce(sum((n.ordered - n.cancelled_quantity - n.received) * n.unit_ratio), 0)
            FROM purchasing_purchaseorderline n
            JOIN purchasing_purchaseorder o
              ON o.organization_id = n.organization_id AND o.id = n.order_id
            WHERE n.organization_id = p.organization_id AND n.product_id = p.id
              AND n.basis = 'quantity' AND o.status = 'ordered' AND NOT o.is_closed
              AND n.ordered - n.cancelled_quantity > n.received) AS coming
        FROM catalog_product p
        WHERE p.organization_id = %(organization)s AND p.is_active
          AND p.reorder_threshold IS NOT NULL) AS low
    WHERE on_hand <= reorder_threshold ORDER BY on_hand - reorder_threshold, name LIMIT %(most)s
"""
_PURCHASES: Final = """
    SELECT o.number, s.name, n.position, coalesce(p.name, n.description), n.unit,
        n.ordered - n.cancelled_quantity, n.received, n.ordered - n.cancelled_quantity - n.received,
        o.issued_at::date, coalesce(n.needed_by, o.date_required),
        coalesce(n.needed_by, o.date_required) < %(today)s
    FROM purchasing_purchaseorderline n
    JOIN purchasing_purchaseorder o ON o.organization_id = n.organization_id AND o.id = n.order_id
    JOIN directory_supplier s ON s.organization_id = o.organization_id AND s.id = o.supplier_id
    LEFT JOIN catalog_product p ON p.organization_id = n.organization_id AND p.id = n.product_id
    WHERE n.organization_id = %(organization)s AND o.status = 'ordered' AND NOT o.is_closed
      AND NOT n.is_cancelled AND n.ordered - n.cancelled_quantity > n.received
      AND (%(starts)s::timestamptz IS NULL OR o.issued_at >= %(starts)s)
      AND (%(ends)s::timestamptz IS NULL OR o.issued_at < %(ends)s)
    ORDER BY coalesce(n.needed_by, o.date_required) NULLS LAST, o.id, n.position LIMIT %(most)s
"""


def _summary(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    """Lots that were weighed in different units as one row of their product."""
    unit = by.organization.default_weight_unit
    rows: dict[Any, Row] = {}
    with exact():
        for key, name, sku, counted, weighed, lots, quantity, weight, covered, short in found:
            row = rows.setdefault(
                key,
                {
                    "name": name,
                    "sku": sku,
                    "unit": counted,
                    "lots": 0,
                    "on_hand": ZERO,
                    "weight": ZERO,
                    "reserved": covered,
                    "short": short,
                },
            )
            row["lots"] += lots or 0
            row["on_hand"] += quantity
            row["weight"] += convert(weight, weighed, unit) if weighed else ZERO
        for row in rows.values():
            row["available"] = row["on_hand"] - row["reserved"] - row["short"]
    return list(rows.values())


def _low(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    rows: list[Row] = named("name", "sku", "unit", "threshold", "on_hand", "coming")(by, found)
    for row in rows:
        missing: Decimal = row["threshold"] - row["on_hand"] - row["coming"]
        row["missing"] = max(ZERO, missing)
    return rows


def _purchases(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    names = (
        "number supplier position product unit ordered received outstanding issued_on needed late"
    )
    rows: list[Row] = named(*names.split())(by, found)
    for row in rows:
        row["late"] = "Late" if row["late"] else ""
    return rows


STOCK: Final = (
    Report(
        key="stock-summary",
        title="Stock summary",
        about="What is on hand of each product now, what is promised, what is available.",
        icon="building-warehouse",
        permissions=("inventory:read", "products:read"),
        statement=_SUMMARY,
        fields=(
            Field("name", "Product"),
            Field("sku", "SKU"),
            summed_count("lots", "Lots"),
            in_units("on_hand", "On hand"),
            summed_weight("weight", "Weight"),
            in_units("reserved", "Reserved"),
            in_units("short", "Short"),
            in_units("available", "Available"),
        ),
        read=_summary,
        is_dated=False,
        chart=("name", "weight"),
    ),
    Report(
        key="stock-movement",
        title="Stock movement",
        about="What came and went of each product.",
        icon="arrows-exchange",
        permissions=("inventory:read", "products:read"),
        statement=_MOVEMENT,
        fields=(
            Field("name", "Product"),
            Field("sku", "SKU"),
            in_units("came", "In"),
            in_units("went", "Out"),
            in_units("bought", "Bought or returned"),
            in_units("made", "Made"),
            in_units("selected", "Selected"),
            in_units("used", "Used in jobs"),
            in_units("net", "Change"),
            summed_count("count", "Movements"),
        ),
        read=named(*"name sku unit came went bought made selected used net count".split()),
        chart=("name", "count"),
    ),
    Report(
        key="low-stock",
        title="Low stock",
        about="Products at or below their reorder threshold, and what is on order of them.",
        icon="alert-triangle",
        permissions=("inventory:read", "products:read"),
        statement=_LOW,
        fields=(
            Field("name", "Product"),
            Field("sku", "SKU"),
            in_units("on_hand", "On hand"),
            in_units("threshold", "Threshold"),
            in_units("coming", "On order"),
            in_units("missing", "Still to order"),
        ),
        read=_low,
        is_dated=False,
        chart=("name", "missing"),
    ),
    Report(
        key="purchase-orders-outstanding",
        title="Purchase orders outstanding",
        about="What was ordered and has not come yet, the most urgent first.",
        icon="package-import",
        permissions=("purchase_orders:read", "suppliers:read"),
        statement=_PURCHASES,
        fields=(
            Field("number", "Order", address="/orders/purchase/{}"),
            Field("supplier", "Supplier"),
            Field("position", "Line", "count"),
            Field("product", "Product"),
            in_units("ordered", "Ordered"),
            in_units("received", "Received"),
            in_units("outstanding", "Outstanding"),
            Field("issued_on", "Ordered on", "day"),
            Field("needed", "Needed by", "day"),
            Field("late", "Late"),
        ),
        read=_purchases,
        chart=("", ""),
    ),
)
