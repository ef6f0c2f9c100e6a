"""Customer prices, volume discounts, codes and units: which applies, and what it does."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from orderwright.kernel.errors import Invalid
from orderwright.pricing import discounts, units
from orderwright.pricing.rules import (
    BuyerFacts,
    UnitFacts,
    VolumeDiscountFacts,
)
from tests.pricing.builders import (
    ACME,
    CARTONS,
    FOUR,
    NOW,
    PARENT,
    RETAIL,
    RINGS,
    STRANGER,
    code,
    customer_price,
    line,
    price,
    product,
    tiers,
    unit_and_total,
)


def test_p2_the_volume_discount_is_on_top_of_the_customer_price() -> None:
    found = price(line("750"), customer_prices=(customer_price("11.00"),))
    assert unit_and_total(found) == [("9.4050", "7053.75")]
    assert found.lines[0].price_source == "customer+volume"
    assert [step.step for step in found.lines[0].breakdown] == ["base", "customer", "volume"]
    assert found.lines[0].breakdown[1].record_id == UUID(int=60)


def test_p3_a_unit_price_is_rounded_to_four_decimals() -> None:
    found = price(line("1000"))
    assert unit_and_total(found) == [("9.0844", "9084.40")]
    assert [step.step for step in found.lines[0].breakdown] == ["base", "volume", "rounding"]
    assert found.lines[0].breakdown[1].price == Decimal("9.084375")


def test_p5_a_code_takes_its_share_of_every_line() -> None:
    found = price(*FOUR, code=code())
    assert found.discount_total == Decimal("77.38")
    assert found.subtotal - found.discount_total == Decimal("696.42")
    assert [str(item.discount_share) for item in found.lines] == ["60.72", "12.67", "3.99"]


def test_p6_a_code_never_takes_more_than_there_is() -> None:
    found = price(line("1", product(base="30.00")), code=code("amount", "50"), volume_discounts=())
    assert (found.discount_total, found.grand_total) == (Decimal("30.00"), Decimal("0.00"))


def test_p9_a_discount_for_the_group_beats_one_for_everybody() -> None:
    everybody = VolumeDiscountFacts(UUID(int=51), "All", tiers((100, "0.20")))
    group = VolumeDiscountFacts(
        UUID(int=52), "Retail", tiers((100, "0.05")), customer_group_ids=frozenset({RETAIL})
    )
    found = price(line("120", product(base="10")), volume_discounts=(everybody, group))
    assert unit_and_total(found) == [("9.5000", "1140.00")]
    outsider = BuyerFacts(STRANGER)
    found = price(
        line("120", product(base="10")), volume_discounts=(everybody, group), buyer=outsider
    )
    assert unit_and_total(found) == [("8.0000", "960.00")]


def test_a_group_discount_without_a_met_tier_gives_way() -> None:
    everybody = VolumeDiscountFacts(UUID(int=51), "All", tiers((100, "0.20")))
    group = VolumeDiscountFacts(
        UUID(int=52), "Retail", tiers((500, "0.50")), customer_group_ids=frozenset({RETAIL})
    )
    found = price(line("120", product(base="10")), volume_discounts=(group, everybody))
    assert found.lines[0].unit_price == 8


def test_among_equals_the_lowest_factor_then_the_lower_id_wins() -> None:
    five = VolumeDiscountFacts(UUID(int=51), "Five", tiers((1, "0.05")))
    ten = VolumeDiscountFacts(UUID(int=52), "Ten", tiers((1, "0.10")))
    also_ten = VolumeDiscountFacts(UUID(int=53), "Also ten", tiers((1, "0.10")))
    found = price(line("1", product(base="10")), volume_discounts=(five, also_ten, ten))
    assert found.lines[0].breakdown[1].record_id == ten.id


def test_p10_a_childs_own_price_beats_its_parents() -> None:
    prices = (
        customer_price("9.00", customer_id=PARENT, created_at=NOW + timedelta(days=9)),
        customer_price("9.50", id=UUID(int=61)),
    )
    assert price(line("1"), customer_prices=prices).lines[0].unit_price == Decimal("9.50")
    inherited = price(line("1"), customer_prices=prices[:1])
    assert inherited.lines[0].unit_price == Decimal("9.00")
    orphan = price(line("1"), customer_prices=prices[:1], buyer=BuyerFacts(ACME))
    assert orphan.lines[0].unit_price == Decimal("12.50")


def test_a_customer_price_is_enough() -> None:
    found = price(line("5", product(base=None)), customer_prices=(customer_price("3"),))
    assert unit_and_total(found) == [("3.0000", "15.00")]


@pytest.mark.parametrize(
    ("facts", "matches"),
    [
        ({}, True),
        ({"is_active": False}, False),
        ({"customer_id": STRANGER}, False),
        ({"product_line_id": RINGS}, False),
        ({"category_ids": frozenset({UUID(int=30), UUID(int=31)})}, True),
        ({"category_ids": frozenset({UUID(int=31)})}, False),
        ({"attributes": {"color": ("red", "blue")}}, True),
        ({"attributes": {"color": ("green",)}}, False),
        ({"attributes": {"color": ("red",), "cut": ("round",)}}, False),
        ({"attributes": {"finish": ("matt",)}}, True),
    ],
)
def test_every_filter_of_a_customer_price_must_match(facts: Any, matches: bool) -> None:
    attributes = {"color": "red", "finish": ["matt", "polished"]}
    gem = product(category_id=UUID(int=30), attributes=attributes)
    found = price(line("1", gem), customer_prices=(customer_price("9", **facts),))
    assert found.lines[0].price_source == ("customer" if matches else "base")


def test_the_newest_of_a_customers_own_prices_wins_then_the_lower_id() -> None:
    prices = (
        customer_price("7", id=UUID(int=63)),
        customer_price("9", id=UUID(int=62), created_at=NOW + timedelta(days=1)),
        customer_price("8", id=UUID(int=61), created_at=NOW + timedelta(days=1)),
    )
    assert price(line("1"), customer_prices=prices).lines[0].unit_price == 8


@pytest.mark.parametrize(
    ("facts", "applies"),
    [
        ({}, True),
        ({"is_active": False}, False),
        ({"customer_group_ids": frozenset({RETAIL})}, True),
        ({"customer_group_ids": frozenset({UUID(int=21)})}, False),
        ({"product_line_ids": frozenset({RINGS})}, False),
        ({"category_ids": frozenset({UUID(int=30)})}, True),
        ({"category_ids": frozenset({UUID(int=31)})}, False),
        ({"attributes": {"color": ("red",)}}, True),
        ({"attributes": {"color": ("blue",)}}, False),
        ({"tiers": tiers((11, "0.5"))}, False),
        ({"tiers": tiers((10, "0.5"))}, True),
    ],
)
def test_a_volume_discount_applies_in_its_scope(facts: Any, applies: bool) -> None:
    gem = product(base="10", category_id=UUID(int=30), attributes={"color": "red"})
    discount = replace(VolumeDiscountFacts(UUID(int=51), "D", tiers((0, "0.5"))), **facts)
    found = price(line("10", gem), volume_discounts=(discount,))
    assert found.lines[0].unit_price == (5 if applies else 10)


def test_three_cartons_of_twelve_pairs() -> None:
    found = price(line("3", CARTONS, unit="carton"), volume_discounts=())
    assert unit_and_total(found) == [("270.0000", "810.00")]


def test_a_units_own_discounts_come_before_the_conversion_fixed_first() -> None:
    cheaper = UnitFacts(Decimal(12), Decimal("2.50"), Decimal("0.10"))
    by_carton = replace(CARTONS, units={"carton": cheaper})
    assert price(line("1", by_carton, unit="carton")).lines[0].unit_price == 216
    assert price(line("1", by_carton, unit="pair")).lines[0].unit_price == Decimal("22.50")
    given_away = replace(CARTONS, units={"carton": UnitFacts(Decimal(12), Decimal(30))})
    assert price(line("1", given_away, unit="carton")).lines[0].unit_price == 0


def test_a_base_price_may_be_per_another_unit() -> None:
    per_carton = replace(CARTONS, price_unit="carton")
    assert price(line("1", per_carton, unit="pair")).lines[0].unit_price == Decimal("1.8750")
    own = (customer_price("120", unit="carton"),)
    found = price(line("1", per_carton, unit="pair"), customer_prices=own)
    assert found.lines[0].unit_price == 10


def test_a_unit_that_the_product_is_not_sold_in_is_refused() -> None:
    assert units.check_sold_in(CARTONS, "carton") == 12
    with pytest.raises(Invalid) as refused:
        units.check_sold_in(CARTONS, "kg", "lines.0.unit")
    assert refused.value.code == "unit_not_sold"
    assert set(refused.value.fields) == {"lines.0.unit"}
    assert "pair, carton" in refused.value.message


def test_quantities_of_different_units_add_up_in_the_default_unit() -> None:
    by_twelves = VolumeDiscountFacts(UUID(int=51), "D", tiers((36, "0.5")))
    lines = (line("2", CARTONS, key=1, unit="carton"), line("12", CARTONS, key=2, unit="pair"))
    found = price(*lines, volume_discounts=(by_twelves,))
    assert [item.unit_price for item in found.lines] == [135, Decimal("11.25")]


def test_acceptable_units_decide_what_counts() -> None:
    by_carton = VolumeDiscountFacts(
        UUID(int=51), "D", tiers((3, "0.5")), acceptable_units=("carton",)
    )
    lines = (line("2", CARTONS, key=1, unit="carton"), line("12", CARTONS, key=2, unit="pair"))
    pieces = line("500", product(300, "1"), key=3)
    assert discounts.scope_quantity(by_carton, pieces) == 0
    assert discounts.scope_quantity(by_carton, lines[0]) == 2
    assert discounts.scope_quantity(by_carton, lines[1]) == 1
    assert price(*lines, volume_discounts=(by_carton,)).lines[0].unit_price == 135
    either = replace(by_carton, acceptable_units=("kg", "pair"))
    assert discounts.scope_quantity(either, lines[0]) == 24


def test_services_are_merchandise_without_volume_discounts() -> None:
    engraving = line("200", product(500, "2"), kind="service", key=1)
    found = price(engraving, line("1", product(501, "10"), key=2), code=code())
    assert unit_and_total(found) == [("2.0000", "400.00"), ("10.0000", "10.00")]
    assert found.discount_total == Decimal("41.00")


TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("facts", "usable"),
    [
        ({}, True),
        ({"is_active": False}, False),
        ({"starts_on": TODAY}, True),
        ({"starts_on": TODAY + timedelta(days=1)}, False),
        ({"ends_on": TODAY}, True),
        ({"ends_on": TODAY - timedelta(days=1)}, False),
        ({"max_redemptions": 3, "redemptions": 2}, True),
        ({"max_redemptions": 3, "redemptions": 3}, False),
        ({"max_redemptions": 0}, False),
        ({"used_by_customer": True}, False),
        ({"used_by_customer": True, "once_per_customer": False}, True),
        ({"customer_ids": frozenset({ACME})}, True),
        ({"customer_ids": frozenset({STRANGER})}, False),
        ({"currency": "EUR"}, True),
    ],
)
def test_when_a_code_may_be_used(facts: Any, usable: bool) -> None:
    given_code = code(**facts)
    ask = {"customer_id": ACME, "today": TODAY, "currency": "USD", "default_currency": "USD"}
    if usable:
        assert discounts.check_code(given_code, **ask) is given_code
    else:
        with pytest.raises(Invalid) as refused:
            discounts.check_code(given_code, **ask)
        assert refused.value.code == "discount_code_not_usable"
        assert set(refused.value.fields) == {"discount_code"}


def test_an_unknown_code_is_not_usable() -> None:
    with pytest.raises(Invalid) as refused:
        discounts.check_code(
            None, customer_id=ACME, today=TODAY, currency="USD", default_currency="USD"
        )
    assert refused.value.message == "There is no such discount code."


def test_an_amount_code_is_for_orders_in_its_currency() -> None:
    euro = code("amount", "5", currency="EUR")
    with pytest.raises(Invalid) as refused:
        discounts.check_code(
            euro, customer_id=ACME, today=TODAY, currency="USD", default_currency="USD"
        )
    assert refused.value.message == "This code is for orders in EUR."
    assert price(line("1"), code=euro).discount_total == 0
    assert price(line("1"), code=code("amount", "5")).discount_total == 5
