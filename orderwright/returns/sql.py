"""The statements of returns."""

from orderwright.kernel.sql_text import on_one_line

RETURN = """
    SELECT r.id, r.number, r.version, r.status, r.order_id, o.number, o.customer_id, c.name,
        r.reason, r.note, r.requested_by, r.received_at, r.received_by, r.credit_memo,
        r.created_at, r.updated_at
    FROM returns_return r
    JOIN sales_salesorder o ON o.organization_id = r.organization_id AND o.id = r.order_id
    JOIN directory_customer c ON c.organization_id = o.organization_id AND c.id = o.customer_id
    WHERE r.organization_id = %(organization)s
"""
RETURN_BY_ID = on_one_line(f"{RETURN} AND r.id = %(key)s")
RETURN_BY_NUMBER = on_one_line(f"{RETURN} AND r.number = %(key)s")

OF_ORDER = on_one_line(f"{RETURN} AND r.order_id = %(order)s ORDER BY r.id DESC")

LINES = on_one_line("""
    SELECT l.back_id, l.id, l.line_id, p.position, p.sku, p.description, p.unit, l.quantity,
        l.received, l.disposition, l.condition, l.location_id, x.name, l.lot_id, t.tag_id,
        p.ordered - p.cancelled_quantity, p.shipped, p.returned
    FROM returns_returnline l
    JOIN sales_salesorderline p ON p.organization_id = l.organization_id AND p.id = l.line_id
    LEFT JOIN inventory_location x
      ON x.organization_id = l.organization_id AND x.id = l.location_id
    LEFT JOIN inventory_lot t ON t.organization_id = l.organization_id AND t.id = l.lot_id
    WHERE l.organization_id = %(organization)s AND l.back_id = ANY (%(backs)s::uuid[])
    ORDER BY l.back_id, p.position
""")

LOCK = """
    SELECT r.id FROM returns_return r
    WHERE r.organization_id = %(organization)s AND r.id = %(key)s FOR NO KEY UPDATE OF r
"""

ANNOUNCED = """
    SELECT l.line_id, sum(l.quantity)
    FROM returns_returnline l
    JOIN returns_return r ON r.organization_id = l.organization_id AND r.id = l.back_id
    WHERE r.organization_id = %(organization)s AND r.order_id = %(order)s
      AND r.status = 'requested' AND r.id IS DISTINCT FROM %(but)s::uuid
    GROUP BY l.line_id
"""

RETURNED = """
    SELECT l.line_id, sum(l.received)
    FROM returns_returnline l
    JOIN returns_return r ON r.organization_id = l.organization_id AND r.id = l.back_id
    WHERE r.organization_id = %(organization)s AND r.order_id = %(order)s
      AND r.status IN ('received', 'closed')
    GROUP BY l.line_id
"""

INSERT = on_one_line("""
    WITH numbered AS MATERIALIZED (
        SELECT 'RMA-' || lpad(n::text, greatest(5, length(n::text)), '0') AS number
        FROM identity_take_number('return') AS n
    ),
    the_return AS (
        INSERT INTO returns_return (organization_id, id, version, created_at, updated_at, number,
            order_id, status, reason, note, requested_by, received_by, credit_memo)
        SELECT %(organization)s, %(id)s, 1, %(at)s, %(at)s, numbered.number, %(order)s,
            'requested', %(reason)s, %(note)s, %(actor_name)s, '', '{}'::jsonb
        FROM numbered
        RETURNING number
    ),
    the_lines AS (
        INSERT INTO returns_returnline (organization_id, id, back_id, line_id, quantity, received,
            disposition, condition, location_id)
        SELECT %(organization)s, n.id, %(id)s, n.line_id, n.quantity, 0, n.disposition,
            n.condition, n.location_id
        FROM jsonb_to_recordset(%(lines)s::jsonb) AS n (id uuid, line_id uuid, quantity numeric,
            disposition text, condition text, location_id uuid)
    )
    SELECT number FROM the_return
""")

RECEIVE = on_one_line("""
    WITH the_return AS (
        UPDATE returns_return SET status = 'received', received_at = %(at)s,
            received_by = %(actor_name)s, updated_at = %(at)s, version = version + 1
        WHERE organization_id = %(organization)s AND id = %(id)s
    )
    UPDATE returns_returnline l
    SET received = n.received, disposition = n.disposition, location_id = n.location_id,
        condition = n.condition, lot_id = n.lot_id
    FROM jsonb_to_recordset(%(lines)s::jsonb) AS n (line_id uuid, received numeric,
        disposition text, condition text, location_id uuid, lot_id uuid)
    WHERE l.organization_id = %(organization)s AND l.back_id = %(id)s AND l.line_id = n.line_id
""")

MOVE = """
    UPDATE returns_return SET status = %(status)s, updated_at = %(at)s, version = version + 1
    WHERE organization_id = %(organization)s AND id = %(id)s
"""

CREDITED = """
    UPDATE returns_return SET credit_memo = %(credit_memo)s::jsonb
    WHERE organization_id = %(organization)s AND id = %(id)s
"""

CONDITIONS = {
    "status": "r.status = %(status)s",
    "order_id": "r.order_id = %(order_id)s",
    "customer_id": "o.customer_id = %(customer_id)s",
    "q": "(r.number ILIKE %(pattern)s OR o.number ILIKE %(pattern)s)",
    "q_with_customers": (
        "(r.number ILIKE %(pattern)s OR o.number ILIKE %(pattern)s OR c.name ILIKE %(pattern)s)"
    ),
    "before": "r.id < %(before)s",
    "disposition": (
        "EXISTS (SELECT 1 FROM returns_returnline n WHERE n.organization_id = r.organization_id"
        " AND n.back_id = r.id AND n.disposition = %(disposition)s)"
    ),
    "requested_from": "r.created_at >= %(requested_from)s",
    "requested_before": "r.created_at < %(requested_before)s",
    "received_from": "r.received_at >= %(received_from)s",
    "received_before": "r.received_at < %(received_before)s",
}
# The tabs of the list.
COUNTED = {
    "all": "",
    **{
        status: f"AND r.status = '{status}'"
        for status in ("requested", "received", "closed", "cancelled")
    },
}


def list_of_returns(conditions: list[str], *, rows: int, with_customers: bool) -> str:
    """Returns newest first, narrowed by these names of `CONDITIONS`."""
    narrowed = _narrowed(conditions, with_customers=with_customers)
    return f"{RETURN}{narrowed} ORDER BY r.id DESC LIMIT {int(rows)}"


def page_of_returns(
    conditions: list[str], *, start: str, order: str, value: str, rows: int, with_customers: bool
) -> str:
    """A page of the list in any sort; each row ends with its value in the sort."""
    narrowed = _narrowed(conditions, with_customers=with_customers)
    narrowed += f" AND {start}" if start else ""
    selected = RETURN.replace("r.updated_at", f"r.updated_at, {value}", 1)
    return f"{selected}{narrowed} ORDER BY {order} LIMIT {int(rows)}"


def counts_of_returns(most: int) -> str:
    """One row with a bounded count for each of `COUNTED`."""
    return "SELECT " + ", ".join(
        f"""(SELECT count(*) FROM (
            SELECT 1 FROM returns_return r WHERE r.organization_id = %(organization)s {one}
            LIMIT {int(most)}) AS bounded)"""
        for one in COUNTED.values()
    )


def _narrowed(conditions: list[str], *, with_customers: bool) -> str:
    names = ["q_with_customers" if one == "q" and with_customers else one for one in conditions]
    return "".join(f" AND {CONDITIONS[name]}" for name in names)
