"""Short tasks on an order, each a dialog and a page: hold, cancel, restore, release, remove."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.kernel.errors import Conflict
from orderwright.kernel.numbers import trim
from orderwright.sales import actions, edits, queries, removal, stock
from orderwright.sales.page import LineRow, OrderPage
from orderwright.web import display
from orderwright.web.forms import Form, done
from orderwright.web.order_lines import wants
from orderwright.web.order_page import sees_prices, url_of
from orderwright.web.road import page


@dataclass(frozen=True, slots=True)
class Consequence:
    """A line and what happens to it."""

    row: LineRow
    text: str
    is_chosen: bool


def unissue(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the commitment back."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "unissue")

    def act(form: Form) -> Any:
        return actions.unissue_order(by=by, order=order.id, version=form.whole("version"))

    return short_task(
        request,
        order,
        "sales/unissue.html",
        act=act,
        said=f"{order.head.number} is an estimate again.",
    )


def hold(request: HttpRequest, reference: str) -> HttpResponse:
    """Put the order on hold, with a reason."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "hold")

    def act(form: Form) -> Any:
        reason = form.text("reason", required="Say why, so that others know when to release it.")
        form.check()
        return actions.hold_order(
            by=by, order=order.id, reason=reason, version=form.whole("version")
        )

    said = f"{order.head.number} is on hold."
    return short_task(request, order, "sales/hold.html", act=act, said=said)


def release_hold(request: HttpRequest, reference: str) -> HttpResponse:
    """Lift the order's own hold."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "release-hold")

    def act(form: Form) -> Any:
        return actions.release_hold(by=by, order=order.id, version=form.whole("version"))

    said = f"{order.head.number} goes on."
    return short_task(request, order, "sales/release_hold.html", act=act, said=said)


def cancel_lines(request: HttpRequest, reference: str) -> HttpResponse:
    """Cancel what is outstanding of lines; each says what follows (domain 4.10, U15)."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "cancel-lines")
    chosen = chosen_of(request, order, "cancel")

    def act(form: Form) -> Any:
        reason = form.text("reason", required="Say why the lines are cancelled.")
        form.check()
        return actions.cancel_lines(
            by=by,
            order=order.id,
            line_ids=form.uuids("line"),
            reason=reason,
            version=form.whole("version"),
        )

    context = {
        "consequences": [
            Consequence(line, _cancel_text(line, order.head.currency), line.id in chosen)
            for line in order.lines
            if "cancel" in wants(line)
        ],
        "skipped": [
            line.position
            for line in order.lines
            if str(line.id) in request.GET.getlist("line") and "cancel" not in wants(line)
        ],
    }
    return short_task(
        request,
        order,
        "sales/cancel_lines.html",
        act=act,
        said="The lines are cancelled.",
        context=context,
    )


def restore_lines(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a cancellation back."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "restore-lines")
    chosen = chosen_of(request, order, "restore")

    def act(form: Form) -> Any:
        return actions.restore_lines(
            by=by, order=order.id, line_ids=form.uuids("line"), version=form.whole("version")
        )

    context = {
        "consequences": [
            Consequence(
                line,
                f"{display.quantity(line.cancelled_quantity, line.unit)} wanted again",
                line.id in chosen,
            )
            for line in order.lines
            if "restore" in wants(line)
        ]
    }
    return short_task(
        request,
        order,
        "sales/restore_lines.html",
        act=act,
        said="The lines are restored.",
        context=context,
    )


def auto_select(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the oldest lots be chosen for everything that is still to select."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "auto-select")
    form = Form.of({})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: stock.auto_select(by=by, order=order.id)):
            return done(request, url_of(order), _unserved_said(order, form.result[1]))
    waiting = [line for line in order.lines if "select" in wants(line)]
    return dialog(request, order, "sales/auto_select.html", form, {"waiting": waiting})


def release_inventory(request: HttpRequest, reference: str) -> HttpResponse:
    """Put selections back into their lots."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "release-inventory")

    def act(form: Form) -> Any:
        return stock.release_inventory(
            by=by,
            order=order.id,
            selection_ids=form.uuids("selection"),
            version=form.whole("version"),
        )

    position = {line.reservation_id: line.position for line in order.lines if line.reservation_id}
    asked = set(request.GET.getlist("selection")) | set(request.POST.getlist("selection"))
    context = {
        "selections": [
            (row, position[row.reservation_id], str(row.id) in asked or not asked)
            for row in inventory.selections_of(by, position)
            if row.is_open
        ]
    }
    return short_task(
        request,
        order,
        "sales/release.html",
        act=act,
        said="The inventory is back in its lots.",
        context=context,
    )


def remove(request: HttpRequest, reference: str) -> HttpResponse:
    """Delete the order for good, after its number was typed (domain 4.10, U16)."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "remove")
    form = Form.of({})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(
            lambda: removal.remove_order(
                by=by, order=order.id, confirm_number=form.text("confirm_number")
            )
        ):
            return done(request, "/orders/sales", f"{order.head.number} is removed.")
    context = {
        "goods": [line for line in order.lines if not line.is_generated],
        "selected": [line for line in order.lines if line.retrieved > 0],
    }
    return dialog(request, order, "sales/remove.html", form, context)


def delete_line(request: HttpRequest, reference: str, line_id: UUID) -> HttpResponse:
    """Take a line off the order."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)
    version = Form.posted(request).whole("version")
    edits.delete_line(by=by, order=order.id, line_id=line_id, version=version)
    return done(request, url_of(order), "The line is deleted.")


def chosen_of(request: HttpRequest, order: OrderPage, wish: str) -> set[UUID]:
    """The lines that were ticked; without any, all of which the wish can be granted."""
    asked = {*request.GET.getlist("line"), *request.POST.getlist("line")}
    able = {line.id for line in order.lines if wish in wants(line)}
    return {line_id for line_id in able if str(line_id) in asked} if asked else able


def allowed_order(by: Caller, reference: str, action: str) -> OrderPage:
    """The order, if the action may be taken now. Raises Conflict with the sentence why not."""
    order = queries.order_page(by, reference)
    for one in order.allowed(by.permissions, is_admin=by.is_admin):
        if one.action == action and not one.allowed:
            raise Conflict("not_allowed_now", one.why_not or "This is not possible now.")
    return order


def short_task(
    request: HttpRequest,
    order: OrderPage,
    template: str,
    *,
    act: Callable[[Form], Any],
    said: str,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A dialog that asks, acts once and goes back to the order."""
    form = Form.of({})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: act(form)):
            return done(request, url_of(order), said)
    return dialog(request, order, template, form, context)


def dialog(
    request: HttpRequest,
    order: OrderPage,
    template: str,
    form: Form,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page of a task on an order, which is a dialog\'s content when a dialog asked."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    everything = {
        "order": order.head,
        "url": url_of(order),
        "form": form,
        "sees_prices": sees_prices(by),
        "sees_customer": by.may("customers:read"),
        **(context or {}),
    }
    return page(request, template, everything, status=form.status)


def _cancel_text(line: LineRow, currency: str) -> str:
    parts = [f"{display.quantity(line.outstanding, line.unit)} cancelled"]
    if line.retrieved:
        parts.append(f"{trim(line.retrieved)} selected go back to their lots")
    if line.reserved_quantity:
        parts.append(f"{trim(line.reserved_quantity)} reserved become free")
    if line.shipped:
        parts.append(f"{trim(line.shipped)} shipped stay")
    return ", ".join(parts)


def _unserved_said(order: OrderPage, unserved: Sequence[Any]) -> str:
    if not unserved:
        return "Everything that was open is selected, oldest lots first."
    positions = {line.id: line.position for line in order.lines}
    lines = ", ".join(str(positions[one.line_id]) for one in unserved[:8])
    return f"Selected oldest first. Stock was missing for line {lines}."
