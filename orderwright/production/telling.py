"""After a change of a job: its sums, its status, its run's, and what its order is told."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.inventory import ledger
from orderwright.production import queries, rules, sql
from orderwright.production.job_page import JobRow
from orderwright.production.models import ProductionJob, ProductionRun
from orderwright.production.weights import base_of, is_settled
from orderwright.sales import promises
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage
from orderwright.sales.writing import Happening, save


@dataclass(frozen=True, slots=True)
class Locked:
    """A job under its lock, with its order if it still has one."""

    job: JobRow
    order: OrderPage | None


def locked(by: Caller, reference: UUID | str, products: Collection[UUID] = ()) -> Locked:
    """The job as it stands once nobody else can change it: `products` are locked first, then its
    order with its own, then the job. Raises NotFound."""
    found = queries.read_job(by, reference)
    order = None
    if found.order_id is not None:
        order = sales.lock_order_with_stock(by, found.order_id, products)
    elif products:
        ledger.lock_products(by, products)
    with connection.cursor() as cursor:
        cursor.execute(sql.LOCK_JOB, {"organization": by.organization_id, "key": found.id})
    return Locked(queries.read_job(by, found.id), order)


def after_change(by: Caller, held: Locked, happening: Happening) -> JobRow:
    """Sum the job up from its facts, derive its status, and tell its run and its order.

    A job whose last receipt accounts for everything is completed by itself (domain 2.7).
    """
    _sum_up(by, held.job.id)
    job = queries.read_job(by, held.job.id)
    is_new_receipt = job.last_receipt_at != held.job.last_receipt_at or (
        job.buckets != held.job.buckets
    )
    base = base_of(job.weight_requested, job.issued, job.buckets)
    if is_new_receipt and job.completed_at is None and is_settled(base, job.buckets):
        job = replace(job, completed_at=by.now)
    job = _with_status(by, job)
    update_run(by, job.run_id)
    tell_order(by, held.order, [job], happening)
    return job


def update_run(by: Caller, run_id: UUID | None) -> None:
    """The run's status from its jobs'; two statements."""
    if run_id is None:
        return
    jobs = ProductionJob.objects.of(by.organization_id).filter(run_id=run_id)
    status = rules.status_of_run(list(jobs.values_list("status", flat=True)))
    run = ProductionRun.objects.of(by.organization_id).filter(pk=run_id)
    run.update(status=status, updated_at=by.now)
    if status != "pending":
        run.filter(started_at=None).update(started_at=by.now)
    run.update(completed_at=by.now if status == "completed" else None)


def tell_order(
    by: Caller, order: OrderPage | None, jobs: Iterable[JobRow], happening: Happening
) -> None:
    """Sales is told what became of these jobs and derives its order anew."""
    if order is None:
        for job in jobs:
            activity.record(by, happening.type, happening.subject_id or job.id, body=happening.body)
        return
    told = {entry["id"]: entry for entry in order.head.jobs}
    told |= {str(job.id): entry_of(job) for job in jobs}
    head = replace(order.head, told={**order.head.told, "jobs": list(told.values())})
    save(by, order, head=head, lines=promises.recounted(by, order.lines), happening=happening)


def entry_of(job: JobRow) -> dict[str, Any]:
    """A job as its order remembers it."""
    return {
        "id": str(job.id),
        "number": job.number,
        "status": job.status,
        "line_id": None if job.line_id is None else str(job.line_id),
    }


def _sum_up(by: Caller, job_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SUM_UP, {"organization": by.organization_id, "job": job_id, "at": by.now}
        )


def _with_status(by: Caller, job: JobRow) -> JobRow:
    status = rules.status_of_job(job.state())
    ProductionJob.objects.of(by.organization_id).filter(pk=job.id).update(
        status=status, completed_at=job.completed_at
    )
    return replace(job, status=status)
