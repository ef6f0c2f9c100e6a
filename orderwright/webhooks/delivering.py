"""Deliveries: follow the log of events, send what is due in its order, try again what failed.

Everything is written before and after an attempt, never during one: what a worker that died had
taken is taken over by another when its lease has run out. So nothing is lost, and a receiver may
see a message twice, under the same id.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import orjson
from django.conf import settings
from django.db import connection

from orderwright.activity import actions as activity
from orderwright.identity.queries import caller_for_job
from orderwright.identity.tenancy import entered
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import from_json, to_json
from orderwright.webhooks import rules, sending, signing, sql, waking
from orderwright.webhooks.models import Endpoint

LEASE: Final = timedelta(seconds=60)  # longer than any attempt
TURN: Final = timedelta(seconds=10)  # then another job gets its turn
SOON: Final = timedelta(milliseconds=50)  # a transaction that is still open ends soon
_MOST_WAITS: Final = 40
_CHUNK: Final = 500

Clock = Callable[[], datetime]
Send = Callable[..., sending.Answer]


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery that is about to be sent."""

    id: UUID
    attempts: int
    url: str
    secrets: list[str]
    event: rules.Happened


@dataclass(frozen=True, slots=True)
class Place:
    """An endpoint of an organization."""

    organization_id: UUID
    endpoint_id: UUID

    def parameters(self, **further: Any) -> dict[str, Any]:
        """The parameters of a statement about it."""
        return {"organization": self.organization_id, "endpoint": self.endpoint_id, **further}


def take_turn(
    organization_id: UUID,
    endpoint_id: UUID,
    *,
    clock: Clock,
    chance: Random,
    send: Send = sending.post,
    wait: Callable[[float], None] = time.sleep,
    turn: timedelta = TURN,
) -> datetime | None:
    """Send what is due to one endpoint, for a while; when to come again, None for not at all.

    Whoever comes while somebody else is at it leaves at once: the other looks again at its end.
    """
    place, ends_at = Place(organization_id, endpoint_id), clock() + turn
    for _ in range(_MOST_WAITS):
        if not _lease(place, clock()):
            return None
        try:
            _work(place, clock=clock, chance=chance, send=send, ends_at=ends_at)
        finally:
            _release(place)
        again = left_at(place, clock())
        if again is None or again - clock() > SOON or clock() >= ends_at:
            return again
        if again > clock():
            wait(SOON.total_seconds())
    return again


def left_at(place: Place, now: datetime) -> datetime | None:
    """When there is something to do for an endpoint: None if nothing is left.

    Events of transactions that are still open cannot be followed yet; they are asked for soon.
    """
    with entered(place.organization_id), connection.cursor() as cursor:
        cursor.execute(sql.LEFT, place.parameters())
        row = cursor.fetchone()
    if row is None:
        return None
    has_events, due_at, has_deliveries = row
    due: datetime | None = due_at if has_deliveries else None
    if not has_events:
        return due
    readable = now if _can_follow(place) else now + SOON
    return readable if due is None else min(due, readable)


def _lease(place: Place, now: datetime) -> bool:
    with entered(place.organization_id), connection.cursor() as cursor:
        cursor.execute(sql.LEASE, place.parameters(now=now, until=now + LEASE))
        return cursor.fetchone() is not None


def _release(place: Place) -> None:
    with entered(place.organization_id), connection.cursor() as cursor:
        cursor.execute(sql.RELEASE, place.parameters())


def _work(place: Place, *, clock: Clock, chance: Random, send: Send, ends_at: datetime) -> None:
    """Attempt after attempt, until nothing is due or the turn is over."""
    follow(place, now=clock())
    while clock() < ends_at:
        taken = take_next(place, now=clock())
        if taken is None:
            if not follow(place, now=clock()):
                return
            continue
        content = orjson.dumps(rules.payload(taken.event)).decode()
        answer = send(
            taken.url,
            headers=signing.headers(
                secrets_of_endpoint=taken.secrets,
                message_id=str(taken.event.id),
                content=content,
                now=clock(),
            ),
            content=content.encode(),
            allow_local=settings.WEBHOOKS_ALLOW_LOCAL,
        )
        settle(place, taken, answer, now=clock(), chance=chance.random())


def follow(place: Place, *, now: datetime) -> int:
    """Write the deliveries of the events that came since the last time; how many events there
    were. An event that the endpoint did not ask for is only passed by."""
    with entered(place.organization_id), connection.cursor() as cursor:
        endpoint = (
            Endpoint.objects.of(place.organization_id)
            .with_ids([place.endpoint_id])
            .filter(is_active=True)
            .locked()
            .first()
        )
        if endpoint is None:
            return 0
        cursor.execute(sql.EVENTS_TO_FOLLOW, _cursor_of(place, endpoint, limit=_CHUNK))
        events = cursor.fetchall()
        if not events:
            return 0
        wanted = [row for row in events if rules.wants(endpoint.event_types, row[1])]
        if wanted:
            cursor.execute(sql.INSERT_DELIVERIES, place.parameters(now=now, rows=_rows(wanted)))
        Endpoint.objects.of(place.organization_id).with_ids([place.endpoint_id]).update(
            followed_transaction=events[-1][2], followed_event=events[-1][0]
        )
        return len(events)


def _can_follow(place: Place) -> bool:
    with entered(place.organization_id), connection.cursor() as cursor:
        endpoint = Endpoint.objects.of(place.organization_id).get(pk=place.endpoint_id)
        cursor.execute(sql.EVENTS_TO_FOLLOW, _cursor_of(place, endpoint, limit=1))
        return cursor.fetchone() is not None


def _cursor_of(place: Place, endpoint: Endpoint, *, limit: int) -> dict[str, Any]:
    return {
        "organization": place.organization_id,
        "transaction": endpoint.followed_transaction,
        "event": endpoint.followed_event,
        "limit": limit,
    }


def _rows(events: list[tuple[Any, ...]]) -> str:
    return to_json(
        [
            {"id": new_id(), "event": event, "type": event_type, "transaction": transaction}
            for event, event_type, transaction in events
        ]
    )


def take_next(place: Place, *, now: datetime) -> Taken | None:
    """The next delivery that is due, counted as attempted before it is sent."""
    with entered(place.organization_id), connection.cursor() as cursor:
        cursor.execute(sql.TAKE_NEXT, place.parameters(now=now, until=now + LEASE))
        row = cursor.fetchone()
    if row is None:
        return None
    is_old_good = row[4] is not None and row[5] is not None and row[5] > now
    return Taken(
        id=row[0],
        attempts=row[1],
        url=row[2],
        secrets=[signing.opened(one) for one in (row[3], *([row[4]] if is_old_good else []))],
        event=rules.Happened(*(*row[6:14], from_json(row[14]))),
    )


def settle(
    place: Place, taken: Taken, answer: sending.Answer, *, now: datetime, chance: float
) -> None:
    """Keep what came of an attempt, and how the endpoint does."""
    told = rules.outcome(
        is_delivered=answer.is_delivered, attempts=taken.attempts, now=now, chance=chance
    )
    with entered(place.organization_id), connection.cursor() as cursor:
        cursor.execute(
            sql.SETTLE,
            place.parameters(
                delivery=taken.id,
                attempts=taken.attempts,
                status=told.status,
                next=told.next_attempt_at,
                delivered_at=now if answer.is_delivered else None,
                response=answer.status,
                body=answer.body,
                error=answer.error[:300],
                duration=answer.milliseconds,
            ),
        )
        if answer.is_delivered:
            cursor.execute(sql.NOTE_SUCCESS, place.parameters(now=now))
            return
        cursor.execute(sql.NOTE_FAILURE, place.parameters(now=now, silent=answer.status is None))
        row = cursor.fetchone()
        if row is not None:
            _judge(place, row, response=answer.status, now=now)


def _judge(place: Place, row: tuple[Any, ...], *, response: int | None, now: datetime) -> None:
    """After a failure: let the endpoint rest, or disable it."""
    silent, failing_since, is_active, url = row
    mine = Endpoint.objects.of(place.organization_id).with_ids([place.endpoint_id])
    reason = rules.why_to_disable(response=response, failing_since=failing_since, now=now)
    if is_active and reason:
        mine.update(is_active=False, disabled_at=now, disabled_reason=reason)
        by = caller_for_job(place.organization_id, now=now)
        body = {"host": rules.host_of(url), "reason": reason}
        activity.record(by, "webhook_endpoint.disabled", place.endpoint_id, body=body)
        waking.note_change(place.organization_id)
    else:
        mine.update(resting_until=rules.rest_after(silent, now))
