"""What a draft of the purchasing wizard becomes: lines with prices, a purchase order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import EXACT, ZERO, parse_decimal, trim
from orderwright.purchasing import new_orders
from orderwright.purchasing.new_lines import NewLine
from orderwright.purchasing.new_orders import NewPurchaseOrder
from orderwright.sales import drafts
from orderwright.sales.drafts import PURCHASE, Draft
from orderwright.web.forms import Form
from orderwright.web.places import ADDRESS
from orderwright.web.wizard_order import as_day, as_uuid

__all__ = ["DETAILS", "as_uuid", "priced", "quoted", "submit", "typed"]

DETAILS: Final = (
    "date_required",
    "order_deadline",
    "promised_at",
    "supplier_reference",
    "location_id",
    "payment_term_id",
    "shipping_term_id",
    "carrier_id",
    "priority",
    "currency",
    "internal_budget",
    *(f"ship_to_{name}" for name in ADDRESS),
)


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line as it will be entered."""

    position: int
    name: str
    sku: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    price_text: str
    line_total: Decimal


@dataclass(frozen=True, slots=True)
class Quoted:
    """The lines of a draft with their sum, in the order's currency."""

    lines: list[QuotedLine]
    total: Decimal
    currency: str


def quoted(by: Caller, body: Mapping[str, Any]) -> Quoted:
    """The lines of a draft, priced as they would be entered. Raises Invalid with the field."""
    supplier_id = _supplier(body)
    rows, currency = new_orders.quote_lines(
        by=by,
        supplier_id=supplier_id,
        order_lead_id=as_uuid(body.get("order_lead_id")),
        lines=[_line(line) for line in body.get("lines", [])],
        currency=body.get("currency") or None,
    )
    names = {row.get("product_id"): row.get("product_name") for row in body.get("rows", [])}
    lines = [
        QuotedLine(
            position=row["position"],
            name=names.get(str(row["product_id"])) or row["description"],
            sku=row["sku"],
            quantity=row["ordered"],
            unit=row["unit"],
            unit_price=row["unit_price"],
            price_text=trim(row["unit_price"]),
            line_total=row["line_total"],
        )
        for row in rows
    ]
    return Quoted(lines, sum((line.line_total for line in lines), ZERO), currency)


def priced(lines: list[dict[str, Any]], form: Form) -> list[dict[str, Any]]:
    """The lines with the prices that were typed beside them."""
    return [
        {**line, "unit_price": form.number_text(f"lines.{index}.unit_price") or None}
        for index, line in enumerate(lines)
    ]


def typed(preview: dict[str, Any], form: Form) -> dict[str, Any]:
    """A preview with the prices as they were typed, also those that make no sense."""
    quote: Quoted | None = preview["quote"]
    if quote is None or form.status == 200:
        return preview
    lines = [
        replace(line, price_text=form.value(f"lines.{index}.unit_price"))
        if f"lines.{index}.unit_price" in form.values
        else line
        for index, line in enumerate(quote.lines)
    ]
    return preview | {"quote": replace(quote, lines=lines)}


def submit(by: Caller, draft: Draft, form: Form) -> str:
    """Make the purchase order, once, and answer its number; a second tab is told it. Raises what
    `create_order` raises."""
    body = draft.body
    new = NewPurchaseOrder(
        supplier_id=_supplier(body),
        order_lead_id=as_uuid(body.get("order_lead_id")),
        lines=[_line(line) for line in body.get("lines", [])],
        accept_terms=form.flag("accept_terms"),
        supplier_reference=body.get("supplier_reference") or "",
        notes=body.get("notes", ""),
        date_required=as_day(body.get("date_required")),
        order_deadline=as_day(body.get("order_deadline")),
        promised_at=as_day(body.get("promised_at")),
        currency=body.get("currency") or None,
        internal_budget=body.get("internal_budget") or None,
        priority=body.get("priority") or None,
        payment_term_id=as_uuid(body.get("payment_term_id")),
        shipping_term_id=as_uuid(body.get("shipping_term_id")),
        carrier_id=as_uuid(body.get("carrier_id")),
        location_id=as_uuid(body.get("location_id")),
        ship_to=_address(body),
        source="wizard",
        confirmed=frozenset({*body.get("confirmed", []), *form.several("confirm")}),
    )
    return drafts.make_of_draft(
        by=by,
        draft_id=draft.id,
        purpose=PURCHASE,
        make=lambda: new_orders.create_order(by=by, new=new).head.number,
    )


def _supplier(body: Mapping[str, Any]) -> UUID:
    found = as_uuid(body.get("supplier_id"))
    if found is None:
        raise Invalid("supplier_missing", "Choose the supplier first.")
    return found


def _line(line: Mapping[str, Any]) -> NewLine:
    """A line as the draft keeps it; a weight of each becomes the weight of all."""
    values = {name: line[name] for name in NewLine.__slots__ if name in line}
    values["product_id"] = as_uuid(line.get("product_id"))
    values["needed_by"] = as_day(line.get("needed_by"))
    weight, quantity = line.get("requested_weight"), line.get("quantity")
    if weight and quantity and line.get("weight_basis") == "each":
        values["requested_weight"] = EXACT.multiply(
            parse_decimal(str(weight), "weight"), parse_decimal(str(quantity), "quantity")
        )
    return NewLine(**values)


def _address(body: Mapping[str, Any]) -> dict[str, str] | None:
    typed = {name: body.get(f"ship_to_{name}") or "" for name in ADDRESS}
    return typed if any(typed.values()) else None
