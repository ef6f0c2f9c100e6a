"""Shipments: the list, the page, and what is done to one: events, edits, cancel (U14, U20)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict
from orderwright.shipping import queries, tracking
from orderwright.shipping.queries import ShipmentFilter, ShipmentPage, ShipmentRow
from orderwright.shipping.tracking import Said
from orderwright.web import choices, display, lists
from orderwright.web.forms import Form, done
from orderwright.web.lists import Column, Empty, Filter, Tab
from orderwright.web.road import page
from orderwright.web.shipment_view import contents_of, next_statuses, reasons_of, shipment_view
from orderwright.web.vocabulary import choices_of, word_of

# A tab narrows by stage, by tracking status, or by neither.
TABS: Final = (
    ("All", None, None),
    ("To ship", "packed", None),
    ("Pending", "shipped", "pending"),
    ("In transit", None, "in_transit"),
    ("Exceptions", None, "exception"),
    ("Delivered", None, "delivered"),
)


def shipments(request: HttpRequest) -> HttpResponse:
    """The list, newest first, narrowed by its address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked = lists.asked(request, "status", "stage", "carrier_id", "delivered_on")
    day = _day(asked.value("delivered_on"))
    starts, ends = by.day_of(day) if day else (None, None)
    wanted = ShipmentFilter(
        status=asked.value("status"),
        stage=asked.value("stage"),
        carrier_id=asked.uuid("carrier_id"),
        delivered_from=starts,
        delivered_before=ends,
        q=asked.q or None,
    )
    rows = queries.shipments(by, wanted, before=asked.after, limit=lists.PAGE_SIZE)
    here = (asked.value("stage"), asked.value("status"))
    shown = lists.listing(
        name="Shipments",
        asked=asked,
        columns=listed_columns(by),
        rows=listed_rows(rows),
        search="Number, tracking number or customer",
        filters=[
            Filter("stage", "Stage", choices_of("shipment")),
            Filter("status", "Tracking", choices_of("tracking")),
            Filter("stage", "Stage", choices_of("shipment")),
            Filter("carrier_id", "Carrier", choices.carriers(by)),
        ],
        tabs=[
            Tab(text, asked.url(stage=stage, status=status), here == (stage, status))
            for text, stage, status in TABS
        ],
        empty=Empty(
            "No shipments yet",
            "A shipment stands here once goods of an order are packed or have left. Pick and pack "
            "an issued order, or create its shipment.",
            icon="truck",
            action="Sales orders that are issued",
            url="/orders/sales?status=issued",
        ),
    )
    return page(
        request, "shipping/list.html", {"list": shown, "may_add": by.may("shipments:create")}
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


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


@dataclass(frozen=True, slots=True)
class _Row:
    id: Any
    one: ShipmentPage


def listed_rows(found: Sequence[ShipmentPage]) -> list[Any]:
    """Shipments as rows of a list."""
    return [_Row(one.head.id, one) for one in found]


def listed_columns(by: Caller) -> list[Column]:
    """How a shipment shows itself in a list."""
    now, zone = by.now, by.organization.timezone
    columns = [
        Column(
            "Shipment",
            lambda row: display.link(row.one.head.number, f"/shipments/{row.one.head.number}"),
            primary=True,
        ),
        Column("Order", lambda row: _order_link(row.one.head), whole=True),
    ]
    if by.may("customers:read"):
        columns.append(Column("Customer", lambda row: row.one.head.customer_name))
    return [
        *columns,
        Column("Status", lambda row: _status(row.one)),
        Column("Carrier", lambda row: row.one.head.carrier_name),
        Column("Tracking number", lambda row: row.one.head.tracking_number),
        Column("Contents", lambda row: contents_of(row.one), quiet=True),
        Column(
            "Shipped", lambda row: display.instant(row.one.head.shipped_at, now=now, timezone=zone)
        ),
    ]


def _order_link(head: ShipmentRow) -> str:
    if not head.order_number:
        return ""
    return display.link(head.order_number, f"/orders/sales/{head.order_number}")


def _status(found: ShipmentPage) -> str:
    if found.head.stage != "shipped":
        return display.chip("shipment", found.head.stage)
    return display.chip("tracking", found.head.tracking_status, reasons_of(found))


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
