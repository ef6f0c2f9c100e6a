"""The statements of invoices as lists: pages of them in any sort, how many there are."""

from collections.abc import Iterable

from orderwright.invoicing.sql import STATUS_CONDITIONS
from orderwright.kernel.sql_text import on_one_line

OPEN = "i.status IN ('finalised', 'sent') AND i.total > i.allocated"
_COLUMNS = """
    i.id, i.number, i.version, i.status, i.kind, i.order_id, i.order_number, s.number,
    i.customer_id, c.number, c.name, i.currency, i.invoice_date, i.due_date, i.total, i.allocated,
    i.sent_at, i.reminders, i.created_at, i.updated_at
"""
_FROM = """
    FROM invoicing_invoice i
    JOIN directory_customer c ON c.organization_id = i.organization_id AND c.id = i.customer_id
    LEFT JOIN shipping_shipment s
      ON s.organization_id = i.organization_id AND s.id = i.shipment_id
    WHERE i.organization_id = %(organization)s
"""
# What narrows a list; the names are those of `invoice_lists.InvoiceListFilter`.
CONDITIONS = {
    "customer_id": "i.customer_id = ANY (%(customer_id)s::uuid[])",
    "order_id": "i.order_id = ANY (%(order_id)s::uuid[])",
    "shipment_id": "i.shipment_id = ANY (%(shipment_id)s::uuid[])",
    "kind": "i.kind = ANY (%(kind)s)",
    "open": f"({OPEN})",
    "not_open": f"NOT ({OPEN})",
    "invoiced_from": "i.invoice_date >= %(invoiced_from)s",
    "invoiced_to": "i.invoice_date <= %(invoiced_to)s",
    "due_from": "i.due_date >= %(due_from)s",
    "due_to": "i.due_date <= %(due_to)s",
    "found": "(i.number ILIKE %(q)s OR i.order_number ILIKE %(q)s)",
    "found_with_customer": (
        "(i.number ILIKE %(q)s OR i.order_number ILIKE %(q)s OR c.name ILIKE %(q)s)"
    ),
}


def any_status(statuses: Iterable[str]) -> str:
    """Whether an invoice shows one of these statuses (domain 2.5b); they exclude each other."""
    return f"({' OR '.join(f'({STATUS_CONDITIONS[one]})' for one in statuses)})"


def page_of_invoices(narrowed: str, *, value: str, order: str, rows: int) -> str:
    """A page of the list in any sort; each row ends with its value in the sort."""
    return on_one_line(
        f"SELECT {_COLUMNS}, {value} {_FROM} AND {narrowed} ORDER BY {order} LIMIT {int(rows)}"
    )


def ids_of_invoices(narrowed: str, *, rows: int) -> str:
    """The ids of those that match, newest first."""
    return on_one_line(f"SELECT i.id {_FROM} AND {narrowed} ORDER BY i.id DESC LIMIT {int(rows)}")


# Each count ends at a bound, so that it costs the same at a million invoices.
_A_COUNT = """
    (SELECT count(*) FROM (
        SELECT 1 FROM invoicing_invoice i
        WHERE i.organization_id = %(organization)s AND {condition} LIMIT {most}) AS bounded)
"""


def counts_of_invoices(conditions: Iterable[str], *, most: int) -> str:
    """One row with a bounded count for each condition."""
    counts = (_A_COUNT.format(condition=one, most=int(most)) for one in conditions)
    return on_one_line("SELECT " + ", ".join(counts))


# What the orders of these invoices are, in key order: they are locked before their invoices.
ORDERS_OF = on_one_line("""
    SELECT DISTINCT i.order_id FROM invoicing_invoice i
    WHERE i.organization_id = %(organization)s AND i.id = ANY (%(invoices)s::uuid[])
      AND i.order_id IS NOT NULL
""")

# By what the list is sorted, each with an index.
SORT_INDEXES = (
    "CREATE INDEX invoice_sorted_by_number ON invoicing_invoice "
    "(organization_id, coalesce(number, ''), id)",
    "CREATE INDEX invoice_sorted_by_date ON invoicing_invoice (organization_id, invoice_date, id)",
    "CREATE INDEX invoice_sorted_by_due ON invoicing_invoice (organization_id, due_date, id)",
    "CREATE INDEX invoice_sorted_by_total ON invoicing_invoice (organization_id, total, id)",
    "CREATE INDEX invoice_sorted_by_balance ON invoicing_invoice (organization_id, "
    "(CASE WHEN status = 'void' THEN 0 ELSE total - allocated END), id)",
)

# Of the newest orders that are under way, those of which something shipped and is not invoiced,
# with about what it is worth; what came back before it was invoiced does not count. Looking at a
# bounded number of orders, it costs the same at any size.
ORDERS_TO_BILL = on_one_line("""
    SELECT o.id, o.number, o.customer_id, c.name, o.currency, count(*),
        sum(round((least(l.shipped - g.gone, l.ordered - l.cancelled_quantity) - l.invoiced)
            * l.unit_price, 2))
    FROM (SELECT s.id, s.organization_id, s.number, s.customer_id, s.currency
        FROM sales_salesorder s
        WHERE s.organization_id = %(organization)s AND s.status IN ('issued', 'fulfilled')
          AND s.first_shipped_at IS NOT NULL
        ORDER BY s.id DESC LIMIT %(looked_at)s) AS o
    JOIN sales_salesorderline l ON l.organization_id = o.organization_id AND l.order_id = o.id
    JOIN directory_customer c ON c.organization_id = o.organization_id AND c.id = o.customer_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN l.returned > 0 THEN greatest(0, l.returned - (
            SELECT coalesce(sum(k.quantity), 0) FROM invoicing_creditline k
            WHERE k.organization_id = l.organization_id AND k.line_id = l.id))
            ELSE 0 END AS gone) AS g
    WHERE l.kind = 'product'
      AND least(l.shipped - g.gone, l.ordered - l.cancelled_quantity) > l.invoiced
    GROUP BY o.id, o.number, o.customer_id, c.name, o.currency
    ORDER BY o.id DESC LIMIT %(most)s
""")
