"""How every coded value reads on the screen: its words, its icon and its tone.

The tones are the colours of chips: grey, blue, amber, green, red, violet. Each value has words
and an icon too, so that nothing is said by colour alone.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Word:
    """One value as people see it."""

    text: str
    icon: str
    tone: str


STAGE: Final = {
    "estimate": Word("Estimate", "pencil", "grey"),
    "issued": Word("Issued", "file-check", "blue"),
    "fulfilled": Word("Fulfilled", "circle-check", "green"),
    "completed": Word("Completed", "lock", "green"),
}

ESTIMATE: Final = {"expired": Word("Expired", "hourglass", "amber")}

LINE: Final = {
    "not_started": Word("Not Started", "circle-dashed", "grey"),
    "in_progress": Word("In Progress", "progress", "blue"),
    "production_completed": Word("Production Completed", "progress-check", "violet"),
    "ready": Word("Ready", "clipboard-check", "violet"),
    "partially_shipped": Word("Partially Shipped", "truck-loading", "blue"),
    "shipped": Word("Shipped", "truck", "green"),
    "backordered": Word("Backordered", "hourglass", "amber"),
    "cancelled": Word("Cancelled", "ban", "grey"),
    "partially_returned": Word("Partially Returned", "arrow-back-up", "amber"),
    "returned": Word("Returned", "truck-return", "red"),
}

FULFILLMENT: Final = {
    "not_started": Word("Not Started", "circle-dashed", "grey"),
    "in_production": Word("In Production", "tool", "blue"),
    "ready_to_ship": Word("Ready to Ship", "clipboard-check", "violet"),
    "partially_shipped": Word("Partially Shipped", "truck-loading", "blue"),
    "shipped": Word("Shipped", "truck", "green"),
    "completed": Word("Completed", "checks", "green"),
    "on_hold": Word("On Hold", "hand-stop", "red"),
    "cancelled": Word("Cancelled", "ban", "grey"),
    "partially_returned": Word("Partially Returned", "arrow-back-up", "amber"),
    "all_returned": Word("All Returned", "truck-return", "red"),
}

PAYMENT: Final = {
    "unpaid": Word("Unpaid", "coin", "grey"),
    "partially_paid": Word("Partially Paid", "circle-half-2", "amber"),
    "paid": Word("Paid", "cash", "green"),
    "overpaid": Word("Overpaid", "exclamation-circle", "violet"),
}

INVOICE: Final = {
    "draft": Word("Draft", "pencil", "grey"),
    "finalised": Word("Finalised", "file-check", "blue"),
    "sent": Word("Sent", "send", "blue"),
    "partially_paid": Word("Partially Paid", "circle-half-2", "amber"),
    "overdue": Word("Overdue", "calendar-due", "red"),
    "paid": Word("Paid", "circle-check", "green"),
    "void": Word("Void", "ban", "grey"),
}

INVOICE_KIND: Final = {
    "goods": Word("Goods", "package", "grey"),
    "deposit": Word("Deposit", "wallet", "violet"),
}

PAYMENT_TYPE: Final = {
    "payment": Word("Payment", "coin", "green"),
    "credit_memo": Word("Credit Memo", "arrow-back-up", "violet"),
    "adjustment": Word("Adjustment", "pencil", "grey"),
    "rebate": Word("Rebate", "star", "blue"),
    "refund": Word("Refund", "cash", "amber"),
}

PICK: Final = {
    "open": Word("To Pick", "clipboard-list", "blue"),
    "finished": Word("Finished", "circle-check", "green"),
    "held": Word("Shipping Held", "hand-stop", "red"),
}

SHIPMENT_STAGE: Final = {
    "packed": Word("Packed", "package", "violet"),
    "shipped": Word("Shipped", "truck", "green"),
    "voided": Word("Voided", "ban", "grey"),
}

TRACKING: Final = {
    "pending": Word("Pending", "clock", "grey"),
    "in_transit": Word("In Transit", "truck", "blue"),
    "out_for_delivery": Word("Out for Delivery", "truck-delivery", "violet"),
    "delivered": Word("Delivered", "circle-check", "green"),
    "exception": Word("Exception", "alert-triangle", "red"),
    "cancelled": Word("Cancelled", "ban", "grey"),
    "returned": Word("Returned", "truck-return", "amber"),
}

CUSTOMER: Final = {
    "normal": Word("Normal", "circle-check", "grey"),
    "preferred": Word("Preferred", "star", "green"),
    "hold_shipment": Word("Hold Shipment", "truck", "amber"),
    "hold_all": Word("Hold All", "hand-stop", "red"),
}

LOT: Final = {
    "available": Word("Available", "circle-check", "green"),
    "retrieved_out": Word("Retrieved Out", "package-export", "blue"),
    "issued_to_production": Word("In Production", "tool", "violet"),
    "rejected": Word("Rejected", "circle-x", "red"),
    "scrap": Word("Scrap", "trash", "grey"),
    "archived": Word("Archived", "archive", "grey"),
}

STOCK: Final = {
    "in_stock": Word("In Stock", "circle-check", "green"),
    "low_stock": Word("Low Stock", "alert-triangle", "amber"),
    "out_of_stock": Word("Out of Stock", "circle-x", "red"),
}

SELECTION: Final = {
    "retrieved": Word("Selected", "list-check", "violet"),
    "shipped": Word("Shipped", "truck", "green"),
    "released": Word("Released", "arrow-back-up", "grey"),
}

RETURN: Final = {
    "requested": Word("Requested", "truck-return", "amber"),
    "received": Word("Received", "package-import", "violet"),
    "closed": Word("Closed", "circle-check", "green"),
    "cancelled": Word("Cancelled", "ban", "grey"),
}

DISPOSITION: Final = {
    "restock": Word("Restock", "package", "green"),
    "reject": Word("Reject", "circle-x", "red"),
    "scrap": Word("Scrap", "trash", "grey"),
}

PURCHASE: Final = {
    "quoted": Word("Quoted", "pencil", "grey"),
    "ordered": Word("Ordered", "shopping-cart", "blue"),
    "fulfilled": Word("Fulfilled", "circle-check", "green"),
    "closed": Word("Closed", "archive", "grey"),
}

RECEIVING: Final = {
    "not_started": Word("Not Started", "circle-dashed", "grey"),
    "partially_received": Word("Partially Received", "package-import", "blue"),
    "received": Word("Received", "circle-check", "green"),
    "completed": Word("Completed", "checks", "green"),
    "on_hold": Word("On Hold", "hand-stop", "red"),
    "cancelled": Word("Cancelled", "ban", "grey"),
}

PRIORITY: Final = {
    "low": Word("Low", "flag", "grey"),
    "normal": Word("Normal", "flag", "grey"),
    "high": Word("High", "flag-3", "red"),
}

ACTIVE: Final = {
    "active": Word("Active", "circle-check", "green"),
    "inactive": Word("Inactive", "archive", "grey"),
}

RECEIPT: Final = {
    "received": Word("Received", "package-import", "green"),
    "rejects": Word("With rejects", "alert-triangle", "amber"),
    "reversed": Word("Reversed", "arrow-back-up", "grey"),
}

RESULT: Final = {
    "waiting": Word("Waiting", "clock", "grey"),
    "done": Word("Done", "circle-check", "green"),
    "skipped": Word("Skipped", "circle-x", "amber"),
}

USER: Final = {
    "active": Word("Active", "circle-check", "green"),
    "invited": Word("Invited", "mail", "blue"),
    "disabled": Word("Disabled", "ban", "grey"),
}

KEY: Final = {
    "open": Word("Works", "circle-check", "green"),
    "expired": Word("Expired", "hourglass", "amber"),
    "revoked": Word("Revoked", "ban", "grey"),
}

IMPORT: Final = {
    "checking": Word("Checking", "progress", "blue"),
    "ready": Word("Ready", "clipboard-check", "violet"),
    "running": Word("Running", "progress", "blue"),
    "stopped": Word("Stopped", "player-pause", "amber"),
    "finished": Word("Finished", "circle-check", "green"),
    "undoing": Word("Undoing", "progress", "blue"),
    "undone": Word("Undone", "arrow-back-up", "grey"),
}

IMPORT_ROW: Final = {
    "waiting": Word("Not checked", "clock", "grey"),
    "new": Word("New", "circle-plus", "blue"),
    "update": Word("Changes", "pencil", "violet"),
    "unchanged": Word("Unchanged", "minus", "grey"),
    "bad": Word("Bad", "alert-triangle", "red"),
    "created": Word("Added", "circle-check", "green"),
    "updated": Word("Changed", "circle-check", "green"),
    "undone": Word("Undone", "arrow-back-up", "grey"),
}

JOB: Final = {
    "ongoing": Word("Ongoing", "progress", "blue"),
    "completed": Word("Completed", "circle-check", "green"),
    "unscheduled": Word("Unscheduled", "circle-dashed", "grey"),
    "scheduled": Word("Scheduled", "calendar", "violet"),
    "cancelled": Word("Cancelled", "ban", "grey"),
}

RUN: Final = {
    "pending": Word("Pending", "clock", "grey"),
    "in_progress": Word("In Progress", "progress", "blue"),
    "completed": Word("Completed", "circle-check", "green"),
}

WEBHOOK: Final = {
    "works": Word("Works", "circle-check", "green"),
    "failing": Word("Failing", "alert-triangle", "amber"),
    "disabled": Word("Disabled", "player-pause", "grey"),
}

DELIVERY: Final = {
    "pending": Word("Waiting", "clock", "blue"),
    "delivered": Word("Delivered", "circle-check", "green"),
    "failed": Word("Tried again", "rotate", "amber"),
    "exhausted": Word("Given up", "circle-x", "red"),
}

EMAIL: Final = {
    "queued": Word("Waiting", "clock", "blue"),
    "sent": Word("Sent", "mail", "green"),
    "failed": Word("Failed", "alert-triangle", "red"),
}

AXES: Final[dict[str, dict[str, Word]]] = {
    "stage": STAGE,
    "estimate": ESTIMATE,
    "line": LINE,
    "fulfillment": FULFILLMENT,
    "payment": PAYMENT,
    "payment_type": PAYMENT_TYPE,
    "invoice": INVOICE,
    "invoice_kind": INVOICE_KIND,
    "pick": PICK,
    "shipment": SHIPMENT_STAGE,
    "tracking": TRACKING,
    "customer": CUSTOMER,
    "lot": LOT,
    "selection": SELECTION,
    "stock": STOCK,
    "return": RETURN,
    "disposition": DISPOSITION,
    "purchase": PURCHASE,
    "receiving": RECEIVING,
    "priority": PRIORITY,
    "receipt": RECEIPT,
    "active": ACTIVE,
    "user": USER,
    "key": KEY,
    "webhook": WEBHOOK,
    "delivery": DELIVERY,
    "email": EMAIL,
    "result": RESULT,
    "import": IMPORT,
    "import_row": IMPORT_ROW,
    "job": JOB,
    "run": RUN,
}


def word_of(axis: str, code: str) -> Word:
    """The word for a code; a code that nobody named reads as itself."""
    return AXES[axis].get(code) or Word(code.replace("_", " ").capitalize(), "circle", "grey")


def choices_of(axis: str) -> list[tuple[str, str]]:
    """The codes of an axis with their words, for selects and filters."""
    return [(code, word.text) for code, word in AXES[axis].items()]
