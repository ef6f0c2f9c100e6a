"""What happened to invoices and payments, in sentences, for the timeline of their order.

Amounts are left out: whoever may see them reads them on the invoice or the payment.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

Body = Mapping[str, Any]


def _invoice(verb: str) -> Callable[[Body], str]:
    def tell(body: Body) -> str:
        return f"{verb} invoice {body.get('number') or '(draft)'}"

    return tell


def _payment(verb: str) -> Callable[[Body], str]:
    def tell(body: Body) -> str:
        return f"{verb} {body.get('number', '')}".strip()

    return tell


def _drafted(body: Body) -> str:
    kind = "a deposit invoice" if body.get("kind") == "deposit" else "an invoice"
    because = " for a shipment that left" if body.get("shipment_id") else ""
    return f"Drafted {kind}{because}"


def _said(text: str) -> Callable[[Body], str]:
    return lambda _body: text


MONEY_EVENTS: Final[dict[str, tuple[str, Callable[[Body], str]]]] = {
    "invoice.drafted": ("file-text", _drafted),
    "invoice.edited": ("pencil", _invoice("Edited")),
    "invoice.finalised": ("file-check", _invoice("Finalised")),
    "invoice.sent": ("send", _invoice("Sent")),
    "invoice.reminded": ("bell", _invoice("Reminded of")),
    "invoice.voided": ("ban", _invoice("Voided")),
    "invoice.paid": ("coin", _invoice("Paid in full:")),
    "invoice.dropped": ("trash", _said("Dropped the draft of a shipment that did not leave")),
    "payment.recorded": ("coin", _payment("Recorded payment")),
    "payment.credited": ("receipt-refund", _payment("Gave credit memo")),
    "payment.adjusted": ("adjustments", _payment("Recorded adjustment")),
    "payment.rebated": ("discount", _payment("Recorded rebate")),
    "payment.refunded": ("receipt-refund", _payment("Refunded with")),
    "payment.allocated": ("coin", _payment("Settled invoices with")),
    "payment.deallocated": ("rotate", _payment("Took back what was settled with")),
}
