"""The work of a picker: record what was picked, all of it or line by line, start again, pack."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.shipping.pick_page import PickPage
from orderwright.shipping.queries import ShipmentPage


@dataclass(frozen=True, slots=True)
class PackLot:
    """So much of a lot that goes into the box for a line. `line_id` is the order's line or the row
    of the pick; quantity in the lot's unit."""

    line_id: UUID
    lot_id: UUID
    quantity: object = None


def record_picked(
    *, by: Caller, pick: UUID | str, line_id: UUID, quantity: object, version: int | None = None
) -> PickPage:
    """Say how much of a row was picked in all: zero or more, also more than ordered (domain 1.15).

    `line_id` is the id of the pick's row (the order's line is understood as well). Raises Invalid
    `invalid_quantity`, NotFound, Conflict `line_packed`, `not_issued`, `stale_version`.
    """
    raise NotImplementedError


def pick_all(*, by: Caller, pick: UUID | str, version: int | None = None) -> PickPage:
    """Everything outstanding is picked. Raises Conflict `nothing_to_pick`, `stale_version`."""
    raise NotImplementedError


def void_pick(*, by: Caller, pick: UUID | str, version: int | None = None) -> PickPage:
    """Start again from nothing picked. Raises Conflict `shipment_exists` while a shipment of the
    order is neither voided nor cancelled, `stale_version`."""
    raise NotImplementedError


def pack(
    *,
    by: Caller,
    pick: UUID | str,
    line_ids: Sequence[UUID] | None = None,
    cases: int = 1,
    lots: Sequence[PackLot] = (),
    allow_over: bool = False,
    version: int | None = None,
) -> ShipmentPage:
    """Put picked rows into a shipment that has not left (domain 4.8); all picked ones by default.

    Stock comes from the lots that are named, then from open selections, then from the oldest lots.
    Raises Invalid `nothing_picked`, `invalid_cases`, `unknown_line`, `unknown_lot`, Conflict
    `over_selection`, `insufficient_stock`, `stale_version`.
    """
    raise NotImplementedError
