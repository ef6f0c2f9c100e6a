"""Shipments over HTTP: ship from an order, list, correct, track, cancel; carriers' webhooks."""

from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from orderwright.api.answers import (
    answer,
    caller,
    instant,
    listed,
    needs,
    page_size,
    public,
)
from orderwright.api.body_types import Body, Flag, Instant, Number, Versioned
from orderwright.api.records import current_in_details
from orderwright.api.sales_actions import current_order_in_details
from orderwright.api.sales_bodies import LotBody
from orderwright.identity.caller import Caller
from orderwright.kernel.cursors import read_cursor
from orderwright.kernel.numbers import trim
from orderwright.sales import queries as sales
from orderwright.shipping import actions, queries, tracking, webhooks
from orderwright.shipping.actions import NewShipment, SelectionAsk, ShipLine
from orderwright.shipping.queries import (
    CaseRow,
    ShipmentFilter,
    ShipmentLineRow,
    ShipmentPage,
)
from orderwright.shipping.tracking import Said

router = Router(tags=["Shipments"])


class SelectionBody(Body):
    """A selection to ship, or a part of it."""

    selection_id: UUID
    quantity: Number = None


class ShipLineBody(Body):
    """What to ship of one line."""

    line_id: UUID
    selections: list[SelectionBody] = []
    lots: list[LotBody] = []

    def read(self) -> ShipLine:
        """The line as the action takes it."""
        return ShipLine(
            line_id=self.line_id,
            selections=[SelectionAsk(**one.model_dump()) for one in self.selections],
            lots=[lot.read() for lot in self.lots],
        )


class ShipmentBody(Versioned):
    """A shipment of an order."""

    carrier_id: UUID | None = None
    tracking_number: str | None = None
    carrier_option_id: UUID | None = None
    lines: list[ShipLineBody] | None = None
    package: dict[str, Any] | None = None
    note: str | None = None
    ship_to: dict[str, Any] | None = None
    allow_over: Flag = False
    confirm: list[str] = []

    def read(self) -> NewShipment:
        """The shipment as the action takes it."""
        return NewShipment(
            carrier_id=self.carrier_id,
            tracking_number=self.tracking_number or "",
            carrier_option_id=self.carrier_option_id,
            lines=None if self.lines is None else [line.read() for line in self.lines],
            package=self.package or {},
            note=self.note or "",
            ship_to=self.ship_to,
            allow_over=self.allow_over,
            confirmed=frozenset(self.confirm),
            version=self.version,
        )


class EventBody(Body):
    """What happened to a shipment."""

    status: str
    occurred_at: Instant | None = None
    location: str | None = None
    message: str | None = None

    def read(self) -> Said:
        """The event as the action takes it; a time without a zone is in UTC."""
        return Said(
            status=self.status,
            occurred_at=webhooks.in_utc(self.occurred_at),
            location=self.location or "",
            message=self.message or "",
        )


class CancelBody(Versioned):
    """Why a shipment is taken back."""

    reason: str | None = None


class EditBody(Versioned):
    """Corrections of a shipment."""

    carrier_id: UUID | None = None
    tracking_number: str | None = None
    note: str | None = None
    confirm: list[str] = []


class ListQuery(Schema):
    """Filters, all of them optional. Days are those of the organization, inclusive."""

    limit: int | None = None
    cursor: str | None = None
    order_id: UUID | None = None
    carrier_id: UUID | None = None
    status: str | None = None
    stage: str | None = None
    delivered_on: date | None = None
    delivered_from: date | None = None
    delivered_to: date | None = None
    q: str | None = None

    def read(self, by: Caller) -> ShipmentFilter:
        """The filter; a day begins and ends where the organization is."""
        first, last = (
            self.delivered_on or self.delivered_from,
            self.delivered_on or self.delivered_to,
        )
        return ShipmentFilter(
            order_id=self.order_id,
            carrier_id=self.carrier_id,
            status=self.status,
            stage=self.stage,
            delivered_from=by.day_of(first)[0] if first else None,
            delivered_before=by.day_of(last)[1] if last else None,
            q=self.q,
        )


@router.post("/sales-orders/{reference}/actions/create-shipment")
@needs("shipments:create")
def create_shipment(request: HttpRequest, reference: str, body: ShipmentBody) -> HttpResponse:
    """Ship goods of an order; answers the shipment."""
    by = caller(request)
    with current_order_in_details(by, reference):
        page = actions.create_shipment(by=by, order=reference, new=body.read())
    return answer(show_shipment(page), status=201)


@router.get("/sales-orders/{reference}/shipments")
@needs("shipments:read")
def shipments_of_order(
    request: HttpRequest, reference: str, limit: int | None = None, cursor: str | None = None
) -> HttpResponse:
    """The shipments of an order, newest first."""
    by, size = caller(request), page_size(limit)
    order = sales.read_order(by, reference)
    rows = queries.shipments(
        by, ShipmentFilter(order_id=order.id), before=read_cursor(cursor), limit=size
    )
    return listed(rows, limit=size, show=show_shipment, position=lambda page: page.head.id)


@router.get("/shipments")
@needs("shipments:read")
def list_shipments(request: HttpRequest, wanted: Query[ListQuery]) -> HttpResponse:
    """Shipments, newest first."""
    by, limit = caller(request), page_size(wanted.limit)
    before = read_cursor(wanted.cursor)
    rows = queries.shipments(by, wanted.read(by), before=before, limit=limit)
    return listed(rows, limit=limit, show=show_shipment, position=lambda page: page.head.id)


@router.get("/shipments/{reference}")
@needs("shipments:read")
def one_shipment(request: HttpRequest, reference: str) -> HttpResponse:
    """A shipment by its id or number."""
    return answer(show_shipment(queries.shipment_page(caller(request), reference)))


@router.patch("/shipments/{reference}")
@needs("shipments:update")
def edit_shipment(request: HttpRequest, reference: str, body: EditBody) -> HttpResponse:
    """Correct carrier and tracking number while pending, or the note."""
    by = caller(request)
    with current_shipment_in_details(by, reference):
        page = tracking.edit_shipment(
            by=by,
            shipment=reference,
            carrier_id=body.carrier_id,
            tracking_number=body.tracking_number,
            note=body.note,
            version=body.version,
            confirmed=frozenset(body.confirm),
        )
    return answer(show_shipment(page))


@router.post("/shipments/{reference}/tracking-events")
@needs("shipments:update")
def add_tracking_event(request: HttpRequest, reference: str, body: EventBody) -> HttpResponse:
    """Record what happened to a shipment; answers the shipment."""
    page = tracking.add_tracking_event(by=caller(request), shipment=reference, said=body.read())
    return answer(show_shipment(page), status=201)


@router.post("/shipments/{reference}/actions/cancel")
@needs("shipments:update")
def cancel_shipment(request: HttpRequest, reference: str, body: CancelBody) -> HttpResponse:
    """Take a shipment back."""
    by = caller(request)
    with current_shipment_in_details(by, reference):
        page = tracking.cancel_shipment(
            by=by, shipment=reference, reason=body.reason or "", version=body.version
        )
    return answer(show_shipment(page))


@router.post("/carriers/{carrier_id}/actions/new-webhook-secret")
@needs("settings:update")
def new_webhook_secret(request: HttpRequest, carrier_id: UUID) -> HttpResponse:
    """A new secret with which the carrier signs its events; shown this once."""
    secret = webhooks.new_secret(by=caller(request), carrier_id=carrier_id)
    return answer({"carrier_id": str(carrier_id), "secret": secret})


@router.post("/carrier-webhooks/{carrier}")
@public
def carrier_webhook(request: HttpRequest, carrier: str) -> HttpResponse:
    """A carrier's signed event (Standard Webhooks: webhook-id, -timestamp, -signature)."""
    matched = webhooks.take(carrier=carrier, headers=dict(request.headers), content=request.body)
    return answer({"matched": matched})


def current_shipment_in_details(by: Caller, reference: str) -> AbstractContextManager[None]:
    """A refusal `stale_version` from in here carries the shipment as it is now."""
    return current_in_details(lambda: show_shipment(queries.read_shipment(by, reference)))


def show_shipment(page: ShipmentPage) -> dict[str, Any]:
    """The record of a shipment."""
    head = page.head
    return {
        "id": str(head.id),
        "number": head.number,
        "version": head.version,
        "order_id": str(head.order_id) if head.order_id else None,
        "order": {"id": str(head.order_id), "number": head.order_number} if head.order_id else None,
        "stage": head.stage,
        "tracking_status": head.tracking_status,
        "carrier_id": str(head.carrier_id),
        "carrier": {"id": str(head.carrier_id), "name": head.carrier_name},
        "carrier_option": _option(page),
        "tracking_number": head.tracking_number or None,
        "ship_to": head.ship_to,
        "package": head.package,
        "note": head.note,
        "shipped_at": instant(head.shipped_at),
        "delivered_at": instant(head.delivered_at),
        "exception_message": head.exception_message or None,
        "lines": [_show_line(line) for line in page.lines],
        "cases": [_show_case(one, head.number) for one in page.cases],
        "events": [
            {
                "id": str(event.id),
                "status": event.status,
                "occurred_at": instant(event.occurred_at),
                "location": event.location or None,
                "message": event.message or None,
                "source": event.source,
                "recorded_by": event.recorded_by,
            }
            for event in page.events
        ],
        "created_at": instant(head.created_at),
        "updated_at": instant(head.updated_at),
    }


def _show_case(one: CaseRow, shipment: str) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "number": one.number(shipment),
        "tracking_number": one.tracking_number or None,
        "weight": trim(one.weight) if one.weight is not None else None,
        "weight_unit": one.weight_unit or None,
        "freight_amount": trim(one.freight_amount) if one.freight_amount is not None else None,
    }


def _option(page: ShipmentPage) -> dict[str, str] | None:
    head = page.head
    if head.carrier_option_id is None:
        return None
    return {"id": str(head.carrier_option_id), "name": head.carrier_option_name or ""}


def _show_line(line: ShipmentLineRow) -> dict[str, Any]:
    return {
        "line_id": str(line.line_id),
        "position": line.position,
        "sku": line.sku,
        "description": line.description,
        "quantity": trim(line.quantity),
        "unit": line.unit,
        "weight": trim(line.weight) if line.weight is not None else None,
        "selections": [
            {
                "id": str(one.selection_id),
                "lot_id": str(one.lot_id),
                "lot": {"id": str(one.lot_id), "tag_id": one.tag_id},
                "quantity": trim(one.quantity),
                "weight": trim(one.weight),
                "weight_unit": one.weight_unit,
                "status": one.status,
            }
            for one in line.selections
        ],
    }
