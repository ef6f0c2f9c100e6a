"""What a person was told, how much of it is unread, and how they want to be told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Forbidden, Invalid, NotFound
from orderwright.notifications import sql
from orderwright.notifications.models import Notification, NotificationPreference
from orderwright.notifications.rules import (
    CATEGORIES,
    CATEGORY_CODES,
    Category,
    wanted_channels,
)

STATUSES: Final = ("unread", "all", "dismissed")
MOST_COUNTED: Final = 100
_COLUMNS: Final = (
    "id",
    "category",
    "kind",
    "title",
    "body",
    "link",
    "at",
    "seen_at",
    "read_at",
    "dismissed_at",
)


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """One notification as its person sees it."""

    id: UUID
    category: str
    kind: str
    title: str
    body: str
    link: str
    at: datetime
    seen_at: datetime | None
    read_at: datetime | None
    dismissed_at: datetime | None

    @property
    def is_unread(self) -> bool:
        """Whether it still counts at the bell."""
        return self.read_at is None and self.dismissed_at is None


@dataclass(frozen=True, slots=True)
class Unread:
    """How many are unread, at most 100, and what changes when one comes or goes."""

    count: int
    newest: str

    @property
    def shown(self) -> str:
        """The number at the bell."""
        return f"{MOST_COUNTED - 1}+" if self.count >= MOST_COUNTED else str(self.count)

    @property
    def stamp(self) -> str:
        """The version of the bell."""
        return f"{self.count}-{self.newest}"


@dataclass(frozen=True, slots=True)
class Preference:
    """How a person wants to hear of a category."""

    category: Category
    in_app: bool
    email: bool


def person(by: Caller) -> UUID:
    """The user whose notifications these are. Raises Forbidden `people_only` for keys and jobs."""
    if by.actor.kind != "user" or by.actor.id is None:
        raise Forbidden(
            "people_only", "Notifications belong to people; a key has none. Sign in for yours."
        )
    return by.actor.id


def notifications(
    by: Caller,
    *,
    status: str = "all",
    category: str | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[NotificationRow]:
    """What the caller was told, newest first; one more than `limit` when there are more.

    `unread` and `all` leave out what was dismissed. A key has none. Raises Invalid with the field.
    One statement.
    """
    check_choice("status", status, STATUSES)
    if category:
        check_choice("category", category, CATEGORY_CODES)
    if by.actor.kind != "user":
        return []
    found = _own(by).filter(dismissed_at__isnull=status != "dismissed")
    if status == "unread":
        found = found.filter(read_at=None)
    if category:
        found = found.filter(category=category)
    rows = found.before(before).newest_first().values_list(*_COLUMNS)[: limit + 1]
    return [NotificationRow(*row) for row in rows]


def notification(by: Caller, notification_id: UUID) -> NotificationRow:
    """One of the caller's own. Raises NotFound for anybody else's. One statement."""
    row = None
    if by.actor.kind == "user":
        row = _own(by).filter(pk=notification_id).values_list(*_COLUMNS).first()
    if row is None:
        raise NotFound("not_found", "There is no such notification.")
    return NotificationRow(*row)


def unread(by: Caller) -> Unread:
    """How many of the caller's notifications are unread; one statement over their own index."""
    if by.actor.kind != "user":
        return Unread(0, "")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.UNREAD,
            {"organization": by.organization_id, "user": by.actor.id, "most": MOST_COUNTED},
        )
        row = cursor.fetchone()
    assert row is not None
    return Unread(*row)


def preferences(by: Caller) -> list[Preference]:
    """How the caller wants to hear of each category; none for a key. One statement."""
    if by.actor.kind != "user":
        return []
    rows = NotificationPreference.objects.of(by.organization_id).filter(user_id=person(by))
    chosen = {row[0]: (row[1], row[2]) for row in rows.values_list("category", "in_app", "email")}
    wanted = wanted_channels(chosen)
    return [Preference(category, *wanted[category.code]) for category in CATEGORIES]


def check_choice(field: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a word that is not one of these."""
    if value not in known:
        message = f"Use one of {', '.join(known)}."
        raise Invalid("unknown_choice", message, fields={field: message})


def _own(by: Caller) -> Any:
    return Notification.objects.of(by.organization_id).filter(user_id=person(by), in_app=True)
