"""What people do with a job besides material and receipts: plan it, complete, reopen, cancel it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from orderwright.activity.rows import plain
from orderwright.identity.caller import Caller
from orderwright.inventory.ledger import Cause
from orderwright.inventory.returning import Back, put_back
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.fields import day
from orderwright.kernel.text import check_text
from orderwright.kernel.versions import check_version
from orderwright.kernel.weight import check_weight
from orderwright.production import queries, rules, telling
from orderwright.production.job_page import JobPage
from orderwright.production.models import JobInput, ProductionJob
from orderwright.production.new_jobs import read_places
from orderwright.sales.writing import Happening

EDITABLE = ("staff_id", "deadline", "notes", "weight_requested", "issued_on", "stage_id")


def edit_job(
    *, by: Caller, job: UUID | str, changes: Mapping[str, Any], version: int | None = None
) -> JobPage:
    """Plan a job anew: staff, dates, notes; stage and requested weight before the first receipt
    (ruling 17).

    Raises Invalid, NotFound, Conflict `stale_version`, `invalid_transition`, `already_received`.
    """
    by.must("production:update")
    held = telling.locked(by, job)
    check_version("job", held.job.version, version)
    known = {name: changes[name] for name in EDITABLE if name in changes}
    if set(known) - {"notes"}:
        rules.check("edit", held.job.status)
    if {"weight_requested", "stage_id"} & set(known) and held.job.last_receipt_at is not None:
        message = "Something has been received, so this stays as it is."
        fields = dict.fromkeys(sorted({"weight_requested", "stage_id"} & set(known)), message)
        raise Conflict("already_received", message, fields=fields)
    values = {name: _read(name, value) for name, value in known.items()}
    if {"stage_id", "staff_id"} & set(known):
        places = read_places(
            by,
            stage_id=values.get("stage_id") or held.job.stage_id,
            staff_id=values.get("staff_id"),
        )
        if "stage_id" in known:
            values["stage_id"] = places.stage_id
    ProductionJob.objects.of(by.organization_id).filter(pk=held.job.id).update(**values)
    differences = {
        name: [plain(getattr(held.job, name)), plain(value)]
        for name, value in values.items()
        if getattr(held.job, name) != value
    }
    return _changed(by, held, "edited", {"changes": differences})


def complete_job(*, by: Caller, job: UUID | str, version: int | None = None) -> JobPage:
    """Nothing more comes of this job; what is pending stays unaccounted for, and is shown."""
    held = _checked(by, job, version, "complete")
    _update(by, held, completed_at=by.now)
    return _changed(by, held, "completed", {"pending": held.job.metrics().pending})


def reopen_job(*, by: Caller, job: UUID | str, version: int | None = None) -> JobPage:
    """More comes of a job that was completed, unless its run has ended (domain 2.7)."""
    held = _checked(by, job, version, "reopen")
    if held.job.run_id is not None:
        run = queries.run_page(by, held.job.run_id)
        if run.head.status == "completed":
            message = f"Run {run.head.number} is completed and stays so."
            raise Conflict("run_completed", message)
    _update(by, held, completed_at=None)
    return _changed(by, held, "reopened", {})


def cancel_job(
    *, by: Caller, job: UUID | str, reason: str = "", version: int | None = None
) -> JobPage:
    """Give a job up. Material of which nothing has come goes back to its lots; after the first
    receipt it stays issued, because some of it is used."""
    given = check_text(reason or "", "reason", longest=500).strip()
    by.must("production:update")
    found = queries.job_page(by, job)
    lots = [row.lot_id for row in found.inputs if row.returned_at is None]
    held = telling.locked(by, job, queries.products_of_lots(by, lots))
    check_version("job", held.job.version, version)
    rules.check("cancel", held.job.status)
    returned = _return_material(by, held) if held.job.last_receipt_at is None else []
    _update(by, held, cancelled_at=by.now, cancel_reason=given)
    return _changed(by, held, "cancelled", {"reason": given, "returned": returned})


def _return_material(by: Caller, held: telling.Locked) -> list[str]:
    """Put everything that went in back; answers the tags of the lots."""
    inputs = queries.whole_job(by, held.job).inputs
    open_ones = [row for row in inputs if row.returned_at is None]
    if not open_ones:
        return []
    back = [Back(row.lot_id, row.quantity, row.weight) for row in open_ones]
    put_back(by, back, action="return", cause=Cause(held.job.id, f"job {held.job.number}"))
    JobInput.objects.of(by.organization_id).with_ids([row.id for row in open_ones]).update(
        returned_at=by.now
    )
    return [row.tag_id for row in open_ones]


def _checked(by: Caller, job: UUID | str, version: int | None, action: str) -> telling.Locked:
    by.must("production:update")
    held = telling.locked(by, job)
    check_version("job", held.job.version, version)
    rules.check(action, held.job.status)
    return held


def _update(by: Caller, held: telling.Locked, **values: Any) -> None:
    ProductionJob.objects.of(by.organization_id).filter(pk=held.job.id).update(**values)


def _changed(by: Caller, held: telling.Locked, verb: str, body: Mapping[str, Any]) -> JobPage:
    happening = Happening(
        f"production_job.{verb}", {"number": held.job.number, **body}, subject_id=held.job.id
    )
    telling.after_change(by, held, happening)
    return queries.whole_job(by, queries.read_job(by, held.job.id))


def _read(name: str, value: Any) -> Any:
    if name == "notes":
        return check_text(value or "", name, longest=10_000)
    if name in ("deadline", "issued_on"):
        return day().check(value, name) if value is not None else None
    if name == "weight_requested":
        return None if value is None else check_weight(value, name) or None
    if name == "stage_id" and value is None:
        message = "A job has a stage."
        raise Invalid("required", message, fields={name: message})
    return value
