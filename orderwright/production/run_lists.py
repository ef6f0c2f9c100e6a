"""The list of production runs: narrowed, sorted and read page by page; counted within bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.list_filters import read_values
from orderwright.kernel.paging import Page, SortKey, Window, keyset, page_of, place_values
from orderwright.kernel.sql_text import like_pattern
from orderwright.production import sql
from orderwright.production.job_lists import MOST_COUNTED
from orderwright.production.job_page import RunRow

SORTS: Final = {
    "": SortKey(),
    "number": SortKey(),
    "started": SortKey.with_gaps("r.started_at", "timestamptz"),
}
SORT_NAMES: Final = tuple(name for name in SORTS if name)
STATUSES: Final = ("pending", "in_progress", "completed")
CODES: Final = {"status": STATUSES}


@dataclass(frozen=True, slots=True)
class RunListFilter:
    """What the list is narrowed to; of several statuses any one may fit."""

    status: tuple[str, ...] = ()
    q: str = ""


def read_filter(given: Mapping[str, str]) -> RunListFilter:
    """The filter from the texts of an address. Raises Invalid `invalid_filter`."""
    read = read_values(given, codes=CODES)
    return RunListFilter(**read, q=(given.get("q") or "").strip())


def runs(by: Caller, wanted: RunListFilter, window: Window = Window()) -> Page[RunRow]:  # noqa: B008
    """A page of runs; one statement, whose cost does not grow with the page's number.

    Raises Forbidden; KeyError for a sort that is not one of `SORT_NAMES`.
    """
    by.must("production:read")
    key = SORTS[window.sort.name]
    start, order = keyset(key, window, table="r")
    chosen = [*(["status_any"] if wanted.status else []), *(["q"] if wanted.q else [])]
    statement = sql.page_of_runs(
        chosen, value=key.text_of(window.sort), start=start, order=order, rows=window.size + 1
    )
    values = {
        "organization": by.organization_id,
        "status": list(wanted.status),
        "pattern": like_pattern(wanted.q),
        **place_values(window),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = [(row[-1], RunRow(*row[:-1])) for row in cursor.fetchall()]
    return page_of(found, window)


def counts(by: Caller) -> dict[str, int]:
    """How many runs stand under each tab, counted up to `MOST_COUNTED`; one statement."""
    by.must("production:read")
    statement = sql.counts_of_runs(STATUSES, most=MOST_COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id})
        return dict(zip(("all", *STATUSES), cursor.fetchone() or (), strict=True))
