"""Take back what an import created: all of it, or nothing and the reasons."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from orderwright.activity import actions as activity
from orderwright.activity.constraints import refusal_of
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.importing.acting import caller_of
from orderwright.importing.chunks import counted, store_results
from orderwright.importing.kinds import KINDS, ImportKind
from orderwright.importing.lines import Result
from orderwright.importing.models import Import, ImportRow
from orderwright.kernel.errors import Forbidden, Refusal

_AT_ONCE: Final = 500
_MOST_REASONS: Final = 200


class _InUse(Exception):
    """Takes back an undo of which something could not be done."""


def undo_import(organization_id: UUID, import_id: UUID, *, now: datetime) -> None:
    """Remove every record that the import created, in one transaction; may run twice.

    When something has used or changed one of them since, nothing is removed: the rows say which
    and why (up to 200 of them), and the import is finished as before.
    """
    with entered(organization_id):
        found = Import.objects.of(organization_id).filter(pk=import_id).locked().first()
        if found is None or found.status != "undoing":
            return
        mine = Import.objects.of(organization_id).filter(pk=import_id)
        try:
            by = caller_of(found.acting, organization_id, now=now)
            KINDS[found.kind].must_remove(by)
        except Forbidden as refusal:
            mine.update(status="finished", failure=refusal.message, progressed_at=now)
            return
        reasons = _try_all(by, KINDS[found.kind], found)
        if reasons:
            count = len(reasons)
            said = f"{count} or more" if count >= _MOST_REASONS else str(count)
            failure = f"Nothing was undone: {said} of its records are in use. The rows say why."
            mine.update(status="finished", failure=failure, progressed_at=now)
            return
        counts = counted(by, import_id)
        mine.update(status="undone", failure="", counts=counts, progressed_at=now)
        activity.record(by, "import.undone", import_id, body={"kind": found.kind, **counts})


def _try_all(by: Caller, kind: ImportKind, found: Import) -> dict[UUID, str]:
    """Remove everything, or nothing and answer the reasons by record."""
    rows = ImportRow.objects.of(by.organization_id).filter(source_id=found.pk, state="created")
    rows_of: dict[UUID, list[UUID]] = {}
    for row_id, record_id in rows.order_by("first_number", "number").values_list("pk", "record_id"):
        if record_id is not None:
            rows_of.setdefault(record_id, []).append(row_id)
    reasons: dict[UUID, str] = {}
    try:
        with transaction.atomic():
            reasons = _take_back(by, kind, list(rows_of))
            if reasons:
                raise _InUse
            rows.update(state="undone", errors={})
    except _InUse:
        store_results(
            by,
            [
                Result(row_id, "created", record_id, {"": reason})
                for record_id, reason in reasons.items()
                for row_id in rows_of[record_id]
            ],
        )
    return reasons


def _take_back(by: Caller, kind: ImportKind, record_ids: Sequence[UUID]) -> dict[UUID, str]:
    reasons: dict[UUID, str] = {}
    for start in range(0, len(record_ids), _AT_ONCE):
        some = record_ids[start : start + _AT_ONCE]
        if _why_not(by, kind, some) is None:
            continue
        for record_id in some:
            reason = _why_not(by, kind, [record_id])
            if reason is not None:
                reasons[record_id] = reason
            if len(reasons) >= _MOST_REASONS:
                return reasons
    return reasons


def _why_not(by: Caller, kind: ImportKind, record_ids: Sequence[UUID]) -> str | None:
    try:
        with transaction.atomic():
            kind.take_back(by, record_ids)
    except Refusal as refusal:
        return refusal.message
    except IntegrityError as error:
        return refusal_of(error).message
    return None
