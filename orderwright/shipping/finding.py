"""The finder of shipments: by number and tracking number, whole, their beginning or their end."""

from typing import Final

from orderwright.activity.finding import finder, in_range

_MINE: Final = "FROM shipping_shipment s WHERE s.organization_id = t.organization"
_NUMBER: Final = "search_code(s.number)"
_TRACKING: Final = "search_code(s.tracking_number)"
_END: Final = "reverse(search_code(s.tracking_number))"

SHIPMENTS: Final = finder(
    "shipments",
    literal=f"""
        (SELECT s.id, 1.0 AS score {_MINE} AND s.number = upper(t.plain))
        UNION ALL
        (SELECT s.id, CASE WHEN {_NUMBER} = t.code THEN 0.96 ELSE 0.7 END
            {_MINE} AND length(t.code) > 2 AND t.code ~ '^[a-z]*[0-9]'
            AND {in_range(_NUMBER, "t.code")} ORDER BY {_NUMBER} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT s.id, CASE WHEN {_TRACKING} = t.code THEN 1.0 ELSE 0.8 END
            {_MINE} AND length(t.code) > 3 AND s.tracking_number <> ''
            AND {in_range(_TRACKING, "t.code")} ORDER BY {_TRACKING} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT s.id, 0.75 {_MINE} AND length(t.code) > 3 AND s.tracking_number <> ''
            AND {in_range(_END, "reverse(t.code)")} ORDER BY {_END} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT s.id, 0.65 FROM sales_salesorder o
            JOIN shipping_shipment s
              ON s.organization_id = o.organization_id AND s.order_id = o.id
            WHERE o.organization_id = t.organization AND t.digits <> ''
              AND search_digits(o.number) COLLATE "C" = t.digits
              AND (t.head IS NULL OR starts_with(search_code(o.number), t.head)) LIMIT most)
    """,
)


def _index(name: str, expression: str, only: str = "") -> str:
    own = expression.replace("s.", "")
    return (
        f"CREATE INDEX {name} ON shipping_shipment "
        f'(organization_id, ({own}) COLLATE "C"){only and f" WHERE {only}"}'
    )


INDEXES: Final = (
    _index("shipment_found_by_number_code", _NUMBER),
    _index("shipment_found_by_tracking_code", _TRACKING, "tracking_number <> ''"),
    _index("shipment_found_by_tracking_end", _END, "tracking_number <> ''"),
)
