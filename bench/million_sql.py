"""Believable orders by the million, each table in one statement: rows follow from their number.

`first` and `last` are numbers of orders, `total` how many there will be: an order's age, and with
it its status, follows from where it stands among them.
"""

from typing import Final

CUSTOMERS: Final = """
    INSERT INTO directory_customer (organization_id, id, version, created_at, updated_at, number,
        name, first_name, last_name, email, phone, website, notes, status, pricing_group_ids,
        priority, free_freight, commission_exempt, default_currency, tax_exempt, is_active,
        carrier_billing_type)
    SELECT %(organization)s, uuidv7(), 1, now(), now(), 'C-' || lpad(n::text, 6, '0'),
        w.names[1 + n %% 97] || ' ' || w.trades[1 + (n / 97) %% 41]
            || CASE WHEN n >= 97 * 41 THEN ' ' || w.towns[1 + (n / (97 * 41)) %% 53] ELSE '' END,
        '', '', 'office' || n || '@' || lower(w.names[1 + n %% 97]) || '.example', '', '', '',
        CASE WHEN n %% 211 = 0 THEN 'hold_all' WHEN n %% 173 = 0 THEN 'hold_shipment'
             WHEN n %% 17 = 0 THEN 'preferred' ELSE 'normal' END,
        '{}', CASE WHEN n %% 23 = 0 THEN 'high' ELSE 'normal' END, false, false, '', false, true,
        'sender'
    FROM generate_series(%(first)s, %(last)s) AS n, million_words AS w
"""

ADDRESSES: Final = """
    INSERT INTO directory_address (organization_id, id, customer_id, label, street_1, street_2,
        city, state, postal_code, country, phone, email, is_drop_ship, is_bill_to, is_ship_to)
    SELECT c.organization_id, uuidv7(), c.id, 'Main', '1 Main Street', '', 'Springfield', 'IL',
        '62701', 'US', '', '', false, true, true
    FROM directory_customer c
    WHERE c.organization_id = %(organization)s
      AND c.number > 'C-' || lpad((%(first)s - 1)::text, 6, '0')
"""

CONTACTS: Final = """
    INSERT INTO directory_contact (organization_id, id, customer_id, first_name, last_name, email,
        order_confirmation, invoice)
    SELECT c.organization_id, uuidv7(), c.id, 'Kim', 'Buyer', 'kim.' || c.email, true, true
    FROM directory_customer c
    WHERE c.organization_id = %(organization)s
      AND c.number > 'C-' || lpad((%(first)s - 1)::text, 6, '0')
"""

PRODUCTS: Final = """
    INSERT INTO catalog_product (organization_id, id, version, created_at, updated_at, sku, name,
        short_name, description, type, attributes, aliases, base_price, currency, price_unit,
        default_unit, units, weight_unit, is_manufactured, reorder_threshold, is_active)
    SELECT %(organization)s, uuidv7(), 1, now(), now(), 'P' || lpad(n::text, 5, '0'),
        w.materials[1 + n %% 13] || ' ' || w.goods[1 + (n / 13) %% 29] || ' ' || (1 + n / 377)
            || ' mm',
        '', '', 'sale', '{}', '{}', 5 + n %% 300, 'USD', '', 'pcs', '{}', '', n %% 3 = 0,
        CASE WHEN n %% 10 = 0 THEN 500 END, true
    FROM generate_series(%(first)s, %(last)s) AS n, million_words AS w
"""

LOTS: Final = """
    INSERT INTO inventory_lot (organization_id, id, version, created_at, updated_at, tag_id,
        product_id, location_id, quantity, weight, weight_unit, status, inventory_type,
        finished_type, shape, size, color, quality, rack, currency, source, notes, may_go_negative)
    SELECT p.organization_id, uuidv7(), 1, now(), now(), 'T' || p.sku, p.id, %(location)s,
        CASE WHEN right(p.sku, 2) = '10' THEN 40 ELSE 100000 END, 200000, 'g', 'available',
        'Finished', '', '', '', '', '', '', '', 'manual', '', false
    FROM catalog_product p
    WHERE p.organization_id = %(organization)s
      AND p.sku > 'P' || lpad((%(first)s - 1)::text, 5, '0')
"""

# One row for each new order; everything else is told by it. Customers are skewed: few buy much.
PLAN: Final = """
    CREATE TEMPORARY TABLE million_plan ON COMMIT DROP AS
    SELECT n, uuidv7(made - now()) AS id, made, status,
        CASE
            WHEN status = 'estimate' THEN CASE WHEN roll2 < 0.03 THEN 'on_hold'
                                               ELSE 'not_started' END
            WHEN status = 'issued' THEN
                CASE WHEN roll2 < 0.25 THEN 'not_started' WHEN roll2 < 0.45 THEN 'in_production'
                     WHEN roll2 < 0.65 THEN 'ready_to_ship' WHEN roll2 < 0.75 THEN 'on_hold'
                     WHEN roll2 < 0.90 THEN 'partially_shipped' ELSE 'shipped' END
            WHEN status = 'fulfilled' THEN 'shipped' ELSE 'completed'
        END AS fulfillment,
        c.id AS customer_id, made::date + 10 + (roll2 * 30)::int AS required, 1 + n %% 5 AS lines
    FROM (
        SELECT n, made, roll2, floor(power(roll3, 3) * (SELECT count(*) FROM million_customers))
                   ::int + 1 AS buyer,
            CASE WHEN age < 0.025 THEN CASE WHEN roll < 0.35 THEN 'estimate'
                                            WHEN roll < 0.95 THEN 'issued' ELSE 'fulfilled' END
                 WHEN roll < 0.001 THEN 'estimate' WHEN roll < 0.005 THEN 'issued'
                 WHEN roll < 0.045 THEN 'fulfilled' ELSE 'completed' END AS status
        FROM (
            SELECT n, 1 - n::float / %(total)s AS age,
                now() - (1 - n::float / %(total)s) * interval '1095 days' AS made,
                random() AS roll, random() AS roll2, random() AS roll3
            FROM generate_series(%(first)s, %(last)s) AS n
        ) AS rolled
    ) AS told
    JOIN million_customers c ON c.place = told.buyer
"""

ORDERS: Final = """
    INSERT INTO sales_salesorder (organization_id, id, version, created_at, updated_at, number,
        status, fulfillment_status, fulfillment_reasons, payment_status, acknowledgment_status,
        customer_id, order_lead_id, customer_po_number, notes, internal_note, date_required,
        priority, currency, payment_term_id, shipping_term_id, carrier_id, bill_to, ship_to,
        acknowledgement_contacts, invoice_contacts, manual_hold, hold_reason, terms_accepted_by,
        issued_at, fulfilled_at, completed_at, subtotal, discount_total, freight, tax, grand_total,
        pricing_flags, source, told)
    SELECT %(organization)s, id, 1, made, made, 'SO-' || lpad(n::text, greatest(5, length(n::text)),
            '0'), status,
        fulfillment, '[]', CASE status WHEN 'completed' THEN 'paid' ELSE 'unpaid' END, 'not_sent',
        customer_id, %(lead)s, 'PO-' || (700000 + n * 7), '', '', required,
        CASE WHEN n %% 19 = 0 THEN 'high' ELSE 'normal' END, 'USD', %(payment_term)s,
        %(shipping_term)s, %(carrier)s, '{}', '{}', '[]', '[]', fulfillment = 'on_hold',
        CASE fulfillment WHEN 'on_hold' THEN 'waits for the customer' ELSE '' END, 'Bench',
        CASE WHEN status <> 'estimate' THEN made + interval '1 hour' END,
        CASE WHEN status IN ('fulfilled', 'completed') THEN made + interval '9 days' END,
        CASE WHEN status = 'completed' THEN made + interval '30 days' END,
        lines * 120, 0, 0, 0, lines * 120, '[]', 'api', '{}'
    FROM million_plan ORDER BY n
"""

LINE_PLAN: Final = """
    CREATE TEMPORARY TABLE million_lines ON COMMIT DROP AS
    SELECT m.id AS order_id, m.n, m.made, m.status, m.fulfillment, k AS position,
        p.id AS product_id, p.sku, p.name,
        CASE WHEN m.status = 'issued' THEN uuidv7() END AS reservation_id,
        1 + (m.n + k) %% 12 AS ordered, m.fulfillment IN ('shipped', 'completed') AS is_shipped
    FROM million_plan m
    CROSS JOIN LATERAL generate_series(1, m.lines) AS k
    JOIN million_products p ON p.place = 1 + (m.n * 31 + k * 17) %% %(products)s
"""

RESERVATIONS: Final = """
    INSERT INTO inventory_reservation (organization_id, id, product_id, basis, weight_unit,
        required, covered, is_open, priority_rank, issued_at, position, label)
    SELECT %(organization)s, reservation_id, product_id, 'quantity', '',
        CASE WHEN is_shipped THEN 0 ELSE ordered END,
        CASE WHEN is_shipped OR n %% 7 = 0 THEN 0 ELSE ordered END, NOT is_shipped, 1, made,
        position, ''
    FROM million_lines WHERE reservation_id IS NOT NULL
"""

LINES: Final = """
    INSERT INTO sales_salesorderline (organization_id, id, order_id, position, kind, product_id,
        reservation_id, sku, description, basis, ordered, unit, unit_ratio, weight_unit,
        weight_basis, size, shape, color, quality, material, unit_price, price_locked, price_source,
        price_breakdown, line_total, discount_share, tax_rate, tax, is_cancelled,
        cancelled_quantity, cancel_reason, ready, ready_forced, retrieved, picked, packed, shipped,
        returned, invoiced, over_ship_confirmed, status, reasons, shipment_status, line_priority)
    SELECT %(organization)s, uuidv7(made - now()), order_id, position, 'product', product_id,
        reservation_id, sku, name, 'quantity', ordered, 'pcs', 1, '', 'total', '', '', '', '', '',
        10, true, 'base_price', '[]', 120, 0, 0, 0, false, 0, '', false, false, 0, 0, 0,
        CASE WHEN is_shipped THEN ordered ELSE 0 END, 0, 0, false,
        CASE WHEN is_shipped THEN 'shipped' ELSE 'not_started' END, '[]', '', ''
    FROM million_lines ORDER BY n, position
"""

SHIPMENTS: Final = """
    INSERT INTO shipping_shipment (organization_id, id, version, created_at, updated_at, number,
        order_id, stage, tracking_status, carrier_id, tracking_number, ship_to, package, note,
        shipped_at, shipped_by, delivered_at, exception_message)
    SELECT %(organization)s, uuidv7(made - now()), 1, made, made,
        'SO-' || lpad(n::text, greatest(5, length(n::text)), '0'), id, 'shipped',
        CASE WHEN status IN ('fulfilled', 'completed') AND n %% 300 <> 0 THEN 'delivered'
             WHEN n %% 40 = 0 THEN 'exception' ELSE 'in_transit' END,
        %(carrier)s, '1Z' || upper(substr(md5(n::text), 1, 16)), '{}', '{}', '',
        made + interval '8 days', 'Bench',
        CASE WHEN status IN ('fulfilled', 'completed') AND n %% 300 <> 0
             THEN least(now(), made + interval '11 days') END, ''
    FROM million_plan WHERE fulfillment IN ('shipped', 'completed', 'partially_shipped') ORDER BY n
"""

EVENTS: Final = """
    INSERT INTO activity_event (organization_id, id, type, at, actor_kind, actor_name, subject_id,
        topic_id, body)
    SELECT %(organization)s, uuidv7(made - now()), 'sales_order.created', made, 'system', 'Bench',
        id, id, '{}'
    FROM million_plan ORDER BY n
"""

FOR_ORDERS: Final = (PLAN, ORDERS, LINE_PLAN, RESERVATIONS, LINES, SHIPMENTS, EVENTS)

PLACES: Final = """
    CREATE TEMPORARY TABLE million_{what} ON COMMIT DROP AS
    SELECT id{more}, row_number() OVER (ORDER BY id) AS place
    FROM {table} WHERE organization_id = %(organization)s
"""

WORDS: Final = """
    CREATE TEMPORARY TABLE million_words ON COMMIT DROP AS
    SELECT %(names)s::text[] AS names, %(trades)s::text[] AS trades, %(towns)s::text[] AS towns,
        %(materials)s::text[] AS materials, %(goods)s::text[] AS goods
"""

TABLES: Final = (
    "activity_event",
    "catalog_product",
    "directory_address",
    "directory_contact",
    "directory_customer",
    "inventory_lot",
    "inventory_reservation",
    "sales_salesorder",
    "sales_salesorderline",
    "shipping_shipment",
)
NEEDING_VALUES: Final = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = ANY (%s) AND is_nullable = 'NO'
      AND column_default IS NULL AND is_generated = 'NEVER'
"""
