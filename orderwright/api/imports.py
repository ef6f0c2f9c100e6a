"""Imports over HTTP: upload a file, say what its columns are, start, stop, resume, undo."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from orderwright.api.answers import (
    about,
    answer,
    caller,
    instant,
    listed,
    page_size,
    uuid_or_missing,
)
from orderwright.api.inputs import patch_of
from orderwright.api.records import current_in_details
from orderwright.identity.caller import Caller
from orderwright.importing import actions, queries
from orderwright.importing.layouts import LAYOUTS
from orderwright.importing.queries import ImportRecord, RowRecord
from orderwright.kernel.cursors import read_cursor
from orderwright.kernel.errors import Invalid
from orderwright.kernel.shapes import Shape

router = Router(tags=["Imports"])

ImportChanges = patch_of("ImportChanges", actions.CHANGES)
ImportAction = patch_of("ImportAction", Shape({}))
_UPLOAD: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["kind", "file"],
                    "properties": {
                        "kind": {"type": "string", "enum": list(LAYOUTS)},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}


def _look(by: Caller, import_id: str) -> None:
    """Raises NotFound unless there is such an import."""
    queries.read_import(by=by, import_id=uuid_or_missing(import_id, "import"))


@router.get("/imports")
def list_imports(
    request: HttpRequest,
    kind: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> HttpResponse:
    """Imports, newest first."""
    by, size = caller(request), page_size(limit)
    rows = queries.list_imports(by=by, kind=kind, before=read_cursor(cursor), limit=size)
    return listed(rows, limit=size, show=show_import)


@router.post("/imports", openapi_extra=_UPLOAD)
def upload(request: HttpRequest) -> HttpResponse:
    """Read a CSV or .xlsx file, guess its columns and check its rows; nothing is written yet."""
    by = caller(request)
    queries.must_import(by)
    file = request.FILES.get("file")
    if file is None:
        message = "Send the file as multipart form data, under the name file."
        raise Invalid("required", message, fields={"file": message})
    import_id = actions.upload_import(
        by=by, kind=request.POST.get("kind"), file_name=file.name or "", content=file.read()
    )
    return answer(_shown(by, import_id), status=201)


@router.get("/imports/{import_id}")
def read_import(request: HttpRequest, import_id: str) -> HttpResponse:
    """One import with its columns, its counts and what can be done with it."""
    return answer(_shown(caller(request), uuid_or_missing(import_id, "import")))


@router.patch("/imports/{import_id}")
def change_import(
    request: HttpRequest,
    import_id: str,
    body: ImportChanges,  # type: ignore[valid-type]
) -> HttpResponse:
    """Say what the columns are and what may be written; the rows are checked anew."""
    by, known = caller(request), _known(request, import_id)
    with current_in_details(lambda: _shown(by, known)):
        actions.change_import(
            by=by,
            import_id=known,
            sent=body.sent(),  # type: ignore[attr-defined]
            version=body.version_read(),  # type: ignore[attr-defined]
        )
    return answer(_shown(by, known))


@router.get("/imports/{import_id}/rows")
def list_rows(
    request: HttpRequest,
    import_id: str,
    status: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> HttpResponse:
    """The rows of the file in its order, of one status if asked: each with what is wrong."""
    by, size = caller(request), page_size(limit)
    found = queries.read_import(by=by, import_id=uuid_or_missing(import_id, "import"))
    after = read_cursor(cursor)
    rows = queries.list_rows(
        by=by,
        found=found,
        states=queries.state_filter(status),
        after=0 if after is None else min(after.int, 2**31 - 1),
        limit=size,
    )
    return listed(rows, limit=size, show=show_row, position=lambda row: UUID(int=row.number))


def _action(verb: str, act: Any, summary: str) -> None:
    @router.post(
        f"/imports/{{import_id}}/actions/{verb}",
        operation_id=f"{verb}_import",
        summary=summary,
    )
    @about(_look)
    def run(
        request: HttpRequest,
        import_id: str,
        body: ImportAction,  # type: ignore[valid-type]
    ) -> HttpResponse:
        by, known = caller(request), _known(request, import_id)
        with current_in_details(lambda: _shown(by, known)):
            act(by=by, import_id=known, version=body.version_read())  # type: ignore[attr-defined]
        return answer(_shown(by, known))


_action("start", actions.start_import, "Write the sound rows, in a job")
_action("stop", actions.stop_import, "Stop after the chunk that is being written")
_action("resume", actions.resume_import, "Go on where it stopped; no row is written twice")
_action("undo", actions.undo_import, "Take back what it created, unless something is in use")


def _known(request: HttpRequest, import_id: str) -> UUID:
    """The id of an import that the caller may see. Raises Forbidden, NotFound."""
    by = caller(request)
    found = queries.read_import(by=by, import_id=uuid_or_missing(import_id, "import"))
    return found.id


def _shown(by: Caller, import_id: UUID) -> dict[str, Any]:
    return show_import(queries.read_import(by=by, import_id=import_id))


def show_import(row: ImportRecord) -> dict[str, Any]:
    """An import as the API answers it; `columns` are places from 0."""
    return {
        "id": row.id,
        "version": row.version,
        "kind": row.kind,
        "file_name": row.file_name,
        "size": row.size,
        "status": row.status,
        "mode": row.mode,
        "headings": row.headings,
        "columns": row.columns,
        "decimal_mark": row.options.get("decimal_mark", "."),
        "day_first": row.options.get("day_first", False),
        "defaults": row.options.get("defaults", {}),
        "confirm": row.options.get("confirm", []),
        "row_count": row.row_count,
        "done_count": row.done,
        "counts": row.counts,
        "failure": row.failure or None,
        "uploaded_by": row.uploaded_by,
        "created_at": instant(row.created_at),
        "started_at": instant(row.started_at),
        "finished_at": instant(row.finished_at),
        "allowed_actions": [one.as_json() for one in row.allowed_actions()],
    }


def show_row(row: RowRecord) -> dict[str, Any]:
    """A row of the file as the API answers it; `number` is its line."""
    return {
        "id": row.id,
        "number": row.number,
        "status": row.state,
        "cells": row.cells,
        "record_id": row.record_id,
        "errors": row.errors,
    }
