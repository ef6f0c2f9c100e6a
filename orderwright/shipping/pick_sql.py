"""The statements of picks. What is open follows from the order and is written whole; what is packed
is a fact that shipping writes with its shipment."""

_ROWS = """
    INSERT INTO shipping_pickline AS w (
        organization_id, id, pick_id, line_id, ordered_quantity, quantity, recorded)
    SELECT %(organization)s, n.id, {pick}, n.line_id, n.ordered, n.quantity, 0
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS n (
        id uuid, line_id uuid, ordered numeric, quantity numeric)
"""

CREATE_PICK = """
    WITH the_pick AS (
        INSERT INTO shipping_pick (
            organization_id, id, version, created_at, updated_at, order_id, number, status,
            finished_at, note, priority_rank, due_on)
        VALUES (%(organization)s, %(pick)s, 1, %(at)s, %(at)s, %(order)s, %(number)s, %(status)s,
            %(finished_at)s, '', %(priority_rank)s, %(due_on)s)
    )
    {rows}
""".replace("{rows}", _ROWS.replace("{pick}", "%(pick)s"))

# A row that was packed a moment ago is no longer open: what is left of its line gets a new one.
CHANGE_PICK = """
    WITH the_pick AS (
        UPDATE shipping_pick
        SET version = version + 1, updated_at = %(at)s, priority_rank = %(priority_rank)s,
            due_on = %(due_on)s, status = %(status)s::text,
            finished_at = CASE WHEN %(status)s::text = 'open' THEN NULL
                               ELSE coalesce(finished_at, %(at)s) END
        WHERE organization_id = %(organization)s AND order_id = %(order)s
        RETURNING id
    ),
    gone AS (
        DELETE FROM shipping_pickline
        WHERE organization_id = %(organization)s AND line_id = ANY (%(closed)s::uuid[])
          AND packed_at IS NULL
    )
    {rows}, the_pick p
    WHERE true
    ON CONFLICT (organization_id, line_id) WHERE packed_at IS NULL
    DO UPDATE SET ordered_quantity = excluded.ordered_quantity, quantity = excluded.quantity
""".replace("{rows}", _ROWS.replace("{pick}", "p.id").rstrip())

DELETE_PICK = """
    DELETE FROM shipping_pick WHERE organization_id = %(organization)s AND order_id = %(order)s
"""

PICK = """
    SELECT p.id, p.number, p.version, p.status, p.finished_at, p.note, p.order_id, o.status,
           o.fulfillment_status, o.customer_id, c.name, c.status, o.customer_po_number, o.ship_to,
           o.priority, o.date_required, o.carrier_id, k.name, q.name, o.manual_hold, o.hold_reason,
           p.created_at, p.updated_at
    FROM shipping_pick p
    JOIN sales_salesorder o ON o.organization_id = p.organization_id AND o.id = p.order_id
    JOIN directory_customer c ON c.organization_id = o.organization_id AND c.id = o.customer_id
    JOIN directory_carrier k ON k.organization_id = o.organization_id AND k.id = o.carrier_id
    LEFT JOIN directory_carrieroption q
      ON q.organization_id = o.organization_id AND q.id = o.carrier_option_id
    WHERE p.organization_id = %(organization)s AND p.{key} = %(key)s
"""
PICK_BY_ID = PICK.replace("{key}", "id")
PICK_BY_NUMBER = PICK.replace("{key}", "number")

ORDER_OF_PICK = """
    SELECT p.order_id FROM shipping_pick p
    WHERE p.organization_id = %(organization)s AND p.{key} = %(key)s
"""
ORDER_OF_PICK_BY_ID = ORDER_OF_PICK.replace("{key}", "id")
ORDER_OF_PICK_BY_NUMBER = ORDER_OF_PICK.replace("{key}", "number")

PICK_LINES = """
    SELECT w.id, w.line_id, l.position, l.product_id, l.sku, coalesce(r.name, ''), l.description,
           l.unit, l.basis, l.size, l.shape, l.color, l.quality, l.material, w.ordered_quantity,
           w.quantity, w.packed_at, w.shipment_id, s.number
    FROM shipping_pickline w
    JOIN sales_salesorderline l ON l.organization_id = w.organization_id AND l.id = w.line_id
    LEFT JOIN catalog_product r ON r.organization_id = l.organization_id AND r.id = l.product_id
    LEFT JOIN shipping_shipment s ON s.organization_id = w.organization_id AND s.id = w.shipment_id
    WHERE w.organization_id = %(organization)s AND w.pick_id = %(pick)s
    ORDER BY l.position, w.packed_at NULLS LAST, w.id
"""

OPEN_ROWS = """
    SELECT w.id, w.line_id, w.packed_at, p.id, p.version
    FROM shipping_pick p
    LEFT JOIN shipping_pickline w ON w.organization_id = p.organization_id AND w.pick_id = p.id
    WHERE p.organization_id = %(organization)s AND p.order_id = %(order)s
"""

# Where the goods of open rows are: lots by product, and selections by line, oldest first.
LOTS_TO_PICK = """
    SELECT t.product_id, t.id, t.tag_id, x.name, t.rack, t.quantity, r.default_unit, t.weight,
           t.weight_unit
    FROM unnest(%(products)s::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT i.* FROM inventory_lot i
        WHERE i.organization_id = %(organization)s AND i.product_id = wanted.id
          AND i.status = 'available' AND (i.quantity > 0 OR i.weight > 0)
        ORDER BY i.created_at, i.id LIMIT %(most)s
    ) t
    JOIN inventory_location x ON x.organization_id = t.organization_id AND x.id = t.location_id
    JOIN catalog_product r ON r.organization_id = t.organization_id AND r.id = t.product_id
    ORDER BY t.created_at, t.id
"""

SELECTIONS_TO_PACK = """
    SELECT l.id, t.id, t.lot_id, i.tag_id, x.name, i.rack, t.quantity, r.default_unit, t.weight,
           t.weight_unit
    FROM sales_salesorderline l
    JOIN inventory_selection t
      ON t.organization_id = l.organization_id AND t.reservation_id = l.reservation_id
     AND t.status = 'retrieved' AND NOT t.is_packed
    JOIN inventory_lot i ON i.organization_id = t.organization_id AND i.id = t.lot_id
    JOIN inventory_location x ON x.organization_id = i.organization_id AND x.id = i.location_id
    JOIN catalog_product r ON r.organization_id = i.organization_id AND r.id = i.product_id
    WHERE l.organization_id = %(organization)s AND l.id = ANY (%(lines)s::uuid[])
    ORDER BY t.id
"""

QUEUE = """
    SELECT p.id, p.number, p.version, p.status, p.finished_at, p.order_id, o.status,
           o.fulfillment_status, o.customer_id, c.name, c.status, o.priority, p.priority_rank,
           o.date_required, p.due_on, k.name, o.manual_hold, p.created_at, p.updated_at,
           w.lines, w.picked, w.packed, w.done
    FROM shipping_pick p
    JOIN sales_salesorder o ON o.organization_id = p.organization_id AND o.id = p.order_id
    JOIN directory_customer c ON c.organization_id = o.organization_id AND c.id = o.customer_id
    JOIN directory_carrier k ON k.organization_id = o.organization_id AND k.id = o.carrier_id
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT n.line_id) AS lines,
               count(DISTINCT n.line_id) FILTER (WHERE n.quantity > 0) AS picked,
               count(DISTINCT n.line_id) FILTER (WHERE n.packed_at IS NOT NULL) AS packed,
               coalesce(round(avg(least(1, n.quantity / nullif(n.ordered_quantity, 0))), 4), 1)
                   AS done
        FROM shipping_pickline n
        WHERE n.organization_id = p.organization_id AND n.pick_id = p.id
    ) w
    WHERE p.organization_id = %(organization)s
"""
