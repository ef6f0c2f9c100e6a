"""What of an event may be shown to whom."""

from collections.abc import Mapping
from typing import Any, Final

# Prices, costs and budgets, under whatever record they stand (domain 1.2, `orders_commercial`).
COMMERCIAL: Final = frozenset(
    {
        "base_price",
        "unit_price",
        "unit_cost",
        "price",
        "price_unit",
        "currency",
        "credit_limit",
        "internal_budget",
        "subtotal",
        "discount_total",
        "freight",
        "tax",
        "grand_total",
        "line_total",
        "totals",
    }
)


# Who a customer is, under whatever record it stands (domain 1.2, `customers:read`).
IDENTITY: Final = frozenset(
    {
        "customer",
        "customer_id",
        "customer_name",
        "customer_number",
        "customer_po_number",
        "bill_to",
        "ship_to",
        "acknowledgement_contacts",
        "invoice_contacts",
        "recipients",
        "subject",
    }
)


def without_commerce(body: Any) -> Any:
    """What happened, without the money: for readers who may not see it."""
    return _without(COMMERCIAL, body)


def without_identity(body: Any) -> Any:
    """What happened, without the customer: for readers who may not know customers."""
    return _without(IDENTITY, body)


def _without(hidden: frozenset[str], body: Any) -> Any:
    if isinstance(body, Mapping):
        return {name: _without(hidden, held) for name, held in body.items() if name not in hidden}
    if isinstance(body, list):
        return [_without(hidden, held) for held in body]
    return body
