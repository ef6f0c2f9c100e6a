"""The work of an import, a chunk at a time: check, write, take back.

A chunk is one transaction that holds the import's own row: what becomes of its rows is stored
with the records themselves, so that a worker that is killed leaves whole chunks only, and two
workers never do the same rows. Checking is the same work, rolled back: the preview cannot differ
from what is done.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.importing import sql
from orderwright.importing.acting import caller_of
from orderwright.importing.kinds import KINDS
from orderwright.importing.lines import Line, Manner, Result, values_of
from orderwright.importing.models import Import
from orderwright.importing.rules import TO_CHECK, TO_WRITE
from orderwright.kernel.errors import Forbidden
from orderwright.kernel.json_text import from_json, to_json

_AS_CHECKED: Final = {"created": "new", "updated": "update"}


class _Rehearsed(Exception):
    """Takes back a chunk that was only tried."""


def work_chunk(organization_id: UUID, import_id: UUID, *, now: datetime) -> bool:
    """Do the next chunk of whatever is to be done; whether more is left.

    The caller is who started the import, with what the role may do now; without it the import
    stops. Raises TryAgain when a race was lost: nothing was written.
    """
    with entered(organization_id):
        found = Import.objects.of(organization_id).filter(pk=import_id).locked().first()
        if found is None or found.status not in ("checking", "running"):
            return False
        try:
            by = caller_of(found.acting, organization_id, now=now)
            KINDS[found.kind].must_write(by)
        except Forbidden as refusal:
            _set(found, status="stopped", failure=refusal.message, progressed_at=now)
            return False
        if found.status == "checking":
            return check_chunk(by, found)
        return _write_chunk(by, found)


def check_chunk(by: Caller, found: Import) -> bool:
    """Try the next rows that wait, and keep what would become of them; whether more wait."""
    lines = _next(by, found, TO_CHECK)
    if not lines:
        _set(found, status="ready", counts=counted(by, found.pk), progressed_at=by.now)
        return False
    results: list[Result] = []
    try:
        with transaction.atomic():
            results = KINDS[found.kind].write(by, manner_of(found), lines)
            raise _Rehearsed
    except _Rehearsed:
        pass
    expected = [
        Result(one.row_id, _AS_CHECKED.get(one.state, one.state), errors=one.errors)
        for one in results
    ]
    _store(by, found, expected)
    return True


def _write_chunk(by: Caller, found: Import) -> bool:
    lines = _next(by, found, TO_WRITE)
    if not lines:
        counts = counted(by, found.pk)
        _set(found, status="finished", counts=counts, finished_at=by.now, progressed_at=by.now)
        activity.record(by, "import.finished", found.pk, body={"kind": found.kind, **counts})
        return False
    _store(by, found, KINDS[found.kind].write(by, manner_of(found), lines))
    return True


def manner_of(found: Any) -> Manner:
    """How the file is read and what may be written."""
    options = found.options
    return Manner(
        mode=found.mode,
        decimal_mark=options.get("decimal_mark", "."),
        day_first=options.get("day_first", False),
        defaults=options.get("defaults", {}),
        confirmed=frozenset(options.get("confirm", ())),
    )


def counted(by: Caller, import_id: UUID) -> dict[str, int]:
    """The rows by state. One statement."""
    rows = _run(by, sql.COUNTS, source=import_id)
    return dict(rows)


def store_results(by: Caller, results: Sequence[Result]) -> None:
    """Keep what became of rows. One statement."""
    document = [
        {
            "id": one.row_id,
            "state": one.state,
            "record_id": one.record_id,
            "errors": dict(one.errors),
        }
        for one in results
    ]
    _run(by, sql.STORE_RESULTS, results=to_json(document))


def _store(by: Caller, found: Import, results: Sequence[Result]) -> None:
    store_results(by, results)
    _set(found, counts=counted(by, found.pk), progressed_at=by.now, failure="")


def _next(by: Caller, found: Import, states: Sequence[str]) -> list[Line]:
    kind = KINDS[found.kind]
    manner = manner_of(found)
    which = {"source": found.pk, "states": list(states)}
    rows = _run(by, sql.NEXT_ROWS, **which, limit=kind.chunk)
    if len(rows) == kind.chunk:
        _, number, first, _ = rows[-1]
        rows += _run(by, sql.REST_OF_RECORD, **which, first_number=first, number=number)
    return [
        Line(row_id, number, first, values_of(kind.layout, found.columns, from_json(row), manner))
        for row_id, number, first, row in rows
    ]


def _set(found: Import, **values: Any) -> None:
    Import.objects.of(found.organization_id).filter(pk=found.pk).update(**values)


def _run(by: Caller, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, **parameters})
        return cursor.fetchall() if cursor.description else []
