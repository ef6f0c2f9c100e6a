"""Sales orders over HTTP: list, create, quote, read, act, and everything under an order."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router, Schema
from pydantic import Field

from orderwright.api.answers import answer, caller, listed, needs, page_size, read_cursor
from orderwright.api.sales_shapes import (
    show_order,
    show_priced_line,
    show_selection,
    show_summary,
    show_totals,
    show_unserved,
)
from orderwright.kernel.errors import Conflict
from orderwright.sales import actions, edits, new_orders, queries, removal, stock
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder
from orderwright.sales.page import OrderPage
from orderwright.sales.queries import OrderFilter
from orderwright.sales.stock import LineAsk, LotAsk
from orderwright.shipping import queries as shipping

router = Router(tags=["Sales orders"])
Number = str | int | float | None


class LineBody(Schema):
    """One line of a new order."""

    product_id: UUID
    quantity: Number = None
    unit: str | None = None
    unit_price: Number = None
    requested_weight: Number = None
    weight_unit: str | None = None
    weight_basis: str | None = None
    size: str | None = None
    shape: str | None = None
    color: str | None = None
    quality: str | None = None
    material: str | None = None
    description: str | None = None
    needed_by: date | None = None
    priority: str | None = None

    def read(self) -> NewLine:
        """The line as the action takes it."""
        values = self.dict()
        values["weight_basis"] = values["weight_basis"] or "total"
        return NewLine(**values)


class OrderBody(Schema):
    """A new order; what is null or absent takes the customer's default, then the organization's."""

    customer_id: UUID
    order_lead_id: UUID | None = None
    accept_terms: bool = False
    lines: list[LineBody] = []
    customer_po_number: str | None = None
    notes: str | None = None
    internal_note: str | None = None
    date_required: date | None = None
    order_deadline: date | None = None
    promised_at: date | None = None
    discount_code: str | None = None
    currency: str | None = None
    internal_budget: Number = None
    priority: str | None = None
    payment_term_id: UUID | None = None
    shipping_term_id: UUID | None = None
    carrier_id: UUID | None = None
    carrier_option_id: UUID | None = None
    sales_rep_id: UUID | None = None
    bill_to: dict[str, Any] | None = None
    ship_to: dict[str, Any] | None = None
    confirm: list[str] = []

    def read(self) -> NewOrder:
        """The order as the action takes it."""
        values = {
            name: getattr(self, name)
            for name in self.__class__.model_fields
            if name not in ("lines", "confirm")
        }
        for name in ("customer_po_number", "notes", "internal_note"):
            values[name] = values[name] or ""
        return NewOrder(
            **values,
            lines=[line.read() for line in self.lines],
            confirmed=frozenset(self.confirm),
        )


class QuoteBody(Schema):
    """Lines to price without writing."""

    customer_id: UUID
    lines: list[LineBody] = []
    discount_code: str | None = None
    currency: str | None = None


class Versioned(Schema):
    """An action without further words; `version` refuses it on a changed order."""

    version: int | None = None


class IssueBody(Versioned):
    """How to issue."""

    notify_customer: bool = False
    confirm_prepaid: bool = False
    confirm: list[str] = []


class ReasonBody(Versioned):
    """An action that needs a reason."""

    reason: str = ""


class LinesBody(ReasonBody):
    """An action on some lines."""

    line_ids: list[UUID]


class LotBody(Schema):
    """So much of a lot."""

    lot_id: UUID
    quantity: Number = None
    weight: Number = None
    full: bool = False

    def read(self) -> LotAsk:
        """The lot as the action takes it."""
        return LotAsk(**self.dict())


class SelectLineBody(Schema):
    """What to select for one line."""

    line_id: UUID
    selections: list[LotBody] = []
    mark_ready: bool = False
    force_ready: bool = False
    allow_over: bool = False
    substitute: bool = False

    def read(self) -> LineAsk:
        """The line as the action takes it."""
        return LineAsk(
            line_id=self.line_id,
            selections=[lot.read() for lot in self.selections],
            mark_ready=self.mark_ready,
            force_ready=self.force_ready,
            allow_over=self.allow_over,
            substitute=self.substitute,
        )


class SelectBody(Versioned):
    """What to select, all or nothing."""

    lines: list[SelectLineBody]


class AutoSelectBody(Schema):
    """Which lines to serve; all when absent."""

    line_ids: list[UUID] | None = None


class ReleaseBody(Versioned):
    """Which selections to put back."""

    selection_ids: list[UUID]


class EditLineBody(Schema):
    """Changes of a line; only what is sent changes."""

    version: int | None = None
    quantity: Number = None
    unit: str | None = None
    unlock_price: bool = False
    lock_price: bool = False
    unit_price: Number = None
    description: str | None = None
    size: str | None = None
    shape: str | None = None
    color: str | None = None
    quality: str | None = None
    material: str | None = None


class AddLineBody(LineBody):
    """A further line."""

    version: int | None = None


class RemoveBody(Schema):
    """The order's number, typed by a person."""

    confirm_number: str | None = None


class ListQuery(Schema):
    """Filters, all of them optional."""

    limit: int | None = None
    cursor: str | None = None
    status: str | None = None
    fulfillment_status: str | None = None
    payment_status: str | None = None
    customer_id: UUID | None = None
    order_lead_id: UUID | None = None
    product_id: UUID | None = None
    on_hold: bool | None = None
    past_due: bool | None = None
    required_from: date | None = None
    required_to: date | None = None
    q: Annotated[str | None, Field(max_length=200)] = None


@router.get("/sales-orders")
@needs("sales_orders:read")
def list_orders(request: HttpRequest, wanted: Query[ListQuery]) -> HttpResponse:
    """Orders, newest first."""
    by, limit = caller(request), page_size(wanted.limit)
    narrowed = OrderFilter(**wanted.dict(exclude={"limit", "cursor"}))
    rows = queries.orders(by, narrowed, before=read_cursor(wanted.cursor), limit=limit)
    return listed(rows, limit=limit, show=lambda row: show_summary(row, by))


@router.post("/sales-orders")
@needs("sales_orders:create")
def create_order(request: HttpRequest, body: OrderBody) -> HttpResponse:
    """A new estimate."""
    by = caller(request)
    page = new_orders.create_order(by=by, new=body.read())
    if by.organization.setting("orders.auto_issue_on_submit"):
        page = actions.issue_order(by=by, order=page.id, confirmed=body.confirm)
    return answer(show_order(page, by), status=201)


@router.post("/sales-orders/price-quote")
@needs("sales_orders:read")
def price_quote(request: HttpRequest, body: QuoteBody) -> HttpResponse:
    """Priced lines and totals; nothing is written."""
    quote = new_orders.quote(
        by=caller(request),
        customer_id=body.customer_id,
        lines=[line.read() for line in body.lines],
        discount_code=body.discount_code,
        currency=body.currency,
    )
    return answer(
        {
            "currency": quote.currency,
            "lines": [
                show_priced_line(read, priced, quote.currency)
                for read, priced in zip(quote.lines, quote.priced.lines, strict=True)
            ],
            "totals": show_totals(
                quote.currency,
                subtotal=quote.priced.subtotal,
                discount_total=quote.priced.discount_total,
                freight=quote.priced.freight.amount,
                tax=quote.priced.tax,
                grand_total=quote.priced.grand_total,
            ),
            "flags": list(quote.priced.flags),
        }
    )


@router.get("/sales-orders/{reference}")
@needs("sales_orders:read")
def one_order(request: HttpRequest, reference: str) -> HttpResponse:
    """An order by its id or number."""
    by = caller(request)
    return answer(show_order(queries.order_page(by, reference), by))


@router.patch("/sales-orders/{reference}")
@needs("sales_orders:update")
def edit_order(request: HttpRequest, reference: str, body: Body[dict[str, Any]]) -> HttpResponse:
    """Change fields of the head, as far as the order's phase allows (domain 2.9)."""
    changes = dict(body)
    version, confirm = changes.pop("version", None), changes.pop("confirm", [])
    return _acted(
        request,
        lambda: edits.edit_order(
            by=caller(request),
            order=reference,
            changes=changes,
            version=version if isinstance(version, int) else None,
            confirmed=frozenset(map(str, confirm if isinstance(confirm, list) else [])),
        ),
        reference,
    )


@router.delete("/sales-orders/{reference}")
@needs("sales_orders:delete")
def remove_order(request: HttpRequest, reference: str, body: RemoveBody) -> HttpResponse:
    """Remove an order for good; its number has to be typed."""
    removal.remove_order(by=caller(request), order=reference, confirm_number=body.confirm_number)
    return HttpResponse(status=204)


@router.post("/sales-orders/{reference}/lines")
@needs("sales_orders:update")
def add_line(request: HttpRequest, reference: str, body: AddLineBody) -> HttpResponse:
    """A further line; answers the order."""
    line = LineBody(**body.dict(exclude={"version"})).read()
    return _acted(
        request,
        lambda: edits.add_lines(
            by=caller(request), order=reference, lines=[line], version=body.version
        ),
        reference,
        status=201,
    )


@router.patch("/sales-orders/{reference}/lines/{line_id}")
@needs("sales_orders:update")
def edit_line(
    request: HttpRequest, reference: str, line_id: UUID, body: EditLineBody
) -> HttpResponse:
    """Change a line: quantity, price (unlock or lock), words."""
    change = edits.LineChange(**body.dict(exclude={"version"}, exclude_unset=True))
    return _acted(
        request,
        lambda: edits.edit_line(
            by=caller(request),
            order=reference,
            line_id=line_id,
            change=change,
            version=body.version,
        ),
        reference,
    )


@router.delete("/sales-orders/{reference}/lines/{line_id}")
@needs("sales_orders:update")
def delete_line(request: HttpRequest, reference: str, line_id: UUID) -> HttpResponse:
    """Take a line off the order."""
    edits.delete_line(by=caller(request), order=reference, line_id=line_id)
    return HttpResponse(status=204)


@router.post("/sales-orders/{reference}/actions/issue")
@needs("sales_orders:update")
def issue(request: HttpRequest, reference: str, body: IssueBody) -> HttpResponse:
    """Commit us to the order."""
    confirmed = {*body.confirm, *(["prepaid_unpaid"] if body.confirm_prepaid else [])}
    return _acted(
        request,
        lambda: actions.issue_order(
            by=caller(request),
            order=reference,
            notify_customer=body.notify_customer,
            confirmed=confirmed,
            version=body.version,
        ),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/unissue")
@needs("sales_orders:update")
def unissue(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Back to an estimate."""
    return _acted(
        request,
        lambda: actions.unissue_order(by=caller(request), order=reference, version=body.version),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/hold")
@needs("sales_orders:update")
def hold(request: HttpRequest, reference: str, body: ReasonBody) -> HttpResponse:
    """Put the order on hold."""
    return _acted(
        request,
        lambda: actions.hold_order(
            by=caller(request), order=reference, reason=body.reason, version=body.version
        ),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/release-hold")
@needs("sales_orders:update")
def release_hold(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Lift the order's hold."""
    return _acted(
        request,
        lambda: actions.release_hold(by=caller(request), order=reference, version=body.version),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/cancel-lines")
@needs("sales_orders:update")
def cancel_lines(request: HttpRequest, reference: str, body: LinesBody) -> HttpResponse:
    """Cancel what is outstanding of some lines."""
    return _acted(
        request,
        lambda: actions.cancel_lines(
            by=caller(request),
            order=reference,
            line_ids=body.line_ids,
            reason=body.reason,
            version=body.version,
        ),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/restore-lines")
@needs("sales_orders:update")
def restore_lines(request: HttpRequest, reference: str, body: LinesBody) -> HttpResponse:
    """Undo the cancellation of some lines."""
    return _acted(
        request,
        lambda: actions.restore_lines(
            by=caller(request),
            order=reference,
            line_ids=body.line_ids,
            reason=body.reason,
            version=body.version,
        ),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/select-inventory")
@needs("inventory:update")
def select_inventory(request: HttpRequest, reference: str, body: SelectBody) -> HttpResponse:
    """Take stock from lots for lines."""
    return _acted(
        request,
        lambda: stock.select_inventory(
            by=caller(request),
            order=reference,
            lines=[line.read() for line in body.lines],
            version=body.version,
        ),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/auto-select")
@needs("inventory:update")
def auto_select(request: HttpRequest, reference: str, body: AutoSelectBody) -> HttpResponse:
    """Take the oldest lots first; answers what could not be served and why."""
    by = caller(request)
    page, unserved = stock.auto_select(by=by, order=reference, line_ids=body.line_ids)
    shown = show_order(page, by)
    return answer({**shown, "unserved": [show_unserved(one) for one in unserved]})


@router.post("/sales-orders/{reference}/actions/release-inventory")
@needs("inventory:update")
def release_inventory(request: HttpRequest, reference: str, body: ReleaseBody) -> HttpResponse:
    """Put selections back."""
    return _acted(
        request,
        lambda: stock.release_inventory(
            by=caller(request),
            order=reference,
            selection_ids=body.selection_ids,
            version=body.version,
        ),
        reference,
    )


@router.get("/sales-orders/{reference}/selections")
@needs("sales_orders:read")
def selections(
    request: HttpRequest, reference: str, limit: int | None = None, cursor: str | None = None
) -> HttpResponse:
    """What was taken from lots for the order, newest first."""
    by, size = caller(request), page_size(limit)
    page = queries.order_page(by, reference)
    rows = shipping.selections_of_order(by, page)
    before = read_cursor(cursor)
    wanted = [row for row in rows if before is None or row.id < before]
    return listed(wanted[: size + 1], limit=size, show=show_selection)


def _acted(
    request: HttpRequest,
    act: Callable[[], OrderPage],
    reference: str,
    *,
    status: int = 200,
) -> HttpResponse:
    """Run an action and answer the order; a stale version is answered with the order as it is."""
    by = caller(request)
    try:
        return answer(show_order(act(), by), status=status)
    except Conflict as refusal:
        if refusal.code == "stale_version":
            current = show_order(queries.read_order(by, reference), by)
            refusal.details = {**refusal.details, "current": current}
        raise
