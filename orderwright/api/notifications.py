"""What one was told, over HTTP: everybody's own. A key is no person and has none."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from orderwright.api.answers import (
    about,
    answer,
    caller,
    instant,
    listed,
    page_size,
    uuid_or_missing,
)
from orderwright.api.body_types import Body, Flag
from orderwright.identity.caller import Caller
from orderwright.kernel.cursors import read_cursor
from orderwright.notifications import actions, queries
from orderwright.notifications.queries import NotificationRow, Preference

router = Router(tags=["Notifications"])


class CategoryBody(Body):
    """What is marked: everything, or one category."""

    category: str | None = None


class WaysBody(Body):
    """In which ways a category is told; what is absent stays."""

    in_app: Flag | None = None
    email: Flag | None = None


class PreferencesBody(Body):
    """Ways by category, for those that change."""

    categories: dict[str, WaysBody] = {}

    def sent(self) -> dict[str, Any]:
        """As the action takes it."""
        return {name: ways.model_dump(exclude_none=True) for name, ways in self.categories.items()}


def _own(by: Caller, notification_id: str) -> None:
    """Raises NotFound unless it is the caller's."""
    queries.notification(by, uuid_or_missing(notification_id, "notification"))


@router.get("/notifications")
def list_notifications(
    request: HttpRequest,
    status: str = "all",
    category: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> HttpResponse:
    """One's own, newest first: `unread`, `all` or `dismissed` ones."""
    size = page_size(limit)
    rows = queries.notifications(
        caller(request), status=status, category=category, before=read_cursor(cursor), limit=size
    )
    return listed(rows, limit=size, show=show_notification)


@router.post("/notifications/actions/mark-all-read")
def mark_all_read(request: HttpRequest, body: CategoryBody) -> HttpResponse:
    """Everything was read, or everything of a category."""
    return answer({"count": actions.mark_all_read(by=caller(request), category=body.category)})


@router.post("/notifications/{notification_id}/actions/read")
@about(_own)
def read_notification(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """It was read."""
    row = actions.read_notification(by=caller(request), notification_id=notification_id)
    return answer(show_notification(row))


@router.post("/notifications/{notification_id}/actions/dismiss")
@about(_own)
def dismiss_notification(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Put it away."""
    row = actions.dismiss_notification(by=caller(request), notification_id=notification_id)
    return answer(show_notification(row))


@router.get("/notification-preferences")
def list_notification_preferences(request: HttpRequest) -> HttpResponse:
    """Which categories one hears of, and in which ways."""
    return _preferences(queries.preferences(caller(request)))


@router.patch("/notification-preferences")
def change_notification_preferences(request: HttpRequest, body: PreferencesBody) -> HttpResponse:
    """Choose other ways; categories that are not sent stay."""
    return _preferences(actions.change_preferences(by=caller(request), sent=body.sent()))


def show_notification(row: NotificationRow) -> dict[str, Any]:
    """A notification."""
    return {
        "id": str(row.id),
        "category": row.category,
        "kind": row.kind,
        "title": row.title,
        "body": row.body or None,
        "link": row.link or None,
        "at": instant(row.at),
        "seen_at": instant(row.seen_at),
        "read_at": instant(row.read_at),
        "dismissed_at": instant(row.dismissed_at),
    }


def show_preference(one: Preference) -> dict[str, Any]:
    """The ways of a category."""
    return {"category": one.category.code, "in_app": one.in_app, "email": one.email}


def _preferences(found: list[Preference]) -> HttpResponse:
    return answer({"data": [show_preference(one) for one in found], "next_cursor": None})
