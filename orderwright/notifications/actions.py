"""What a person does with their own notifications, and how they want to get them.

Reading one is nobody else's business: it writes no event. A choice of ways does.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.notifications import queries, sql
from orderwright.notifications.models import Notification
from orderwright.notifications.queries import NotificationRow, Preference
from orderwright.notifications.rules import CATEGORY_CODES

CHANNELS = ("in_app", "email")


def read_notification(*, by: Caller, notification_id: UUID) -> NotificationRow:
    """It was read: the bell counts one less. A repeat changes nothing. Raises NotFound."""
    found = queries.notification(by, notification_id)
    if found.read_at is None:
        Notification.objects.of(by.organization_id).filter(pk=found.id).update(
            read_at=by.now, seen_at=found.seen_at or by.now
        )
    return queries.notification(by, found.id)


def dismiss_notification(*, by: Caller, notification_id: UUID) -> NotificationRow:
    """Put it away: it stands among the dismissed ones only. A repeat changes nothing. Raises
    NotFound."""
    found = queries.notification(by, notification_id)
    if found.dismissed_at is None:
        Notification.objects.of(by.organization_id).filter(pk=found.id).update(
            dismissed_at=by.now, seen_at=found.seen_at or by.now
        )
    return queries.notification(by, found.id)


def mark_all_read(*, by: Caller, category: str | None = None) -> int:
    """Everything was read, or everything of a category; how many there were. One statement.
    Raises Invalid, Forbidden `people_only`."""
    user_id = queries.person(by)
    rows = Notification.objects.of(by.organization_id).filter(
        user_id=user_id, in_app=True, read_at=None, dismissed_at=None
    )
    if category:
        queries.check_choice("category", category, CATEGORY_CODES)
        rows = rows.filter(category=category)
    return int(rows.update(read_at=by.now))


def mark_seen(*, by: Caller) -> None:
    """The bell was opened. One statement. Raises Forbidden `people_only`."""
    Notification.objects.of(by.organization_id).filter(
        user_id=queries.person(by), in_app=True, read_at=None, dismissed_at=None, seen_at=None
    ).update(seen_at=by.now)


def change_preferences(*, by: Caller, sent: Mapping[str, Any]) -> list[Preference]:
    """Choose the ways of categories: `{"billing": {"email": true}}`; what is not sent stays.

    Three statements, however many categories. Raises Invalid with the field, Forbidden
    `people_only`.
    """
    user_id = queries.person(by)
    before = {one.category.code: one for one in queries.preferences(by)}
    rows = [
        {"id": new_id(), "category": category, **_ways(category, ways, before[category])}
        for category, ways in _checked(sent).items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.CHOOSE,
            {"organization": by.organization_id, "user": user_id, "rows": to_json(rows)},
        )
    body = {row["category"]: {name: row[name] for name in CHANNELS} for row in rows}
    activity.record(by, "user.notifications_chosen", user_id, body={"categories": body})
    return queries.preferences(by)


def _checked(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    if not sent:
        message = "Send at least one category with its ways."
        raise Invalid("required", message, fields={"categories": message})
    for category in sent:
        queries.check_choice(category, category, CATEGORY_CODES)
    return sent


def _ways(category: str, sent: Any, before: Preference) -> dict[str, bool]:
    found = {"in_app": before.in_app, "email": before.email}
    for name, value in dict(sent).items():
        if name not in CHANNELS or not isinstance(value, bool):
            message = "The ways are in_app and email, each true or false."
            raise Invalid("invalid_input", message, fields={f"{category}.{name}": message})
        found[name] = value
    return found
