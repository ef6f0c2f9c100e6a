"""The finder of orders: by number, the customer's PO number and the customer.

`1042`, `so1042` and `S0-01042` find SO-01042. The customers that fit come from their own finder:
none for callers who may not know them.
"""

from typing import Final

from orderwright.activity.finding import MOST_IN_A_LIST, finder, in_range

_MINE: Final = "FROM sales_salesorder o WHERE o.organization_id = t.organization"
_DIGITS: Final = 'search_digits(o.number) COLLATE "C"'
_PO: Final = "search_code(o.customer_po_number)"
# A part of a PO number is looked up in trigrams; shorter ones, and what is no number yet
# (`SO-000`), among the newest orders.
_INSIDE: Final = r"""'%' || regexp_replace(t.plain, '([\\%_])', '\\\1', 'g') || '%'"""
_NEWEST: Final = 2_000

ORDERS: Final = finder(
    "orders",
    parameters=", customers uuid[]",
    literal=f"""
        (SELECT o.id, 1.0 AS score {_MINE} AND o.number = upper(t.plain))
        UNION ALL
        (SELECT o.id, CASE WHEN search_digits(o.number) = t.digits THEN 0.98 ELSE 0.8 END
            {_MINE} AND t.digits <> '' AND {in_range("search_digits(o.number)", "t.digits")}
            AND (t.head IS NULL OR starts_with(search_code(o.number), t.head))
            ORDER BY {_DIGITS} LIMIT most)
        UNION ALL
        (SELECT o.id, CASE WHEN {_PO} = t.code THEN 0.95 ELSE 0.75 END
            {_MINE} AND length(t.code) > 2 AND o.customer_po_number <> ''
            AND {in_range(_PO, "t.code")} ORDER BY {_PO} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT o.id, 0.6 {_MINE} AND length(t.plain) > 2 AND o.customer_po_number <> ''
            AND o.customer_po_number ILIKE {_INSIDE} LIMIT most)
        UNION ALL
        (SELECT o.id, 0.5 FROM (SELECT * {_MINE} ORDER BY o.id DESC LIMIT {_NEWEST}) AS o
            WHERE (length(t.code) < 3 OR t.digits = '')
              AND (o.number ILIKE {_INSIDE} OR o.customer_po_number ILIKE {_INSIDE}))
        UNION ALL
        (SELECT o.id, 0.2 - 0.0001 * c.place
            FROM unnest(customers) WITH ORDINALITY AS c (id, place)
            CROSS JOIN LATERAL (
                SELECT b.id FROM sales_salesorder b
                WHERE b.organization_id = t.organization AND b.customer_id = c.id
                ORDER BY b.id DESC LIMIT most) AS o
            ORDER BY c.place, o.id DESC LIMIT most)
    """,
)


def _index(name: str, over: str) -> str:
    return f"CREATE INDEX {name} ON sales_salesorder {over.replace('o.', '')}"


INDEXES: Final = (
    _index("order_found_by_digits", f"(organization_id, {_DIGITS})"),
    _index(
        "order_found_by_po_code",
        f"""(organization_id, {_PO} COLLATE "C") WHERE customer_po_number <> ''""",
    ),
    _index(
        "order_po_trigrams",
        "USING gin (customer_po_number gin_trgm_ops) WHERE customer_po_number <> ''",
    ),
)

# What a list is narrowed to by a search for `%(q)s`.
_FOUND: Final = (
    f"o.id = ANY (ARRAY (SELECT f.id FROM search_orders(%(q)s, {MOST_IN_A_LIST}, "
    "ARRAY ({customers})) AS f))"
)
IS_FOUND: Final = _FOUND.format(customers="SELECT NULL::uuid WHERE false")
IS_FOUND_WITH_CUSTOMER: Final = _FOUND.format(
    customers="SELECT s.id FROM search_customers(%(q)s, 1000, %(with_people)s) AS s"
)
