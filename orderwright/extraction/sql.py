"""What extraction reads: the catalog with a stamp that says when to read it again, and memory."""

CATALOG_STAMP = """
    SELECT count(*), coalesce(max(updated_at), 'epoch'),
           (SELECT coalesce(max(last_confirmed_at), 'epoch') FROM extraction_learnedalias
            WHERE organization_id = %(organization)s AND customer_id IS NULL)
    FROM catalog_product
    WHERE organization_id = %(organization)s AND is_active AND type IN ('sale', 'service')
"""

CATALOG = """
    SELECT id, sku, name, short_name, aliases, default_unit, units, attributes, weight_unit, type
    FROM catalog_product
    WHERE organization_id = %(organization)s AND is_active AND type IN ('sale', 'service')
    ORDER BY id
"""

ORGANIZATION_ALIASES = """
    SELECT phrase, product_id FROM extraction_learnedalias
    WHERE organization_id = %(organization)s AND customer_id IS NULL
"""

MEMORY = """
    SELECT
        EXISTS (SELECT 1 FROM directory_customer
                WHERE organization_id = %(organization)s AND id = %(customer)s),
        (SELECT coalesce(json_object_agg(a.phrase, a.product_id), '{}')
         FROM extraction_learnedalias a
         WHERE a.organization_id = %(organization)s AND a.customer_id = %(customer)s),
        (SELECT coalesce(json_object_agg(c.code, c.product_id), '{}') FROM catalog_itemcode c
         WHERE c.organization_id = %(organization)s AND c.customer_id = %(customer)s),
        (SELECT coalesce(json_agg(DISTINCT h.product_id), '[]') FROM (
            SELECT l.product_id FROM sales_salesorder o
            JOIN sales_salesorderline l
              ON l.organization_id = o.organization_id AND l.order_id = o.id
            WHERE o.organization_id = %(organization)s AND o.customer_id = %(customer)s
              AND l.product_id IS NOT NULL
            ORDER BY o.id DESC LIMIT 300) h)
"""

# One confirmation of a phrase for a customer; another product for the same phrase replaces it.
LEARN = """
    INSERT INTO extraction_learnedalias
        (organization_id, id, customer_id, phrase, product_id, confirmations, last_confirmed_at)
    SELECT %(organization)s, n.id, %(customer)s, n.phrase, n.product_id, 1, %(at)s
    FROM jsonb_to_recordset(%(phrases)s::jsonb) AS n (id uuid, phrase text, product_id uuid)
    ON CONFLICT (organization_id, customer_id, lower(phrase)) WHERE customer_id IS NOT NULL
    DO UPDATE SET
        confirmations = CASE WHEN extraction_learnedalias.product_id = excluded.product_id
                             THEN extraction_learnedalias.confirmations + 1 ELSE 1 END,
        product_id = excluded.product_id, last_confirmed_at = excluded.last_confirmed_at
"""

# What two customers mean by a phrase, everybody is offered.
SHARE = """
    INSERT INTO extraction_learnedalias
        (organization_id, id, customer_id, phrase, product_id, confirmations, last_confirmed_at)
    SELECT %(organization)s, gen_random_uuid(), NULL, min(a.phrase), min(a.product_id::text)::uuid,
           count(*), %(at)s
    FROM extraction_learnedalias a
    WHERE a.organization_id = %(organization)s AND a.customer_id IS NOT NULL
      AND lower(a.phrase) = ANY (%(phrases)s::text[])
    GROUP BY lower(a.phrase)
    HAVING count(DISTINCT a.customer_id) >= 2 AND count(DISTINCT a.product_id) = 1
    ON CONFLICT (organization_id, lower(phrase)) WHERE customer_id IS NULL
    DO UPDATE SET product_id = excluded.product_id, confirmations = excluded.confirmations,
        last_confirmed_at = excluded.last_confirmed_at
"""
