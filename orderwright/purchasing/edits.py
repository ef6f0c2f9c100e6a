"""Change a purchase order within what its phase allows: its head, its lines, their prices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity.rows import plain
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid, NotFound
from orderwright.kernel.json_text import to_json
from orderwright.kernel.money import check_currency, check_money, check_price
from orderwright.kernel.numbers import trim
from orderwright.kernel.quantity import check_quantity, check_unit
from orderwright.kernel.text import check_text
from orderwright.kernel.versions import check_version
from orderwright.kernel.weight import TOLERANCE
from orderwright.pricing.units import check_sold_in
from orderwright.purchasing import lifecycle, new_lines, queries, sql
from orderwright.purchasing.actions import UPDATE
from orderwright.purchasing.new_lines import NewLine
from orderwright.purchasing.new_orders import (
    check_date_required,
    check_order_text,
    check_priority,
    line_row,
)
from orderwright.purchasing.page import LineRow, OrderPage, OrderRow
from orderwright.purchasing.party import Chosen, read_party
from orderwright.purchasing.writing import Happening, save
from orderwright.sales.party import read_address

_COMMERCIAL = frozenset({"currency", "internal_budget"})
_REFERENCES = (
    "supplier_id",
    "order_lead_id",
    "payment_term_id",
    "shipping_term_id",
    "carrier_id",
    "location_id",
)
_TEXTS = ("supplier_reference", "notes", "internal_note")
_DATES = ("date_required", "order_deadline", "promised_at")
EDITABLE = frozenset(
    {*_REFERENCES, *_TEXTS, *_DATES, *_COMMERCIAL, "priority", "bill_to", "ship_to"}
)
_WORDS = ("description", "size", "shape", "color", "quality", "material")


@dataclass(frozen=True, slots=True)
class LineChange:
    """Changes of one line; None leaves a field as it is."""

    quantity: object = None
    unit: str | None = None
    unit_price: object = None
    description: str | None = None
    size: str | None = None
    shape: str | None = None
    color: str | None = None
    quality: str | None = None
    material: str | None = None
    needed_by: date | None = None


def edit_order(
    *,
    by: Caller,
    order: UUID | str,
    changes: Mapping[str, Any],
    version: int | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> OrderPage:
    """Change fields of the head. Another supplier brings its own terms where none are sent.

    Raises Conflict `order_locked` with `fields` naming what is locked, Invalid for a value that
    makes no sense, NotFound, Conflict `stale_version`.
    """
    page = _locked(by, order, version)
    known = {name: value for name, value in changes.items() if name in EDITABLE}
    if _COMMERCIAL & known.keys():
        by.must("orders_commercial:update")
    lifecycle.check_fields(page.facts(), known)
    if not known:
        return page
    head = _with_references(by, page.head, known)
    head = replace(head, **{name: _read(name, known[name]) for name in known if name in _READERS})
    check_order_text(head.notes, head.internal_note, head.supplier_reference)
    if "date_required" in known:
        check_date_required(by, head.date_required, confirmed)
    if known.get("internal_budget") is not None:
        budget = check_money(known["internal_budget"], head.currency, "internal_budget")
        head = replace(head, internal_budget=budget)
    elif "internal_budget" in known:
        head = replace(head, internal_budget=None)
    happening = Happening("purchase_order.edited", {"changes": _differences(page.head, head)})
    return save(by, page, head=head, lines=page.lines, happening=happening)


def add_lines(
    *, by: Caller, order: UUID | str, lines: Sequence[NewLine], version: int | None = None
) -> OrderPage:
    """More lines at the end. Raises Conflict `order_locked`, Invalid with the field."""
    page = _locked(by, order, version)
    lifecycle.check_lines(page.facts())
    products = new_lines.read_products(
        by, page.head.supplier_id, {line.product_id for line in lines if line.product_id}
    )
    rows = new_lines.read_lines(
        by,
        lines,
        products,
        currency=page.head.currency,
        first_position=len(page.lines) + 1,
        path="" if len(lines) == 1 else "lines.{}.",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql.INSERT_LINES,
            {"organization": by.organization_id, "order": page.id, "lines": to_json(rows)},
        )
    added = [line_row(row, products) for row in rows]
    body = {"lines": [_described(line) for line in added]}
    happening = Happening("purchase_order.lines_added", body)
    return save(by, page, head=page.head, lines=[*page.lines, *added], happening=happening)


def change_line(
    *,
    by: Caller,
    order: UUID | str,
    line_id: UUID,
    change: LineChange,
    version: int | None = None,
) -> OrderPage:
    """Change one line: quantity not below what has arrived, price with the commercial permission.

    Raises NotFound, Conflict `order_locked`, `line_cancelled`, `below_received`, Invalid.
    """
    page = _locked(by, order, version)
    line = _line(page, line_id)
    lifecycle.check_lines(page.facts())
    if line.facts().is_cancelled:
        message = f"Line {line.position} is cancelled. Restore it first."
        raise Conflict("line_cancelled", message)
    changed = _changed(by, page, line, change)
    body = {"position": line.position, "changes": _differences(line, changed)}
    happening = Happening("purchase_order.line_edited", body)
    lines = [changed if one.id == line_id else one for one in page.lines]
    return save(by, page, head=page.head, lines=lines, happening=happening)


def delete_line(
    *, by: Caller, order: UUID | str, line_id: UUID, version: int | None = None
) -> OrderPage:
    """Take a line off of which nothing has arrived; the others move up.

    Raises NotFound, Conflict `order_locked`, `line_in_use`, `last_line` of an ordered one.
    """
    page = _locked(by, order, version)
    line = _line(page, line_id)
    lifecycle.check_lines(page.facts())
    if line.received > 0 or line.rejected > 0:
        message = f"Line {line.position} has been received. Cancel what is left of it instead."
        raise Conflict("line_in_use", message)
    rest = [one for one in page.lines if one.id != line_id]
    if not any(not one.facts().is_cancelled for one in rest) and page.head.status == "ordered":
        message = "This is the last active line of an issued order. Unissue or cancel it instead."
        raise Conflict("last_line", message)
    lines = [replace(one, position=index) for index, one in enumerate(rest, start=1)]
    happening = Happening("purchase_order.line_removed", _described(line))
    return save(by, page, head=page.head, lines=lines, happening=happening)


def _locked(by: Caller, order: UUID | str, version: int | None) -> OrderPage:
    by.must(UPDATE)
    page = queries.lock_order(by, order)
    check_version("purchase order", page.head.version, version)
    return page


def _line(page: OrderPage, line_id: UUID) -> LineRow:
    line = page.lines_by_id().get(line_id)
    if line is None:
        raise NotFound("not_found", "There is no such line on this purchase order.")
    return line


def _changed(by: Caller, page: OrderPage, line: LineRow, change: LineChange) -> LineRow:
    unit, ratio = line.unit, line.unit_ratio
    if change.unit is not None and change.unit != line.unit:
        unit, ratio = _unit(by, page, line, change.unit)
    ordered = line.ordered
    if change.quantity is not None or unit != line.unit:
        given = line.ordered if change.quantity is None else change.quantity
        ordered = check_quantity(given, unit, "quantity")
    if ordered - line.cancelled_quantity < line.received - TOLERANCE:
        message = f"{trim(line.received)} {line.unit} of line {line.position} have arrived."
        fields_ = {"quantity": message}
        raise Conflict("below_received", message, fields=fields_)
    price = line.unit_price
    if change.unit_price is not None:
        by.must("orders_commercial:update")
        price = check_price(change.unit_price)
    words: dict[str, Any] = {
        name: check_text(value, name, longest=2_000 if name == "description" else 80)
        for name in _WORDS
        if (value := getattr(change, name)) is not None
    }
    return replace(
        line,
        **words,
        unit=unit,
        unit_ratio=ratio,
        ordered=ordered,
        unit_price=price,
        needed_by=change.needed_by or line.needed_by,
    )


def _unit(by: Caller, page: OrderPage, line: LineRow, wanted: str) -> tuple[str, Any]:
    if line.received > 0:
        message = "Something of this line has arrived; its unit stays."
        raise Conflict("line_in_use", message, fields={"unit": message})
    unit = check_unit(wanted)
    if line.product_id is None:
        return unit, line.unit_ratio
    products = new_lines.read_products(by, page.head.supplier_id, [line.product_id])
    return unit, check_sold_in(products[line.product_id].units, unit)


def _with_references(by: Caller, head: OrderRow, changes: Mapping[str, Any]) -> OrderRow:
    """The head with the records that it points to, checked and named anew."""
    chosen = {name: changes[name] for name in _REFERENCES if name in changes}
    if not chosen:
        return head
    for name in ("supplier_id", "order_lead_id"):
        if name in chosen and chosen[name] is None:
            message = "This cannot be empty."
            raise Invalid("required", message, fields={name: message})
    is_moved = chosen.get("supplier_id", head.supplier_id) != head.supplier_id
    kept = {
        name: None if is_moved and name != "location_id" else getattr(head, name)
        for name in _REFERENCES[2:]
    }
    wanted = {**kept, **{name: chosen[name] for name in _REFERENCES[2:] if name in chosen}}
    party = read_party(
        by,
        chosen.get("supplier_id", head.supplier_id),
        Chosen(
            order_lead_id=chosen.get("order_lead_id", head.order_lead_id),
            payment_term_id=wanted["payment_term_id"],
            shipping_term_id=wanted["shipping_term_id"],
            carrier_id=wanted["carrier_id"],
            location_id=wanted["location_id"],
        ),
    )
    return replace(
        head,
        supplier_id=party.supplier_id,
        supplier_number=party.number,
        supplier_name=party.name,
        supplier_email=party.email,
        supplier_is_active=party.is_active,
        order_lead_id=chosen.get("order_lead_id", head.order_lead_id),
        order_lead_name=party.order_lead_name,
        payment_term_id=party.payment_term_id,
        payment_term_name=party.payment_term_name,
        shipping_term_id=party.shipping_term_id,
        shipping_term_name=party.shipping_term_name,
        carrier_id=party.carrier_id,
        carrier_name=party.carrier_name,
        location_id=party.location_id,
        location_name=party.location_name,
        ship_to=party.ship_to if "location_id" in chosen else head.ship_to,
    )


def _read_date(name: str, value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    message = "Give a date, like 2026-12-24."
    raise Invalid("invalid_date", message, fields={name: message})


_READERS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(_TEXTS, lambda name, value: check_text(value or "", name, longest=20_000)),
    **dict.fromkeys(_DATES, _read_date),
    "priority": lambda _, value: check_priority(value),
    "currency": lambda _, value: check_currency(value),
    "bill_to": lambda name, value: read_address(value or {}, name),
    "ship_to": lambda name, value: read_address(value or {}, name),
}


def _read(name: str, value: Any) -> Any:
    return _READERS[name](name, value)


def _differences(before: Any, after: Any) -> dict[str, Any]:
    """Each field that differs, with what it was and is."""
    return {
        one.name: [plain(getattr(before, one.name)), plain(getattr(after, one.name))]
        for one in fields(before)
        if getattr(before, one.name) != getattr(after, one.name)
    }


def _described(line: LineRow) -> dict[str, Any]:
    return {
        "line_id": line.id,
        "position": line.position,
        "description": line.description,
        "quantity": line.ordered,
        "unit": line.unit,
    }
