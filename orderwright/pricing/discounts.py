"""Customer prices, volume discounts and discount codes: which applies, and what it takes off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.kernel.errors import Invalid
from orderwright.kernel.money import round_money
from orderwright.kernel.numbers import EXACT, ONE, ZERO, trim
from orderwright.pricing.rules import (
    AttributeFilter,
    BuyerFacts,
    CodeFacts,
    CustomerPriceFacts,
    LineToPrice,
    ProductFacts,
    Tier,
    VolumeDiscountFacts,
)
from orderwright.pricing.units import ratio_of


@dataclass(frozen=True, slots=True)
class VolumeFactor:
    """The one volume discount of a line: its tiers that are met make `factor`.

    `note` is the sentence for the price breakdown.
    """

    discount: VolumeDiscountFacts
    quantity: Decimal
    tiers: tuple[Tier, ...]
    factor: Decimal
    note: str


def match_customer_price(
    prices: Iterable[CustomerPriceFacts],
    buyer: BuyerFacts,
    product: ProductFacts,
    *,
    currency: str,
    default_currency: str,
) -> CustomerPriceFacts | None:
    """The customer price that replaces the base, or None (domain 5.2, ruling 14).

    All filters must match. The customer's own beats its parent's, then the newest, then the lower
    id.
    """
    found = [
        price
        for price in prices
        if why_no_customer_price(
            price, buyer, product, currency=currency, default_currency=default_currency
        )
        is None
    ]
    if not found:
        return None
    lowest_id = sorted(found, key=lambda price: price.id)
    newest = sorted(lowest_id, key=lambda price: price.created_at, reverse=True)
    return min(newest, key=lambda price: price.customer_id != buyer.id)


def why_no_customer_price(
    price: CustomerPriceFacts,
    buyer: BuyerFacts,
    product: ProductFacts,
    *,
    currency: str,
    default_currency: str,
) -> str | None:
    """The first filter that keeps a customer price from a product, or None: one of `inactive,
    customer, line, currency, category, attributes` (domain 5.2, C-20, ruling 14)."""
    if not price.is_active:
        return "inactive"
    if price.customer_id not in (buyer.id, buyer.parent_id):
        return "customer"
    if price.product_line_id != product.product_line_id:
        return "line"
    if (price.currency or default_currency) != currency:
        return "currency"
    if price.category_ids and product.category_id not in price.category_ids:
        return "category"
    return None if attributes_match(price.attributes, product.attributes) else "attributes"


def attributes_match(wanted: AttributeFilter, attributes: Mapping[str, Any]) -> bool:
    """Whether the product has, for each attribute named, one of the values listed (ruling 12)."""
    for name, values in wanted.items():
        has = attributes.get(name)
        owned = has if isinstance(has, list | tuple) else (has,)
        if not any(value in values for value in owned):
            return False
    return True


def volume_factors(
    lines: Sequence[LineToPrice],
    discounts: Iterable[VolumeDiscountFacts],
    buyer: BuyerFacts,
    *,
    tier_mode: str,
) -> dict[UUID, VolumeFactor]:
    """The volume discount of each product on these lines, by product (domain 5.3).

    Quantities add up over the order's active product lines in a discount's scope; lines with a
    typed price count and are not priced again. Of several discounts a line takes one: a discount
    for the buyer's group beats one for everybody, then the lowest factor, then the lower id.
    """
    counting = [line for line in lines if line.kind == "product" and not line.cancelled]
    best: dict[UUID, VolumeFactor] = {}
    for discount in discounts:
        if not discount.is_active or not is_for_buyer(discount, buyer):
            continue
        covered = [line for line in counting if in_scope(discount, line.product)]
        found = volume_factor(discount, covered, tier_mode=tier_mode)
        if found is None:
            continue
        for product_id in {line.product.id for line in covered}:
            rival = best.get(product_id)
            if rival is None or preference(found) < preference(rival):
                best[product_id] = found
    return best


def volume_factor(
    discount: VolumeDiscountFacts, lines: Iterable[LineToPrice], *, tier_mode: str
) -> VolumeFactor | None:
    """What a discount does to these lines in its scope; None while no tier is met.

    `compound`: `Π (1 − percent)` over all tiers met; `highest`: `1 − the largest percent` (C-2).
    """
    quantity = sum((scope_quantity(discount, line) for line in lines), ZERO)
    met = tuple(
        sorted(
            (tier for tier in discount.tiers if quantity >= tier.threshold),
            key=lambda tier: tier.threshold,
        )
    )
    if not met:
        return None
    if tier_mode == "highest":
        met = (max(met, key=lambda tier: tier.percent),)
    factor = ONE
    for tier in met:
        factor = EXACT.multiply(factor, ONE - tier.percent)
    return VolumeFactor(discount, quantity, met, factor, _note(discount, quantity, met, factor))


def in_scope(discount: VolumeDiscountFacts, product: ProductFacts) -> bool:
    """Whether the discount is for this product: line, category and all attributes (domain 5.3)."""
    return why_out_of_scope(discount, product) is None


def why_out_of_scope(discount: VolumeDiscountFacts, product: ProductFacts) -> str | None:
    """What keeps a discount from a product, or None: one of `line, category, attributes`."""
    if discount.product_line_ids and product.product_line_id not in discount.product_line_ids:
        return "line"
    if discount.category_ids and product.category_id not in discount.category_ids:
        return "category"
    return None if attributes_match(discount.attributes, product.attributes) else "attributes"


def scope_quantity(discount: VolumeDiscountFacts, line: LineToPrice) -> Decimal:
    """What a line adds to a discount's quantity (domain 5.3, ruling 12).

    In the first acceptable unit that the line can be converted to; without acceptable units in the
    product's default unit. A line that cannot be converted adds nothing.
    """
    own = ratio_of(line.product, line.unit)
    for unit in discount.acceptable_units or (line.product.default_unit,):
        if unit == line.unit:
            return line.quantity
        ratio = ratio_of(line.product, unit)
        if own is not None and ratio is not None:
            return EXACT.divide(EXACT.multiply(line.quantity, own), ratio)
    return ZERO


def check_code(
    code: CodeFacts | None,
    *,
    customer_id: UUID,
    today: date,
    currency: str,
    default_currency: str,
) -> CodeFacts:
    """The code, if this customer may use it today on an order in this currency (domain 5.4).

    Raises Invalid `discount_code_not_usable` with the field `discount_code`.
    """
    why_not = _why_no_code(code, customer_id, today)
    if code is not None and why_not is None and code.type == "amount":
        own = code.currency or default_currency
        if own != currency:
            why_not = f"This code is for orders in {own}."
    if code is None or why_not is not None:
        message = why_not or "There is no such discount code."
        raise Invalid("discount_code_not_usable", message, fields={"discount_code": message})
    return code


def apply_code(
    code: CodeFacts | None, subtotal: Decimal, *, currency: str, default_currency: str
) -> Decimal:
    """What the code takes off the merchandise: 0 ≤ d ≤ subtotal, in the minor unit (domain 5.4).

    An amount in another currency takes nothing off (ruling 14).
    """
    if code is None:
        return ZERO
    if code.type == "percentage":
        taken = EXACT.multiply(subtotal, code.percentage or ZERO)
    elif (code.currency or default_currency) == currency:
        taken = code.amount or ZERO
    else:
        taken = ZERO
    return max(ZERO, min(round_money(taken, currency), subtotal))


def _note(
    discount: VolumeDiscountFacts, quantity: Decimal, tiers: tuple[Tier, ...], factor: Decimal
) -> str:
    steps = ", ".join(f"{trim(tier.percent * 100)} % from {trim(tier.threshold)}" for tier in tiers)
    return f"{discount.name}: {steps}; order quantity {trim(quantity)}; × {trim(factor)}"


def is_for_buyer(discount: VolumeDiscountFacts, buyer: BuyerFacts) -> bool:
    """Whether the buyer is in one of the discount's groups; without groups it is for everybody."""
    return not discount.customer_group_ids or bool(discount.customer_group_ids & buyer.group_ids)


def preference(found: VolumeFactor) -> tuple[bool, Decimal, UUID]:
    """The lowest goes first: for the buyer's group, then the lowest factor, then the lower id."""
    return (not found.discount.customer_group_ids, found.factor, found.discount.id)


def _why_no_code(code: CodeFacts | None, customer_id: UUID, today: date) -> str | None:
    if code is None or not code.is_active:
        return "There is no such discount code."
    if code.customer_ids and customer_id not in code.customer_ids:
        return "There is no such discount code."
    if code.starts_on is not None and today < code.starts_on:
        return f"This code can be used from {code.starts_on.isoformat()} on."
    if code.ends_on is not None and today > code.ends_on:
        return f"This code could be used until {code.ends_on.isoformat()}."
    return _why_used_up(code)


def _why_used_up(code: CodeFacts) -> str | None:
    if code.max_redemptions is not None and code.redemptions >= code.max_redemptions:
        return "This code has been used as often as it may be."
    if code.once_per_customer and code.used_by_customer:
        return "This customer has used the code already."
    return None
