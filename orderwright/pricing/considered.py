"""What was considered for a line's price, and why it was taken or lost (domain 5.1 to 5.3).

The price stack decides; here its decisions are put into words. Both ask the same rules, so that
the explanation cannot differ from the price.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from orderwright.kernel.money import format_price
from orderwright.kernel.numbers import ZERO, trim
from orderwright.pricing.discounts import (
    VolumeFactor,
    in_scope,
    is_for_buyer,
    match_customer_price,
    preference,
    scope_quantity,
    volume_factor,
    why_no_customer_price,
    why_out_of_scope,
)
from orderwright.pricing.rules import (
    AttributeFilter,
    CustomerPriceFacts,
    LineToPrice,
    PricedLine,
    PricingInput,
    VolumeDiscountFacts,
)

CUSTOMER: Final = "customer"
VOLUME: Final = "volume"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer price or a volume discount that could have made the price of a line.

    `step` is the step of the breakdown it belongs to, `customer` or `volume`; `why` a sentence.
    """

    step: str
    record_id: UUID
    name: str
    is_taken: bool
    why: str

    def as_json(self) -> dict[str, Any]:
        """The candidate in the shape that the API promises."""
        return {
            "step": self.step,
            "record_id": str(self.record_id),
            "name": self.name,
            "taken": self.is_taken,
            "why": self.why,
        }


def considered(
    order: PricingInput, priced: Sequence[PricedLine]
) -> dict[Any, tuple[Candidate, ...]]:
    """For each priced line, by its key, what was considered: the taken ones first in each step.

    A line with a typed or a frozen price considers nothing (domain 5.1, step 0).
    """
    met = {one.id: _met(order, one) for one in order.volume_discounts}
    prices = {line.key: line for line in priced}
    return {
        line.key: _of_line(order, line, prices[line.key], met)
        for line in order.lines
        if line.key in prices
    }


def _met(order: PricingInput, discount: VolumeDiscountFacts) -> VolumeFactor | None:
    counting = [line for line in order.lines if line.kind == "product" and not line.cancelled]
    covered = [line for line in counting if in_scope(discount, line.product)]
    return volume_factor(discount, covered, tier_mode=order.settings.tier_mode)


def _of_line(
    order: PricingInput,
    line: LineToPrice,
    priced: PricedLine,
    met: Mapping[UUID, VolumeFactor | None],
) -> tuple[Candidate, ...]:
    if priced.breakdown is None or priced.price_source == "manual":
        return ()
    taken = {step.record_id for step in priced.breakdown}
    found = [_customer_price(order, line, one, taken) for one in order.customer_prices]
    if line.kind == "product":
        found += [_volume(order, line, one, met, priced) for one in order.volume_discounts]
    return tuple(sorted(found, key=lambda one: (one.step, not one.is_taken, one.name)))


def _customer_price(
    order: PricingInput, line: LineToPrice, price: CustomerPriceFacts, taken: set[UUID | None]
) -> Candidate:
    currency = price.currency or order.default_currency
    unit = price.unit or line.product.price_unit or line.product.default_unit
    name = f"{format_price(price.price, currency)} {currency} per {unit}"
    if price.id in taken:
        owner = "the customer's own" if price.customer_id == order.buyer.id else "of its parent"
        return Candidate(CUSTOMER, price.id, name, True, f"This price is {owner}; all filters fit.")
    return Candidate(CUSTOMER, price.id, name, False, _why_lost(order, line, price))


def _why_lost(order: PricingInput, line: LineToPrice, price: CustomerPriceFacts) -> str:
    money = {"currency": order.currency, "default_currency": order.default_currency}
    why_not = why_no_customer_price(price, order.buyer, line.product, **money)
    if why_not is not None:
        return _price_sentence(why_not, order, price)
    best = match_customer_price(order.customer_prices, order.buyer, line.product, **money)
    if best is None or best.id == price.id:
        return f"Its unit does not convert to the {line.unit} of the line."
    if best.customer_id != price.customer_id:
        return "The customer's own price goes before that of its parent."
    if best.created_at != price.created_at:
        return "A newer price goes before an older one."
    return "Of two as new, the one with the lower id goes first."


def _price_sentence(why_not: str, order: PricingInput, price: CustomerPriceFacts) -> str:
    return {
        "inactive": "It is not active.",
        "customer": "It is for another customer.",
        "line": "It is for another product line.",
        "currency": f"It is in {price.currency or order.default_currency}, "
        f"the order is in {order.currency}.",
        "category": "It is for other product categories.",
        "attributes": f"It is for products with {_filter_words(price.attributes)}.",
    }[why_not]


def _volume(
    order: PricingInput,
    line: LineToPrice,
    discount: VolumeDiscountFacts,
    met: Mapping[UUID, VolumeFactor | None],
    priced: PricedLine,
) -> Candidate:
    mine = met[discount.id]
    if mine and any(step.record_id == discount.id for step in priced.breakdown or ()):
        return Candidate(VOLUME, discount.id, discount.name, True, mine.note)
    why = _why_not_volume(order, line, discount)
    if why is None and mine is None:
        why = _not_met(order, discount)
    elif why is None and mine is not None:
        why = _beaten(order, line, mine, met, priced)
    return Candidate(VOLUME, discount.id, discount.name, False, why or "")


def _why_not_volume(
    order: PricingInput, line: LineToPrice, discount: VolumeDiscountFacts
) -> str | None:
    if not discount.is_active:
        return "It is not active."
    if not is_for_buyer(discount, order.buyer):
        return "It is for customer groups that this customer is not in."
    return {
        None: None,
        "line": "It is for other product lines.",
        "category": "It is for other product categories.",
        "attributes": f"It is for products with {_filter_words(discount.attributes)}.",
    }[why_out_of_scope(discount, line.product)]


def _not_met(order: PricingInput, discount: VolumeDiscountFacts) -> str:
    counting = [line for line in order.lines if line.kind == "product" and not line.cancelled]
    quantity = sum(
        (scope_quantity(discount, line) for line in counting if in_scope(discount, line.product)),
        ZERO,
    )
    if not discount.tiers:
        return "It has no tiers."
    first = min(tier.threshold for tier in discount.tiers)
    return f"Its first tier starts at {trim(first)}; the order counts {trim(quantity)}."


def _beaten(
    order: PricingInput,
    line: LineToPrice,
    mine: VolumeFactor,
    met: Mapping[UUID, VolumeFactor | None],
    priced: PricedLine,
) -> str:
    """Why a discount whose tiers are met was not taken."""
    if priced.price_source == "none":
        return "There is no price to lower."
    if priced.price_source == "customer":
        return "In this organization a customer price takes no volume discount."
    rivals = [
        found
        for found in met.values()
        if found is not None and _why_not_volume(order, line, found.discount) is None
    ]
    best = min(rivals, key=preference)
    if best.discount.customer_group_ids and not mine.discount.customer_group_ids:
        return f"{best.discount.name} is for the customer's group, and goes before one for all."
    if best.factor != mine.factor:
        return (
            f"{best.discount.name} takes off more: × {trim(best.factor)}, not {trim(mine.factor)}."
        )
    return f"{best.discount.name} takes off as much and is older."


def _filter_words(attributes: AttributeFilter) -> str:
    return ", ".join(f"{name} {' or '.join(values)}" for name, values in attributes.items())
