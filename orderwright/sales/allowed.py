"""Which actions a caller may take on an order now, and for each other one what would allow it."""

from collections.abc import Collection
from dataclasses import dataclass

from orderwright.sales import lifecycle
from orderwright.sales.rules import OrderFacts

PERMISSIONS = {
    "issue": ("sales_orders:update",),
    "unissue": ("sales_orders:update",),
    "select-inventory": ("inventory:update", "sales_orders:read"),
    "auto-select": ("inventory:update", "sales_orders:read"),
    "release-inventory": ("inventory:update", "sales_orders:read"),
    "create-shipment": ("shipments:create",),
    "cancel-lines": ("sales_orders:update",),
    "restore-lines": ("sales_orders:update",),
    "hold": ("sales_orders:update",),
    "release-hold": ("sales_orders:update",),
    "short-close": ("sales_orders:update",),
    "reopen": ("sales_orders:update",),
    "finish-correction": ("sales_orders:update",),
    "close": ("sales_orders:update",),
    "reprice": ("orders_commercial:update",),
    "quote-freight": ("orders_commercial:read",),
    "apply-freight": ("orders_commercial:update",),
    "create-invoice": ("invoices:create",),
    "record-deposit": ("payments:create",),
    "duplicate": ("sales_orders:create",),
    "edit": ("sales_orders:update",),
    "remove": ("sales_orders:delete",),
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """One action: whether this caller may take it now, and if not, the sentence that says why."""

    action: str
    allowed: bool
    why_not: str | None

    def as_json(self) -> dict[str, str | bool | None]:
        """The row in the shape that the API promises."""
        return {"action": self.action, "allowed": self.allowed, "why_not": self.why_not}


def allowed_actions(
    order: OrderFacts, permissions: Collection[str], *, is_admin: bool = False
) -> tuple[Allowed, ...]:
    """Every action of the order, in the order of the lifecycle's table (rule 7 of the style).

    A missing permission is named first: what the order would allow is then no help. An Admin may
    close what is not paid, with a reason.
    """
    return tuple(
        _allowed(move.action, order, permissions, is_admin=is_admin)
        for move in lifecycle.LIFECYCLE.moves
    )


def _allowed(
    action: str, order: OrderFacts, permissions: Collection[str], *, is_admin: bool
) -> Allowed:
    missing = [needed for needed in PERMISSIONS[action] if needed not in permissions]
    if missing:
        why_not = f"Your role does not allow this; it needs {' and '.join(missing)}."
        return Allowed(action, False, why_not)
    refusal = lifecycle.why_refused(action, order)
    if is_admin and refusal is not None and refusal.code == "not_paid":
        refusal = None
    return Allowed(action, refusal is None, refusal.message if refusal else None)
