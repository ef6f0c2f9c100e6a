"""How the coded values of payments read: methods, adjustments, kinds of lines of a statement."""

from typing import Final

METHODS: Final = (
    ("check", "Check"),
    ("ach", "ACH"),
    ("credit_card", "Credit card"),
    ("wire", "Wire"),
    ("cash", "Cash"),
    ("other", "Other"),
)
ADJUSTMENTS: Final = (
    ("discount", "Discount"),
    ("shipping_discrepancy", "Shipping discrepancy"),
    ("short_payment", "Short payment"),
    ("write_off", "Write-off"),
    ("fee", "Fee"),
    ("refund", "Refund"),
)
MOVEMENTS: Final = {
    "invoice": "Invoice",
    "payment": "Payment",
    "credit_memo": "Credit memo",
    "adjustment": "Adjustment",
    "rebate": "Rebate",
    "refund": "Refund",
    "paid_by_other": "Paid by",
    "paid_for_other": "Paid for",
}


def method_word(code: str) -> str:
    """What people call a method of payment."""
    return dict(METHODS).get(code, code)


def adjustment_word(code: str) -> str:
    """What people call a reason to adjust."""
    return dict(ADJUSTMENTS).get(code, code)
