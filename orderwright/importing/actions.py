"""What people do with imports: upload, say what the columns are, start, stop, resume, undo."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.importing import cells, chunks, rules, sql
from orderwright.importing.acting import kept
from orderwright.importing.columns import check_columns, guess_columns, missing_labels
from orderwright.importing.kinds import KINDS, ImportKind, kind_named
from orderwright.importing.layouts import Layout
from orderwright.importing.models import Import
from orderwright.importing.reading import Table, read_table, refused
from orderwright.kernel.errors import Invalid, NotFound
from orderwright.kernel.fields import choice, flag, text
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.shapes import Field, Shape, invalid
from orderwright.kernel.versions import check_version

# A file of so many rows is checked while somebody waits; a longer one by a job.
CHECKED_AT_ONCE: Final = 500
MONTH_FIRST: Final = frozenset({"USD", "PHP"})  # currencies of places that write the month first
_ROWS_AT_ONCE: Final = 5_000
_CONFIRMABLE: Final = ("past_date",)

CHANGES: Final = Shape(
    {
        "mode": choice(*rules.MODES, default="both"),
        "decimal_mark": choice(".", ",", default="."),
        "day_first": flag(),
        "columns": Field(lambda value, name: value, {"type": ["object", "null"]}, default={}),
        "defaults": Field(lambda value, name: value, {"type": ["object", "null"]}, default={}),
        "confirm": Field(
            lambda value, name: value,
            {"type": ["array", "null"], "items": {"type": "string", "enum": list(_CONFIRMABLE)}},
            default=(),
        ),
    }
)


def upload_import(*, by: Caller, kind: object, file_name: str, content: bytes) -> UUID:
    """Read a file in a process of its own, keep its rows, guess its columns, and check it.

    Nothing but the import is written. Raises Forbidden, and Invalid for the field `file` or `kind`:
    within 5 seconds, whatever the file is.
    """
    wanted = kind_named(kind)
    wanted.must_write(by)
    name = text(200).check(file_name.replace("\0", "")[-200:] or "file", "file")
    if len(content) > settings.IMPORT_MOST_BYTES:
        raise too_large()
    table = read_table(content)
    made = Import.objects.create(
        id=new_id(),
        organization_id=by.organization_id,
        kind=wanted.layout.kind,
        file_name=name,
        size=len(content),
        digest=sha256(content).hexdigest(),
        headings=list(table.headings),
        mode=wanted.layout.modes[0],
        row_count=len(table.rows),
        acting=kept(by),
        uploaded_by=by.actor.name,
        progressed_at=by.now,
        **_guessed(by, wanted.layout, table),
    )
    _insert_rows(by, made, table)
    activity.record(
        by,
        "import.uploaded",
        made.pk,
        body={"kind": made.kind, "file_name": name, "row_count": made.row_count},
    )
    _check(by, made, wanted)
    return made.pk


def change_import(
    *, by: Caller, import_id: UUID, sent: Mapping[str, Any], version: int | None = None
) -> None:
    """Say what the columns are and what may be written: the fields of `CHANGES`; all rows are
    checked anew.

    Raises Forbidden, NotFound, Invalid, Conflict `stale_version`, `invalid_transition`.
    """
    found, kind = _locked(by, import_id, version)
    kind.must_write(by)
    rules.check("change", found.status, found.counts)
    values = CHANGES.of_change(sent)
    layout = kind.layout
    if "columns" in values:
        found.columns = check_columns(layout, found.headings, values["columns"])
    if "mode" in values:
        if values["mode"] not in layout.modes:
            message = f"{layout.title} take {' or '.join(layout.modes)}."
            raise invalid("unknown_choice", message, "mode")
        found.mode = values["mode"]
    for name in ("decimal_mark", "day_first"):
        if name in values:
            found.options[name] = values[name]
    if "defaults" in values:
        found.options["defaults"] = _defaults(layout, values["defaults"])
    if "confirm" in values:
        found.options["confirm"] = _confirmed(values["confirm"])
    found.status, found.acting = "checking", kept(by)
    _save(by, found)
    _check(by, found, kind)


def start_import(*, by: Caller, import_id: UUID, version: int | None = None) -> None:
    """Begin to write the sound rows, in a job; the bad ones are left out.

    Raises Forbidden, NotFound, Conflict `invalid_transition`, `stale_version`.
    """
    found, kind = _locked(by, import_id, version)
    kind.must_write(by)
    rules.check("start", found.status, found.counts)
    found.status, found.started_at, found.acting = "running", by.now, kept(by)
    _save(by, found)
    activity.record(by, "import.started", found.pk, body=_told(found))
    _defer(by, found)


def stop_import(*, by: Caller, import_id: UUID, version: int | None = None) -> None:
    """Stop after the chunk that is being written. Raises what `start_import` raises."""
    found, kind = _locked(by, import_id, version)
    kind.must_write(by)
    rules.check("stop", found.status, found.counts)
    found.status = "stopped"
    _save(by, found)
    activity.record(by, "import.stopped", found.pk, body=_told(found))


def resume_import(*, by: Caller, import_id: UUID, version: int | None = None) -> None:
    """Go on where it was stopped, or where its worker died: no row is written twice.

    Raises what `start_import` raises.
    """
    found, kind = _locked(by, import_id, version)
    kind.must_write(by)
    rules.check("resume", found.status, found.counts)
    if found.status == "stopped":
        waits = found.started_at is None
        found.status, found.failure = "checking" if waits else "running", ""
        activity.record(by, "import.resumed", found.pk, body=_told(found))
    if found.status != "undoing":
        found.acting = kept(by)
    _save(by, found)
    _defer(by, found)


def undo_import(*, by: Caller, import_id: UUID, version: int | None = None) -> None:
    """Take back, in a job, every record that it created; nothing when one of them is in use.

    What it changed stays changed. Raises what `start_import` raises.
    """
    found, kind = _locked(by, import_id, version)
    kind.must_write(by)
    kind.must_remove(by)
    rules.check("undo", found.status, found.counts)
    found.status, found.failure, found.acting = "undoing", "", kept(by)
    _save(by, found)
    _defer(by, found)


def note_fault(organization_id: UUID, import_id: UUID, *, now: datetime) -> None:
    """A fault of ours in a job: the import is stopped, so that it can be resumed."""
    with entered(organization_id):
        mine = Import.objects.of(organization_id).filter(pk=import_id)
        failure = "A fault of ours stopped this. The last chunk was not written; you can resume."
        mine.filter(status__in=("checking", "running")).update(
            status="stopped", failure=failure, progressed_at=now
        )
        mine.filter(status="undoing").update(
            status="finished", failure="A fault of ours: nothing was undone.", progressed_at=now
        )


def too_large() -> Invalid:
    """The refusal of a file with too many bytes."""
    most = settings.IMPORT_MOST_BYTES // 1_000_000
    return refused("file_too_large", f"A file has at most {most} MB. Split it.")


def missing() -> NotFound:
    """The one answer for imports that do not exist and for those of others."""
    return NotFound("not_found", "There is no such import.")


def _locked(by: Caller, import_id: UUID, version: int | None) -> tuple[Any, ImportKind]:
    found = Import.objects.of(by.organization_id).filter(pk=import_id).locked().first()
    if found is None:
        raise missing()
    check_version("import", found.version, version)
    return found, KINDS[found.kind]


def _save(by: Caller, found: Any) -> None:
    found.version += 1
    found.updated_at = by.now
    found.progressed_at = by.now
    found.save(force_update=True)


def _guessed(by: Caller, layout: Layout, table: Table) -> dict[str, Any]:
    """Columns, and how numbers and days are written, from the first rows."""
    sample = [row for _, row in table.rows[:200]]
    columns = guess_columns(layout, table.headings, sample)
    texts: dict[str, list[str]] = {"number": [], "fraction": [], "day": []}
    for name, place in columns.items():
        field = layout.field(name)
        if field is not None and field.look in texts:
            texts[field.look] += [row[place] for row in sample if place < len(row) and row[place]]
    usual = by.organization.default_currency not in MONTH_FIRST
    options = {
        "decimal_mark": cells.guess_decimal_mark(texts["number"] + texts["fraction"]),
        "day_first": cells.guess_day_first(texts["day"], usual=usual),
    }
    return {"columns": columns, "options": options}


def _insert_rows(by: Caller, made: Import, table: Table) -> None:
    for start in range(0, len(table.rows), _ROWS_AT_ONCE):
        some = table.rows[start : start + _ROWS_AT_ONCE]
        rows = [{"id": new_id(), "number": number, "cells": row} for number, row in some]
        _run(by, sql.INSERT_ROWS, source=made.pk, rows=to_json(rows))


def _group_rows(by: Caller, import_id: UUID, key: list[int]) -> None:
    """All rows wait; those of one record stand together. Few rows share one, so few are written."""
    _run(by, sql.RESET_ROWS, source=import_id)
    first: dict[str, int] = {}
    groups = [
        {"number": number, "first_number": first[said]}
        for number, said in (_run(by, sql.KEYS, source=import_id, key=key) if key else ())
        if said is not None and first.setdefault(said, number) != number
    ]
    for start in range(0, len(groups), _ROWS_AT_ONCE):
        some = to_json(groups[start : start + _ROWS_AT_ONCE])
        _run(by, sql.GROUP_ROWS, source=import_id, groups=some)


def _check(by: Caller, found: Any, kind: ImportKind) -> None:
    """Check the rows: now when they are few, else in a job. Without its columns nothing can be."""
    mine = Import.objects.of(by.organization_id).filter(pk=found.pk)
    lacking = missing_labels(kind.layout, found.columns)
    key = [found.columns[name] for name in kind.layout.key if name in found.columns]
    _group_rows(by, found.pk, key)
    if lacking:
        labels = " and ".join(lacking)
        failure = f"Say which column holds {labels}: without it nothing can be read."
        mine.update(status="ready", failure=failure, counts={"waiting": found.row_count})
        return
    mine.update(failure="", counts={"waiting": found.row_count})
    if found.row_count > CHECKED_AT_ONCE:
        _defer(by, found)
        return
    found.failure = ""
    while chunks.check_chunk(by, found):
        pass


def _defaults(layout: Layout, sent: Any) -> dict[str, str]:
    if not isinstance(sent, Mapping):
        raise invalid("invalid_input", "Give an object of fields and texts.", "defaults")
    kept_ones: dict[str, str] = {}
    for name, value in sent.items():
        if layout.field(str(name)) is None:
            raise invalid("unknown_field", "There is no such field.", "defaults")
        if value not in (None, ""):
            kept_ones[str(name)] = text(200).check(value, f"defaults.{name}")
    return kept_ones


def _confirmed(sent: Any) -> list[str]:
    if not isinstance(sent, list | tuple) or any(code not in _CONFIRMABLE for code in sent):
        raise invalid("unknown_choice", f"Use {', '.join(_CONFIRMABLE)}.", "confirm")
    return list(sent)


def _told(found: Any) -> dict[str, Any]:
    return {"kind": found.kind, "file_name": found.file_name, **found.counts}


def _defer(by: Caller, found: Any) -> None:
    task = "importing.undo" if found.status == "undoing" else "importing.work"
    app.configure_task(task).defer(organization_id=str(by.organization_id), import_id=str(found.pk))


def _run(by: Caller, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, **parameters})
        return cursor.fetchall() if cursor.description else []
