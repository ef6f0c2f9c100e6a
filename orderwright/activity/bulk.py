"""One action on many records: what it would do, what it did to each, now or as a job.

Higher areas register their bulk actions. A run of few rows is done where it is asked for; a longer
one by a job, chunk by chunk: a chunk and its results are one transaction, so that a run that was
cut off goes on with the rows that still wait and does none of them twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app

from orderwright.activity import sql
from orderwright.activity.models import BulkRun
from orderwright.identity.caller import Actor, Caller
from orderwright.kernel.errors import Conflict, Invalid, NotFound, Refusal
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json

AT_ONCE: Final = 200
MOST: Final = 10_000
CHUNK: Final = 50
JOB: Final = "activity.go_on_with_bulk_run"
Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the action would do to one record: its name, and why it would be skipped, if so."""

    id: UUID
    label: str
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class BulkAction:
    """An action that can be done to many records of one list.

    `check` reads and checks the parameters once (raises Invalid). `lock` locks everything that a
    chunk of records needs, in key order. `outlook` says what would happen to each, in a constant
    number of statements; records that are not there are left out. `act` does it to one, and raises
    a Refusal to skip it.
    """

    name: str
    of: str
    permissions: tuple[str, ...]
    outlook: Callable[[Caller, Sequence[UUID], Parameters], list[Outlook]]
    act: Callable[[Caller, UUID, Parameters], Any]
    check: Callable[[Caller, Parameters], dict[str, Any]] = lambda by, given: dict(given)
    lock: Callable[[Caller, Sequence[UUID]], None] = lambda by, ids: None

    @property
    def key(self) -> str:
        """Its name among all: `sales-orders.hold`."""
        return f"{self.of}.{self.name}"


_known: dict[str, BulkAction] = {}


def register(*actions: BulkAction) -> None:
    """Make actions known. Called from `apps.py`."""
    _known.update({action.key: action for action in actions})


def actions_of(list_name: str) -> list[BulkAction]:
    """The actions on records of this list."""
    return [action for action in _known.values() if action.of == list_name]


def bulk_action(list_name: str, name: str) -> BulkAction:
    """An action by its name. Raises Invalid `unknown_action`."""
    found = _known.get(f"{list_name}.{name}")
    if found is None:
        fits = ", ".join(sorted(action.name for action in actions_of(list_name)))
        message = f"Many records at once know these actions: {fits}."
        raise Invalid("unknown_action", message, fields={"action": message})
    return found


def start(*, by: Caller, action: BulkAction, ids: Sequence[UUID], parameters: Parameters) -> UUID:
    """Begin a run; up to `AT_ONCE` rows are done when this returns, more by a job.

    Each id once, in their order. Raises Forbidden, Invalid for parameters that make no sense, for
    no rows at all and for more than `MOST`.
    """
    by.must(*action.permissions)
    checked = action.check(by, parameters)
    wanted = list(dict.fromkeys(ids))
    if not 0 < len(wanted) <= MOST:
        message = f"Choose 1 to {MOST:,} rows." if wanted else "Choose at least one row."
        raise Invalid("no_rows" if not wanted else "too_many", message, fields={"ids": message})
    run = BulkRun.objects.create(
        organization_id=by.organization_id,
        action=action.key,
        parameters=checked,
        actor_kind=by.actor.kind,
        actor_id=by.actor.id,
        actor_name=by.actor.name,
        role=by.role,
        permissions=sorted(by.permissions),
        started_at=by.now,
    )
    _execute(
        sql.INSERT_BULK_ROWS,
        {
            "organization": by.organization_id,
            "run": run.pk,
            "rows": [new_id() for _ in wanted],
            "subjects": wanted,
        },
    )
    if len(wanted) > AT_ONCE:
        app.configure_task(JOB).defer(organization_id=str(by.organization_id), run_id=str(run.pk))
    else:
        while go_on(by, run.pk, rows=AT_ONCE):
            pass
    return run.pk


def go_on(by: Caller, run_id: UUID, *, rows: int = CHUNK) -> bool:
    """Do the next rows of a run, all in one transaction; whether there may be more.

    `by` is the system or the starter; the rows are done as the starter. Two workers of one run wait
    for each other.
    """
    with transaction.atomic():
        run = BulkRun.objects.of(by.organization_id).filter(pk=run_id).locked().first()
        if run is None or run.status != "running":
            return False
        named = {"organization": by.organization_id, "run": run_id}
        waiting = _execute(sql.WAITING_BULK_ROWS, {**named, "limit": rows})
        if not waiting:
            BulkRun.objects.of(by.organization_id).filter(pk=run_id).update(
                status="done", ended_at=by.now
            )
            return False
        results = _done_to(_starter(by, run), run, [row[1] for row in waiting])
        found = [{"id": row[0], **result} for row, result in zip(waiting, results, strict=True)]
        _execute(sql.SAVE_BULK_ROWS, {**named, "rows": to_json(found)})
        return True


def cancel(*, by: Caller, run_id: UUID) -> None:
    """Stop a run: what waits stays undone. Its starter or an Admin. Raises NotFound, Conflict
    `already_ended`."""
    run = BulkRun.objects.of(by.organization_id).filter(pk=run_id).locked().first()
    if run is None or not (by.is_admin or run.actor_id == by.actor.id):
        raise missing()
    if run.status != "running":
        raise Conflict("already_ended", "This run has ended; there is nothing to stop.")
    BulkRun.objects.of(by.organization_id).filter(pk=run_id).update(
        status="cancelled", ended_at=by.now
    )


def missing() -> NotFound:
    """The one answer for runs that do not exist and for runs of others."""
    return NotFound("not_found", "There is no such run.")


def _starter(by: Caller, run: BulkRun) -> Caller:
    return replace(
        by,
        role=run.role,
        permissions=frozenset(run.permissions),
        actor=Actor(run.actor_kind, run.actor_id, run.actor_name),
    )


def _done_to(by: Caller, run: BulkRun, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    list_name, _, name = run.action.partition(".")
    action = bulk_action(list_name, name)
    action.lock(by, ids)
    labels = {one.id: one.label for one in action.outlook(by, ids, run.parameters)}
    return [_done_to_one(by, action, run, row_id, labels.get(row_id, "")) for row_id in ids]


def _done_to_one(
    by: Caller, action: BulkAction, run: BulkRun, row_id: UUID, label: str
) -> dict[str, Any]:
    try:
        with transaction.atomic():
            action.act(by, row_id, run.parameters)
    except Refusal as refusal:
        said = {"status": "skipped", "code": refusal.code, "message": refusal.message[:1000]}
        return {"label": label, **said}
    return {"label": label, "status": "done", "code": "", "message": ""}


def _execute(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
