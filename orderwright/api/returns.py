"""Returns over HTTP: announce, receive, close, cancel."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from orderwright.api.answers import answer, caller, instant, listed, needs, page_size
from orderwright.api.body_types import Body, Number, Versioned
from orderwright.api.records import current_in_details, reference
from orderwright.identity.caller import Caller
from orderwright.invoicing import queries as invoicing
from orderwright.kernel.cursors import read_cursor
from orderwright.kernel.money import format_money
from orderwright.kernel.quantity import trim
from orderwright.returns import actions, queries
from orderwright.returns.actions import NewReturn
from orderwright.returns.queries import ReturnLineRow, ReturnPage, ReturnRow
from orderwright.returns.rules import Asked

router = Router(tags=["Returns"])

READ, CREATE, UPDATE = "returns:read", "returns:create", "returns:update"
ONE = "/returns/{ref}"


class ReturnLineBody(Body):
    """What comes back of one line; without a quantity, on receipt, what was announced."""

    line_id: UUID
    quantity: Number = None
    disposition: str = "restock"
    condition: str = ""
    location_id: UUID | None = None

    def read(self) -> Asked:
        """The row as the action takes it."""
        return Asked(**{name: getattr(self, name) for name in ReturnLineBody.model_fields})


class ReturnBody(Body):
    """A new return."""

    order_id: str
    lines: list[ReturnLineBody] = []
    reason: str = ""
    note: str = ""

    def read(self) -> NewReturn:
        """The return as the action takes it."""
        lines = [line.read() for line in self.lines]
        return NewReturn(self.order_id, lines, reason=self.reason, note=self.note)


class ReceiveReturnBody(Versioned):
    """What arrived; without lines everything that was announced."""

    lines: list[ReturnLineBody] | None = None


class ReturnsQuery(Schema):
    """Filters, all of them optional."""

    limit: int | None = None
    cursor: str | None = None
    status: str | None = None
    order_id: UUID | None = None
    customer_id: UUID | None = None
    q: str | None = None


def show_return(page: ReturnPage, by: Caller) -> dict[str, Any]:
    """A return with its lines."""
    return {
        **show_return_row(page.head, by),
        "credit_memo": _show_memo(page.head, by),
        "lines": [_show_line(line) for line in page.lines],
        "allowed_actions": [one.as_json() for one in page.allowed(by.permissions)],
    }


def _show_memo(row: ReturnRow, by: Caller) -> dict[str, Any] | None:
    """The credit that was given, with what is left of it."""
    memo = row.credit_memo
    if not memo:
        return None
    left = invoicing.open_credit_of(by, UUID(memo["id"]))
    return {**memo, "open_credit": format_money(left, memo["currency"])}


def show_return_row(row: ReturnRow, by: Caller) -> dict[str, Any]:
    """The head of a return; the customer for those who may see customers."""
    shown: dict[str, Any] = {
        "id": row.id,
        "number": row.number,
        "version": row.version,
        "status": row.status,
        "order_id": row.order_id,
        "order": reference(row.order_id, number=row.order_number),
        "reason": row.reason,
        "note": row.note or None,
        "requested_by": row.requested_by,
        "received_at": instant(row.received_at),
        "received_by": row.received_by or None,
        "created_at": instant(row.created_at),
        "updated_at": instant(row.updated_at),
        "credit_memo": row.credit_memo or None,
    }
    if by.may("customers:read"):
        shown["customer_id"] = row.customer_id
        shown["customer"] = reference(row.customer_id, name=row.customer_name)
    return shown


def _show_line(line: ReturnLineRow) -> dict[str, Any]:
    return {
        "id": line.id,
        "line_id": line.line_id,
        "position": line.position,
        "sku": line.sku or None,
        "description": line.description,
        "unit": line.unit,
        "quantity": trim(line.quantity),
        "received_quantity": trim(line.received),
        "disposition": line.disposition,
        "condition": line.condition or None,
        "location_id": line.location_id,
        "location": reference(line.location_id, name=line.location_name),
        "lot_id": line.lot_id,
        "lot": reference(line.lot_id, tag_id=line.tag_id),
    }


def _acted(request: HttpRequest, ref: str, act: Callable[[], ReturnPage]) -> HttpResponse:
    by = caller(request)
    with current_in_details(lambda: show_return(queries.read_return(by, ref), by)):
        page = act()
    return answer(show_return(page, by))


@router.get("/returns")
@needs(READ)
def list_returns(request: HttpRequest, wanted: Query[ReturnsQuery]) -> HttpResponse:
    """Returns, newest first."""
    by, size = caller(request), page_size(wanted.limit)
    asked = queries.ReturnFilter(wanted.status, wanted.order_id, wanted.customer_id, wanted.q)
    rows = queries.returns(by, asked, before=read_cursor(wanted.cursor), limit=size)
    return listed(rows, limit=size, show=lambda row: show_return_row(row, by))


@router.post("/returns")
@needs(CREATE)
def create_return(request: HttpRequest, body: ReturnBody) -> HttpResponse:
    """Announce goods that come back."""
    by = caller(request)
    return answer(show_return(actions.request_return(by=by, new=body.read()), by), status=201)


@router.get(ONE)
@needs(READ)
def one_return(request: HttpRequest, ref: str) -> HttpResponse:
    """A return by its id or number."""
    by = caller(request)
    return answer(show_return(queries.return_page(by, ref), by))


@router.post(f"{ONE}/actions/receive")
@needs(UPDATE)
def receive_return(request: HttpRequest, ref: str, body: ReceiveReturnBody) -> HttpResponse:
    """The goods have arrived."""
    by = caller(request)
    lines = None if body.lines is None else [line.read() for line in body.lines]
    return _acted(
        request,
        ref,
        lambda: actions.receive_return(by=by, reference=ref, lines=lines, version=body.version),
    )


@router.post(f"{ONE}/actions/close")
@needs(UPDATE)
def close_return(request: HttpRequest, ref: str, body: Versioned) -> HttpResponse:
    """Nothing more follows from it."""
    by = caller(request)
    return _acted(
        request, ref, lambda: actions.close_return(by=by, reference=ref, version=body.version)
    )


@router.post(f"{ONE}/actions/cancel")
@needs(UPDATE)
def cancel_return(request: HttpRequest, ref: str, body: Versioned) -> HttpResponse:
    """The goods stay with the customer after all."""
    by = caller(request)
    return _acted(
        request, ref, lambda: actions.cancel_return(by=by, reference=ref, version=body.version)
    )
