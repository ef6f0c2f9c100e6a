"""The end of a sales order over HTTP, and what is asked of its prices: each verb answers the order.

`duplicate` answers the new estimate, `quote-freight` the figure.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from orderwright.api.answers import answer, caller, needs
from orderwright.api.body_types import Versioned
from orderwright.api.sales_actions import acted, current_order_in_details
from orderwright.api.sales_bodies import CloseBody, ReasonBody
from orderwright.api.sales_shapes import show_order
from orderwright.kernel.money import format_money, format_price
from orderwright.sales import closing, copying, prices_again
from orderwright.sales.prices_again import FreightQuote, PriceChange

router = Router(tags=["Sales orders"])


@router.post("/sales-orders/{reference}/actions/short-close")
@needs("sales_orders:update")
def short_close(request: HttpRequest, reference: str, body: ReasonBody) -> HttpResponse:
    """Send nothing more: what is outstanding is cancelled, and the order is fulfilled."""
    return acted(
        request,
        lambda: closing.short_close(
            by=caller(request), order=reference, reason=body.reason, version=body.version
        ),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/reopen")
@needs("sales_orders:update")
def reopen(request: HttpRequest, reference: str, body: ReasonBody) -> HttpResponse:
    """Issued again, for corrections."""
    return acted(
        request,
        lambda: closing.reopen_order(
            by=caller(request), order=reference, reason=body.reason, version=body.version
        ),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/finish-correction")
@needs("sales_orders:update")
def finish_correction(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """The correction of a reopened order is done."""
    return acted(
        request,
        lambda: closing.finish_correction(
            by=caller(request), order=reference, version=body.version
        ),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/close")
@needs("sales_orders:update")
def close(request: HttpRequest, reference: str, body: CloseBody) -> HttpResponse:
    """Complete the order."""
    return acted(
        request,
        lambda: closing.close_order(
            by=caller(request),
            order=reference,
            override_reason=body.override_reason,
            version=body.version,
        ),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/reprice")
@needs("orders_commercial:update")
def reprice(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Today's prices for every locked line; the order, and which prices changed."""
    by = caller(request)
    with current_order_in_details(by, reference):
        page, changes = prices_again.reprice_order(by=by, order=reference, version=body.version)
    shown = [show_price_change(change, page.head.currency) for change in changes]
    return answer({**show_order(page, by), "price_changes": shown})


@router.post("/sales-orders/{reference}/actions/quote-freight")
@needs("orders_commercial:read")
def quote_freight(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """What freight would cost today; nothing is written."""
    quote = prices_again.quote_freight(by=caller(request), order=reference)
    return answer(show_freight_quote(quote))


@router.post("/sales-orders/{reference}/actions/apply-freight")
@needs("orders_commercial:update")
def apply_freight(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Put today's freight on the order."""
    return acted(
        request,
        lambda: prices_again.apply_freight(
            by=caller(request), order=reference, version=body.version
        ),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/duplicate")
@needs("sales_orders:create")
def duplicate(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """A new estimate like this order."""
    by = caller(request)
    return answer(show_order(copying.duplicate_order(by=by, order=reference), by), status=201)


def show_price_change(change: PriceChange, currency: str) -> dict[str, Any]:
    """A line whose price is another one now."""
    return {
        "line_id": str(change.line_id),
        "position": change.position,
        "description": change.description,
        "before": format_price(change.before, currency),
        "after": format_price(change.after, currency),
    }


def show_freight_quote(quote: FreightQuote) -> dict[str, Any]:
    """What freight costs today, beside what stands on the order."""
    return {
        "currency": quote.currency,
        "current": format_money(quote.current, quote.currency),
        "quoted": format_money(quote.quoted, quote.currency),
        "unquoted": quote.unquoted,
        "note": quote.note,
        "out_of_date": quote.is_out_of_date,
    }
