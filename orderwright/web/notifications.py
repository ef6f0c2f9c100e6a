"""The bell, the list of what one was told, and how one wants to be told."""

import json
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from orderwright.identity.caller import Caller
from orderwright.kernel.cursors import read_cursor, write_cursor
from orderwright.notifications import actions, queries
from orderwright.notifications.rules import CATEGORIES
from orderwright.web.forms import Form, done, onwards
from orderwright.web.lists import Tab
from orderwright.web.road import page

URL: Final = "/notifications"
PAGE_SIZE: Final = 30
IN_BELL: Final = 8
_TABS: Final = (("unread", "Unread"), ("all", "All"), ("dismissed", "Dismissed"))
_EMPTY: Final = {
    "unread": ("Nothing new", "What concerns you will stand here, and at the bell."),
    "all": ("Nothing yet", "Orders that you lead, your tasks and what needs you will stand here."),
    "dismissed": ("Nothing dismissed", "What you put away stands here until it is 90 days old."),
}
_BY_CODE: Final = {category.code: category for category in CATEGORIES}


def notifications(request: HttpRequest) -> HttpResponse:
    """What the caller was told, newest first."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    status = request.GET.get("status") or "unread"
    category = request.GET.get("category", "")
    before = read_cursor(request.GET.get("after"))
    found = queries.notifications(
        by, status=status, category=category, before=before, limit=PAGE_SIZE
    )
    shown = found[:PAGE_SIZE]
    older = write_cursor(shown[-1].id) if len(found) > PAGE_SIZE else ""
    unread = queries.unread(by)
    context = {
        "rows": _rows(shown),
        "tabs": [_tab(code, text, status, category, unread) for code, text in _TABS],
        "categories": _categories(status, category),
        "category": category,
        "status": status,
        "empty": _EMPTY[status],
        "has_unread": unread.count > 0,
        "older_url": _url(status, category, older) if older else "",
        "first_url": _url(status, category) if before else "",
        "here": _url(status, category, request.GET.get("after", "")),
    }
    return page(request, "notifications/list.html", context)


def pulse(request: HttpRequest) -> HttpResponse:
    """How many are unread: 304 while that is as the asker knows it. One statement."""
    unread = queries.unread(request.caller)  # type: ignore[attr-defined]
    etag = f'"{unread.stamp}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        body = json.dumps({"count": unread.count, "shown": unread.shown})
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    return response


@require_POST
def newest(request: HttpRequest) -> HttpResponse:
    """The bell was opened: the newest that are not put away, and all of them are seen."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.notifications(by, limit=IN_BELL)[:IN_BELL]
    actions.mark_seen(by=by)
    return page(request, "notifications/newest.html", {"rows": _rows(found)})


@require_POST
def open_one(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Go where it leads; it is read then."""
    row = actions.read_notification(
        by=request.caller,  # type: ignore[attr-defined]
        notification_id=notification_id,
    )
    return onwards(request, row.link or URL)


@require_POST
def read(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Mark one as read."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    actions.read_notification(by=by, notification_id=notification_id)
    return done(request, _back(request))


@require_POST
def dismiss(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Put one away."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    actions.dismiss_notification(by=by, notification_id=notification_id)
    return done(request, _back(request), "The notification is put away.")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read, or everything of a category."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    count = actions.mark_all_read(by=by, category=request.POST.get("category") or None)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)  # the bell stays where it is, and looks again
    said = f"{count} notification{'' if count == 1 else 's'} marked as read."
    return done(request, _back(request), said)


def preferences(request: HttpRequest) -> HttpResponse:
    """Which categories one wants to hear of, and how."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    wanted = queries.preferences(by)
    form = Form.of(
        {
            f"{one.category.code}.{channel}": getattr(one, channel)
            for one in wanted
            for channel in actions.CHANNELS
        }
    )
    if request.method == "POST":
        form = Form.posted(request)
        sent = {
            category.code: {
                channel: form.flag(f"{category.code}.{channel}") for channel in actions.CHANNELS
            }
            for category in CATEGORIES
        }
        if form.accept(lambda: actions.change_preferences(by=by, sent=sent)):
            return done(request, f"{URL}/preferences", "Your choice is saved.")
    context = {"form": form, "categories": CATEGORIES, "email": request.signed_in.email}  # type: ignore[attr-defined]
    return page(request, "notifications/preferences.html", context, status=form.status)


def _rows(found: list[queries.NotificationRow]) -> list[dict[str, Any]]:
    return [{"row": row, "category": _BY_CODE[row.category]} for row in found]


def _tab(code: str, text: str, status: str, category: str, unread: queries.Unread) -> Tab:
    count = unread.shown if code == "unread" and unread.count else None
    return Tab(text, _url(code, category), is_here=code == status, count=count)


def _categories(status: str, category: str) -> list[Tab]:
    return [
        Tab("All categories", _url(status, ""), is_here=not category),
        *(Tab(one.name, _url(status, one.code), one.code == category) for one in CATEGORIES),
    ]


def _url(status: str, category: str, after: str = "") -> str:
    asked = {"status": status, "category": category, "after": after}
    asked = {name: text for name, text in asked.items() if text and text != "unread"}
    return f"{URL}?{urlencode(asked)}" if asked else URL


def _back(request: HttpRequest) -> str:
    """The page of the list that the form stood on; never anywhere else."""
    back = request.POST.get("back", "")
    return back if back == URL or back.startswith(f"{URL}?") else URL
