"""What carriers say about shipments, and what follows from it (domain 2.6, 4.7, ruling 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from orderwright.kernel.errors import Conflict

TRACKING_STATUSES = (
    "pending",
    "in_transit",
    "out_for_delivery",
    "delivered",
    "exception",
    "cancelled",
    "returned",
)

# From a status to those that anybody with the permission, or a carrier, may report next.
_ALLOWED = MappingProxyType(
    {
        "pending": frozenset(
            {"in_transit", "out_for_delivery", "delivered", "exception", "cancelled"}
        ),
        "in_transit": frozenset({"out_for_delivery", "delivered", "exception", "returned"}),
        "out_for_delivery": frozenset({"delivered", "exception", "in_transit", "returned"}),
        "exception": frozenset({"in_transit", "out_for_delivery", "delivered", "returned"}),
        "delivered": frozenset({"returned"}),
        "cancelled": frozenset[str](),
        "returned": frozenset[str](),
    }
)
# What an Admin may do beyond that.
_ALLOWED_TO_ADMIN = MappingProxyType(
    {
        "in_transit": frozenset({"cancelled"}),
        "out_for_delivery": frozenset({"cancelled"}),
        "exception": frozenset({"cancelled"}),
        "delivered": frozenset({"exception"}),
    }
)

_WITHOUT_TRACKING_NUMBER = frozenset({"will_call", "delivery", "freight_collect"})

# The words of carriers that mean one of our statuses.
_CARRIER_WORDS = MappingProxyType(
    {
        "pending": "pending",
        "label_created": "pending",
        "pre_transit": "pending",
        "information_received": "pending",
        "in_transit": "in_transit",
        "picked_up": "in_transit",
        "accepted": "in_transit",
        "departed": "in_transit",
        "arrived": "in_transit",
        "out_for_delivery": "out_for_delivery",
        "delivered": "delivered",
        "exception": "exception",
        "failure": "exception",
        "delivery_failed": "exception",
        "returned": "returned",
        "return_to_sender": "returned",
        "returned_to_sender": "returned",
        "cancelled": "cancelled",
        "canceled": "cancelled",
    }
)


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One tracking event. `source`: `carrier`, `manual` or `system`.

    `by_admin` says that an Admin recorded it by hand. Ids rise in the order of recording.
    """

    id: UUID
    status: str
    occurred_at: datetime
    source: str = "carrier"
    by_admin: bool = False


@dataclass(frozen=True, slots=True)
class CarrierWord:
    """What a carrier's own word means here. `message` is the raw text when we do not know it."""

    status: str
    message: str | None


def may_follow(status: str, following: str, *, is_admin: bool) -> bool:
    """Whether a shipment may go from one tracking status to the other (domain 2.6, ruling 3)."""
    if following in _ALLOWED[status]:
        return True
    return is_admin and following in _ALLOWED_TO_ADMIN.get(status, ())


def check_event(status: str, following: str, *, is_admin: bool) -> None:
    """Refuse an event by hand that the table forbids; it is then not kept (ruling 3).

    Raises Conflict `invalid_transition` that names what may follow.
    """
    if may_follow(status, following, is_admin=is_admin):
        return
    allowed = [code for code in TRACKING_STATUSES if may_follow(status, code, is_admin=is_admin)]
    words = _words(status)
    if not allowed:
        message = f"This shipment is {words}, and that is final."
    else:
        listed = " or ".join(_words(code) for code in allowed)
        message = f"This shipment is {words}; next it can only be {listed}."
    if not is_admin and following in _ALLOWED_TO_ADMIN.get(status, ()):
        message = f"This shipment is {words}; only an Admin may make it {_words(following)}."
    details = {"status": status, "asked": following, "allowed": allowed}
    raise Conflict("invalid_transition", message, details=details)


def check_has_left(stage: str, following: str) -> None:
    """Refuse an event by hand of goods that have not left, or were unpacked again (domain 2.6).

    A packed shipment can be cancelled. Raises Conflict `invalid_transition`.
    """
    if stage == "shipped" or (stage == "packed" and following == "cancelled"):
        return
    message = (
        "This shipment is packed and has not left. Ship it first."
        if stage == "packed"
        else "This shipment is voided, and that is final."
    )
    details = {"status": stage, "asked": following, "allowed": []}
    raise Conflict("invalid_transition", message, details=details)


def check_void(stage: str, tracking_status: str) -> None:
    """Who packs may unpack: what has not left, or has left and of which the carrier said nothing.

    Raises Conflict `invalid_transition` (domain 4.8).
    """
    if stage in ("packed", "shipped") and tracking_status == "pending":
        return
    became = stage if stage == "voided" else _words(tracking_status)
    message = f"This shipment is {became}; only one that is packed or pending can be voided."
    details = {"status": became, "asked": "voided", "allowed": []}
    raise Conflict("invalid_transition", message, details=details)


def shown_status(events: Iterable[EventFacts]) -> str:
    """The tracking status that all events of a shipment together show (domain 2.6).

    Events are taken in the order in which they were recorded. One that occurred before the shown
    one does not move the status, nor does one that the table forbids: so a delivered shipment stays
    so until it is returned or an Admin records an exception. What the system itself records (the
    cancelling of a shipment) moves it whenever it occurred. Without any: `pending`.
    """
    status = "pending"
    since: datetime | None = None
    for event in sorted(events, key=_recorded):
        if _moves(event, status, since):
            status, since = event.status, event.occurred_at
    return status


def time_of_event(
    occurred_at: datetime | None, now: datetime, events: Iterable[EventFacts]
) -> datetime:
    """When an event occurred that may not say so: now, and never before those known already."""
    if occurred_at is not None:
        return occurred_at
    return max([now, *(event.occurred_at for event in events)])


def check_cancel(stage: str, tracking_status: str, *, is_admin: bool) -> None:
    """Who may cancel: a pending shipment anyone with the permission, another live one an Admin.

    Raises Conflict `invalid_transition` for a voided shipment, for one whose status is final, and
    for one under way when the caller is no Admin (domain 2.6, ruling 3).
    """
    if stage == "voided":
        details = {"status": stage, "asked": "cancelled", "allowed": []}
        raise Conflict("invalid_transition", "This shipment is voided already.", details=details)
    check_event(tracking_status, "cancelled", is_admin=is_admin)


def needs_tracking_number(carrier_code: str) -> bool:
    """Whether a shipment with this carrier must have a tracking number (domain 4.7)."""
    return carrier_code.strip().lower() not in _WITHOUT_TRACKING_NUMBER


def read_carrier_status(raw: str) -> CarrierWord:
    """What a carrier's status means; one that nobody knows is an exception with the raw text."""
    word = "_".join(raw.strip().lower().replace("-", " ").replace("_", " ").split())
    status = _CARRIER_WORDS.get(word)
    if status is None:
        return CarrierWord("exception", raw.strip())
    return CarrierWord(status, None)


def _recorded(event: EventFacts) -> UUID:
    return event.id


def _moves(event: EventFacts, status: str, since: datetime | None) -> bool:
    is_system = event.source == "system"
    is_late = since is not None and event.occurred_at < since and not is_system
    return not is_late and may_follow(status, event.status, is_admin=event.by_admin or is_system)


def _words(status: str) -> str:
    return status.replace("_", " ")
