"""The list of production jobs: narrowed, sorted and read page by page; counted within bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.list_filters import read_values
from orderwright.kernel.paging import Page, SortKey, Window, keyset, page_of, place_values
from orderwright.kernel.sql_text import like_pattern
from orderwright.production import sql
from orderwright.production.job_page import JobRow

MOST_COUNTED: Final = 1000
SORTS: Final = {
    "": SortKey(),
    "number": SortKey(),
    "due": SortKey.with_gaps("j.deadline", "date"),
    "issued_on": SortKey.with_gaps("j.issued_on", "date"),
    "issued": SortKey("j.issued", "j.issued", "numeric"),
    "received": SortKey("j.received", "j.received", "numeric"),
}
SORT_NAMES: Final = tuple(name for name in SORTS if name)
STATUSES: Final = ("ongoing", "completed", "unscheduled", "scheduled", "cancelled")
CODES: Final = {"status": STATUSES}
IDS: Final = ("stage_id", "staff_id", "product_id")
FLAGS: Final = ("late",)
DAYS: Final = ("due_from", "due_to", "completed_on")


@dataclass(frozen=True, slots=True)
class JobListFilter:
    """What the list is narrowed to. Of several values any one may fit; every field has to."""

    status: tuple[str, ...] = ()
    stage_id: tuple[UUID, ...] = ()
    staff_id: tuple[UUID, ...] = ()
    product_id: tuple[UUID, ...] = ()
    due_from: date | None = None
    due_to: date | None = None
    completed_on: date | None = None
    late: bool | None = None
    q: str = ""


def read_filter(given: Mapping[str, str]) -> JobListFilter:
    """The filter from the texts of an address. Raises Invalid `invalid_filter`."""
    read = read_values(given, codes=CODES, ids=IDS, flags=FLAGS, days=DAYS)
    return JobListFilter(**read, q=(given.get("q") or "").strip())


def jobs(by: Caller, wanted: JobListFilter, window: Window = Window()) -> Page[JobRow]:  # noqa: B008
    """A page of jobs; one statement, whose cost does not grow with the page's number.

    Raises Forbidden; KeyError for a sort that is not one of `SORT_NAMES`.
    """
    by.must("production:read")
    key = SORTS[window.sort.name]
    start, order = keyset(key, window, table="j")
    statement = sql.page_of_jobs(
        _conditions(wanted),
        value=key.text_of(window.sort),
        start=start,
        order=order,
        rows=window.size + 1,
    )
    values = {
        "organization": by.organization_id,
        "today": by.today,
        "timezone": by.organization.timezone,
        "status": list(wanted.status),
        **{name: list(getattr(wanted, name)) for name in IDS},
        **{name: getattr(wanted, name) for name in DAYS},
        "pattern": like_pattern(wanted.q),
        **place_values(window),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = [(row[-1], JobRow(*row[:-1])) for row in cursor.fetchall()]
    return page_of(found, window)


def counts(by: Caller) -> dict[str, int]:
    """How many jobs stand under each tab, counted up to `MOST_COUNTED`; one statement."""
    by.must("production:read")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.counts_of_jobs(STATUSES, most=MOST_COUNTED), {"organization": by.organization_id}
        )
        return dict(zip(("all", *STATUSES), cursor.fetchone() or (), strict=True))


def _conditions(wanted: JobListFilter) -> list[str]:
    chosen = [
        f"{name.removesuffix('_id')}_any" for name in ("status", *IDS) if getattr(wanted, name)
    ]
    chosen += [name for name in DAYS if getattr(wanted, name) is not None]
    if wanted.late is not None:
        chosen.append("is_late" if wanted.late else "not_late")
    return [*chosen, "q"] if wanted.q else chosen
