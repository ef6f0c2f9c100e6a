"""Following the log of events, and taking one delivery at a time: webhooks' own statements."""

# Where the log stands for somebody who begins to follow it now: whatever commits from here on is
# in a transaction at or after this one (decision 6).
HERE = "SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint"

# Whoever holds the lease of an endpoint delivers to it alone, in the order of the log.
LEASE = """
    UPDATE webhooks_endpoint SET busy_until = %(until)s
    WHERE organization_id = %(organization)s AND id = %(endpoint)s AND is_active
      AND (busy_until IS NULL OR busy_until <= %(now)s)
    RETURNING id
"""

RELEASE = """
    UPDATE webhooks_endpoint SET busy_until = NULL
    WHERE organization_id = %(organization)s AND id = %(endpoint)s
"""

EVENTS_TO_FOLLOW = """
    SELECT id, type, transaction FROM activity_event
    WHERE organization_id = %(organization)s
      AND (transaction, id) > (%(transaction)s, %(event)s)
      AND transaction < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
    ORDER BY transaction, id LIMIT %(limit)s
"""

INSERT_DELIVERIES = """
    INSERT INTO webhooks_delivery (organization_id, id, endpoint_id, event_id, event_type,
        transaction, status, attempts, next_attempt_at, response_body, error, created_at)
    SELECT %(organization)s, n.id, %(endpoint)s, n.event, n.type, n.transaction, 'pending', 0,
           %(now)s, '', '', %(now)s
    FROM jsonb_to_recordset(%(rows)s::jsonb)
         AS n (id uuid, event uuid, type text, transaction bigint)
    ON CONFLICT (organization_id, endpoint_id, event_id) DO NOTHING
"""

# The next delivery that is due, taken: it counts as attempted, and the leases run anew.
TAKE_NEXT = """
    WITH next AS MATERIALIZED (
        SELECT d.id FROM webhooks_delivery d
        WHERE d.organization_id = %(organization)s AND d.endpoint_id = %(endpoint)s
          AND d.status IN ('pending', 'failed') AND d.next_attempt_at <= %(now)s
          AND EXISTS (SELECT FROM webhooks_endpoint p
                      WHERE p.organization_id = %(organization)s AND p.id = %(endpoint)s
                        AND p.is_active
                        AND (p.resting_until IS NULL OR p.resting_until <= %(now)s))
        ORDER BY d.next_attempt_at, d.transaction, d.event_id
        LIMIT 1 FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE webhooks_delivery d
        SET attempts = d.attempts + 1, last_attempt_at = %(now)s, next_attempt_at = %(until)s
        FROM next WHERE d.organization_id = %(organization)s AND d.id = next.id
        RETURNING d.id, d.attempts, d.event_id
    ), held AS (
        UPDATE webhooks_endpoint p SET busy_until = %(until)s
        WHERE p.organization_id = %(organization)s AND p.id = %(endpoint)s
          AND EXISTS (SELECT FROM taken)
    )
    SELECT t.id, t.attempts, p.url, p.secret, p.previous_secret, p.previous_until,
           e.id, e.type, e.at, e.actor_kind, e.actor_id, e.actor_name, e.subject_id, e.topic_id,
           e.body
    FROM taken t
    JOIN activity_event e ON e.organization_id = %(organization)s AND e.id = t.event_id
    JOIN webhooks_endpoint p ON p.organization_id = %(organization)s AND p.id = %(endpoint)s
"""

# Only the attempt that is told of counts: one whose lease ran out was taken over by another.
SETTLE = """
    UPDATE webhooks_delivery
    SET status = %(status)s, next_attempt_at = %(next)s, delivered_at = %(delivered_at)s,
        response_status = %(response)s, response_body = %(body)s, error = %(error)s,
        duration_ms = %(duration)s
    WHERE organization_id = %(organization)s AND id = %(delivery)s AND attempts = %(attempts)s
      AND status IN ('pending', 'failed')
"""

NOTE_SUCCESS = """
    UPDATE webhooks_endpoint
    SET silent = 0, resting_until = NULL, failing_since = NULL, last_delivered_at = %(now)s
    WHERE organization_id = %(organization)s AND id = %(endpoint)s
"""

NOTE_FAILURE = """
    UPDATE webhooks_endpoint
    SET silent = CASE WHEN %(silent)s::boolean THEN silent + 1 ELSE 0 END,
        failing_since = coalesce(failing_since, %(now)s)
    WHERE organization_id = %(organization)s AND id = %(endpoint)s
    RETURNING silent, failing_since, is_active, url
"""

# What is left to do: whether there are events that nobody has followed yet (those of transactions
# that are still open included), and when the next delivery is due.
LEFT = """
    SELECT (p.followed_transaction, p.followed_event)
               < (SELECT e.transaction, e.id FROM activity_event e
                  WHERE e.organization_id = %(organization)s
                  ORDER BY e.transaction DESC, e.id DESC LIMIT 1),
           greatest(p.resting_until,
                    (SELECT min(d.next_attempt_at) FROM webhooks_delivery d
                     WHERE d.organization_id = %(organization)s AND d.endpoint_id = p.id
                       AND d.status IN ('pending', 'failed'))),
           EXISTS (SELECT FROM webhooks_delivery d
                   WHERE d.organization_id = %(organization)s AND d.endpoint_id = p.id
                     AND d.status IN ('pending', 'failed'))
    FROM webhooks_endpoint p
    WHERE p.organization_id = %(organization)s AND p.id = %(endpoint)s AND p.is_active
"""

# The sweep asks for all organizations at once, so these run with their owner's rights.
TO_DO = """
    CREATE OR REPLACE FUNCTION webhooks_to_do(moment timestamptz)
    RETURNS TABLE (organization_id uuid, endpoint_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    BEGIN
        RETURN QUERY
        SELECT p.organization_id, p.id FROM webhooks_endpoint p
        WHERE p.is_active
          AND (p.busy_until IS NULL OR p.busy_until <= moment)
          AND (p.resting_until IS NULL OR p.resting_until <= moment)
          AND (EXISTS (SELECT FROM webhooks_delivery d
                       WHERE d.organization_id = p.organization_id AND d.endpoint_id = p.id
                         AND d.status IN ('pending', 'failed') AND d.next_attempt_at <= moment)
               OR (p.followed_transaction, p.followed_event)
                  < (SELECT e.transaction, e.id FROM activity_event e
                     WHERE e.organization_id = p.organization_id
                     ORDER BY e.transaction DESC, e.id DESC LIMIT 1))
        ORDER BY p.id;
    END $$
"""

FORGET = """
    CREATE OR REPLACE FUNCTION webhooks_forget(oldest timestamptz, most integer)
    RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DECLARE gone integer;
    BEGIN
        DELETE FROM webhooks_delivery d
        USING (SELECT o.organization_id, o.id FROM webhooks_delivery o
               WHERE o.created_at < oldest LIMIT most) AS old
        WHERE d.organization_id = old.organization_id AND d.id = old.id;
        GET DIAGNOSTICS gone = ROW_COUNT;
        RETURN gone;
    END $$
"""

AGAIN = """
    UPDATE webhooks_delivery
    SET status = 'pending', attempts = 0, next_attempt_at = %(now)s, delivered_at = NULL,
        created_at = %(now)s
    WHERE organization_id = %(organization)s AND endpoint_id = %(endpoint)s
      AND (%(delivery)s::uuid IS NULL OR id = %(delivery)s::uuid)
      AND (%(delivery)s::uuid IS NOT NULL OR status IN ('failed', 'exhausted'))
"""

EVENTS_SINCE = """
    SELECT id, type, transaction FROM activity_event
    WHERE organization_id = %(organization)s AND at >= %(since)s AND id > %(after)s
      AND (transaction, id) <= (%(transaction)s, %(event)s)
    ORDER BY id LIMIT %(limit)s
"""

REPLAY_DELIVERIES = """
    INSERT INTO webhooks_delivery AS d (organization_id, id, endpoint_id, event_id, event_type,
        transaction, status, attempts, next_attempt_at, response_body, error, created_at)
    SELECT %(organization)s, n.id, %(endpoint)s, n.event, n.type, n.transaction, 'pending', 0,
           %(now)s, '', '', %(now)s
    FROM jsonb_to_recordset(%(rows)s::jsonb)
         AS n (id uuid, event uuid, type text, transaction bigint)
    ON CONFLICT (organization_id, endpoint_id, event_id) DO UPDATE
    SET status = 'pending', attempts = 0, next_attempt_at = %(now)s, delivered_at = NULL,
        created_at = %(now)s
"""

HEALTH = """
    SELECT p.id,
           (SELECT count(*) FROM webhooks_delivery d
            WHERE d.organization_id = %(organization)s AND d.endpoint_id = p.id
              AND d.status IN ('pending', 'failed')),
           (SELECT count(*) FROM webhooks_delivery d
            WHERE d.organization_id = %(organization)s AND d.endpoint_id = p.id
              AND d.status IN ('failed', 'exhausted') AND d.last_attempt_at >= %(since)s),
           (SELECT count(*) FROM webhooks_delivery d
            WHERE d.organization_id = %(organization)s AND d.endpoint_id = p.id
              AND d.status IN ('failed', 'exhausted'))
    FROM webhooks_endpoint p
    WHERE p.organization_id = %(organization)s AND p.id = ANY (%(endpoints)s::uuid[])
"""
