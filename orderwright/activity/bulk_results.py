"""What became of a bulk run: its progress, and the result of each row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import sql
from orderwright.activity.bulk import missing
from orderwright.activity.models import BulkRun, BulkRunRow
from orderwright.activity.rows import read
from orderwright.identity.caller import Caller


@dataclass(frozen=True, slots=True)
class Skipped:
    """How many rows were skipped for one reason; `message` is one of their sentences."""

    code: str
    count: int
    message: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """The result of one record: waiting, done, or skipped with the reason."""

    id: UUID
    position: int
    subject_id: UUID
    label: str
    status: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run with its counts."""

    id: UUID
    action: str
    status: str
    actor_id: UUID | None
    actor_name: str
    parameters: dict[str, Any]
    started_at: datetime
    ended_at: datetime | None
    done: int
    waiting: int
    skipped: int
    reasons: tuple[Skipped, ...]

    @property
    def total(self) -> int:
        """All rows."""
        return self.done + self.waiting + self.skipped

    @property
    def is_running(self) -> bool:
        """Whether there is more to come."""
        return self.status == "running"


def run_page(by: Caller, run_id: UUID) -> RunPage:
    """A run of the caller's, or anybody's for an Admin; two statements. Raises NotFound."""
    run = BulkRun.objects.of(by.organization_id).filter(pk=run_id).first()
    if run is None or not (by.is_admin or run.actor_id == by.actor.id):
        raise missing()
    with connection.cursor() as cursor:
        named = {"organization": by.organization_id, "run": run_id}
        cursor.execute(sql.COUNT_BULK_ROWS, named)
        counts = cursor.fetchall()
    sums = dict.fromkeys(("done", "waiting", "skipped"), 0)
    for status, _, count, _ in counts:
        sums[status] += count
    return RunPage(
        id=run.pk,
        action=run.action,
        status=run.status,
        actor_id=run.actor_id,
        actor_name=run.actor_name,
        parameters=run.parameters,
        started_at=run.started_at,
        ended_at=run.ended_at,
        reasons=tuple(Skipped(row[1], row[2], row[3]) for row in counts if row[0] == "skipped"),
        **sums,
    )


def run_rows(
    by: Caller, run_id: UUID, *, after: int = 0, limit: int = 200, status: str = ""
) -> list[RunRow]:
    """Results in the order of the rows, after a position; of one status if given. The caller has
    been let in by `run_page`. One statement."""
    rows = BulkRunRow.objects.of(by.organization_id).filter(run_id=run_id, position__gt=after)
    if status:
        rows = rows.filter(status=status)
    return read(rows.order_by("position"), RunRow, limit=limit)


def all_rows(by: Caller, run_id: UUID) -> Iterator[RunRow]:
    """Every result, read in parts."""
    after = 0
    while part := run_rows(by, run_id, after=after, limit=1000):
        yield from part
        after = part[-1].position
