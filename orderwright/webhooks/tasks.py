"""Jobs of webhooks: one call each, may run twice."""

from datetime import timedelta
from random import SystemRandom
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from orderwright.webhooks import delivering, waking
from orderwright.webhooks.rules import KEPT

_BY_SWEEP: Final = timedelta(seconds=50)  # what is due later than this the sweep finds
_STALLED: Final = 20  # seconds without a sign of a worker
_JOBS_KEPT: Final = 24  # hours
_CHUNK: Final = 10_000


@app.task(name=waking.DELIVER, queue=waking.QUEUE)
def deliver(organization_id: str, endpoint_id: str) -> None:
    """Send what is due to one endpoint; come again when the next attempt is near."""
    organization, endpoint = UUID(organization_id), UUID(endpoint_id)
    again = delivering.take_turn(organization, endpoint, clock=timezone.now, chance=SystemRandom())
    if again is not None and again <= timezone.now():
        waking.wake(organization, endpoint)
    elif again is not None and again - timezone.now() <= _BY_SWEEP:
        waking.wake(organization, endpoint, at=again)


@app.periodic(cron="* * * * *")
@app.task(name="webhooks.sweep", queue=waking.QUEUE, pass_context=False)
def sweep(timestamp: int) -> None:
    """Wake whatever has something to do and was not woken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM webhooks_to_do(%s)", [timezone.now()])
        rows = cursor.fetchall()
    for organization_id, endpoint_id in rows:
        waking.wake(organization_id, endpoint_id)


@app.periodic(cron="43 3 * * *")
@app.task(name="webhooks.forget", queue=waking.QUEUE, pass_context=False)
def forget(timestamp: int) -> None:
    """Delete deliveries that are older than 30 days."""
    gone = _CHUNK
    while gone == _CHUNK:
        with connection.cursor() as cursor:
            cursor.execute("SELECT webhooks_forget(%s, %s)", [timezone.now() - KEPT, _CHUNK])
            (gone,) = cursor.fetchone()


@app.periodic(cron="17 * * * *")
@app.task(name="webhooks.clear_jobs", queue=waking.QUEUE, pass_context=True)
async def clear_jobs(context: JobContext, timestamp: int) -> None:
    """Delete the jobs of webhooks that are over; those of workers that died, too."""
    jobs = context.app.job_manager
    stalled = await jobs.get_stalled_jobs(queue=waking.QUEUE, seconds_since_heartbeat=_STALLED)
    for job in stalled:
        await jobs.finish_job(job, status=Status.FAILED, delete_job=True)
    await jobs.delete_old_jobs(
        nb_hours=_JOBS_KEPT, queue=waking.QUEUE, include_failed=True, include_aborted=True
    )
