"""The facts that a price depends on, and what a priced order is (domain 5).

Money is in the order's currency unless a record names its own; an empty currency is the
organization's. Percentages are fractions: 0.05 is five percent. A record of another currency does
not apply (ruling 14).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.kernel.numbers import ZERO, trim

AttributeFilter = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PricingSettings:
    """The organization's settings `pricing.*` (domain 1.1)."""

    volume_applies_to_customer_price: bool = True
    tier_mode: str = "compound"
    unit_price_dp: int = 4


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One further unit of a product: how many default units it holds, and its own discounts."""

    ratio: Decimal
    fixed_discount: Decimal = ZERO
    percent_discount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What the price stack needs of a product.

    `base_price` is per `price_unit` (empty: the default unit). One default unit weighs
    `weight_per_unit` in `weight_unit`. `free_freight` is its product line's policy.
    """

    id: UUID
    base_price: Decimal | None = None
    currency: str = ""
    price_unit: str = ""
    default_unit: str = "pcs"
    units: Mapping[str, UnitFacts] = field(default_factory=dict)
    weight_per_unit: Decimal | None = None
    weight_unit: str = ""
    product_line_id: UUID | None = None
    category_id: UUID | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    tax_rate: Decimal | None = None
    free_freight: bool = False


@dataclass(frozen=True, slots=True)
class BuyerFacts:
    """What the price stack needs of a customer. `group_ids`: the type group and pricing groups.

    `free_freight` says in words what frees it of freight ("customer", "group Retail"), or None.
    """

    id: UUID
    parent_id: UUID | None = None
    group_ids: frozenset[UUID] = frozenset()
    tax_exempt: bool = False
    tax_rate: Decimal | None = None
    free_freight: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerPriceFacts:
    """A customer's own price, per `unit` (empty: the unit of the product's base price)."""

    id: UUID
    customer_id: UUID
    product_line_id: UUID
    price: Decimal
    created_at: datetime
    currency: str = ""
    unit: str = ""
    category_ids: frozenset[UUID] = frozenset()
    attributes: AttributeFilter = field(default_factory=dict)
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Tier:
    """From `threshold` on, `percent` (a fraction) is taken off."""

    threshold: Decimal
    percent: Decimal
    name: str = ""


@dataclass(frozen=True, slots=True)
class VolumeDiscountFacts:
    """Tiers by the order's quantity in scope. An empty list does not restrict."""

    id: UUID
    name: str
    tiers: tuple[Tier, ...]
    customer_group_ids: frozenset[UUID] = frozenset()
    product_line_ids: frozenset[UUID] = frozenset()
    category_ids: frozenset[UUID] = frozenset()
    attributes: AttributeFilter = field(default_factory=dict)
    acceptable_units: tuple[str, ...] = ()
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """A discount code and what is known of its use.

    `redemptions` counts orders that use it, and `used_by_customer` says whether one of this
    customer does: in both the order itself does not count.
    """

    id: UUID
    code: str
    type: str
    percentage: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    max_redemptions: int | None = None
    redemptions: int = 0
    once_per_customer: bool = True
    used_by_customer: bool = False
    customer_ids: frozenset[UUID] = frozenset()
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class FreightFacts:
    """The shipping term and the carrier option of an order. Term money is in `currency`,
    the option's rates are in the organization's currency, per kilogram."""

    term_name: str = ""
    term_type: str = "carrier_rate_freight"
    currency: str = ""
    flat_rate: Decimal | None = None
    minimum_order_value: Decimal | None = None
    free_freight_threshold: Decimal | None = None
    free_option_ids: frozenset[UUID] = frozenset()
    option_id: UUID | None = None
    rate_base: Decimal | None = None
    rate_per_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineToPrice:
    """One line that asks for a price. Only kinds `product` and `service` are merchandise.

    `quantity` is what is not cancelled, in `unit`; on the basis `weight` it is the weight, and
    `unit` a weight unit. `weight` is the line's weight in `weight_unit` where it is known.
    `price_locked` False: `unit_price` was typed by a person and stands. `frozen`: the line keeps
    `unit_price` and `price_source` because the order is issued (domain 5.3).
    """

    key: Any
    position: int
    product: ProductFacts
    quantity: Decimal
    unit: str = "pcs"
    basis: str = "quantity"
    kind: str = "product"
    unit_price: Decimal | None = None
    price_source: str = ""
    price_locked: bool = True
    frozen: bool = False
    cancelled: bool = False
    weight: Decimal | None = None
    weight_unit: str = ""


@dataclass(frozen=True, slots=True)
class PricingInput:
    """Everything that decides an order's prices and totals.

    `code` has already been checked (`discounts.check_code`). `freight_kept` is the freight once
    quoted, which later changes leave alone (domain 5.5).
    """

    currency: str
    default_currency: str
    buyer: BuyerFacts
    lines: tuple[LineToPrice, ...]
    customer_prices: tuple[CustomerPriceFacts, ...] = ()
    volume_discounts: tuple[VolumeDiscountFacts, ...] = ()
    code: CodeFacts | None = None
    freight: FreightFacts | None = None
    freight_kept: Decimal | None = None
    settings: PricingSettings = PricingSettings()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the price breakdown: the unit price after it, and a note for people."""

    step: str
    price: Decimal
    note: str
    record_id: UUID | None = None

    def as_json(self) -> dict[str, str]:
        """The step in the shape that the API promises."""
        row = {"step": self.step, "price": trim(self.price), "note": self.note}
        if self.record_id is not None:
            row["record_id"] = str(self.record_id)
        return row


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its price. `breakdown` None: a frozen line keeps the one it has.

    `line_total` is what the active part of the line costs, `discount_share` its part of the code's
    discount, `tax` what its tax rate (a fraction) makes of the difference. `flags`: `no_price`.
    """

    key: Any
    unit_price: Decimal
    price_source: str
    breakdown: tuple[Step, ...] | None
    line_total: Decimal
    discount_share: Decimal
    tax_rate: Decimal
    tax: Decimal
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Freight:
    """The freight of an order and why it is that. `unquoted`: nobody knows yet."""

    amount: Decimal
    note: str
    unquoted: bool = False


@dataclass(frozen=True, slots=True)
class PricedOrder:
    """Lines in their order, and totals that they add up to. `discount_total` is positive.

    `flags`: `no_price`, `freight_unquoted`.
    """

    lines: tuple[PricedLine, ...]
    subtotal: Decimal
    discount_total: Decimal
    freight: Freight
    tax: Decimal
    grand_total: Decimal
    flags: tuple[str, ...]
