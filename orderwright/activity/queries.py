"""Reading events: the timeline of a record, and everything in the order of its commit."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.activity.models import Event
from orderwright.activity.sql import EVENTS_IN_ORDER
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.json_text import from_json

NOTHING_YET = (0, UUID(int=0))
_COLUMNS: Final = (
    "id",
    "type",
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "subject_id",
    "topic_id",
    "body",
)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as answers show it."""

    id: UUID
    type: str
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    subject_id: UUID
    topic_id: UUID
    body: dict[str, Any]


def timeline(
    by: Caller, topic_id: UUID, *, before: UUID | None = None, limit: int = 50
) -> list[EventRow]:
    """What happened to a record, newest first. One statement."""
    rows = (
        Event.objects.of(by.organization_id)
        .filter(topic_id=topic_id)
        .before(before)
        .newest_first()
        .values_list(*_COLUMNS)[:limit]
    )
    return [EventRow(*row) for row in rows]


def history(
    by: Caller, subject_id: UUID, topics: Collection[UUID], *, limit: int = 50
) -> list[EventRow]:
    """What happened to one part of these records (a job of an order), newest first. One
    statement; the topics are what the table is indexed by."""
    rows = (
        Event.objects.of(by.organization_id)
        .filter(topic_id__in=topics, subject_id=subject_id)
        .newest_first()
        .values_list(*_COLUMNS)[:limit]
    )
    return [EventRow(*row) for row in rows]


def events_after(
    by: Caller, cursor: str | None, *, event_type: str | None, limit: int
) -> tuple[list[EventRow], str]:
    """Events in the order of their transactions, oldest first, and the cursor to go on from.

    Events of transactions that are still open are left for the next call, so that a reader who
    follows the cursor misses none.
    """
    transaction, last_id = _read_cursor(cursor)
    with connection.cursor() as database:
        database.execute(
            EVENTS_IN_ORDER,
            {
                "organization": by.organization_id,
                "transaction": transaction,
                "id": last_id,
                "type": event_type,
                "limit": limit,
            },
        )
        rows = database.fetchall()
    if rows:
        transaction, last_id = rows[-1][9], rows[-1][0]
    return [EventRow(*(*row[:8], from_json(row[8]))) for row in rows], _write_cursor(
        transaction, last_id
    )


def _write_cursor(transaction: int, last_id: UUID) -> str:
    return base64.urlsafe_b64encode(f"{transaction}:{last_id.hex}".encode()).decode()


def _read_cursor(cursor: str | None) -> tuple[int, UUID]:
    if not cursor:
        return NOTHING_YET
    try:
        transaction, _, last = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
        return int(transaction), UUID(last)
    except ValueError as error:
        raise Invalid(
            "invalid_cursor",
            "This cursor was not made by this list. Start again without one.",
            fields={"cursor": "not a cursor of this list"},
        ) from error
