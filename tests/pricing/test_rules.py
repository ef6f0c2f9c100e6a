"""The price stack: examples of domain 5.8, and totals that add up to the last digit."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel.errors import Invalid
from orderwright.kernel.money import minor_digits
from orderwright.pricing import stack
from orderwright.pricing.rules import (
    CodeFacts,
    LineToPrice,
    PricingSettings,
    ProductFacts,
)
from tests.pricing.builders import (
    BULK,
    FLAT,
    FOUR,
    GEMS,
    RINGS,
    SILVER,
    code,
    customer_price,
    line,
    price,
    product,
    unit_and_total,
)


def test_p1_tiers_compound() -> None:
    found = price(line("750"))
    assert unit_and_total(found) == [("10.6875", "8015.63")]
    assert [(step.step, step.price) for step in found.lines[0].breakdown] == [
        ("base", Decimal("12.50")),
        ("volume", Decimal("10.6875")),
    ]
    assert found.lines[0].breakdown[1].note == (
        "Bulk: 5 % from 100, 10 % from 500; order quantity 750; × 0.855"
    )
    assert found.lines[0].price_source == "volume"


def test_p1_the_highest_tier_alone_where_the_organization_says_so() -> None:
    found = price(line("750"), settings=PricingSettings(tier_mode="highest"))
    assert unit_and_total(found) == [("11.2500", "8437.50")]


def test_p2_or_not_where_the_organization_says_so() -> None:
    settings = PricingSettings(volume_applies_to_customer_price=False)
    found = price(line("750"), customer_prices=(customer_price("11.00"),), settings=settings)
    assert unit_and_total(found) == [("11.0000", "8250.00")]
    assert found.lines[0].price_source == "customer"
    assert unit_and_total(price(line("750"), settings=settings)) == [("10.6875", "8015.63")]


def test_p4_quantities_in_scope_add_up_over_the_order() -> None:
    found = price(*FOUR)
    assert unit_and_total(found) == [
        ("7.5905", "607.24"),
        ("3.1664", "126.66"),
        ("19.9500", "39.90"),
    ]
    assert found.subtotal == Decimal("773.80")


def test_p7_cancelling_a_line_prices_the_others_again_while_an_estimate() -> None:
    a, b, c = FOUR
    found = price(a, replace(b, cancelled=True), c)
    assert unit_and_total(found)[0] == ("7.9900", "639.20")
    assert found.subtotal == Decimal("679.10")
    assert stack.changed_prices({1: Decimal("7.5905"), 3: Decimal("19.95")}, found.lines) == (
        stack.PriceChange(1, Decimal("7.5905"), Decimal("7.9900")),
    )


def test_p7_after_issue_older_lines_keep_their_price() -> None:
    a, b, c = FOUR
    kept = replace(a, frozen=True, unit_price=Decimal("7.5905"), price_source="volume")
    found = price(kept, replace(b, cancelled=True), c)
    assert unit_and_total(found)[0] == ("7.5905", "607.24")
    assert (found.lines[0].price_source, found.lines[0].breakdown) == ("volume", None)


@pytest.mark.parametrize(
    ("status", "is_new", "keeps"),
    [
        ("estimate", True, False),
        ("estimate", False, False),
        ("issued", True, False),
        ("issued", False, True),
    ],
)
def test_only_an_estimate_prices_old_lines_again(status: str, is_new: bool, keeps: bool) -> None:
    assert stack.keeps_price(status, is_new=is_new) is keeps


def test_p8_a_typed_price_stands_and_the_code_still_applies() -> None:
    typed = line("750", price_locked=False, unit_price=Decimal("9.99"))
    found = price(typed, customer_prices=(customer_price("11.00"),), code=code())
    assert unit_and_total(found) == [("9.99", "7492.50")]
    assert found.lines[0].price_source == "manual"
    assert [step.step for step in found.lines[0].breakdown] == ["manual"]
    assert found.discount_total == Decimal("749.25")


def test_a_typed_price_counts_toward_the_quantity_of_others() -> None:
    typed = line("90", product(101), key=1, price_locked=False, unit_price=Decimal(1))
    found = price(typed, line("10", product(102, "10"), key=2))
    assert unit_and_total(found) == [("1", "90.00"), ("9.5000", "95.00")]


def test_p11_half_a_cent_is_rounded_up() -> None:
    assert price(line("1", product(base="2.675"))).subtotal == Decimal("2.68")
    assert price(line("1", product(base="0.125"))).subtotal == Decimal("0.13")


def test_p12_a_yen_has_no_decimals() -> None:
    yen = product(base="333.3333", currency="JPY")
    found = price(line("3", yen), currency="JPY")
    assert (str(found.subtotal), str(found.grand_total)) == ("1000", "1000")


def test_the_acceptance_walk_begins_with_this_total() -> None:
    rings = product(200, "40.00", product_line_id=RINGS)
    found = price(line("750", key=1), line("10", rings, key=2), code=code(), freight=FLAT)
    assert unit_and_total(found) == [("10.6875", "8015.63"), ("40.0000", "400.00")]
    assert str(found.subtotal) == "8415.63"
    assert str(found.discount_total) == "841.56"
    assert str(found.freight.amount) == "25.00"
    assert str(found.grand_total) == "7599.07"
    assert [str(item.discount_share) for item in found.lines] == ["801.56", "40.00"]
    assert found.flags == ()


def test_a_product_without_a_price_is_flagged() -> None:
    found = price(line("5", product(base=None)), freight=FLAT)
    assert unit_and_total(found) == [("0", "0.00")]
    assert (found.lines[0].price_source, found.lines[0].flags) == ("none", ("no_price",))
    assert found.flags == ("no_price",)
    assert found.lines[0].breakdown[0].note == "no price in USD"


def test_a_cancelled_line_without_a_price_needs_none() -> None:
    assert price(line("5", product(base=None), cancelled=True)).flags == ()


def test_one_line_without_a_price_flags_the_order() -> None:
    found = price(line("5", key=1), line("5", product(101, None), key=2))
    assert found.flags == ("no_price",)
    assert [item.flags for item in found.lines] == [(), ("no_price",)]


def test_a_price_sent_for_a_locked_line_is_ignored() -> None:
    found = price(line("5", unit_price=Decimal(1)))
    assert (found.lines[0].price_source, found.lines[0].unit_price) == ("base", Decimal("12.5000"))


def test_an_unlocked_line_without_a_typed_price_is_priced() -> None:
    assert price(line("5", price_locked=False)).lines[0].price_source == "base"


def test_a_price_of_zero_is_a_price() -> None:
    found = price(line("5", product(base="0")))
    assert (found.lines[0].price_source, found.flags) == ("base", ())


def test_a_price_in_another_currency_does_not_apply() -> None:
    assert price(line("1"), currency="EUR").flags == ("no_price",)
    euro = product(currency="EUR")
    assert price(line("1", euro), currency="EUR").lines[0].unit_price == Decimal("12.50")
    own = (customer_price("9", currency="EUR"),)
    assert price(line("1"), customer_prices=own).lines[0].unit_price == Decimal("12.50")
    assert price(line("1"), customer_prices=own, currency="EUR").lines[0].unit_price == 9


def test_a_line_by_weight_is_priced_per_its_weight_unit() -> None:
    grain = line("2", SILVER, basis="weight", unit="kg")
    found = price(grain, volume_discounts=())
    assert unit_and_total(found) == [("900.0000", "1800.00")]


def test_a_piece_of_known_weight_can_be_sold_by_weight() -> None:
    ring = product(401, "40.00", weight_per_unit=Decimal(3), weight_unit="g")
    found = price(line("30", ring, basis="weight", unit="g"), volume_discounts=())
    assert unit_and_total(found) == [("13.3333", "400.00")]


def test_a_piece_of_unknown_weight_is_priced_per_its_weight_unit() -> None:
    loose = product(402, "5.00", weight_unit="ct")
    found = price(line("2", loose, basis="weight", unit="g"), volume_discounts=())
    assert unit_and_total(found) == [("25.0000", "50.00")]
    unnamed = product(403, "5.00")
    found = price(line("2", unnamed, basis="weight", unit="g"), volume_discounts=())
    assert unit_and_total(found) == [("5.0000", "10.00")]


def test_a_price_per_weight_prices_pieces_of_known_weight() -> None:
    ring = product(404, "2.00", price_unit="g", weight_per_unit=Decimal(3), weight_unit="g")
    assert unit_and_total(price(line("10", ring))) == [("6.0000", "60.00")]
    unknown = product(405, "2.00", price_unit="g")
    assert price(line("10", unknown)).flags == ("no_price",)


def test_generated_lines_are_not_priced() -> None:
    found = price(line("1"), line("1", key=2, kind="freight"), line("1", key=3, kind="discount"))
    assert [item.key for item in found.lines] == [1]


def test_a_line_of_absurd_worth_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        price(line("999999999999", product(base="9999")))
    assert refused.value.code == "amount_too_large"


def test_a_step_speaks_json() -> None:
    found = price(line("750"))
    assert [step.as_json() for step in found.lines[0].breakdown] == [
        {"step": "base", "price": "12.5", "note": "12.50 USD per pcs"},
        {
            "step": "volume",
            "price": "10.6875",
            "note": "Bulk: 5 % from 100, 10 % from 500; order quantity 750; × 0.855",
            "record_id": str(BULK.id),
        },
    ]


prices_of = st.decimals(0, 9999, places=4)


order_lines = st.lists(
    st.builds(
        LineToPrice,
        key=st.integers(0, 10**9),
        position=st.integers(1, 20),
        product=st.builds(
            ProductFacts,
            id=st.integers(1, 4).map(lambda number: UUID(int=number)),
            base_price=prices_of,
            currency=st.just(""),
            default_unit=st.just("g"),
            product_line_id=st.sampled_from([GEMS, RINGS]),
            tax_rate=st.sampled_from([None, Decimal("0.19"), Decimal("0.07"), Decimal("0.0825")]),
        ),
        quantity=st.decimals("0.000001", 2000, places=6),
        unit=st.just("g"),
        kind=st.sampled_from(["product", "product", "service"]),
        unit_price=prices_of,
        price_locked=st.booleans(),
        frozen=st.booleans(),
        cancelled=st.sampled_from([False, False, True]),
    ),
    max_size=8,
    unique_by=lambda item: item.key,
)


codes = st.one_of(
    st.none(),
    st.decimals("0.0001", 1, places=4).map(lambda part: code("percentage", str(part))),
    st.decimals("0.01", 50000, places=2).map(lambda amount: code("amount", str(amount))),
)


currencies = st.sampled_from(["USD", "JPY", "KWD"])


@given(order_lines, codes, currencies, st.sampled_from(["compound", "highest"]))
def test_parts_add_up_to_the_total_to_the_last_digit(
    lines: list[LineToPrice], used: CodeFacts | None, currency: str, mode: str
) -> None:
    found = price(
        *lines,
        code=used,
        currency=currency,
        default_currency=currency,
        freight=FLAT,
        settings=PricingSettings(tier_mode=mode),
    )
    assert sum(item.line_total for item in found.lines) == found.subtotal
    assert sum(item.discount_share for item in found.lines) == found.discount_total
    assert sum(item.tax for item in found.lines) == found.tax
    assert found.grand_total == (
        found.subtotal - found.discount_total + found.freight.amount + found.tax
    )
    assert 0 <= found.discount_total <= found.subtotal
    for item, asked in zip(found.lines, lines, strict=True):
        assert item.unit_price >= 0
        assert 0 <= item.discount_share <= item.line_total
        assert item.tax >= 0
        if asked.cancelled:
            assert item.line_total == 0
    amounts = (found.subtotal, found.discount_total, found.tax, found.grand_total)
    assert {-amount.as_tuple().exponent for amount in amounts} == {minor_digits(currency)}


@given(order_lines, codes, st.randoms())
def test_the_order_in_which_lines_are_given_does_not_matter(
    lines: list[LineToPrice], used: CodeFacts | None, random: Any
) -> None:
    placed = [replace(item, position=at) for at, item in enumerate(lines)]
    shuffled = list(placed)
    random.shuffle(shuffled)
    one, other = price(*placed, code=used), price(*shuffled, code=used)
    by_key = {item.key: item for item in other.lines}
    assert [by_key[item.key] for item in one.lines] == list(one.lines)
    assert one.grand_total == other.grand_total


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_more_never_costs_more_by_the_piece(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert price(line(str(more))).lines[0].unit_price <= price(line(str(fewer))).lines[0].unit_price
