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

_TURN = 5.0  # seconds until another job gets its turn
_STALLED = 20  # seconds without a sign of a worker
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
@app.task(name="activity.revive_bulk_runs", pass_context=True)
async def revive_bulk_runs(context: JobContext, timestamp: int) -> None:
    """Give the runs of workers that died to others."""
    manager = context.app.job_manager
    stalled = await manager.get_stalled_jobs(task_name=bulk.JOB, seconds_since_heartbeat=_STALLED)
    for job in stalled:
        await manager.retry_job(job)
