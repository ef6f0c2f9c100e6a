"""Purchase orders over HTTP: list, create, read, act, receive."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from orderwright.activity import queries as activity
from orderwright.api.answers import about, answer, caller, listed, missing, needs, page_size
from orderwright.api.answers import uuid_or_missing as known_id
from orderwright.api.body_types import Versioned
from orderwright.api.identity import show_event
from orderwright.api.purchasing_bodies import (
    AddPurchaseLineBody,
    EditPurchaseLineBody,
    IssuePurchaseBody,
    PurchaseChangesBody,
    PurchaseOrderBody,
    ReceiveBody,
    ReverseBody,
)
from orderwright.api.purchasing_shapes import show_order, show_receipt, show_summary
from orderwright.api.records import current_in_details
from orderwright.api.sales_bodies import LinesBody, ReasonBody, RemoveBody
from orderwright.identity.caller import Caller
from orderwright.kernel.cursors import read_cursor
from orderwright.purchasing import actions, edits, new_orders, queries, receiving, reversing
from orderwright.purchasing.page import OrderPage
from orderwright.purchasing.reversing import Reversal

router = Router(tags=["Purchase orders"])

READ, CREATE, UPDATE = (
    "purchase_orders:read",
    "purchase_orders:create",
    "purchase_orders:update",
)
ONE = "/purchase-orders/{reference}"


class ListQuery(Schema):
    """Filters, all of them optional."""

    limit: int | None = None
    cursor: str | None = None
    status: str | None = None
    fulfillment_status: str | None = None
    supplier_id: UUID | None = None
    order_lead_id: UUID | None = None
    product_id: UUID | None = None
    closed: bool | None = None
    past_due: bool | None = None
    required_from: date | None = None
    required_to: date | None = None
    q: str | None = None

    def read(self) -> queries.OrderFilter:
        """The filter as the query takes it."""
        names = queries.OrderFilter.__slots__
        return queries.OrderFilter(**{name: getattr(self, name) for name in names})


def _acted(
    request: HttpRequest, reference: str, act: Callable[[], OrderPage], *, status: int = 200
) -> HttpResponse:
    """Do it, and answer the order as it then is; a stale version carries the current one."""
    by = caller(request)
    with current_in_details(lambda: show_order(queries.read_order(by, reference), by)):
        page = act()
    return answer(show_order(page, by), status=status)


def _line_of_order(by: Caller, reference: str, line_id: str) -> None:
    """Raises NotFound unless the line stands on the order."""
    noun = "line on this purchase order"
    if known_id(line_id, noun) not in queries.read_order(by, reference).lines_by_id():
        raise missing(noun)


@router.get("/purchase-orders")
@needs(READ)
def list_purchase_orders(request: HttpRequest, wanted: Query[ListQuery]) -> HttpResponse:
    """Purchase orders, newest first."""
    by, size = caller(request), page_size(wanted.limit)
    before = read_cursor(wanted.cursor)
    rows = queries.orders(by, wanted.read(), before=before, limit=size)
    return listed(rows, limit=size, show=lambda row: show_summary(row, by))


@router.post("/purchase-orders")
@needs(CREATE)
def create_purchase_order(request: HttpRequest, body: PurchaseOrderBody) -> HttpResponse:
    """A new purchase order, quoted."""
    by = caller(request)
    return answer(show_order(new_orders.create_order(by=by, new=body.read()), by), status=201)


@router.get(ONE)
@needs(READ)
def one_purchase_order(request: HttpRequest, reference: str) -> HttpResponse:
    """A purchase order by its id or number."""
    by = caller(request)
    return answer(show_order(queries.order_page(by, reference), by))


@router.patch(ONE)
@needs(UPDATE)
def edit_purchase_order(
    request: HttpRequest, reference: str, body: PurchaseChangesBody
) -> HttpResponse:
    """Change fields of the head, as far as the order has come."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: edits.edit_order(
            by=by,
            order=reference,
            changes=body.changes(),
            version=body.version,
            confirmed=frozenset(body.confirm or ()),
        ),
    )


@router.delete(ONE)
@needs("purchase_orders:delete")
def remove_purchase_order(request: HttpRequest, reference: str, body: RemoveBody) -> HttpResponse:
    """Remove one of which nothing has arrived; its number has to be typed."""
    actions.remove_order(by=caller(request), order=reference, confirm_number=body.confirm_number)
    return HttpResponse(status=204)


@router.post(f"{ONE}/lines")
@needs(UPDATE)
def add_purchase_line(
    request: HttpRequest, reference: str, body: AddPurchaseLineBody
) -> HttpResponse:
    """A further line; answers the order."""
    by = caller(request)
    lines = [body.read()]
    return _acted(
        request,
        reference,
        lambda: edits.add_lines(by=by, order=reference, lines=lines, version=body.version),
        status=201,
    )


@router.patch(f"{ONE}/lines/{{line_id}}")
@needs(UPDATE)
@about(_line_of_order)
def edit_purchase_line(
    request: HttpRequest, reference: str, line_id: UUID, body: EditPurchaseLineBody
) -> HttpResponse:
    """Change a line."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: edits.change_line(
            by=by, order=reference, line_id=line_id, change=body.read(), version=body.version
        ),
    )


@router.delete(f"{ONE}/lines/{{line_id}}")
@needs(UPDATE)
@about(_line_of_order)
def delete_purchase_line(request: HttpRequest, reference: str, line_id: UUID) -> HttpResponse:
    """Take a line off."""
    edits.delete_line(by=caller(request), order=reference, line_id=line_id)
    return HttpResponse(status=204)


@router.post(f"{ONE}/actions/issue")
@needs(UPDATE)
def issue_purchase_order(
    request: HttpRequest, reference: str, body: IssuePurchaseBody
) -> HttpResponse:
    """Order it."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.issue_order(
            by=by, order=reference, notify_supplier=body.notify_supplier, version=body.version
        ),
    )


@router.post(f"{ONE}/actions/unissue")
@needs(UPDATE)
def unissue_purchase_order(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Back to a quote."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.unissue_order(by=by, order=reference, version=body.version),
    )


@router.post(f"{ONE}/actions/close")
@needs(UPDATE)
def close_purchase_order(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Expect nothing more."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.close_order(by=by, order=reference, version=body.version),
    )


@router.post(f"{ONE}/actions/open")
@needs(UPDATE)
def open_purchase_order(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Open a closed one again."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.open_order(by=by, order=reference, version=body.version),
    )


@router.post(f"{ONE}/actions/hold")
@needs(UPDATE)
def hold_purchase_order(request: HttpRequest, reference: str, body: ReasonBody) -> HttpResponse:
    """Put it on hold."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.hold_order(
            by=by, order=reference, reason=body.reason, version=body.version
        ),
    )


@router.post(f"{ONE}/actions/release-hold")
@needs(UPDATE)
def release_purchase_hold(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Lift the hold."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.release_hold(by=by, order=reference, version=body.version),
    )


@router.post(f"{ONE}/actions/cancel-lines")
@needs(UPDATE)
def cancel_purchase_lines(request: HttpRequest, reference: str, body: LinesBody) -> HttpResponse:
    """Cancel what is outstanding of some lines."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.cancel_lines(
            by=by,
            order=reference,
            line_ids=body.line_ids,
            reason=body.reason,
            version=body.version,
        ),
    )


@router.post(f"{ONE}/actions/restore-lines")
@needs(UPDATE)
def restore_purchase_lines(request: HttpRequest, reference: str, body: LinesBody) -> HttpResponse:
    """Want again what was cancelled."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.restore_lines(
            by=by,
            order=reference,
            line_ids=body.line_ids,
            reason=body.reason,
            version=body.version,
        ),
    )


@router.post(f"{ONE}/actions/receive")
@needs(UPDATE)
def receive_goods(request: HttpRequest, reference: str, body: ReceiveBody) -> HttpResponse:
    """Take goods in; answers the receipt."""
    by = caller(request)
    with current_in_details(lambda: show_order(queries.read_order(by, reference), by)):
        receipt = receiving.receive(by=by, order=reference, new=body.read())
    return answer(show_receipt(receipt), status=201)


@router.post(f"{ONE}/actions/reverse-receipt")
@needs(UPDATE)
def reverse_receipt(request: HttpRequest, reference: str, body: ReverseBody) -> HttpResponse:
    """Take a receipt back; answers the order."""
    by = caller(request)
    reversal = Reversal(body.receipt_id, reason=body.reason, version=body.version)
    return _acted(
        request,
        reference,
        lambda: reversing.reverse_receipt(by=by, order=reference, reversal=reversal),
    )


@router.get(f"{ONE}/receipts")
@needs(READ)
def receipts_of_order(
    request: HttpRequest, reference: str, limit: int | None = None, cursor: str | None = None
) -> HttpResponse:
    """What arrived, newest first."""
    by, size, before = caller(request), page_size(limit), read_cursor(cursor)
    found = queries.receipts(by, queries.order_page(by, reference).id)
    wanted = [one for one in found if before is None or one.id < before]
    return listed(wanted[: size + 1], limit=size, show=show_receipt)


@router.get(f"{ONE}/events")
@needs(READ)
def events_of_purchase_order(
    request: HttpRequest, reference: str, limit: int | None = None, cursor: str | None = None
) -> HttpResponse:
    """The activity, newest first."""
    by, size = caller(request), page_size(limit)
    order = queries.order_page(by, reference)
    rows = activity.timeline(by, order.id, before=read_cursor(cursor), limit=size + 1)
    return listed(rows, limit=size, show=lambda row: show_event(by, row))
