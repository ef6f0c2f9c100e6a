"""The statements of payments as lists: pages of them, what can still be settled, statements."""

from collections.abc import Iterable

from orderwright.invoicing.sql import PAYMENT_COLUMNS, PAYMENT_FROM
from orderwright.kernel.sql_text import on_one_line

OPEN = "p.type <> 'refund' AND p.amount > p.allocated + p.refunded"


def page_of_payments(narrowed: str, *, value: str, order: str, rows: int) -> str:
    """A page of the list in any sort; each row ends with its value in the sort."""
    return on_one_line(
        f"SELECT {PAYMENT_COLUMNS}, {value} {PAYMENT_FROM} AND {narrowed} "
        f"ORDER BY {order} LIMIT {int(rows)}"
    )


# Each count ends at a bound, so that it costs the same at a million payments.
_A_COUNT = """
    (SELECT count(*) FROM (
        SELECT 1 FROM invoicing_payment p
        WHERE p.organization_id = %(organization)s AND {condition} LIMIT {most}) AS bounded)
"""


def counts_of_payments(conditions: Iterable[str], *, most: int) -> str:
    """One row with a bounded count for each condition."""
    counts = (_A_COUNT.format(condition=one, most=int(most)) for one in conditions)
    return on_one_line("SELECT " + ", ".join(counts))


_BELOW = """
    WITH RECURSIVE below AS (
        SELECT c.id FROM directory_customer c
        WHERE c.organization_id = %(organization)s AND c.id = %(customer)s
        UNION
        SELECT c.id FROM directory_customer c JOIN below b ON c.parent_id = b.id
        WHERE c.organization_id = %(organization)s
    )
"""

# What a customer can pay: its own open invoices and those of all below it, the oldest debt first.
OPEN_INVOICES = on_one_line(f"""
    {_BELOW}
    SELECT i.id, i.number, i.order_number, i.customer_id, c.name, i.invoice_date, i.due_date,
        i.currency, i.total, i.total - i.allocated
    FROM invoicing_invoice i
    JOIN directory_customer c ON c.organization_id = i.organization_id AND c.id = i.customer_id
    WHERE i.organization_id = %(organization)s AND i.customer_id IN (SELECT id FROM below)
      AND i.status IN ('finalised', 'sent') AND i.total > i.allocated
    ORDER BY i.due_date, i.invoice_date, i.id LIMIT %(most)s
""")  # noqa: S608 - of constants only

# What a customer has left to settle with, the oldest first.
OPEN_PAYMENTS = on_one_line(f"""
    SELECT {PAYMENT_COLUMNS} {PAYMENT_FROM} AND p.customer_id = %(customer)s AND {OPEN}
    ORDER BY p.payment_date, p.id LIMIT %(most)s
""")

LOCK_PAYMENTS = on_one_line("""
    SELECT p.id FROM invoicing_payment p
    WHERE p.organization_id = %(organization)s AND p.id = ANY (%(payments)s::uuid[])
    ORDER BY p.id FOR NO KEY UPDATE OF p
""")
PAYMENTS_BY_ID = on_one_line(
    f"SELECT {PAYMENT_COLUMNS} {PAYMENT_FROM} AND p.id = ANY (%(payments)s::uuid[]) ORDER BY p.id"
)

# What each customer has left on account, by currency, of payments made by a day. What was settled
# with them by then, and refunded by then, counts by the date of the payment and of the refund.
CREDITS = on_one_line("""
    SELECT c.id, c.number, c.name, p.currency,
        sum(p.amount
            - coalesce((SELECT sum(a.amount) FROM invoicing_allocation a
                        JOIN invoicing_invoice i
                          ON i.organization_id = a.organization_id AND i.id = a.invoice_id
                        WHERE a.organization_id = p.organization_id AND a.payment_id = p.id
                          AND i.invoice_date <= %(as_of)s), 0)
            - coalesce((SELECT sum(r.amount) FROM invoicing_payment r
                        WHERE r.organization_id = p.organization_id AND r.refund_of_id = p.id
                          AND r.payment_date <= %(as_of)s), 0))
    FROM invoicing_payment p
    JOIN directory_customer c ON c.organization_id = p.organization_id AND c.id = p.customer_id
    WHERE p.organization_id = %(organization)s AND p.type <> 'refund'
      AND p.payment_date <= %(as_of)s
      AND (p.amount > p.allocated + p.refunded
        OR p.id IN (SELECT r.refund_of_id FROM invoicing_payment r
                    WHERE r.organization_id = %(organization)s AND r.payment_date > %(as_of)s
                      AND r.refund_of_id IS NOT NULL)
        OR p.id IN (SELECT a.payment_id FROM invoicing_invoice i
                    JOIN invoicing_allocation a
                      ON a.organization_id = i.organization_id AND a.invoice_id = i.id
                    WHERE i.organization_id = %(organization)s AND i.invoice_date > %(as_of)s
                      AND i.status IN ('finalised', 'sent')))
    GROUP BY c.id, c.number, c.name, p.currency
    ORDER BY c.name, c.id, p.currency
""")

# Where a customer stands in each currency: owed, overdue, open and overdue invoices, credit.
STANDING = on_one_line(f"""
    SELECT currency, sum(owed), sum(overdue), sum(invoices), sum(late), sum(credit)
    FROM (
        SELECT i.currency, i.total - i.allocated AS owed,
            CASE WHEN i.due_date < %(today)s THEN i.total - i.allocated ELSE 0 END AS overdue,
            1 AS invoices, CASE WHEN i.due_date < %(today)s THEN 1 ELSE 0 END AS late, 0 AS credit
        FROM invoicing_invoice i
        WHERE i.organization_id = %(organization)s AND i.customer_id = %(customer)s
          AND i.status IN ('finalised', 'sent') AND i.total > i.allocated
        UNION ALL
        SELECT p.currency, 0, 0, 0, 0, p.amount - p.allocated - p.refunded
        FROM invoicing_payment p
        WHERE p.organization_id = %(organization)s AND p.customer_id = %(customer)s AND {OPEN}
    ) AS counted
    GROUP BY currency ORDER BY currency
""")  # noqa: S608 - of constants only

# What invoices say that a customer owes, less what it has left on account, in one currency.
DEBT = on_one_line(f"""
    SELECT
        (SELECT coalesce(sum(i.total - i.allocated), 0) FROM invoicing_invoice i
         WHERE i.organization_id = %(organization)s AND i.customer_id = %(customer)s
           AND i.currency = %(currency)s AND i.status IN ('finalised', 'sent'))
        - (SELECT coalesce(sum(p.amount - p.allocated - p.refunded), 0) FROM invoicing_payment p
           WHERE p.organization_id = %(organization)s AND p.customer_id = %(customer)s
             AND p.currency = %(currency)s AND {OPEN})
""")  # noqa: S608 - of constants only

# Everything that moved what a customer owes, oldest first. What somebody else's payment settled of
# its invoices takes off; what its payments settled of others' invoices is no longer its own.
STATEMENT = on_one_line("""
    SELECT i.invoice_date, 1, 'invoice', i.number, i.order_number, i.currency, i.total, i.due_date
    FROM invoicing_invoice i
    WHERE i.organization_id = %(organization)s AND i.customer_id = %(customer)s
      AND i.status IN ('finalised', 'sent') AND i.invoice_date <= %(until)s
    UNION ALL
    SELECT p.payment_date, 2, p.type, p.number, p.reference, p.currency,
        CASE p.type WHEN 'refund' THEN p.amount ELSE -p.amount END, NULL
    FROM invoicing_payment p
    WHERE p.organization_id = %(organization)s AND p.customer_id = %(customer)s
      AND p.payment_date <= %(until)s
    UNION ALL
    SELECT greatest(p.payment_date, i.invoice_date), 3, 'paid_by_other', p.number, c.name,
        p.currency, -sum(a.amount), NULL
    FROM invoicing_allocation a
    JOIN invoicing_invoice i ON i.organization_id = a.organization_id AND i.id = a.invoice_id
    JOIN invoicing_payment p ON p.organization_id = a.organization_id AND p.id = a.payment_id
    JOIN directory_customer c ON c.organization_id = p.organization_id AND c.id = p.customer_id
    WHERE a.organization_id = %(organization)s AND i.customer_id = %(customer)s
      AND p.customer_id <> i.customer_id AND p.payment_date <= %(until)s
      AND i.invoice_date <= %(until)s
    GROUP BY 1, p.number, c.name, p.currency
    UNION ALL
    SELECT greatest(p.payment_date, i.invoice_date), 3, 'paid_for_other', p.number, c.name,
        p.currency, sum(a.amount), NULL
    FROM invoicing_allocation a
    JOIN invoicing_payment p ON p.organization_id = a.organization_id AND p.id = a.payment_id
    JOIN invoicing_invoice i ON i.organization_id = a.organization_id AND i.id = a.invoice_id
    JOIN directory_customer c ON c.organization_id = i.organization_id AND c.id = i.customer_id
    WHERE a.organization_id = %(organization)s AND p.customer_id = %(customer)s
      AND p.customer_id <> i.customer_id AND p.payment_date <= %(until)s
      AND i.invoice_date <= %(until)s
    GROUP BY 1, p.number, c.name, p.currency
    ORDER BY 1, 2, 4
""")
