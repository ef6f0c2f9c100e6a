"""What tiers do to one price and quantity: the example beside the editor of a volume discount."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.kernel.money import round_half_up
from orderwright.kernel.numbers import EXACT, ONE
from orderwright.pricing.discounts import volume_factor
from orderwright.pricing.rules import (
    LineToPrice,
    PricingSettings,
    ProductFacts,
    Tier,
    VolumeDiscountFacts,
)

_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """Which tiers a quantity meets, and what they make of a base price (domain 5.3).

    `tiers` in their order, each with whether it is met and whether it counts: in the mode `highest`
    only the largest percent of those met does.
    """

    tiers: tuple[tuple[Tier, bool, bool], ...]
    factor: Decimal
    base: Decimal
    unit_price: Decimal


def worked_example(
    tiers: Sequence[Tier], *, base: Decimal, quantity: Decimal, settings: PricingSettings
) -> WorkedExample:
    """The example for this quantity at this base price, rounded as the organization rounds."""
    discount = VolumeDiscountFacts(_NOBODY, "", tuple(tiers))
    line = LineToPrice(key=0, position=1, product=ProductFacts(_NOBODY), quantity=quantity)
    found = volume_factor(discount, [line], tier_mode=settings.tier_mode)
    counting = found.tiers if found else ()
    factor = found.factor if found else ONE
    return WorkedExample(
        tiers=tuple(
            (tier, quantity >= tier.threshold, tier in counting)
            for tier in sorted(tiers, key=lambda tier: tier.threshold)
        ),
        factor=factor,
        base=base,
        unit_price=round_half_up(EXACT.multiply(base, factor), settings.unit_price_dp),
    )
