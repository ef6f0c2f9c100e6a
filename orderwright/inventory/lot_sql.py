"""The statements of lots: what a new one needs to know, tags in numbers, insertion, lists."""

from collections.abc import Iterable

from orderwright.kernel.paging import SortKey

# Everything that arriving stock has to know of the organization, in one answer; read after the
# lock. `stems` are the beginnings of tags that new ones are made from.
ARRIVAL_FACTS = """
    SELECT
        (SELECT o.tag_prefix FROM identity_organization o WHERE o.id = %(organization)s),
        (SELECT coalesce(json_agg(json_build_array(
            p.id, p.type, coalesce(nullif(p.short_name, ''), p.sku), p.default_unit,
            p.weight_unit)), '[]')
         FROM catalog_product p
         WHERE p.organization_id = %(organization)s AND p.id = ANY (%(products)s::uuid[])),
        (SELECT coalesce(json_agg(json_build_array(x.id, x.is_default, x.is_active)), '[]')
         FROM inventory_location x
         WHERE x.organization_id = %(organization)s
           AND (x.is_default OR x.id = ANY (%(locations)s::uuid[]))),
        (SELECT coalesce(json_agg(json_build_array(
            l.id, l.product_id, l.location_id, l.quantity::text, l.weight::text, l.weight_unit,
            l.status, l.inventory_type, l.finished_type, l.shape, l.size, l.color, l.quality,
            l.rack, l.unit_cost::text, l.currency, l.tag_id) ORDER BY l.id), '[]')
         FROM inventory_lot l
         WHERE l.organization_id = %(organization)s AND l.product_id = ANY (%(merging)s::uuid[])
           AND l.status = 'available'),
        (SELECT coalesce(json_agg(l.tag_id), '[]') FROM inventory_lot l
         WHERE l.organization_id = %(organization)s AND l.tag_id = ANY (%(tags)s::text[])),
        (SELECT coalesce(json_agg(l.tag_id), '[]')
         FROM unnest(%(stems)s::text[]) AS stem
         JOIN inventory_lot l ON l.organization_id = %(organization)s
          AND l.tag_id >= stem AND l.tag_id < stem || '~')
"""

# Take the next numbers of prefixes; whoever asks for the same prefix waits for our commit.
TAKE_NUMBERS = """
    INSERT INTO inventory_tagnumber AS t (organization_id, id, prefix, last)
    SELECT %(organization)s, n.id, n.prefix, n.wanted
    FROM jsonb_to_recordset(%(wanted)s::jsonb) AS n (id uuid, prefix text, wanted bigint)
    ORDER BY n.prefix
    ON CONFLICT (organization_id, prefix) DO UPDATE SET last = t.last + excluded.last
    RETURNING t.prefix, t.last
"""

# The same, for the few prefixes whose next numbers people have used: numbers start behind the
# highest that a tag has already.
TAKE_NUMBERS_PAST_USED = """
    INSERT INTO inventory_tagnumber AS t (organization_id, id, prefix, last)
    SELECT %(organization)s, n.id, n.prefix, u.used + n.wanted
    FROM jsonb_to_recordset(%(wanted)s::jsonb) AS n (id uuid, prefix text, wanted bigint)
    CROSS JOIN LATERAL (
        SELECT coalesce(max(substr(l.tag_id, length(n.prefix) + 1)::bigint), 0) AS used
        FROM inventory_lot l
        WHERE l.organization_id = %(organization)s
          AND l.tag_id >= n.prefix || '0' AND l.tag_id < n.prefix || ':'
          AND substr(l.tag_id, length(n.prefix) + 1) ~ '^[0-9]{4,9}$'
    ) u
    ORDER BY n.prefix
    ON CONFLICT (organization_id, prefix) DO UPDATE
    SET last = greatest(excluded.last, t.last + (
        SELECT n.wanted
        FROM jsonb_to_recordset(%(wanted)s::jsonb) AS n (prefix text, wanted bigint)
        WHERE n.prefix = excluded.prefix))
    RETURNING t.prefix, t.last
"""

TAKEN_TAGS = """
    SELECT l.tag_id FROM inventory_lot l
    WHERE l.organization_id = %(organization)s AND l.tag_id = ANY (%(tags)s::text[])
"""

# New lots with the movement that put them there. A tag that somebody took meanwhile leaves its row
# out; the count tells.
INSERT_LOTS = """
    WITH made AS (
        INSERT INTO inventory_lot (
            organization_id, id, tag_id, product_id, location_id, quantity, weight, weight_unit,
            status, inventory_type, finished_type, shape, size, color, quality, rack, unit_cost,
            currency, source, source_id, notes, may_go_negative, version, created_at, updated_at)
        SELECT %(organization)s, n.id, n.tag_id, n.product_id, n.location_id, n.quantity, n.weight,
               n.weight_unit, n.status, n.inventory_type, n.finished_type, n.shape, n.size, n.color,
               n.quality, n.rack, n.unit_cost, n.currency, n.source, n.source_id, n.notes,
               %(may_go_negative)s, 1, %(at)s, %(at)s
        FROM jsonb_to_recordset(%(lots)s::jsonb) AS n (
            id uuid, tag_id text, product_id uuid, location_id uuid, quantity numeric,
            weight numeric, weight_unit text, status text, inventory_type text, finished_type text,
            shape text, size text, color text, quality text, rack text, unit_cost numeric,
            currency text, source text, source_id uuid, notes text)
        ON CONFLICT (organization_id, tag_id) DO NOTHING
        RETURNING id, product_id, quantity, weight
    ),
    moved AS (
        INSERT INTO inventory_movement (
            organization_id, id, lot_id, product_id, action, quantity_delta, weight_delta,
            quantity_after, weight_after, reason, cause_id, cause, actor_name, at)
        SELECT %(organization)s, n.movement, m.id, m.product_id, %(action)s, m.quantity, m.weight,
               m.quantity, m.weight, '', %(cause_id)s, %(cause)s, %(actor_name)s, %(at)s
        FROM made m
        JOIN jsonb_to_recordset(%(lots)s::jsonb) AS n (id uuid, movement uuid) ON n.id = m.id
    )
    SELECT count(*) FROM made
"""

SET_COSTS = """
    UPDATE inventory_lot l SET unit_cost = n.unit_cost
    FROM jsonb_to_recordset(%(lots)s::jsonb) AS n (id uuid, unit_cost numeric)
    WHERE l.organization_id = %(organization)s AND l.id = n.id
"""

_LOT_COLUMNS = """
    SELECT l.id, l.tag_id, l.version, l.product_id, p.sku, p.name, l.location_id, x.name,
           l.quantity, p.default_unit, l.weight, l.weight_unit, l.status, l.inventory_type,
           l.finished_type, l.shape, l.size, l.color, l.quality, l.rack, l.source, l.source_id,
           l.notes, l.unit_cost, l.currency, l.created_at, l.updated_at
    FROM inventory_lot l
    JOIN catalog_product p ON p.organization_id = l.organization_id AND p.id = l.product_id
    JOIN inventory_location x ON x.organization_id = l.organization_id AND x.id = l.location_id
    WHERE l.organization_id = %(organization)s
"""

LOT_BY_ID = _LOT_COLUMNS + " AND l.id = %(lot)s"
LOT_BY_TAG = _LOT_COLUMNS + " AND l.tag_id = %(tag)s"

FILTERS = {
    "product_id": "l.product_id = %(product_id)s",
    "location_id": "l.location_id = %(location_id)s",
    "status": "l.status = %(status)s",
    "tag": "l.tag_id >= %(tag)s AND l.tag_id < %(tag)s || '~'",
    "inventory_type": "l.inventory_type = %(inventory_type)s",
    "shape": "l.shape = %(shape)s",
    "size": "l.size = %(size)s",
    "color": "l.color = %(color)s",
    "quality": "l.quality = %(quality)s",
    "few_products": """(l.tag_id >= %(q_tag)s AND l.tag_id < %(q_tag)s || '~'
        OR l.product_id = ANY (%(q_products)s::uuid[]))""",
    "many_products": """(l.tag_id >= %(q_tag)s AND l.tag_id < %(q_tag)s || '~'
        OR p.name ILIKE %(pattern)s OR p.sku ILIKE %(pattern)s)""",
    "before": "l.id < %(before)s",
}

_IN_STOCK = """l.status = 'available' AND NOT (l.quantity = 0 AND l.weight = 0)
    AND (l.quantity > 0 OR l.weight > 0)"""

_OF_LOW_PRODUCTS = """ AND l.product_id = ANY (ARRAY (
    SELECT p.id FROM catalog_product p
    WHERE p.organization_id = %(organization)s AND p.is_active AND p.reorder_threshold IS NOT NULL
      AND p.reorder_threshold >= (
        SELECT coalesce(sum(h.quantity), 0) FROM inventory_lot h
        WHERE h.organization_id = %(organization)s AND h.product_id = p.id
          AND h.status IN ('available', 'retrieved_out')
          AND NOT (h.quantity = 0 AND h.weight = 0))))"""

# What a lot is to somebody who looks for stock. Low is what lies there of products at their
# threshold.
STOCK = {
    "in": _IN_STOCK,
    "low": _IN_STOCK + _OF_LOW_PRODUCTS,
    "out": "l.status IN ('available', 'retrieved_out') AND l.quantity <= 0 AND l.weight <= 0",
    "rejected": "l.status IN ('rejected', 'scrap')",
}

# An expression that is never null, with an index.
SORTS = {"": SortKey(), "tag": SortKey("l.tag_id", "l.tag_id")}

ON_HAND_OF_PRODUCTS = """l.product_id = ANY (%(products)s::uuid[]) AND l.status = 'available'
    AND (l.quantity > 0 OR l.weight > 0)"""

# The products that a search means. Few of them lead to their lots by the index; of many, the newest
# lots are soon found by going through all.
PRODUCTS_MENTIONING = """
    SELECT p.id FROM catalog_product p
    WHERE p.organization_id = %(organization)s
      AND (p.name ILIKE %(pattern)s OR p.sku ILIKE %(pattern)s)
    LIMIT %(limit)s
"""

MOVEMENTS = """
    SELECT m.id, m.action, m.quantity_delta, m.weight_delta, m.quantity_after, m.weight_after,
           m.reason, m.cause_id, m.cause, m.actor_name, m.at
    FROM inventory_movement m
    WHERE m.organization_id = %(organization)s AND m.lot_id = %(lot)s
      AND (%(before)s::uuid IS NULL OR m.id < %(before)s::uuid)
    ORDER BY m.id DESC LIMIT %(limit)s
"""

WAS_USED = """
    SELECT EXISTS (
        SELECT FROM inventory_movement m
        WHERE m.organization_id = %(organization)s AND m.lot_id = %(lot)s
          AND m.action <> ALL (ARRAY['create_record', 'user_correction', 'user_action']))
"""


def listing(conditions: list[str]) -> str:
    """A page of lots, newest first, under these conditions."""
    return (
        _LOT_COLUMNS
        + "".join(f" AND {condition}" for condition in conditions)
        + " ORDER BY l.id DESC LIMIT %(limit)s"
    )


def page_of_lots(
    conditions: Iterable[str], *, start: str, order: str, value: str, rows: int
) -> str:
    """A page of the list; each row ends with its value in the sort."""
    held = [*conditions, start] if start else conditions
    chosen = "".join(f" AND {one}" for one in held)
    shown = value or "''"
    selected = _LOT_COLUMNS.replace("l.updated_at\n", f"l.updated_at, {shown}\n", 1)
    return selected + chosen + f" ORDER BY {order} LIMIT {int(rows)}"


_IDS = """
    SELECT l.id FROM inventory_lot l
    JOIN catalog_product p ON p.organization_id = l.organization_id AND p.id = l.product_id
    WHERE l.organization_id = %(organization)s
"""


def ids_of_lots(conditions: Iterable[str]) -> str:
    """The ids of the lots that match, newest first."""
    chosen = "".join(f" AND {one}" for one in conditions)
    return _IDS + chosen + " ORDER BY l.id DESC LIMIT %(limit)s"


def counts_of_lots(conditions: Iterable[str], *, most: int) -> str:
    """One row with a bounded count for each condition."""
    return "SELECT " + ", ".join(
        _A_COUNT.format(condition=one, most=int(most)) for one in conditions
    )


_A_COUNT = """
    (SELECT count(*) FROM (
        SELECT 1 FROM inventory_lot l
        WHERE l.organization_id = %(organization)s AND {condition}
        LIMIT {most}) AS bounded)
"""
