"""Jobs of activity: one call each, may run twice."""

from uuid import UUID

from django.db import OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from orderwright.activity import bulk
from orderwright.identity.queries import caller_for_job
from orderwright.identity.tenancy import entered


@app.task(
    name=bulk.JOB,
    retry=RetryStrategy(max_attempts=8, exponential_wait=2, retry_exceptions={OperationalError}),
)
def go_on_with_bulk_run(organization_id: str, run_id: str) -> None:
    """Do the rows of a run that still wait, chunk by chunk."""
    more = True
    while more:
        by = caller_for_job(UUID(organization_id), now=timezone.now())
        with entered(by.organization_id):
            more = bulk.go_on(by, UUID(run_id))
