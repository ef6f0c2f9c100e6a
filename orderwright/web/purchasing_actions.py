"""Short tasks on a purchase order, each a dialog and a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, NotFound
from orderwright.purchasing import actions, edits, queries, reversing
from orderwright.purchasing.page import LineRow, OrderPage
from orderwright.purchasing.reversing import Reversal
from orderwright.web import display
from orderwright.web.forms import Form, done
from orderwright.web.order_page import sees_prices
from orderwright.web.purchasing_list import URL
from orderwright.web.purchasing_page import name_of, url_of
from orderwright.web.road import page

Act = Callable[[OrderPage, Form], Any]


@dataclass(frozen=True, slots=True)
class Consequence:
    """A line and what happens to it."""

    row: LineRow
    name: str
    text: str
    is_chosen: bool


def issue(request: HttpRequest, reference: str) -> HttpResponse:
    """Commit us to buying; the supplier is told by e-mail if wanted."""
    by = caller(request)

    def act(order: OrderPage, form: Form) -> Any:
        return actions.issue_order(
            by=by,
            order=order.id,
            notify_supplier=form.flag("notify_supplier"),
            version=form.whole("version"),
        )

    order = allowed_order(by, reference, "issue")
    start = {"notify_supplier": bool(order.head.supplier_email)}
    return task(request, order, "issue", act, f"{order.head.number} is ordered.", start=start)


def unissue(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the commitment back."""
    return _versioned(request, reference, "unissue", actions.unissue_order, "is a quote again.")


def release_hold(request: HttpRequest, reference: str) -> HttpResponse:
    """Lift the hold."""
    return _versioned(request, reference, "release-hold", actions.release_hold, "goes on.")


def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Expect nothing more."""
    return _versioned(request, reference, "close", actions.close_order, "is closed.")


def open_again(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a closed order again."""
    return _versioned(request, reference, "open", actions.open_order, "is open again.")


def hold(request: HttpRequest, reference: str) -> HttpResponse:
    """Put it on hold, with a reason."""
    by = caller(request)

    def act(order: OrderPage, form: Form) -> Any:
        reason = form.text("reason", required="Say why, so that others know when to release it.")
        form.check()
        version = form.whole("version")
        return actions.hold_order(by=by, order=order.id, reason=reason, version=version)

    order = allowed_order(by, reference, "hold")
    return task(request, order, "hold", act, f"{order.head.number} is on hold.")


def cancel_lines(request: HttpRequest, reference: str) -> HttpResponse:
    """Cancel what is outstanding of lines; what has arrived stays."""
    by = caller(request)
    order = allowed_order(by, reference, "cancel-lines")
    able = [line for line in order.lines if line.outstanding and not line.is_cancelled]

    def act(order: OrderPage, form: Form) -> Any:
        reason = form.text("reason", required="Say why the lines are cancelled.")
        form.check()
        return actions.cancel_lines(
            by=by,
            order=order.id,
            line_ids=form.uuids("line"),
            reason=reason,
            version=form.whole("version"),
        )

    context = {"consequences": _consequences(request, able, _cancel_text)}
    said = "The lines are cancelled."
    return task(request, order, "cancel_lines", act, said, context=context)


def restore_lines(request: HttpRequest, reference: str) -> HttpResponse:
    """Want again what was cancelled."""
    by = caller(request)
    order = allowed_order(by, reference, "restore-lines")
    able = [line for line in order.lines if line.cancelled_quantity > 0]

    def act(order: OrderPage, form: Form) -> Any:
        return actions.restore_lines(
            by=by, order=order.id, line_ids=form.uuids("line"), version=form.whole("version")
        )

    context = {"consequences": _consequences(request, able, _restore_text)}
    said = "The lines are restored."
    return task(request, order, "restore_lines", act, said, context=context)


def remove(request: HttpRequest, reference: str) -> HttpResponse:
    """Delete the order for good, after its number was typed."""
    by = caller(request)
    order = allowed_order(by, reference, "remove")

    def act(order: OrderPage, form: Form) -> Any:
        number = form.text("confirm_number")
        actions.remove_order(by=by, order=order.id, confirm_number=number)

    said = f"{order.head.number} is removed."
    context = {"count": len(order.lines)}
    return task(request, order, "remove", act, said, context=context, onwards=URL)


def reverse(request: HttpRequest, reference: str, receipt_id: UUID) -> HttpResponse:
    """Take a receipt back: its stock leaves the lots, the order waits again."""
    by = caller(request)
    order = allowed_order(by, reference, "reverse-receipt")
    receipt = next((one for one in queries.receipts(by, order.id) if one.id == receipt_id), None)
    if receipt is None:
        raise NotFound("not_found", "There is no such receipt on this purchase order.")

    def act(order: OrderPage, form: Form) -> Any:
        reason = form.text("reason", required="Say why the receipt is reversed.")
        form.check()
        reversal = Reversal(receipt_id, reason=reason, version=form.whole("version"))
        return reversing.reverse_receipt(by=by, order=order.id, reversal=reversal)

    said = f"Receipt {receipt.number} is reversed."
    return task(request, order, "reverse", act, said, context={"receipt": receipt})


def delete_line(request: HttpRequest, reference: str, line_id: UUID) -> HttpResponse:
    """Take a line off the order."""
    by = caller(request)
    order = queries.order_page(by, reference)
    version = Form.posted(request).whole("version")
    edits.delete_line(by=by, order=order.id, line_id=line_id, version=version)
    return done(request, url_of(order), "The line is deleted.")


def caller(request: HttpRequest) -> Caller:
    """Who is signed in."""
    found: Caller = request.caller  # type: ignore[attr-defined]
    return found


def allowed_order(by: Caller, reference: str, action: str) -> OrderPage:
    """The order, if the action may be taken now. Raises Conflict with the sentence why not."""
    order = queries.order_page(by, reference)
    for one in order.allowed(by.permissions):
        if one.action == action and not one.allowed:
            raise Conflict("not_allowed_now", one.why_not or "This is not possible now.")
    return order


def task(
    request: HttpRequest,
    order: OrderPage,
    name: str,
    act: Act,
    said: str,
    *,
    start: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    onwards: str = "",
) -> HttpResponse:
    """A dialog that asks, acts once and goes back to the order."""
    by = caller(request)
    form = Form.of(start or {})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: act(order, form)):
            return done(request, onwards or url_of(order), said)
    everything = {
        "order": order.head,
        "url": url_of(order),
        "form": form,
        "sees_prices": sees_prices(by),
        "sees_supplier": by.may("suppliers:read"),
        **(context or {}),
    }
    return page(request, f"purchasing/{name}.html", everything, status=form.status)


def _versioned(
    request: HttpRequest, reference: str, action: str, act: Callable[..., Any], said: str
) -> HttpResponse:
    """An action that only asks whether it is meant."""
    by = caller(request)
    order = allowed_order(by, reference, action)
    return task(
        request,
        order,
        action.replace("-", "_"),
        lambda order, form: act(by=by, order=order.id, version=form.whole("version")),
        f"{order.head.number} {said}",
    )


def _consequences(
    request: HttpRequest, able: list[LineRow], tell: Callable[[LineRow], str]
) -> list[Consequence]:
    """The lines; those that were ticked are chosen, without any all of them."""
    asked = {*request.GET.getlist("line"), *request.POST.getlist("line")}
    return [
        Consequence(line, name_of(line), tell(line), not asked or str(line.id) in asked)
        for line in able
    ]


def _cancel_text(line: LineRow) -> str:
    text = f"{display.quantity(line.outstanding, line.unit)} cancelled"
    return f"{text}, {display.quantity(line.received)} received stay" if line.received else text


def _restore_text(line: LineRow) -> str:
    return f"{display.quantity(line.cancelled_quantity, line.unit)} wanted again"
