"""The audit trail: every event of the organization, narrowed by who, what and when."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from orderwright.activity.models import Event
from orderwright.activity.queries import EventRow
from orderwright.activity.rules import without_commerce, without_identity
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import NotFound
from orderwright.kernel.paging import Page, Window, page_of

_COLUMNS = tuple(one.name for one in fields(EventRow))


def trail(*, by: Caller, asked: Mapping[str, str], window: Window) -> Page[EventRow]:
    """A page of events. One statement.

    `asked` may hold `kind` (a noun, `customer`), `verb`, `actor` and `subject` (ids), `at_from` and
    `at_to` (days of the organization's timezone). What makes no sense finds nothing. Prices and
    customers stay out for those who may not see them. Raises Forbidden.
    """
    by.must("audit:read")
    rows = _narrowed(by, asked)
    if window.place is not None:
        beyond = "pk__gt" if window.is_backward else "pk__lt"
        rows = rows.filter(**{beyond: window.place.id})
    order = "pk" if window.is_backward else "-pk"
    read = rows.order_by(order).values_list(*_COLUMNS)[: window.size + 1]
    return page_of([("", shown_to(by, EventRow(*row))) for row in read], window)


def one_event(*, by: Caller, event_id: UUID) -> EventRow:
    """One event with all that it tells. Raises Forbidden, NotFound."""
    by.must("audit:read")
    row = Event.objects.of(by.organization_id).filter(pk=event_id).values_list(*_COLUMNS).first()
    if row is None:
        raise NotFound("not_found", "There is no such event.")
    return shown_to(by, EventRow(*row))


def shown_to(by: Caller, row: EventRow) -> EventRow:
    """The event without what the caller may not see."""
    body: Any = row.body
    if not by.may("orders_commercial:read"):
        body = without_commerce(body)
    if not by.may("customers:read"):
        body = without_identity(body)
    values = {name: getattr(row, name) for name in _COLUMNS}
    return EventRow(**{**values, "body": body})


def _narrowed(by: Caller, asked: Mapping[str, str]) -> Any:
    rows = Event.objects.of(by.organization_id)
    kind = asked.get("kind", "")
    if kind:
        rows = rows.filter(type__gte=f"{kind}.", type__lt=f"{kind}/")
    if asked.get("verb"):
        rows = rows.filter(type__endswith=f".{asked['verb']}")
    for name, columns in (("actor", ("actor_id",)), ("subject", ("subject_id", "topic_id"))):
        wanted = asked.get(name, "")
        if wanted:
            rows = _of_id(rows, wanted, columns)
    return _between(rows, by, asked)


def _of_id(rows: Any, wanted: str, columns: tuple[str, ...]) -> Any:
    try:
        known = UUID(wanted)
    except ValueError:
        return rows.none()
    if columns == ("actor_id",):
        return rows.filter(actor_id=known)
    return rows.filter(topic_id=known) | rows.filter(subject_id=known)


def _between(rows: Any, by: Caller, asked: Mapping[str, str]) -> Any:
    zone = ZoneInfo(by.organization.timezone)
    try:
        if asked.get("at_from"):
            first = date.fromisoformat(asked["at_from"])
            rows = rows.filter(at__gte=datetime.combine(first, time(), zone))
        if asked.get("at_to"):
            last = date.fromisoformat(asked["at_to"]) + timedelta(days=1)
            rows = rows.filter(at__lt=datetime.combine(last, time(), zone))
    except (ValueError, OverflowError):
        return rows.none()
    return rows
