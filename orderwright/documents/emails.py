"""The log of e-mails of a record, and sending one of them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from orderwright.activity import actions as activity
from orderwright.documents import outbox
from orderwright.documents.mail_templates import TEMPLATES
from orderwright.documents.models import EmailMessage
from orderwright.identity.caller import Caller
from orderwright.kernel.contacts import check_email
from orderwright.kernel.errors import Conflict, Invalid, NotFound
from orderwright.kernel.ids import new_id

MOST_RECIPIENTS: Final = 20
MOST_SHOWN: Final = 100
# Who may send an e-mail again: whoever may do what it told of.
_PERMISSIONS: Final = {
    "acknowledgement": "sales_orders:update",
    "purchase_order": "purchase_orders:update",
    "invoice_sent": "invoices:update",
    "invoice_reminded": "invoices:update",
    "shipment_notice": "shipments:update",
}
# Who may read one: what it tells stands in it.
_SEEN_WITH: Final = {
    "acknowledgement": ("sales_orders:read", "orders_commercial:read", "customers:read"),
    "purchase_order": ("purchase_orders:read", "orders_commercial:read"),
    "invoice_sent": ("invoices:read",),
    "invoice_reminded": ("invoices:read",),
    "shipment_notice": ("shipments:read", "customers:read"),
    "statement": ("invoices:read", "payments:read"),
}


@dataclass(frozen=True, slots=True)
class EmailRow:
    """An e-mail of the log. `status` is queued, sent or failed; a failed one is tried again."""

    id: UUID
    template: str
    topic_id: UUID
    about_id: UUID | None
    recipients: list[str]
    subject: str
    text: str
    status: str
    failure: str
    queued_at: datetime
    sent_at: datetime | None

    @property
    def name(self) -> str:
        """What kind of e-mail it is."""
        known = TEMPLATES.get(self.template)
        return known.name if known else "E-mail"

    def may_resend(self, by: Caller) -> bool:
        """Whether the caller may send it again."""
        needed = _PERMISSIONS.get(self.template)
        return needed is not None and by.may(needed)


_COLUMNS: Final = tuple(EmailRow.__slots__)


def emails_of(by: Caller, topic_id: UUID, *, about_id: UUID | None = None) -> list[EmailRow]:
    """The e-mails of a record that the caller may read, newest first; one statement.

    `about_id` narrows those of an order to those of one of its invoices or shipments.
    """
    seen = [name for name, needed in _SEEN_WITH.items() if all(by.may(one) for one in needed)]
    rows = EmailMessage.objects.of(by.organization_id).filter(topic_id=topic_id, template__in=seen)
    if about_id is not None:
        rows = rows.filter(about_id=about_id)
    found = rows.newest_first().values_list(*_COLUMNS)[:MOST_SHOWN]
    return [EmailRow(*row) for row in found]


def email(by: Caller, email_id: UUID) -> EmailRow:
    """One e-mail of the log, for who may read it; one statement. Raises NotFound."""
    rows = EmailMessage.objects.of(by.organization_id).with_ids([email_id])
    row = rows.values_list(*_COLUMNS).first()
    found = EmailRow(*row) if row else None
    needed = _SEEN_WITH.get(found.template) if found else None
    if found is None or needed is None or not all(by.may(one) for one in needed):
        raise NotFound("not_found", "There is no such e-mail.")
    return found


def resend(*, by: Caller, email_id: UUID, recipients: Sequence[object] | None = None) -> EmailRow:
    """Send an e-mail again, with its document as it is now, to the same or to other addresses; a
    job mails it. What was sent stays in the log.

    Raises NotFound, Forbidden, Invalid `no_recipients`, `invalid_email`, `too_many_recipients`;
    Conflict `not_repeatable` for a statement.
    """
    found = email(by, email_id)
    if found.template not in _PERMISSIONS:
        raise Conflict("not_repeatable", "A statement is sent anew from its own page.")
    by.must(_PERMISSIONS[found.template])
    to = found.recipients if recipients is None else check_recipients(recipients)
    message = outbox.queue(
        by,
        effect_key=f"resend:{new_id()}",
        topic_id=found.topic_id,
        about_id=found.about_id,
        template=found.template,
        recipients=to,
        subject=found.subject,
        text=found.text,
    )
    body = {
        "template": found.template,
        "recipients": message.recipients,
        "subject": found.subject,
        "again": found.id,
    }
    activity.record(by, "email.queued", message.pk, topic_id=found.topic_id, body=body)
    return email(by, message.pk)


def check_recipients(given: Sequence[object]) -> list[str]:
    """The addresses that somebody typed. Raises Invalid `invalid_email`, `too_many_recipients`."""
    if len(given) > MOST_RECIPIENTS:
        message = f"Send it to at most {MOST_RECIPIENTS} addresses."
        raise Invalid("too_many_recipients", message, fields={"recipients": message})
    found = [check_email(one, f"recipients.{at}") for at, one in enumerate(given)]
    return [one for one in found if one]
