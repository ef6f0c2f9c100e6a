"""Imports: upload a file, say what its columns are, see what will happen, do it, take it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.identity.caller import Caller
from orderwright.importing import actions, queries
from orderwright.importing.layouts import LAYOUTS, ImportField
from orderwright.importing.queries import ImportRecord, RowRecord
from orderwright.kernel.paging import Page, Window
from orderwright.web.display import chip, instant, link
from orderwright.web.forms import Form, done
from orderwright.web.list_pages import ListPage
from orderwright.web.lists import Asked, Column, Empty, Filter
from orderwright.web.road import page

PREVIEWED: Final = 10
LISTED: Final = 50
KIND_URLS: Final = {
    "customers": "/customers",
    "products": "/products",
    "inventory": "/inventory",
    "orders": "/orders/sales",
}
_MODES: Final = (
    ("both", "Add new records and change those that are there"),
    ("create", "Only add new records"),
    ("update", "Only change records that are there"),
)
_MARKS: Final = ((".", "1,234.50"), (",", "1.234,50"))
_DAYS: Final = (("", "12/31/2026"), ("on", "31/12/2026"))


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file as the page shows it: its heading, some of its cells, its field."""

    place: int
    heading: str
    sample: str
    name: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the file as it will be read, with what is wrong."""

    number: int
    state: str
    cells: list[tuple[str, str]]
    reasons: str


def imports(request: HttpRequest) -> HttpResponse:
    """What was imported, and where to begin."""
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    return page(request, "imports/list.html", {"list": LIST.shown(request.caller, asked)})  # type: ignore[attr-defined]


def _read(by: Caller, asked: Asked, window: Window) -> Page[ImportRecord]:
    return queries.page_of_imports(by=by, kind=asked.value("kind"), window=window)


def _filters(by: Caller, asked: Asked) -> list[Filter]:
    return [Filter("kind", "Kind", [(one.kind, one.title) for one in queries.importable(by)])]


def _list_columns(by: Caller) -> tuple[Column, ...]:
    zone = by.organization.timezone
    return (
        Column("File", lambda row: link(row.file_name, f"/imports/{row.id}"), primary=True),
        Column("Kind", lambda row: LAYOUTS[row.kind].title),
        Column("Status", lambda row: chip("import", row.status), whole=True),
        Column(
            "Rows", lambda row: f"{row.row_count:,}", numeric=True, value=lambda row: row.row_count
        ),
        Column("By", lambda row: row.uploaded_by),
        Column(
            "Uploaded",
            lambda row: instant(row.created_at, now=by.now, timezone=zone),
            value=lambda row: row.created_at,
        ),
    )


LIST: Final = ListPage(
    key="imports",
    name="Imports",
    path="/imports",
    nouns=("import", "imports"),
    columns=_list_columns,
    read=_read,
    empty=lambda by: Empty(
        "Nothing was imported yet",
        "Bring customers, products, inventory or orders from a spreadsheet.",
        icon="table-import",
        action="Import a file",
        url="/imports/new",
    ),
    filters=_filters,
    parameters=("kind",),
    label=lambda row: row.file_name,
)


def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file and what it holds."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    queries.must_import(by)
    form = Form.of({"kind": request.GET.get("kind", "")})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _upload(by, form, request)):
            return redirect(f"/imports/{form.result}")
    kinds = queries.importable(by)
    return page(
        request,
        "imports/upload.html",
        {"form": form, "kinds": [(one.kind, one.title) for one in kinds], "layouts": kinds},
        status=form.status,
    )


def _upload(by: Caller, form: Form, request: HttpRequest) -> UUID:
    file = request.FILES.get("file")
    if file is None:
        form.errors["file"] = "Choose a file."
        form.check()
    assert file is not None
    return actions.upload_import(
        by=by, kind=form.text("kind"), file_name=file.name or "", content=file.read()
    )


def template(request: HttpRequest, kind: str) -> HttpResponse:
    """A file to start from."""
    queries.must_import(request.caller)  # type: ignore[attr-defined]
    return _file(queries.template_file(kind), f"{kind}-template.csv")


def bad_rows(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The bad rows with their reasons, to be corrected and uploaded."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.read_import(by=by, import_id=import_id)
    return _file(queries.bad_rows_file(by=by, found=found), f"{found.kind}-bad-rows.csv")


def one_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """One import: its columns and preview, its progress, or what became of it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    return _shown(request, by, queries.read_import(by=by, import_id=import_id), None)


def progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far it is; when it is through, the page is loaded anew."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.read_import(by=by, import_id=import_id)
    response = page(request, "imports/progress.html", _progress_of(by, found))
    if not found.is_busy:
        response["HX-Redirect"] = f"/imports/{import_id}"
    return response


def change_columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Read the file in another way, and check it anew."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    form = Form.posted(request)
    found = queries.read_import(by=by, import_id=import_id)

    def change() -> None:
        actions.change_import(
            by=by, import_id=import_id, sent=_sent(form, found), version=form.whole("version")
        )

    if form.accept(change):
        return done(request, f"/imports/{import_id}", "The file is checked with these columns.")
    return _shown(request, by, found, form)


def start(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Begin to write."""
    return _act(request, import_id, actions.start_import, "The import is running.")


def stop(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Stop after this chunk."""
    return _act(request, import_id, actions.stop_import, "The import is stopped.")


def resume(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Go on."""
    return _act(request, import_id, actions.resume_import, "The import goes on.")


def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take back what it created."""
    return _act(request, import_id, actions.undo_import, "The import is being undone.")


def _act(
    request: HttpRequest, import_id: UUID, act: Callable[..., None], said: str
) -> HttpResponse:
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.read_import(by=by, import_id=import_id)
    form = Form.posted(request)
    if form.accept(lambda: act(by=by, import_id=found.id)):
        return done(request, f"/imports/{import_id}", said)
    messages.error(request, form.message)
    return redirect(f"/imports/{import_id}")


def _shown(
    request: HttpRequest, by: Caller, found: ImportRecord, form: Form | None
) -> HttpResponse:
    before = found.started_at is None
    sample = queries.list_rows(by=by, found=found, limit=PREVIEWED)[:PREVIEWED]
    wrong = queries.list_rows(by=by, found=found, states=("bad",), limit=LISTED)
    context = {
        "found": found,
        "records_url": KIND_URLS[found.kind],
        "may": {one.action: one for one in found.allowed_actions()},
        "before": before,
        "earlier": queries.earlier_import(by=by, found=found) if before else None,
        "fields": _fields(found),
        "preview": [_row(found, row) for row in sample] if before else [],
        "wrong": [_row(found, row) for row in wrong[:LISTED]],
        "more_wrong": found.counts.get("bad", 0) - LISTED if len(wrong) > LISTED else 0,
        "held": _held(by, found),
        "form": form or Form.of(_settings(found)),
        "columns": _file_columns(found, sample),
        "choices": [(one.name, one.label) for one in found.layout.fields],
        "modes": [(code, text) for code, text in _MODES if code in found.layout.modes],
        "marks": _MARKS,
        "days": _DAYS,
        "looks": {one.look for one in _fields(found)},
        **_progress_of(by, found),
    }
    return page(request, "imports/one.html", context, status=200 if form is None else form.status)


def _progress_of(by: Caller, found: ImportRecord) -> dict[str, Any]:
    return {"found": found, "stalled": found.is_stalled(by.now)}


def _fields(found: ImportRecord) -> list[ImportField]:
    """The fields that the file has a column for, in the order of the file."""
    places = sorted(found.columns, key=lambda name: found.columns[name])
    return [field for name in places if (field := found.layout.field(name)) is not None]


def _settings(found: ImportRecord) -> dict[str, Any]:
    names = {place: name for name, place in found.columns.items()}
    return {
        "version": found.version,
        "mode": found.mode,
        "decimal_mark": found.options.get("decimal_mark", "."),
        "day_first": "on" if found.options.get("day_first") else "",
        "order_lead": found.options.get("defaults", {}).get("order_lead", ""),
        "past_date": "past_date" in found.options.get("confirm", ()),
        **{f"column.{place}": names.get(place, "") for place in range(len(found.headings))},
    }


def _sent(form: Form, found: ImportRecord) -> dict[str, Any]:
    """The form as the action takes it. Raises Invalid for a field chosen twice."""
    columns: dict[str, int] = {}
    for place in range(len(found.headings)):
        name = form.text(f"column.{place}")
        if name in columns:
            form.errors[f"column.{place}"] = "Another column is read as this already."
        elif name:
            columns[name] = place
    form.check()
    defaults = {**found.options.get("defaults", {})}
    if "order_lead" in form.values:
        defaults["order_lead"] = form.text("order_lead")
    return {
        "columns": columns,
        "mode": form.text("mode") or found.mode,
        "decimal_mark": form.text("decimal_mark") or ".",
        "day_first": form.flag("day_first"),
        "defaults": defaults,
        "confirm": ["past_date"] if form.flag("past_date") else [],
    }


def _file_columns(found: ImportRecord, sample: Sequence[RowRecord]) -> list[FileColumn]:
    shown = []
    for place, heading in enumerate(found.headings):
        said = [row.cells[place] for row in sample if place < len(row.cells) and row.cells[place]]
        words = ", ".join(dict.fromkeys(said[:3]))[:90]
        shown.append(FileColumn(place, heading, words, f"column.{place}"))
    return shown


def _row(found: ImportRecord, row: RowRecord) -> ShownRow:
    cells = [(field.label, _text(row.values.get(field.name))) for field in _fields(found)]
    return ShownRow(row.number, row.state, cells, queries.reasons(found.layout, row.errors))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(f"{one[0]} = {one[1]}" if isinstance(one, tuple) else one for one in value)
    return "" if value is None else str(value)


def _held(by: Caller, found: ImportRecord) -> list[ShownRow]:
    """The rows that an undo could not take back, with the reasons."""
    if not found.failure or found.status != "finished":
        return []
    rows = queries.held_rows(by=by, found=found, limit=LISTED)
    return [_row(found, row) for row in rows]


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
