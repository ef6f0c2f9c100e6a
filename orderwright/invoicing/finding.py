"""The finder of invoices, by number and by the order that they bill."""

from typing import Final

from orderwright.activity.finding import finder, in_range

_NUMBER: Final = "search_code(i.number)"
_ORDER: Final = "search_code(i.order_number)"
_INVOICE: Final = "FROM invoicing_invoice i WHERE i.organization_id = t.organization"

INVOICES: Final = finder(
    "invoices",
    literal=f"""
        (SELECT i.id, CASE WHEN {_NUMBER} = t.code THEN 1.0 ELSE 0.7 END AS score
            {_INVOICE} AND length(t.code) > 2 AND {in_range(_NUMBER, "t.code")}
            ORDER BY {_NUMBER} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT i.id, 0.9 {_INVOICE} AND search_digits(i.number) COLLATE "C" = t.digits
            AND (t.head IS NULL OR starts_with({_NUMBER}, t.head)) LIMIT most)
        UNION ALL
        (SELECT i.id, 0.75 {_INVOICE} AND length(t.code) > 2
            AND {_ORDER} COLLATE "C" = t.code LIMIT most)
    """,
)

INDEXES: Final = (
    "CREATE INDEX invoice_found_by_number ON invoicing_invoice (organization_id, "
    'search_code(number) COLLATE "C")',
    "CREATE INDEX invoice_found_by_digits ON invoicing_invoice (organization_id, "
    'search_digits(number) COLLATE "C")',
    "CREATE INDEX invoice_found_by_order ON invoicing_invoice (organization_id, "
    'search_code(order_number) COLLATE "C")',
)
