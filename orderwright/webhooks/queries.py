"""Endpoints with how they do, and their deliveries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.activity import records
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, NotFound
from orderwright.kernel.json_text import from_json
from orderwright.webhooks import rules, sql
from orderwright.webhooks.kinds import ENDPOINT, EndpointRow
from orderwright.webhooks.models import Delivery

_DAY: Final = timedelta(hours=24)
_UNHAPPY: Final = ("failed", "exhausted")
_COLUMNS: Final = (
    "id endpoint_id event_id event_type status attempts next_attempt_at last_attempt_at "
    "delivered_at response_status response_body error duration_ms created_at"
).split()
_EVENT: Final = "id type at actor_kind actor_id actor_name subject_id topic_id body".split()


@dataclass(frozen=True, slots=True)
class Health:
    """How an endpoint does: deliveries that wait, that failed in the last 24 hours, that failed."""

    waiting: int = 0
    failed_24h: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One event on its way to one endpoint."""

    id: UUID
    endpoint_id: UUID
    event_id: UUID
    event_type: str
    status: str
    attempts: int
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    delivered_at: datetime | None
    response_status: int | None
    response_body: str
    error: str
    duration_ms: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A delivery with what is sent."""

    row: DeliveryRow
    payload: dict[str, Any]


def endpoint(*, by: Caller, endpoint_id: UUID) -> EndpointRow:
    """One endpoint. Raises Forbidden, NotFound."""
    by.must("settings:read", "audit:read")
    row: EndpointRow = records.one(by=by, kind=ENDPOINT, record_id=endpoint_id)
    return row


def health_of(*, by: Caller, endpoint_ids: Collection[UUID]) -> dict[UUID, Health]:
    """How these endpoints do. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.HEALTH,
            {
                "organization": by.organization_id,
                "endpoints": list(endpoint_ids),
                "since": by.now - _DAY,
            },
        )
        return {row[0]: Health(*row[1:]) for row in cursor.fetchall()}


def deliveries(
    *,
    by: Caller,
    endpoint_id: UUID,
    status: str | None = None,
    event_type: str | None = None,
    containing: str = "",
    before: UUID | None = None,
    limit: int = 50,
) -> list[DeliveryRow]:
    """Deliveries of an endpoint, newest first, one more than `limit` when there are more.

    `status` is one of theirs; `unhappy` are those that failed, whether or not they are tried again.
    `containing` is a part of the event type.
    Raises Forbidden, NotFound, Invalid.
    """
    endpoint(by=by, endpoint_id=endpoint_id)
    rows = Delivery.objects.of(by.organization_id).filter(endpoint_id=endpoint_id)
    if status == "unhappy":
        rows = rows.filter(status__in=_UNHAPPY)
    elif status:
        if status not in rules.STATUSES:
            known = f"Use one of {', '.join(rules.STATUSES)}."
            raise Invalid("unknown_choice", known, fields={"status": known})
        rows = rows.filter(status=status)
    if event_type:
        rows = rows.filter(event_type=event_type)
    if containing:
        rows = rows.filter(event_type__icontains=containing)
    found = rows.before(before).newest_first().values_list(*_COLUMNS)[: limit + 1]
    return [DeliveryRow(*row) for row in found]


def delivery(*, by: Caller, endpoint_id: UUID, delivery_id: UUID) -> DeliveryPage:
    """One delivery with its payload. Raises Forbidden, NotFound."""
    endpoint(by=by, endpoint_id=endpoint_id)
    rows = Delivery.objects.of(by.organization_id).filter(endpoint_id=endpoint_id, pk=delivery_id)
    row = rows.values_list(*_COLUMNS, *(f"event__{name}" for name in _EVENT)).first()
    if row is None:
        raise NotFound("not_found", "There is no such delivery.")
    event = row[len(_COLUMNS) :]
    happened = rules.Happened(*(*event[:-1], from_json(event[-1])))
    return DeliveryPage(DeliveryRow(*row[: len(_COLUMNS)]), rules.payload(happened))
