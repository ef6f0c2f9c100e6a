"""Packed shipments over HTTP: ship or void them; standalone ones: make and link them.

They stand on the router of shipments: one path has one view, whatever the method.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.api.answers import answer, caller, needs
from orderwright.api.body_types import Body, Flag, Number, Versioned
from orderwright.api.shipping import CancelBody, current_shipment_in_details, router, show_shipment
from orderwright.shipping import shipping_out
from orderwright.shipping.shipping_out import CaseChange, MappedLine

__all__ = ["router"]


class CaseBody(Body):
    """What is said of a case when its shipment leaves."""

    id: str
    tracking_number: str | None = None
    weight: Number = None
    freight_amount: Number = None

    def read(self) -> CaseChange:
        """The case as the action takes it."""
        return CaseChange(
            case=self.id,
            tracking_number=self.tracking_number,
            weight=self.weight,
            freight_amount=self.freight_amount,
        )


class ShipBody(Versioned):
    """How a packed shipment leaves."""

    carrier_id: UUID | None = None
    tracking_number: str | None = None
    cases: list[CaseBody] = []
    confirm: list[str] = []


class StandaloneBody(Body):
    """A shipment of no order."""

    carrier_id: UUID | None = None
    tracking_number: str | None = None
    ship_to: dict[str, Any] | None = None
    note: str | None = None
    confirm: list[str] = []


class MappedBody(Body):
    """So much of a line that the shipment carries."""

    line_id: UUID
    quantity: Number


class LinkBody(Versioned):
    """Which order a shipment belongs to, and what of it it carries."""

    order_id: UUID
    lines: list[MappedBody] = []
    allow_over: Flag = False


@router.post("/shipments")
@needs("shipments:create")
def create_standalone(request: HttpRequest, body: StandaloneBody) -> HttpResponse:
    """A shipment of no order; it can be linked to one later."""
    page = shipping_out.create_standalone(
        by=caller(request),
        carrier_id=body.carrier_id,
        tracking_number=body.tracking_number or "",
        ship_to=body.ship_to,
        note=body.note or "",
        confirmed=frozenset(body.confirm),
    )
    return answer(show_shipment(page), status=201)


@router.post("/shipments/{reference}/actions/ship")
@needs("shipments:update")
def ship(request: HttpRequest, reference: str, body: ShipBody) -> HttpResponse:
    """A packed shipment leaves."""
    by = caller(request)
    with current_shipment_in_details(by, reference):
        page = shipping_out.ship(
            by=by,
            shipment=reference,
            carrier_id=body.carrier_id,
            tracking_number=body.tracking_number,
            cases=[one.read() for one in body.cases],
            confirmed=frozenset(body.confirm),
            version=body.version,
        )
    return answer(show_shipment(page))


@router.post("/shipments/{reference}/actions/void")
@needs("shipments:update")
def void_shipment(request: HttpRequest, reference: str, body: CancelBody) -> HttpResponse:
    """Unpack a shipment that has not left, or of which the carrier said nothing yet."""
    by = caller(request)
    with current_shipment_in_details(by, reference):
        page = shipping_out.void_shipment(
            by=by, shipment=reference, reason=body.reason or "", version=body.version
        )
    return answer(show_shipment(page))


@router.post("/shipments/{reference}/actions/link")
@needs("shipments:update")
def link(request: HttpRequest, reference: str, body: LinkBody) -> HttpResponse:
    """Say which order a standalone shipment belongs to, and what of it it carries."""
    by = caller(request)
    with current_shipment_in_details(by, reference):
        page = shipping_out.link(
            by=by,
            shipment=reference,
            order_id=body.order_id,
            lines=[MappedLine(one.line_id, one.quantity) for one in body.lines],
            allow_over=body.allow_over,
            version=body.version,
        )
    return answer(show_shipment(page))
