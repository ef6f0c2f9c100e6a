"""Stages, production jobs and runs over HTTP."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from orderwright.api.answers import answer, caller, listed, needs, page_size
from orderwright.api.body_types import Versioned
from orderwright.api.production_bodies import (
    GivenUpBody,
    JobBody,
    JobChangesBody,
    JobReceiptBody,
    MaterialBody,
    RunBody,
    read_inputs,
)
from orderwright.api.production_shapes import show_job, show_job_row, show_run, show_run_row
from orderwright.api.records import current_in_details, mount, resource
from orderwright.kernel.cursors import read_cursor
from orderwright.production import actions, materials, new_jobs, queries, receiving, runs
from orderwright.production.job_page import JobPage
from orderwright.production.stages import STAGE

router = Router(tags=["Production"])

READ, CREATE, UPDATE = "production:read", "production:create", "production:update"
ONE = "/production-jobs/{reference}"


class JobsQuery(Schema):
    """Filters, all of them optional."""

    limit: int | None = None
    cursor: str | None = None
    status: str | None = None
    stage_id: UUID | None = None
    staff_id: UUID | None = None
    order_id: UUID | None = None
    line_id: UUID | None = None
    run_id: UUID | None = None
    product_id: UUID | None = None
    completed_on: date | None = None
    q: str | None = None

    def read(self) -> queries.JobFilter:
        """The filter as the query takes it."""
        names = queries.JobFilter.__slots__
        return queries.JobFilter(**{name: getattr(self, name) for name in names})


class RunsQuery(Schema):
    """Filters, all of them optional."""

    limit: int | None = None
    cursor: str | None = None
    status: str | None = None
    order_id: UUID | None = None
    q: str | None = None


def _acted(request: HttpRequest, reference: str, act: Callable[[], JobPage]) -> HttpResponse:
    """Do it, and answer the job as it then is; a stale version carries the current one."""
    by = caller(request)
    with current_in_details(lambda: show_job(queries.job_page(by, reference), by)):
        page = act()
    return answer(show_job(page, by))


@router.get("/production-jobs")
@needs(READ)
def list_jobs(request: HttpRequest, wanted: Query[JobsQuery]) -> HttpResponse:
    """Jobs, newest first."""
    by, size = caller(request), page_size(wanted.limit)
    rows = queries.jobs(by, wanted.read(), before=read_cursor(wanted.cursor), limit=size)
    return listed(rows, limit=size, show=lambda row: show_job_row(row, by))


@router.post("/production-jobs")
@needs(CREATE)
def create_job(request: HttpRequest, body: JobBody) -> HttpResponse:
    """A job for a line, with its first material if any is given."""
    by = caller(request)
    return answer(show_job(new_jobs.create_job(by=by, new=body.read()), by), status=201)


@router.get(ONE)
@needs(READ)
def one_job(request: HttpRequest, reference: str) -> HttpResponse:
    """A job by its id or number."""
    by = caller(request)
    return answer(show_job(queries.job_page(by, reference), by))


@router.patch(ONE)
@needs(UPDATE)
def edit_job(request: HttpRequest, reference: str, body: JobChangesBody) -> HttpResponse:
    """Plan a job anew."""
    by, changes = caller(request), body.changes()
    return _acted(
        request,
        reference,
        lambda: actions.edit_job(by=by, job=reference, changes=changes, version=body.version),
    )


@router.post(f"{ONE}/actions/issue-material")
@needs(UPDATE)
def issue_material(request: HttpRequest, reference: str, body: MaterialBody) -> HttpResponse:
    """Take material out of lots for the job."""
    by, inputs = caller(request), read_inputs(body.inputs)
    return _acted(
        request,
        reference,
        lambda: materials.issue_material(by=by, job=reference, inputs=inputs, version=body.version),
    )


@router.post(f"{ONE}/actions/receive")
@needs(UPDATE)
def receive_output(request: HttpRequest, reference: str, body: JobReceiptBody) -> HttpResponse:
    """Take in what came of the job."""
    by = caller(request)
    return _acted(
        request, reference, lambda: receiving.receive(by=by, job=reference, new=body.read())
    )


@router.post(f"{ONE}/actions/complete")
@needs(UPDATE)
def complete_job(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Nothing more comes of it."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.complete_job(by=by, job=reference, version=body.version),
    )


@router.post(f"{ONE}/actions/reopen")
@needs(UPDATE)
def reopen_job(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """More comes of it after all."""
    by = caller(request)
    return _acted(
        request, reference, lambda: actions.reopen_job(by=by, job=reference, version=body.version)
    )


@router.post(f"{ONE}/actions/cancel")
@needs(UPDATE)
def cancel_job(request: HttpRequest, reference: str, body: GivenUpBody) -> HttpResponse:
    """Give it up; material of which nothing came goes back."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.cancel_job(by=by, job=reference, reason=body.reason, version=body.version),
    )


@router.get("/production-runs")
@needs(READ)
def list_runs(request: HttpRequest, wanted: Query[RunsQuery]) -> HttpResponse:
    """Runs, newest first."""
    by, size = caller(request), page_size(wanted.limit)
    asked = queries.RunFilter(wanted.status, wanted.order_id, wanted.q)
    rows = queries.runs(by, asked, before=read_cursor(wanted.cursor), limit=size)
    return listed(rows, limit=size, show=show_run_row)


@router.get("/production-runs/{reference}")
@needs(READ)
def one_run(request: HttpRequest, reference: str) -> HttpResponse:
    """A run by its id or number, with its jobs."""
    by = caller(request)
    return answer(show_run(queries.run_page(by, reference), by))


@router.post("/sales-orders/{reference}/actions/create-production-run")
@needs(CREATE)
def create_run(request: HttpRequest, reference: str, body: RunBody) -> HttpResponse:
    """Make what stock does not cover of an estimate; answers the run."""
    by = caller(request)
    return answer(show_run(runs.create_run(by=by, new=body.read(reference)), by), status=201)


mount(router, resource("/stages", STAGE))
