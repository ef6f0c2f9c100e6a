"""Webhooks over HTTP: endpoints, their deliveries, and sending again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel

from orderwright.activity import records
from orderwright.api.answers import about, answer, caller, listed, needs, page_size, uuid_or_missing
from orderwright.api.inputs import body_of, patch_of, query_of
from orderwright.api.records import current_in_details, plain_value, show_plain
from orderwright.identity.caller import Caller
from orderwright.kernel.cursors import read_cursor
from orderwright.kernel.fields import choice, instant, text
from orderwright.kernel.shapes import Shape, required
from orderwright.webhooks import actions, queries
from orderwright.webhooks.kinds import ENDPOINT, SHAPE, EndpointRow
from orderwright.webhooks.queries import DeliveryPage, DeliveryRow, Health
from orderwright.webhooks.rules import STATUSES

router = Router(tags=["Webhooks"])
NOUN = "webhook endpoint"
PATH = "/webhook-endpoints"

EndpointQuery = query_of("WebhookEndpointQuery", ENDPOINT.filters)
NewEndpoint = body_of("NewWebhookEndpoint", SHAPE)
EndpointChanges = patch_of("WebhookEndpointChanges", SHAPE)
DELIVERY_FILTERS = Shape({"status": choice(*STATUSES, default=""), "event_type": text(60)})
DeliveryQuery = query_of("WebhookDeliveryQuery", DELIVERY_FILTERS)
SINCE = Shape({"since": required(instant())})
ReplayFrom = body_of("ReplayFrom", SINCE)


class Nothing(BaseModel):
    """An action without words."""


@router.get(PATH, operation_id="list_webhook_endpoint", summary="List: webhook endpoint")
@needs("settings:read")
def list_endpoints(request: HttpRequest, asked: Query[EndpointQuery]) -> HttpResponse:  # type: ignore[valid-type]
    """Newest first, each with its health; never with its secret."""
    by, size = caller(request), page_size(asked.limit)  # type: ignore[attr-defined]
    by.must("audit:read")
    rows = records.listed(
        by=by,
        kind=ENDPOINT,
        q=asked.q,  # type: ignore[attr-defined]
        filters=asked.filters(),  # type: ignore[attr-defined]
        before=read_cursor(asked.cursor),  # type: ignore[attr-defined]
        limit=size,
    )
    health = queries.health_of(by=by, endpoint_ids=[row.id for row in rows])
    return listed(rows, limit=size, show=lambda row: show_endpoint(by, row, health[row.id]))


@router.post(PATH, operation_id="create_webhook_endpoint", summary="New: webhook endpoint")
@needs("settings:create")
def create_endpoint(request: HttpRequest, body: NewEndpoint) -> HttpResponse:  # type: ignore[valid-type]
    """The answer has the `secret`, this once."""
    by = caller(request)
    endpoint_id, secret = actions.create_endpoint(by=by, sent=body.sent())  # type: ignore[attr-defined]
    return answer(_shown(by, endpoint_id) | {"secret": secret}, status=201)


@router.get(f"{PATH}/{{endpoint_id}}", operation_id="read_webhook_endpoint", summary="Read one")
@needs("settings:read")
def read_endpoint(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    """Without its secret."""
    return answer(_shown(caller(request), _id(endpoint_id)))


@router.patch(f"{PATH}/{{endpoint_id}}", operation_id="change_webhook_endpoint", summary="Change")
@needs("settings:update")
def change_endpoint(request: HttpRequest, endpoint_id: str, body: EndpointChanges) -> HttpResponse:  # type: ignore[valid-type]
    """`is_active` false sends nothing more; true goes on from now."""
    by, known = caller(request), _id(endpoint_id)
    with current_in_details(lambda: _shown(by, known)):
        actions.change_endpoint(
            by=by,
            endpoint_id=known,
            sent=body.sent(),  # type: ignore[attr-defined]
            version=body.version_read(),  # type: ignore[attr-defined]
        )
    return answer(_shown(by, known))


@router.delete(f"{PATH}/{{endpoint_id}}", operation_id="remove_webhook_endpoint", summary="Remove")
@needs("settings:delete")
def remove_endpoint(request: HttpRequest, endpoint_id: str) -> HttpResponse:
    """With all its deliveries."""
    actions.remove_endpoint(by=caller(request), endpoint_id=_id(endpoint_id))
    return HttpResponse(status=204)


@router.post(
    f"{PATH}/{{endpoint_id}}/actions/rotate-secret",
    operation_id="rotate_webhook_secret",
    summary="A new secret",
)
@needs("settings:update")
def rotate_secret(request: HttpRequest, endpoint_id: str, body: Nothing) -> HttpResponse:
    """The answer has the new `secret`, this once; the old one signs too for 24 hours."""
    by, known = caller(request), _id(endpoint_id)
    secret = actions.rotate_secret(by=by, endpoint_id=known)
    return answer(_shown(by, known) | {"secret": secret})


@router.post(
    f"{PATH}/{{endpoint_id}}/actions/test", operation_id="test_webhook_endpoint", summary="Test"
)
@needs("settings:update")
def send_test(request: HttpRequest, endpoint_id: str, body: Nothing) -> HttpResponse:
    """Sends `webhook.test` now; the answer is its delivery."""
    by, known = caller(request), _id(endpoint_id)
    made = actions.send_test(by=by, endpoint_id=known)
    return answer(show_page(queries.delivery(by=by, endpoint_id=known, delivery_id=made)))


@router.post(
    f"{PATH}/{{endpoint_id}}/actions/replay-failed",
    operation_id="replay_failed_deliveries",
    summary="Send all that failed again",
)
@needs("settings:update")
def replay_failed(request: HttpRequest, endpoint_id: str, body: Nothing) -> HttpResponse:
    """The answer is the endpoint, with the `replayed` count."""
    by, known = caller(request), _id(endpoint_id)
    count = actions.replay(by=by, endpoint_id=known)
    return answer(_shown(by, known) | {"replayed": count})


@router.post(
    f"{PATH}/{{endpoint_id}}/actions/replay-from",
    operation_id="replay_deliveries_from",
    summary="Send everything since a moment again",
)
@needs("settings:update")
def replay_from(request: HttpRequest, endpoint_id: str, body: ReplayFrom) -> HttpResponse:  # type: ignore[valid-type]
    """`since` is a moment of the last 30 days; the answer has the `replayed` count."""
    by, known = caller(request), _id(endpoint_id)
    since: datetime = SINCE.of_new(body.sent())["since"]  # type: ignore[attr-defined]
    count = actions.replay_since(by=by, endpoint_id=known, since=since)
    return answer(_shown(by, known) | {"replayed": count})


@router.get(
    f"{PATH}/{{endpoint_id}}/deliveries",
    operation_id="list_webhook_deliveries",
    summary="Its deliveries",
)
@needs("settings:read")
def list_deliveries(
    request: HttpRequest,
    endpoint_id: str,
    asked: Query[DeliveryQuery],  # type: ignore[valid-type]
) -> HttpResponse:
    """Newest first; `status` is pending, delivered, failed or exhausted."""
    size = page_size(asked.limit)  # type: ignore[attr-defined]
    rows = queries.deliveries(
        by=caller(request),
        endpoint_id=_id(endpoint_id),
        **DELIVERY_FILTERS.of_change(asked.filters()),  # type: ignore[attr-defined]
        before=read_cursor(asked.cursor),  # type: ignore[attr-defined]
        limit=size,
    )
    return listed(rows, limit=size, show=show_delivery)


def _look_at_delivery(by: Caller, *, endpoint_id: str, delivery_id: str) -> DeliveryPage:
    return queries.delivery(
        by=by,
        endpoint_id=_id(endpoint_id),
        delivery_id=uuid_or_missing(delivery_id, "delivery"),
    )


@router.get(
    f"{PATH}/{{endpoint_id}}/deliveries/{{delivery_id}}",
    operation_id="read_webhook_delivery",
    summary="One delivery, with its payload",
)
@needs("settings:read")
def read_delivery(request: HttpRequest, endpoint_id: str, delivery_id: str) -> HttpResponse:
    """`payload` is what is sent."""
    found = _look_at_delivery(caller(request), endpoint_id=endpoint_id, delivery_id=delivery_id)
    return answer(show_page(found))


@router.post(
    f"{PATH}/{{endpoint_id}}/deliveries/{{delivery_id}}/actions/replay",
    operation_id="replay_webhook_delivery",
    summary="Send it again",
)
@needs("settings:update")
@about(_look_at_delivery)
def replay_delivery(
    request: HttpRequest, endpoint_id: str, delivery_id: str, body: Nothing
) -> HttpResponse:
    """Under the same id, with all its attempts anew."""
    by, known = caller(request), _id(endpoint_id)
    wanted = uuid_or_missing(delivery_id, "delivery")
    actions.replay(by=by, endpoint_id=known, delivery_id=wanted)
    return answer(show_page(queries.delivery(by=by, endpoint_id=known, delivery_id=wanted)))


def show_endpoint(by: Caller, row: EndpointRow, health: Health) -> dict[str, Any]:
    """An endpoint with how it does."""
    return {**show_plain(by, row), "event_types": row.event_types, "health": show_health(health)}


def show_health(health: Health) -> dict[str, int]:
    """Deliveries that wait, that failed in the last 24 hours, and that failed."""
    return {"waiting": health.waiting, "failed_24h": health.failed_24h, "failed": health.failed}


def show_delivery(row: DeliveryRow) -> dict[str, Any]:
    """A delivery; its event's id is the `webhook-id` of every attempt."""
    return {name: plain_value(getattr(row, name)) for name in DeliveryRow.__dataclass_fields__}


def show_page(found: DeliveryPage) -> dict[str, Any]:
    """A delivery with what is sent."""
    return {**show_delivery(found.row), "payload": found.payload}


def _shown(by: Caller, endpoint_id: UUID) -> dict[str, Any]:
    row = queries.endpoint(by=by, endpoint_id=endpoint_id)
    health = queries.health_of(by=by, endpoint_ids=[endpoint_id])
    return show_endpoint(by, row, health[endpoint_id])


def _id(text: str) -> UUID:
    return uuid_or_missing(text, NOUN)
