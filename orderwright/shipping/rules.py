"""What carriers say about shipments, and what follows from it (domain 2.6, ruling 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One tracking event. `source`: `carrier`, `manual` or `system`; `id` breaks ties of time."""

    id: UUID
    status: str
    occurred_at: datetime
    source: str = "carrier"
    by_admin: bool = False


def may_follow(status: str, following: str, *, is_admin: bool) -> bool:
    """Whether a shipment may go from one tracking status to the other."""
    ...


def check_event(status: str, following: str, *, is_admin: bool) -> None:
    """Refuse an event by hand that the table forbids. Raises Conflict `invalid_transition`."""
    ...


def shown_status(events: Iterable[EventFacts]) -> str:
    """The tracking status that all events together show."""
    ...


def check_cancel(stage: str, tracking_status: str, *, is_admin: bool) -> None: ...
def needs_tracking_number(carrier_code: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class CarrierWord:
    """What a carrier's own word means to us."""

    status: str
    message: str | None


def read_carrier_status(raw: str) -> CarrierWord: ...
