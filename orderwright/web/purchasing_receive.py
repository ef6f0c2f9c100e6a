"""Receive Inventory: what arrived, line by line, ready for a scanner and a phone (4.9, U18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.catalog import supplying
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.weight import is_weight_unit
from orderwright.purchasing import receiving
from orderwright.purchasing.page import LineRow, OrderPage
from orderwright.purchasing.queries import ReceiptPage
from orderwright.purchasing.receiving import Arrived, NewReceipt
from orderwright.web import choices
from orderwright.web import receive_parts as parts
from orderwright.web.forms import Form, done
from orderwright.web.purchasing_actions import allowed_order, caller
from orderwright.web.purchasing_edit import locations
from orderwright.web.purchasing_events import covered_said
from orderwright.web.purchasing_page import described, name_of, url_of
from orderwright.web.road import page

# What a card asks, by the field that the action names in a refusal.
FIELDS: Final = (
    "quantity",
    "weight",
    "weight_unit",
    "rejected",
    "reject_reason",
    "location_id",
    "rack",
    "quality",
    "tag_id",
)
_FLAGS: Final = ("keep_rejected", "auto_merge")


@dataclass(frozen=True, slots=True)
class Card:
    """A line of which something can arrive. `codes`, one a line, are what a scanner may read."""

    row: LineRow
    key: str
    name: str
    attributes: str
    codes: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    is_stock: bool
    is_weighed: bool
    weight_unit: str
    is_open: bool


def receive(request: HttpRequest, reference: str) -> HttpResponse:
    """Take goods in; afterwards it is said which orders that waited they cover."""
    by = caller(request)
    order = allowed_order(by, reference, "receive")
    lines = [line for line in order.lines if line.outstanding and not line.is_cancelled]
    lines = lines or [line for line in order.lines if not line.is_cancelled]
    is_long = len(lines) > parts.AT_ONCE
    form = Form.of(_start(by, order, [] if is_long else lines))
    if request.method == "POST":
        form = Form.posted(request)
        if is_long:
            parts.gather(form, lines, (*FIELDS, *_FLAGS))
        known = {str(line.id) for line in order.lines}
        form.values["line"] = [key for key in form.several("line") if key in known]
        sent: list[str] = []
        if not (is_long and parts.turn(form)):
            if form.accept(lambda: receiving.receive(by=by, order=order.id, new=_new(form, sent))):
                return done(request, f"{url_of(order)}?tab=receipts", _said(form.result))
            form.place_errors(sent)
            if form.status == 409:
                # The page shows what stands now, beside what was typed.
                form.values["version"] = [str(order.head.version)]
    codes = supplying.codes_of(by, order.head.supplier_id) if by.may("suppliers:read") else {}
    part = parts.part_of(form, lines, codes) if is_long else None
    context = {
        "order": order.head,
        "url": url_of(order),
        "form": form,
        "cards": [_card(line, form, codes) for line in (part.lines if part else lines)],
        "part": part,
        "others": parts.OTHERS,
        "locations": locations(by),
        "weight_units": choices.WEIGHT_UNITS,
        "today": by.today,
    }
    return page(request, "purchasing/receive.html", context, status=form.status)


def _start(by: Caller, order: OrderPage, shown: list[LineRow]) -> dict[str, Any]:
    """Everything that is outstanding, as arrived today."""
    start: dict[str, Any] = {
        "received_date": by.today,
        "location_id": order.head.location_id,
        "version": order.head.version,
    }
    for line in shown:
        start |= {f"{name}-{line.id}": text for name, text in parts.start_of(line).items()}
    return start


def _new(form: Form, sent: list[str]) -> NewReceipt:
    """The receipt as the action takes it; `sent` gets the ids of its lines, in their order."""
    received_on, location_id = form.day("received_date"), form.uuid("location_id")
    version = form.whole("version")
    rows = []
    for key in form.several("line"):
        row = _arrived(form, key)
        if row is not None:
            rows.append(row)
            sent.append(key)
    form.check()
    if not rows:
        message = "Nothing has arrived by these numbers. Give a quantity."
        raise Invalid("nothing_received", message, fields={"received": message})
    return NewReceipt(
        lines=rows,
        received_on=received_on,
        location_id=location_id,
        note=form.text("note"),
        confirmed=frozenset(form.several("confirm")),
        version=version,
    )


def _arrived(form: Form, key: str) -> Arrived | None:
    quantity, rejected = form.number_text(f"quantity-{key}"), form.number_text(f"rejected-{key}")
    if quantity in ("", "0") and rejected in ("", "0"):
        return None
    return Arrived(
        line_id=UUID(key),
        quantity=quantity or None,
        weight=form.number_text(f"weight-{key}") or None,
        weight_unit=form.text(f"weight_unit-{key}") if form.text(f"weight-{key}") else "",
        rejected=rejected or None,
        reject_reason=form.text(f"reject_reason-{key}"),
        location_id=form.uuid(f"location_id-{key}"),
        tag_id=form.text(f"tag_id-{key}"),
        quality=form.text(f"quality-{key}"),
        rack=form.text(f"rack-{key}"),
        keep_rejected=form.flag(f"keep_rejected-{key}"),
        auto_merge=form.flag(f"auto_merge-{key}"),
    )


def _card(line: LineRow, form: Form, codes: Mapping[UUID, str]) -> Card:
    key = str(line.id)
    values = {name: form.value(f"{name}-{key}") for name in (*FIELDS, *_FLAGS)}
    errors = {name: form.errors.get(f"{name}-{key}", "") for name in (*FIELDS, "line_id")}
    known = [line.sku, codes.get(line.product_id, "") if line.product_id else ""]
    unit = line.product_weight_unit or line.weight_unit
    return Card(
        row=line,
        key=key,
        name=name_of(line),
        attributes=described(line),
        codes="\n".join(dict.fromkeys(code for code in known if code)),
        values=values,
        errors=errors,
        is_stock=bool(line.product_id and line.stock_unit),
        is_weighed=not is_weight_unit(line.unit),
        weight_unit=values["weight_unit"] or unit or "g",
        is_open=any(values[name] for name in ("rejected", "tag_id", "rack", *_FLAGS))
        or any(errors[name] for name in FIELDS[3:]),
    )


def _said(receipt: ReceiptPage) -> str:
    covered = covered_said([one.as_json() for one in receipt.covered])
    return f"{receipt.number} is received. {covered}".strip()
