"""Create Shipment: what waits is ticked, fresh lots can be added, both on one card (4.7, U13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.kernel.numbers import ONE, ZERO, trim
from orderwright.kernel.weight import convert, is_weight_unit
from orderwright.sales import queries
from orderwright.sales.page import LineRow, OrderPage
from orderwright.shipping import actions as shipping
from orderwright.shipping import queries as shipments
from orderwright.shipping.actions import NewShipment, SelectionAsk, ShipLine
from orderwright.web import choices, display
from orderwright.web.forms import Form, done
from orderwright.web.order_actions import chosen_of
from orderwright.web.order_lines import attributes_of
from orderwright.web.order_page import url_of
from orderwright.web.order_stock import (
    MOST_CARDS,
    LineCard,
    Sent,
    attempt,
    cards_of,
    check_allowed,
    read_cards,
)
from orderwright.web.places import ADDRESS
from orderwright.web.road import page
from orderwright.web.shipment_view import shipment_view


@dataclass(frozen=True, slots=True)
class Waiting:
    """A selection that is ready to ship. `factor`: what one of its unit counts for the line."""

    row: inventory.SelectionRow
    is_ticked: bool
    quantity: str
    whole: str
    factor: str
    error: str


@dataclass(frozen=True, slots=True)
class ShipCard:
    """A line with what waits for it, and with the lots that could be shipped at once."""

    card: LineCard
    outstanding: str
    wanted: str
    waiting: list[Waiting]
    shows_lots: bool


def create_shipment(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the cards; ship what is ticked and entered, all or nothing."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)
    check_allowed(by, order, "create-shipment")
    lines = _lines(request, order)
    waiting = _waiting(by, lines)
    form, refused = Form.of(_first_values(order)), ""
    is_posted = request.method == "POST"
    if is_posted:
        form = Form.posted(request)
        sent = read_cards(form, lines)
        names = dict(sent.names)
        new = _read(form, lines, waiting, sent, names)
        accepted, refused = attempt(
            form,
            Sent(sent.lines, names),
            lambda: shipping.create_shipment(by=by, order=order.id, new=_checked(form, new)),
        )
        if accepted:
            said = f"Shipment {form.result.head.number} is on its way."
            return done(request, f"{url_of(order)}?tab=shipments", said)
    typed = form if is_posted else Form.of({})
    context = {
        "order": order.head,
        "url": url_of(order),
        "form": form,
        "cards": _cards(by, lines, waiting, typed),
        "carriers": choices.carriers(by),
        "carrier_options": choices.carrier_options(by),
        "refused": refused,
        "opens_address": any(name.startswith("ship_to") for name in form.errors),
    }
    return page(request, "shipping/create.html", context, status=form.status)


def manage_shipments(request: HttpRequest, reference: str) -> HttpResponse:
    """The shipments that carry a line, with everything that can be done to them (U14)."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)
    asked = set(request.GET.getlist("line"))
    found = [
        shipment_view(by, one)
        for one in shipments.shipments_of_order(by, order.id)
        if not asked or asked & {str(line.line_id) for line in one.lines}
    ]
    context = {"order": order.head, "back": url_of(order), "shipments": found}
    return page(request, "shipping/manage.html", context)


def _lines(request: HttpRequest, order: OrderPage) -> list[LineRow]:
    able = chosen_of(request, order, "ship")
    return [line for line in order.lines if line.id in able][:MOST_CARDS]


def _waiting(by: Caller, lines: Sequence[LineRow]) -> dict[UUID, list[inventory.SelectionRow]]:
    """The open selections of lines, oldest first."""
    line_of = {line.reservation_id: line.id for line in lines if line.reservation_id}
    found: dict[UUID, list[inventory.SelectionRow]] = {}
    for row in reversed(inventory.selections_of(by, list(line_of)) if line_of else []):
        if row.is_open:
            found.setdefault(line_of[row.reservation_id], []).append(row)
    return found


def _first_values(order: OrderPage) -> dict[str, Any]:
    head = order.head
    return {
        "carrier_id": head.carrier_id,
        "carrier_option_id": head.carrier_option_id,
        **{f"ship_to_{name}": head.ship_to.get(name, "") for name in ADDRESS},
    }


def _cards(
    by: Caller,
    lines: Sequence[LineRow],
    waiting: dict[UUID, list[inventory.SelectionRow]],
    typed: Form,
) -> list[ShipCard]:
    found = []
    # Nothing is suggested from lots that nobody selected: an empty form that was "posted".
    quiet = typed if typed.values else Form.of({"nothing": "typed"})
    may_take = by.may("inventory:read") and by.may("inventory:update")
    cards = cards_of(by, lines, quiet) if may_take else []
    by_line = {card.row.id: card for card in cards}
    for line in lines:
        card = by_line.get(line.id) or LineCard(line, attributes_of(line), "", "", [], False, "")
        rows = waiting.get(line.id, [])
        found.append(
            ShipCard(
                card=card,
                outstanding=display.quantity(line.outstanding, line.unit),
                wanted=trim(line.outstanding),
                waiting=[_wait(line, row, typed) for row in rows],
                shows_lots=not rows or any(lot.quantity or lot.error for lot in card.lots),
            )
        )
    return found


def _wait(line: LineRow, row: inventory.SelectionRow, typed: Form) -> Waiting:
    ticked = typed.flag(f"ship-{row.id}") if typed.values else True
    quantity = typed.value(f"part-{row.id}") if typed.values else trim(row.quantity)
    return Waiting(
        row=row,
        is_ticked=ticked,
        quantity=quantity,
        whole=trim(row.quantity),
        factor=trim(_counts(line, row)),
        error=typed.errors.get(f"part-{row.id}", ""),
    )


def _counts(line: LineRow, row: inventory.SelectionRow) -> Any:
    if line.basis != "weight":
        return ONE / line.unit_ratio
    if not row.quantity or not is_weight_unit(line.unit):
        return ZERO
    return convert(row.weight, row.weight_unit, line.unit) / row.quantity


def _read(
    form: Form,
    lines: Iterable[LineRow],
    waiting: dict[UUID, list[inventory.SelectionRow]],
    sent: Sent,
    names: dict[str, str],
) -> list[ShipLine]:
    """What the cards ask to ship; `names` learns which input each path of a refusal means."""
    fresh = {ask.line_id: ask.selections for ask in sent.lines}
    found: list[ShipLine] = []
    for line in lines:
        asks: list[SelectionAsk] = []
        for row in waiting.get(line.id, []):
            if form.flag(f"ship-{row.id}"):
                path = f"lines.{len(found)}.selections.{len(asks)}"
                names |= {path: f"part-{row.id}", f"{path}.quantity": f"part-{row.id}"}
                typed = form.value(f"part-{row.id}").strip()
                is_whole = typed in ("", trim(row.quantity))
                asks.append(SelectionAsk(row.id, None if is_whole else typed))
        lots = fresh.get(line.id, ())
        for index, lot in enumerate(lots):
            path = f"lines.{len(found)}.lots.{index}"
            name = f"q-{line.id}-{lot.lot_id}"
            names |= {path: name, f"{path}.quantity": name, f"{path}.weight": name}
        if asks or lots:
            found.append(ShipLine(line.id, asks, lots))
    return found


def _checked(form: Form, lines: list[ShipLine]) -> NewShipment:
    """The shipment as the form describes it. Raises Invalid with what is missing."""
    carrier_id = form.uuid("carrier_id", required="Choose the carrier.")
    new = NewShipment(
        carrier_id=carrier_id,
        carrier_option_id=form.uuid("carrier_option_id"),
        tracking_number=form.text("tracking_number"),
        lines=lines,
        package=_package(form),
        note=form.text("note"),
        ship_to={name: form.text(f"ship_to_{name}") for name in ADDRESS},
        allow_over="over" in form.several("anyway"),
        confirmed=frozenset(form.several("confirm")),
        version=form.whole("version"),
    )
    form.check()
    return new


def _package(form: Form) -> dict[str, str]:
    names = ("weight", "weight_unit", "length", "width", "height", "dimension_unit")
    typed = {name: form.text(f"package_{name}") for name in names}
    has_weight = bool(typed["weight"])
    has_size = any(typed[name] for name in ("length", "width", "height"))
    kept = {
        name: value
        for name, value in typed.items()
        if value
        and (name != "weight_unit" or has_weight)
        and (name != "dimension_unit" or has_size)
    }
    for name in ("weight", "length", "width", "height"):
        form.decimal(f"package_{name}")
    return kept
