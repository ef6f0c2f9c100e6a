"""The finder of products: by SKU, name, what else they are called, and customers' own codes."""

from typing import Final

from orderwright.activity.finding import (
    MOST_IN_A_LIST,
    contains_all_words,
    finder,
    in_range,
    resembles,
)

# All that a product is called, as one text; arrays become text only in a function.
PRODUCT_TEXT: Final = """
    CREATE OR REPLACE FUNCTION search_product_text(
        name text, short_name text, sku text, aliases text[]) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    BEGIN
        RETURN public.search_folded(name || ' ' || short_name || ' '
            || array_to_string(aliases, ' ') || ' ' || sku);
    END $$
"""
TEXT: Final = (
    "search_product_text(p.name::text, p.short_name::text, p.sku::text, p.aliases::text[])"
)
_MINE: Final = "FROM catalog_product p WHERE p.organization_id = t.organization"
_CODE: Final = 'search_code(p.sku) COLLATE "C"'

PRODUCTS: Final = finder(
    "products",
    parameters=", with_item_codes boolean",
    literal=f"""
        (SELECT p.id, 1.0 AS score {_MINE} AND lower(p.sku) = lower(t.plain))
        UNION ALL
        (SELECT p.id, CASE WHEN search_code(p.sku) = t.code THEN 0.97 ELSE 0.85 END
            {_MINE} AND t.code <> '' AND {in_range("search_code(p.sku)", "t.code")}
            ORDER BY {_CODE} LIMIT most)
        UNION ALL
        (SELECT p.id, 0.86 {_MINE} AND {in_range(TEXT, "t.folded")}
            ORDER BY {TEXT} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT i.product_id, 0.9 FROM catalog_itemcode i
            WHERE with_item_codes AND i.organization_id = t.organization AND t.code <> ''
              AND search_code(i.code) COLLATE "C" = t.code LIMIT most)
        UNION ALL
        (SELECT p.id, 0.7 {_MINE} AND {contains_all_words(TEXT)} LIMIT most)
    """,
    similar=f"""
        SELECT p.id, {resembles(TEXT)} AS score
        {_MINE} AND {TEXT} %> t.folded ORDER BY 2 DESC LIMIT most
    """,
)

_OWN: Final = TEXT.replace("p.", "")
INDEXES: Final = (
    "CREATE INDEX product_found_by_code ON catalog_product "
    f"(organization_id, {_CODE.replace('p.', '')})",
    f'CREATE INDEX product_found_by_text ON catalog_product (organization_id, {_OWN} COLLATE "C")',
    f"CREATE INDEX product_text_trigrams ON catalog_product USING gin ({_OWN} gin_trgm_ops)",
    "CREATE INDEX item_code_found_by_code ON catalog_itemcode "
    '(organization_id, search_code(code) COLLATE "C")',
)

# The ids that a search in a list of products finds.
LISTED: Final = f"SELECT f.id FROM search_products(%s, {MOST_IN_A_LIST}, false) AS f"
