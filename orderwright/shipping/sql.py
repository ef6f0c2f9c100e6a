"""The hot statements of shipping, and the function that answers before an organization is known."""

from orderwright.kernel.paging import SortKey

CARRIER = """
    SELECT k.name, k.code, k.is_enabled, q.id IS NOT NULL, q.name, (
        SELECT s.number FROM shipping_shipment s
        WHERE s.organization_id = %(organization)s AND s.carrier_id = k.id
          AND s.tracking_number = %(tracking_number)s AND s.tracking_number <> ''
          AND s.stage <> 'voided' AND s.tracking_status <> 'cancelled'
          AND s.id IS DISTINCT FROM %(shipment)s::uuid
        ORDER BY s.id LIMIT 1)
    FROM directory_carrier k
    LEFT JOIN directory_carrieroption q
      ON q.organization_id = k.organization_id AND q.carrier_id = k.id
     AND q.id = %(carrier_option)s::uuid
    WHERE k.organization_id = %(organization)s AND k.id = %(carrier)s
"""

# Lines with their selections, and the rows of the order's pick that are packed with them: the open
# row of each line becomes the packed one; a line without an open row gets a packed one.
CARRIED = """
    the_lines AS (
        INSERT INTO shipping_shipmentline (
            organization_id, id, shipment_id, line_id, quantity, weight)
        SELECT %(organization)s, n.id, %(id)s, n.line_id, n.quantity, n.weight
        FROM jsonb_to_recordset(%(lines)s::jsonb) AS n (
            id uuid, line_id uuid, quantity numeric, weight numeric)
    ),
    carried AS (
        INSERT INTO shipping_shippedselection (
            organization_id, id, shipment_line_id, selection_id, made_here)
        SELECT %(organization)s, n.id, n.shipment_line_id, n.selection_id, n.made_here
        FROM jsonb_to_recordset(%(selections)s::jsonb) AS n (
            id uuid, shipment_line_id uuid, selection_id uuid, made_here boolean)
    ),
    packed_rows AS (
        UPDATE shipping_pickline w
        SET packed_at = %(at)s, shipment_id = %(id)s, quantity = n.quantity,
            recorded = n.recorded, ordered_quantity = n.ordered
        FROM jsonb_to_recordset(%(packed)s::jsonb) AS n (
            id uuid, line_id uuid, quantity numeric, recorded numeric, ordered numeric)
        WHERE w.organization_id = %(organization)s AND w.line_id = n.line_id
          AND w.packed_at IS NULL
        RETURNING w.line_id
    ),
    further_rows AS (
        INSERT INTO shipping_pickline (
            organization_id, id, pick_id, line_id, ordered_quantity, quantity, recorded, packed_at,
            shipment_id)
        SELECT %(organization)s, n.id, p.id, n.line_id, n.ordered, n.quantity, n.recorded, %(at)s,
               %(id)s
        FROM jsonb_to_recordset(%(packed)s::jsonb) AS n (
            id uuid, line_id uuid, quantity numeric, recorded numeric, ordered numeric)
        JOIN shipping_pick p
          ON p.organization_id = %(organization)s AND p.order_id = %(order)s
        WHERE NOT EXISTS (SELECT 1 FROM packed_rows k WHERE k.line_id = n.line_id)
    )
"""

INSERT_SHIPMENT = f"""
    WITH the_shipment AS (
        INSERT INTO shipping_shipment (
            organization_id, id, version, created_at, updated_at, number, order_id, stage,
            tracking_status, carrier_id, carrier_option_id, tracking_number, ship_to, package,
            note, shipped_at, shipped_by, exception_message)
        VALUES (%(organization)s, %(id)s, 1, %(at)s, %(at)s, %(number)s, %(order)s::uuid,
            %(stage)s, 'pending', %(carrier)s, %(carrier_option)s, %(tracking_number)s,
            %(ship_to)s::jsonb, %(package)s::jsonb, %(note)s, %(shipped_at)s, %(shipped_by)s, '')
    ),
    the_cases AS (
        INSERT INTO shipping_shipmentcase (
            organization_id, id, shipment_id, position, tracking_number, weight_unit)
        SELECT %(organization)s, n.id, %(id)s, n.position, '', ''
        FROM jsonb_to_recordset(%(cases)s::jsonb) AS n (id uuid, position integer)
    ),
    {CARRIED}
    INSERT INTO shipping_trackingevent (
        organization_id, id, shipment_id, status, occurred_at, location, message, source,
        recorded_by, carrier_event_id)
    SELECT %(organization)s, n.id, %(id)s, 'pending', %(at)s, '', '', 'system', %(actor_name)s, ''
    FROM jsonb_to_recordset(%(events)s::jsonb) AS n (id uuid)
"""

# A standalone shipment becomes one of an order, and carries lines of it.
LINK_SHIPMENT = f"""
    WITH {CARRIED}
    UPDATE shipping_shipment
    SET order_id = %(order)s, version = version + 1, updated_at = %(at)s
    WHERE organization_id = %(organization)s AND id = %(id)s
"""

# The rows of a shipment that is taken back are packed no more: what they held and what of it people
# had recorded.
UNPACK_ROWS = """
    DELETE FROM shipping_pickline
    WHERE organization_id = %(organization)s AND shipment_id = %(shipment)s
    RETURNING line_id, quantity, recorded
"""

# A packed shipment leaves.
SEND_SHIPMENT = """
    WITH said AS (
        UPDATE shipping_shipmentcase c
        SET tracking_number = n.tracking_number, weight = n.weight, weight_unit = n.weight_unit,
            freight_amount = n.freight_amount
        FROM jsonb_to_recordset(%(cases)s::jsonb) AS n (
            id uuid, tracking_number text, weight numeric, weight_unit text,
            freight_amount numeric)
        WHERE c.organization_id = %(organization)s AND c.id = n.id
    ),
    first_event AS (
        INSERT INTO shipping_trackingevent (
            organization_id, id, shipment_id, status, occurred_at, location, message, source,
            recorded_by, carrier_event_id)
        VALUES (%(organization)s, %(event)s, %(shipment)s, 'pending', %(at)s, '', '', 'system',
            %(actor_name)s, '')
    )
    UPDATE shipping_shipment
    SET stage = 'shipped', shipped_at = %(at)s, shipped_by = %(actor_name)s,
        carrier_id = %(carrier)s, carrier_option_id = %(carrier_option)s,
        tracking_number = %(tracking_number)s, version = version + 1, updated_at = %(at)s
    WHERE organization_id = %(organization)s AND id = %(shipment)s
"""

SHIPMENT = """
    SELECT s.id, s.number, s.version, s.order_id, o.number, o.customer_id, c.name, s.stage,
           s.tracking_status, s.carrier_id, k.name, s.carrier_option_id, q.name,
           s.tracking_number, s.ship_to, s.package, s.note, s.shipped_at, s.shipped_by,
           s.delivered_at, s.exception_message, s.created_at, s.updated_at,
           (SELECT coalesce(json_agg(json_build_array(
                x.id, x.position, x.tracking_number, x.weight::text, x.weight_unit,
                x.freight_amount::text) ORDER BY x.position), '[]')
            FROM shipping_shipmentcase x
            WHERE x.organization_id = s.organization_id AND x.shipment_id = s.id)
    FROM shipping_shipment s
    JOIN directory_carrier k ON k.organization_id = s.organization_id AND k.id = s.carrier_id
    LEFT JOIN directory_carrieroption q
      ON q.organization_id = s.organization_id AND q.id = s.carrier_option_id
    LEFT JOIN sales_salesorder o ON o.organization_id = s.organization_id AND o.id = s.order_id
    LEFT JOIN directory_customer c
      ON c.organization_id = s.organization_id AND c.id = o.customer_id
    WHERE s.organization_id = %(organization)s
"""

# An expression that is never null, with an index.
SORTS = {"": SortKey(), "number": SortKey("s.number", "s.number")}

# The tabs whose rows an index finds.
COUNTED = {
    "all": "",
    "packed": "AND s.stage = 'packed' AND s.tracking_status = 'pending'",
    "in_transit": "AND s.tracking_status = 'in_transit'",
    "exception": "AND s.tracking_status = 'exception'",
}


def page_of_shipments(conditions: str, *, order: str, value: str, rows: int) -> str:
    """A page of the list under these conditions; each row ends with its value in the sort."""
    shown = value or "''"
    start = "    FROM shipping_shipment s\n    JOIN"
    selected = SHIPMENT.replace(start, f", {shown}\n{start}", 1)
    return f"{selected} {conditions} ORDER BY {order} LIMIT {int(rows)}"


def counts_of_shipments(most: int) -> str:
    """One row with a bounded count for each of `COUNTED`."""
    return "SELECT " + ", ".join(
        f"""(SELECT count(*) FROM (
            SELECT 1 FROM shipping_shipment s WHERE s.organization_id = %(organization)s {one}
            LIMIT {int(most)}) AS bounded)"""
        for one in COUNTED.values()
    )


SHIPMENT_LINES = """
    SELECT n.id, n.shipment_id, n.line_id, l.position, l.sku, l.description, n.quantity, l.unit,
           n.weight,
           (SELECT coalesce(json_agg(json_build_array(
                x.selection_id, x.made_here, t.lot_id, i.tag_id, t.quantity::text,
                t.weight::text, t.weight_unit, t.status) ORDER BY x.id), '[]')
            FROM shipping_shippedselection x
            JOIN inventory_selection t
              ON t.organization_id = x.organization_id AND t.id = x.selection_id
            JOIN inventory_lot i ON i.organization_id = t.organization_id AND i.id = t.lot_id
            WHERE x.organization_id = n.organization_id AND x.shipment_line_id = n.id)
    FROM shipping_shipmentline n
    JOIN sales_salesorderline l ON l.organization_id = n.organization_id AND l.id = n.line_id
    WHERE n.organization_id = %(organization)s AND n.shipment_id = ANY (%(shipments)s::uuid[])
    ORDER BY n.shipment_id, l.position
"""

TRACKING_EVENTS = """
    SELECT e.id, e.shipment_id, e.status, e.occurred_at, e.location, e.message, e.source,
           e.recorded_by
    FROM shipping_trackingevent e
    WHERE e.organization_id = %(organization)s AND e.shipment_id = ANY (%(shipments)s::uuid[])
    ORDER BY e.occurred_at, e.id
"""

SHIPMENT_OF_SELECTIONS = """
    SELECT DISTINCT ON (x.selection_id) x.selection_id, n.shipment_id
    FROM shipping_shippedselection x
    JOIN shipping_shipmentline n
      ON n.organization_id = x.organization_id AND n.id = x.shipment_line_id
    JOIN shipping_shipment s ON s.organization_id = n.organization_id AND s.id = n.shipment_id
    WHERE x.organization_id = %(organization)s AND x.selection_id = ANY (%(selections)s::uuid[])
      AND s.stage <> 'voided' AND s.tracking_status <> 'cancelled'
    ORDER BY x.selection_id, x.id DESC
"""

CARRIER_SECRET = """
    CREATE OR REPLACE FUNCTION shipping_carrier_secret(wanted_carrier uuid)
    RETURNS TABLE (organization_id uuid, carrier_name text, secret text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    BEGIN
        RETURN QUERY
        SELECT k.organization_id, k.name::text, k.webhook_secret::text
        FROM directory_carrier k
        WHERE k.id = wanted_carrier AND k.webhook_secret <> '';
    END $$
"""
