"""Edit a purchase order within what its phase allows: terms, dates, addresses, lines, prices."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.inventory.locations import LOCATION
from orderwright.kernel.errors import NotFound, Refusal
from orderwright.kernel.numbers import trim
from orderwright.purchasing import edits, lifecycle, queries
from orderwright.purchasing.edits import LineChange
from orderwright.purchasing.new_lines import NewLine
from orderwright.purchasing.page import LineRow, OrderPage
from orderwright.web import choices
from orderwright.web.forms import Form, done
from orderwright.web.merging import Meanwhile
from orderwright.web.order_form import ADDRESSES, LINE_WORDS, changed_words, changes_of_head
from orderwright.web.places import ADDRESS
from orderwright.web.purchasing_actions import caller
from orderwright.web.purchasing_page import name_of, url_of
from orderwright.web.road import page

TEXTS: Final = ("supplier_reference", "notes", "internal_note", "priority")
DAYS: Final = ("date_required", "order_deadline", "promised_at")
CHOSEN: Final = (
    "supplier_id",
    "order_lead_id",
    "payment_term_id",
    "shipping_term_id",
    "carrier_id",
    "location_id",
)
MONEY: Final = ("currency", "internal_budget")
_LABELS: Final = {"promised_at": "Promised", "order_deadline": "Internal deadline"}


def locations(by: Caller) -> list[tuple[str, str]]:
    """Where goods can arrive."""
    return choices.of_kind(by, LOCATION, is_active=True)


def terms(by: Caller) -> dict[str, list[tuple[str, str]]]:
    """What the selects of an order's terms offer."""
    return {
        "staff": choices.staff(by),
        "payment_terms": choices.payment_terms(by),
        "shipping_terms": choices.shipping_terms(by),
        "carriers": choices.carriers(by),
        "locations": locations(by),
        "priorities": list(choices.PRIORITIES),
    }


def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change the head. What the order's phase locks is left out, with the sentence why."""
    by = caller(request)
    by.must("purchase_orders:update")
    order = queries.order_page(by, reference)
    locked = _locked(by, order)
    now = _values(order, locked)
    form = Form.of(now, merges=[name for name in now if name != "version"])
    offered = terms(by)
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(
            lambda: edits.edit_order(
                by=by,
                order=order.id,
                changes=_changes(form, order, locked),
                version=form.whole("version"),
                confirmed=frozenset(form.several("confirm")),
            ),
            meanwhile=lambda: Meanwhile(now, _LABELS, _words(offered)),
        ):
            return done(request, url_of(order), "The order is changed.")
    context = {
        "order": order.head,
        "url": url_of(order),
        "form": form,
        "locked": locked,
        "why": dict.fromkeys(text for name, text in locked.items() if name not in MONEY),
        **offered,
    }
    return page(request, "purchasing/edit.html", context, status=form.status)


def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Write the internal note, which every stage allows."""
    by = caller(request)
    by.must("purchase_orders:update")
    order = queries.order_page(by, reference)
    form = Form.of({"internal_note": order.head.internal_note})
    if request.method == "POST":
        form = Form.posted(request)
        changes = {"internal_note": form.value("internal_note").replace("\r\n", "\n").strip()}
        version = form.whole("version")
        if form.accept(
            lambda: edits.edit_order(by=by, order=order.id, changes=changes, version=version)
        ):
            return done(request, url_of(order), "The note is saved.")
    context = {"order": order.head, "url": url_of(order), "form": form}
    return page(request, "sales/note.html", context, status=form.status)


def add_line(request: HttpRequest, reference: str) -> HttpResponse:
    """Put one more line on the order: a product, or something that is only described."""
    by = caller(request)
    order = queries.order_page(by, reference)

    def act(form: Form) -> Any:
        product_id, needed_by = form.uuid("product_id"), form.day("needed_by")
        form.check()
        texts = {name: form.text(name) or None for name in LINE_WORDS}
        new = NewLine(
            product_id=product_id,
            quantity=form.number_text("quantity") or None,
            unit=form.text("unit") or None,
            unit_price=form.number_text("unit_price") or None,
            needed_by=needed_by,
            **texts,
        )
        return edits.add_lines(by=by, order=order.id, lines=[new], version=form.whole("version"))

    return _line_form(request, order, act, None, "The line is added.")


def edit_line(request: HttpRequest, reference: str, line_id: UUID) -> HttpResponse:
    """Change a line's quantity, price and words."""
    by = caller(request)
    order = queries.order_page(by, reference)
    line = order.lines_by_id().get(line_id)
    if line is None:
        raise NotFound("not_found", "There is no such line on this purchase order.")

    def act(form: Form) -> Any:
        change = _line_change(form, line)
        form.check()
        version = form.whole("version")
        return edits.change_line(
            by=by, order=order.id, line_id=line_id, change=change, version=version
        )

    return _line_form(request, order, act, line, f"Line {line.position} is changed.")


def _line_form(
    request: HttpRequest,
    order: OrderPage,
    act: Callable[[Form], Any],
    line: LineRow | None,
    said: str,
) -> HttpResponse:
    by = caller(request)
    by.must("purchase_orders:update")
    form = Form.of(_line_values(line) if line else {})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: act(form)):
            return done(request, url_of(order), said)
        form.strip_errors("lines.0.")
    context = {
        "order": order.head,
        "url": url_of(order),
        "form": form,
        "line": line,
        "line_name": name_of(line) if line else "",
        "may_price": by.may("orders_commercial:update"),
    }
    return page(request, "purchasing/line_form.html", context, status=form.status)


def _locked(by: Caller, order: OrderPage) -> dict[str, str]:
    """The fields that may not be changed now, with the sentence why."""
    facts, found = order.facts(), {}
    for name in (*TEXTS, *DAYS, *CHOSEN, *MONEY, *ADDRESSES):
        try:
            lifecycle.check_fields(facts, {name})
        except Refusal as refusal:
            found[name] = refusal.message
    if not by.may("orders_commercial:update"):
        found |= dict.fromkeys(MONEY, "Your role does not change this.")
    if not by.may("suppliers:read"):
        found["supplier_id"] = "Your role does not change this."
    return found


def _values(order: OrderPage, locked: Mapping[str, str]) -> dict[str, Any]:
    head = order.head
    plain = (*TEXTS, *DAYS, *CHOSEN, *MONEY)
    found = {name: getattr(head, name) for name in plain if name not in locked}
    for place in ADDRESSES:
        if place not in locked:
            found |= {f"{place}_{name}": getattr(head, place).get(name, "") for name in ADDRESS}
    if "supplier_id" in found:
        found["supplier_id_text"] = head.supplier_name
    return found | {"version": head.version}


def _words(offered: Mapping[str, list[tuple[str, str]]]) -> dict[str, dict[str, str]]:
    """What the choices of the form are called."""
    named = {
        "order_lead_id": "staff",
        "payment_term_id": "payment_terms",
        "shipping_term_id": "shipping_terms",
        "carrier_id": "carriers",
        "location_id": "locations",
        "priority": "priorities",
    }
    return {field: dict(offered[name]) for field, name in named.items()}


def _changes(form: Form, order: OrderPage, locked: Mapping[str, str]) -> dict[str, Any]:
    names = (*TEXTS, *DAYS, *CHOSEN, *MONEY)
    return changes_of_head(form, order.head, names, locked=locked)


def _line_values(line: LineRow) -> dict[str, Any]:
    return {
        "quantity": line.ordered,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "needed_by": line.needed_by,
        **{name: getattr(line, name) for name in LINE_WORDS},
    }


def _line_change(form: Form, line: LineRow) -> LineChange:
    """What differs from the line."""
    quantity, unit, price = (
        form.number_text("quantity"),
        form.text("unit"),
        form.number_text("unit_price"),
    )
    needed_by = form.day("needed_by")
    return LineChange(
        quantity=quantity if quantity != trim(line.ordered) else None,
        unit=unit if unit and unit != line.unit else None,
        unit_price=price if price and price != trim(line.unit_price) else None,
        needed_by=needed_by if needed_by != line.needed_by else None,
        **changed_words(form, line),
    )
