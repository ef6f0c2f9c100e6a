"""What happens to a shipment after it left: events by hand and by the carrier, cancelling."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.text import check_text
from orderwright.kernel.versions import check_version
from orderwright.sales import promises
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage
from orderwright.sales.writing import Happening, save
from orderwright.shipping import queries
from orderwright.shipping.carriers import check_carrier
from orderwright.shipping.models import Shipment, TrackingEvent
from orderwright.shipping.queries import ShipmentPage
from orderwright.shipping.rules import (
    TRACKING_STATUSES,
    EventFacts,
    check_cancel,
    check_event,
    check_has_left,
    read_carrier_status,
    shown_status,
    time_of_event,
)
from orderwright.shipping.taking_back import positions_returned, retold, take_back

CLOCK_DIFFERENCE = timedelta(minutes=10)
_CAME_BACK = "The carrier cancelled it, but goods of it came back in a return."


@dataclass(frozen=True, slots=True)
class Said:
    """One event as it was reported; `carrier_event_id` makes a repeated report harmless."""

    status: str
    occurred_at: datetime | None = None
    location: str = ""
    message: str = ""
    source: str = "manual"
    carrier_event_id: str = ""


def add_tracking_event(*, by: Caller, shipment: UUID | str, said: Said) -> ShipmentPage:
    """Record an event by hand. Raises Conflict `invalid_transition` for what the table forbids
    (it is not kept), Invalid for an unknown status or a time in the future (ruling 3)."""
    by.must("shipments:update")
    _check_said(by, said)
    page, order = locked(by, shipment, with_stock=said.status == "cancelled")
    check_event(page.head.tracking_status, said.status, is_admin=by.is_admin)
    check_has_left(page.head.stage, said.status)
    if said.status == "cancelled":
        return _cancel(by, page, order, reason=said.message)
    return _recorded(by, page, order, said)


def take_carrier_event(*, by: Caller, shipment_id: UUID, said: Said) -> ShipmentPage:
    """Record what a carrier reports: every event is kept, and moves the status only if the table
    and its time allow (domain 2.6). A word we do not know is an exception with the raw text, and so
    is `cancelled` for a shipment of which goods came back. A time in the future becomes now: it
    would hide everything that the carrier says after it."""
    word = read_carrier_status(said.status)
    page, order = locked(by, shipment_id, with_stock=word.status == "cancelled")
    if said.carrier_event_id and _is_known(by, page, said.carrier_event_id):
        return page
    if word.status == "cancelled" and positions_returned(page, order):
        word = replace(word, status="exception", message=_CAME_BACK)
    if word.status == "cancelled" and _may_be_taken_back(page):
        return _cancel(by, page, order, reason=said.message, carrier_event_id=said.carrier_event_id)
    read = replace(
        said,
        status=word.status,
        message=said.message or word.message or "",
        occurred_at=_not_in_the_future(said.occurred_at, by.now),
    )
    return _recorded(by, page, order, read)


def cancel_shipment(
    *, by: Caller, shipment: UUID | str, reason: str = "", version: int | None = None
) -> ShipmentPage:
    """Take a shipment back (domain 2.6): what waited before waits again, what shipping itself took
    returns to its lots. Raises Conflict `invalid_transition` when the caller may not."""
    by.must("shipments:update")
    page, order = locked(by, shipment, with_stock=True)
    check_version("shipment", page.head.version, version)
    check_cancel(page.head.stage, page.head.tracking_status, is_admin=by.is_admin)
    return _cancel(by, page, order, reason=check_text(reason or "", "reason", longest=500))


def edit_shipment(
    *,
    by: Caller,
    shipment: UUID | str,
    carrier_id: UUID | None = None,
    tracking_number: str | None = None,
    note: str | None = None,
    version: int | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> ShipmentPage:
    """Correct carrier and tracking number while pending; the note at any time (ruling 17).

    Another carrier has other options: the one chosen goes. Raises what `carriers.check_carrier`
    raises, Conflict `shipment_under_way`, `stale_version`.
    """
    by.must("shipments:update")
    page, _ = locked(by, shipment)
    check_version("shipment", page.head.version, version)
    changes = _carriage_changes(by, page, carrier_id, tracking_number, confirmed=confirmed)
    if note is not None:
        changes["note"] = check_text(note, "note", longest=2_000)
    if changes:
        before = {name: str(getattr(page.head, name)) for name in changes}
        Shipment.objects.of(by.organization_id).with_ids([page.head.id]).update(
            **changes, version=page.head.version + 1, updated_at=by.now
        )
        body = {name: [before[name], str(value)] for name, value in changes.items()}
        activity.record(
            by,
            "shipment.edited",
            page.head.id,
            topic_id=page.head.order_id,
            body={"number": page.head.number, "changes": body},
        )
    return queries.read_shipment(by, page.head.id)


def _carriage_changes(
    by: Caller,
    page: ShipmentPage,
    carrier_id: UUID | None,
    tracking_number: str | None,
    *,
    confirmed: frozenset[str],
) -> dict[str, Any]:
    head = page.head
    if carrier_id is None and tracking_number is None:
        return {}
    if head.tracking_status != "pending" or head.stage == "voided":
        raise Conflict(
            "shipment_under_way",
            "Carrier and tracking number can be changed only while the shipment is pending.",
            details={"tracking_status": head.tracking_status},
        )
    changes: dict[str, Any] = {}
    if carrier_id is not None and carrier_id != head.carrier_id:
        changes = {"carrier_id": carrier_id, "carrier_option_id": None}
    if tracking_number is not None:
        changes["tracking_number"] = tracking_number.strip()
    check_carrier(
        by,
        carrier_id=carrier_id or head.carrier_id,
        carrier_option_id=changes.get("carrier_option_id", head.carrier_option_id),
        tracking_number=changes.get("tracking_number", head.tracking_number),
        confirmed=confirmed,
        shipment_id=head.id,
        needs_number=head.stage != "packed",
    )
    return changes


def locked(
    by: Caller, shipment: UUID | str, *, with_stock: bool = False
) -> tuple[ShipmentPage, OrderPage | None]:
    """The shipment with its order, locked in that order: the order first, and before it the stock
    that a cancellation frees."""
    found = queries.read_shipment(by, shipment)
    lock = sales.lock_order_with_stock if with_stock else sales.lock_order
    order = lock(by, found.head.order_id) if found.head.order_id else None
    return queries.lock_shipment(by, found.head.id), order


def _recorded(by: Caller, page: ShipmentPage, order: OrderPage | None, said: Said) -> ShipmentPage:
    known = [_facts(row) for row in page.events]
    event = TrackingEvent.objects.create(
        organization_id=by.organization_id,
        id=new_id(),
        shipment_id=page.head.id,
        status=said.status,
        occurred_at=time_of_event(said.occurred_at, by.now, known),
        location=check_text(said.location, "location", longest=200),
        message=check_text(said.message, "message", longest=2_000),
        source=said.source,
        recorded_by=by.actor.name,
        carrier_event_id=said.carrier_event_id,
    )
    is_admin = by.is_admin and said.source == "manual"
    latest = EventFacts(event.pk, said.status, event.occurred_at, said.source, by_admin=is_admin)
    status = shown_status([*known, latest])
    if page.head.stage != "shipped":
        status = page.head.tracking_status  # what has not left, or was voided, does not move
    return _moved(by, page, order, status=status, said=said, occurred_at=event.occurred_at)


def _moved(
    by: Caller,
    page: ShipmentPage,
    order: OrderPage | None,
    *,
    status: str,
    said: Said,
    occurred_at: datetime,
) -> ShipmentPage:
    changes: dict[str, Any] = {"tracking_status": status, "updated_at": by.now}
    if said.source == "manual":
        changes["version"] = page.head.version + 1
    if status == "delivered" and page.head.delivered_at is None:
        changes["delivered_at"] = occurred_at
    if status == "exception":
        changes["exception_message"] = said.message
    Shipment.objects.of(by.organization_id).with_ids([page.head.id]).update(**changes)
    body = {
        "number": page.head.number,
        "status": said.status,
        "from": page.head.tracking_status,
        "to": status,
        "location": said.location,
        "message": said.message,
        "source": said.source,
    }
    _tell_order(by, page, order, "shipment.tracked", body, tracking_status=status)
    return queries.read_shipment(by, page.head.id)


def _cancel(
    by: Caller,
    page: ShipmentPage,
    order: OrderPage | None,
    *,
    reason: str,
    carrier_event_id: str = "",
) -> ShipmentPage:
    TrackingEvent.objects.create(
        organization_id=by.organization_id,
        id=new_id(),
        shipment_id=page.head.id,
        status="cancelled",
        occurred_at=by.now,
        message=reason,
        source="system",
        recorded_by=by.actor.name,
        carrier_event_id=carrier_event_id,
    )
    Shipment.objects.of(by.organization_id).with_ids([page.head.id]).update(
        tracking_status="cancelled", version=page.head.version + 1, updated_at=by.now
    )
    happening = Happening(
        "shipment.cancelled",
        {"number": page.head.number, "reason": reason},
        subject_id=page.head.id,
    )
    take_back(by, page, order, happening=happening, tracking_status="cancelled")
    return queries.read_shipment(by, page.head.id)


def _tell_order(
    by: Caller,
    page: ShipmentPage,
    order: OrderPage | None,
    event_type: str,
    body: dict[str, Any],
    *,
    tracking_status: str,
) -> None:
    """Sales is told what became of the shipment and derives its order anew."""
    if order is None:
        activity.record(by, event_type, page.head.id, body=body)
        return
    save(
        by,
        order,
        head=replace(order.head, told=retold(order, page, tracking_status=tracking_status)),
        lines=promises.recounted(by, order.lines),
        happening=Happening(event_type, body, subject_id=page.head.id),
    )


def _may_be_taken_back(page: ShipmentPage) -> bool:
    return page.head.tracking_status == "pending" and page.head.stage != "voided"


def _not_in_the_future(occurred_at: datetime | None, now: datetime) -> datetime | None:
    if occurred_at is None or occurred_at <= now + CLOCK_DIFFERENCE:
        return occurred_at
    return now


def _check_said(by: Caller, said: Said) -> None:
    check_text(said.location, "location", longest=200)
    check_text(said.message, "message", longest=2_000)
    if said.status not in TRACKING_STATUSES:
        message = f"The status is one of {', '.join(TRACKING_STATUSES)}."
        raise Invalid("unknown_status", message, fields={"status": message})
    if said.occurred_at is not None and said.occurred_at > by.now + CLOCK_DIFFERENCE:
        message = "An event cannot have occurred in the future."
        raise Invalid("future_event", message, fields={"occurred_at": message})


def _is_known(by: Caller, page: ShipmentPage, carrier_event_id: str) -> bool:
    return (
        TrackingEvent.objects.of(by.organization_id)
        .filter(shipment_id=page.head.id, carrier_event_id=carrier_event_id)
        .exists()
    )


def _facts(row: queries.TrackingRow) -> EventFacts:
    """What was recorded by hand had been allowed to whoever recorded it (ruling 3)."""
    is_by_hand = row.source == "manual"
    return EventFacts(row.id, row.status, row.occurred_at, row.source, by_admin=is_by_hand)
