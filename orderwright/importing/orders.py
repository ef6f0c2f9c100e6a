"""Rows that are lines of sales orders: those of one order key make one estimate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from orderwright.directory.models import Staff
from orderwright.identity.caller import Caller
from orderwright.importing import names
from orderwright.importing.lines import Line, Manner, Result, bad, created
from orderwright.importing.names import Named
from orderwright.kernel.errors import Conflict, Refusal
from orderwright.kernel.fields import day
from orderwright.kernel.shapes import invalid
from orderwright.sales import queries as sales
from orderwright.sales import removal
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder, create_order

_LINE: Final = (
    "quantity",
    "unit",
    "unit_price",
    "requested_weight",
    "weight_unit",
    "size",
    "shape",
    "color",
    "quality",
    "material",
    "description",
)
_HEAD: Final = ("customer_po_number", "notes", "currency", "discount_code")
_DAY: Final = day()


@dataclass(frozen=True, slots=True)
class _Facts:
    customers: Named
    products: Named
    staff: Named
    own_staff: UUID | None


def write(by: Caller, manner: Manner, lines: Sequence[Line]) -> list[Result]:
    """Create estimates, each all or nothing with its rows."""
    facts = _facts(by, lines)
    orders: dict[int, list[Line]] = {}
    for line in lines:
        orders.setdefault(line.first_number, []).append(line)
    return [result for rows in orders.values() for result in _order(by, manner, rows, facts)]


def take_back(by: Caller, record_ids: Sequence[UUID]) -> None:
    """Remove orders that are still estimates. Raises what `remove_order` raises, and Conflict
    `in_use` for an order that somebody worked on."""
    for record_id in record_ids:
        page = sales.read_order(by, record_id)
        if page.head.status != "estimate":
            message = f"{page.head.number} was issued meanwhile."
            raise Conflict("in_use", message)
        removal.remove_order(by=by, order=record_id, confirm_number=page.head.number)


def _order(by: Caller, manner: Manner, rows: Sequence[Line], facts: _Facts) -> list[Result]:
    try:
        new = _new_order(manner, rows, facts)
        with transaction.atomic():
            page = create_order(by=by, new=new)
    except Refusal as refusal:
        return list(_refused(rows, refusal))
    return [created(line, page.id) for line in rows]


def _new_order(manner: Manner, rows: Sequence[Line], facts: _Facts) -> NewOrder:
    first = rows[0].values
    for line in rows[1:]:
        if line.values.get("customer", first.get("customer")) != first.get("customer"):
            message = f"Line {rows[0].number} of this order names another customer."
            raise invalid("order_of_two", message, f"lines.{rows.index(line)}.customer")
    if "customer" not in first:
        raise invalid("required", "Say who ordered.", "customer")
    return NewOrder(
        customer_id=facts.customers.one(first["customer"], "customer"),
        order_lead_id=_lead(first, facts),
        lines=[_line(at, line, facts) for at, line in enumerate(rows)],
        accept_terms=True,
        date_required=_day(first, "date_required"),
        promised_at=_day(first, "promised_at"),
        priority=first["priority"].lower() if "priority" in first else None,
        source="import",
        confirmed=manner.confirmed,
        **{name: first[name] for name in _HEAD if name in first},
    )


def _lead(values: Mapping[str, Any], facts: _Facts) -> UUID | None:
    if "order_lead" in values:
        return facts.staff.one(values["order_lead"], "order_lead")
    return facts.own_staff


def _line(at: int, line: Line, facts: _Facts) -> NewLine:
    if "product" not in line.values:
        raise invalid("required", "Say which product it is.", f"lines.{at}.product")
    product_id = facts.products.one(line.values["product"], f"lines.{at}.product")
    said = {name: line.values[name] for name in _LINE if name in line.values}
    return NewLine(product_id=product_id, **said)


def _day(values: Mapping[str, Any], name: str) -> date | None:
    return None if name not in values else _DAY.check(values[name], name)


def _facts(by: Caller, lines: Sequence[Line]) -> _Facts:
    """Four statements, however many rows."""
    own = None
    if by.actor.id is not None:
        mine = Staff.objects.of(by.organization_id).filter(user_id=by.actor.id, is_active=True)
        own = mine.values_list("pk", flat=True).first()
    return _Facts(
        customers=names.customers(by, _said(lines, "customer")),
        products=names.products(by, _said(lines, "product")),
        staff=names.staff(by, _said(lines, "order_lead")),
        own_staff=own,
    )


def _said(lines: Sequence[Line], field: str) -> list[str]:
    return [line.values[field] for line in lines if field in line.values]


def _refused(rows: Sequence[Line], refusal: Refusal) -> Iterator[Result]:
    """All rows of an order are left out together; each says its own part, or where it stands."""
    errors: dict[int, dict[str, str]] = {}
    for name, sentence in (refusal.fields or {"": refusal.message}).items():
        parts = name.split(".")
        of_line = parts[0] == "lines" and len(parts) == 3
        at = int(parts[1]) if of_line else 0
        # The sentence of the whole says more than a word beside a field of a form.
        said = sentence if of_line or len(refusal.fields) > 1 else refusal.message
        errors.setdefault(at, {})[parts[-1].removesuffix("_id")] = said
    where = ", ".join(str(rows[at].number) for at in sorted(errors))
    for at, line in enumerate(rows):
        if at in errors:
            yield Result(line.row_id, "bad", errors=errors[at])
        else:
            yield bad(line, f"The order was left out: see line {where}.")
