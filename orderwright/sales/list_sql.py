"""The statements of the list of sales orders: a page of it, how many there are, which they are."""

from collections.abc import Iterable
from typing import Final

from orderwright.kernel.paging import SortKey
from orderwright.sales import finding, sql

_FROM = """
    FROM sales_salesorder o
    JOIN directory_customer c ON c.organization_id = o.organization_id AND c.id = o.customer_id
    JOIN directory_staff s ON s.organization_id = o.organization_id AND s.id = o.order_lead_id
    LEFT JOIN directory_staff r ON r.organization_id = o.organization_id AND r.id = o.sales_rep_id
    WHERE o.organization_id = %(organization)s
"""

_COLUMNS = """
        o.id, o.number, o.status, o.fulfillment_status, o.payment_status, o.customer_id,
        c.number, c.name, c.status, o.order_lead_id, s.nickname, r.nickname, o.customer_po_number,
        o.date_required, o.promised_at, o.priority, o.currency, o.grand_total, o.manual_hold,
        o.created_at, o.updated_at, o.version
"""

# The expressions are those of the indexes `order_by_required_up`, `_down` and `order_by_total`.
SORTS: Final = {
    "": SortKey(),
    "number": SortKey(),
    "required": SortKey.with_gaps("o.date_required", "date"),
    "total": SortKey("o.grand_total", "o.grand_total", "numeric"),
}

EQUALITIES: Final = (
    "status",
    "fulfillment_status",
    "payment_status",
    "priority",
    "customer_id",
    "order_lead_id",
    "sales_rep_id",
)
_A_LINE = (
    "EXISTS (SELECT 1 FROM sales_salesorderline l {join}WHERE l.organization_id = "
    "o.organization_id AND l.order_id = o.id AND {column} = ANY (%({name})s))"
)
_OF_ITS_PRODUCT = (
    "JOIN catalog_product p ON p.organization_id = l.organization_id AND p.id = l.product_id "
)

_BACKORDERED = (
    "o.id = ANY (ARRAY (SELECT l.order_id FROM sales_salesorderline l "
    "WHERE l.organization_id = %(organization)s AND l.status = 'backordered'))"
)

# What a list can be narrowed to; a condition that nobody chose is not in the statement.
CONDITIONS: Final = (
    {name: f"o.{name} = %({name})s" for name in EQUALITIES}
    | {f"{name}_any": f"o.{name} = ANY (%({name})s)" for name in EQUALITIES}
    | {
        "product_id": _A_LINE.format(join="", column="l.product_id", name="product_id"),
        "product_line_id": _A_LINE.format(
            join=_OF_ITS_PRODUCT, column="p.product_line_id", name="product_line_id"
        ),
        "customer_group_id": "(c.type_group_id = ANY (%(customer_group_id)s) "
        "OR c.pricing_group_ids && %(customer_group_id)s)",
        "required_from": "o.date_required IS NOT NULL "
        "AND coalesce(o.date_required, 'infinity'::date) >= %(required_from)s",
        "required_to": "coalesce(o.date_required, 'infinity'::date) <= %(required_to)s",
        "on_hold": "o.fulfillment_status = 'on_hold'",
        "not_on_hold": "o.fulfillment_status <> 'on_hold'",
        "past_due": "o.status IN ('estimate', 'issued') "
        "AND coalesce(o.date_required, 'infinity'::date) < %(today)s",
        "not_past_due": "NOT (o.status IN ('estimate', 'issued') "
        "AND coalesce(o.date_required < %(today)s, false))",
        "backordered": _BACKORDERED,
        "not_backordered": f"NOT {_BACKORDERED}",
        "found": finding.IS_FOUND,
        "found_with_customer": finding.IS_FOUND_WITH_CUSTOMER,
    }
)


def page_of_orders(
    conditions: Iterable[str], *, start: str, order: str, value: str, rows: int
) -> str:
    """A page of the list; each row ends with its value in the sort. The number of rows is part of
    the text: the server plans for few rows only when it knows that they are few."""
    chosen = _all_of(conditions) + (f" AND {start}" if start else "")
    shown = f", ({value})::text" if value else ", ''"
    return f"SELECT {_COLUMNS}{shown} {_FROM}{chosen} ORDER BY {order} LIMIT {int(rows)}"


def ids_of_orders(conditions: Iterable[str], *, rows: int) -> str:
    """The ids of the orders that match, newest first."""
    return f"SELECT o.id {_FROM}{_all_of(conditions)} ORDER BY o.id DESC LIMIT {int(rows)}"


# Each count ends at a bound, so that it costs the same at a million orders.
_A_COUNT = """
    (SELECT count(*) FROM (
        SELECT 1 FROM sales_salesorder o WHERE o.organization_id = %(organization)s {condition}
        LIMIT {most}) AS bounded)
"""


def counts_of_orders(conditions: Iterable[str], *, most: int) -> str:
    """One row with a bounded count for each condition."""
    counts = (_A_COUNT.format(condition=one, most=int(most)) for one in conditions)
    return "SELECT " + ", ".join(counts)


def _all_of(conditions: Iterable[str]) -> str:
    return "".join(f" AND {CONDITIONS[name]}" for name in conditions)


LOCK_STOCK_OF_ORDERS: Final = """
    SELECT p.id FROM catalog_product p
    WHERE p.organization_id = %(organization)s AND p.id IN (
        SELECT l.product_id FROM sales_salesorderline l
        WHERE l.organization_id = %(organization)s AND l.order_id = ANY (%(orders)s::uuid[]))
    ORDER BY p.id FOR NO KEY UPDATE OF p
"""
LOCK_ORDERS: Final = """
    SELECT id FROM sales_salesorder
    WHERE organization_id = %(organization)s AND id = ANY (%(orders)s::uuid[])
    ORDER BY id FOR UPDATE
"""

ORDERS_BY_ID: Final = sql.ORDER.replace("o.{key} = %(key)s", "o.id = ANY (%(orders)s::uuid[])")
LINES_OF_ORDERS: Final = (
    sql.LINES.replace(
        "\n    FROM sales_salesorderline l", ", l.order_id\n    FROM sales_salesorderline l"
    )
    .replace("l.order_id = %(order)s", "l.order_id = ANY (%(orders)s::uuid[])")
    .replace("ORDER BY l.position", "ORDER BY l.order_id, l.position")
)
