"""Files for the tests of imports, and the way from a file to records."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from orderwright.identity.caller import Caller
from orderwright.importing import actions, chunks, queries
from orderwright.importing.queries import ImportRecord, RowRecord
from tests.company import NOW


def csv_of(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> bytes:
    """Rows as a file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def uploaded(by: Caller, kind: str, rows: Sequence[Sequence[Any]], **changes: Any) -> ImportRecord:
    """A file that is checked; `changes` are what somebody says of it."""
    import_id = actions.upload_import(
        by=by, kind=kind, file_name=f"{kind}.csv", content=csv_of(rows)
    )
    if changes:
        actions.change_import(by=by, import_id=import_id, sent=changes)
    worked(by, import_id)
    return queries.read_import(by=by, import_id=import_id)


def imported(by: Caller, kind: str, rows: Sequence[Sequence[Any]], **changes: Any) -> ImportRecord:
    """A file that became records."""
    found = uploaded(by, kind, rows, **changes)
    actions.start_import(by=by, import_id=found.id)
    worked(by, found.id)
    return queries.read_import(by=by, import_id=found.id)


def worked(by: Caller, import_id: UUID, *, now: datetime = NOW) -> None:
    """What the jobs do, here and now."""
    with transaction.atomic():
        while chunks.work_chunk(by.organization_id, import_id, now=now):
            pass


def bad_rows(by: Caller, found: ImportRecord) -> dict[int, dict[str, str]]:
    """What is wrong, by line."""
    return {row.number: row.errors for row in rows_of(by, found) if row.state == "bad"}


def rows_of(by: Caller, found: ImportRecord) -> list[RowRecord]:
    """The rows of the file."""
    return queries.list_rows(by=by, found=found, limit=1000)
