"""What the books must say at any time, asked of the database itself (domain 1.20)."""

from tests.inventory.warehouse import rows

# Each of these finds what contradicts an invariant, and nothing when all is well.
CONTRADICTIONS = {
    "a lot is not the sum of its movements": """
        SELECT l.tag_id, l.quantity, l.weight, m.quantity, m.weight FROM inventory_lot l
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(quantity_delta), 0) AS quantity,
                   coalesce(sum(weight_delta), 0) AS weight
            FROM inventory_movement WHERE lot_id = l.id) m ON true
        WHERE (l.quantity, l.weight) <> (m.quantity, m.weight)""",
    "the last movement of a lot does not say what is there": """
        SELECT l.tag_id FROM inventory_lot l
        JOIN LATERAL (SELECT quantity_after, weight_after FROM inventory_movement
                      WHERE lot_id = l.id ORDER BY id DESC LIMIT 1) m ON true
        WHERE (l.quantity, l.weight) <> (m.quantity_after, m.weight_after)""",
    "a movement does not go on from the one before": """
        SELECT * FROM (
            SELECT lot_id, quantity_after - quantity_delta AS began, weight_after - weight_delta
                   AS weighed, lag(quantity_after, 1, 0) OVER w AS ended,
                   lag(weight_after, 1, 0) OVER w AS had_weighed
            FROM inventory_movement WINDOW w AS (PARTITION BY lot_id ORDER BY id)) m
        WHERE (began, weighed) <> (ended, had_weighed)""",
    "selections and what is on hand are not what was put in": """
        SELECT l.tag_id FROM inventory_lot l
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(quantity), 0) AS quantity, coalesce(sum(weight), 0) AS weight
            FROM inventory_selection WHERE lot_id = l.id AND status <> 'released') s ON true
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(quantity_delta), 0) AS quantity,
                   coalesce(sum(weight_delta), 0) AS weight
            FROM inventory_movement
            WHERE lot_id = l.id AND action NOT IN ('select', 'release')) m ON true
        WHERE (s.quantity + l.quantity, s.weight + l.weight) <> (m.quantity, m.weight)""",
    "a lot that has something is retrieved out, or one that has nothing available": """
        SELECT tag_id FROM inventory_lot
        WHERE status = 'retrieved_out' AND (quantity <> 0 OR weight > 0)
           OR status = 'available' AND quantity = 0 AND weight = 0""",
    "a lot is below zero": """
        SELECT tag_id FROM inventory_lot WHERE quantity < 0 OR weight < 0""",
    "more is covered than is on hand": """
        SELECT r.product_id, sum(r.covered) FROM inventory_reservation r
        WHERE r.basis = 'quantity' GROUP BY r.product_id
        HAVING sum(r.covered) > (
            SELECT coalesce(sum(l.quantity), 0) FROM inventory_lot l
            WHERE l.product_id = r.product_id AND l.status IN ('available', 'retrieved_out'))""",
    "stock is free while somebody waits for it": """
        SELECT r.product_id FROM inventory_reservation r
        WHERE r.basis = 'quantity' GROUP BY r.product_id
        HAVING sum(r.required - r.covered) > 0 AND sum(r.covered) < (
            SELECT coalesce(sum(l.quantity), 0) FROM inventory_lot l
            WHERE l.product_id = r.product_id AND l.status IN ('available', 'retrieved_out'))""",
    "more weight is covered than is on hand": """
        SELECT r.product_id FROM inventory_reservation r
        WHERE r.basis = 'weight' GROUP BY r.product_id
        HAVING sum(r.covered) > (
            SELECT coalesce(sum(l.weight), 0) FROM inventory_lot l
            WHERE l.product_id = r.product_id AND l.status IN ('available', 'retrieved_out'))""",
    "weight is free while somebody waits for it": """
        SELECT r.product_id FROM inventory_reservation r
        WHERE r.basis = 'weight' GROUP BY r.product_id
        HAVING sum(r.required - r.covered) > 0 AND sum(r.covered) < (
            SELECT coalesce(sum(l.weight), 0) FROM inventory_lot l
            WHERE l.product_id = r.product_id AND l.status IN ('available', 'retrieved_out'))""",
    "a closed reservation holds something": """
        SELECT id FROM inventory_reservation WHERE NOT is_open AND required <> 0""",
    "a tag is malformed": """
        SELECT tag_id FROM inventory_lot WHERE tag_id !~ '^[A-Z0-9-]{1,50}$'""",
}


def contradictions() -> dict[str, list[tuple[object, ...]]]:
    """What is wrong with the books now."""
    found = {name: rows(statement) for name, statement in CONTRADICTIONS.items()}
    return {name: wrong for name, wrong in found.items() if wrong}
