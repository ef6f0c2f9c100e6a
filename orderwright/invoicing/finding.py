"""The finders of invoices, by number and by the order that they bill, and of payments, by number
and by the reference that the customer gave."""

from typing import Final

from orderwright.activity.finding import by_number, finder, number_indexes

INVOICES: Final = finder(
    "invoices",
    literal=f"""
        {by_number("invoicing_invoice", digits=0.9)}
        UNION ALL
        (SELECT i.id, 0.75 FROM invoicing_invoice i
            WHERE i.organization_id = t.organization AND length(t.code) > 2
              AND search_code(i.order_number) COLLATE "C" = t.code LIMIT most)
    """,
)

INVOICE_INDEXES: Final = (
    *number_indexes("invoice", "invoicing_invoice"),
    "CREATE INDEX invoice_found_by_order ON invoicing_invoice "
    '(organization_id, search_code(order_number) COLLATE "C")',
)

PAYMENTS: Final = finder(
    "payments",
    literal=f"""
        {by_number("invoicing_payment", digits=0.85)}
        UNION ALL
        (SELECT p.id, 0.75 FROM invoicing_payment p
            WHERE p.organization_id = t.organization AND length(t.code) > 2
              AND search_code(p.reference) COLLATE "C" = t.code LIMIT most)
    """,
)

PAYMENT_INDEXES: Final = (
    *number_indexes("payment", "invoicing_payment"),
    "CREATE INDEX payment_found_by_reference ON invoicing_payment "
    '(organization_id, search_code(reference) COLLATE "C")',
)
