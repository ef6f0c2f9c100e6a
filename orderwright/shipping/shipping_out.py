"""Packed goods leave, or are unpacked again; shipments without an order, and linking them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.shipping.queries import ShipmentPage


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What is said of a case when its shipment leaves; `case` is its id or number. None leaves a
    field as it is."""

    case: UUID | str
    tracking_number: str | None = None
    weight: object = None
    freight_amount: object = None


@dataclass(frozen=True, slots=True)
class MappedLine:
    """So much of an order's line, in its measure, that a linked shipment carries."""

    line_id: UUID
    quantity: object


def ship(
    *,
    by: Caller,
    shipment: UUID | str,
    carrier_id: UUID | None = None,
    tracking_number: str | None = None,
    cases: Sequence[CaseChange] = (),
    confirmed: frozenset[str] = frozenset(),
    version: int | None = None,
) -> ShipmentPage:
    """A packed shipment leaves. A carrier that needs a tracking number gets one for the shipment or
    for one of its cases. Raises what `carriers.check_carrier` raises, Conflict for holds,
    `not_packed`, `stale_version`."""
    raise NotImplementedError


def void_shipment(
    *, by: Caller, shipment: UUID | str, reason: str = "", version: int | None = None
) -> ShipmentPage:
    """Unpack: a packed shipment, or one that has left and of which the carrier said nothing yet.

    What was selected before waits again, what packing took returns to its lots, and the rows of the
    pick can be packed again. Raises Conflict `invalid_transition`, `stale_version`.
    """
    raise NotImplementedError


def create_standalone(
    *,
    by: Caller,
    carrier_id: UUID | None,
    tracking_number: str = "",
    ship_to: Mapping[str, Any] | None = None,
    note: str = "",
    confirmed: frozenset[str] = frozenset(),
) -> ShipmentPage:
    """A shipment of no order (domain 1.16); it has left, and can be linked to an order later."""
    raise NotImplementedError


def link(
    *,
    by: Caller,
    shipment: UUID | str,
    order_id: UUID,
    lines: Sequence[MappedLine] = (),
    allow_over: bool = False,
    version: int | None = None,
) -> ShipmentPage:
    """Say that a standalone shipment belongs to an order, and what of it it carries (C-18).

    Mapped lines ship: they take open selections first, then the oldest lots. Without lines nothing
    counts as shipped. Raises Conflict `already_linked`, holds, `over_selection`,
    `insufficient_stock`; Invalid `unknown_order`, `unknown_line`.
    """
    raise NotImplementedError
