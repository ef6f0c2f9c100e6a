"""The lifecycle of a sales order: a table of actions, and what else must be true for each.

Pages, API and actions all ask here, so that a button, an answer and a check cannot differ.
Domain 2.1, 2.8, 4.4 to 4.12, rulings 6, 8, 9 and 10.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import MappingProxyType

from orderwright.kernel.errors import Conflict, Invalid, Refusal
from orderwright.kernel.lifecycle import Lifecycle, Move
from orderwright.sales import edit_rules
from orderwright.sales.rules import OrderFacts

LIFECYCLE = Lifecycle(
    "sales order",
    (
        Move("issue", ("estimate",), "issued"),
        Move("unissue", ("issued",), "estimate"),
        Move("select-inventory", ("issued",)),
        Move("auto-select", ("issued",)),
        Move("release-inventory", ("issued", "fulfilled")),
        Move("create-shipment", ("issued",)),
        Move("cancel-lines", ("estimate", "issued")),
        Move("restore-lines", ("estimate", "issued")),
        Move("hold", ("estimate", "issued")),
        Move("release-hold", ("estimate", "issued", "fulfilled")),
        Move("edit", ("estimate", "issued")),
        Move("remove", ("estimate", "issued")),
    ),
    nouns=MappingProxyType({"estimate": "an estimate"}),
)

NEEDS_ISSUE = frozenset({"select-inventory", "auto-select", "create-shipment"})
MERCHANDISE = frozenset({"product", "service"})
MOVING = frozenset({"in_transit", "out_for_delivery", "delivered"})


def why_refused(action: str, order: OrderFacts) -> Refusal | None:
    """The first thing that stands against the action, or None. The caller may raise it.

    Raises KeyError for an action that the table does not know.
    """
    refusal = _why_not_in_status(action, order)
    guard = _GUARDS.get(action)
    if refusal is None and guard is not None:
        refusal = guard(order)
    return refusal


def check(action: str, order: OrderFacts) -> None:
    """Refuse the action unless the order's status and everything else allow it.

    Raises Conflict: `invalid_transition` and `not_issued` (status), `customer_hold_all`,
    `customer_hold_shipment`, `order_on_hold`, and what the guards below name; Invalid `no_lines`.
    """
    refusal = why_refused(action, order)
    if refusal is not None:
        raise refusal


def check_issue(order: OrderFacts, *, confirmed: Collection[str] = ()) -> None:
    """Refuse to issue unless everything allows it and each warning is confirmed (ruling 9).

    Raises what `check` raises, and Conflict `confirmation_required` with `details.confirm`
    `no_price` or `prepaid_unpaid`.
    """
    check("issue", order)
    unpriced = [line.position for line in order.lines if not line.has_price]
    if unpriced and "no_price" not in confirmed:
        lines = ", ".join(str(position) for position in unpriced)
        message = f"No price is known for line {lines}. Set a price, or confirm a price of zero."
        raise Conflict("confirmation_required", message, details={"confirm": "no_price"})
    if order.prepaid and not order.paid_in_full and "prepaid_unpaid" not in confirmed:
        message = (
            "The terms ask for payment in advance, and the order is not paid. Confirm to go on."
        )
        raise Conflict("confirmation_required", message, details={"confirm": "prepaid_unpaid"})


def check_remove(order: OrderFacts, *, confirm_number: object, is_admin: bool) -> None:
    """Refuse to remove an order for good unless nothing forbids it and its number was typed.

    Goods on their way or delivered: an Admin only (domain 4.10). Raises what `check` raises,
    Conflict `shipment_moving`, Invalid `wrong_confirm_number`.
    """
    check("remove", order)
    moving = [
        item.number for item in order.shipments if item.is_sent and item.tracking_status in MOVING
    ]
    if moving and not is_admin:
        message = f"Shipment {', '.join(moving)} is under way; only an Admin may remove this order."
        raise Conflict("shipment_moving", message, details={"shipments": moving})
    if confirm_number != order.number:
        message = f"Type the order's number, {order.number}, to remove it for good."
        raise Invalid("wrong_confirm_number", message, fields={"confirm_number": message})


def plan_automatic_move(order: OrderFacts) -> str | None:
    """The status that the order falls into by itself, or None (domain 2.1, ruling 6).

    An issued order of which something has shipped and nothing is outstanding is fulfilled, unless
    it has been reopened; a fulfilled one with something outstanding is issued again.
    """
    active = order.active_lines
    done = bool(active) and all(not line.outstanding for line in active)
    if order.status == "issued" and done and not order.reopened:
        return "fulfilled"
    if order.status == "fulfilled" and any(line.outstanding for line in active):
        return "issued"
    return None


@dataclass(frozen=True, slots=True)
class _Hold:
    code: str
    message: str


_ON_HOLD = _Hold("order_on_hold", "The order is on hold. Release the hold first.")
_CUSTOMER_HOLDS = {
    "hold_all": _Hold("customer_hold_all", "The customer is on hold. Lift the hold first."),
    "hold_shipment": _Hold(
        "customer_hold_shipment", "Shipments to the customer are on hold. Lift the hold first."
    ),
}


def _why_not_in_status(action: str, order: OrderFacts) -> Refusal | None:
    if order.status == "estimate" and action in NEEDS_ISSUE:
        details = {"action": action, "status": order.status, "needed": ["issued"]}
        return Conflict("not_issued", "Issue the order first.", details=details)
    try:
        LIFECYCLE.plan_move(action, order.status)
    except Conflict as refusal:
        return refusal
    return None


def _guard_issue(order: OrderFacts) -> Refusal | None:
    if not any(line.kind in MERCHANDISE and not line.is_cancelled for line in order.lines):
        message = "The order has no active line. Add a product first."
        return Invalid("no_lines", message, fields={"lines": message})
    held = _held(order, {"hold_all"})
    if held is not None:
        return held
    retired = [line.position for line in order.active_lines if not line.product_active]
    if retired:
        lines = ", ".join(str(position) for position in retired)
        message = f"The product of line {lines} is no longer sold. Replace it first."
        return Conflict("product_inactive", message, details={"positions": retired})
    return None


def _guard_unissue(order: OrderFacts) -> Refusal | None:
    if order.has_sent:
        return Conflict("shipment_sent", "Something has been shipped. Cancel the shipment first.")
    if order.packed_shipments:
        numbers = [shipment.number for shipment in order.packed_shipments]
        message = f"Shipment {', '.join(numbers)} is packed. Void it first."
        return Conflict("shipment_packed", message, details={"shipments": numbers})
    if order.invoices:
        return Conflict("invoice_exists", "The order has an invoice. Void it first.")
    return None


def _guard_selecting(order: OrderFacts) -> Refusal | None:
    if not any(line.outstanding for line in order.active_lines):
        return Conflict("nothing_outstanding", "Nothing of this order is outstanding.")
    return None


def _guard_release(order: OrderFacts) -> Refusal | None:
    if not any(line.retrieved > 0 for line in order.lines):
        return Conflict("nothing_selected", "No inventory is selected. Select inventory first.")
    return None


def _guard_shipment(order: OrderFacts) -> Refusal | None:
    held = _held(order, {"hold_all", "hold_shipment"})
    if held is not None:
        return held
    if not any(line.outstanding or line.retrieved > 0 for line in order.active_lines):
        return Conflict("nothing_to_ship", "Nothing of this order is left to ship.")
    return None


def _guard_cancel(order: OrderFacts) -> Refusal | None:
    if any(line.outstanding for line in order.lines if _may_be_cancelled(line.kind)):
        return None
    return Conflict(
        "nothing_to_cancel", "No line has anything outstanding that could be cancelled."
    )


def _guard_restore(order: OrderFacts) -> Refusal | None:
    if not any(line.cancelled or line.cancelled_quantity > 0 for line in order.lines):
        return Conflict("nothing_to_restore", "No line of this order is cancelled.")
    return None


def _guard_hold(order: OrderFacts) -> Refusal | None:
    if order.manual_hold:
        return Conflict("already_on_hold", "The order is on hold already. Release the hold first.")
    return None


def _guard_release_hold(order: OrderFacts) -> Refusal | None:
    if not order.manual_hold:
        return Conflict("not_on_hold", "The order is not on hold. Put it on hold first.")
    return None


def _guard_remove(order: OrderFacts) -> Refusal | None:
    if order.invoices > order.drafts:
        return Conflict("invoice_exists", "The order has an invoice. Void it first.")
    if order.payments:
        return Conflict("payment_exists", "The order has a payment. Refund it first.")
    return None


def _guard_edit(order: OrderFacts) -> Refusal | None:
    return edit_rules.why_locked(order, "lines")


def _held(order: OrderFacts, blocking: Collection[str]) -> Refusal | None:
    if order.customer_status in blocking:
        hold = _CUSTOMER_HOLDS[order.customer_status]
        return Conflict(hold.code, hold.message)
    if order.manual_hold:
        details = {"hold_reason": order.hold_reason}
        return Conflict(_ON_HOLD.code, _ON_HOLD.message, details=details)
    return None


def _may_be_cancelled(kind: str) -> bool:
    return kind not in ("freight", "discount")


_GUARDS: dict[str, Callable[[OrderFacts], Refusal | None]] = {
    "issue": _guard_issue,
    "unissue": _guard_unissue,
    "select-inventory": _guard_selecting,
    "auto-select": _guard_selecting,
    "release-inventory": _guard_release,
    "create-shipment": _guard_shipment,
    "cancel-lines": _guard_cancel,
    "restore-lines": _guard_restore,
    "hold": _guard_hold,
    "release-hold": _guard_release_hold,
    "edit": _guard_edit,
    "remove": _guard_remove,
}
