"""Short ways to say what a price depends on."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.pricing import stack
from orderwright.pricing.rules import (
    BuyerFacts,
    CodeFacts,
    CustomerPriceFacts,
    FreightFacts,
    LineToPrice,
    PricedOrder,
    PricingInput,
    ProductFacts,
    Tier,
    UnitFacts,
    VolumeDiscountFacts,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


ACME, PARENT, STRANGER = UUID(int=1), UUID(int=2), UUID(int=3)


GEMS, RINGS = UUID(int=10), UUID(int=11)


RETAIL = UUID(int=20)


BUYER = BuyerFacts(ACME, PARENT, frozenset({RETAIL}))


FLAT = FreightFacts(term_name="Flat", term_type="flat_rate_freight", flat_rate=Decimal(25))


def product(number: int = 100, base: str | None = "12.50", **facts: Any) -> ProductFacts:
    price = None if base is None else Decimal(base)
    line_id = facts.pop("product_line_id", GEMS)
    return ProductFacts(UUID(int=number), price, product_line_id=line_id, **facts)


def line(quantity: str, of: ProductFacts | None = None, **facts: Any) -> LineToPrice:
    key = facts.pop("key", 1)
    return LineToPrice(key, facts.pop("position", key), of or product(), Decimal(quantity), **facts)


def tiers(*steps: tuple[int, str]) -> tuple[Tier, ...]:
    return tuple(Tier(Decimal(threshold), Decimal(percent)) for threshold, percent in steps)


BULK = VolumeDiscountFacts(
    UUID(int=50),
    "Bulk",
    tiers((100, "0.05"), (500, "0.10"), (1000, "0.15")),
    product_line_ids=frozenset({GEMS}),
)


def customer_price(price: str, **facts: Any) -> CustomerPriceFacts:
    return CustomerPriceFacts(
        facts.pop("id", UUID(int=60)),
        facts.pop("customer_id", ACME),
        facts.pop("product_line_id", GEMS),
        Decimal(price),
        facts.pop("created_at", NOW),
        **facts,
    )


def code(kind: str = "percentage", worth: str = "0.10", **facts: Any) -> CodeFacts:
    field = "percentage" if kind == "percentage" else "amount"
    return CodeFacts(UUID(int=70), "TEN", kind, **{field: Decimal(worth)}, **facts)


def price(*lines: LineToPrice, **facts: Any) -> PricedOrder:
    return stack.price_order(
        PricingInput(
            facts.pop("currency", "USD"),
            facts.pop("default_currency", "USD"),
            facts.pop("buyer", BUYER),
            lines,
            volume_discounts=facts.pop("volume_discounts", (BULK,)),
            freight=facts.pop("freight", FreightFacts(term_type="free_freight")),
            **facts,
        )
    )


def unit_and_total(found: PricedOrder) -> list[tuple[str, str]]:
    return [(str(item.unit_price), str(item.line_total)) for item in found.lines]


CARTONS = product(base="22.50", default_unit="pair", units={"carton": UnitFacts(Decimal(12))})


SILVER = product(400, "0.90", default_unit="g", weight_unit="g")

FOUR = (
    line("80", product(101, "7.99"), key=1),
    line("40", product(102, "3.333"), key=2),
    line("2", product(103, "19.95", product_line_id=RINGS), key=3),
)
