"""Webhooks: endpoints with how they do, their deliveries, and sending again."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from orderwright.activity import records
from orderwright.identity.caller import Caller
from orderwright.web import lists
from orderwright.web.audit import words_of
from orderwright.web.display import chip, dialog_link, instant, link
from orderwright.web.forms import Form, done
from orderwright.web.lists import Column, Empty, Tab
from orderwright.web.road import page
from orderwright.web.webhook_forms import URL, secret_page
from orderwright.webhooks import actions, queries
from orderwright.webhooks.kinds import ENDPOINT, EndpointRow
from orderwright.webhooks.queries import DeliveryRow, Health
from orderwright.webhooks.rules import host_of

_TABS: Final = (
    ("All", None),
    ("Failed", "unhappy"),
    ("Waiting", "pending"),
    ("Delivered", "delivered"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An endpoint with its health, as a row of the list."""

    row: EndpointRow
    health: Health

    @property
    def id(self) -> UUID:
        """The endpoint's."""
        return self.row.id

    @property
    def name(self) -> str:
        """What people call it: its description, else its host."""
        return self.row.description or host_of(self.row.url)

    @property
    def status(self) -> str:
        """Whether it is sent anything, and whether that arrives."""
        if not self.row.is_active:
            return "disabled"
        return "failing" if self.row.failing_since else "works"

    @property
    def events(self) -> str:
        """How much it asks for."""
        count = len(self.row.event_types)
        if not count:
            return "Everything"
        return "1 kind" if count == 1 else f"{count} kinds"


def endpoints(request: HttpRequest) -> HttpResponse:
    """All endpoints, the newest first."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("settings:read", "audit:read")
    asked = lists.asked(request)
    rows = records.listed(by=by, kind=ENDPOINT, q=asked.q, before=asked.after)
    health = queries.health_of(by=by, endpoint_ids=[row.id for row in rows])
    at = _clock(by)
    columns = (
        Column("Endpoint", lambda one: link(one.name, f"{URL}/{one.id}"), primary=True),
        Column("Address", lambda one: host_of(one.row.url)),
        Column("Status", lambda one: chip("webhook", one.status)),
        Column("Events", lambda one: one.events),
        Column("Last delivered", lambda one: at(one.row.last_delivered_at) or "Never"),
        Column("Waiting", lambda one: str(one.health.waiting), numeric=True),
        Column("Failed in 24 h", lambda one: str(one.health.failed_24h), numeric=True),
    )
    shown = lists.listing(
        name="Webhooks",
        asked=asked,
        columns=columns,
        rows=[Shown(row, health[row.id]) for row in rows],
        search="Address or description",
        empty=Empty(
            "No webhooks yet",
            "A program of yours is told what happens here, as soon as it happens.",
            "send",
        ),
    )
    context = {"list": shown, "may_add": by.may("settings:create")}
    return page(request, "webhooks/endpoints.html", context)


def endpoint(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """One endpoint: how it does, and its deliveries."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    row = queries.endpoint(by=by, endpoint_id=endpoint_id)
    health = queries.health_of(by=by, endpoint_ids=[endpoint_id])[endpoint_id]
    asked = lists.asked(request, "status")
    found = queries.deliveries(
        by=by,
        endpoint_id=endpoint_id,
        status=asked.value("status") or None,
        containing=asked.q,
        before=asked.after,
    )
    counts = {"unhappy": health.failed, "pending": None}
    shown = lists.listing(
        name="Deliveries",
        asked=asked,
        columns=_delivery_columns(by, endpoint_id),
        rows=found,
        tabs=[
            Tab(
                text,
                asked.url(status=status),
                (asked.value("status") or None) == status,
                counts.get(status or "") or None,
            )
            for text, status in _TABS
        ],
        search="Event, like invoice.paid",
        empty=Empty("Nothing was sent yet", "Send a test to see whether it arrives.", "send"),
    )
    context = {
        "one": Shown(row, health),
        "row": row,
        "health": health,
        "list": shown,
        "url": f"{URL}/{endpoint_id}",
        "may_change": by.may("settings:update"),
        "may_remove": by.may("settings:delete"),
        "rotated": row.previous_secret_until is not None and row.previous_secret_until > by.now,
    }
    return page(request, "webhooks/endpoint.html", context)


def delivery(request: HttpRequest, endpoint_id: UUID, delivery_id: UUID) -> HttpResponse:
    """One delivery: what was sent and what came back."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.delivery(by=by, endpoint_id=endpoint_id, delivery_id=delivery_id)
    context = {
        "row": found.row,
        "title": words_of(found.row.event_type),
        "payload": json.dumps(found.payload, indent=2, ensure_ascii=False),
        "url": f"{URL}/{endpoint_id}",
        "may_change": by.may("settings:update"),
    }
    return page(request, "webhooks/delivery.html", context)


def replay_from(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Ask since which day everything is sent again."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("settings:update", *actions.SEES_ALL)
    row = queries.endpoint(by=by, endpoint_id=endpoint_id)
    form = Form.of({"since": by.today})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _replay_since(by, endpoint_id, form)):
            return done(request, f"{URL}/{endpoint_id}", _said(form.result))
    context = {"form": form, "row": row, "url": f"{URL}/{endpoint_id}"}
    return page(request, "webhooks/replay.html", context, status=form.status)


@require_POST
def rotate(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """A new secret, shown this once."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    secret = actions.rotate_secret(by=by, endpoint_id=endpoint_id)
    return secret_page(request, queries.endpoint(by=by, endpoint_id=endpoint_id), secret)


@require_POST
def send_test(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Send the event `webhook.test`."""
    actions.send_test(by=request.caller, endpoint_id=endpoint_id)  # type: ignore[attr-defined]
    return done(request, f"{URL}/{endpoint_id}", "A test is on its way: reload in a moment.")


@require_POST
def replay_failed(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Send all that failed again."""
    count = actions.replay(by=request.caller, endpoint_id=endpoint_id)  # type: ignore[attr-defined]
    return done(request, f"{URL}/{endpoint_id}", _said(count))


@require_POST
def replay(request: HttpRequest, endpoint_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send one delivery again."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    count = actions.replay(by=by, endpoint_id=endpoint_id, delivery_id=delivery_id)
    return done(request, f"{URL}/{endpoint_id}", _said(count))


def switch(*, is_active: bool) -> Callable[..., HttpResponse]:
    """The view that enables or disables an endpoint."""
    said = "Events are sent again from now on." if is_active else "Nothing more is sent."

    @require_POST
    def take(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
        by: Caller = request.caller  # type: ignore[attr-defined]
        actions.change_endpoint(by=by, endpoint_id=endpoint_id, sent={"is_active": is_active})
        return done(request, f"{URL}/{endpoint_id}", said)

    return take


@require_POST
def remove(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Delete an endpoint with its deliveries."""
    actions.remove_endpoint(by=request.caller, endpoint_id=endpoint_id)  # type: ignore[attr-defined]
    return done(request, URL, "The endpoint is removed.")


def _delivery_columns(by: Caller, endpoint_id: UUID) -> tuple[Column, ...]:
    at = _clock(by)
    return (
        Column(
            "Event",
            lambda row: dialog_link(
                words_of(row.event_type), f"{URL}/{endpoint_id}/deliveries/{row.id}"
            ),
            primary=True,
        ),
        Column("Status", lambda row: chip("delivery", row.status)),
        Column("Attempts", lambda row: str(row.attempts), numeric=True),
        Column("Answer", _answer_of),
        Column("When", lambda row: at(row.created_at)),
        Column("Next attempt", lambda row: at(row.next_attempt_at) if row.attempts else ""),
    )


def _answer_of(row: DeliveryRow) -> str:
    if row.response_status is None:
        return row.error
    said = f" {row.error}" if row.error else ""
    return format_html("{} in {} ms{}", row.response_status, row.duration_ms or 0, said)


def _clock(by: Caller) -> Callable[[datetime | None], str]:
    def at(value: datetime | None) -> str:
        zone = by.organization.timezone
        return "" if value is None else instant(value, now=by.now, timezone=zone)

    return at


def _replay_since(by: Caller, endpoint_id: UUID, form: Form) -> Any:
    day = form.day("since", required="Give a day.")
    form.check()
    assert day is not None
    since = min(by.day_of(day)[0], by.now) if day <= by.today else by.day_of(day)[0]
    return actions.replay_since(by=by, endpoint_id=endpoint_id, since=since)


def _said(count: int) -> str:
    if not count:
        return "There is nothing to send again."
    return f"{count} {'event is' if count == 1 else 'events are'} on the way again."
