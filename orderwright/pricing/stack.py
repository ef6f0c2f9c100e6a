"""The price stack: from the base price to the totals of an order (domain 5.1 to 5.4)."""

from orderwright.pricing.rules import PricedLine, PricedOrder, PricingInput


def price_order(order: PricingInput) -> PricedOrder:
    """Prices of all lines and the order's totals."""
    ...


def keeps_price(order_status: str, *, is_new: bool) -> bool:
    """Whether a line is `frozen` when its order is priced again (domain 5.3)."""
    ...


def changed_prices(before: dict, after: tuple[PricedLine, ...]) -> tuple: ...
