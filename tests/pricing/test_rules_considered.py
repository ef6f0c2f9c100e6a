"""Why a price is what it is: everything that was considered, in the words of the rules."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from orderwright.pricing.considered import considered
from orderwright.pricing.rules import (
    LineToPrice,
    PricingInput,
    PricingSettings,
    UnitFacts,
    VolumeDiscountFacts,
)
from orderwright.pricing.stack import price_order
from tests.pricing.builders import (
    BULK,
    BUYER,
    NOW,
    PARENT,
    RETAIL,
    RINGS,
    customer_price,
    line,
    product,
    tiers,
)

FIRST, SECOND = UUID(int=61), UUID(int=62)


def whys(*lines: LineToPrice, **facts: Any) -> list[tuple[str, bool, str]]:
    """Of the first line: each candidate's name, whether it was taken, and why."""
    order = PricingInput("USD", "USD", BUYER, lines, **facts)
    found = considered(order, price_order(order).lines)
    return [(one.name, one.is_taken, one.why) for one in found[lines[0].key]]


def why_of_prices(*prices: Any, **facts: Any) -> list[str]:
    return [why for _, _, why in whys(line("1", **facts), customer_prices=prices)]


def test_a_price_of_the_customer_itself_goes_before_that_of_its_parent() -> None:
    own = customer_price("9.50", id=FIRST)
    parents = customer_price("9.00", id=SECOND, customer_id=PARENT)
    assert whys(line("1"), customer_prices=(parents, own)) == [
        ("9.50 USD per pcs", True, "This price is the customer's own; all filters fit."),
        ("9.00 USD per pcs", False, "The customer's own price goes before that of its parent."),
    ]


def test_without_its_own_the_parents_price_is_taken() -> None:
    parents = customer_price("9.00", customer_id=PARENT)
    assert why_of_prices(parents) == ["This price is of its parent; all filters fit."]


def test_of_two_prices_the_newer_and_then_the_lower_id_is_taken() -> None:
    older = customer_price("9", id=FIRST)
    newer = customer_price("8", id=SECOND, created_at=NOW + timedelta(days=1))
    twin = replace(older, id=SECOND)
    assert why_of_prices(older, newer)[1] == "A newer price goes before an older one."
    assert why_of_prices(older, twin)[1] == "Of two as new, the one with the lower id goes first."


def test_each_filter_of_a_customer_price_that_does_not_fit_says_so() -> None:
    assert [
        why_of_prices(customer_price("9", **facts))[0]
        for facts in (
            {"is_active": False},
            {"customer_id": UUID(int=3)},
            {"product_line_id": RINGS},
            {"currency": "EUR"},
            {"category_ids": frozenset({UUID(int=9)})},
            {"attributes": {"color": ("red", "blue")}},
            {"unit": "kg"},
        )
    ] == [
        "It is not active.",
        "It is for another customer.",
        "It is for another product line.",
        "It is in EUR, the order is in USD.",
        "It is for other product categories.",
        "It is for products with color red or blue.",
        "Its unit does not convert to the pcs of the line.",
    ]


def why_of_discounts(quantity: str, *discounts: VolumeDiscountFacts, **facts: Any) -> list[str]:
    return [why for _, _, why in whys(line(quantity), volume_discounts=discounts, **facts)]


def test_a_volume_discount_shows_its_tiers_or_what_is_missing() -> None:
    assert why_of_discounts("750", BULK) == [
        "Bulk: 5 % from 100, 10 % from 500; order quantity 750; × 0.855"
    ]
    assert why_of_discounts("99", BULK) == ["Its first tier starts at 100; the order counts 99."]


def test_a_discount_for_the_buyers_group_goes_before_a_larger_one_for_everybody() -> None:
    for_all = replace(BULK, id=FIRST, name="All", tiers=tiers((100, "0.20")))
    group = replace(
        BULK,
        id=SECOND,
        name="Retail",
        tiers=tiers((100, "0.05")),
        customer_group_ids=frozenset({RETAIL}),
    )
    assert why_of_discounts("120", for_all, group) == [
        "Retail: 5 % from 100; order quantity 120; × 0.95",
        "Retail is for the customer's group, and goes before one for all.",
    ]


def test_of_two_discounts_the_one_that_takes_off_more_is_taken() -> None:
    small = replace(BULK, id=FIRST, name="Small", tiers=tiers((1, "0.05")))
    large = replace(BULK, id=SECOND, name="Large", tiers=tiers((1, "0.10")))
    same = replace(large, id=UUID(int=63), name="Same")
    assert why_of_discounts("1", small, large, same)[1:] == [
        "Large takes off as much and is older.",
        "Large takes off more: × 0.9, not 0.95.",
    ]


def test_each_scope_of_a_discount_that_does_not_fit_says_so() -> None:
    scopes: tuple[dict[str, Any], ...] = (
        {"is_active": False},
        {"customer_group_ids": frozenset({UUID(int=9)})},
        {"product_line_ids": frozenset({RINGS})},
        {"category_ids": frozenset({UUID(int=9)})},
        {"attributes": {"color": ("red",)}},
    )
    assert [why_of_discounts("750", replace(BULK, **scope))[0] for scope in scopes] == [
        "It is not active.",
        "It is for customer groups that this customer is not in.",
        "It is for other product lines.",
        "It is for other product categories.",
        "It is for products with color red.",
    ]


def test_where_a_customer_price_excludes_discounts_each_says_so() -> None:
    exclusive = PricingSettings(volume_applies_to_customer_price=False)
    found = why_of_discounts(
        "750", BULK, customer_prices=(customer_price("11.00"),), settings=exclusive
    )
    assert found == [
        "This price is the customer's own; all filters fit.",
        "In this organization a customer price takes no volume discount.",
    ]


def test_a_typed_price_considers_nothing() -> None:
    typed = line("750", unit_price=Decimal("9.99"), price_locked=False)
    assert whys(typed, volume_discounts=(BULK,), customer_prices=(customer_price("1"),)) == []


@given(
    st.lists(
        st.builds(
            customer_price,
            st.sampled_from(["8", "9"]),
            id=st.integers(1, 999).map(lambda number: UUID(int=number)),
            customer_id=st.sampled_from([BUYER.id, PARENT]),
            currency=st.sampled_from(["USD", "EUR", ""]),
            unit=st.sampled_from(["", "box", "kg"]),
        ),
        max_size=4,
        unique_by=lambda price: price.id,
    ),
    st.integers(1, 1200),
    st.booleans(),
)
def test_what_is_taken_is_exactly_what_the_breakdown_names(
    prices: list[Any], quantity: int, applies: bool
) -> None:
    group = replace(
        BULK, id=UUID(int=1001), tiers=tiers((300, "0.01")), customer_group_ids=frozenset({RETAIL})
    )
    boxed = product(units={"box": UnitFacts(Decimal(12))})
    order = PricingInput(
        "USD",
        "USD",
        BUYER,
        (line(str(quantity), boxed),),
        customer_prices=tuple(prices),
        volume_discounts=(replace(BULK, id=UUID(int=1000)), group),
        settings=PricingSettings(volume_applies_to_customer_price=applies),
    )
    (priced,) = price_order(order).lines
    found = considered(order, (priced,))[priced.key]
    named = {step.record_id for step in priced.breakdown or () if step.record_id}
    assert {one.record_id for one in found if one.is_taken} == named
    assert len(found) == len(prices) + 2
    assert [one for one in found if not one.why] == []
