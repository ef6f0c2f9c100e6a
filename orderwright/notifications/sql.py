"""Statements of notifications: the facts of an event, whom they concern, and what a date brings.

A constant number of statements tells any number of people of any number of things.
"""

from typing import Final

# Every organization once: jobs that follow the calendar have no caller who would name theirs.
FUNCTIONS: Final = (
    """
    CREATE OR REPLACE FUNCTION notifications_organizations()
    RETURNS TABLE (id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    BEGIN
        RETURN QUERY SELECT o.id FROM identity_organization o ORDER BY o.id;
    END $$
    """,
)
ORGANIZATIONS: Final = "SELECT id FROM notifications_organizations()"

# Everything that a rule may ask of an event, over primary keys.
EVENT_FACTS: Final = """
    SELECT e.type, e.subject_id, e.body::text,
        CASE WHEN e.actor_kind = 'user' THEN e.actor_id END,
        coalesce(o.number, ''), c.id, coalesce(c.name, e.body ->> 'customer', ''),
        o.order_lead_id, coalesce(t.assignee_id, j.staff_id),
        coalesce(o.fulfillment_status = 'on_hold', false),
        coalesce(j.status, ''), coalesce(j.completed_at::text, ''), coalesce(t.due_on::text, ''),
        (SELECT count(*) FROM sales_salesorderline l
         WHERE e.type = 'sales_order.covered' AND l.organization_id = e.organization_id
           AND l.order_id = o.id AND l.status = 'backordered'),
        (SELECT coalesce(jsonb_object_agg(l.position, left(l.description, 60)), '{}')::text
         FROM sales_salesorderline l
         WHERE e.type IN ('sales_order.covered', 'sales_order.lines_changed')
           AND l.organization_id = e.organization_id AND l.order_id = o.id
           AND l.position IN (SELECT (line ->> 'position')::integer
                              FROM jsonb_array_elements(e.body -> 'lines') AS line)),
        (SELECT coalesce(jsonb_agg(jsonb_build_array(led.order_lead_id, led.orders)), '[]')::text
         FROM (SELECT x.order_lead_id, count(*) AS orders FROM sales_salesorder x
               WHERE e.type = 'customer.status_changed' AND x.organization_id = e.organization_id
                 AND x.customer_id = e.subject_id AND x.status = 'issued'
               GROUP BY x.order_lead_id) AS led),
        e.at
    FROM activity_event e
    LEFT JOIN sales_salesorder o ON o.organization_id = e.organization_id AND o.id = e.topic_id
    LEFT JOIN directory_customer c
      ON c.organization_id = e.organization_id AND c.id = coalesce(o.customer_id, e.topic_id)
    LEFT JOIN sales_ordertask t
      ON t.organization_id = e.organization_id AND t.order_id = o.id AND t.done_at IS NULL
      AND t.id = CASE WHEN e.type IN ('sales_order.task_added', 'sales_order.task_edited')
                      THEN (e.body ->> 'task_id')::uuid END
    LEFT JOIN production_productionjob j
      ON j.organization_id = e.organization_id AND j.id = e.subject_id
    WHERE e.organization_id = %(organization)s AND e.id = %(event)s
"""

# Who is meant by each notice and may know of it, with the words for them and what they want.
RECIPIENTS: Final = """
    SELECT DISTINCT ON (n.occasion, n.kind, u.id)
        n.place, u.id, u.email, r.permissions @> ARRAY['customers:read']::varchar[],
        coalesce(p.in_app, n.in_app), coalesce(p.email, n.by_email)
    FROM jsonb_to_recordset(%(notices)s::jsonb) AS n (
        place integer, occasion uuid, kind text, category text, staff_id uuid, user_id uuid,
        permission text, needs jsonb, except_user uuid, in_app boolean, by_email boolean)
    LEFT JOIN directory_staff s ON s.organization_id = %(organization)s AND s.id = n.staff_id
    JOIN identity_user u ON u.organization_id = %(organization)s AND u.status = 'active'
      AND u.id IS DISTINCT FROM n.except_user
      AND (n.permission <> '' OR u.id = n.user_id OR u.id = s.user_id)
    JOIN identity_role r ON r.organization_id = u.organization_id AND r.id = u.role_id
      AND (n.permission = '' OR n.permission = ANY (r.permissions))
      AND r.permissions @> ARRAY(SELECT jsonb_array_elements_text(n.needs))::varchar[]
    LEFT JOIN notifications_notificationpreference p
      ON p.organization_id = %(organization)s AND p.user_id = u.id AND p.category = n.category
    ORDER BY n.occasion, n.kind, u.id, n.place
"""

INSERT: Final = """
    INSERT INTO notifications_notification (
        organization_id, id, user_id, category, kind, title, body, link, occasion, in_app,
        by_email, at)
    SELECT %(organization)s, n.id, n.user_id, n.category, n.kind, n.title, n.body, n.link,
        n.occasion, n.in_app, n.by_email, n.at
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS n (
        id uuid, user_id uuid, category text, kind text, title text, body text, link text,
        occasion uuid, at timestamptz, in_app boolean, by_email boolean)
    ON CONFLICT (organization_id, user_id, occasion, kind) DO NOTHING
    RETURNING id, by_email
"""

UNREAD: Final = """
    SELECT count(*), coalesce(max(newest.id::text), '') FROM (
        SELECT n.id FROM notifications_notification n
        WHERE n.organization_id = %(organization)s AND n.user_id = %(user)s
          AND n.in_app AND n.read_at IS NULL AND n.dismissed_at IS NULL
        ORDER BY n.id DESC LIMIT %(most)s) AS newest
"""

CHOOSE: Final = """
    INSERT INTO notifications_notificationpreference (
        organization_id, id, user_id, category, in_app, email)
    SELECT %(organization)s, n.id, %(user)s, n.category, n.in_app, n.email
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS n (
        id uuid, category text, in_app boolean, email boolean)
    ON CONFLICT (organization_id, user_id, category)
    DO UPDATE SET in_app = excluded.in_app, email = excluded.email
"""

_FOUND: Final = """
        coalesce(o.number, ''), c.id, coalesce(c.name, ''), o.order_lead_id
"""

OVERDUE_JOBS: Final = f"""
    SELECT j.id, j.deadline, j.staff_id,
        jsonb_build_object('number', j.number, 'deadline', j.deadline)::text, {_FOUND}
    FROM production_productionjob j
    LEFT JOIN sales_salesorder o ON o.organization_id = j.organization_id AND o.id = j.order_id
    LEFT JOIN directory_customer c
      ON c.organization_id = j.organization_id AND c.id = o.customer_id
    WHERE j.organization_id = %(organization)s
      AND j.status IN ('unscheduled', 'scheduled', 'ongoing')
      AND j.deadline >= %(since)s AND j.deadline < %(today)s
"""

OVERDUE_INVOICES: Final = f"""
    SELECT i.id, i.due_date, NULL::uuid,
        jsonb_build_object('number', i.number, 'due', i.due_date, 'totals', jsonb_build_object(
            'amount', (i.total - i.allocated)::text, 'currency', i.currency))::text, {_FOUND}
    FROM invoicing_invoice i
    JOIN directory_customer c ON c.organization_id = i.organization_id AND c.id = i.customer_id
    LEFT JOIN sales_salesorder o ON o.organization_id = i.organization_id AND o.id = i.order_id
    WHERE i.organization_id = %(organization)s AND i.status IN ('finalised', 'sent')
      AND i.total > i.allocated AND i.due_date >= %(since)s AND i.due_date < %(today)s
"""

DUE_TASKS: Final = f"""
    SELECT t.id, t.due_on, t.assignee_id,
        jsonb_build_object('title', t.title, 'due', t.due_on)::text, {_FOUND}
    FROM sales_ordertask t
    JOIN sales_salesorder o ON o.organization_id = t.organization_id AND o.id = t.order_id
    JOIN directory_customer c ON c.organization_id = t.organization_id AND c.id = o.customer_id
    WHERE t.organization_id = %(organization)s AND t.done_at IS NULL
      AND t.assignee_id IS NOT NULL AND t.due_on >= %(since)s AND t.due_on <= %(today)s
"""

# What is low now: products that recovered are forgotten, those that were not low before answered.
NEWLY_LOW: Final = """
    WITH stock AS (
        SELECT p.id, p.name, p.default_unit, p.reorder_threshold AS threshold, (
            SELECT coalesce(sum(l.quantity), 0) FROM inventory_lot l
            WHERE l.organization_id = p.organization_id AND l.product_id = p.id
              AND l.status IN ('available', 'retrieved_out')
              AND NOT (l.quantity = 0 AND l.weight = 0)) AS on_hand
        FROM catalog_product p
        WHERE p.organization_id = %(organization)s AND p.is_active
          AND p.reorder_threshold IS NOT NULL
    ), low AS (
        SELECT * FROM stock WHERE on_hand <= threshold
    ), recovered AS (
        DELETE FROM notifications_lowproduct k
        WHERE k.organization_id = %(organization)s
          AND NOT EXISTS (SELECT 1 FROM low WHERE low.id = k.product_id)
    ), fresh AS (
        INSERT INTO notifications_lowproduct (organization_id, id, product_id, since)
        SELECT %(organization)s, gen_random_uuid(), low.id, %(now)s FROM low
        ON CONFLICT (organization_id, product_id) DO NOTHING
        RETURNING id, product_id
    )
    SELECT low.id, fresh.id::text, NULL::uuid, jsonb_build_object(
            'name', low.name, 'unit', low.default_unit, 'on_hand', trim_scale(low.on_hand)::text,
            'threshold', trim_scale(low.threshold)::text)::text, '', NULL::uuid, '', NULL::uuid
    FROM fresh JOIN low ON low.id = fresh.product_id
"""
