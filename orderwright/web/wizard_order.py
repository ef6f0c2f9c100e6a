"""What a draft of the wizard becomes: lines, a quote, an order."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, Refusal
from orderwright.sales import drafts, new_orders
from orderwright.sales.drafts import Draft
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder, Quote
from orderwright.sales.page import OrderPage
from orderwright.web import quotes
from orderwright.web.forms import Form
from orderwright.web.places import ADDRESS
from orderwright.web.quotes import QuoteView

DEFAULTS: Final = (
    "payment_term_id",
    "shipping_term_id",
    "carrier_id",
    "carrier_option_id",
    "priority",
    "sales_rep_id",
)


def line_of(row: Mapping[str, str]) -> dict[str, Any]:
    """A typed row as an order line."""
    words = ("size", "shape", "color", "quality", "material", "priority", "needed_by")
    has_quantity = bool(row.get("quantity"))
    return {
        "product_id": row["product_id"],
        "quantity": row.get("quantity") or None,
        "unit": (row.get("unit") or None) if has_quantity else None,
        "requested_weight": row.get("weight") or None,
        "weight_unit": row.get("weight_unit") or None,
        "weight_basis": row.get("weight_basis") or "total",
        **{name: row.get(name) or None for name in words},
    }


def submit(by: Caller, draft: Draft, form: Form) -> OrderPage:
    """Make the order, once; a second tab is told its number. Raises what `submit_draft` raises."""
    body = draft.body
    customer_id, confirmed = (
        customer_of(draft),
        {*body.get("confirmed", []), *form.several("confirm")},
    )
    if customer_id is None:
        raise Invalid("customer_missing", "Choose the customer first.")
    new = NewOrder(
        customer_id=customer_id,
        order_lead_id=as_uuid(body.get("order_lead_id")),
        lines=[new_line(line) for line in body.get("lines", [])],
        accept_terms=form.flag("accept_terms"),
        notes=body.get("notes", ""),
        customer_po_number=body.get("customer_po_number") or "",
        source="wizard",
        confirmed=frozenset(confirmed),
        bill_to=_address(body, "bill_to"),
        ship_to=_address(body, "ship_to"),
        date_required=as_day(body.get("date_required")),
        order_deadline=as_day(body.get("order_deadline")),
        promised_at=as_day(body.get("promised_at")),
        discount_code=body.get("discount_code") or None,
        currency=body.get("currency") or None,
        priority=body.get("priority") or None,
        internal_budget=body.get("internal_budget") or None,
        payment_term_id=as_uuid(body.get("payment_term_id")),
        shipping_term_id=as_uuid(body.get("shipping_term_id")),
        carrier_id=as_uuid(body.get("carrier_id")),
        carrier_option_id=as_uuid(body.get("carrier_option_id")),
        sales_rep_id=as_uuid(body.get("sales_rep_id")),
    )
    return drafts.submit_draft(by=by, draft_id=draft.id, new=new)


def new_line(line: Mapping[str, Any]) -> NewLine:
    """A line as the draft keeps it, for the actions."""
    values = {name: value for name, value in line.items() if name in NewLine.__slots__}
    values["product_id"] = UUID(str(line["product_id"]))
    values["needed_by"] = as_day(line.get("needed_by"))
    values["weight_basis"] = line.get("weight_basis") or "total"
    return NewLine(**values)


def quote_of(
    by: Caller, draft: Draft, lines: list[dict[str, Any]], *, code: str | None = None
) -> Quote:
    """The lines of a draft, priced. Raises what `new_orders.quote` raises."""
    customer_id = customer_of(draft)
    if customer_id is None:
        raise Invalid("customer_missing", "Choose the customer first.")
    return new_orders.quote(
        by=by,
        customer_id=customer_id,
        lines=[new_line(line) for line in lines],
        discount_code=code or None,
        currency=draft.body.get("currency") or None,
    )


def preview(by: Caller, draft: Draft, code: str | None) -> tuple[QuoteView | None, str]:
    """The prices of the draft, or why there are none."""
    try:
        return quotes.view_of(quote_of(by, draft, draft.body.get("lines", []), code=code)), ""
    except Refusal as refusal:
        return None, refusal.message


def customer_of(draft: Draft) -> UUID | None:
    """The customer that the first step chose."""
    return as_uuid(draft.body.get("customer_id"))


def _address(body: Mapping[str, Any], place: str) -> dict[str, str] | None:
    """An address that was typed; None takes the customer's."""
    typed = {name: body.get(f"{place}_{name}") or "" for name in ADDRESS}
    return typed if any(typed.values()) else None


def as_uuid(text: Any) -> UUID | None:
    """The id in a text of the draft; None for none."""
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def as_day(text: Any) -> date | None:
    """The day in a text of the draft; None for none."""
    return Form.of({"day": text or ""}).day("day")
