"""The statements of imports: rows in sets, whatever their number."""

INSERT_ROWS = """
    INSERT INTO importing_importrow
        (organization_id, id, source_id, number, first_number, cells, state, errors)
    SELECT %(organization)s, n.id, %(source)s, n.number, n.number, n.cells, 'waiting', '{}'
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS n (id uuid, number int, cells jsonb)
"""

# Rows of one record share the number of the first of them; the key is the first of these columns
# that is filled. All of them wait to be checked again.
GROUP_ROWS = """
    WITH keyed AS (
        SELECT r.id, r.number, (
            SELECT c.place || ':' || lower(btrim(r.cells ->> c.place))
            FROM unnest(%(key)s::int[]) WITH ORDINALITY AS c (place, at)
            WHERE btrim(coalesce(r.cells ->> c.place, '')) <> ''
            ORDER BY c.at LIMIT 1) AS key
        FROM importing_importrow r
        WHERE r.organization_id = %(organization)s AND r.source_id = %(source)s
    ),
    grouped AS (
        SELECT id, CASE WHEN key IS NULL THEN number
                        ELSE min(number) OVER (PARTITION BY key) END AS first_number
        FROM keyed
    )
    UPDATE importing_importrow r
    SET first_number = g.first_number, state = 'waiting', errors = '{}'
    FROM grouped g
    WHERE r.organization_id = %(organization)s AND r.source_id = %(source)s AND r.id = g.id
      AND (r.first_number, r.state) IS DISTINCT FROM (g.first_number, 'waiting'::text)
"""

# The next rows in these states: about so many, and never a part of a record only.
NEXT_ROWS = """
    WITH cut AS (
        SELECT max(first_number) AS last FROM (
            SELECT first_number FROM importing_importrow
            WHERE organization_id = %(organization)s AND source_id = %(source)s
              AND state = ANY (%(states)s::text[])
            ORDER BY first_number, number
            LIMIT %(limit)s) AS next
    )
    SELECT r.id, r.number, r.first_number, r.cells
    FROM importing_importrow r, cut
    WHERE r.organization_id = %(organization)s AND r.source_id = %(source)s
      AND r.state = ANY (%(states)s::text[]) AND r.first_number <= cut.last
    ORDER BY r.first_number, r.number
"""

STORE_RESULTS = """
    UPDATE importing_importrow r
    SET state = n.state, record_id = n.record_id, errors = n.errors
    FROM jsonb_to_recordset(%(results)s::jsonb)
        AS n (id uuid, state text, record_id uuid, errors jsonb)
    WHERE r.organization_id = %(organization)s AND r.id = n.id
"""

COUNTS = """
    SELECT state, count(*) FROM importing_importrow
    WHERE organization_id = %(organization)s AND source_id = %(source)s
    GROUP BY state
"""
