"""Sales orders over HTTP: list, create, quote, read, act, and everything under an order."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from orderwright.activity import queries as activity
from orderwright.api.answers import (
    about,
    answer,
    caller,
    given,
    listed,
    missing,
    needs,
    page_size,
    paged,
    uuid_or_missing,
)
from orderwright.api.identity import show_event
from orderwright.api.sales_actions import acted
from orderwright.api.sales_bodies import (
    AddLineBody,
    EditLineBody,
    OrderBody,
    OrderChangesBody,
    QuoteBody,
    RemoveBody,
)
from orderwright.api.sales_shapes import (
    show_order,
    show_priced_line,
    show_selection,
    show_summary,
    show_totals,
)
from orderwright.identity.caller import Caller
from orderwright.kernel.cursors import read_cursor
from orderwright.kernel.paging import Window, read_place, read_sort
from orderwright.pricing.considered import considered
from orderwright.sales import edits, new_orders, order_lists, queries, removal
from orderwright.shipping import queries as shipping

router = Router(tags=["Sales orders"])


class ListQuery(Schema):
    """Filters, all of them optional; those of codes and ids take several, with commas between.
    `sort` is `number`, `required` or `total`, with a minus sign for the other way around."""

    limit: int | None = None
    cursor: str | None = None
    sort: str | None = None
    status: str | None = None
    fulfillment_status: str | None = None
    payment_status: str | None = None
    priority: str | None = None
    customer_id: str | None = None
    customer_group_id: str | None = None
    order_lead_id: str | None = None
    sales_rep_id: str | None = None
    product_id: str | None = None
    product_line_id: str | None = None
    on_hold: str | None = None
    past_due: str | None = None
    backordered: str | None = None
    required_from: str | None = None
    required_to: str | None = None
    q: Annotated[str | None, Field(max_length=200)] = None


def _line_of_order(by: Caller, reference: str, line_id: str) -> None:
    """Raises NotFound unless the line stands on the order."""
    noun = "line on this order"
    if queries.read_order(by, reference).line(uuid_or_missing(line_id, noun)) is None:
        raise missing(noun)


@router.get("/sales-orders")
@needs("sales_orders:read")
def list_orders(request: HttpRequest, wanted: Query[ListQuery]) -> HttpResponse:
    """Orders, newest first unless `sort` says otherwise."""
    by = caller(request)
    sort = read_sort(wanted.sort, order_lists.SORT_NAMES)
    window = Window(sort, read_place(wanted.cursor, sort), size=page_size(wanted.limit))
    found = order_lists.orders(by, order_lists.read_filter(given(request)), window)
    return paged(found, show=lambda row: show_summary(row, by))


@router.post("/sales-orders")
@needs("sales_orders:create")
def create_order(request: HttpRequest, body: OrderBody) -> HttpResponse:
    """A new estimate."""
    by = caller(request)
    page = new_orders.create_order(by=by, new=body.read())
    return answer(show_order(page, by), status=201)


@router.post("/sales-orders/price-quote")
@needs("orders_commercial:read")
def price_quote(request: HttpRequest, body: QuoteBody) -> HttpResponse:
    """Priced lines and totals; nothing is written."""
    by = caller(request)
    quote = new_orders.quote(
        by=by,
        customer_id=body.customer_id,
        lines=[line.read() for line in body.lines],
        discount_code=body.discount_code,
        currency=body.currency,
        on=body.date,
    )
    explained = body.explain and by.may("discounts:read")
    why = considered(quote.asked, quote.priced.lines) if explained else {}
    return answer(
        {
            "currency": quote.currency,
            "lines": [
                show_priced_line(read, priced, quote.currency, why.get(priced.key))
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
def edit_order(request: HttpRequest, reference: str, body: OrderChangesBody) -> HttpResponse:
    """Change fields of the head, as far as the order's phase allows (domain 2.9)."""
    return acted(
        request,
        lambda: edits.edit_order(
            by=caller(request),
            order=reference,
            changes=body.changes(),
            version=body.version,
            confirmed=frozenset(body.confirm or ()),
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
    line = body.read()
    return acted(
        request,
        lambda: edits.add_lines(
            by=caller(request), order=reference, lines=[line], version=body.version, path=""
        ),
        reference,
        status=201,
    )


@router.patch("/sales-orders/{reference}/lines/{line_id}")
@needs("sales_orders:update")
@about(_line_of_order)
def edit_line(
    request: HttpRequest, reference: str, line_id: UUID, body: EditLineBody
) -> HttpResponse:
    """Change a line: quantity, price (unlock or lock), words."""
    change = edits.LineChange(**body.model_dump(exclude={"version"}, exclude_unset=True))
    return acted(
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
@about(_line_of_order)
def delete_line(request: HttpRequest, reference: str, line_id: UUID) -> HttpResponse:
    """Take a line off the order."""
    edits.delete_line(by=caller(request), order=reference, line_id=line_id)
    return HttpResponse(status=204)


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


@router.get("/sales-orders/{reference}/events")
@needs("sales_orders:read")
def events(
    request: HttpRequest, reference: str, limit: int | None = None, cursor: str | None = None
) -> HttpResponse:
    """The activity of the order, newest first."""
    by, size = caller(request), page_size(limit)
    order = queries.order_page(by, reference)
    rows = activity.timeline(by, order.id, before=read_cursor(cursor), limit=size + 1)
    return listed(rows, limit=size, show=lambda row: show_event(by, row))
