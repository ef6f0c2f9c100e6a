"""Record what happened, and start the jobs that follow from it, in the same transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from orderwright.activity import sql, subscriptions
from orderwright.activity.models import Event
from orderwright.identity.caller import Caller
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import from_json, to_json


def record(
    by: Caller,
    event_type: str,
    subject_id: UUID,
    *,
    topic_id: UUID | None = None,
    body: dict[str, Any] | None = None,
) -> UUID:
    """Write one event, past tense: `customer.held`. It stands on the topic's timeline.

    Jobs that subscribed to this type are enqueued with it. Answers the event's id.
    """
    event = Event.objects.create(
        organization_id=by.organization_id,
        type=event_type,
        at=by.now,
        actor_kind=by.actor.kind,
        actor_id=by.actor.id,
        actor_name=by.actor.name,
        subject_id=subject_id,
        topic_id=topic_id or subject_id,
        body=from_json(to_json(body or {})),
    )
    subscriptions.tell(by, event_type, event.pk, subject_id, body or {})
    return event.pk


def record_each(
    by: Caller, event_type: str, happened: Sequence[tuple[UUID, dict[str, Any]]]
) -> None:
    """Write one event of the same type for each subject, with its body: one statement for all.

    Jobs that subscribed to this type are enqueued with them, in one statement more.
    """
    if not happened:
        return
    events = [(new_id(), subject_id, body) for subject_id, body in happened]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.INSERT_EVENTS,
            {
                "organization": by.organization_id,
                "event_type": event_type,
                "at": by.now,
                "actor_kind": by.actor.kind,
                "actor_id": by.actor.id,
                "actor_name": by.actor.name,
                "events": to_json(
                    [{"id": one, "subject": subject, "body": body} for one, subject, body in events]
                ),
            },
        )
    subscriptions.tell_each(
        by, [(event_type, event_id, subject_id, body) for event_id, subject_id, body in events]
    )


def event_parameters(
    by: Caller,
    event_type: str,
    subject_id: UUID,
    *,
    topic_id: UUID | None = None,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The named parameters of `activity.sql.INSERT_EVENT`, for actions that write one statement.

    After that statement the action calls `subscriptions.tell` with the same type and subject.
    """
    return {
        "organization": by.organization_id,
        "event_id": new_id(),
        "event_type": event_type,
        "at": by.now,
        "actor_kind": by.actor.kind,
        "actor_id": by.actor.id,
        "actor_name": by.actor.name,
        "subject": subject_id,
        "topic": topic_id or subject_id,
        "event_body": orjson.dumps(body or {}, default=str).decode(),
    }
