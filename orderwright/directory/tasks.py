"""Jobs of people: mails that let somebody in, and cleaning up. One call each, may run twice."""

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from orderwright.directory import joining, mails
from orderwright.identity import throttle
from orderwright.identity.queries import caller_for_job

SEND_INVITATION = "directory.send_invitation"
SEND_PASSWORD_LINK = "directory.send_password_link"  # noqa: S105 - the name of a job
_AGAIN = RetryStrategy(max_attempts=6, exponential_wait=4, retry_exceptions={OSError})


@app.task(name=SEND_INVITATION, retry=_AGAIN)
def send_invitation(organization_id: str, event_id: str, subject_id: str) -> None:
    """Mail somebody the link by which they join."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    mails.send_secret(by=by, user_id=UUID(subject_id), event_id=UUID(event_id), purpose="invite")


@app.task(name=SEND_PASSWORD_LINK, retry=_AGAIN)
def send_password_link(organization_id: str, event_id: str, subject_id: str) -> None:
    """Mail somebody the link by which they choose a new password."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    mails.send_secret(by=by, user_id=UUID(subject_id), event_id=UUID(event_id), purpose="reset")


@app.task(name=joining.LOOK_FOR_LOGINS)
def look_for_logins(email: str) -> None:
    """Somebody has forgotten a password: find out where this address has a login."""
    joining.note_forgotten(email=email, now=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="directory.forget_attempts", pass_context=False)
def forget_attempts(timestamp: int) -> None:
    """Counts of failed sign-ins matter for minutes."""
    throttle.forget(now=timezone.now())
