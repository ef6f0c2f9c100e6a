"""Which actions a caller may take on an order now, and for each other one what would allow it."""

from collections.abc import Collection

from orderwright.kernel.errors import Refusal
from orderwright.kernel.lifecycle import Allowed
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


def allowed_actions(
    order: OrderFacts, permissions: Collection[str], *, is_admin: bool = False
) -> tuple[Allowed, ...]:
    """Every action of the order, in the order of the lifecycle's table (rule 7 of the style).

    An Admin may close what is not paid, with a reason.
    """

    def refuses(action: str) -> Refusal | None:
        refusal = lifecycle.why_refused(action, order)
        is_overruled = is_admin and refusal is not None and refusal.code == "not_paid"
        return None if is_overruled else refusal

    return lifecycle.LIFECYCLE.allowed(permissions, needed=PERMISSIONS, refuses=refuses)
