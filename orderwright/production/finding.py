"""The finders of jobs and runs: by their number, whole or its beginning."""

from typing import Final

from orderwright.activity.finding import finder, in_range


def _by_number(table: str) -> str:
    code = "search_code(j.number)"
    return f"""
        SELECT j.id, CASE WHEN {code} = t.code THEN 1.0 ELSE 0.7 END AS score
        FROM {table} j
        WHERE j.organization_id = t.organization AND length(t.code) > 2
          AND t.code ~ '^[a-z]*[0-9]' AND {in_range(code, "t.code")}
        ORDER BY {code} COLLATE "C" LIMIT most
    """


JOBS: Final = finder("jobs", literal=_by_number("production_productionjob"))
RUNS: Final = finder("runs", literal=_by_number("production_productionrun"))

INDEXES: Final = (
    "CREATE INDEX job_found_by_number ON production_productionjob (organization_id, "
    'search_code(number) COLLATE "C")',
    "CREATE INDEX run_found_by_number ON production_productionrun (organization_id, "
    'search_code(number) COLLATE "C")',
)
