"""The statements of imports: rows in sets, whatever their number."""

INSERT_ROWS = """
    INSERT INTO importing_importrow
        (organization_id, id, source_id, number, first_number, cells, state, errors)
    SELECT %(organization)s, n.id, %(source)s, n.number, n.number, n.cells, 'waiting', '{}'
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS n (id uuid, number int, cells jsonb)
"""

# All rows wait to be checked, each on its own.
RESET_ROWS = """
    UPDATE importing_importrow
    SET first_number = number, state = 'waiting', errors = '{}'
    WHERE organization_id = %(organization)s AND source_id = %(source)s
      AND (first_number <> number OR state <> 'waiting')
"""

# What says which record each row is: the first of these columns that is filled, with its place.
KEYS = """
    SELECT r.number, (
        SELECT c.place || ':' || lower(btrim(r.cells ->> c.place))
        FROM unnest(%(key)s::int[]) WITH ORDINALITY AS c (place, at)
        WHERE btrim(coalesce(r.cells ->> c.place, '')) <> ''
        ORDER BY c.at LIMIT 1)
    FROM importing_importrow r
    WHERE r.organization_id = %(organization)s AND r.source_id = %(source)s
    ORDER BY r.number
"""

# Rows of one record share the number of the first of them.
GROUP_ROWS = """
    UPDATE importing_importrow r
    SET first_number = n.first_number
    FROM jsonb_to_recordset(%(groups)s::jsonb) AS n (number int, first_number int)
    WHERE r.organization_id = %(organization)s AND r.source_id = %(source)s
      AND r.number = n.number
"""

# The next rows in these states, each state by its index.
NEXT_ROWS = """
    SELECT r.id, r.number, r.first_number, r.cells
    FROM unnest(%(states)s::text[]) AS wanted (state)
    CROSS JOIN LATERAL (
        SELECT id, number, first_number, cells FROM importing_importrow
        WHERE organization_id = %(organization)s AND source_id = %(source)s
          AND state = wanted.state
        ORDER BY first_number, number
        LIMIT %(limit)s) r
    ORDER BY r.first_number, r.number
    LIMIT %(limit)s
"""

# What is left of the record whose row was the last of those.
REST_OF_RECORD = """
    SELECT id, number, first_number, cells FROM importing_importrow
    WHERE organization_id = %(organization)s AND source_id = %(source)s
      AND state = ANY (%(states)s::text[])
      AND first_number = %(first_number)s AND number > %(number)s
    ORDER BY number
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
