"""Endpoints: made with a secret that is shown once, changed, tested; deliveries sent again.

Whoever makes an endpoint sends out everything that happens, prices and customers included, so
nobody makes one who may not see that.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from orderwright.activity import actions as activity
from orderwright.activity import records
from orderwright.activity.kinds import Values
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, NotFound
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.shapes import invalid
from orderwright.webhooks import rules, signing, sql, waking
from orderwright.webhooks.kinds import ENDPOINT
from orderwright.webhooks.models import Delivery, Endpoint

MOST_ENDPOINTS: Final = 50
SEES_ALL: Final = ("audit:read", "orders_commercial:read", "customers:read")
_NOBODY: Final = UUID(int=0)
_CHUNK: Final = 5_000


def create_endpoint(*, by: Caller, sent: Mapping[str, Any]) -> tuple[UUID, str]:
    """An endpoint with `url`, `event_types` (none: everything) and `description`: its id, and its
    secret, of which the answer is the only copy. It is sent what commits from now on.

    Raises Forbidden, Invalid with the fields, Conflict `too_many_endpoints`.
    """
    by.must("settings:create", *SEES_ALL)
    values = _checked(ENDPOINT.shape.of_new(sent))
    if Endpoint.objects.of(by.organization_id).count() >= MOST_ENDPOINTS:
        raise Conflict("too_many_endpoints", f"There are at most {MOST_ENDPOINTS} endpoints.")
    secret, endpoint_id = signing.new_secret(), new_id()
    Endpoint.objects.create(
        id=endpoint_id,
        organization_id=by.organization_id,
        secret=signing.sealed(secret),
        followed_transaction=_here(),
        followed_event=_NOBODY,
        disabled_at=None if values["is_active"] else by.now,
        **values,
    )
    _record(by, "created", endpoint_id, values["url"], {**values, "url": None})
    return endpoint_id, secret


def change_endpoint(
    *, by: Caller, endpoint_id: UUID, sent: Mapping[str, Any], version: int | None = None
) -> None:
    """Change address, description, event types, or whether it is sent anything.

    One that is enabled again goes on from now; what it missed can be replayed. Raises Forbidden,
    NotFound, Invalid, Conflict `stale_version`.
    """
    by.must("settings:update", *SEES_ALL)
    current = records.locked(by, ENDPOINT, endpoint_id, version=version)
    values = _checked(ENDPOINT.shape.of_change(sent))
    was = records.update(by, ENDPOINT, current, values)
    if "url" in was:
        body = {"before": {"host": rules.host_of(was["url"])}}
        _record(by, "moved", endpoint_id, values["url"], {}, **body)
        _rows(by, endpoint_id).update(silent=0, resting_until=None)
    if "is_active" in was:
        _rows(by, endpoint_id).update(**_switched(by, is_active=values["is_active"]))
    waking.note_change(by.organization_id)


def remove_endpoint(*, by: Caller, endpoint_id: UUID) -> None:
    """Delete an endpoint with its deliveries. Raises Forbidden, NotFound."""
    by.must("settings:delete", *SEES_ALL)
    records.remove(by=by, kind=ENDPOINT, record_id=endpoint_id)
    waking.note_change(by.organization_id)


def rotate_secret(*, by: Caller, endpoint_id: UUID) -> str:
    """A new secret, of which the answer is the only copy; for 24 hours messages are signed by both.

    Raises Forbidden, NotFound.
    """
    by.must("settings:update", *SEES_ALL)
    current = records.locked(by, ENDPOINT, endpoint_id)
    secret = signing.new_secret()
    _rows(by, endpoint_id).update(
        secret=signing.sealed(secret),
        previous_secret=current.secret,
        previous_until=by.now + rules.OLD_SECRET_LASTS,
        version=current.version + 1,
        updated_at=by.now,
    )
    _record(by, "secret_rotated", endpoint_id, current.url, {})
    return secret


def send_test(*, by: Caller, endpoint_id: UUID) -> UUID:
    """Send the event `webhook.test` to this endpoint, now; answers the id of its delivery.

    Raises Forbidden, NotFound, Conflict `endpoint_disabled`.
    """
    by.must("settings:update", *SEES_ALL)
    current = _in_use(records.locked(by, ENDPOINT, endpoint_id))
    body = {"message": "This is a test. Everything is well if you can read it."}
    event_id = activity.record(by, rules.TEST, endpoint_id, body=body)
    made = Delivery.objects.create(
        organization_id=by.organization_id,
        endpoint_id=current.pk,
        event_id=event_id,
        event_type=rules.TEST,
        transaction=_here(),
        next_attempt_at=by.now,
        created_at=by.now,
    )
    waking.note_change(by.organization_id)
    return made.pk


def replay(*, by: Caller, endpoint_id: UUID, delivery_id: UUID | None = None) -> int:
    """Send one delivery again, whatever became of it, or all that failed; how many.

    They keep their ids and get all their attempts anew. Raises Forbidden, NotFound, Conflict
    `endpoint_disabled`.
    """
    by.must("settings:update", *SEES_ALL)
    current = _in_use(records.locked(by, ENDPOINT, endpoint_id))
    count = _write(sql.AGAIN, by, endpoint_id, delivery=delivery_id)
    if delivery_id is not None and not count:
        raise NotFound("not_found", "There is no such delivery.")
    return _replayed(by, current, count)


def replay_since(*, by: Caller, endpoint_id: UUID, since: datetime) -> int:
    """Send every event since this moment again that the endpoint asks for; how many.

    Raises Forbidden, NotFound, Invalid for a moment in the future or more than 30 days ago,
    Conflict `endpoint_disabled`.
    """
    by.must("settings:update", *SEES_ALL)
    current = _in_use(records.locked(by, ENDPOINT, endpoint_id))
    if not by.now - rules.KEPT <= since <= by.now:
        message = f"Give a moment of the last {rules.KEPT.days} days."
        raise invalid("invalid_instant", message, "since")
    count, after = 0, _first_id_at(since)
    while True:
        events = _events_since(by, current, since, after)
        wanted = [row for row in events if rules.wants(current.event_types, row[1])]
        if wanted:
            count += _write(sql.REPLAY_DELIVERIES, by, endpoint_id, rows=_as_rows(wanted))
        if len(events) < _CHUNK:
            return _replayed(by, current, count, since=since)
        after = events[-1][0]


def _checked(values: Values) -> Values:
    if "url" in values:
        local: bool = settings.WEBHOOKS_ALLOW_LOCAL
        values["url"] = rules.check_url(values["url"], "url", allow_local=local)
    return values


def _switched(by: Caller, *, is_active: bool) -> dict[str, Any]:
    if not is_active:
        return {"disabled_at": by.now, "disabled_reason": ""}
    return {
        "disabled_at": None,
        "disabled_reason": "",
        "failing_since": None,
        "silent": 0,
        "resting_until": None,
        "followed_transaction": _here(),
        "followed_event": _NOBODY,
    }


def _in_use(current: Endpoint) -> Endpoint:
    if not current.is_active:
        raise Conflict("endpoint_disabled", "This endpoint is disabled. Enable it first.")
    return current


def _replayed(by: Caller, current: Endpoint, count: int, **further: Any) -> int:
    if count:
        body = {"count": count, **further}
        _record(by, "replayed", current.pk, current.url, {}, **body)
        _rows(by, current.pk).update(silent=0, resting_until=None)
    return count


def _record(by: Caller, verb: str, endpoint_id: UUID, url: str, after: Values, **body: Any) -> None:
    """An event without address and secrets: a path can hold a secret of the receiver's."""
    held = {name: value for name, value in after.items() if value is not None}
    shown = {"host": rules.host_of(url), **held}
    activity.record(by, f"webhook_endpoint.{verb}", endpoint_id, body={**body, "after": shown})
    waking.note_change(by.organization_id)


def _rows(by: Caller, endpoint_id: UUID) -> Any:
    return Endpoint.objects.of(by.organization_id).with_ids([endpoint_id])


def _here() -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.HERE)
        return int(cursor.fetchone()[0])


def _write(statement: str, by: Caller, endpoint_id: UUID, **further: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "organization": by.organization_id,
                "endpoint": endpoint_id,
                "now": by.now,
                **further,
            },
        )
        return cursor.rowcount


def _first_id_at(since: datetime) -> UUID:
    """An id below those that were made at this moment; an hour is kept for clocks that differ."""
    milliseconds = int((since - timedelta(hours=1)).timestamp() * 1000)
    return UUID(int=milliseconds << 80)


def _events_since(
    by: Caller, current: Endpoint, since: datetime, after: UUID
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.EVENTS_SINCE,
            {
                "organization": by.organization_id,
                "since": since,
                "after": after,
                "transaction": current.followed_transaction,
                "event": current.followed_event,
                "limit": _CHUNK,
            },
        )
        return cursor.fetchall()


def _as_rows(events: list[tuple[Any, ...]]) -> str:
    return to_json(
        [
            {"id": new_id(), "event": event, "type": event_type, "transaction": transaction}
            for event, event_type, transaction in events
        ]
    )
