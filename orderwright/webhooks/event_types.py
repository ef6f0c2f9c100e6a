"""What an endpoint can ask for, by the record that it happens to.

A type is past tense: `sales_order.issued`. `sales_order.*` is everything of sales orders, types
that come later included.
"""

import re
from collections.abc import Mapping
from typing import Final

_RECORD: Final = "created updated deleted"
_SHAPE: Final = re.compile(r"[a-z_]{1,29}\.(\*|[a-z_]{1,30})")

# By area, as the pages group them; by record, what happens to it.
AREAS: Final[Mapping[str, Mapping[str, str]]] = {
    "Sales": {
        "sales_order": (
            "created edited issued unissued fulfilled unfulfilled completed closed short_closed "
            "reopened correction_finished held hold_released repriced freight_quoted duplicated "
            "lines_added line_edited line_deleted lines_changed lines_cancelled lines_restored "
            "inventory_selected inventory_released covered fulfillment_changed payment_changed "
            "task_raised task_added task_edited task_deleted removed"
        ),
        "extraction": "accepted",
    },
    "Shipping": {
        "shipment": "created edited packed shipped tracked linked cancelled voided",
        "pick": "created line_picked all_picked voided",
        "return": "requested received closed cancelled",
    },
    "Invoices and payments": {
        "invoice": "drafted edited finalised sent reminded paid voided dropped",
        "payment": "recorded allocated deallocated credited adjusted rebated refunded",
        "statement": "sent",
        "email": "queued sent failed",
    },
    "Purchasing": {
        "purchase_order": (
            "created edited issued unissued fulfilled closed opened held hold_released lines_added "
            "line_edited line_removed lines_cancelled lines_restored received receipt_reversed "
            "fulfillment_changed removed"
        ),
        "supplier": f"{_RECORD} products_changed",
    },
    "Production": {
        "production_job": ("created edited material_issued received completed reopened cancelled"),
        "production_run": "created",
        "stage": _RECORD,
    },
    "Inventory": {"lot": f"{_RECORD} adjusted transferred merged", "location": _RECORD},
    "Customers and products": {
        "customer": f"{_RECORD} status_changed merged item_codes_changed",
        "customer_group": f"{_RECORD} product_lines_changed",
        "product": _RECORD,
        "product_line": _RECORD,
        "product_category": _RECORD,
        "customer_price": _RECORD,
        "volume_discount": _RECORD,
        "discount_code": _RECORD,
    },
    "Set-up": {
        "organization": "updated equipped",
        "payment_term": _RECORD,
        "shipping_term": _RECORD,
        "carrier": f"{_RECORD} webhook_secret_made",
        "staff": _RECORD,
        "import": "uploaded started stopped resumed finished undone",
    },
    "People": {
        "user": (
            "created updated deleted invited invitation_sent invitation_revoked joined "
            "password_changed password_forgotten password_link_sent password_reset factor_added "
            "factor_removed recovery_codes_made second_factor_reset signed_out_elsewhere"
        ),
        "role": _RECORD,
        "api_key": "created revoked",
        "webhook_endpoint": ("created updated deleted moved disabled secret_rotated replayed"),
    },
}
# Records that something happens to, but nothing that is worth a line of its own.
_FURTHER: Final = frozenset("address contact person job saved_view notification document".split())
NOUNS: Final = _FURTHER | {noun for nouns in AREAS.values() for noun in nouns}


def is_known(event_type: str) -> bool:
    """Whether something like this can happen: `<noun>.<verb>` or `<noun>.*` of a known record.

    >>> is_known("sales_order.issued"), is_known("sales_order.*"), is_known("salesorder.issued")
    (True, True, False)
    """
    noun = event_type.partition(".")[0]
    return bool(_SHAPE.fullmatch(event_type)) and noun in NOUNS


def types_of(noun: str, verbs: str) -> list[str]:
    """The types of one record, everything of it first."""
    return [f"{noun}.*", *(f"{noun}.{verb}" for verb in verbs.split())]
