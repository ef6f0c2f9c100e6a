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


def without_commerce(body: Any) -> Any:
    """What happened, without the money: for readers who may not see it."""
    if isinstance(body, Mapping):
        return {
            name: without_commerce(held) for name, held in body.items() if name not in COMMERCIAL
        }
    if isinstance(body, list):
        return [without_commerce(held) for held in body]
    return body
