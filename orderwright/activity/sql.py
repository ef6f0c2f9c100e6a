"""Events and movements can be added and read, never changed; the database says so."""

APPEND_ONLY = """
    CREATE OR REPLACE FUNCTION activity_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END $$
"""

# An event as one row of a data-modifying CTE: areas that write everything in one statement
# (sales, shipping) paste this, so that the shape of an event stands here only.
INSERT_EVENT = """
    INSERT INTO activity_event (organization_id, id, type, at, actor_kind, actor_id, actor_name,
                                subject_id, topic_id, body)
    VALUES (%(organization)s, %(event_id)s, %(event_type)s, %(at)s, %(actor_kind)s, %(actor_id)s,
            %(actor_name)s, %(subject)s, %(topic)s, %(event_body)s)
"""

# Events of one type, each with its subject and body: one statement, however many.
INSERT_EVENTS = """
    INSERT INTO activity_event (organization_id, id, type, at, actor_kind, actor_id, actor_name,
                                subject_id, topic_id, body)
    SELECT %(organization)s, n.id, %(event_type)s, %(at)s, %(actor_kind)s, %(actor_id)s,
           %(actor_name)s, n.subject, n.subject, n.body
    FROM jsonb_to_recordset(%(events)s::jsonb) AS n (id uuid, subject uuid, body jsonb)
"""

EVENTS_IN_ORDER = """
    SELECT id, type, at, actor_kind, actor_id, actor_name, subject_id, topic_id, body, transaction
    FROM activity_event
    WHERE organization_id = %(organization)s
      AND (transaction, id) > (%(transaction)s, %(id)s)
      AND transaction < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
      AND (%(type)s::text IS NULL OR type = %(type)s::text)
    ORDER BY transaction, id
    LIMIT %(limit)s
"""


def refuse_changes_to(table: str) -> str:
    """The trigger that makes a table append-only."""
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION activity_refuse_change()"
    )


INSERT_BULK_ROWS = """
    INSERT INTO activity_bulkrunrow
        (organization_id, id, run_id, position, subject_id, label, status, code, message)
    SELECT %(organization)s, n.id, %(run)s, n.position, n.subject_id, '', 'waiting', '', ''
    FROM unnest(%(rows)s::uuid[], %(subjects)s::uuid[])
         WITH ORDINALITY AS n (id, subject_id, position)
"""

WAITING_BULK_ROWS = """
    SELECT id, subject_id FROM activity_bulkrunrow
    WHERE organization_id = %(organization)s AND run_id = %(run)s AND status = 'waiting'
    ORDER BY position LIMIT %(limit)s
"""

SAVE_BULK_ROWS = """
    UPDATE activity_bulkrunrow r
    SET label = n.label, status = n.status, code = n.code, message = n.message
    FROM jsonb_to_recordset(%(rows)s::jsonb)
         AS n (id uuid, label text, status text, code text, message text)
    WHERE r.organization_id = %(organization)s AND r.run_id = %(run)s AND r.id = n.id
"""

COUNT_BULK_ROWS = """
    SELECT status, code, count(*), min(message) FROM activity_bulkrunrow
    WHERE organization_id = %(organization)s AND run_id = %(run)s
    GROUP BY status, code ORDER BY status, count(*) DESC, code
"""
