"""Announce a return, and receive it: a card for each line, ready for a phone (4.15, U32)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.numbers import trim
from orderwright.kernel.weight import is_weight_unit
from orderwright.returns import actions, queries, rules
from orderwright.returns.actions import NewReturn
from orderwright.returns.queries import ReturnLineRow, ReturnPage
from orderwright.returns.rules import Asked, LineFacts
from orderwright.sales import queries as sales
from orderwright.sales.page import LineRow, OrderPage
from orderwright.web import display
from orderwright.web.forms import Form, done
from orderwright.web.order_lines import attributes_of
from orderwright.web.order_page import url_of as order_url
from orderwright.web.purchasing_edit import locations
from orderwright.web.returns_page import allowed_return
from orderwright.web.returns_view import goods_of, url_of
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of

MOST_CARDS: Final = 100


@dataclass(frozen=True, slots=True)
class Card:
    """A line of which something comes back. `whole` is what can be filled in at a touch; `codes`,
    one a line, are what a scanner may read; `figures` what is known of it."""

    key: str
    position: int
    name: str
    sku: str
    attributes: str
    unit: str
    label: str
    whole: str
    codes: str
    figures: tuple[tuple[str, str], ...]
    error: str
    is_open: bool


def request_return(request: HttpRequest, reference: str) -> HttpResponse:
    """Announce what a customer sends back: how much of which lines, and why."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = sales.order_page(by, reference)
    facts = _allowed(by, order)
    asked = {*request.GET.getlist("line"), *request.POST.getlist("line")}
    able = [line for line in order.lines if line.id in facts]
    shown = sorted(able, key=lambda line: str(line.id) not in asked)[:MOST_CARDS]
    form = Form.of(_chosen(request, facts, shown))
    if request.method == "POST":
        form = Form.posted(request)
        sent: list[str] = []
        if form.accept(lambda: actions.request_return(by=by, new=_new(form, order, sent))):
            made = form.result
            said = f"{made.head.number}: {goods_of(made)} may come back."
            return done(request, f"{order_url(order)}?tab=returns", said)
        form.place_errors(sent)
    context = {
        "order": order.head,
        "url": order_url(order),
        "form": form,
        "cards": [_card_of_order(line, facts[line.id], form) for line in shown],
        "dispositions": choices_of("disposition"),
        "is_request": True,
        "more": len(able) - len(shown),
    }
    return page(request, "returns/request.html", context, status=form.status)


def receive(request: HttpRequest, reference: str) -> HttpResponse:
    """What was announced has arrived: how much, in which condition, and what becomes of it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = allowed_return(by, reference, "receive")
    form = Form.of(_announced(found))
    if request.method == "POST":
        form = Form.posted(request)
        sent: list[str] = []
        if form.accept(lambda: _receive(by, found, form, sent)):
            return done(request, url_of(found), _said(form.result))
        form.place_errors(sent)
    context = {
        "back": found.head,
        "url": url_of(found),
        "form": form,
        "cards": [_card_of_return(line, form) for line in found.lines],
        "dispositions": choices_of("disposition"),
        "locations": locations(by) if by.may("inventory:read") else [],
    }
    return page(request, "returns/receive.html", context, status=form.status)


def _allowed(by: Caller, order: OrderPage) -> dict[UUID, LineFacts]:
    """The lines of which something can come back. Raises Forbidden, Conflict with the sentence why
    nothing can."""
    by.must("returns:create")
    facts = queries.line_facts(by, order)
    one = rules.may_be_requested(facts, order.head.number, by.permissions)
    if not one.allowed:
        raise Conflict("not_allowed_now", one.why_not or "This is not possible now.")
    return {line_id: line for line_id, line in facts.items() if line.returnable > 0}


def _chosen(
    request: HttpRequest, facts: Mapping[UUID, LineFacts], shown: list[LineRow]
) -> dict[str, Any]:
    """All that can come back of the ticked lines; of an only line, too."""
    asked = set(request.GET.getlist("line"))
    start: dict[str, Any] = {}
    for line in shown:
        start[f"disposition-{line.id}"] = "restock"
        if str(line.id) in asked:
            start[f"quantity-{line.id}"] = trim(facts[line.id].returnable)
    return start


def _announced(found: ReturnPage) -> dict[str, Any]:
    """Everything as it was announced."""
    start: dict[str, Any] = {"version": found.head.version}
    for line in found.lines:
        start[f"quantity-{line.line_id}"] = trim(line.quantity)
        start[f"disposition-{line.line_id}"] = line.disposition
        start[f"condition-{line.line_id}"] = line.condition
        start[f"location_id-{line.line_id}"] = line.location_id
    return start


def _new(form: Form, order: OrderPage, sent: list[str]) -> NewReturn:
    """The return as the action takes it; `sent` gets the ids of its lines, in their order."""
    reason = form.text("reason", required="Say why it comes back.")
    rows = _rows(form, sent)
    if not rows:
        form.errors["lines"] = "Nothing comes back by these numbers. Give a quantity."
    form.check()
    return NewReturn(order.id, rows, reason=reason, note=form.text("note"))


def _receive(by: Caller, found: ReturnPage, form: Form, sent: list[str]) -> ReturnPage:
    version, rows = form.whole("version"), _rows(form, sent)
    form.check()
    if not rows:
        message = "Nothing has arrived by these numbers. Give a quantity, or cancel the return."
        raise Invalid("nothing_received", message, fields={"lines": message})
    return actions.receive_return(by=by, reference=found.id, lines=rows, version=version)


def _rows(form: Form, sent: list[str]) -> list[Asked]:
    rows = []
    for key in form.several("line"):
        quantity = form.number_text(f"quantity-{key}")
        if quantity in ("", "0"):
            continue
        row = Asked(
            line_id=_id_of(key),
            quantity=quantity,
            disposition=form.text(f"disposition-{key}") or "restock",
            condition=form.text(f"condition-{key}"),
            location_id=form.uuid(f"location_id-{key}"),
        )
        rows.append(row)
        sent.append(key)
    return rows


def _id_of(key: str) -> UUID:
    """The line that a card is about. Raises Invalid for what is no line at all."""
    try:
        return UUID(key)
    except ValueError:
        message = "This line does not stand on the order."
        raise Invalid("unknown_line", message, fields={"lines": message}) from None


def _card_of_order(line: LineRow, facts: LineFacts, form: Form) -> Card:
    figures = [("Shipped", display.quantity(line.shipped, line.unit))]
    if line.returned:
        figures.append(("Returned", display.quantity(line.returned)))
    if facts.announced:
        figures.append(("On its way back", display.quantity(facts.announced)))
    return Card(
        key=str(line.id),
        position=line.position,
        name=line.product_name or line.description,
        sku=line.sku,
        attributes=attributes_of(line),
        unit=line.unit,
        label=_label("Back", line.unit),
        whole=trim(facts.returnable),
        codes=line.sku,
        figures=(*figures, ("Can come back", display.quantity(facts.returnable))),
        error=form.errors.get(f"line_id-{line.id}", ""),
        is_open=_is_open(form, str(line.id)),
    )


def _card_of_return(line: ReturnLineRow, form: Form) -> Card:
    return Card(
        key=str(line.line_id),
        position=line.position,
        name=line.description or line.sku,
        sku=line.sku,
        attributes="",
        unit=line.unit,
        label=_label("Arrived", line.unit),
        whole=trim(line.quantity),
        codes=line.sku,
        figures=(
            ("Shipped", display.quantity(line.shipped, line.unit)),
            ("Returned before", display.quantity(line.returned)),
            ("Announced", display.quantity(line.quantity)),
        ),
        error=form.errors.get(f"line_id-{line.line_id}", ""),
        is_open=_is_open(form, str(line.line_id)),
    )


def _label(text: str, unit: str) -> str:
    """What goes by weight is weighed."""
    return f"{text} by weight, {unit}" if is_weight_unit(unit) else f"{text}, {unit}"


def _is_open(form: Form, key: str) -> bool:
    names = (f"condition-{key}", f"location_id-{key}")
    return any(form.value(name) or name in form.errors for name in names)


def _said(found: ReturnPage) -> str:
    words = dict(choices_of("disposition"))
    parts = [
        f"{display.quantity(line.received, line.unit)} to {words[line.disposition].lower()}"
        + (f" ({line.tag_id})" if line.tag_id else "")
        for line in found.lines
        if line.received
    ]
    shown = ", ".join(parts[:3]) + (f" and {len(parts) - 3} more lines" if len(parts) > 3 else "")
    return f"{found.head.number} is received: {shown}."
