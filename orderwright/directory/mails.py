"""Mails that let somebody in: each holds a secret that is made when it leaves and kept nowhere."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage as Mail

from orderwright.activity import actions as activity
from orderwright.identity import mailed
from orderwright.identity.caller import Caller
from orderwright.identity.factors import Person
from orderwright.identity.models import User
from orderwright.identity.tenancy import entered

_STATUS: Final = {"invite": "invited", "reset": "active"}
_SENT: Final = {"invite": "user.invitation_sent", "reset": "user.password_link_sent"}

INVITATION: Final = """Hello,

{organization} works with Orderwright and has invited you. Open this link within
seven days, and choose your password:

{url}/join/{secret}

If you did not expect this, do nothing: nothing happens.
"""

RESET: Final = """Hello,

somebody, probably you, asked for a new password for {email} at
{organization}. Open this link within an hour and choose one:

{url}/reset/{secret}

If it was not you, do nothing: your password stays as it is.
"""


def send_secret(*, by: Caller, user_id: UUID, event_id: UUID, purpose: str) -> None:
    """Mail an invitation or a link for a new password. Runs in a job, perhaps twice.

    A repeat makes a new secret in place of the one before. Nothing leaves when the login has
    changed its state meanwhile or the secret was used. Raises OSError when no mail can be sent.
    """
    person = Person(organization_id=by.organization_id, user_id=user_id)
    with entered(by.organization_id):
        user = User.objects.of(by.organization_id).filter(pk=user_id).first()
        if user is None or user.status != _STATUS[purpose] or mailed.was_ended(person, event_id):
            return
        secret = mailed.new_secret(person, purpose=purpose, effect=event_id, now=by.now)
    message(purpose, secret=secret, email=user.email, organization=by.organization.name).send()
    with entered(by.organization_id):
        activity.record(by, _SENT[purpose], user_id, body={"recipients": [user.email]})


def message(purpose: str, *, secret: str, email: str, organization: str) -> Mail:
    """The mail as it leaves."""
    name = " ".join(organization.split())
    text = INVITATION if purpose == "invite" else RESET
    subject = f"You are invited to {name}" if purpose == "invite" else "Choose a new password"
    return Mail(
        subject=subject,
        body=text.format(
            organization=name, email=email, secret=secret, url=settings.PUBLIC_URL.rstrip("/")
        ),
        to=[email],
    )
