"""The statements of jobs: one reads a job, one all that went in and out, one writes a receipt."""

from orderwright.kernel.sql_text import on_one_line

_JOB_COLUMNS = """
        j.id, j.number, j.version, j.status, j.order_id, j.order_number, o.status, c.name,
        j.line_id, l.position, l.description, j.stage_id, s.name, s.sort_order, j.run_id, r.number,
        j.product_id, p.sku, p.name, p.default_unit, j.shape, j.size, j.pieces_requested,
        j.weight_requested, j.weight_unit, j.distribution, j.issued_on, j.deadline, j.staff_id,
        f.nickname, j.notes, j.issued, j.received, j.rejected, j.scrapped, j.waste,
        j.pieces_received, j.has_inputs, j.first_tag, j.last_received_on, j.last_receipt_at,
        j.completed_at, j.cancelled_at, j.cancel_reason, j.created_at, j.updated_at
"""
_FROM_JOBS = """
    FROM production_productionjob j
    JOIN production_stage s ON s.organization_id = j.organization_id AND s.id = j.stage_id
    LEFT JOIN sales_salesorder o ON o.organization_id = j.organization_id AND o.id = j.order_id
    LEFT JOIN directory_customer c
      ON c.organization_id = o.organization_id AND c.id = o.customer_id
    LEFT JOIN sales_salesorderline l
      ON l.organization_id = j.organization_id AND l.id = j.line_id
    LEFT JOIN production_productionrun r
      ON r.organization_id = j.organization_id AND r.id = j.run_id
    LEFT JOIN catalog_product p ON p.organization_id = j.organization_id AND p.id = j.product_id
    LEFT JOIN directory_staff f ON f.organization_id = j.organization_id AND f.id = j.staff_id
    WHERE j.organization_id = %(organization)s
"""
_JOB = f"SELECT {_JOB_COLUMNS} {_FROM_JOBS}"
JOB_BY_ID = on_one_line(f"{_JOB} AND j.id = %(key)s")
JOB_BY_NUMBER = on_one_line(f"{_JOB} AND j.number = %(key)s")
JOBS_OF_ORDER = on_one_line(f"{_JOB} AND j.order_id = %(key)s ORDER BY j.id")
JOBS_OF_RUN = on_one_line(f"{_JOB} AND j.run_id = %(key)s ORDER BY j.id")

LOCK_JOB = """
    SELECT j.id FROM production_productionjob j
    WHERE j.organization_id = %(organization)s AND j.id = %(key)s FOR NO KEY UPDATE OF j
"""

# Everything that went in and came out, in one answer.
IN_AND_OUT = on_one_line("""
    SELECT
        (SELECT coalesce(json_agg(json_build_array(
            i.id, i.lot_id, t.tag_id, p.name, i.quantity::text, i.unit, i.weight::text,
            i.weight_unit, i.counted::text, i.pieces_requested::text, i.at, i.issued_by,
            i.returned_at) ORDER BY i.id), '[]')
         FROM production_jobinput i
         JOIN inventory_lot t ON t.organization_id = i.organization_id AND t.id = i.lot_id
         JOIN catalog_product p ON p.organization_id = t.organization_id AND p.id = t.product_id
         WHERE i.organization_id = %(organization)s AND i.job_id = %(job)s),
        (SELECT coalesce(json_agg(json_build_array(
            r.id, r.received_on, r.quality, r.location_id, x.name, r.rack, r.notes, r.at,
            r.received_by,
            (SELECT coalesce(json_agg(json_build_array(
                o.id, o.product_id, p.name, o.pieces::text, o.received::text, o.waste::text,
                o.rejected_pieces::text, o.rejected::text, o.scrap_pieces::text,
                o.scrapped::text, o.lot_id, a.tag_id, o.rejected_lot_id, b.tag_id,
                o.scrap_lot_id, c.tag_id, o.selection_id, o.notes) ORDER BY o.id), '[]')
             FROM production_jobreceiptrow o
             JOIN catalog_product p
               ON p.organization_id = o.organization_id AND p.id = o.product_id
             LEFT JOIN inventory_lot a
               ON a.organization_id = o.organization_id AND a.id = o.lot_id
             LEFT JOIN inventory_lot b
               ON b.organization_id = o.organization_id AND b.id = o.rejected_lot_id
             LEFT JOIN inventory_lot c
               ON c.organization_id = o.organization_id AND c.id = o.scrap_lot_id
             WHERE o.organization_id = r.organization_id AND o.receipt_id = r.id))
            ORDER BY r.id DESC), '[]')
         FROM production_jobreceipt r
         LEFT JOIN inventory_location x
           ON x.organization_id = r.organization_id AND x.id = r.location_id
         WHERE r.organization_id = %(organization)s AND r.job_id = %(job)s)
""")

# The job's sums from its facts: what went in and did not come back, and what came out.
SUM_UP = on_one_line("""
    UPDATE production_productionjob j
    SET issued = i.counted, has_inputs = i.count > 0,
        first_tag = coalesce(i.first_tag, j.first_tag),
        received = r.received, rejected = r.rejected, scrapped = r.scrapped, waste = r.waste,
        pieces_received = r.pieces, last_received_on = r.received_on, last_receipt_at = r.at,
        issued_on = coalesce(j.issued_on, i.first_on), updated_at = %(at)s,
        version = j.version + 1
    FROM (SELECT coalesce(sum(n.counted), 0) AS counted, count(*) AS count,
                 min(n.at)::date AS first_on,
                 (array_agg(t.tag_id ORDER BY n.id))[1] AS first_tag
          FROM production_jobinput n
          JOIN inventory_lot t ON t.organization_id = n.organization_id AND t.id = n.lot_id
          WHERE n.organization_id = %(organization)s AND n.job_id = %(job)s
            AND n.returned_at IS NULL) i,
         (SELECT coalesce(sum(o.received), 0) AS received, coalesce(sum(o.rejected), 0) AS rejected,
                 coalesce(sum(o.scrapped), 0) AS scrapped, coalesce(sum(o.waste), 0) AS waste,
                 coalesce(sum(o.pieces), 0) AS pieces
          FROM production_jobreceiptrow o
          JOIN production_jobreceipt q
            ON q.organization_id = o.organization_id AND q.id = o.receipt_id
          WHERE q.organization_id = %(organization)s AND q.job_id = %(job)s) r0
         CROSS JOIN LATERAL (
            SELECT r0.*, q.received_on, q.at
            FROM (SELECT 1) one
            LEFT JOIN LATERAL (
                SELECT q.received_on, q.at FROM production_jobreceipt q
                WHERE q.organization_id = %(organization)s AND q.job_id = %(job)s
                ORDER BY q.received_on DESC, q.at DESC LIMIT 1) q ON true) r
    WHERE j.organization_id = %(organization)s AND j.id = %(job)s
""")

# Lots of types that a stage does not name; a stage that names none takes all.
WRONG_TYPES = """
    SELECT l.id, l.tag_id, l.inventory_type, s.inventory_types
    FROM inventory_lot l
    JOIN production_stage s ON s.organization_id = l.organization_id AND s.id = %(stage)s
    WHERE l.organization_id = %(organization)s AND l.id = ANY (%(lots)s::uuid[])
      AND cardinality(s.inventory_types) > 0
      AND NOT EXISTS (SELECT 1 FROM unnest(s.inventory_types) AS fits (type)
                      WHERE lower(fits.type) = lower(l.inventory_type))
"""

INSERT_INPUTS = """
    INSERT INTO production_jobinput (organization_id, id, job_id, lot_id, quantity, unit, weight,
        weight_unit, counted, pieces_requested, at, issued_by)
    SELECT %(organization)s, n.id, %(job)s, n.lot_id, n.quantity, n.unit, n.weight, n.weight_unit,
        n.counted, n.pieces_requested, %(at)s, %(actor_name)s
    FROM jsonb_to_recordset(%(inputs)s::jsonb) AS n (id uuid, lot_id uuid, quantity numeric,
        unit text, weight numeric, weight_unit text, counted numeric, pieces_requested numeric)
"""

INSERT_RECEIPT = on_one_line("""
    WITH the_receipt AS (
        INSERT INTO production_jobreceipt (organization_id, id, job_id, received_on, quality,
            location_id, rack, notes, at, received_by)
        VALUES (%(organization)s, %(receipt)s, %(job)s, %(received_on)s, %(quality)s, %(location)s,
            %(rack)s, %(notes)s, %(at)s, %(actor_name)s)
    )
    INSERT INTO production_jobreceiptrow (organization_id, id, receipt_id, product_id, pieces,
        received, waste, rejected_pieces, rejected, scrap_pieces, scrapped, lot_id,
        rejected_lot_id, scrap_lot_id, selection_id, notes)
    SELECT %(organization)s, n.id, %(receipt)s, n.product_id, n.pieces, n.received, n.waste,
        n.rejected_pieces, n.rejected, n.scrap_pieces, n.scrapped, n.lot_id, n.rejected_lot_id,
        n.scrap_lot_id, n.selection_id, n.notes
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS n (id uuid, product_id uuid, pieces numeric,
        received numeric, waste numeric, rejected_pieces numeric, rejected numeric,
        scrap_pieces numeric, scrapped numeric, lot_id uuid, rejected_lot_id uuid,
        scrap_lot_id uuid, selection_id uuid, notes text)
""")

# What a job or a run needs to know of what it refers to, in one answer.
NEW_JOB_FACTS = """
    SELECT
        (SELECT json_build_object('id', s.id, 'name', s.name, 'is_active', s.is_active)
         FROM production_stage s
         WHERE s.organization_id = %(organization)s
           AND (s.id = %(stage)s::uuid OR (%(stage)s::uuid IS NULL AND s.is_active))
         ORDER BY s.is_default DESC, s.sort_order, s.id LIMIT 1),
        (SELECT f.nickname FROM directory_staff f
         WHERE f.organization_id = %(organization)s AND f.id = %(staff)s::uuid AND f.is_active)
"""

RUN_FACTS = """
    SELECT l.id, p.is_manufactured, p.weight_per_unit, p.weight_unit, p.default_unit
    FROM sales_salesorderline l
    JOIN catalog_product p ON p.organization_id = l.organization_id AND p.id = l.product_id
    WHERE l.organization_id = %(organization)s AND l.order_id = %(order)s
"""

_RUN_COLUMNS = """
    r.id, r.number, r.version, r.status, r.order_id, r.order_number, r.responsible_name,
        r.started_at, r.completed_at,
        (SELECT count(*) FROM production_productionjob j
         WHERE j.organization_id = r.organization_id AND j.run_id = r.id),
        (SELECT count(*) FROM production_productionjob j
         WHERE j.organization_id = r.organization_id AND j.run_id = r.id
           AND j.status NOT IN ('completed', 'cancelled')),
        r.created_at, r.updated_at
"""
_FROM_RUNS = "FROM production_productionrun r WHERE r.organization_id = %(organization)s"
_RUN = f"SELECT {_RUN_COLUMNS} {_FROM_RUNS}"
RUN_BY_ID = on_one_line(f"{_RUN} AND r.id = %(key)s")
RUN_BY_NUMBER = on_one_line(f"{_RUN} AND r.number = %(key)s")

PRODUCTS_OF_LOTS = """
    SELECT DISTINCT l.product_id FROM inventory_lot l
    WHERE l.organization_id = %(organization)s AND l.id = ANY (%(lots)s::uuid[])
"""

_IS_LATE = "(j.status IN ('unscheduled', 'scheduled', 'ongoing') AND j.deadline < %(today)s)"

# What narrows the lists; the names are those of the filters in `queries`.
JOB_CONDITIONS = {
    "status": "j.status = %(status)s",
    "stage_id": "j.stage_id = %(stage_id)s",
    "staff_id": "j.staff_id = %(staff_id)s",
    "order_id": "j.order_id = %(order_id)s",
    "line_id": "j.line_id = %(line_id)s",
    "run_id": "j.run_id = %(run_id)s",
    "product_id": "j.product_id = %(product_id)s",
    "q": (
        "(j.number ILIKE %(pattern)s OR j.order_number ILIKE %(pattern)s"
        " OR p.name ILIKE %(pattern)s OR p.sku ILIKE %(pattern)s)"
    ),
    "completed_on": "(j.completed_at AT TIME ZONE %(timezone)s)::date = %(completed_on)s",
    "before": "j.id < %(before)s",
    "status_any": "j.status = ANY (%(status)s)",
    "stage_any": "j.stage_id = ANY (%(stage_id)s)",
    "staff_any": "j.staff_id = ANY (%(staff_id)s)",
    "product_any": "j.product_id = ANY (%(product_id)s)",
    "due_from": "j.deadline >= %(due_from)s",
    "due_to": "j.deadline <= %(due_to)s",
    "is_late": f"{_IS_LATE}",
    "not_late": f"NOT coalesce({_IS_LATE}, false)",
}
RUN_CONDITIONS = {
    "status": "r.status = %(status)s",
    "order_id": "r.order_id = %(order_id)s",
    "q": "(r.number ILIKE %(pattern)s OR r.order_number ILIKE %(pattern)s)",
    "before": "r.id < %(before)s",
    "status_any": "r.status = ANY (%(status)s)",
}


def list_of_jobs(conditions: list[str], *, rows: int) -> str:
    """Jobs newest first, narrowed by these names of `JOB_CONDITIONS`."""
    narrowed = "".join(f" AND {JOB_CONDITIONS[name]}" for name in conditions)
    return f"{_JOB}{narrowed} ORDER BY j.id DESC LIMIT {int(rows)}"


def list_of_runs(conditions: list[str], *, rows: int) -> str:
    """Runs newest first, narrowed by these names of `RUN_CONDITIONS`."""
    narrowed = "".join(f" AND {RUN_CONDITIONS[name]}" for name in conditions)
    return f"{_RUN}{narrowed} ORDER BY r.id DESC LIMIT {int(rows)}"


def page_of_jobs(conditions: list[str], *, value: str, start: str, order: str, rows: int) -> str:
    """A page of the list in its sort; each row ends with its value in it. The number of rows is
    part of the text, so that the server knows that they are few."""
    narrowed = "".join(f" AND {JOB_CONDITIONS[name]}" for name in conditions)
    begins = f" AND {start}" if start else ""
    return (
        f"SELECT {_JOB_COLUMNS}, {value} {_FROM_JOBS}{narrowed}{begins}"
        f" ORDER BY {order} LIMIT {int(rows)}"
    )


def page_of_runs(conditions: list[str], *, value: str, start: str, order: str, rows: int) -> str:
    """A page of the list of runs in its sort; each row ends with its value in it."""
    narrowed = "".join(f" AND {RUN_CONDITIONS[name]}" for name in conditions)
    begins = f" AND {start}" if start else ""
    return (
        f"SELECT {_RUN_COLUMNS}, {value} {_FROM_RUNS}{narrowed}{begins}"
        f" ORDER BY {order} LIMIT {int(rows)}"
    )


def counts_of_jobs(statuses: tuple[str, ...], *, most: int) -> str:
    """One row: all jobs and those in each status, each counted up to a bound."""
    return _counts("production_productionjob", statuses, most)


def counts_of_runs(statuses: tuple[str, ...], *, most: int) -> str:
    """One row: all runs and those in each status, each counted up to a bound."""
    return _counts("production_productionrun", statuses, most)


def _counts(table: str, statuses: tuple[str, ...], most: int) -> str:
    conditions = ["", *(f"AND t.status = '{status}'" for status in statuses)]
    counts = (
        f"(SELECT count(*) FROM (SELECT 1 FROM {table} t "
        f"WHERE t.organization_id = %(organization)s {one} LIMIT {int(most)}) AS bounded)"
        for one in conditions
    )
    return "SELECT " + ", ".join(counts)
