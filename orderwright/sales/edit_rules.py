"""What may be edited when (domain 2.9): a table of field groups by the order's phase."""

from collections.abc import Iterable
from decimal import Decimal
from types import MappingProxyType

from orderwright.kernel.errors import Conflict, Refusal
from orderwright.kernel.numbers import trim
from orderwright.kernel.weight import TOLERANCE
from orderwright.sales.rules import LineFacts, OrderFacts

ESTIMATE = "estimate"
ISSUED = "issued"
SENT = "shipment_sent"
REOPENED = "reopened"
FULFILLED = "fulfilled"
COMPLETED = "completed"

# The phases in which each group of fields may be changed.
EDITABLE = MappingProxyType(
    {
        "note": frozenset({ESTIMATE, ISSUED, SENT, REOPENED, FULFILLED, COMPLETED}),
        "tasks": frozenset({ESTIMATE, ISSUED, SENT, REOPENED, FULFILLED}),
        "planning": frozenset({ESTIMATE, ISSUED, SENT, REOPENED}),
        "customer": frozenset({ESTIMATE}),
        "terms": frozenset({ESTIMATE, ISSUED, REOPENED}),
        "delivery": frozenset({ESTIMATE, ISSUED, REOPENED}),
        "lines": frozenset({ESTIMATE, ISSUED, REOPENED}),
    }
)

# Which group a field of PATCH /sales-orders/{id} belongs to.
GROUP_OF_FIELD = MappingProxyType(
    {
        "internal_note": "note",
        "notes": "planning",
        "acknowledgement_contacts": "planning",
        "invoice_contacts": "planning",
        "promised_at": "planning",
        "date_required": "planning",
        "order_deadline": "planning",
        "order_lead_id": "planning",
        "sales_rep_id": "planning",
        "internal_budget": "planning",
        "customer_id": "customer",
        "currency": "customer",
        "bill_to": "terms",
        "payment_term_id": "terms",
        "shipping_term_id": "terms",
        "customer_po_number": "terms",
        "discount_code": "terms",
        "ship_to": "delivery",
        "carrier_id": "delivery",
        "carrier_option_id": "delivery",
        "priority": "delivery",
    }
)

_LOCKED = {
    ISSUED: "The order is issued; unissue it first.",
    REOPENED: "The order is issued; unissue it first.",
    SENT: "Something of this order has been shipped, so it is locked.",
    FULFILLED: "The order is fulfilled; reopen it first.",
    COMPLETED: "The order is completed; only its note may change.",
}


def phase_of(order: OrderFacts) -> str:
    """The column of the table: `estimate`, `issued` (nothing sent), `shipment_sent`, `reopened`,
    `fulfilled` or `completed`. A packed shipment has not been sent."""
    if order.status != ISSUED:
        return order.status
    if order.reopened:
        return REOPENED
    return SENT if order.has_sent else ISSUED


def why_locked(order: OrderFacts, group: str) -> Refusal | None:
    """What stands against changing a group of fields, or None. KeyError: no such group."""
    phase = phase_of(order)
    if phase not in EDITABLE[group]:
        reason = ISSUED if phase == REOPENED else phase
        return Conflict("order_locked", _LOCKED[phase], details={"reason": reason, "group": group})
    if group == "terms" and phase == REOPENED and order.invoices > order.drafts:
        message = "The order has an invoice that is not a draft. Void it first."
        return Conflict("invoice_exists", message, details={"group": group})
    return None


def check_edit(order: OrderFacts, group: str) -> None:
    """Refuse a change of this group in the order's phase.

    Raises Conflict `order_locked` with `details.reason` of `issued`, `shipment_sent`, `fulfilled`,
    `completed`; `invoice_exists` for terms of a reopened order that has been invoiced.
    """
    refusal = why_locked(order, group)
    if refusal is not None:
        raise refusal


def check_fields(order: OrderFacts, fields: Iterable[str]) -> None:
    """Refuse a PATCH that changes these fields; `fields` of the refusal name those locked.

    Raises what `check_edit` raises, and KeyError for a field that no group knows.
    """
    locked = {field: why_locked(order, GROUP_OF_FIELD[field]) for field in fields}
    refusals = {field: refusal for field, refusal in locked.items() if refusal is not None}
    if refusals:
        first = next(iter(refusals.values()))
        texts = {field: refusal.message for field, refusal in refusals.items()}
        raise Conflict(first.code, first.message, fields=texts, details=first.details)


def check_quantity_change(order: OrderFacts, line: LineFacts, ordered: Decimal) -> None:
    """Refuse to change what a line orders (in its measure) below what has happened to it.

    What is shipped and what is selected or picked stays; release it first (domain 2.9). Raises
    what `check_edit` raises, Conflict `line_cancelled`, `below_shipped` and `below_selected`.
    """
    check_edit(order, "lines")
    _check_not_cancelled(line)
    effective = ordered - line.cancelled_quantity
    if effective < line.shipped - TOLERANCE:
        message = f"{trim(line.shipped)} {line.unit} of line {line.position} have shipped."
        raise Conflict("below_shipped", message, details={"shipped": trim(line.shipped)})
    held = max(line.shipped + line.retrieved, line.picked)
    if effective < held - TOLERANCE:
        message = (
            f"{trim(held)} {line.unit} of line {line.position} are selected, picked or shipped. "
            "Release inventory first."
        )
        raise Conflict("below_selected", message, details={"selected": trim(held)})


def check_price_change(order: OrderFacts, line: LineFacts) -> None:
    """Refuse to change a line's unit price once it may no longer change (domain 2.9).

    Raises what `check_edit` raises, Conflict `line_cancelled` and `line_invoiced`.
    """
    check_edit(order, "lines")
    _check_not_cancelled(line)
    if line.invoiced > 0:
        message = f"Line {line.position} has been invoiced. Give a credit memo instead."
        raise Conflict("line_invoiced", message)


def check_delete_line(order: OrderFacts, line: LineFacts) -> None:
    """Refuse to delete a line that has a history, or the last one of an issued order.

    Raises what `check_edit` raises, Conflict `line_in_use` and `last_line` (domain 2.1, 2.9).
    """
    check_edit(order, "lines")
    if line.shipped > 0:
        message = f"Line {line.position} has been shipped. Cancel what is left of it instead."
        raise Conflict("line_in_use", message)
    if line.packed > 0 or line.retrieved > 0:
        message = f"Inventory is selected for line {line.position}. Release it first."
        raise Conflict("line_in_use", message)
    others = [other for other in order.active_lines if other.id != line.id]
    if order.status == ISSUED and line.is_stock and not line.is_cancelled and not others:
        message = "This is the last active line of an issued order. Unissue or cancel it instead."
        raise Conflict("last_line", message)


def _check_not_cancelled(line: LineFacts) -> None:
    if line.is_cancelled:
        message = f"Line {line.position} is cancelled. Restore it first."
        raise Conflict("line_cancelled", message)
