"""Jobs of activity: one call each, may run twice."""

import time
from uuid import UUID

from django.db import OperationalError
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from orderwright.activity import bulk
from orderwright.identity.queries import caller_for_job
from orderwright.identity.tenancy import entered
from orderwright.kernel.errors import TryAgain

QUEUE = "default"
_TURN = 5.0  # seconds until another job gets its turn
_STALLED = 20  # seconds without a sign of a worker
_DONE_KEPT = 24  # hours
_FAILED_KEPT = 30 * 24
_RACES = RetryStrategy(max_attempts=10, wait=1, retry_exceptions={OperationalError, TryAgain})


@app.task(name=bulk.JOB, retry=_RACES)
def go_on_with_bulk_run(organization_id: str, run_id: str) -> None:
    """Do the rows of a run that still wait, chunk by chunk, and make room for others now and then.

    Each chunk is a transaction, so that what is done stays done whatever becomes of the worker.
    """
    organization, ends_at = UUID(organization_id), time.monotonic() + _TURN
    more = True
    while more:
        by = caller_for_job(organization, now=timezone.now())
        with entered(organization):
            more = bulk.go_on(by, UUID(run_id))
        if more and time.monotonic() > ends_at:
            go_on_with_bulk_run.defer(organization_id=organization_id, run_id=run_id)
            return


@app.periodic(cron="* * * * *")
@app.task(name="activity.revive", pass_context=True)
async def revive(context: JobContext, timestamp: int) -> None:
    """Give the jobs of workers that died to others: every job may run twice.

    Other queues than the usual one look after their own.
    """
    manager = context.app.job_manager
    stalled = await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=_STALLED)
    for job in stalled:
        await manager.retry_job(job)


@app.periodic(cron="29 * * * *")
@app.task(name="activity.forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Delete the jobs that succeeded yesterday or earlier, and those that failed a month ago."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=_DONE_KEPT, queue=QUEUE)
    await manager.delete_old_jobs(
        nb_hours=_FAILED_KEPT,
        queue=QUEUE,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
