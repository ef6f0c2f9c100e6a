"""Inventory: lots, what happened to them, adding, counting anew, moving and describing them."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.activity import records
from orderwright.catalog.kinds import PRODUCT
from orderwright.identity.caller import Caller
from orderwright.inventory import lot_queries, lots
from orderwright.inventory.lot_queries import LotRow
from orderwright.kernel.cursors import write_cursor
from orderwright.web import choices, lists
from orderwright.web.forms import Form, done
from orderwright.web.inputs import Input, bound, meanwhile_of, names_of, sent_by
from orderwright.web.inventory_list import LIST, kinds_of, location_choices
from orderwright.web.records import values_of
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of

_MOVEMENT_WORDS: Final = {
    "create_record": ("plus", "Added"),
    "update_record": ("edit", "Described"),
    "delete_record": ("trash", "Deleted"),
    "user_correction": ("scale", "Counted"),
    "user_action": ("arrows-exchange", "Moved"),
    "system_action": ("settings", "Corrected by the system"),
    "select": ("list-check", "Selected"),
    "release": ("arrow-back-up", "Released"),
    "ship": ("truck", "Shipped"),
    "unship": ("truck-return", "Shipment taken back"),
    "receive_po": ("package-import", "Received"),
    "receive_job": ("package-import", "Received from production"),
    "issue_to_job": ("tool", "Issued to production"),
    "return": ("truck-return", "Returned"),
}


def _weight_units(_: Caller) -> list[tuple[str, str]]:
    return choices.WEIGHT_UNITS


DESCRIPTION: Final = (
    Input("inventory_type", "Type", hint="Finished, unless you say otherwise."),
    Input("finished_type", "Finished type"),
    Input("shape", "Shape", width="quarter"),
    Input("size", "Size", width="quarter"),
    Input("color", "Color", width="quarter"),
    Input("quality", "Quality", width="quarter"),
    Input("rack", "Rack or bin"),
    Input("unit_cost", "Unit cost", "num", width="quarter", permission="orders_commercial:update"),
    Input("currency", "Currency", width="quarter", permission="orders_commercial:update"),
    Input("notes", "Notes", "area"),
)
NEW: Final = (
    Input("product_id", "Product", "combobox", source="/lookup/products?type=sale", required=True),
    Input("location_id", "Location", "select", choices=location_choices, none="The usual one"),
    Input("quantity", "Quantity", "num", required=True, hint="In the product’s default unit."),
    Input("weight", "Weight", "num", width="quarter", hint="Empty: not weighed."),
    Input("weight_unit", "Weight unit", "select", choices=_weight_units, none="—", width="quarter"),
    Input("tag_id", "Tag", hint="Empty takes the next number."),
    Input("auto_merge", "Merge into an equal lot", "check"),
)
_CHANGEABLE: Final = lots.CHANGES.fields["status"].schema["enum"]


def inventory(request: HttpRequest) -> HttpResponse:
    """All lots, newest first unless sorted."""
    by = _caller(request)
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    context = {"list": LIST.shown(by, asked), "may_add": by.may("inventory:create")}
    return page(request, "inventory/lots.html", context)


def lot(request: HttpRequest, ref: str) -> HttpResponse:
    """One lot, by id or tag, with its movements."""
    by = _caller(request)
    row = lot_queries.lot(by=by, ref=ref)
    asked = lists.asked(request)
    moved = lot_queries.movements(by=by, lot_id=row.id, before=asked.after, limit=lists.PAGE_SIZE)
    shown = moved[: lists.PAGE_SIZE]
    older = write_cursor(shown[-1].id) if len(moved) > len(shown) else ""
    context = {
        "lot": row,
        "kinds": kinds_of(row),
        "sees_costs": by.may("orders_commercial:read"),
        "movements": [
            (one, *_MOVEMENT_WORDS.get(one.action, ("circle-dot", one.action))) for one in shown
        ],
        "older": older,
        "is_first_page": asked.after is None,
    }
    return page(request, "inventory/lot.html", context)


def add_lot(request: HttpRequest) -> HttpResponse:
    """Put stock on the books."""
    by = _caller(request)
    by.must("inventory:create")
    form = Form.of(_start(by, request.GET.get("product", "")))
    if request.method == "POST":
        form = Form.posted(request)
        sent = sent_by(form, bound((*NEW, *DESCRIPTION), by))
        if form.accept(lambda: lots.add_lot(by=by, sent=sent)):
            said = f"{form.result.tag_id} is on the books."
            return done(request, f"/inventory/{form.result.id}", said)
    context = {"form": form, "new": bound(NEW, by), "description": bound(DESCRIPTION, by)}
    return page(request, "inventory/lot_new.html", context, status=form.status)


def adjust_lot(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """Count a lot anew."""
    by = _caller(request)
    by.must("inventory:update")
    row = lot_queries.lot(by=by, ref=lot_id)
    form = Form.of({"quantity": row.quantity, "weight": row.weight, "version": row.version})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _adjust(by, row, form)):
            return done(request, f"/inventory/{lot_id}", f"{row.tag_id} is counted.")
    return page(request, "inventory/adjust.html", {"lot": row, "form": form}, status=form.status)


def transfer_lot(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """Move a whole lot."""
    by = _caller(request)
    by.must("inventory:update")
    row = lot_queries.lot(by=by, ref=lot_id)
    form = Form.of({"version": row.version})
    if request.method == "POST":
        form = Form.posted(request)
        sent = {"location_id": form.value("location_id"), "rack": form.text("rack")}
        version = form.whole("version")
        if form.accept(lambda: lots.transfer_lot(by=by, ref=lot_id, sent=sent, version=version)):
            return done(request, f"/inventory/{lot_id}", f"{row.tag_id} is moved.")
    context = {"lot": row, "form": form, "locations": location_choices(by)}
    return page(request, "inventory/transfer.html", context, status=form.status)


def edit_lot(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """Describe a lot anew."""
    by = _caller(request)
    by.must("inventory:update")
    row = lot_queries.lot(by=by, ref=lot_id)
    inputs = bound(_edit_of(row), by)
    now = values_of(row)
    form = Form.of(now, merges=names_of(by, inputs))
    if request.method == "POST":
        form = Form.posted(request)
        sent, version = sent_by(form, inputs), form.whole("version")
        if form.accept(
            lambda: lots.edit_lot(by=by, ref=lot_id, sent=sent, version=version),
            meanwhile=lambda: meanwhile_of(by, inputs, now),
        ):
            return done(request, f"/inventory/{lot_id}", f"{row.tag_id} is saved.")
    context = {"lot": row, "form": form, "inputs": inputs}
    return page(request, "inventory/lot_edit.html", context, status=form.status)


def remove_lot(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """Take a lot off the books that was never used."""
    lots.delete_lot(by=_caller(request), ref=lot_id)
    return done(request, "/inventory", "It is off the books.")


def _adjust(by: Caller, row: LotRow, form: Form) -> LotRow:
    """Only what was typed anew was counted."""
    counted: dict[str, Any] = {
        name: text
        for name, held in (("quantity", row.quantity), ("weight", row.weight))
        if (text := form.number_text(name)) and form.decimal(name) != held
    }
    form.check()
    sent = {"reason": form.text("reason"), **counted}
    return lots.adjust_lot(by=by, ref=row.id, sent=sent, version=form.whole("version"))


def _edit_of(row: LotRow) -> tuple[Input, ...]:
    """The fields of an edit. A status that stock gave a lot is offered as what it has."""
    statuses = [
        (code, word)
        for code, word in choices_of("lot")
        if code in _CHANGEABLE or code == row.status
    ]
    status = Input("status", "Status", "select", choices=statuses)
    return (Input("tag_id", "Tag", required=True), status, *DESCRIPTION)


def _start(by: Caller, product_id: str) -> dict[str, Any]:
    start: dict[str, Any] = {"inventory_type": "Finished"}
    if not product_id:
        return start
    found = records.one(by=by, kind=PRODUCT, record_id=UUID(product_id))
    return start | {"product_id": found.id, "product_id_text": found.name}


def _caller(request: HttpRequest) -> Caller:
    found: Caller = request.caller  # type: ignore[attr-defined]
    return found
