"""The finder of returns: by number, and by the number of their order."""

from typing import Final

from orderwright.activity.finding import by_number, finder, number_indexes

_TABLE: Final = "returns_return"

RETURNS: Final = finder(
    "returns",
    literal=f"""
        {by_number(_TABLE, digits=0.9)}
        UNION ALL
        (SELECT r.id, 0.6 FROM sales_salesorder o
            JOIN returns_return r
              ON r.organization_id = o.organization_id AND r.order_id = o.id
            WHERE o.organization_id = t.organization AND t.digits <> ''
              AND search_digits(o.number) COLLATE "C" = t.digits
              AND t.head IS NOT NULL AND starts_with(search_code(o.number), t.head) LIMIT most)
    """,
)

INDEXES: Final = number_indexes("return", _TABLE)
