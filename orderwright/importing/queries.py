"""Imports as pages and answers show them."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from orderwright.activity.rows import read
from orderwright.identity.caller import Caller
from orderwright.importing import cells
from orderwright.importing.actions import missing
from orderwright.importing.chunks import manner_of
from orderwright.importing.kinds import KINDS
from orderwright.importing.layouts import Layout
from orderwright.importing.lines import values_of
from orderwright.importing.models import Import, ImportRow
from orderwright.importing.rules import ROW_STATES, allowed_actions
from orderwright.kernel.errors import Forbidden, Invalid
from orderwright.kernel.fields import check_identifier
from orderwright.kernel.lifecycle import Allowed
from orderwright.kernel.paging import Page, Window, page_of
from orderwright.kernel.shapes import invalid

STALLED_AFTER: Final = timedelta(seconds=30)
_WRITTEN: Final = ("running", "stopped", "finished")
_DONE: Final = ("unchanged", "bad", "created", "updated", "undone")


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One file on its way to records; `counts` are its rows by state."""

    id: UUID
    version: int
    kind: str
    file_name: str
    size: int
    digest: str
    headings: list[str]
    columns: dict[str, int]
    mode: str
    options: dict[str, Any]
    status: str
    row_count: int
    counts: dict[str, int]
    failure: str
    uploaded_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    progressed_at: datetime | None

    @property
    def layout(self) -> Layout:
        """What its columns can be."""
        return KINDS[self.kind].layout

    @property
    def done(self) -> int:
        """How many rows are through what is being done now."""
        if self.status == "checking":
            return self.row_count - self.counts.get("waiting", 0)
        return sum(self.counts.get(state, 0) for state in _DONE)

    @property
    def shown_counts(self) -> list[tuple[str, int]]:
        """The rows by state, in the order of their life; states without rows are left out."""
        return [(state, self.counts[state]) for state in ROW_STATES if self.counts.get(state)]

    @property
    def is_busy(self) -> bool:
        """Whether a job works on it."""
        return self.status in ("checking", "running", "undoing")

    def allowed_actions(self) -> list[Allowed]:
        """What can be done with it now."""
        return allowed_actions(self.status, self.counts)

    def is_stalled(self, now: datetime) -> bool:
        """Whether its worker seems to have died."""
        last = self.progressed_at
        return self.is_busy and last is not None and now - last > STALLED_AFTER


@dataclass(frozen=True, slots=True)
class RowRecord:
    """One line of the file; `values` as they are read, `errors` are sentences by field."""

    id: UUID
    number: int
    state: str
    cells: list[str]
    record_id: UUID | None
    errors: dict[str, str]
    values: dict[str, Any]


def list_imports(
    *, by: Caller, kind: str | None = None, before: UUID | None = None, limit: int = 50
) -> list[ImportRecord]:
    """Imports newest first that the caller may see; one more than `limit`. Raises Forbidden."""
    must_import(by)
    rows = _seen(by) if kind is None else _seen(by).filter(kind=kind)
    return read(rows.before(before).newest_first(), ImportRecord, limit=limit + 1)


def page_of_imports(*, by: Caller, kind: str | None, window: Window) -> Page[ImportRecord]:
    """A page of the imports that the caller may see, newest first. Raises Forbidden."""
    must_import(by)
    rows = _seen(by) if kind is None else _seen(by).filter(kind=kind)
    place, is_backward = window.place, window.is_backward
    if place is not None:
        rows = rows.filter(pk__gt=place.id) if is_backward else rows.before(place.id)
    rows = rows.order_by("pk") if is_backward else rows.newest_first()
    found = read(rows, ImportRecord, limit=window.size + 1)
    return page_of([("", row) for row in found], window)


def read_import(*, by: Caller, import_id: UUID | str) -> ImportRecord:
    """One import. Raises Forbidden, NotFound."""
    must_import(by)
    try:
        wanted = check_identifier(import_id, "id")
    except Invalid as error:
        raise missing() from error
    for row in read(_seen(by).filter(pk=wanted), ImportRecord):
        found: ImportRecord = row
        return found
    raise missing()


def earlier_import(*, by: Caller, found: ImportRecord) -> ImportRecord | None:
    """The last import of exactly the same file whose records are still there, if there is one.

    Rows that nothing identifies (an order without a PO number) would be there twice.
    """
    if not found.digest:
        return None
    same = _seen(by).filter(kind=found.kind, digest=found.digest, pk__lt=found.id)
    written = same.filter(status__in=_WRITTEN).newest_first()
    return next(iter(read(written, ImportRecord, limit=1)), None)


def list_rows(
    *,
    by: Caller,
    found: ImportRecord,
    states: Sequence[str] = (),
    after: int = 0,
    limit: int = 50,
) -> list[RowRecord]:
    """Rows of the file in its order, after this line; one more than `limit`."""
    rows = ImportRow.objects.of(by.organization_id).filter(source_id=found.id, number__gt=after)
    if states:
        rows = rows.filter(state__in=states)
    return _as_read(found, rows.order_by("number")[: limit + 1])


def held_rows(*, by: Caller, found: ImportRecord, limit: int = 50) -> list[RowRecord]:
    """Rows whose records could not be taken back, with the reasons."""
    rows = ImportRow.objects.of(by.organization_id).filter(source_id=found.id, state="created")
    return _as_read(found, rows.exclude(errors={}).order_by("number")[:limit])


def _as_read(found: ImportRecord, rows: Any) -> list[RowRecord]:
    manner = manner_of(found)
    columns = ("id", "number", "state", "cells", "record_id", "errors")
    return [
        RowRecord(
            id=row_id,
            number=number,
            state=state,
            cells=said,
            record_id=record_id,
            errors=errors,
            values=values_of(found.layout, found.columns, said, manner),
        )
        for row_id, number, state, said, record_id, errors in rows.values_list(*columns)
    ]


def bad_rows_file(*, by: Caller, found: ImportRecord) -> str:
    """The bad rows as CSV: the columns of the file, and what is wrong with each. It can be
    corrected and uploaded as it is."""
    reason = "Reason"
    headings = [name for name in found.headings if name != reason]
    places = [place for place, name in enumerate(found.headings) if name != reason]
    lines = ImportRow.objects.of(by.organization_id).filter(source_id=found.id, state="bad")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*headings, reason])
    for row, errors in lines.order_by("number").values_list("cells", "errors").iterator():
        shown = [cells.neutral(row[place]) if place < len(row) else "" for place in places]
        writer.writerow([*shown, reasons(found.layout, errors)])
    return "\ufeff" + out.getvalue()


def template_file(kind: str) -> str:
    """A file to start from: the headings of a kind, and a row as an example."""
    if kind not in KINDS:
        raise missing()
    fields = KINDS[kind].layout.fields
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([field.label for field in fields])
    writer.writerow([field.example for field in fields])
    return "\ufeff" + out.getvalue()


def reasons(layout: Layout, errors: Mapping[str, str]) -> str:
    """What is wrong with a row, in one line: each field by its label."""
    named = []
    for name, sentence in errors.items():
        field = layout.field(name)
        label = field.label if field is not None else name.replace("_", " ").capitalize()
        named.append(f"{label}: {sentence}" if label else sentence)
    return " ".join(named)


def importable(by: Caller) -> list[Layout]:
    """The kinds that the caller may import."""
    found = []
    for kind in KINDS.values():
        try:
            kind.must_write(by)
        except Forbidden:
            continue
        found.append(kind.layout)
    return found


def state_filter(wanted: str | None) -> list[str]:
    """The states of a filter. Raises Invalid."""
    if not wanted:
        return []
    if wanted not in ROW_STATES:
        raise invalid("unknown_choice", f"Use one of {', '.join(ROW_STATES)}.", "status")
    return [wanted]


def must_import(by: Caller) -> None:
    """Whoever may import nothing has no business with imports. Raises Forbidden."""
    if not importable(by):
        raise Forbidden(
            "missing_permission",
            f"Your role {by.role} may not import anything: that takes the right to create and "
            "change customers, products, inventory or orders.",
            details={"role": by.role},
        )


def _seen(by: Caller) -> Any:
    """The imports that the caller may see: of kinds that they may import; those of others only
    with the right to see prices, which may stand in any file."""
    kinds = [layout.kind for layout in importable(by)]
    rows = Import.objects.of(by.organization_id).filter(kind__in=kinds)
    if by.may("orders_commercial:read"):
        return rows
    return rows.filter(acting__id=None if by.actor.id is None else str(by.actor.id))
