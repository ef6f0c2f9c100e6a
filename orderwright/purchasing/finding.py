"""The finders of suppliers, by name and number, and of their orders, by number and reference."""

from typing import Final

from orderwright.activity.finding import contains_all_words, finder, in_range, resembles

_NAME: Final = "search_folded(s.name)"
_SUPPLIER: Final = "FROM directory_supplier s WHERE s.organization_id = t.organization"
_NUMBER: Final = "search_code(o.number)"
_REFERENCE: Final = "search_code(o.supplier_reference)"
_ORDER: Final = "FROM purchasing_purchaseorder o WHERE o.organization_id = t.organization"

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
        (SELECT o.id, CASE WHEN {_NUMBER} = t.code THEN 1.0 ELSE 0.7 END AS score
            {_ORDER} AND length(t.code) > 2 AND {in_range(_NUMBER, "t.code")}
            ORDER BY {_NUMBER} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT o.id, 0.95 {_ORDER} AND search_digits(o.number) COLLATE "C" = t.digits
            AND (t.head IS NULL OR starts_with({_NUMBER}, t.head)) LIMIT most)
        UNION ALL
        (SELECT o.id, 0.9 {_ORDER} AND o.supplier_reference <> '' AND t.code <> ''
            AND {_REFERENCE} COLLATE "C" = t.code LIMIT most)
    """,
)

INDEXES: Final = (
    "CREATE INDEX supplier_found_by_name ON directory_supplier (organization_id, "
    'search_folded(name) COLLATE "C")',
    "CREATE INDEX supplier_name_trigrams ON directory_supplier USING gin "
    "(search_folded(name) gin_trgm_ops)",
    "CREATE INDEX purchase_found_by_number ON purchasing_purchaseorder (organization_id, "
    'search_code(number) COLLATE "C")',
    "CREATE INDEX purchase_found_by_digits ON purchasing_purchaseorder (organization_id, "
    'search_digits(number) COLLATE "C")',
    "CREATE INDEX purchase_found_by_reference ON purchasing_purchaseorder (organization_id, "
    "search_code(supplier_reference) COLLATE \"C\") WHERE supplier_reference <> ''",
)
