"""Shipments: the list, the page, and what is done to one: events, edits, cancel (U14, U20)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict
from orderwright.shipping import queries, tracking
from orderwright.shipping.queries import ShipmentPage, ShipmentRow
from orderwright.shipping.tracking import Said
from orderwright.web import choices
from orderwright.web.forms import Form, done
from orderwright.web.road import page
from orderwright.web.shipment_list import LIST
from orderwright.web.shipment_view import next_statuses, shipment_view
from orderwright.web.vocabulary import word_of


def shipments(request: HttpRequest) -> HttpResponse:
    """The list, newest first unless sorted, narrowed by its address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    context = {"list": LIST.shown(by, asked), "may_add": by.may("shipments:create")}
    return page(request, "shipping/list.html", context)


def shipment(request: HttpRequest, reference: str) -> HttpResponse:
    """One shipment: what it carries, where it is, what the carrier said."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.shipment_page(by, reference)
    view = shipment_view(by, found)
    context = {
        "shipment": view,
        "back": f"/shipments/{found.head.number}",
        "sees_customer": by.may("customers:read"),
    }
    return page(request, "shipping/page.html", context)


def add_event(request: HttpRequest, reference: str) -> HttpResponse:
    """Record what the carrier said, or that it arrived (domain 2.6)."""
    return _record(request, reference, first={}, title="Add a tracking event")


def mark_delivered(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that it arrived."""
    first = {"status": "delivered"}
    return _record(request, reference, first=first, title="Mark as delivered")


def record_exception(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that something went wrong; the message says what."""
    first = {"status": "exception"}
    return _record(request, reference, first=first, title="Record an exception")


def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the shipment back."""

    def act(by: Caller, found: ShipmentPage, form: Form) -> Any:
        return tracking.cancel_shipment(
            by=by,
            shipment=found.head.id,
            reason=form.text("reason"),
            version=form.whole("version"),
        )

    return dialog(
        request,
        reference,
        "shipping/cancel.html",
        act=act,
        said="The shipment is cancelled.",
        context={},
    )


def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct carrier and tracking number while it is pending; the note at any time."""
    by: Caller = request.caller  # type: ignore[attr-defined]

    def act(by: Caller, found: ShipmentPage, form: Form) -> Any:
        is_pending = found.head.tracking_status == "pending"
        carrier_id = form.uuid("carrier_id") if is_pending else None
        form.check()
        return tracking.edit_shipment(
            by=by,
            shipment=found.head.id,
            carrier_id=carrier_id if carrier_id != found.head.carrier_id else None,
            tracking_number=form.text("tracking_number") if is_pending else None,
            note=form.text("note"),
            version=form.whole("version"),
        )

    context = {"carriers": choices.carriers(by)}
    return dialog(
        request,
        reference,
        "shipping/edit.html",
        act=act,
        said="The shipment is changed.",
        context=context,
    )


def _record(
    request: HttpRequest, reference: str, *, first: Mapping[str, Any], title: str
) -> HttpResponse:
    by: Caller = request.caller  # type: ignore[attr-defined]

    def act(by: Caller, found: ShipmentPage, form: Form) -> Any:
        status = form.text("status", required="Choose what happened.")
        message = form.text("message")
        if status == "exception" and not message:
            form.errors["message"] = "Say what went wrong."
        said = Said(
            status=status,
            occurred_at=_moment(by, form),
            location=form.text("location"),
            message=message,
        )
        form.check()
        return tracking.add_tracking_event(by=by, shipment=found.head.id, said=said)

    following = next_statuses(by, queries.shipment_page(by, reference).head)
    if not following:
        raise Conflict("invalid_transition", "Nothing further can happen to this shipment.")
    words = [(code, word_of("tracking", code).text) for code in following]
    context = {"title": title, "statuses": words, "first": first}
    return dialog(
        request,
        reference,
        "shipping/event.html",
        act=act,
        said="The event is recorded.",
        context=context,
    )


def dialog(
    request: HttpRequest,
    reference: str,
    template: str,
    *,
    act: Callable[[Caller, ShipmentPage, Form], Any],
    said: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    """A short task on one shipment: show its form, act, go back where it was opened."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("shipments:update")
    found = queries.shipment_page(by, reference)
    head = found.head
    back = _back(request, head)
    form = Form.of(
        {
            "carrier_id": head.carrier_id,
            "tracking_number": head.tracking_number,
            "note": head.note,
            **context.get("first", {}),
        }
    )
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: act(by, found, form)):
            return done(request, back, said)
    everything = {"shipment": head, "form": form, "back": back, **context}
    return page(request, template, everything, status=form.status)


def _back(request: HttpRequest, head: ShipmentRow) -> str:
    """Where the dialog was opened: the order's page, or the shipment's own."""
    order = f"/orders/sales/{head.order_number}"
    if head.order_number and request.GET.get("back") == order:
        return f"{order}?tab=shipments"
    return f"/shipments/{head.number}"


def _moment(by: Caller, form: Form) -> datetime | None:
    """When it happened, typed in the organization's time; None is now."""
    typed = form.text("occurred_at")
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(by.organization.timezone))
    except ValueError:
        form.errors["occurred_at"] = "Give a date and a time."
        return None
