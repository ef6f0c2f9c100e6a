"""The verbs of a sales order over HTTP; each answers the order as it then is."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.http import HttpRequest, HttpResponse
from ninja import Router

from orderwright.api.answers import answer, caller, needs
from orderwright.api.body_types import Versioned
from orderwright.api.records import current_in_details
from orderwright.api.sales_bodies import (
    AutoSelectBody,
    IssueBody,
    LinesBody,
    ReasonBody,
    ReleaseBody,
    SelectBody,
)
from orderwright.api.sales_shapes import show_order, show_unserved
from orderwright.identity.caller import Caller
from orderwright.sales import actions, queries, stock
from orderwright.sales.page import OrderPage

router = Router(tags=["Sales orders"])


@router.post("/sales-orders/{reference}/actions/issue")
@needs("sales_orders:update")
def issue(request: HttpRequest, reference: str, body: IssueBody) -> HttpResponse:
    """Commit us to the order."""
    confirmed = {*body.confirm, *(["prepaid_unpaid"] if body.confirm_prepaid else [])}
    return acted(
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
    return acted(
        request,
        lambda: actions.unissue_order(by=caller(request), order=reference, version=body.version),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/hold")
@needs("sales_orders:update")
def hold(request: HttpRequest, reference: str, body: ReasonBody) -> HttpResponse:
    """Put the order on hold."""
    return acted(
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
    return acted(
        request,
        lambda: actions.release_hold(by=caller(request), order=reference, version=body.version),
        reference,
    )


@router.post("/sales-orders/{reference}/actions/cancel-lines")
@needs("sales_orders:update")
def cancel_lines(request: HttpRequest, reference: str, body: LinesBody) -> HttpResponse:
    """Cancel what is outstanding of some lines."""
    return acted(
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
    return acted(
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
    return acted(
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
    with current_order_in_details(by, reference):
        page, unserved = stock.auto_select(
            by=by, order=reference, line_ids=body.line_ids, version=body.version
        )
    shown = show_order(page, by)
    return answer({**shown, "unserved": [show_unserved(one) for one in unserved]})


@router.post("/sales-orders/{reference}/actions/release-inventory")
@needs("inventory:update")
def release_inventory(request: HttpRequest, reference: str, body: ReleaseBody) -> HttpResponse:
    """Put selections back."""
    return acted(
        request,
        lambda: stock.release_inventory(
            by=caller(request),
            order=reference,
            selection_ids=body.selection_ids,
            version=body.version,
        ),
        reference,
    )


def acted(
    request: HttpRequest,
    act: Callable[[], OrderPage],
    reference: str,
    *,
    status: int = 200,
) -> HttpResponse:
    """Run an action and answer the order; a stale version is answered with the order as it is."""
    by = caller(request)
    with current_order_in_details(by, reference):
        return answer(show_order(act(), by), status=status)


def current_order_in_details(by: Caller, reference: str) -> AbstractContextManager[None]:
    """A refusal `stale_version` from in here carries the order as it is now."""
    return current_in_details(lambda: show_order(queries.read_order(by, reference), by))
