"""Send a customer its statement by e-mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from orderwright.activity import actions as activity
from orderwright.activity.models import Event
from orderwright.directory import queries as directory
from orderwright.documents import outbox, queries, texts
from orderwright.documents.emails import EmailRow, check_recipients, email
from orderwright.documents.models import EmailMessage
from orderwright.documents.wordings import wording
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.invoicing import receivables
from orderwright.kernel.ids import new_id
from orderwright.kernel.money import format_money
from orderwright.kernel.text import check_text


@dataclass(frozen=True, slots=True)
class StatementAsk:
    """Which days to tell to whom; 90 days up to today unless said otherwise."""

    recipients: Sequence[object]
    first: date | None = None
    until: date | None = None
    message: str = ""


def mail_statement(*, by: Caller, customer_id: UUID, asked: StatementAsk) -> EmailRow:
    """Send a customer its statement; a job mails it with the document.

    Raises Forbidden, NotFound, Invalid `no_recipients`, `invalid_email`, `invalid_days`.
    """
    by.must("invoices:update", "invoices:read", "payments:read")
    customer = directory.customer(by=by, record_id=customer_id).row
    first, until = receivables.days_of_statement(by, asked.first, asked.until)
    told = receivables.statements(by, customer_id, first=first, until=until)
    balance = ", ".join(f"{format_money(one.closing, one.currency)} {one.currency}" for one in told)
    values = {
        "organization.name": by.organization.name,
        "customer.name": customer.name,
        "statement.first": first.isoformat(),
        "statement.until": until.isoformat(),
        "statement.balance": balance or "0",
        "message": check_text(asked.message or "", "message", longest=5_000).strip(),
    }
    subject, text = texts.statement(values, wording(by, "statement"))
    message = outbox.queue(
        by,
        effect_key=f"statement:{new_id()}",
        topic_id=customer_id,
        template="statement",
        recipients=check_recipients(asked.recipients),
        subject=subject,
        text=text,
    )
    body = {"subject": subject, "recipients": message.recipients, "first": first, "until": until}
    activity.record(by, "statement.sent", message.pk, topic_id=customer_id, body=body)
    return email(by, message.pk)


def deliver_statement(*, by: Caller, message_id: UUID, event_id: UUID) -> None:
    """Mail a statement with its document, once, its outcome kept. Raises OSError to be tried
    again."""
    with entered(by.organization_id):
        event = Event.objects.of(by.organization_id).get(pk=event_id)
        message = EmailMessage.objects.of(by.organization_id).get(pk=message_id)
        first, until = (date.fromisoformat(event.body[name]) for name in ("first", "until"))
        attached = queries.statement_of(by, event.topic_id, first=first, until=until)
    outbox.deliver(by, message, attached)
