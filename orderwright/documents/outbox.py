"""The outbox: an e-mail is written down once for each effect, then delivered, its outcome kept.

A job queues in its transaction, and delivers after it: `queue` may run twice, and `deliver` may
be tried again.
"""

from collections.abc import Sequence
from uuid import UUID

from django.core.mail import EmailMultiAlternatives as Mail

from orderwright.activity import actions as activity
from orderwright.documents.mail_html import html_of
from orderwright.documents.models import EmailMessage
from orderwright.documents.printing import Printed
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.kernel.errors import Invalid

_LONGEST_SUBJECT = 300


def queue(
    by: Caller,
    *,
    effect_key: str,
    topic_id: UUID,
    template: str,
    recipients: Sequence[str],
    subject: str,
    text: str,
    about_id: UUID | None = None,
) -> EmailMessage:
    """Write an e-mail down, in the caller's transaction; it stands on the topic's timeline.

    The same `effect_key` again answers the e-mail that is there and changes nothing. The subject
    becomes one line. `about_id` is the record whose document comes along, when that is not the
    topic itself. At most three statements. Raises Invalid without recipients.
    """
    to = list(dict.fromkeys(address for address in recipients if address))
    if not to:
        raise no_recipients()
    found = known(by, effect_key)
    if found is not None:
        return found
    written = EmailMessage(
        organization_id=by.organization_id,
        effect_key=effect_key,
        topic_id=topic_id,
        about_id=about_id,
        template=template,
        recipients=to,
        subject=" ".join(subject.split())[:_LONGEST_SUBJECT],
        text=text,
        queued_at=by.now,
    )
    EmailMessage.objects.bulk_create([written], ignore_conflicts=True)
    return known(by, effect_key) or written


def deliver(by: Caller, message: EmailMessage, attached: Printed | None = None) -> None:
    """Send an e-mail and keep its outcome; one that is sent already is left alone.

    Runs outside a transaction: a mail server may be slow. A failure is kept, told on the topic's
    timeline, and raised as OSError, so that the job is tried again.
    """
    if message.status == "sent":
        return
    try:
        _mail(by, message, attached).send()
    except OSError as error:
        _note(by, message, status="failed", failure=f"{type(error).__name__}: {error}")
        raise
    _note(by, message, status="sent", failure="")


def known(by: Caller, effect_key: str) -> EmailMessage | None:
    """The e-mail of this effect, if it was written down; one statement."""
    found: EmailMessage | None = (
        EmailMessage.objects.of(by.organization_id).filter(effect_key=effect_key).first()
    )
    return found


def no_recipients() -> Invalid:
    """What is said when nobody would get an e-mail."""
    message = "Nobody would get this e-mail. Give at least one address."
    return Invalid("no_recipients", message, fields={"recipients": message})


def _mail(by: Caller, message: EmailMessage, attached: Printed | None) -> Mail:
    """The e-mail as it leaves, as text and as HTML. Its Message-ID comes from what was written
    down, so that a repeat after a crash is the same message to whoever receives it."""
    name = f"{message.organization_id}.{message.pk}"
    mail = Mail(
        subject=message.subject,
        body=message.text,
        to=message.recipients,
        headers={"Message-ID": f"<{name}@orderwright.invalid>"},
    )
    mail.attach_alternative(
        html_of(message.subject, message.text, by.organization.name), "text/html"
    )
    if attached is not None:
        mail.attach(attached.file_name, attached.content, "application/pdf")
    return mail


def _note(by: Caller, message: EmailMessage, *, status: str, failure: str) -> None:
    with entered(by.organization_id):
        EmailMessage.objects.of(by.organization_id).with_ids([message.pk]).update(
            status=status, failure=failure, sent_at=by.now if status == "sent" else None
        )
        activity.record(
            by,
            f"email.{status}",
            message.pk,
            topic_id=message.topic_id,
            body={
                "template": message.template,
                "recipients": message.recipients,
                "subject": message.subject,
                "failure": failure,
            },
        )
