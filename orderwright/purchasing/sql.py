"""The statements of purchase orders: one reads what a rule needs, one writes what it decided."""

from orderwright.kernel.sql_text import on_one_line

EVENTS = """
    INSERT INTO activity_event (organization_id, id, type, at, actor_kind, actor_id, actor_name,
                                subject_id, topic_id, body)
    SELECT %(organization)s, e.id, e.type, %(at)s, %(actor_kind)s, %(actor_id)s::uuid,
           %(actor_name)s, e.subject_id, %(order)s, e.body
    FROM jsonb_to_recordset(%(events)s::jsonb)
         AS e (id uuid, type text, subject_id uuid, body jsonb)
"""

_ORDER = """
    SELECT
        o.id, o.number, o.version, o.status, o.is_closed, o.closed_at, o.fulfillment_status,
        o.fulfillment_reasons, o.acknowledgment_status,
        o.supplier_id, s.number, s.name, s.email, s.is_active, o.order_lead_id, f.nickname,
        o.supplier_reference, o.notes, o.internal_note, o.date_required, o.order_deadline,
        o.promised_at, o.priority, o.currency, o.internal_budget,
        o.payment_term_id, p.name, o.shipping_term_id, t.name, o.carrier_id, k.name,
        o.location_id, x.name, o.bill_to, o.ship_to, o.manual_hold, o.hold_reason,
        o.terms_accepted_at, o.terms_accepted_by, o.issued_at, o.fulfilled_at, o.subtotal,
        o.source, o.created_at, o.updated_at
    FROM purchasing_purchaseorder o
    JOIN directory_supplier s ON s.organization_id = o.organization_id AND s.id = o.supplier_id
    JOIN directory_staff f ON f.organization_id = o.organization_id AND f.id = o.order_lead_id
    LEFT JOIN directory_paymentterm p
      ON p.organization_id = o.organization_id AND p.id = o.payment_term_id
    LEFT JOIN directory_shippingterm t
      ON t.organization_id = o.organization_id AND t.id = o.shipping_term_id
    LEFT JOIN directory_carrier k
      ON k.organization_id = o.organization_id AND k.id = o.carrier_id
    LEFT JOIN inventory_location x
      ON x.organization_id = o.organization_id AND x.id = o.location_id
    WHERE o.organization_id = %(organization)s
"""
ORDER_BY_ID = on_one_line(f"{_ORDER} AND o.id = %(key)s")
ORDER_BY_NUMBER = on_one_line(f"{_ORDER} AND o.number = %(key)s")

LINES = on_one_line("""
    SELECT
        l.id, l.position, l.product_id, l.sku, l.description, l.basis, l.ordered, l.unit,
        l.unit_ratio, l.requested_weight, l.weight_unit, l.size, l.shape, l.color, l.quality,
        l.material, l.unit_price, l.line_total, l.is_cancelled, l.cancelled_quantity,
        l.cancel_reason, l.received, l.rejected, l.needed_by,
        coalesce(p.default_unit, ''), coalesce(p.name, ''), coalesce(p.is_active, true),
        p.weight_per_unit, coalesce(p.weight_unit, ''),
        coalesce((SELECT sum(r.required - r.covered) FROM inventory_reservation r
                  WHERE r.organization_id = l.organization_id AND r.product_id = l.product_id
                    AND r.required > 0 AND r.basis = 'quantity'), 0)
    FROM purchasing_purchaseorderline l
    LEFT JOIN catalog_product p ON p.organization_id = l.organization_id AND p.id = l.product_id
    WHERE l.organization_id = %(organization)s AND l.order_id = %(order)s
    ORDER BY l.position
""")

# The products of the lines first, in key order, as everything does that changes stock; then the
# order itself.
_LOCK = """
    WITH wanted AS MATERIALIZED (
        SELECT o.id FROM purchasing_purchaseorder o
        WHERE o.organization_id = %(organization)s AND {key}
    ),
    products AS MATERIALIZED (
        SELECT p.id FROM catalog_product p
        WHERE %(with_stock)s AND p.organization_id = %(organization)s
          AND p.id IN (SELECT l.product_id FROM purchasing_purchaseorderline l
                       WHERE l.organization_id = %(organization)s
                         AND l.order_id = (SELECT id FROM wanted))
        ORDER BY p.id FOR NO KEY UPDATE OF p
    ),
    locked AS MATERIALIZED (SELECT count(*) AS count FROM products)
    SELECT o.id FROM purchasing_purchaseorder o, locked
    WHERE o.organization_id = %(organization)s AND o.id = (SELECT id FROM wanted)
      AND locked.count >= 0
    FOR NO KEY UPDATE OF o
"""
LOCK_BY_ID = on_one_line(_LOCK.format(key="o.id = %(key)s"))
LOCK_BY_NUMBER = on_one_line(_LOCK.format(key="o.number = %(key)s"))

# Everything that a new order copies from its supplier and the organization, in one answer.
PARTY = """
    SELECT
        s.id, s.number, s.name, s.email, s.is_active, s.default_currency,
        coalesce(%(payment_term)s::uuid, s.payment_term_id),
        coalesce(%(shipping_term)s::uuid, s.shipping_term_id),
        coalesce(%(carrier)s::uuid, s.carrier_id),
        (SELECT json_build_object('label', a.label, 'street_1', a.street_1,
            'street_2', a.street_2, 'city', a.city, 'state', a.state,
            'postal_code', a.postal_code, 'country', a.country, 'phone', a.phone,
            'email', a.email)
         FROM directory_supplieraddress a
         WHERE a.organization_id = s.organization_id AND a.supplier_id = s.id
         ORDER BY a.is_bill_to DESC, a.id LIMIT 1),
        (SELECT f.nickname FROM directory_staff f
         WHERE f.organization_id = s.organization_id AND f.id = %(order_lead)s::uuid
           AND f.is_active),
        (SELECT json_build_object('id', x.id, 'name', x.name, 'street', x.street, 'city', x.city,
            'postal_code', x.postal_code, 'country', x.country, 'is_active', x.is_active)
         FROM inventory_location x
         WHERE x.organization_id = s.organization_id
           AND (x.id = %(location)s::uuid OR (%(location)s::uuid IS NULL AND x.is_default))
         LIMIT 1),
        (SELECT p.name FROM directory_paymentterm p
         WHERE p.organization_id = s.organization_id
           AND p.id = coalesce(%(payment_term)s::uuid, s.payment_term_id)),
        (SELECT t.name FROM directory_shippingterm t
         WHERE t.organization_id = s.organization_id
           AND t.id = coalesce(%(shipping_term)s::uuid, s.shipping_term_id)),
        (SELECT k.name FROM directory_carrier k
         WHERE k.organization_id = s.organization_id
           AND k.id = coalesce(%(carrier)s::uuid, s.carrier_id))
    FROM directory_supplier s
    WHERE s.organization_id = %(organization)s AND s.id = %(supplier)s
"""

# The products of lines, with what was last paid to this supplier for each.
PRODUCTS = """
    SELECT p.id, p.sku, p.name, p.type, p.is_active, p.default_unit, p.units, p.weight_unit,
           p.weight_per_unit, p.unit_cost, p.currency, last.unit_price, last.unit, last.currency,
           coalesce((SELECT sum(r.required - r.covered) FROM inventory_reservation r
                     WHERE r.organization_id = p.organization_id AND r.product_id = p.id
                       AND r.required > 0 AND r.basis = 'quantity'), 0)
    FROM catalog_product p
    LEFT JOIN LATERAL (
        SELECT l.unit_price, l.unit, o.currency
        FROM purchasing_purchaseorderline l
        JOIN purchasing_purchaseorder o
          ON o.organization_id = l.organization_id AND o.id = l.order_id
        WHERE l.organization_id = %(organization)s AND l.product_id = p.id
          AND o.supplier_id = %(supplier)s AND l.unit_price > 0
        ORDER BY l.id DESC LIMIT 1
    ) last ON true
    WHERE p.organization_id = %(organization)s AND p.id = ANY (%(products)s::uuid[])
"""

LINE_COLUMNS = """
    id uuid, position integer, product_id uuid, sku text, description text, basis text,
    ordered numeric, unit text, unit_ratio numeric, requested_weight numeric, weight_unit text,
    size text, shape text, color text, quality text, material text, unit_price numeric,
    line_total numeric, needed_by date
"""
NEW_LINE = tuple(entry.split()[0] for entry in LINE_COLUMNS.replace("\n", " ").split(","))
_NAMES = ", ".join(NEW_LINE)
INSERT_LINES = f"""
    INSERT INTO purchasing_purchaseorderline
        (organization_id, order_id, {_NAMES}, is_cancelled, cancelled_quantity, cancel_reason,
         received, rejected)
    SELECT %(organization)s, %(order)s, {_NAMES}, false, 0, '', 0, 0
    FROM jsonb_to_recordset(%(lines)s::jsonb) AS n ({LINE_COLUMNS})
"""

NEW_HEAD = tuple(
    """
    supplier_id order_lead_id supplier_reference notes internal_note date_required order_deadline
    promised_at priority currency internal_budget payment_term_id shipping_term_id carrier_id
    location_id subtotal source fulfillment_status
""".split()
)
NEW_HEAD_JSON = ("bill_to", "ship_to", "fulfillment_reasons")
_HEAD_NAMES = ", ".join((*NEW_HEAD, *NEW_HEAD_JSON))
_HEAD_VALUES = ", ".join(
    [f"%({name})s" for name in NEW_HEAD] + [f"%({name})s::jsonb" for name in NEW_HEAD_JSON]
)

INSERT_ORDER = on_one_line(f"""
    WITH numbered AS MATERIALIZED (
        SELECT %(prefix)s || lpad(n::text, greatest(5, length(n::text)), '0') AS number
        FROM identity_take_number('purchase_order') AS n
    ),
    the_order AS (
        INSERT INTO purchasing_purchaseorder (
            organization_id, id, version, created_at, updated_at, number, status, is_closed,
            acknowledgment_status, manual_hold, hold_reason, terms_accepted_at, terms_accepted_by,
            {_HEAD_NAMES})
        SELECT %(organization)s, %(order)s, 1, %(at)s, %(at)s, numbered.number, 'quoted', false,
            'not_sent', false, '', %(at)s, %(actor_name)s, {_HEAD_VALUES}
        FROM numbered
        RETURNING number
    ),
    the_lines AS ({INSERT_LINES}),
    happened AS ({EVENTS})
    SELECT number FROM the_order
""")

# An order as an action leaves it: its head, the lines that changed, lines that go, its events.
SAVE = on_one_line(f"""
    WITH happened AS ({EVENTS}),
    gone AS (
        DELETE FROM purchasing_purchaseorderline l
        WHERE l.organization_id = %(organization)s AND l.id = ANY (%(gone)s::uuid[])
    ),
    the_lines AS (
        UPDATE purchasing_purchaseorderline l
        SET position = n.position, description = n.description, ordered = n.ordered,
            unit = n.unit, unit_ratio = n.unit_ratio, unit_price = n.unit_price,
            line_total = n.line_total, is_cancelled = n.is_cancelled,
            cancelled_quantity = n.cancelled_quantity, cancel_reason = n.cancel_reason,
            received = n.received, rejected = n.rejected, needed_by = n.needed_by,
            size = n.size, shape = n.shape, color = n.color, quality = n.quality,
            material = n.material
        FROM jsonb_to_recordset(%(lines)s::jsonb) AS n (
            id uuid, position integer, description text, ordered numeric, unit text,
            unit_ratio numeric, unit_price numeric, line_total numeric, is_cancelled boolean,
            cancelled_quantity numeric, cancel_reason text, received numeric, rejected numeric,
            needed_by date, size text, shape text, color text, quality text, material text)
        WHERE l.organization_id = %(organization)s AND l.id = n.id
    )
    UPDATE purchasing_purchaseorder o
    SET version = o.version + %(edits)s, updated_at = %(at)s, status = %(status)s,
        is_closed = %(is_closed)s, closed_at = %(closed_at)s,
        fulfillment_status = %(fulfillment_status)s,
        fulfillment_reasons = %(fulfillment_reasons)s::jsonb,
        acknowledgment_status = %(acknowledgment_status)s, supplier_id = %(supplier_id)s,
        order_lead_id = %(order_lead_id)s, supplier_reference = %(supplier_reference)s,
        notes = %(notes)s, internal_note = %(internal_note)s, date_required = %(date_required)s,
        order_deadline = %(order_deadline)s, promised_at = %(promised_at)s,
        priority = %(priority)s, currency = %(currency)s, internal_budget = %(internal_budget)s,
        payment_term_id = %(payment_term_id)s, shipping_term_id = %(shipping_term_id)s,
        carrier_id = %(carrier_id)s, location_id = %(location_id)s, bill_to = %(bill_to)s::jsonb,
        ship_to = %(ship_to)s::jsonb, manual_hold = %(manual_hold)s, hold_reason = %(hold_reason)s,
        issued_at = %(issued_at)s, fulfilled_at = %(fulfilled_at)s, subtotal = %(subtotal)s
    WHERE o.organization_id = %(organization)s AND o.id = %(order)s
""")

INSERT_RECEIPT = on_one_line("""
    WITH the_receipt AS (
        INSERT INTO purchasing_receipt (organization_id, id, order_id, number, received_on,
            location_id, note, at, received_by, reversed_by)
        VALUES (%(organization)s, %(receipt)s, %(order)s, %(number)s, %(received_on)s,
            %(location)s, %(note)s, %(at)s, %(actor_name)s, '')
    )
    INSERT INTO purchasing_receiptline (organization_id, id, receipt_id, line_id, quantity,
        rejected, reject_reason, lot_id, stock_quantity, stock_weight, is_merged, rejected_lot_id)
    SELECT %(organization)s, n.id, %(receipt)s, n.line_id, n.quantity, n.rejected,
        n.reject_reason, n.lot_id, n.stock_quantity, n.stock_weight, n.is_merged,
        n.rejected_lot_id
    FROM jsonb_to_recordset(%(lines)s::jsonb) AS n (id uuid, line_id uuid, quantity numeric,
        rejected numeric, reject_reason text, lot_id uuid, stock_quantity numeric,
        stock_weight numeric, is_merged boolean, rejected_lot_id uuid)
""")

# Each line is looked up by its key (LIMIT), however wrong the server's guess of their number is.
_RECEIPTS = """
    SELECT r.id, r.order_id, r.number, r.received_on, r.location_id, x.name, r.note, r.at,
        r.received_by, r.reversed_at, r.reversed_by,
        (SELECT coalesce(json_agg(json_build_array(
            l.id, l.line_id, p.position, p.description, l.quantity::text, p.unit,
            l.rejected::text, l.reject_reason, l.lot_id, t.tag_id, l.stock_quantity::text,
            l.stock_weight::text, t.weight_unit, l.is_merged, l.rejected_lot_id, u.tag_id)
            ORDER BY p.position, l.id), '[]')
         FROM purchasing_receiptline l
         JOIN LATERAL (
            SELECT o.position, o.description, o.unit FROM purchasing_purchaseorderline o
            WHERE o.organization_id = l.organization_id AND o.id = l.line_id LIMIT 1) p ON true
         LEFT JOIN LATERAL (
            SELECT o.tag_id, o.weight_unit FROM inventory_lot o
            WHERE o.organization_id = l.organization_id AND o.id = l.lot_id LIMIT 1) t ON true
         LEFT JOIN LATERAL (
            SELECT o.tag_id FROM inventory_lot o
            WHERE o.organization_id = l.organization_id AND o.id = l.rejected_lot_id
            LIMIT 1) u ON true
         WHERE l.organization_id = r.organization_id AND l.receipt_id = r.id)
    FROM purchasing_receipt r
    LEFT JOIN inventory_location x
      ON x.organization_id = r.organization_id AND x.id = r.location_id
    WHERE r.organization_id = %(organization)s
"""
RECEIPTS_OF_ORDER = on_one_line(f"{_RECEIPTS} AND r.order_id = %(order)s ORDER BY r.id DESC")
RECEIPT_BY_ID = on_one_line(f"{_RECEIPTS} AND r.id = %(receipt)s")

REVERSE_RECEIPT = """
    UPDATE purchasing_receipt SET reversed_at = %(at)s, reversed_by = %(actor_name)s
    WHERE organization_id = %(organization)s AND id = %(receipt)s AND reversed_at IS NULL
    RETURNING id
"""

# What the receipts of an order that stand add up to, line by line.
RECEIVED = """
    SELECT l.line_id, sum(l.quantity), sum(l.rejected)
    FROM purchasing_receiptline l
    JOIN purchasing_receipt r ON r.organization_id = l.organization_id AND r.id = l.receipt_id
    WHERE r.organization_id = %(organization)s AND r.order_id = %(order)s
      AND r.reversed_at IS NULL
    GROUP BY l.line_id
"""

REMOVE = """
    DELETE FROM purchasing_purchaseorder
    WHERE organization_id = %(organization)s AND id = %(order)s
"""

# The sales lines that wait for products, or those of these reservations.
WAITING = on_one_line("""
    SELECT r.id, r.covered, r.required,
        CASE WHEN r.basis = 'weight' THEN r.weight_unit ELSE p.default_unit END,
        o.id, o.number, o.order_lead_id, l.position
    FROM inventory_reservation r
    JOIN catalog_product p ON p.organization_id = r.organization_id AND p.id = r.product_id
    JOIN sales_salesorderline l
      ON l.organization_id = r.organization_id AND l.reservation_id = r.id
    JOIN sales_salesorder o ON o.organization_id = l.organization_id AND o.id = l.order_id
    WHERE r.organization_id = %(organization)s
      AND (r.id = ANY (%(reservations)s::uuid[])
           OR (r.product_id = ANY (%(products)s::uuid[]) AND r.required > 0
               AND r.covered < r.required))
""")
