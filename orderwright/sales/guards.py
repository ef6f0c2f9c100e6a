"""What stands against an action on a sales order beside its status, one guard for each action.

Each answers the refusal that the caller may raise, or None. Domain 2.1, 2.8, 4.10 to 4.12.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import MappingProxyType

from orderwright.kernel.errors import Conflict, Invalid, Refusal
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.weight import TOLERANCE
from orderwright.sales import edit_rules
from orderwright.sales.rules import OrderFacts

MERCHANDISE = frozenset({"product", "service"})
NOUNS = MappingProxyType({"estimate": "an estimate"})


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


def _guard_auto_select(order: OrderFacts) -> Refusal | None:
    goods = (line for line in order.active_lines if line.kind == "product")
    if not any(line.to_select > TOLERANCE for line in goods):
        message = "These lines have all the inventory that they need."
        return Conflict("nothing_outstanding", message)
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


def _guard_short_close(order: OrderFacts) -> Refusal | None:
    if order.packed_shipments:
        numbers = [shipment.number for shipment in order.packed_shipments]
        message = f"Shipment {', '.join(numbers)} is packed. Ship it or void it first."
        return Conflict("shipment_packed", message, details={"shipments": numbers})
    services = [line for line in order.lines if line.kind == "service" and not line.is_cancelled]
    if any(line.shipped > 0 for line in order.lines) or (services and not order.active_lines):
        return None
    message = "Nothing of this order has shipped. Cancel its lines, or unissue it, instead."
    return Conflict("nothing_shipped", message)


def _guard_finish(order: OrderFacts) -> Refusal | None:
    if not order.reopened:
        message = "The order has not been reopened, so there is no correction to finish."
        return Conflict("not_reopened", message)
    return None


def _guard_close(order: OrderFacts) -> Refusal | None:
    if order.status != "fulfilled":
        return _why_not_dead(order)
    if order.drafts:
        return _draft_left()
    if not order.paid_in_full:
        message = (
            "The order is not paid. Record its payment, or have an Admin close it and say why."
        )
        return Conflict("not_paid", message)
    return None


def _why_not_dead(order: OrderFacts) -> Refusal | None:
    """An order that is not fulfilled closes only when nothing of it is left (domain 2.1)."""
    living = any(line.kind in MERCHANDISE and not line.is_cancelled for line in order.lines)
    if living or not order.lines:
        said = NOUNS.get(order.status, order.status)
        message = f"This sales order is {said}; it must be fulfilled, or all its lines cancelled."
        details = {"action": "close", "status": order.status, "needed": ["fulfilled"]}
        return Conflict("invalid_transition", message, details=details)
    if order.drafts:
        return _draft_left()
    if not order.settled:
        return Conflict("not_settled", "The balance is not zero. Refund or credit it first.")
    return None


def _draft_left() -> Refusal:
    return Conflict("draft_invoice", "A draft invoice is left. Finalise or delete it first.")


def _guard_reprice(order: OrderFacts) -> Refusal | None:
    if order.invoices or any(line.invoiced > 0 for line in order.lines):
        message = (
            "Something of this order is invoiced, so its prices stand. Void the invoice first."
        )
        return Conflict("invoice_exists", message)
    return edit_rules.why_locked(order, "lines")


def _guard_invoice(order: OrderFacts) -> Refusal | None:
    for line in order.lines:
        reached = line.effective
        if line.kind == "product":
            # What came back beyond what is invoiced was never credited, and nobody owes it.
            reached = min(line.shipped - max(ZERO, line.returned - line.invoiced), reached)
        if line.kind in MERCHANDISE and reached > line.invoiced:
            return None
    message = "Nothing has shipped that is not yet invoiced."
    return Invalid("nothing_to_bill", message, fields={"lines": message})


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


GUARDS: dict[str, Callable[[OrderFacts], Refusal | None]] = {
    "issue": _guard_issue,
    "unissue": _guard_unissue,
    "select-inventory": _guard_selecting,
    "auto-select": _guard_auto_select,
    "release-inventory": _guard_release,
    "create-shipment": _guard_shipment,
    "cancel-lines": _guard_cancel,
    "restore-lines": _guard_restore,
    "hold": _guard_hold,
    "release-hold": _guard_release_hold,
    "short-close": _guard_short_close,
    "finish-correction": _guard_finish,
    "close": _guard_close,
    "create-invoice": _guard_invoice,
    "reprice": _guard_reprice,
    "quote-freight": _guard_reprice,
    "apply-freight": _guard_reprice,
    "edit": _guard_edit,
    "remove": _guard_remove,
}


def check_may_leave(order: OrderFacts) -> None:
    """Refuse that goods of an order leave while it, or its customer, is on hold (domain 2.8).

    Raises Conflict `customer_hold_all`, `customer_hold_shipment`, `order_on_hold`.
    """
    held = _held(order, {"hold_all", "hold_shipment"})
    if held is not None:
        raise held
