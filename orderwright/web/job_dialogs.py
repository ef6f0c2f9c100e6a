"""Short tasks on a job, each a dialog and a page: edit the plan, complete, reopen, cancel."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict
from orderwright.production import actions, queries
from orderwright.production.job_page import JobRow
from orderwright.web import choices, display
from orderwright.web.forms import Form, done
from orderwright.web.job_list import stages
from orderwright.web.job_page import url_of
from orderwright.web.road import page


def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Plan it anew; stage and requested weight until something is received (ruling 17)."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    head = allowed_job(by, reference, "edit")
    is_fresh = head.last_receipt_at is None

    def act(form: Form) -> Any:
        changes: dict[str, Any] = {
            "staff_id": form.uuid("staff_id"),
            "issued_on": form.day("issued_on"),
            "deadline": form.day("deadline"),
            "notes": form.text("notes"),
        }
        if is_fresh:
            changes["stage_id"] = form.uuid("stage_id", required="A job has a stage.")
            changes["weight_requested"] = form.number_text("weight_requested") or None
        form.check()
        return actions.edit_job(by=by, job=head.id, changes=changes, version=form.whole("version"))

    first = {
        name: getattr(head, name)
        for name in ("staff_id", "stage_id", "issued_on", "deadline", "notes", "weight_requested")
    }
    context = {"stages": stages(by), "staff": choices.staff(by), "is_fresh": is_fresh}
    return short_task(
        request, head, "edit", act, "The plan is saved.", context=context, first=first
    )


def complete(request: HttpRequest, reference: str) -> HttpResponse:
    """Nothing more comes of it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    head = allowed_job(by, reference, "complete")

    def act(form: Form) -> Any:
        return actions.complete_job(by=by, job=head.id, version=form.whole("version"))

    gap = display.quantity(head.gap, head.weight_unit) if head.gap > 0 else ""
    said = f"{head.number} is completed."
    return short_task(request, head, "complete", act, said, context={"gap": gap})


def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """More comes of it after all."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    head = allowed_job(by, reference, "reopen")

    def act(form: Form) -> Any:
        return actions.reopen_job(by=by, job=head.id, version=form.whole("version"))

    return short_task(request, head, "reopen", act, f"{head.number} is open again.")


def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Give it up, with a reason."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    head = allowed_job(by, reference, "cancel")

    def act(form: Form) -> Any:
        reason = form.text("reason", required="Say why the job is given up.")
        form.check()
        return actions.cancel_job(by=by, job=head.id, reason=reason, version=form.whole("version"))

    context = {"goes_back": head.has_inputs and head.last_receipt_at is None}
    return short_task(request, head, "cancel", act, f"{head.number} is cancelled.", context=context)


def allowed_job(by: Caller, reference: str, action: str) -> JobRow:
    """The job, if the action may be taken now. Raises Conflict with the sentence why not."""
    by.must("production:update")
    head = queries.read_job(by, reference)
    for one in head.allowed(by.permissions):
        if one.action == action and not one.allowed:
            raise Conflict("not_allowed_now", one.why_not or "This is not possible now.")
    return head


def short_task(
    request: HttpRequest,
    head: JobRow,
    name: str,
    act: Callable[[Form], Any],
    said: str,
    *,
    context: Mapping[str, Any] | None = None,
    first: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A dialog that asks, acts once and goes back to the job."""
    form = Form.of(first or {})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: act(form)):
            return done(request, url_of(head), said)
    everything = {"job": head, "url": url_of(head), "form": form, **(context or {})}
    return page(request, f"production/{name}.html", everything, status=form.status)
