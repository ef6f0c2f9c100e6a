"""The finder of payments, by number and by the reference that the customer gave."""

from typing import Final

from orderwright.activity.finding import finder, in_range

_NUMBER: Final = "search_code(p.number)"
_REFERENCE: Final = "search_code(p.reference)"
_PAYMENT: Final = "FROM invoicing_payment p WHERE p.organization_id = t.organization"

PAYMENTS: Final = finder(
    "payments",
    literal=f"""
        (SELECT p.id, CASE WHEN {_NUMBER} = t.code THEN 1.0 ELSE 0.7 END AS score
            {_PAYMENT} AND length(t.code) > 2 AND {in_range(_NUMBER, "t.code")}
            ORDER BY {_NUMBER} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT p.id, 0.85 {_PAYMENT} AND search_digits(p.number) COLLATE "C" = t.digits
            AND (t.head IS NULL OR starts_with({_NUMBER}, t.head)) LIMIT most)
        UNION ALL
        (SELECT p.id, 0.75 {_PAYMENT} AND length(t.code) > 2
            AND {_REFERENCE} COLLATE "C" = t.code LIMIT most)
    """,
)

INDEXES: Final = (
    "CREATE INDEX payment_found_by_number ON invoicing_payment (organization_id, "
    'search_code(number) COLLATE "C")',
    "CREATE INDEX payment_found_by_digits ON invoicing_payment (organization_id, "
    'search_digits(number) COLLATE "C")',
    "CREATE INDEX payment_found_by_reference ON invoicing_payment (organization_id, "
    'search_code(reference) COLLATE "C")',
)
