"""The finder of returns: by number, and by the number of their order."""

from typing import Final

from orderwright.activity.finding import finder, in_range

_MINE: Final = "FROM returns_return r WHERE r.organization_id = t.organization"
_NUMBER: Final = "search_code(r.number)"

RETURNS: Final = finder(
    "returns",
    literal=f"""
        (SELECT r.id, CASE WHEN {_NUMBER} = t.code THEN 1.0 ELSE 0.7 END AS score
            {_MINE} AND length(t.code) > 2 AND {in_range(_NUMBER, "t.code")}
            ORDER BY {_NUMBER} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT r.id, 0.9 {_MINE} AND search_digits(r.number) COLLATE "C" = t.digits
            AND (t.head IS NULL OR starts_with({_NUMBER}, t.head)) LIMIT most)
        UNION ALL
        (SELECT r.id, 0.6 FROM sales_salesorder o
            JOIN returns_return r
              ON r.organization_id = o.organization_id AND r.order_id = o.id
            WHERE o.organization_id = t.organization AND t.digits <> ''
              AND search_digits(o.number) COLLATE "C" = t.digits
              AND t.head IS NOT NULL AND starts_with(search_code(o.number), t.head) LIMIT most)
    """,
)

INDEXES: Final = (
    "CREATE INDEX return_found_by_number ON returns_return "
    '(organization_id, search_code(number) COLLATE "C")',
    "CREATE INDEX return_found_by_digits ON returns_return "
    '(organization_id, search_digits(number) COLLATE "C")',
)
