"""The statement of the dashboard: each part is one row of figures from an index of its own.

A figure counts exactly what the list behind its card shows; the parts that a caller may not see
are not in the statement. Nothing here grows with finished orders: the indexes hold open ones only.
"""

from typing import Final

# What an order waits for: open orders only, from an index that holds nothing else.
ORDERS: Final = """
    SELECT
        count(*) FILTER (WHERE status = 'issued') AS open_orders,
        count(*) FILTER (WHERE status = 'issued' AND date_required = %(today)s) AS due_today,
        count(*) FILTER (WHERE date_required < %(today)s) AS past_due,
        count(*) FILTER (WHERE status = 'issued' AND fulfillment_status = 'ready_to_ship')
            AS ready_to_ship,
        count(*) FILTER (WHERE fulfillment_status = 'on_hold') AS on_hold,
        count(*) FILTER (WHERE status = 'estimate') AS estimates
    FROM sales_salesorder
    WHERE organization_id = %(organization)s AND status IN ('estimate', 'issued')
"""

BACKORDERS: Final = """
    SELECT
        (SELECT count(DISTINCT l.order_id) FROM sales_salesorderline l
         WHERE l.organization_id = %(organization)s AND l.status = 'backordered') AS backordered,
        (SELECT coalesce(sum(r.required - r.covered), 0) FROM inventory_reservation r
         WHERE r.organization_id = %(organization)s AND r.required > 0 AND r.basis = 'quantity')
            AS short_units
"""

TASKS: Final = """
    SELECT count(*) AS tasks_due FROM sales_ordertask
    WHERE organization_id = %(organization)s AND done_at IS NULL AND due_on <= %(today)s
"""

PICKS: Final = """
    SELECT count(*) AS picks_open FROM shipping_pick
    WHERE organization_id = %(organization)s AND status = 'open'
"""

SHIPMENTS: Final = """
    SELECT
        count(*) FILTER (WHERE stage = 'packed') AS packed,
        count(*) FILTER (WHERE tracking_status = 'in_transit') AS in_transit,
        count(*) FILTER (WHERE tracking_status = 'exception') AS exceptions,
        (SELECT count(*) FROM shipping_shipment
         WHERE organization_id = %(organization)s AND tracking_status = 'delivered'
           AND delivered_at >= %(day_starts)s AND delivered_at < %(day_ends)s) AS delivered_today
    FROM shipping_shipment
    WHERE organization_id = %(organization)s
      AND tracking_status IN ('pending', 'in_transit', 'out_for_delivery', 'exception')
"""

JOBS: Final = """
    SELECT
        count(*) FILTER (WHERE status = 'ongoing') AS active_jobs,
        count(*) FILTER (
            WHERE completed_at >= %(day_starts)s AND completed_at < %(day_ends)s) AS completed_today
    FROM production_productionjob
    WHERE organization_id = %(organization)s
      AND (status = 'ongoing' OR completed_at >= %(day_starts)s)
"""

INVOICES: Final = """
    SELECT count(*) AS overdue_invoices FROM invoicing_invoice
    WHERE organization_id = %(organization)s AND status IN ('finalised', 'sent')
      AND total > allocated AND due_date < %(today)s
"""

RETURNS: Final = """
    SELECT count(*) AS returns_requested FROM returns_return
    WHERE organization_id = %(organization)s AND status = 'requested'
"""

_LOW: Final = """
    FROM catalog_product p
    WHERE p.organization_id = %(organization)s AND p.is_active AND p.reorder_threshold IS NOT NULL
      AND p.reorder_threshold >= (
        SELECT coalesce(sum(l.quantity), 0) FROM inventory_lot l
        WHERE l.organization_id = %(organization)s AND l.product_id = p.id
          AND l.status IN ('available', 'retrieved_out')
          AND NOT (l.quantity = 0 AND l.weight = 0))
"""
LOW_STOCK: Final = f"SELECT count(*) AS low_stock {_LOW}"
LOW_PRODUCTS: Final = f"SELECT p.id {_LOW} ORDER BY p.id DESC"

FIRST_STEPS: Final = """
    SELECT
        EXISTS (SELECT 1 FROM catalog_product
                WHERE organization_id = %(organization)s) AS has_products,
        EXISTS (SELECT 1 FROM directory_customer
                WHERE organization_id = %(organization)s) AS has_customers,
        (SELECT count(*) > 1 FROM (
            SELECT 1 FROM identity_user WHERE organization_id = %(organization)s LIMIT 2) AS two
        ) AS has_people,
        EXISTS (SELECT 1 FROM sales_salesorder
                WHERE organization_id = %(organization)s) AS has_orders
"""

FEED: Final = """
    SELECT e.id, e.type, e.at, e.actor_kind, e.actor_id, e.actor_name, e.subject_id, e.topic_id,
           e.body, o.number, c.name
    FROM (
        SELECT * FROM activity_event
        WHERE organization_id = %(organization)s
        ORDER BY id DESC LIMIT {looked_at}
    ) AS e
    JOIN sales_salesorder o ON o.organization_id = e.organization_id AND o.id = e.topic_id
    JOIN directory_customer c ON c.organization_id = o.organization_id AND c.id = o.customer_id
    ORDER BY e.id DESC LIMIT {shown}
"""

INDEXES: Final = (
    "CREATE INDEX order_under_way ON sales_salesorder "
    "(organization_id, status, date_required, fulfillment_status) "
    "WHERE status IN ('estimate', 'issued')",
    "CREATE INDEX line_backordered ON sales_salesorderline (organization_id, order_id) "
    "WHERE status = 'backordered'",
    "CREATE INDEX shipment_under_way ON shipping_shipment "
    "(organization_id, tracking_status, stage) "
    "WHERE tracking_status IN ('pending', 'in_transit', 'out_for_delivery', 'exception')",
    "CREATE INDEX shipment_by_delivery_day ON shipping_shipment (organization_id, delivered_at) "
    "WHERE delivered_at IS NOT NULL",
    "CREATE INDEX product_with_threshold ON catalog_product (organization_id) "
    "WHERE reorder_threshold IS NOT NULL",
)
MORE_INDEXES: Final = (
    "CREATE INDEX job_ongoing ON production_productionjob (organization_id) "
    "WHERE status = 'ongoing'",
    "CREATE INDEX job_by_completion ON production_productionjob (organization_id, completed_at) "
    "WHERE completed_at IS NOT NULL",
    "CREATE INDEX invoice_open_by_due ON invoicing_invoice (organization_id, due_date) "
    "WHERE status IN ('finalised', 'sent') AND total > allocated",
)
