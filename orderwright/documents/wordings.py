"""How an organization words its e-mails: read, changed, put back, tried on oneself."""

from collections.abc import Mapping
from uuid import UUID

from orderwright.activity import actions as activity
from orderwright.documents import outbox
from orderwright.documents.mail_templates import (
    TEMPLATES,
    MailTemplate,
    Wording,
    check_wording,
    rendered,
)
from orderwright.documents.models import EmailTemplate
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import NotFound
from orderwright.kernel.ids import new_id
from orderwright.kernel.text import check_text
from orderwright.kernel.versions import check_version


def wording(by: Caller, key: str) -> Wording:
    """How an e-mail of this kind reads here; one statement."""
    row = EmailTemplate.objects.of(by.organization_id).filter(key=key).first()
    return _filled_up(TEMPLATES[key], row)


def own_wordings(by: Caller) -> Mapping[str, tuple[Wording, int]]:
    """The kinds that somebody worded, with the version of their wording; one statement.

    Raises Forbidden without `settings:read`.
    """
    by.must("settings:read")
    rows = EmailTemplate.objects.of(by.organization_id)
    return {
        row.key: (_filled_up(TEMPLATES[row.key], row), row.version)
        for row in rows
        if row.key in TEMPLATES
    }


def template(key: str) -> MailTemplate:
    """The kind of e-mail. Raises NotFound."""
    if key not in TEMPLATES:
        raise NotFound("not_found", "There is no such e-mail.")
    return TEMPLATES[key]


def change_wording(
    *, by: Caller, key: str, subject: object, text: object, version: int | None = None
) -> Wording:
    """Word an e-mail; what is empty, or as it comes, reads as it does by itself.

    Records `email_template.changed` with before and after. Raises Forbidden, NotFound, Invalid
    `unknown_field` with the fields that there are, Conflict `stale_version`.
    """
    by.must("settings:update")
    known = template(key)
    made = typed(known, subject, text)
    row = EmailTemplate.objects.of(by.organization_id).filter(key=key).locked().first()
    check_version("wording", row.version if row else 0, version)
    before = _filled_up(known, row)
    if made == before:
        return made
    kept = {
        "subject": "" if made.subject == known.wording.subject else made.subject,
        "text": "" if made.text == known.wording.text else made.text,
    }
    if row is None:
        EmailTemplate.objects.create(
            organization_id=by.organization_id, key=key, updated_at=by.now, **kept
        )
    else:
        rows = EmailTemplate.objects.of(by.organization_id).with_ids([row.pk])
        rows.update(version=row.version + 1, updated_at=by.now, **kept)
    body = {"template": known.name, "before": _as_json(before), "after": _as_json(made)}
    activity.record(by, "email_template.changed", by.organization_id, body=body)
    return made


def send_test(*, by: Caller, key: str, subject: object, text: object, to: str) -> UUID:
    """Send the wording to oneself with sample values; a job mails it. Answers the e-mail's id.

    Raises Forbidden, NotFound, Invalid as `change_wording`, and `no_recipients`.
    """
    by.must("settings:update")
    known = template(key)
    shown = previewed(by, known, typed(known, subject, text))
    message = outbox.queue(
        by,
        effect_key=f"test:{new_id()}",
        topic_id=by.organization_id,
        template="test",
        recipients=[to],
        subject=f"Test: {shown.subject}",
        text=shown.text,
    )
    body = {"template": known.name, "recipients": [to], "subject": message.subject}
    activity.record(by, "email.queued", message.pk, topic_id=by.organization_id, body=body)
    found: UUID = message.pk
    return found


def previewed(by: Caller, known: MailTemplate, said: Wording) -> Wording:
    """The wording with sample values, and with the organization's own name."""
    return rendered(said, {**known.samples, "organization.name": by.organization.name})


def typed(known: MailTemplate, subject: object, text: object) -> Wording:
    """What somebody typed, checked. Raises Invalid as `change_wording`."""
    return check_wording(
        known,
        check_text(subject or "", "subject", longest=100_000),
        check_text(text or "", "text", longest=100_000),
    )


def _filled_up(known: MailTemplate, row: EmailTemplate | None) -> Wording:
    if row is None:
        return known.wording
    return Wording(row.subject or known.wording.subject, row.text or known.wording.text)


def _as_json(said: Wording) -> dict[str, str]:
    return {"subject": said.subject, "text": said.text}
