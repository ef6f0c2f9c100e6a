"""The end of an order and the way back, and its prices again: each a dialog and a page (U17)."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import trim
from orderwright.sales import closing, copying, prices_again
from orderwright.sales.page import LineRow
from orderwright.web import display
from orderwright.web.forms import Form, done
from orderwright.web.order_actions import Consequence, allowed_order, dialog, short_task
from orderwright.web.order_page import url_of


def short_close(request: HttpRequest, reference: str) -> HttpResponse:
    """Send nothing more; each line says what follows."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "short-close")

    def act(form: Form) -> Any:
        reason = form.text("reason", required="Say why nothing more is sent.")
        form.check()
        return closing.short_close(
            by=by, order=order.id, reason=reason, version=form.whole("version")
        )

    left = [line for line in order.lines if line.is_stock and line.outstanding > 0]
    context = {
        "consequences": [
            Consequence(line, _closed_text(line), is_chosen=True)
            for line in left
            if not line.is_cancelled
        ]
    }
    said = f"{order.head.number} is fulfilled; nothing more is sent."
    return short_task(request, order, "sales/short_close.html", act=act, said=said, context=context)


def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Issued again, to be corrected."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "reopen")

    def act(form: Form) -> Any:
        reason = form.text("reason", required="Say what has to be corrected.")
        form.check()
        return closing.reopen_order(
            by=by, order=order.id, reason=reason, version=form.whole("version")
        )

    context = {"restored": [line for line in order.lines if line.short_closed_quantity]}
    said = f"{order.head.number} is open for corrections. Finish the correction when you are done."
    return short_task(request, order, "sales/reopen.html", act=act, said=said, context=context)


def finish_correction(request: HttpRequest, reference: str) -> HttpResponse:
    """The correction of a reopened order is done."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "finish-correction")

    def act(form: Form) -> Any:
        return closing.finish_correction(by=by, order=order.id, version=form.whole("version"))

    left = sum(not line.is_cancelled and line.outstanding > 0 for line in order.facts().lines)
    return short_task(
        request,
        order,
        "sales/finish_correction.html",
        act=act,
        said="The correction is finished.",
        context={"open_lines": left},
    )


def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Complete the order; an Admin says why when it is not paid."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "close")
    facts = order.facts()
    needs_reason = facts.status == "fulfilled" and not facts.paid_in_full

    def act(form: Form) -> Any:
        reason = form.text("override_reason")
        if needs_reason and not reason:
            form.errors["override_reason"] = "Say why the order is closed though it is not paid."
        form.check()
        return closing.close_order(
            by=by, order=order.id, override_reason=reason, version=form.whole("version")
        )

    said = f"{order.head.number} is completed."
    context = {"needs_reason": needs_reason, "balance": _balance(order)}
    return short_task(request, order, "sales/close.html", act=act, said=said, context=context)


def reprice(request: HttpRequest, reference: str) -> HttpResponse:
    """Today\'s prices for every locked line; the toast names what changed."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("orders_commercial:update")
    order = allowed_order(by, reference, "reprice")
    form = Form.of({})
    if request.method == "POST":
        form = Form.posted(request)
        version = form.whole("version")
        if form.accept(lambda: prices_again.reprice_order(by=by, order=order.id, version=version)):
            return done(request, url_of(order), _repriced_said(form.result, order.head.currency))
    context = {
        "locked_count": sum(
            line.price_locked and not line.is_cancelled and not line.is_generated
            for line in order.lines
        ),
        "typed": [line for line in order.lines if not line.price_locked],
    }
    return dialog(request, order, "sales/reprice.html", form, context)


def apply_freight(request: HttpRequest, reference: str) -> HttpResponse:
    """What freight costs today; it stands on the order once somebody takes it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("orders_commercial:update")
    order = allowed_order(by, reference, "apply-freight")

    def act(form: Form) -> Any:
        return prices_again.apply_freight(by=by, order=order.id, version=form.whole("version"))

    quote = prices_again.quote_freight(by=by, order=order.id)
    return short_task(
        request,
        order,
        "sales/apply_freight.html",
        act=act,
        said="The order has today's freight.",
        context={"quote": quote},
    )


def duplicate(request: HttpRequest, reference: str) -> HttpResponse:
    """A new estimate like this order."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "duplicate")
    form = Form.of({})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: copying.duplicate_order(by=by, order=order.id, source="quick")):
            said = f"{form.result.head.number} is a copy of {order.head.number}."
            return done(request, url_of(form.result), said)
    return dialog(request, order, "sales/duplicate.html", form)


def _balance(order: Any) -> str:
    head = order.head
    return display.money(head.grand_total - head.money.paid, head.currency)


def _closed_text(line: LineRow) -> str:
    parts = [f"{display.quantity(line.outstanding, line.unit)} cancelled"]
    if line.retrieved:
        parts.append(f"{trim(line.retrieved)} selected go back to their lots")
    if line.reserved_quantity:
        parts.append(f"{trim(line.reserved_quantity)} reserved become free")
    return ", ".join(parts)


def _repriced_said(result: Any, currency: str) -> str:
    _, changes = result
    if not changes:
        return "Every price is today's price already."
    told = [
        f"line {one.position} {display.price(one.before, currency)} → "
        f"{display.price(one.after, currency)}"
        for one in changes[:4]
    ]
    more = f" and {len(changes) - 4} more" if len(changes) > 4 else ""
    return f"{'Prices' if len(changes) > 1 else 'Price'} changed: {', '.join(told)}{more}."
