"""One statement that reads everything a price depends on.

Numbers leave the database as text inside JSON, so that no digit is lost on the way to Decimal.
"""

from orderwright.kernel.sql_text import on_one_line

PRICE_FACTS = on_one_line("""
WITH buyer AS (
    SELECT c.* FROM directory_customer c
    WHERE c.organization_id = %(organization)s AND c.id = %(customer)s
),
groups AS (
    SELECT g.id, g.name, g.free_freight
    FROM directory_customergroup g, buyer b
    WHERE g.organization_id = %(organization)s
      AND (g.id = b.type_group_id OR g.id = ANY (b.pricing_group_ids))
),
products AS MATERIALIZED (
    SELECT p.*, coalesce(l.free_freight, false) AS line_free_freight
    FROM catalog_product p
    LEFT JOIN catalog_productline l
      ON l.organization_id = p.organization_id AND l.id = p.product_line_id
    WHERE p.organization_id = %(organization)s AND p.id = ANY (%(products)s::uuid[])
)
SELECT
    (SELECT json_build_object(
        'id', b.id, 'parent_id', b.parent_id, 'name', b.name, 'is_active', b.is_active,
        'tax_exempt', b.tax_exempt, 'tax_rate', b.tax_rate::text,
        'free_freight', b.free_freight,
        'group_ids', (SELECT coalesce(json_agg(g.id), '[]') FROM groups g),
        'free_group', (SELECT min(g.name) FROM groups g WHERE g.free_freight),
        'allowed_lines', (
            SELECT json_agg(a.product_line_id) FROM catalog_lineaccess a
            WHERE a.organization_id = %(organization)s
              AND a.group_id IN (SELECT g.id FROM groups g)))
     FROM buyer b),
    (SELECT coalesce(json_agg(json_build_object(
        'id', p.id, 'sku', p.sku, 'name', p.name, 'type', p.type, 'is_active', p.is_active,
        'base_price', p.base_price::text, 'currency', p.currency, 'price_unit', p.price_unit,
        'default_unit', p.default_unit, 'units', p.units,
        'weight_per_unit', p.weight_per_unit::text, 'weight_unit', p.weight_unit,
        'product_line_id', p.product_line_id, 'category_id', p.category_id,
        'attributes', p.attributes, 'tax_rate', p.tax_rate::text,
        'unit_cost', p.unit_cost::text, 'free_freight', p.line_free_freight)), '[]')
     FROM products p),
    (SELECT coalesce(json_agg(json_build_object(
        'id', r.id, 'customer_id', r.customer_id, 'product_line_id', r.product_line_id,
        'price', r.price::text, 'created_at', r.created_at, 'currency', r.currency,
        'unit', r.unit, 'category_ids', r.category_ids, 'attributes', r.attributes)), '[]')
     FROM pricing_customerprice r, buyer b
     WHERE r.organization_id = %(organization)s AND r.is_active
       AND r.customer_id IN (b.id, b.parent_id)
       AND r.product_line_id IN (SELECT p.product_line_id FROM products p)),
    (SELECT coalesce(json_agg(json_build_object(
        'id', v.id, 'name', v.name, 'tiers', v.tiers,
        'customer_group_ids', v.customer_group_ids, 'product_line_ids', v.product_line_ids,
        'category_ids', v.category_ids, 'attributes', v.attributes,
        'acceptable_units', v.acceptable_units)), '[]')
     FROM pricing_volumediscount v
     WHERE v.organization_id = %(organization)s AND v.is_active),
    (SELECT json_build_object(
        'id', d.id, 'code', d.code, 'type', d.type, 'percentage', d.percentage::text,
        'amount', d.amount::text, 'currency', d.currency, 'starts_on', d.starts_on,
        'ends_on', d.ends_on, 'max_redemptions', d.max_redemptions,
        'once_per_customer', d.once_per_customer, 'customer_ids', d.customer_ids,
        'is_active', d.is_active,
        'redemptions', (
            SELECT count(*) FROM pricing_redemption u
            WHERE u.organization_id = %(organization)s AND u.code_id = d.id
              AND u.order_id IS DISTINCT FROM %(order)s::uuid),
        'used_by_customer', EXISTS (
            SELECT 1 FROM pricing_redemption u
            WHERE u.organization_id = %(organization)s AND u.code_id = d.id
              AND u.customer_id = %(customer)s
              AND u.order_id IS DISTINCT FROM %(order)s::uuid))
     FROM pricing_discountcode d
     WHERE d.organization_id = %(organization)s
       AND (d.id = %(code_id)s::uuid OR lower(d.code) = lower(trim(%(code)s::text)))
     LIMIT 1),
    (SELECT json_build_object(
        'term_name', t.name, 'term_type', t.type, 'currency', t.currency,
        'flat_rate', t.flat_rate::text, 'minimum_order_value', t.minimum_order_value::text,
        'free_freight_threshold', t.free_freight_threshold::text,
        'free_option_ids', t.free_option_ids,
        'option_id', o.id, 'rate_base', o.rate_base::text, 'rate_per_kg', o.rate_per_kg::text)
     FROM directory_shippingterm t
     LEFT JOIN directory_carrieroption o
       ON o.organization_id = t.organization_id AND o.id = %(carrier_option)s::uuid
     WHERE t.organization_id = %(organization)s AND t.id = %(shipping_term)s::uuid)
""")

LOCK_CODE = """
    SELECT 1 FROM pricing_discountcode
    WHERE organization_id = %(organization)s AND lower(code) = lower(%(code)s) FOR UPDATE
"""
