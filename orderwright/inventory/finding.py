"""The finder of lots: by their tag, whole or its beginning."""

from typing import Final

from orderwright.activity.finding import finder, in_range

_CODE: Final = 'search_code(l.tag_id::text) COLLATE "C"'

LOTS: Final = finder(
    "lots",
    literal=f"""
        SELECT l.id, CASE WHEN search_code(l.tag_id::text) = t.code THEN 1.0 ELSE 0.8 END AS score
        FROM inventory_lot l
        WHERE l.organization_id = t.organization AND length(t.code) > 1
          AND {in_range("search_code(l.tag_id::text)", "t.code")}
        ORDER BY {_CODE} LIMIT most
    """,
)

INDEXES: Final = (
    "CREATE INDEX lot_found_by_tag_code ON inventory_lot "
    f"(organization_id, {_CODE.replace('l.', '')})",
)
