"""From facts to notifications: find the people, write one row each, and mail those who want it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from orderwright.documents import outbox
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import from_json, to_json
from orderwright.notifications import sql, told
from orderwright.notifications.models import Notification
from orderwright.notifications.rules import (
    CATEGORIES,
    KEPT_DAYS,
    LOOKS_BACK_DAYS,
    Facts,
    Notice,
    notices,
    occasion_of,
)

_CATEGORY: Final = {category.code: category for category in CATEGORIES}
# What is looked for by date: the type under which the table has it, and the statement.
_LOOKS: Final = (
    ("production_job.overdue", sql.OVERDUE_JOBS),
    ("invoice.overdue", sql.OVERDUE_INVOICES),
    ("task.due", sql.DUE_TASKS),
    ("product.low", sql.NEWLY_LOW),
)
_MAIL: Final = """{body}{url}{link}

You get this e-mail because you chose it: {url}/notifications/preferences
"""

Mail = Callable[[Sequence[UUID]], None]


def tell_of_event(*, by: Caller, event_id: UUID, mail: Mail) -> int:
    """Tell everybody whom an event concerns; how many were told now. May run twice.

    `mail` is called with the notifications that also leave by e-mail, inside the transaction.
    At most four statements in one transaction, however many people.
    """
    with entered(by.organization_id):
        facts = _facts_of(by, event_id)
        if facts is None:
            return 0
        return _tell(by, notices(told.TABLE.get(facts.type, ()), facts), mail)


def look_at_dates(*, by: Caller, mail: Mail) -> int:
    """Tell of jobs, invoices and tasks that came due, and of products that ran low; how many were
    told now. A repeat tells nothing twice. Seven statements."""
    with entered(by.organization_id):
        found = [
            notice
            for event_type, statement in _LOOKS
            for facts in _found(by, event_type, statement)
            for notice in notices(told.TABLE[event_type], facts)
        ]
        return _tell(by, found, mail)


def forget_old(*, by: Caller) -> int:
    """Delete notifications after 90 days; how many there were. One statement."""
    with entered(by.organization_id):
        before = by.now - timedelta(days=KEPT_DAYS)
        gone, _ = Notification.objects.of(by.organization_id).filter(at__lt=before).delete()
        return int(gone)


def send_email(*, by: Caller, notification_id: UUID) -> None:
    """Mail one notification to its person, once. May run twice. Raises OSError when no mail can
    be sent; nothing leaves to somebody who cannot sign in any more."""
    with entered(by.organization_id):
        row = (
            Notification.objects.of(by.organization_id)
            .filter(pk=notification_id, user__status="active")
            .values_list("title", "body", "link", "user__email")
            .first()
        )
        if row is None:
            return
        title, body, link, email = row
        message = outbox.queue(
            by,
            effect_key=f"notification:{notification_id}",
            topic_id=notification_id,
            template="notification",
            recipients=[email],
            subject=title,
            text=_MAIL.format(
                body=f"{title}\n\n{body}\n\n" if body else f"{title}\n\n",
                url=settings.PUBLIC_URL.rstrip("/"),
                link=link,
            ),
        )
    outbox.deliver(by, message)


def organizations() -> list[UUID]:
    """Every organization, for jobs that follow the calendar. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql.ORGANIZATIONS)
        return [row[0] for row in cursor.fetchall()]


def _facts_of(by: Caller, event_id: UUID) -> Facts | None:
    with connection.cursor() as cursor:
        cursor.execute(sql.EVENT_FACTS, {"organization": by.organization_id, "event": event_id})
        row = cursor.fetchone()
    if row is None:
        return None
    body = from_json(row[2])
    return Facts(
        type=row[0],
        occasion=event_id,
        subject_id=row[1],
        at=row[16],
        body={**body, "due": row[12]} if row[12] else body,
        actor_id=row[3],
        order_number=row[4],
        customer_id=row[5],
        customer_name=row[6],
        lead_id=row[7],
        staff_id=row[8],
        is_held=row[9],
        job_status=row[10],
        job_completed_at=row[11],
        waiting_lines=row[13],
        goods=from_json(row[14]),
        leads=tuple((UUID(lead), count) for lead, count in from_json(row[15])),
    )


def _found(by: Caller, event_type: str, statement: str) -> Iterable[Facts]:
    """What a statement found, as facts: the same record and day are the same occasion."""
    given: dict[str, Any] = {
        "organization": by.organization_id,
        "today": by.today,
        "since": by.today - timedelta(days=LOOKS_BACK_DAYS),
        "now": by.now,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, {name: given[name] for name in given if f"({name})" in statement})
        rows = cursor.fetchall()
    return [
        Facts(
            type=event_type,
            occasion=occasion_of(event_type, row[0], row[1]),
            subject_id=row[0],
            at=by.now,
            staff_id=row[2],
            body=from_json(row[3]),
            order_number=row[4],
            customer_id=row[5],
            customer_name=row[6],
            lead_id=row[7],
        )
        for row in rows
    ]


def _tell(by: Caller, found: Sequence[Notice], mail: Mail) -> int:
    if not found:
        return 0
    rows = [
        {
            "id": new_id(),
            "user_id": user_id,
            "category": notice.category,
            "kind": notice.kind,
            "title": (notice.words if sees_customers else notice.plain).title,
            "body": (notice.words if sees_customers else notice.plain).body,
            "link": notice.link,
            "occasion": notice.occasion,
            "at": notice.at,
            "in_app": in_app,
            "by_email": by_email,
        }
        for notice, user_id, sees_customers, in_app, by_email in _recipients(by, found)
        if in_app or by_email
    ]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(sql.INSERT, {"organization": by.organization_id, "rows": to_json(rows)})
        written = cursor.fetchall()
    mailed = [notification_id for notification_id, by_email in written if by_email]
    if mailed:
        mail(mailed)
    return len(written)


def _recipients(by: Caller, found: Sequence[Notice]) -> list[tuple[Notice, UUID, bool, bool, bool]]:
    asked = [
        {
            "place": place,
            "occasion": notice.occasion,
            "kind": notice.kind,
            "category": notice.category,
            "staff_id": notice.audience.staff_id,
            "user_id": notice.audience.user_id,
            "permission": notice.audience.permission,
            "needs": list(notice.needs),
            "except_user": notice.except_user,
            "in_app": _CATEGORY[notice.category].in_app,
            "by_email": _CATEGORY[notice.category].email,
        }
        for place, notice in enumerate(found)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.RECIPIENTS, {"organization": by.organization_id, "notices": to_json(asked)}
        )
        rows = cursor.fetchall()
    return [(found[row[0]], row[1], row[3], row[4], row[5]) for row in rows]
