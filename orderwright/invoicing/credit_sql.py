"""The statements of credit memos."""

from orderwright.kernel.sql_text import on_one_line

# What invoices bill of lines, drafts too, which count as invoiced (ruling 15); a line is called,
# counted and priced alike on all of them.
INVOICED_OF_LINES = on_one_line("""
    SELECT l.line_id, min(l.description), min(l.unit), max(l.unit_price), max(l.tax_rate),
        sum(l.quantity), sum(l.amount), sum(l.discount), sum(l.tax)
    FROM invoicing_invoiceline l
    JOIN invoicing_invoice i ON i.organization_id = l.organization_id AND i.id = l.invoice_id
    WHERE i.organization_id = %(organization)s AND i.order_id = %(order)s
      AND i.status <> 'void' AND l.line_id = ANY (%(lines)s::uuid[])
    GROUP BY l.line_id
""")

# The lines of credit memos, with the final invoices that billed what they give back.
CREDIT_LINES = on_one_line("""
    SELECT k.id, k.payment_id, k.line_id, k.description, k.quantity, k.unit, k.unit_price,
        k.amount, k.discount, k.tax_rate, k.tax,
        ARRAY(SELECT DISTINCT i.number FROM invoicing_invoiceline l
              JOIN invoicing_invoice i
                ON i.organization_id = l.organization_id AND i.id = l.invoice_id
              WHERE l.organization_id = k.organization_id AND l.line_id = k.line_id
                AND i.status IN ('finalised', 'sent')
              ORDER BY 1)
    FROM invoicing_creditline k
    LEFT JOIN sales_salesorderline o
      ON o.organization_id = k.organization_id AND o.id = k.line_id
    WHERE k.organization_id = %(organization)s AND k.payment_id = ANY (%(payments)s::uuid[])
    ORDER BY k.payment_id, o.position, k.id
""")
