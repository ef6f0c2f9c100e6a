"""The finders of suppliers, by name and number, and of their orders, by number and reference."""

from typing import Final

from orderwright.activity.finding import (
    by_number,
    contains_all_words,
    finder,
    in_range,
    number_indexes,
    resembles,
)

_NAME: Final = "search_folded(s.name)"
_SUPPLIER: Final = "FROM directory_supplier s WHERE s.organization_id = t.organization"
_ORDERS: Final = "purchasing_purchaseorder"

SUPPLIERS: Final = finder(
    "suppliers",
    literal=f"""
        (SELECT s.id, 1.0 AS score {_SUPPLIER} AND lower(s.number) = lower(t.plain))
        UNION ALL
        (SELECT s.id, CASE WHEN {_NAME} = t.folded THEN 0.97 ELSE 0.85 END
            {_SUPPLIER} AND {in_range(_NAME, "t.folded")}
            ORDER BY {_NAME} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT s.id, 0.7 {_SUPPLIER} AND {contains_all_words(_NAME)} LIMIT most)
    """,
    similar=f"""
        SELECT s.id, {resembles(_NAME)} AS score
        {_SUPPLIER} AND {_NAME} %> t.folded ORDER BY 2 DESC LIMIT most
    """,
)

PURCHASES: Final = finder(
    "purchases",
    literal=f"""
        {by_number(_ORDERS, digits=0.95)}
        UNION ALL
        (SELECT o.id, 0.9 FROM purchasing_purchaseorder o
            WHERE o.organization_id = t.organization AND o.supplier_reference <> ''
              AND t.code <> '' AND search_code(o.supplier_reference) COLLATE "C" = t.code
            LIMIT most)
    """,
)

INDEXES: Final = (
    "CREATE INDEX supplier_found_by_name ON directory_supplier (organization_id, "
    'search_folded(name) COLLATE "C")',
    "CREATE INDEX supplier_name_trigrams ON directory_supplier USING gin "
    "(search_folded(name) gin_trgm_ops)",
    *number_indexes("purchase", _ORDERS),
    f"CREATE INDEX purchase_found_by_reference ON {_ORDERS} (organization_id, "
    "search_code(supplier_reference) COLLATE \"C\") WHERE supplier_reference <> ''",
)
