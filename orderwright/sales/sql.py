"""The hot statements of sales orders: one reads an order, one reads its lines, one writes them."""

from orderwright.kernel.sql_text import on_one_line

ORDER = """
    SELECT
        o.id, o.number, o.version, o.status, o.fulfillment_status, o.fulfillment_reasons,
        o.payment_status, o.acknowledgment_status, o.manual_hold, o.hold_reason, o.held_at,
        o.customer_id, c.number, c.name, c.status, o.order_lead_id, s.nickname,
        o.sales_rep_id, r.nickname, o.customer_po_number, o.notes, o.internal_note,
        o.date_required, o.order_deadline, o.promised_at, o.priority, o.currency,
        o.internal_budget, o.payment_term_id, p.name, p.timing, o.shipping_term_id, t.name,
        o.carrier_id, k.name, k.code, o.carrier_option_id, q.name, o.bill_to, o.ship_to,
        o.acknowledgement_contacts, o.invoice_contacts, o.discount_code_id, d.code,
        o.issued_at, o.fulfilled_at, o.completed_at, o.reopened_at, o.first_shipped_at,
        o.created_at, o.updated_at, o.subtotal, o.discount_total, o.freight, o.tax,
        o.grand_total, o.pricing_flags, o.source, o.told
    FROM sales_salesorder o
    JOIN directory_customer c ON c.organization_id = o.organization_id AND c.id = o.customer_id
    JOIN directory_staff s ON s.organization_id = o.organization_id AND s.id = o.order_lead_id
    JOIN directory_paymentterm p
      ON p.organization_id = o.organization_id AND p.id = o.payment_term_id
    JOIN directory_shippingterm t
      ON t.organization_id = o.organization_id AND t.id = o.shipping_term_id
    JOIN directory_carrier k ON k.organization_id = o.organization_id AND k.id = o.carrier_id
    LEFT JOIN directory_staff r ON r.organization_id = o.organization_id AND r.id = o.sales_rep_id
    LEFT JOIN directory_carrieroption q
      ON q.organization_id = o.organization_id AND q.id = o.carrier_option_id
    LEFT JOIN pricing_discountcode d
      ON d.organization_id = o.organization_id AND d.id = o.discount_code_id
    WHERE o.organization_id = %(organization)s AND o.{key} = %(key)s
"""

ORDER_BY_ID = ORDER.replace("{key}", "id")
ORDER_BY_NUMBER = ORDER.replace("{key}", "number")

LINES = """
    SELECT
        l.id, l.position, l.kind, l.product_id, l.reservation_id, l.sku, l.description, l.basis,
        l.ordered, l.unit, l.unit_ratio, l.requested_weight, l.weight_unit, l.weight_basis,
        l.size, l.shape, l.color, l.quality, l.material, l.unit_price, l.price_locked,
        l.price_source, l.price_breakdown, l.line_total, l.discount_share, l.tax_rate, l.tax,
        l.unit_cost, l.is_cancelled, l.cancelled_quantity, l.cancel_reason, l.ready,
        l.ready_forced, l.retrieved, l.picked, l.packed, l.shipped, l.returned, l.invoiced,
        l.over_ship_confirmed, l.status, l.reasons, l.shipment_status, l.needed_by,
        l.line_priority, coalesce(r.required, 0), coalesce(r.covered, 0),
        coalesce(p.default_unit, ''), coalesce(p.is_active, true),
        coalesce(p.name, ''), p.weight_per_unit, coalesce(p.weight_unit, ''),
        l.short_closed_quantity
    FROM sales_salesorderline l
    LEFT JOIN inventory_reservation r
      ON r.organization_id = l.organization_id AND r.id = l.reservation_id
    LEFT JOIN catalog_product p
      ON p.organization_id = l.organization_id AND p.id = l.product_id
    WHERE l.organization_id = %(organization)s AND l.order_id = %(order)s
    ORDER BY l.position
"""

LOCK = """
    SELECT id, ARRAY[]::uuid[] FROM sales_salesorder
    WHERE organization_id = %(organization)s AND {key} = %(key)s FOR UPDATE
"""
LOCK_BY_ID = LOCK.replace("{key}", "id")
LOCK_BY_NUMBER = LOCK.replace("{key}", "number")

# The stock of an order's products, locked before the order itself: whoever frees stock holds the
# lock of the product and then derives the waiting orders anew, so nobody may wait for a product
# with an order in hand. The count has to be known before a row of the order is looked at.
LOCK_STOCK = """
    WITH stock AS MATERIALIZED (
        SELECT p.id FROM catalog_product p
        WHERE p.organization_id = %(organization)s AND p.id = ANY (ARRAY (
            SELECT l.product_id FROM sales_salesorder o
            JOIN sales_salesorderline l
              ON l.organization_id = o.organization_id AND l.order_id = o.id
            WHERE o.organization_id = %(organization)s AND o.{key} = %(key)s
              AND l.product_id IS NOT NULL) || %(further)s::uuid[])
        ORDER BY p.id FOR NO KEY UPDATE OF p
    )
    SELECT o.id, ARRAY (SELECT s.id FROM stock s) FROM sales_salesorder o
    WHERE o.organization_id = %(organization)s AND o.{key} = %(key)s
      AND (SELECT count(*) FROM stock) >= 0
    FOR UPDATE OF o
"""
LOCK_STOCK_BY_ID = LOCK_STOCK.replace("{key}", "id")
LOCK_STOCK_BY_NUMBER = LOCK_STOCK.replace("{key}", "number")

STAMP = """
    SELECT id, version, updated_at FROM sales_salesorder
    WHERE organization_id = %(organization)s AND {key} = %(key)s
"""
STAMP_BY_ID = STAMP.replace("{key}", "id")
STAMP_BY_NUMBER = STAMP.replace("{key}", "number")

# Whoever orders holds the customer as it is read: a hold that comes meanwhile waits, and then finds
# the order among those that it reaches.
PARTY_TEMPLATE = on_one_line("""
    WITH buyer AS (
        SELECT * FROM directory_customer
        WHERE organization_id = %(organization)s AND id = %(customer)s {lock}
    ),
    chosen AS (
        SELECT
            b.id AS customer_id, b.number, b.name, b.status, b.is_active, b.default_currency,
            coalesce(%(priority)s::text, b.priority) AS priority,
            coalesce(%(payment_term)s::uuid, b.payment_term_id, (
                SELECT id FROM directory_paymentterm
                WHERE organization_id = %(organization)s AND is_default)) AS payment_term_id,
            coalesce(%(shipping_term)s::uuid, b.shipping_term_id, (
                SELECT id FROM directory_shippingterm
                WHERE organization_id = %(organization)s AND is_default)) AS shipping_term_id,
            coalesce(%(carrier)s::uuid, b.carrier_id, (
                SELECT id FROM directory_carrier
                WHERE organization_id = %(organization)s AND is_default)) AS carrier_id,
            CASE WHEN %(carrier)s::uuid IS NULL OR %(carrier)s::uuid = b.carrier_id
                 THEN coalesce(%(carrier_option)s::uuid, b.carrier_option_id)
                 ELSE %(carrier_option)s::uuid END AS carrier_option_id,
            CASE WHEN b.commission_exempt OR EXISTS (
                SELECT 1 FROM directory_customergroup g
                WHERE g.organization_id = %(organization)s AND g.commission_exempt
                  AND (g.id = b.type_group_id OR g.id = ANY (b.pricing_group_ids)))
                 THEN %(sales_rep)s::uuid
                 ELSE coalesce(%(sales_rep)s::uuid, b.sales_rep_id) END AS sales_rep_id,
            b.bill_to_address_id, b.ship_to_address_id
        FROM buyer b
    )
    SELECT
        h.customer_id, h.number, h.name, h.status, h.is_active, h.default_currency, h.priority,
        h.payment_term_id, p.id IS NOT NULL, h.shipping_term_id, t.id IS NOT NULL,
        h.carrier_id, k.id IS NOT NULL, h.carrier_option_id, q.id IS NOT NULL,
        h.sales_rep_id, r.id IS NOT NULL,
        s.id,
        (SELECT coalesce(json_agg(json_build_object(
            'id', a.id, 'label', a.label, 'street_1', a.street_1, 'street_2', a.street_2,
            'city', a.city, 'state', a.state, 'postal_code', a.postal_code,
            'country', a.country, 'phone', a.phone, 'email', a.email,
            'is_bill_to', a.is_bill_to, 'is_ship_to', a.is_ship_to,
            'default_bill_to', a.id = h.bill_to_address_id,
            'default_ship_to', a.id = h.ship_to_address_id) ORDER BY a.id), '[]')
         FROM directory_address a
         WHERE a.organization_id = %(organization)s AND a.customer_id = h.customer_id),
        (SELECT coalesce(json_agg(json_build_object(
            'id', n.id, 'first_name', n.first_name, 'last_name', n.last_name, 'email', n.email,
            'order_confirmation', n.order_confirmation, 'invoice', n.invoice)
            ORDER BY n.id), '[]')
         FROM directory_contact n
         WHERE n.organization_id = %(organization)s AND n.customer_id = h.customer_id),
        (SELECT o.number FROM sales_salesorder o
         WHERE o.organization_id = %(organization)s AND o.customer_id = h.customer_id
           AND o.customer_po_number = %(customer_po_number)s AND o.customer_po_number <> ''
           AND o.id IS DISTINCT FROM %(order)s::uuid
         LIMIT 1),
        s.nickname, r.nickname, p.name, p.timing, t.name, k.name, k.code, q.name
    FROM chosen h
    LEFT JOIN directory_paymentterm p
      ON p.organization_id = %(organization)s AND p.id = h.payment_term_id AND p.is_active
    LEFT JOIN directory_shippingterm t
      ON t.organization_id = %(organization)s AND t.id = h.shipping_term_id AND t.is_active
    LEFT JOIN directory_carrier k
      ON k.organization_id = %(organization)s AND k.id = h.carrier_id AND k.is_enabled
    LEFT JOIN directory_carrieroption q
      ON q.organization_id = %(organization)s AND q.id = h.carrier_option_id
     AND q.carrier_id = h.carrier_id
    LEFT JOIN directory_staff r
      ON r.organization_id = %(organization)s AND r.id = h.sales_rep_id
    LEFT JOIN directory_staff s
      ON s.organization_id = %(organization)s AND s.id = %(order_lead)s::uuid AND s.is_active
""")
PARTY = PARTY_TEMPLATE.replace("{lock}", "")
PARTY_HELD = PARTY_TEMPLATE.replace("{lock}", "FOR SHARE")

EVENTS = """
    INSERT INTO activity_event (organization_id, id, type, at, actor_kind, actor_id, actor_name,
                                subject_id, topic_id, body)
    SELECT %(organization)s, e.id, e.type, %(at)s, %(actor_kind)s, %(actor_id)s::uuid,
           %(actor_name)s, e.subject_id, %(order)s, e.body
    FROM jsonb_to_recordset(%(events)s::jsonb)
         AS e (id uuid, type text, subject_id uuid, body jsonb)
"""

LINE_COLUMNS = """
    id uuid, position integer, kind text, product_id uuid, sku text, description text,
    basis text, ordered numeric, unit text, unit_ratio numeric, requested_weight numeric,
    weight_unit text, weight_basis text, size text, shape text, color text, quality text,
    material text, unit_price numeric, price_locked boolean, price_source text,
    price_breakdown jsonb, line_total numeric, discount_share numeric, tax_rate numeric,
    tax numeric, unit_cost numeric, status text, reasons jsonb, needed_by date,
    line_priority text
"""

NEW_LINE = tuple(entry.split()[0] for entry in LINE_COLUMNS.replace("\n", " ").split(","))
_LINE_NAMES = ", ".join(NEW_LINE)
_NEW_LINES = f"""
    INSERT INTO sales_salesorderline
        (organization_id, order_id, {_LINE_NAMES},
         is_cancelled, cancelled_quantity, cancel_reason, ready, ready_forced, retrieved, picked,
         packed, shipped, returned, invoiced, over_ship_confirmed, shipment_status,
         short_closed_quantity)
    SELECT %(organization)s, %(order)s, {_LINE_NAMES},
           false, 0, '', false, false, 0, 0, 0, 0, 0, 0, false, '', 0
    FROM jsonb_to_recordset(%(lines)s::jsonb) AS n ({LINE_COLUMNS})
"""
INSERT_LINES = _NEW_LINES

# The fields of a head that a new order brings; the second ones as JSON.
NEW_HEAD = tuple(
    """
    carrier_id carrier_option_id currency customer_id customer_po_number date_required
    discount_code_id discount_total freight fulfillment_status grand_total internal_budget
    internal_note notes order_deadline order_lead_id payment_status payment_term_id priority
    promised_at sales_rep_id shipping_term_id source subtotal tax
""".split()
)
NEW_HEAD_JSON = tuple(
    """
    fulfillment_reasons bill_to ship_to acknowledgement_contacts invoice_contacts pricing_flags
""".split()
)

INSERT_ORDER = on_one_line(f"""
    WITH numbered AS MATERIALIZED (
        SELECT %(prefix)s || lpad(n::text, greatest(5, length(n::text)), '0') AS number
        FROM identity_take_number('sales_order') AS n
    ),
    the_order AS (
        INSERT INTO sales_salesorder (
            organization_id, id, version, created_at, updated_at, number, status,
            fulfillment_status, fulfillment_reasons, payment_status, acknowledgment_status,
            customer_id, order_lead_id, sales_rep_id, customer_po_number, notes, internal_note,
            date_required, order_deadline, promised_at, priority, currency, internal_budget,
            payment_term_id, shipping_term_id, carrier_id, carrier_option_id, bill_to, ship_to,
            acknowledgement_contacts, invoice_contacts, discount_code_id, manual_hold,
            hold_reason, terms_accepted_at, terms_accepted_by, subtotal, discount_total, freight,
            tax, grand_total, pricing_flags, source, told)
        SELECT
            %(organization)s, %(order)s, 1, %(at)s, %(at)s, numbered.number, 'estimate',
            %(fulfillment_status)s, %(fulfillment_reasons)s::jsonb, %(payment_status)s, 'not_sent',
            %(customer_id)s, %(order_lead_id)s, %(sales_rep_id)s, %(customer_po_number)s,
            %(notes)s, %(internal_note)s, %(date_required)s, %(order_deadline)s, %(promised_at)s,
            %(priority)s, %(currency)s, %(internal_budget)s, %(payment_term_id)s,
            %(shipping_term_id)s, %(carrier_id)s, %(carrier_option_id)s, %(bill_to)s::jsonb,
            %(ship_to)s::jsonb,
            %(acknowledgement_contacts)s::jsonb, %(invoice_contacts)s::jsonb, %(discount_code_id)s,
            false, '', %(at)s, %(actor_name)s, %(subtotal)s, %(discount_total)s, %(freight)s,
            %(tax)s, %(grand_total)s, %(pricing_flags)s::jsonb, %(source)s, '{{}}'::jsonb
        FROM numbered
        RETURNING number
    ),
    the_lines AS ({_NEW_LINES}),
    redeemed AS (
        INSERT INTO pricing_redemption (organization_id, id, code_id, customer_id, order_id)
        SELECT %(organization)s, %(redemption)s, %(discount_code_id)s::uuid, %(customer_id)s,
               %(order)s
        WHERE %(discount_code_id)s::uuid IS NOT NULL
    ),
    happened AS ({EVENTS})
    SELECT number FROM the_order
""")

SAVE = f"""
    WITH happened AS ({EVENTS}),
    the_lines AS (
        UPDATE sales_salesorderline l
        SET status = n.status, reasons = n.reasons, shipment_status = n.shipment_status,
            retrieved = n.retrieved, picked = n.picked, packed = n.packed,
            shipped = n.shipped, ready = n.ready,
            ready_forced = n.ready_forced, is_cancelled = n.is_cancelled,
            cancelled_quantity = n.cancelled_quantity, cancel_reason = n.cancel_reason,
            reservation_id = n.reservation_id, over_ship_confirmed = n.over_ship_confirmed,
            returned = n.returned, invoiced = n.invoiced,
            short_closed_quantity = n.short_closed_quantity
        FROM jsonb_to_recordset(%(lines)s::jsonb) AS n (
            id uuid, status text, reasons jsonb, shipment_status text, retrieved numeric,
            picked numeric, packed numeric, shipped numeric, ready boolean,
            ready_forced boolean, is_cancelled boolean, cancelled_quantity numeric,
            cancel_reason text, reservation_id uuid, over_ship_confirmed boolean,
            returned numeric, invoiced numeric, short_closed_quantity numeric)
        WHERE l.organization_id = %(organization)s AND l.id = n.id
    )
    UPDATE sales_salesorder o
    SET version = o.version + %(edits)s, updated_at = %(at)s, status = %(status)s,
        fulfillment_status = %(fulfillment_status)s,
        fulfillment_reasons = %(fulfillment_reasons)s::jsonb,
        payment_status = %(payment_status)s, acknowledgment_status = %(acknowledgment_status)s,
        manual_hold = %(manual_hold)s, hold_reason = %(hold_reason)s, held_at = %(held_at)s,
        issued_at = %(issued_at)s, fulfilled_at = %(fulfilled_at)s,
        completed_at = %(completed_at)s, reopened_at = %(reopened_at)s,
        first_shipped_at = %(first_shipped_at)s,
        told = %(told)s::jsonb
    WHERE o.organization_id = %(organization)s AND o.id = %(order)s
"""

SAVE_PRICES = """
    WITH the_lines AS (
        UPDATE sales_salesorderline l
        SET position = n.position, ordered = n.ordered, unit = n.unit,
            unit_ratio = n.unit_ratio, unit_price = n.unit_price,
            price_locked = n.price_locked, price_source = n.price_source,
            price_breakdown = coalesce(n.price_breakdown, l.price_breakdown),
            line_total = n.line_total, discount_share = n.discount_share,
            tax_rate = n.tax_rate, tax = n.tax
        FROM jsonb_to_recordset(%(lines)s::jsonb) AS n (
            id uuid, position integer, ordered numeric, unit text, unit_ratio numeric,
            unit_price numeric, price_locked boolean, price_source text, price_breakdown jsonb,
            line_total numeric, discount_share numeric, tax_rate numeric, tax numeric)
        WHERE l.organization_id = %(organization)s AND l.id = n.id
    )
    UPDATE sales_salesorder
    SET subtotal = %(subtotal)s, discount_total = %(discount_total)s, freight = %(freight)s,
        tax = %(tax)s, grand_total = %(grand_total)s, pricing_flags = %(pricing_flags)s::jsonb
    WHERE organization_id = %(organization)s AND id = %(order)s
"""

# What a customer is still to be invoiced for, and its credit limit, when both are in one currency:
# of every order that is issued, and of the one that is looked at. Estimates bind nobody.
OPEN_AGAINST_CREDIT = """
    SELECT coalesce(sum(greatest(o.grand_total
            - coalesce((o.told->'money'->>'invoiced')::numeric, 0), 0)), 0), c.credit_limit
    FROM directory_customer c
    LEFT JOIN sales_salesorder o
      ON o.organization_id = c.organization_id AND o.customer_id = c.id
     AND (o.status IN ('issued', 'fulfilled') OR o.status = 'estimate' AND o.id = %(order)s)
     AND o.fulfillment_status <> 'cancelled' AND o.currency = %(currency)s
    WHERE c.organization_id = %(organization)s AND c.id = %(customer)s
      AND c.credit_limit IS NOT NULL
      AND coalesce(nullif(c.default_currency, ''), %(own_currency)s) = %(currency)s
    GROUP BY c.id, c.credit_limit
"""
