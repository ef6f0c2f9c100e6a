"""The lifecycle of a sales order: a table of actions, and what else must be true for each.

Pages, API and actions all ask here, so that a button, an answer and a check cannot differ.
Domain 2.1, 2.8, 4.4 to 4.12, rulings 6, 8, 9 and 10.
"""

from collections.abc import Collection
from decimal import Decimal

from orderwright.kernel.errors import Conflict, Forbidden, Invalid, Refusal
from orderwright.kernel.lifecycle import Lifecycle, Move
from orderwright.kernel.numbers import ZERO
from orderwright.sales.guards import GUARDS, NOUNS
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
        Move("short-close", ("issued",), "fulfilled"),
        Move("reopen", ("fulfilled",), "issued"),
        Move("finish-correction", ("issued",)),
        Move("close", ("estimate", "issued", "fulfilled"), "completed"),
        Move("reprice", ("estimate", "issued")),
        Move("quote-freight", ("estimate", "issued")),
        Move("apply-freight", ("estimate", "issued")),
        Move("create-invoice", ("issued", "fulfilled", "completed")),
        Move("record-deposit", ("estimate", "issued", "fulfilled")),
        Move("duplicate", ("estimate", "issued", "fulfilled", "completed")),
        Move("edit", ("estimate", "issued")),
        Move("remove", ("estimate", "issued")),
    ),
    nouns=NOUNS,
)

NEEDS_ISSUE = frozenset({"select-inventory", "auto-select", "create-shipment", "create-invoice"})
MOVING = frozenset({"in_transit", "out_for_delivery", "delivered"})


def why_refused(action: str, order: OrderFacts) -> Refusal | None:
    """The first thing that stands against the action, or None. The caller may raise it.

    Raises KeyError for an action that the table does not know.
    """
    refusal = _why_not_in_status(action, order)
    guard = GUARDS.get(action)
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


def check_close(order: OrderFacts, *, is_admin: bool, override_reason: str = "") -> None:
    """Refuse to close an order unless it is paid, or an Admin says why it is closed all the same.

    The reason lifts only what is not paid: a draft invoice is finalised or deleted first. Raises
    what `check` raises, Conflict `not_paid`; Forbidden for somebody else's reason.
    """
    refusal = why_refused("close", order)
    if refusal is None:
        return
    if refusal.code != "not_paid" or not override_reason:
        raise refusal
    if not is_admin:
        message = "Only an Admin closes an order that is not paid."
        raise Forbidden("forbidden", message, fields={"override_reason": message})


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


def plan_automatic_move(order: OrderFacts, *, completes_when_paid: bool = False) -> str | None:
    """The status that the order falls into by itself, or None (domain 2.1, ruling 6).

    An issued order of which something has shipped and nothing is outstanding is fulfilled, unless
    it has been reopened; a fulfilled one with something outstanding is issued again, and one that
    is paid is completed where the organization wants it. An order on which nobody ever paid
    anything, because nothing was due, is closed by a person.
    """
    active = order.active_lines
    done = bool(active) and all(not line.outstanding for line in active)
    if order.status == "issued" and done and not order.reopened:
        return "fulfilled"
    if order.status != "fulfilled":
        return None
    if any(line.outstanding for line in active):
        return "issued"
    is_paid = order.paid_in_full and order.payments > 0 and not order.drafts
    return "completed" if completes_when_paid and is_paid else None


def ends_correction(before: OrderFacts, after: OrderFacts) -> bool:
    """Whether a reopened order's correction is over: the last of what had become outstanding after
    reopening has just shipped (ruling 19). What is cancelled instead ends nothing."""
    if not (before.reopened and after.reopened):
        return False
    were_open = any(line.outstanding for line in before.active_lines)
    are_open = any(line.outstanding for line in after.active_lines)
    return were_open and not are_open and _shipped(after) > _shipped(before)


def _shipped(order: OrderFacts) -> Decimal:
    return sum((line.shipped for line in order.lines), ZERO)


def _why_not_in_status(action: str, order: OrderFacts) -> Refusal | None:
    if order.status == "estimate" and action in NEEDS_ISSUE:
        details = {"action": action, "status": order.status, "needed": ["issued"]}
        return Conflict("not_issued", "Issue the order first.", details=details)
    return LIFECYCLE.refusal(action, order.status)
