"""The statements of invoicing: one reads what a rule needs, one writes what it decided."""

from orderwright.kernel.sql_text import on_one_line

# The row is locked until the transaction ends, so that a number that is given back by a rollback is
# the next one to be given: no gap and no twin.
TAKE_NUMBER = on_one_line("""
    INSERT INTO invoicing_numbercounter AS c (organization_id, id, kind, last)
    VALUES (%(organization)s, %(id)s, %(kind)s, 1)
    ON CONFLICT (organization_id, kind) DO UPDATE SET last = c.last + 1
    RETURNING last
""")

_INVOICE = """
    SELECT
        i.id, i.number, i.version, i.status, i.kind, i.order_id, i.order_number, i.shipment_id,
        s.number, i.customer_id, c.number, c.name, i.currency, i.bill_to, i.payment_term_id,
        t.name, i.invoice_date, i.due_date, i.subtotal, i.discount_total, i.freight, i.tax,
        i.total, i.allocated, i.notes, i.finalised_at, i.sent_at, i.sent_to, i.reminders,
        i.void_reason, i.voided_at, i.created_at, i.updated_at
    FROM invoicing_invoice i
    JOIN directory_customer c ON c.organization_id = i.organization_id AND c.id = i.customer_id
    LEFT JOIN directory_paymentterm t
      ON t.organization_id = i.organization_id AND t.id = i.payment_term_id
    LEFT JOIN shipping_shipment s
      ON s.organization_id = i.organization_id AND s.id = i.shipment_id
    WHERE i.organization_id = %(organization)s
"""
INVOICE_BY_ID = on_one_line(f"{_INVOICE} AND i.id = %(key)s")
INVOICE_BY_NUMBER = on_one_line(f"{_INVOICE} AND i.number = %(key)s")
_OPEN = "i.status IN ('finalised', 'sent') AND i.total > i.allocated"
STATUS_CONDITIONS = {
    "draft": "i.status = 'draft'",
    "void": "i.status = 'void'",
    "paid": "i.status IN ('finalised', 'sent') AND i.total <= i.allocated",
    "overdue": f"{_OPEN} AND i.due_date < %(today)s",
    "partially_paid": f"{_OPEN} AND i.due_date >= %(today)s AND i.allocated > 0",
    "finalised": f"{_OPEN} AND i.due_date >= %(today)s AND i.allocated <= 0"
    " AND i.status = 'finalised'",
    "sent": f"{_OPEN} AND i.due_date >= %(today)s AND i.allocated <= 0 AND i.status = 'sent'",
}
INVOICE_CONDITIONS = {
    "order_id": "i.order_id = %(order_id)s",
    "customer_id": "i.customer_id = %(customer_id)s",
    "shipment_id": "i.shipment_id = %(shipment_id)s",
    "q": "(i.number ILIKE %(q)s OR i.order_number ILIKE %(q)s OR c.name ILIKE %(q)s)",
    "invoiced_from": "i.invoice_date >= %(invoiced_from)s",
    "invoiced_to": "i.invoice_date <= %(invoiced_to)s",
    "due_from": "i.due_date >= %(due_from)s",
    "due_to": "i.due_date <= %(due_to)s",
    "before": "i.id < %(before)s",
}


def list_of_invoices(conditions: list[str], *, rows: int) -> str:
    """Invoices newest first, narrowed by these conditions."""
    said = "".join(f" AND {condition}" for condition in conditions)
    return on_one_line(f"{_INVOICE}{said} ORDER BY i.id DESC LIMIT {int(rows)}")


INVOICE_LINES = on_one_line("""
    SELECT l.id, l.invoice_id, l.position, l.kind, l.line_id, l.description, l.quantity, l.unit,
        l.unit_price, l.amount, l.discount, l.tax_rate, l.tax
    FROM invoicing_invoiceline l
    WHERE l.organization_id = %(organization)s AND l.invoice_id = ANY (%(invoices)s::uuid[])
    ORDER BY l.invoice_id, l.position
""")

# What invoices that are not void hold of each line of an order, but for one of them.
BILLED = on_one_line("""
    SELECT l.line_id, sum(l.quantity), sum(l.amount), sum(l.discount), sum(l.tax)
    FROM invoicing_invoiceline l
    JOIN invoicing_invoice i ON i.organization_id = l.organization_id AND i.id = l.invoice_id
    WHERE i.organization_id = %(organization)s AND i.order_id = %(order)s
      AND i.status <> 'void' AND l.line_id IS NOT NULL AND i.id <> %(except)s
    GROUP BY l.line_id
""")
BILLED_HEAD = on_one_line("""
    SELECT coalesce(sum(i.freight), 0),
        coalesce((SELECT sum(l.amount) FROM invoicing_invoiceline l
                  JOIN invoicing_invoice d
                    ON d.organization_id = l.organization_id AND d.id = l.invoice_id
                  WHERE d.organization_id = %(organization)s AND d.order_id = %(order)s
                    AND d.id <> %(except)s
                    AND (l.kind = 'deduction' AND d.status <> 'void'
                         OR l.kind = 'deposit' AND d.status IN ('finalised', 'sent'))), 0),
        (SELECT t.timing FROM directory_paymentterm t
         WHERE t.organization_id = %(organization)s AND t.id = %(term)s),
        (SELECT t.net_days FROM directory_paymentterm t
         WHERE t.organization_id = %(organization)s AND t.id = %(term)s),
        (SELECT min(s.delivered_at) FROM shipping_shipment s
         WHERE s.organization_id = %(organization)s AND s.id = %(shipment)s)
    FROM invoicing_invoice i
    WHERE i.organization_id = %(organization)s AND i.order_id = %(order)s
      AND i.status <> 'void' AND i.id <> %(except)s
""")

# What final invoices hold of each line: what cannot be taken back without voiding one.
FINAL_BY_LINE = on_one_line("""
    SELECT l.line_id, sum(l.quantity), min(i.number)
    FROM invoicing_invoiceline l
    JOIN invoicing_invoice i ON i.organization_id = l.organization_id AND i.id = l.invoice_id
    WHERE i.organization_id = %(organization)s AND i.status IN ('finalised', 'sent')
      AND l.line_id = ANY (%(lines)s::uuid[])
    GROUP BY l.line_id
""")

LOCK_ORDERS = on_one_line("""
    SELECT o.id FROM sales_salesorder o
    WHERE o.organization_id = %(organization)s AND o.id = ANY (%(orders)s::uuid[])
    ORDER BY o.id FOR NO KEY UPDATE OF o
""")

# What an order is told: its money, and what is invoiced of each of its lines.
MONEY = on_one_line("""
    SELECT o.id,
        (SELECT coalesce(sum(a.amount), 0) FROM invoicing_allocation a
         JOIN invoicing_invoice i ON i.organization_id = a.organization_id AND i.id = a.invoice_id
         WHERE i.organization_id = o.organization_id AND i.order_id = o.id AND i.status <> 'void')
        + (SELECT coalesce(sum(p.amount - p.allocated - p.refunded), 0) FROM invoicing_payment p
           WHERE p.organization_id = o.organization_id AND p.order_id = o.id
             AND p.type = 'payment')
        - (SELECT coalesce(sum(p.amount), 0) FROM invoicing_payment p
           WHERE p.organization_id = o.organization_id AND p.order_id = o.id
             AND p.type = 'refund' AND p.refund_of_id IS NULL),
        (SELECT coalesce(sum(i.total), 0) FROM invoicing_invoice i
         WHERE i.organization_id = o.organization_id AND i.order_id = o.id
           AND i.status IN ('finalised', 'sent')),
        (SELECT count(*) FROM invoicing_invoice i
         WHERE i.organization_id = o.organization_id AND i.order_id = o.id
           AND i.status <> 'void'),
        (SELECT count(*) FROM invoicing_invoice i
         WHERE i.organization_id = o.organization_id AND i.order_id = o.id
           AND i.status = 'draft'),
        (SELECT count(*) FROM (
            SELECT p.id FROM invoicing_payment p
            WHERE p.organization_id = o.organization_id AND p.order_id = o.id
              AND p.type = 'payment' AND p.amount > p.allocated + p.refunded
            UNION
            SELECT a.payment_id FROM invoicing_allocation a
            JOIN invoicing_invoice i
              ON i.organization_id = a.organization_id AND i.id = a.invoice_id
            WHERE i.organization_id = o.organization_id AND i.order_id = o.id
              AND i.status <> 'void') AS counted)
    FROM sales_salesorder o
    WHERE o.organization_id = %(organization)s AND o.id = ANY (%(orders)s::uuid[])
    ORDER BY o.id
""")
INVOICED = on_one_line("""
    SELECT l.order_id, l.id, coalesce(sum(b.quantity) FILTER (WHERE i.status <> 'void'), 0)
    FROM sales_salesorderline l
    LEFT JOIN invoicing_invoiceline b ON b.organization_id = l.organization_id AND b.line_id = l.id
    LEFT JOIN invoicing_invoice i ON i.organization_id = b.organization_id AND i.id = b.invoice_id
    WHERE l.organization_id = %(organization)s AND l.order_id = ANY (%(orders)s::uuid[])
    GROUP BY l.order_id, l.id
""")

PAYMENT_COLUMNS = """
        p.id, p.number, p.version, p.type, p.adjustment_type, p.customer_id, c.number, c.name,
        p.method, p.currency, p.amount, p.payment_date, p.reference, p.note, p.order_id, o.number,
        p.refund_of_id, p.allocated, p.refunded, p.created_at, p.updated_at
"""
PAYMENT_FROM = """
    FROM invoicing_payment p
    JOIN directory_customer c ON c.organization_id = p.organization_id AND c.id = p.customer_id
    LEFT JOIN sales_salesorder o ON o.organization_id = p.organization_id AND o.id = p.order_id
    WHERE p.organization_id = %(organization)s
"""
_PAYMENT = f"SELECT {PAYMENT_COLUMNS} {PAYMENT_FROM}"
PAYMENT_BY_ID = on_one_line(f"{_PAYMENT} AND p.id = %(key)s")
PAYMENT_BY_NUMBER = on_one_line(f"{_PAYMENT} AND p.number = %(key)s")
PAYMENT_CONDITIONS = {
    "customer_id": "p.customer_id = %(customer_id)s",
    "order_id": "p.order_id = %(order_id)s",
    "type": "p.type = %(type)s",
    "invoice_id": "EXISTS (SELECT 1 FROM invoicing_allocation a"
    " WHERE a.organization_id = p.organization_id AND a.payment_id = p.id"
    " AND a.invoice_id = %(invoice_id)s)",
    "open": "p.type <> 'refund' AND p.amount > p.allocated + p.refunded",
    "not_open": "NOT (p.type <> 'refund' AND p.amount > p.allocated + p.refunded)",
    "q": "(p.number ILIKE %(q)s OR p.reference ILIKE %(q)s OR c.name ILIKE %(q)s)",
    "before": "p.id < %(before)s",
}


def list_of_payments(conditions: list[str], *, rows: int) -> str:
    """Payments newest first, narrowed by these conditions."""
    said = "".join(f" AND {condition}" for condition in conditions)
    return on_one_line(f"{_PAYMENT}{said} ORDER BY p.id DESC LIMIT {int(rows)}")


ALLOCATIONS = on_one_line("""
    SELECT a.id, a.payment_id, p.number, a.invoice_id, i.number, i.order_id, a.amount, a.note, a.at,
        a.allocated_by
    FROM invoicing_allocation a
    JOIN invoicing_payment p ON p.organization_id = a.organization_id AND p.id = a.payment_id
    JOIN invoicing_invoice i ON i.organization_id = a.organization_id AND i.id = a.invoice_id
    WHERE a.organization_id = %(organization)s
      AND (a.payment_id = ANY (%(payments)s::uuid[]) OR a.invoice_id = ANY (%(invoices)s::uuid[]))
    ORDER BY a.id
""")

# The customers whose invoices a customer may pay: its own and those of all below it.
BELOW = on_one_line("""
    WITH RECURSIVE below AS (
        SELECT c.id FROM directory_customer c
        WHERE c.organization_id = %(organization)s AND c.id = %(customer)s
        UNION
        SELECT c.id FROM directory_customer c JOIN below b ON c.parent_id = b.id
        WHERE c.organization_id = %(organization)s
    )
    SELECT id FROM below
""")

# Recount what is settled, from the allocations.
RECOUNT_INVOICES = on_one_line("""
    UPDATE invoicing_invoice i
    SET allocated = coalesce((SELECT sum(a.amount) FROM invoicing_allocation a
                              WHERE a.organization_id = i.organization_id
                                AND a.invoice_id = i.id), 0),
        updated_at = %(at)s
    WHERE i.organization_id = %(organization)s AND i.id = ANY (%(invoices)s::uuid[])
""")
RECOUNT_PAYMENTS = on_one_line("""
    UPDATE invoicing_payment p
    SET allocated = coalesce((SELECT sum(a.amount) FROM invoicing_allocation a
                              WHERE a.organization_id = p.organization_id
                                AND a.payment_id = p.id), 0),
        refunded = coalesce((SELECT sum(r.amount) FROM invoicing_payment r
                             WHERE r.organization_id = p.organization_id
                               AND r.refund_of_id = p.id), 0),
        version = p.version + 1, updated_at = %(at)s
    WHERE p.organization_id = %(organization)s AND p.id = ANY (%(payments)s::uuid[])
""")

# What was owed at the end of a day, by the age of each invoice's date. Settled counts what had been
# settled by then; a void invoice counts until it was voided.
AGING = on_one_line("""
    SELECT c.id, c.number, c.name, i.currency, i.invoice_date,
        sum(i.total - coalesce((SELECT sum(a.amount) FROM invoicing_allocation a
            JOIN invoicing_payment p
              ON p.organization_id = a.organization_id AND p.id = a.payment_id
            WHERE a.organization_id = i.organization_id AND a.invoice_id = i.id
              AND p.payment_date <= %(as_of)s), 0))
    FROM invoicing_invoice i
    JOIN directory_customer c ON c.organization_id = i.organization_id AND c.id = i.customer_id
    WHERE i.organization_id = %(organization)s AND i.invoice_date <= %(as_of)s
      AND i.status IN ('finalised', 'sent')
      AND (i.total <> i.allocated OR i.id IN (
          SELECT a.invoice_id FROM invoicing_payment p
          JOIN invoicing_allocation a
            ON a.organization_id = p.organization_id AND a.payment_id = p.id
          WHERE p.organization_id = %(organization)s AND p.payment_date > %(as_of)s))
      AND (%(customer)s::uuid IS NULL OR i.customer_id = %(customer)s)
    GROUP BY c.id, c.number, c.name, i.currency, i.invoice_date
    ORDER BY c.name, c.id, i.currency, i.invoice_date
""")
