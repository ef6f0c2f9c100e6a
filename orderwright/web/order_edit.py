"""Edit an order within what its phase allows: terms and addresses, lines and prices (2.9, 5.7)."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, NotFound
from orderwright.kernel.numbers import trim
from orderwright.sales import edit_rules, edits, queries
from orderwright.sales.edits import LineChange
from orderwright.sales.new_lines import NewLine
from orderwright.sales.page import LineRow, OrderPage
from orderwright.web import choices
from orderwright.web.forms import Form, done
from orderwright.web.merging import Meanwhile
from orderwright.web.order_form import ADDRESSES, LINE_WORDS, changed_words, changes_of_head
from orderwright.web.order_page import sees_prices, url_of
from orderwright.web.places import ADDRESS
from orderwright.web.road import page

TEXTS: Final = ("customer_po_number", "notes", "internal_note", "priority", "discount_code")
DAYS: Final = ("date_required", "order_deadline", "promised_at")
CHOSEN: Final = (
    "customer_id",
    "order_lead_id",
    "sales_rep_id",
    "payment_term_id",
    "shipping_term_id",
    "carrier_id",
    "carrier_option_id",
)
_LABELS: Final = {
    "carrier_option_id": "Service",
    "promised_at": "Promised",
    "order_deadline": "Internal deadline",
    "customer_po_number": "Customer's PO number",
    "notes": "Customer's notes",
}


def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change the head. What the order's phase locks is shown, with the sentence why."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("sales_orders:update")
    order = queries.order_page(by, reference)
    locked = _locked(by, order)
    now = _values(by, order, locked)
    form = Form.of(now, merges=[name for name in now if name != "version"])
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
            meanwhile=lambda: Meanwhile(now, _LABELS, _words(by)),
        ):
            return done(request, url_of(order), "The order is changed.")
    context = {
        "order": order.head,
        "url": url_of(order),
        "form": form,
        "locked": locked,
        "why": dict.fromkeys(locked.values()),
        "sees_prices": sees_prices(by),
        "sees_customer": by.may("customers:read"),
        "staff": choices.staff(by),
        "payment_terms": choices.payment_terms(by),
        "shipping_terms": choices.shipping_terms(by),
        "carriers": choices.carriers(by),
        "carrier_options": choices.carrier_options(by),
        "priorities": choices.PRIORITIES,
    }
    return page(request, "sales/edit.html", context, status=form.status)


def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Write the internal note, which every stage allows (domain 2.9)."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("sales_orders:update")
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
    """Put one more line on the order."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)

    def act(form: Form) -> Any:
        product_id = form.uuid("product_id", required="Choose the product.")
        form.check()
        if product_id is None:
            raise Invalid("product_missing", "Choose the product.")
        new = NewLine(
            product_id=product_id,
            quantity=form.text("quantity") or None,
            unit=form.text("unit") or None,
            unit_price=form.text("unit_price") or None,
            description=form.text("description") or None,
            size=form.text("size") or None,
            shape=form.text("shape") or None,
            color=form.text("color") or None,
            quality=form.text("quality") or None,
            material=form.text("material") or None,
        )
        return edits.add_lines(by=by, order=order.id, lines=[new], version=form.whole("version"))

    return _line_form(request, order, act, None, "The line is added.")


def edit_line(request: HttpRequest, reference: str, line_id: UUID) -> HttpResponse:
    """Change a line's quantity, words and, behind the padlock, its price."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)
    line = order.line(line_id)
    if line is None or line.is_generated:
        raise NotFound("not_found", "There is no such line on this order.")

    def act(form: Form) -> Any:
        return edits.edit_line(
            by=by,
            order=order.id,
            line_id=line_id,
            change=_line_change(by, form, line),
            version=form.whole("version"),
        )

    return _line_form(request, order, act, line, f"Line {line.position} is changed.")


def _line_form(
    request: HttpRequest,
    order: OrderPage,
    act: Callable[[Form], Any],
    line: LineRow | None,
    said: str,
) -> HttpResponse:
    by: Caller = request.caller  # type: ignore[attr-defined]
    form = Form.of(_line_values(line) if line else {})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: act(form)):
            return done(request, url_of(order), said)
        form.errors = {name.removeprefix("lines.0."): text for name, text in form.errors.items()}
    context = {
        "order": order.head,
        "url": url_of(order),
        "form": form,
        "line": line,
        "sees_prices": sees_prices(by),
        "may_price": by.may("orders_commercial:update"),
    }
    return page(request, "sales/line_form.html", context, status=form.status)


def _locked(by: Caller, order: OrderPage) -> dict[str, str]:
    """The fields that may not be changed now, with the sentence why."""
    facts = order.facts()
    found = {}
    for field, group in edit_rules.GROUP_OF_FIELD.items():
        refusal = edit_rules.why_locked(facts, group)
        if refusal is not None:
            found[field] = refusal.message
    if not by.may("orders_commercial:update"):
        found |= dict.fromkeys(("internal_budget", "currency"), "Your role does not change this.")
    return found


def _values(by: Caller, order: OrderPage, locked: Mapping[str, str]) -> dict[str, Any]:
    """What the form starts with: only the fields that it has for this caller, and the version."""
    head = order.head
    hidden = set(locked)
    if not sees_prices(by):
        hidden |= {"discount_code", "currency", "internal_budget"}
    if not by.may("customers:read"):
        hidden |= {"customer_id"}
    plain = (*TEXTS, *DAYS, *CHOSEN, "currency", "internal_budget")
    found = {name: getattr(head, name) for name in plain if name not in hidden}
    for place in ADDRESSES:
        if place not in hidden:
            found |= {f"{place}_{name}": getattr(head, place).get(name, "") for name in ADDRESS}
    if "customer_id" in found:
        found["customer_id_text"] = head.customer_name
    return found | {"version": head.version}


def _words(by: Caller) -> dict[str, dict[str, str]]:
    """What the choices of the form are called."""
    staff = dict(choices.staff(by))
    return {
        "order_lead_id": staff,
        "sales_rep_id": staff,
        "payment_term_id": dict(choices.payment_terms(by)),
        "shipping_term_id": dict(choices.shipping_terms(by)),
        "carrier_id": dict(choices.carriers(by)),
        "carrier_option_id": dict(choices.carrier_options(by)),
        "priority": dict(choices.PRIORITIES),
    }


def _changes(form: Form, order: OrderPage, locked: Mapping[str, str]) -> dict[str, Any]:
    names = (*TEXTS, *DAYS, *CHOSEN, "currency", "internal_budget")
    return changes_of_head(form, order.head, names, locked=locked)


def _line_values(line: LineRow) -> dict[str, Any]:
    return {
        "quantity": line.ordered,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "unlock_price": not line.price_locked,
        **{name: getattr(line, name) for name in LINE_WORDS},
    }


def _line_change(by: Caller, form: Form, line: LineRow) -> LineChange:
    """What differs from the line; the padlock decides about the price."""
    quantity, unit = form.text("quantity"), form.text("unit")
    may_price = by.may("orders_commercial:update")
    opened = may_price and form.flag("unlock_price")
    price = form.text("unit_price")
    is_priced = opened and bool(price) and (line.price_locked or price != trim(line.unit_price))
    return LineChange(
        quantity=quantity if quantity != trim(line.ordered) else None,
        unit=unit if unit and unit != line.unit else None,
        unlock_price=opened and line.price_locked,
        lock_price=may_price and not opened and not line.price_locked,
        unit_price=price if is_priced else None,
        **changed_words(form, line),
    )
