"""Picks over HTTP: the queue of the warehouse, what was picked, and packing it."""

import base64
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from orderwright.api.answers import about, answer, caller, day, instant, needs, page_size
from orderwright.api.body_types import Body, Flag, Number, Versioned
from orderwright.api.records import current_in_details
from orderwright.api.shipping import show_shipment
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, NotFound
from orderwright.kernel.numbers import parse_decimal, trim
from orderwright.shipping import pick_queries, picking
from orderwright.shipping.pick_page import (
    OpenSelection,
    PickFilter,
    PickLineRow,
    PickPage,
    PickPlace,
    PickRow,
    SuggestedLot,
    place_of,
)
from orderwright.shipping.picking import PackLot

router = Router(tags=["Picks"])


class PickedBody(Versioned):
    """How much of a row is picked in all."""

    quantity: Number


class PackLotBody(Body):
    """So much of a lot that goes into the box for a line."""

    line_id: UUID
    lot_id: UUID
    quantity: Number = None


class PackBody(Versioned):
    """What to pack: rows of the pick, or all that is picked."""

    line_ids: list[UUID] | None = None
    cases: Number = 1
    lots: list[PackLotBody] = []
    allow_over: Flag = False


class QueueQuery(Schema):
    """Filters, all of them optional."""

    limit: int | None = None
    cursor: str | None = None
    status: str | None = None
    q: str | None = None
    order_id: UUID | None = None
    priority: str | None = None


def _row_of_pick(by: Caller, reference: str, line_id: str) -> None:
    """The row in a path, by its id or its order's line. Raises NotFound."""
    page = pick_queries.read_pick(by, reference)
    if not any(line_id in (str(line.id), str(line.line_id)) for line in page.lines):
        raise NotFound("not_found", "There is no such line on this pick.")


@router.get("/picks")
@needs("picks:read")
def list_picks(request: HttpRequest, wanted: Query[QueueQuery]) -> HttpResponse:
    """The queue of the warehouse: high priority first, then what is required first."""
    by, limit = caller(request), page_size(wanted.limit)
    rows = pick_queries.picks(
        by,
        PickFilter(**wanted.dict(exclude={"limit", "cursor"})),
        after=_read_place(wanted.cursor),
        limit=limit,
    )
    return answer(_queue(by, rows, limit))


@router.get("/picks/{reference}")
@needs("picks:read")
def one_pick(request: HttpRequest, reference: str) -> HttpResponse:
    """A pick by its id or number, with where its goods are."""
    by = caller(request)
    return answer(show_pick(by, pick_queries.pick_page(by, reference)))


@router.patch("/picks/{reference}/lines/{line_id}")
@needs("picks:update")
@about(_row_of_pick)
def record_picked(
    request: HttpRequest, reference: str, line_id: UUID, body: PickedBody
) -> HttpResponse:
    """Say how much of a row is picked; answers the pick."""
    by = caller(request)
    with _current_in_details(by, reference):
        page = picking.record_picked(
            by=by,
            pick=reference,
            line_id=line_id,
            quantity=body.quantity,
            version=body.version,
        )
    return answer(show_pick(by, page))


@router.post("/picks/{reference}/actions/pick-all")
@needs("picks:update")
def pick_all(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Everything outstanding is picked; answers the pick."""
    by = caller(request)
    with _current_in_details(by, reference):
        page = picking.pick_all(by=by, pick=reference, version=body.version)
    return answer(show_pick(by, page))


@router.post("/picks/{reference}/actions/void")
@needs("picks:update")
def void_pick(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Start again from nothing picked; answers the pick."""
    by = caller(request)
    with _current_in_details(by, reference):
        page = picking.void_pick(by=by, pick=reference, version=body.version)
    return answer(show_pick(by, page))


@router.post("/picks/{reference}/actions/pack")
@needs("picks:update")
def pack(request: HttpRequest, reference: str, body: PackBody) -> HttpResponse:
    """Pack what is picked; answers the pick, with the packed shipment as `shipment`."""
    by = caller(request)
    with _current_in_details(by, reference):
        page = picking.pack(
            by=by,
            pick=reference,
            line_ids=body.line_ids,
            cases=_whole(body.cases),
            lots=[PackLot(**lot.model_dump()) for lot in body.lots],
            allow_over=body.allow_over,
            version=body.version,
        )
    pick = show_pick(by, pick_queries.read_pick(by, reference))
    return answer(pick | {"shipment_id": page.head.id, "shipment": show_shipment(page)})


def _whole(cases: Any) -> int:
    number = parse_decimal(cases, "cases")
    if number != number.to_integral_value():
        message = "Cases are counted: give a whole number."
        raise Invalid("invalid_cases", message, fields={"cases": message})
    return int(number)


def _queue(by: Caller, rows: Sequence[PickRow], limit: int) -> dict[str, Any]:
    shown = rows[:limit]
    more = len(rows) > limit
    return {
        "data": [show_row(by, row) for row in shown],
        "next_cursor": _write_place(shown[-1].place) if more else None,
    }


def _write_place(place: PickPlace) -> str:
    return base64.urlsafe_b64encode(place.as_text().encode()).decode().rstrip("=")


def _read_place(cursor: str | None) -> PickPlace | None:
    if not cursor:
        return None
    try:
        return place_of(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except ValueError as error:
        raise Invalid(
            "invalid_cursor",
            "This cursor was not made by this list. Start again without one.",
            fields={"cursor": "not a cursor of this list"},
        ) from error


def _current_in_details(by: Caller, reference: str) -> AbstractContextManager[None]:
    return current_in_details(lambda: show_pick(by, pick_queries.read_pick(by, reference)))


def show_row(by: Caller, row: PickRow) -> dict[str, Any]:
    """A pick in the queue; whose it is, for those who may know customers."""
    return {
        **_shared(by, row),
        "date_required": day(row.date_required),
        "line_count": row.line_count,
        "picked_count": row.picked_count,
        "packed_count": row.packed_count,
        "completion": trim(row.completion),
    }


def show_pick(by: Caller, page: PickPage) -> dict[str, Any]:
    """The record of a pick."""
    head = page.head
    return {
        **_shared(by, head),
        "date_required": day(head.date_required),
        "note": head.note,
        **({"ship_to": head.ship_to} if by.may("customers:read") else {}),
        "carrier": {"id": str(head.carrier_id), "name": head.carrier_name},
        "carrier_option": head.carrier_option_name,
        "lines": [_show_line(line) for line in page.lines],
    }


def _shared(by: Caller, pick: Any) -> dict[str, Any]:
    customer = {
        "id": str(pick.customer_id),
        "name": pick.customer_name,
        "status": pick.customer_status,
    }
    return {
        "id": str(pick.id),
        "number": pick.number,
        "version": pick.version,
        "status": pick.status,
        "finished_at": instant(pick.finished_at),
        "order_id": str(pick.order_id),
        "order": {
            "id": str(pick.order_id),
            "number": pick.number,
            "status": pick.order_status,
            "fulfillment_status": pick.fulfillment_status,
        },
        **({"customer": customer} if by.may("customers:read") else {}),
        "priority": pick.priority,
        "on_hold": pick.is_held,
        "created_at": instant(pick.created_at),
        "updated_at": instant(pick.updated_at),
    }


def _show_line(line: PickLineRow) -> dict[str, Any]:
    return {
        "id": str(line.id),
        "line_id": str(line.line_id),
        "position": line.position,
        "product_id": str(line.product_id),
        "sku": line.sku,
        "description": line.description,
        "unit": line.unit,
        "ordered_quantity": trim(line.ordered_quantity),
        "quantity": trim(line.quantity),
        "outstanding_quantity": trim(line.outstanding_to_pick),
        "packed_at": instant(line.packed_at),
        "shipment_id": str(line.shipment_id) if line.shipment_id else None,
        "shipment_number": line.shipment_number,
        "selections": [_show_stock(one, str(one.id)) for one in line.open_selections],
        "suggested_lots": [_show_stock(one, None) for one in line.suggested_lots],
    }


def _show_stock(one: OpenSelection | SuggestedLot, selection_id: str | None) -> dict[str, Any]:
    shown = {
        "lot_id": str(one.lot_id),
        "tag_id": one.tag_id,
        "location": one.location_name,
        "rack": one.rack or None,
        "quantity": trim(one.quantity),
        "unit": one.unit,
        "weight": trim(one.weight),
        "weight_unit": one.weight_unit,
    }
    return {"id": selection_id, **shown} if selection_id else shown
