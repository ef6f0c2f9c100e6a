"""The hot statements of shipping, and the function that answers before an organization is known."""

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

INSERT_SHIPMENT = """
    WITH the_shipment AS (
        INSERT INTO shipping_shipment (
            organization_id, id, version, created_at, updated_at, number, order_id, stage,
            tracking_status, carrier_id, carrier_option_id, tracking_number, ship_to, package,
            note, shipped_at, shipped_by, exception_message)
        VALUES (%(organization)s, %(id)s, 1, %(at)s, %(at)s, %(number)s, %(order)s, 'shipped',
            'pending', %(carrier)s, %(carrier_option)s, %(tracking_number)s, %(ship_to)s::jsonb,
            %(package)s::jsonb, %(note)s, %(at)s, %(actor_name)s, '')
    ),
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
    )
    INSERT INTO shipping_trackingevent (
        organization_id, id, shipment_id, status, occurred_at, location, message, source,
        recorded_by, carrier_event_id)
    VALUES (%(organization)s, %(event_id)s, %(id)s, 'pending', %(at)s, '', '', 'system',
        %(actor_name)s, '')
"""

SHIPMENT = """
    SELECT s.id, s.number, s.version, s.order_id, o.number, o.customer_id, c.name, s.stage,
           s.tracking_status, s.carrier_id, k.name, s.carrier_option_id, q.name,
           s.tracking_number, s.ship_to, s.package, s.note, s.shipped_at, s.shipped_by,
           s.delivered_at, s.exception_message, s.created_at, s.updated_at
    FROM shipping_shipment s
    JOIN directory_carrier k ON k.organization_id = s.organization_id AND k.id = s.carrier_id
    LEFT JOIN directory_carrieroption q
      ON q.organization_id = s.organization_id AND q.id = s.carrier_option_id
    LEFT JOIN sales_salesorder o ON o.organization_id = s.organization_id AND o.id = s.order_id
    LEFT JOIN directory_customer c
      ON c.organization_id = s.organization_id AND c.id = o.customer_id
    WHERE s.organization_id = %(organization)s
"""

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
