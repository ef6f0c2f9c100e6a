"""E-mails as pages show them: the log of a record, and what the timeline says of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from orderwright.documents import emails
from orderwright.documents.emails import EmailRow
from orderwright.identity.caller import Caller
from orderwright.web import display

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EmailView:
    """An e-mail of the log, and whether it may be sent again."""

    row: EmailRow
    chip: str
    may_resend: bool

    @property
    def to(self) -> str:
        """Everybody who gets it."""
        return ", ".join(self.row.recipients)


def views_of(by: Caller, found: Sequence[EmailRow]) -> list[EmailView]:
    """The e-mails with what may be done with them."""
    return [EmailView(one, display.chip("email", one.status), one.may_resend(by)) for one in found]


def emails_tab(by: Caller, topic_id: UUID) -> dict[str, Any]:
    """The e-mails about an order."""
    return {"mails": views_of(by, emails.emails_of(by, topic_id))}


def emails_about(by: Caller, topic_id: UUID, about_id: UUID) -> list[EmailView]:
    """The e-mails about an invoice or a shipment of an order."""
    return views_of(by, emails.emails_of(by, topic_id, about_id=about_id))


def _to(verb: str) -> Callable[[Body], str]:
    """The timeline names the e-mail by its subject: whoever may not see customers' addresses reads
    it too."""

    def tell(body: Body) -> str:
        return f"{verb} “{body.get('subject', '')}”"

    return tell


EMAIL_EVENTS: Final[dict[str, tuple[str, Callable[[Body], str]]]] = {
    "email.sent": ("mail", _to("Mailed")),
    "email.failed": ("alert-triangle", _to("Could not mail")),
    "statement.sent": ("send", _to("Sent")),
    "email.queued": ("send", _to("Asked to mail again:")),
}
