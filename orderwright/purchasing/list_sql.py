"""The statements of the list of purchase orders: a page of it, how many there are."""

from collections.abc import Iterable

_LIST_COLUMNS = """
    o.id, o.number, o.status, o.is_closed, o.fulfillment_status, o.supplier_id, s.number, s.name,
    o.order_lead_id, f.nickname, o.supplier_reference, o.date_required, o.promised_at, o.priority,
    o.currency, o.subtotal, o.manual_hold,
    (SELECT coalesce(sum(least(l.received, l.ordered - l.cancelled_quantity)), 0)
        FROM purchasing_purchaseorderline l
        WHERE l.organization_id = o.organization_id AND l.order_id = o.id AND NOT l.is_cancelled),
    (SELECT coalesce(sum(l.ordered - l.cancelled_quantity), 0)
        FROM purchasing_purchaseorderline l
        WHERE l.organization_id = o.organization_id AND l.order_id = o.id AND NOT l.is_cancelled),
    o.created_at, o.updated_at, o.version
"""

# What narrows a list; the names are those of `queries.OrderFilter`.
CONDITIONS = {
    "status": "o.status = %(status)s",
    "fulfillment_status": "o.fulfillment_status = %(fulfillment_status)s",
    "supplier_id": "o.supplier_id = %(supplier_id)s",
    "order_lead_id": "o.order_lead_id = %(order_lead_id)s",
    "product_id": (
        "EXISTS (SELECT 1 FROM purchasing_purchaseorderline l"
        " WHERE l.organization_id = o.organization_id AND l.order_id = o.id"
        " AND l.product_id = %(product_id)s)"
    ),
    "closed": "o.is_closed",
    "not_closed": "NOT o.is_closed",
    "past_due": "o.date_required < %(today)s AND o.status <> 'fulfilled' AND NOT o.is_closed",
    "not_past_due": (
        "NOT coalesce(o.date_required < %(today)s AND o.status <> 'fulfilled'"
        " AND NOT o.is_closed, false)"
    ),
    "required_from": "o.date_required >= %(required_from)s",
    "required_to": "o.date_required <= %(required_to)s",
    "found": (
        "(o.number ILIKE %(pattern)s OR o.supplier_reference ILIKE %(pattern)s"
        " OR s.name ILIKE %(pattern)s)"
    ),
    "before": "o.id < %(before)s",
}


_FROM = """
    FROM purchasing_purchaseorder o
    JOIN directory_supplier s ON s.organization_id = o.organization_id AND s.id = o.supplier_id
    JOIN directory_staff f ON f.organization_id = o.organization_id AND f.id = o.order_lead_id
    WHERE o.organization_id = %(organization)s
"""


def list_of_orders(conditions: list[str], *, rows: int) -> str:
    """The list, newest first, narrowed by these names of `CONDITIONS`."""
    narrowed = "".join(f" AND {CONDITIONS[name]}" for name in conditions)
    return f"SELECT {_LIST_COLUMNS} {_FROM}{narrowed} ORDER BY o.id DESC LIMIT {int(rows)}"


def page_of_orders(narrowed: str, *, value: str, order: str, rows: int) -> str:
    """A page of the list in any sort; each row ends with its value in the sort."""
    return (
        f"SELECT {_LIST_COLUMNS}, {value} {_FROM} AND {narrowed} ORDER BY {order} LIMIT {int(rows)}"
    )


COMING = """
    SELECT o.number, s.name, l.ordered - l.cancelled_quantity - l.received, l.unit,
        coalesce(o.promised_at, o.date_required)
    FROM purchasing_purchaseorderline l
    JOIN purchasing_purchaseorder o
      ON o.organization_id = l.organization_id AND o.id = l.order_id
    JOIN directory_supplier s ON s.organization_id = o.organization_id AND s.id = o.supplier_id
    WHERE l.organization_id = %(organization)s AND l.product_id = %(product)s
      AND o.status = 'ordered' AND NOT o.is_closed AND NOT l.is_cancelled
      AND l.ordered - l.cancelled_quantity > l.received
    ORDER BY coalesce(o.promised_at, o.date_required), o.id LIMIT %(most)s
"""

# Each count ends at a bound, so that it costs the same at a million orders.
_A_COUNT = """
    (SELECT count(*) FROM (
        SELECT 1 FROM purchasing_purchaseorder o
        WHERE o.organization_id = %(organization)s AND {condition} LIMIT {most}) AS bounded)
"""


def counts_of_orders(conditions: Iterable[str], *, most: int) -> str:
    """One row with a bounded count for each condition."""
    counts = (_A_COUNT.format(condition=one, most=int(most)) for one in conditions)
    return "SELECT " + ", ".join(counts)
