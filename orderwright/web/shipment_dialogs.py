"""Packed goods leave or are unpacked; shipments of no order, and linking them (4.8, U20)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import NotFound
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage
from orderwright.shipping import queries, shipping_out
from orderwright.shipping.queries import ShipmentPage
from orderwright.shipping.shipping_out import CaseChange, MappedLine
from orderwright.web import choices, display
from orderwright.web.forms import Form, done
from orderwright.web.order_stock import Sent, attempt
from orderwright.web.places import ADDRESS
from orderwright.web.road import page
from orderwright.web.shipment_view import shipment_view
from orderwright.web.shipping_pages import dialog


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A line of the order to which a shipment is linked, with the input for what it carries."""

    name: str
    position: int
    sku: str
    text: str
    outstanding: str
    unit: str


def ship(request: HttpRequest, reference: str) -> HttpResponse:
    """A packed shipment leaves: who takes it, and how to follow each case."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    cases = shipment_view(by, queries.shipment_page(by, reference)).cases

    def act(by: Caller, found: ShipmentPage, form: Form) -> Any:
        carrier_id = form.uuid("carrier_id", required="Choose the carrier.")
        form.check()
        return shipping_out.ship(
            by=by,
            shipment=found.head.id,
            carrier_id=carrier_id,
            tracking_number=form.text("tracking_number"),
            cases=[CaseChange(one.id, form.text(f"case-{one.id}")) for one in cases],
            confirmed=frozenset(form.several("confirm")),
            version=form.whole("version"),
        )

    first = {f"case-{one.id}": one.tracking_number for one in cases}
    context = {"carriers": choices.carriers(by), "cases": cases, "first": first}
    return dialog(
        request,
        reference,
        "shipping/ship.html",
        act=act,
        said="The shipment is on its way.",
        context=context,
    )


def void(request: HttpRequest, reference: str) -> HttpResponse:
    """Unpack: the goods can be packed again."""

    def act(by: Caller, found: ShipmentPage, form: Form) -> Any:
        return shipping_out.void_shipment(
            by=by,
            shipment=found.head.id,
            reason=form.text("reason"),
            version=form.whole("version"),
        )

    return dialog(
        request,
        reference,
        "shipping/void.html",
        act=act,
        said="The shipment is voided.",
        context={},
    )


def add(request: HttpRequest) -> HttpResponse:
    """A shipment of no order; it can be linked to one later."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("shipments:create")
    form = Form.of({"ship_to_country": ""})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _create(by, form)):
            head = form.result.head
            return done(request, f"/shipments/{head.number}", f"Shipment {head.number} is added.")
        form.errors = {
            name.replace("ship_to.", "ship_to_"): text for name, text in form.errors.items()
        }
    context = {"form": form, "carriers": choices.carriers(by), "countries": choices.countries()}
    return page(request, "shipping/new.html", context, status=form.status)


def link(request: HttpRequest, reference: str) -> HttpResponse:
    """Say which order a shipment belongs to, and what of it it carries (C-18)."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("shipments:update")
    found = queries.shipment_page(by, reference)
    form, refused = Form.of({"order": request.GET.get("order", "")}), ""
    if request.method == "POST":
        form = Form.posted(request)
    order = _order(by, form)
    if request.method == "POST" and order is not None:
        asked, names = _mapped(form, order)
        accepted, refused = attempt(
            form, Sent([], names), lambda: _link(by, found, order, asked, form)
        )
        if accepted:
            said = f"Shipment {found.head.number} belongs to {order.head.number}."
            return done(request, f"/shipments/{found.head.number}", said)
    context = {
        "shipment": found.head,
        "form": form,
        "order": order and order.head,
        "lines": _link_lines(order) if order else [],
        "refused": refused,
        "back": f"/shipments/{found.head.number}",
    }
    return page(request, "shipping/link.html", context, status=form.status)


def _create(by: Caller, form: Form) -> ShipmentPage:
    carrier_id = form.uuid("carrier_id", required="Choose the carrier.")
    address = {name: form.text(f"ship_to_{name}") for name in ADDRESS}
    form.check()
    return shipping_out.create_standalone(
        by=by,
        carrier_id=carrier_id,
        tracking_number=form.text("tracking_number"),
        ship_to=address if any(address.values()) else None,
        note=form.text("note"),
        confirmed=frozenset(form.several("confirm")),
    )


def _order(by: Caller, form: Form) -> OrderPage | None:
    """The order whose number stands in the form; an error beside the field when there is none."""
    number = form.text("order")
    if not number:
        return None
    try:
        return sales.order_page(by, number)
    except NotFound:
        form.errors["order"] = "There is no order with this number."
        return None


def _mapped(form: Form, order: OrderPage) -> tuple[list[MappedLine], dict[str, str]]:
    """The lines that carry something, with the inputs that refusals are about."""
    asked: list[MappedLine] = []
    names = {"order_id": "order"}
    for line in order.lines:
        name = f"line-{line.id}"
        typed = form.number_text(name)
        if typed:
            path = f"lines.{len(asked)}"
            names |= {path: name, f"{path}.quantity": name, f"{path}.line_id": name}
            asked.append(MappedLine(line.id, typed))
    return asked, names


def _link(
    by: Caller, found: ShipmentPage, order: OrderPage, asked: list[MappedLine], form: Form
) -> ShipmentPage:
    return shipping_out.link(
        by=by,
        shipment=found.head.id,
        order_id=order.id,
        lines=asked,
        allow_over="over" in form.several("anyway"),
        version=form.whole("version"),
    )


def _link_lines(order: OrderPage) -> list[LinkLine]:
    return [
        LinkLine(
            name=f"line-{line.id}",
            position=line.position,
            sku=line.sku,
            text=line.product_name or line.description,
            outstanding=display.quantity(line.outstanding, line.unit),
            unit=line.unit,
        )
        for line in order.lines
        if line.is_stock and not line.is_cancelled
    ]
