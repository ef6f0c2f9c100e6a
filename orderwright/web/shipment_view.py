"""A shipment as cards and pages show it: its contents, what was said of it, what may be done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Refusal
from orderwright.shipping.queries import CaseRow, ShipmentPage, ShipmentRow, TrackingRow
from orderwright.shipping.rules import TRACKING_STATUSES, check_cancel, check_void, may_follow
from orderwright.web import display
from orderwright.web.order_next import Offer
from orderwright.web.places import address_text
from orderwright.web.vocabulary import word_of

_SOURCES: Final = {"carrier": "the carrier", "system": "Orderwright"}


@dataclass(frozen=True, slots=True)
class EventView:
    """A tracking event and who said it."""

    status: str
    location: str
    message: str
    occurred_at: datetime
    said_by: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A box, and the number to follow it by."""

    id: UUID
    number: str
    tracking_number: str
    weight: str


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A shipment as cards and its page show it."""

    row: ShipmentRow
    lines: tuple[Any, ...]
    carrier: str
    contents: str
    reasons: list[str]
    events: list[EventView]
    offers: list[Offer]
    ship_to: str
    cases: list[CaseView]


def shipment_view(by: Caller, found: ShipmentPage) -> ShipmentView:
    """Everything that a template shows of a shipment."""
    head = found.head
    option = f", {head.carrier_option_name}" if head.carrier_option_name else ""
    return ShipmentView(
        row=head,
        lines=found.lines,
        carrier=f"{head.carrier_name}{option}",
        contents=contents_of(found),
        reasons=reasons_of(found),
        events=[_event(event) for event in reversed(found.events)],
        offers=_offers(by, found),
        ship_to=address_text(head.ship_to),
        cases=[_case(one, head.number) for one in found.cases],
    )


def contents_of(found: ShipmentPage) -> str:
    """What a shipment carries, in a few words."""
    shown = [
        f"{display.quantity(line.quantity, line.unit)} {line.sku or line.description}"
        for line in found.lines[:3]
    ]
    rest = len(found.lines) - 3
    return ", ".join(shown) + (f" and {rest} more lines" if rest > 0 else "")


def reasons_of(found: ShipmentPage) -> list[str]:
    """Why the shipment reads as it does: the newest thing that was said of it."""
    if found.head.stage == "packed":
        return ["Packed, and not shipped yet."]
    if not found.events:
        return ["Nothing was reported yet."]
    last = found.events[-1]
    words = word_of("tracking", last.status).text
    place = f" in {last.location}" if last.location else ""
    said = f": {last.message}" if last.message else ""
    return [f"{words}{place}{said}", f"Reported by {_said_by(last)}"]


def _said_by(event: TrackingRow) -> str:
    return _SOURCES.get(event.source, event.recorded_by)


def _event(event: TrackingRow) -> EventView:
    return EventView(
        status=event.status,
        location=event.location,
        message=event.message,
        occurred_at=event.occurred_at,
        said_by=_said_by(event),
    )


def _case(one: CaseRow, shipment: str) -> CaseView:
    weight = "" if one.weight is None else display.quantity(one.weight, one.weight_unit)
    return CaseView(one.id, one.number(shipment), one.tracking_number, weight)


def next_statuses(by: Caller, head: ShipmentRow) -> list[str]:
    """What may be recorded next of a shipment."""
    if head.stage != "shipped":
        return []
    return [
        code
        for code in TRACKING_STATUSES
        if code != "cancelled" and may_follow(head.tracking_status, code, is_admin=by.is_admin)
    ]


def _offers(by: Caller, found: ShipmentPage) -> list[Offer]:
    if not by.may("shipments:update"):
        return []
    head = found.head
    offers = [] if head.stage != "packed" else [Offer("ship", "Ship", "truck")]
    following = next_statuses(by, head)
    if "delivered" in following:
        offers.append(Offer("deliver", "Mark delivered", "circle-check"))
    if following:
        offers.append(Offer("events", "Add event", "map-pin"))
    if "exception" in following:
        offers.append(Offer("exception", "Exception", "alert-triangle"))
    if head.order_id is None and head.stage != "voided":
        offers.append(Offer("link", "Link to an order", "link"))
    if head.stage != "voided" and head.tracking_status not in ("cancelled", "returned"):
        offers.append(Offer("edit", "Edit", "pencil"))
    return [*offers, *_ways_back(by, head)]


def _ways_back(by: Caller, head: ShipmentRow) -> list[Offer]:
    """Unpack what was packed; cancel what left otherwise."""
    found = []
    if _is_possible(lambda: check_void(head.stage, head.tracking_status)):
        found.append(Offer("void", "Void shipment", "arrow-back-up", is_dangerous=True))
    if head.stage == "shipped" and _is_possible(
        lambda: check_cancel(head.stage, head.tracking_status, is_admin=by.is_admin)
    ):
        found.append(Offer("cancel", "Cancel shipment", "ban", is_dangerous=True))
    return found


def _is_possible(check: Callable[[], None]) -> bool:
    try:
        check()
    except Refusal:
        return False
    return True
