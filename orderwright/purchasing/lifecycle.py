"""The lifecycle of a purchase order: a table of actions and what else must be true for each.

Pages, API and actions all ask here (domain 2.7, 4.9, rulings 9 and 10).
"""

from collections.abc import Callable, Collection

from orderwright.kernel.errors import Conflict, Invalid, Refusal
from orderwright.kernel.lifecycle import Allowed, Lifecycle, Move
from orderwright.purchasing.rules import OrderFacts

ALL = ("quoted", "ordered", "fulfilled")

LIFECYCLE = Lifecycle(
    "purchase order",
    (
        Move("issue", ("quoted",), "ordered"),
        Move("unissue", ("ordered",), "quoted"),
        Move("receive", ("ordered",)),
        Move("reverse-receipt", ("ordered", "fulfilled")),
        Move("cancel-lines", ("quoted", "ordered")),
        Move("restore-lines", ("quoted", "ordered")),
        Move("hold", ("quoted", "ordered")),
        Move("release-hold", ALL),
        Move("close", ALL),
        Move("open", ALL),
        Move("edit", ("quoted", "ordered")),
        Move("remove", ("quoted", "ordered")),
    ),
)

PERMISSIONS = LIFECYCLE.needing("purchase_orders:update") | {"remove": ("purchase_orders:delete",)}

# Field groups that may still change in each phase; the rest is locked (as domain 2.9 for sales).
_SUPPLIER = frozenset({"supplier_id", "currency"})
_ALWAYS = frozenset({"internal_note", "notes"})


def why_refused(action: str, order: OrderFacts) -> Refusal | None:
    """The first thing that stands against the action, or None. The caller may raise it."""
    if order.closed and action != "open":
        return Conflict("order_closed", "This purchase order is closed. Open it first.")
    refusal = LIFECYCLE.refusal(action, order.status)
    if refusal is not None and action == "receive" and order.status == "quoted":
        return Conflict("not_issued", "Issue the purchase order first.", details=refusal.details)
    if refusal is not None:
        return refusal
    guard = _GUARDS.get(action)
    return guard(order) if guard else None


def check(action: str, order: OrderFacts) -> None:
    """Refuse the action unless status and facts allow it.

    Raises Conflict `order_closed`, `invalid_transition`, `not_issued` and what the guards name.
    """
    refusal = why_refused(action, order)
    if refusal is not None:
        raise refusal


def allowed_actions(order: OrderFacts, permissions: Collection[str]) -> tuple[Allowed, ...]:
    """Every action in the order of the table. A missing permission is named first."""
    return LIFECYCLE.allowed(
        permissions, needed=PERMISSIONS, refuses=lambda action: why_refused(action, order)
    )


def check_fields(order: OrderFacts, fields: Collection[str]) -> None:
    """Refuse a change of these fields of the head where the order is past it.

    Raises Conflict `order_locked` with `details.reason`: `issued`, `fulfilled` or `closed`.
    """
    wanted = set(fields) - _ALWAYS
    if not wanted:
        return
    if order.closed:
        raise _locked("closed", "The purchase order is closed. Open it first.", wanted)
    if order.status == "fulfilled":
        raise _locked("fulfilled", "The purchase order is fulfilled.", wanted)
    if order.status == "ordered" and wanted & _SUPPLIER:
        message = "The purchase order is issued; unissue it first."
        raise _locked("issued", message, wanted & _SUPPLIER)


def check_lines(order: OrderFacts) -> None:
    """Refuse a change of lines of a closed or fulfilled order. Raises Conflict `order_locked`."""
    check_fields(order, {"lines"})


def _locked(reason: str, message: str, fields: Collection[str]) -> Conflict:
    return Conflict(
        "order_locked",
        message,
        fields=dict.fromkeys(sorted(fields), message),
        details={"reason": reason},
    )


def _guard_issue(order: OrderFacts) -> Refusal | None:
    if not order.active_lines:
        message = "The purchase order has no active line. Add a product first."
        return Invalid("no_lines", message, fields={"lines": message})
    if not order.supplier_active:
        message = "The supplier is no longer active. Activate it, or choose another."
        return Conflict("supplier_inactive", message)
    return _guard_held(order)


def _guard_held(order: OrderFacts) -> Refusal | None:
    if order.manual_hold:
        details = {"hold_reason": order.hold_reason}
        message = "The purchase order is on hold. Release the hold first."
        return Conflict("order_on_hold", message, details=details)
    return None


def _guard_nothing_received(order: OrderFacts) -> Refusal | None:
    if order.has_received:
        message = "Something has been received. Reverse the receipt first."
        return Conflict("already_received", message)
    return None


def _guard_received(order: OrderFacts) -> Refusal | None:
    if not order.has_received:
        return Conflict("nothing_received", "Nothing has been received on this purchase order.")
    return None


def _guard_cancel(order: OrderFacts) -> Refusal | None:
    if not any(line.outstanding and not line.is_cancelled for line in order.lines):
        message = "No line has anything outstanding that could be cancelled."
        return Conflict("nothing_to_cancel", message)
    return None


def _guard_restore(order: OrderFacts) -> Refusal | None:
    if not any(line.cancelled_quantity > 0 for line in order.lines):
        return Conflict("nothing_to_restore", "No line of this purchase order is cancelled.")
    return None


def _guard_hold(order: OrderFacts) -> Refusal | None:
    if order.manual_hold:
        return Conflict("already_on_hold", "It is on hold already. Release the hold first.")
    return None


def _guard_release(order: OrderFacts) -> Refusal | None:
    if not order.manual_hold:
        return Conflict("not_on_hold", "It is not on hold.")
    return None


def _guard_open(order: OrderFacts) -> Refusal | None:
    if not order.closed:
        return Conflict("not_closed", "This purchase order is not closed.")
    return None


_GUARDS: dict[str, Callable[[OrderFacts], Refusal | None]] = {
    "issue": _guard_issue,
    "unissue": _guard_nothing_received,
    "reverse-receipt": _guard_received,
    "cancel-lines": _guard_cancel,
    "restore-lines": _guard_restore,
    "hold": _guard_hold,
    "release-hold": _guard_release,
    "open": _guard_open,
    "remove": _guard_nothing_received,
}
