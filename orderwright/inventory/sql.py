"""The hot statements of stock.

Every change of a product's stock or promises happens under the lock of its product, taken in key
order: `LOCK_PRODUCTS`. What stands after the wait is read in the next statement, and everything is
written in one. The constraints of the tables have the last word.
"""

LOCK_PRODUCTS = """
    SELECT p.id FROM catalog_product p
    WHERE p.organization_id = %(organization)s
      AND p.id = ANY (%(products)s::uuid[] || ARRAY (
            SELECT l.product_id FROM inventory_lot l
            WHERE l.organization_id = %(organization)s AND l.id = ANY (%(lots)s::uuid[])))
    ORDER BY p.id FOR NO KEY UPDATE OF p
"""

LOTS_BY_ID = """
    SELECT l.id, l.product_id, l.tag_id, l.quantity, l.created_at, p.default_unit, l.weight,
           l.weight_unit, l.status
    FROM inventory_lot l
    JOIN catalog_product p ON p.organization_id = l.organization_id AND p.id = l.product_id
    WHERE l.organization_id = %(organization)s AND l.id = ANY (%(lots)s::uuid[])
"""

LOTS_OF_PRODUCTS = """
    SELECT l.id, l.product_id, l.tag_id, l.quantity, l.created_at, p.default_unit, l.weight,
           l.weight_unit, l.status
    FROM inventory_lot l
    JOIN catalog_product p ON p.organization_id = l.organization_id AND p.id = l.product_id
    WHERE l.organization_id = %(organization)s AND l.product_id = ANY (%(products)s::uuid[])
      AND l.status = 'available' AND (l.quantity > 0 OR l.weight > 0)
    ORDER BY l.id
"""

# Lots and the lines' own reservations, and whether anybody waits for these products by weight: read
# together after the lock.
LOTS_AND_RESERVATIONS = """
    SELECT
        (SELECT coalesce(json_agg(json_build_array(
            l.id, l.product_id, l.tag_id, l.quantity::text, l.created_at, p.default_unit,
            l.weight::text, l.weight_unit, l.status) ORDER BY l.id), '[]')
         FROM inventory_lot l
         JOIN catalog_product p ON p.organization_id = l.organization_id AND p.id = l.product_id
         WHERE l.organization_id = %(organization)s AND (
            l.id = ANY (%(lots)s::uuid[])
            OR (l.product_id = ANY (%(all_of)s::uuid[]) AND l.status = 'available'
                AND (l.quantity > 0 OR l.weight > 0)))),
        (SELECT coalesce(json_agg(json_build_array(
            r.id, r.required::text, r.covered::text, r.issued_at, r.priority_rank, r.position,
            r.basis, r.weight_unit)), '[]')
         FROM inventory_reservation r
         WHERE r.organization_id = %(organization)s AND r.id = ANY (%(reservations)s::uuid[])),
        EXISTS (
            SELECT 1 FROM inventory_reservation w
            WHERE w.organization_id = %(organization)s
              AND w.product_id = ANY (%(products)s::uuid[])
              AND w.required > 0 AND w.basis = 'weight')
"""

# What is on hand of products and what is promised of it, one row a product.
STOCK = """
    SELECT
        p.id, p.default_unit,
        coalesce(nullif(p.weight_unit, ''), %(weight_unit)s::text),
        h.quantity, h.weights, coalesce(r.covered, 0), coalesce(r.short, 0),
        coalesce(r.by_weight, 0)
    FROM catalog_product p
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(u.quantity), 0) AS quantity,
               coalesce(json_object_agg(u.weight_unit, u.weight::text), '{}') AS weights
        FROM (SELECT l.weight_unit, sum(l.quantity) AS quantity, sum(l.weight) AS weight
              FROM inventory_lot l
              WHERE l.organization_id = %(organization)s AND l.product_id = p.id
                AND l.status IN ('available', 'retrieved_out')
                AND (l.quantity <> 0 OR l.weight <> 0)
              GROUP BY l.weight_unit) u
    ) h ON true
    LEFT JOIN LATERAL (
        SELECT sum(r.covered) AS covered, sum(r.required - r.covered) AS short,
               count(*) FILTER (WHERE r.basis = 'weight') AS by_weight
        FROM inventory_reservation r
        WHERE r.organization_id = %(organization)s AND r.product_id = p.id AND r.required > 0
    ) r ON true
    WHERE p.organization_id = %(organization)s AND p.id = ANY (%(products)s::uuid[])
"""

PROMISES = """
    SELECT r.product_id, r.id, r.required, r.covered, r.issued_at, r.priority_rank, r.position,
           r.basis, r.weight_unit
    FROM inventory_reservation r
    WHERE r.organization_id = %(organization)s AND r.product_id = ANY (%(products)s::uuid[])
      AND r.required > 0
"""

# What reservations hold: promises, and what is selected and shipped for them.
HOLDINGS = """
    SELECT r.id, r.required, r.covered, s.sums
    FROM inventory_reservation r
    LEFT JOIN LATERAL (
        SELECT json_agg(json_build_array(g.status, g.weight_unit, g.quantity::text,
                                         g.weight::text)) AS sums
        FROM (SELECT x.status, x.weight_unit, sum(x.quantity) AS quantity, sum(x.weight) AS weight
              FROM inventory_selection x
              WHERE x.organization_id = %(organization)s AND x.reservation_id = r.id
                AND x.status <> 'released'
              GROUP BY x.status, x.weight_unit) g
    ) s ON true
    WHERE r.organization_id = %(organization)s AND r.id = ANY (%(reservations)s::uuid[])
"""

# A selection is released only as it was read. A lot that may not go below zero any more may still
# rise towards it.
CHANGE_STOCK = """
    WITH changed AS (
        UPDATE inventory_lot l
        SET quantity = l.quantity + n.delta_quantity, weight = l.weight + n.delta_weight,
            status = n.status, updated_at = %(at)s,
            may_go_negative = %(may_go_negative)s
                OR (l.may_go_negative AND n.delta_quantity >= 0 AND n.delta_weight >= 0)
        FROM jsonb_to_recordset(%(lots)s::jsonb) AS n (
            id uuid, movement uuid, delta_quantity numeric, delta_weight numeric, status text)
        WHERE l.organization_id = %(organization)s AND l.id = n.id
          AND l.id = ANY (%(lot_ids)s::uuid[])
        RETURNING l.id, l.product_id, l.quantity, l.weight, n.movement, n.delta_quantity,
                  n.delta_weight
    ),
    moved AS (
        INSERT INTO inventory_movement (
            organization_id, id, lot_id, product_id, action, quantity_delta, weight_delta,
            quantity_after, weight_after, reason, cause_id, cause, actor_name, at)
        SELECT %(organization)s, c.movement, c.id, c.product_id, %(action)s, c.delta_quantity,
               c.delta_weight, c.quantity, c.weight, %(reason)s, %(cause_id)s, %(cause)s,
               %(actor_name)s, %(at)s
        FROM changed c
    ),
    selected AS (
        INSERT INTO inventory_selection (
            organization_id, id, reservation_id, lot_id, quantity, weight, weight_unit, status,
            selected_at, selected_by)
        SELECT %(organization)s, n.id, n.reservation_id, n.lot_id, n.quantity, n.weight,
               n.weight_unit, 'retrieved', %(at)s, %(actor_name)s
        FROM jsonb_to_recordset(%(selections)s::jsonb) AS n (
            id uuid, reservation_id uuid, lot_id uuid, quantity numeric, weight numeric,
            weight_unit text)
    ),
    released AS (
        UPDATE inventory_selection s SET status = 'released'
        FROM jsonb_to_recordset(%(released)s::jsonb) AS n (
            id uuid, quantity numeric, weight numeric)
        WHERE s.organization_id = %(organization)s AND s.id = n.id AND s.status = 'retrieved'
          AND NOT s.is_packed AND s.quantity = n.quantity AND s.weight = n.weight
        RETURNING 1
    ),
    promised AS (
        UPDATE inventory_reservation r
        SET required = n.required, covered = n.covered, is_open = r.is_open OR n.required > 0
        FROM jsonb_to_recordset(%(reservations)s::jsonb) AS n (
            id uuid, required numeric, covered numeric)
        WHERE r.organization_id = %(organization)s AND r.id = n.id
    )
    SELECT (SELECT count(*) FROM changed), (SELECT count(*) FROM released)
"""

# A reservation that is made anew keeps what covers it, if it is of the same product and measure.
RESERVE = """
    INSERT INTO inventory_reservation AS r (
        organization_id, id, product_id, basis, weight_unit, required, covered, is_open,
        priority_rank, issued_at, position, label)
    SELECT %(organization)s, n.id, n.product_id, n.basis, n.weight_unit, n.required, 0, true,
           n.priority_rank, n.issued_at, n.position, n.label
    FROM jsonb_to_recordset(%(needs)s::jsonb) AS n (
        id uuid, product_id uuid, basis text, weight_unit text, required numeric,
        priority_rank integer, issued_at timestamptz, position integer, label text)
    ON CONFLICT (organization_id, id) DO UPDATE
    SET product_id = excluded.product_id, basis = excluded.basis,
        weight_unit = excluded.weight_unit, required = excluded.required, is_open = true,
        covered = CASE
            WHEN (r.product_id, r.basis, r.weight_unit)
               = (excluded.product_id, excluded.basis, excluded.weight_unit)
            THEN least(r.covered, excluded.required) ELSE 0 END,
        priority_rank = excluded.priority_rank, issued_at = excluded.issued_at,
        position = excluded.position, label = excluded.label
"""

# New reservations with what covers them already: all of them, or none when one is open.
RESERVE_AT_ONCE = """
    WITH n AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%(needs)s::jsonb) AS n (
            id uuid, product_id uuid, basis text, weight_unit text, required numeric,
            covered numeric, priority_rank integer, issued_at timestamptz, position integer,
            label text)
    ),
    written AS (
        INSERT INTO inventory_reservation AS r (
            organization_id, id, product_id, basis, weight_unit, required, covered, is_open,
            priority_rank, issued_at, position, label)
        SELECT %(organization)s, n.id, n.product_id, n.basis, n.weight_unit, n.required, n.covered,
               true, n.priority_rank, n.issued_at, n.position, n.label
        FROM n
        WHERE NOT EXISTS (
            SELECT 1 FROM n AS known
            JOIN inventory_reservation o
              ON o.organization_id = %(organization)s AND o.id = known.id
            WHERE o.required > 0)
        ON CONFLICT (organization_id, id) DO UPDATE
        SET product_id = excluded.product_id, basis = excluded.basis,
            weight_unit = excluded.weight_unit, required = excluded.required,
            covered = excluded.covered, is_open = true, priority_rank = excluded.priority_rank,
            issued_at = excluded.issued_at, position = excluded.position, label = excluded.label
        RETURNING 1
    )
    SELECT count(*) FROM written
"""

SET_PROMISES = """
    UPDATE inventory_reservation r
    SET required = n.required, covered = n.covered, is_open = n.is_open
    FROM jsonb_to_recordset(%(reservations)s::jsonb) AS n (
        id uuid, required numeric, covered numeric, is_open boolean)
    WHERE r.organization_id = %(organization)s AND r.id = n.id
"""

COVER = """
    UPDATE inventory_reservation r SET covered = n.covered
    FROM jsonb_to_recordset(%(reservations)s::jsonb) AS n (id uuid, covered numeric)
    WHERE r.organization_id = %(organization)s AND r.id = n.id
"""

SELECTIONS = """
    SELECT s.id, s.reservation_id, s.lot_id, l.tag_id, l.product_id, s.quantity, p.default_unit,
           s.weight, s.weight_unit, s.status, s.selected_at, s.selected_by, s.is_packed
    FROM inventory_selection s
    JOIN inventory_lot l ON l.organization_id = s.organization_id AND l.id = s.lot_id
    JOIN catalog_product p ON p.organization_id = l.organization_id AND p.id = l.product_id
    WHERE s.organization_id = %(organization)s AND s.reservation_id = ANY (%(reservations)s::uuid[])
    ORDER BY s.id DESC
"""

# Ship or pack whole selections, or split off the part that is meant: the rest stays retrieved.
# Counts what was open and large enough.
SHIP_SELECTIONS = """
    WITH whole AS (
        UPDATE inventory_selection s
        SET status = %(status)s::text, is_packed = %(is_packed)s::boolean
        WHERE s.organization_id = %(organization)s AND s.id = ANY (%(whole)s::uuid[])
          AND s.status = 'retrieved' AND NOT s.is_packed
        RETURNING 1
    ),
    rest AS (
        UPDATE inventory_selection s
        SET quantity = s.quantity - n.quantity, weight = s.weight - n.weight
        FROM jsonb_to_recordset(%(parts)s::jsonb) AS n (
            id uuid, new_id uuid, quantity numeric, weight numeric)
        WHERE s.organization_id = %(organization)s AND s.id = n.id AND s.status = 'retrieved'
          AND NOT s.is_packed AND s.quantity >= n.quantity AND s.weight >= n.weight
          AND (s.quantity > n.quantity OR s.weight > n.weight)
        RETURNING n.new_id, s.reservation_id, s.lot_id, n.quantity, n.weight, s.weight_unit,
                  s.selected_at, s.selected_by
    ),
    split AS (
        INSERT INTO inventory_selection (
            organization_id, id, reservation_id, lot_id, quantity, weight, weight_unit, status,
            is_packed, selected_at, selected_by)
        SELECT %(organization)s, r.new_id, r.reservation_id, r.lot_id, r.quantity, r.weight,
               r.weight_unit, %(status)s::text, %(is_packed)s::boolean, r.selected_at,
               r.selected_by
        FROM rest r
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM whole) + (SELECT count(*) FROM split)
"""

UNSHIP_SELECTIONS = """
    WITH back AS (
        UPDATE inventory_selection SET status = 'retrieved'
        WHERE organization_id = %(organization)s AND id = ANY (%(selections)s::uuid[])
          AND status = 'shipped'
        RETURNING 1
    )
    SELECT count(*) FROM back
"""

# What lies in a box leaves with it, or is taken out of it again. Counts what was packed.
MOVE_PACKED = """
    WITH moved AS (
        UPDATE inventory_selection SET status = %(status)s::text, is_packed = false
        WHERE organization_id = %(organization)s AND id = ANY (%(selections)s::uuid[])
          AND status = 'retrieved' AND is_packed
        RETURNING 1
    )
    SELECT count(*) FROM moved
"""
