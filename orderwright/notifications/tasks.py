"""Jobs of notifications: one call each, may run twice."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from orderwright.identity.queries import caller_for_job
from orderwright.notifications import telling

TELL = "notifications.tell"
_AGAIN = RetryStrategy(max_attempts=8, exponential_wait=4, retry_exceptions={OSError})


@app.task(name=TELL)
def tell(organization_id: str, event_id: str, subject_id: str) -> None:
    """Tell everybody whom an event concerns."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    telling.tell_of_event(
        by=by, event_id=UUID(event_id), mail=lambda ids: _mail(by.organization_id, ids)
    )


@app.task(name="notifications.send_email", retry=_AGAIN)
def send_email(organization_id: str, notification_id: str) -> None:
    """Mail one notification to its person."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    telling.send_email(by=by, notification_id=UUID(notification_id))


@app.periodic(cron="7 * * * *")
@app.task(name="notifications.look_everywhere", pass_context=False)
def look_everywhere(timestamp: int) -> None:
    """Look in each organization for what came due and what ran low."""
    look.batch_defer(*_each_organization())


@app.periodic(cron="41 2 * * *")
@app.task(name="notifications.forget_everywhere", pass_context=False)
def forget_everywhere(timestamp: int) -> None:
    """Delete what is old in each organization."""
    forget.batch_defer(*_each_organization())


@app.task(name="notifications.look")
def look(organization_id: str) -> None:
    """Tell of what came due and what ran low."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    telling.look_at_dates(by=by, mail=lambda ids: _mail(by.organization_id, ids))


@app.task(name="notifications.forget")
def forget(organization_id: str) -> None:
    """Delete notifications that are old."""
    telling.forget_old(by=caller_for_job(UUID(organization_id), now=timezone.now()))


def _each_organization() -> list[JSONDict]:
    return [{"organization_id": str(one)} for one in telling.organizations()]


def _mail(organization_id: UUID, notification_ids: Sequence[UUID]) -> None:
    """One job for each e-mail: a mail server that refuses one does not hold back the others."""
    jobs: list[JSONDict] = [
        {"organization_id": str(organization_id), "notification_id": str(one)}
        for one in notification_ids
    ]
    send_email.batch_defer(*jobs)
