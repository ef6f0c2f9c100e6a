"""Read what a price depends on, in one statement, as the values that the price stack takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import ZERO
from orderwright.pricing.rules import (
    BuyerFacts,
    CodeFacts,
    CustomerPriceFacts,
    FreightFacts,
    PricingSettings,
    ProductFacts,
    Tier,
    UnitFacts,
    VolumeDiscountFacts,
)
from orderwright.pricing.sql import PRICE_FACTS


@dataclass(frozen=True, slots=True)
class CatalogFacts:
    """What an order line copies from its product, beside what the price needs."""

    id: UUID
    sku: str
    name: str
    type: str
    is_active: bool
    unit_cost: Decimal | None
    pricing: ProductFacts


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """Everything that decides the prices of one customer's order."""

    buyer: BuyerFacts
    buyer_name: str
    buyer_is_active: bool
    allowed_lines: frozenset[UUID] | None
    products: Mapping[UUID, CatalogFacts]
    customer_prices: tuple[CustomerPriceFacts, ...]
    volume_discounts: tuple[VolumeDiscountFacts, ...]
    code: CodeFacts | None
    freight: FreightFacts | None
    settings: PricingSettings


def price_facts(
    by: Caller,
    *,
    customer_id: UUID,
    product_ids: Iterable[UUID],
    shipping_term_id: UUID | None = None,
    carrier_option_id: UUID | None = None,
    code: str | None = None,
    code_id: UUID | None = None,
    order_id: UUID | None = None,
) -> PriceFacts:
    """Read the facts; one statement however many products. `order_id` does not count as a use
    of its own code. Raises Invalid for a customer that does not exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            PRICE_FACTS,
            {
                "organization": by.organization_id,
                "customer": customer_id,
                "products": list(product_ids),
                "code": code,
                "code_id": code_id,
                "order": order_id,
                "shipping_term": shipping_term_id,
                "carrier_option": carrier_option_id,
            },
        )
        row = cursor.fetchone()
    assert row is not None
    buyer, products, prices, discounts, found, freight = map(_loaded, row)
    if buyer is None:
        raise Invalid(
            "unknown_customer",
            "There is no such customer. Choose one from the list of customers.",
            fields={"customer_id": "there is no such customer"},
        )
    return PriceFacts(
        buyer=_buyer(buyer),
        buyer_name=buyer["name"],
        buyer_is_active=buyer["is_active"],
        allowed_lines=_ids(buyer["allowed_lines"]) if buyer["allowed_lines"] else None,
        products={UUID(entry["id"]): _catalog(entry) for entry in products},
        customer_prices=tuple(_customer_price(entry) for entry in prices),
        volume_discounts=tuple(_discount(entry) for entry in discounts),
        code=_code(found) if found else None,
        freight=_freight(freight) if freight else None,
        settings=settings_of(by),
    )


def settings_of(by: Caller) -> PricingSettings:
    """The organization's switches of pricing."""
    organization = by.organization
    return PricingSettings(
        volume_applies_to_customer_price=organization.setting(
            "pricing.volume_applies_to_customer_price"
        ),
        tier_mode=organization.setting("pricing.tier_mode"),
        unit_price_dp=organization.setting("pricing.unit_price_dp"),
    )


def _loaded(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _ids(values: Iterable[str]) -> frozenset[UUID]:
    return frozenset(UUID(value) for value in values)


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _filter(attributes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(map(str, values)) if isinstance(values, list) else (str(values),)
        for name, values in attributes.items()
    }


def _buyer(entry: Mapping[str, Any]) -> BuyerFacts:
    free = "customer" if entry["free_freight"] else None
    if free is None and entry["free_group"]:
        free = f"group {entry['free_group']}"
    return BuyerFacts(
        id=UUID(entry["id"]),
        parent_id=_id(entry["parent_id"]),
        group_ids=_ids(entry["group_ids"]),
        tax_exempt=entry["tax_exempt"],
        tax_rate=_decimal(entry["tax_rate"]),
        free_freight=free,
    )


def _catalog(entry: Mapping[str, Any]) -> CatalogFacts:
    return CatalogFacts(
        id=UUID(entry["id"]),
        sku=entry["sku"],
        name=entry["name"],
        type=entry["type"],
        is_active=entry["is_active"],
        unit_cost=_decimal(entry["unit_cost"]),
        pricing=product_facts(entry),
    )


def product_facts(entry: Mapping[str, Any]) -> ProductFacts:
    """The product as the price stack sees it, from a JSON row."""
    return ProductFacts(
        id=UUID(entry["id"]),
        base_price=_decimal(entry["base_price"]),
        currency=entry["currency"],
        price_unit=entry["price_unit"],
        default_unit=entry["default_unit"],
        units={name: _unit(unit) for name, unit in entry["units"].items()},
        weight_per_unit=_decimal(entry["weight_per_unit"]),
        weight_unit=entry["weight_unit"],
        product_line_id=_id(entry["product_line_id"]),
        category_id=_id(entry["category_id"]),
        attributes=entry["attributes"],
        tax_rate=_decimal(entry["tax_rate"]),
        free_freight=entry["free_freight"],
    )


def _unit(entry: Mapping[str, Any]) -> UnitFacts:
    return UnitFacts(
        ratio=Decimal(str(entry["ratio"])),
        fixed_discount=_decimal(entry.get("fixed_discount")) or ZERO,
        percent_discount=_decimal(entry.get("percent_discount")) or ZERO,
    )


def _customer_price(entry: Mapping[str, Any]) -> CustomerPriceFacts:
    return CustomerPriceFacts(
        id=UUID(entry["id"]),
        customer_id=UUID(entry["customer_id"]),
        product_line_id=UUID(entry["product_line_id"]),
        price=Decimal(entry["price"]),
        created_at=datetime.fromisoformat(entry["created_at"]),
        currency=entry["currency"],
        unit=entry["unit"],
        category_ids=_ids(entry["category_ids"]),
        attributes=_filter(entry["attributes"]),
    )


def _discount(entry: Mapping[str, Any]) -> VolumeDiscountFacts:
    return VolumeDiscountFacts(
        id=UUID(entry["id"]),
        name=entry["name"],
        tiers=tuple(
            Tier(
                threshold=Decimal(str(tier["threshold"])),
                percent=Decimal(str(tier["percent"])),
                name=tier.get("name", ""),
            )
            for tier in entry["tiers"]
        ),
        customer_group_ids=_ids(entry["customer_group_ids"]),
        product_line_ids=_ids(entry["product_line_ids"]),
        category_ids=_ids(entry["category_ids"]),
        attributes=_filter(entry["attributes"]),
        acceptable_units=tuple(entry["acceptable_units"]),
    )


def _code(entry: Mapping[str, Any]) -> CodeFacts:
    return CodeFacts(
        id=UUID(entry["id"]),
        code=entry["code"],
        type=entry["type"],
        percentage=_decimal(entry["percentage"]),
        amount=_decimal(entry["amount"]),
        currency=entry["currency"],
        starts_on=_date(entry["starts_on"]),
        ends_on=_date(entry["ends_on"]),
        max_redemptions=entry["max_redemptions"],
        redemptions=entry["redemptions"],
        once_per_customer=entry["once_per_customer"],
        used_by_customer=entry["used_by_customer"],
        customer_ids=_ids(entry["customer_ids"]),
        is_active=entry["is_active"],
    )


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _freight(entry: Mapping[str, Any]) -> FreightFacts:
    return FreightFacts(
        term_name=entry["term_name"],
        term_type=entry["term_type"],
        currency=entry["currency"],
        flat_rate=_decimal(entry["flat_rate"]),
        minimum_order_value=_decimal(entry["minimum_order_value"]),
        free_freight_threshold=_decimal(entry["free_freight_threshold"]),
        free_option_ids=_ids(entry["free_option_ids"]),
        option_id=_id(entry["option_id"]),
        rate_base=_decimal(entry["rate_base"]),
        rate_per_kg=_decimal(entry["rate_per_kg"]),
    )
