"""Freight and tax (domain 5.4, 5.5, ruling 13)."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from orderwright.pricing import freight, stack
from orderwright.pricing.rules import (
    BuyerFacts,
    Freight,
    FreightFacts,
    LineToPrice,
    ProductFacts,
    UnitFacts,
)
from tests.pricing.builders import (
    BUYER,
    CARTONS,
    FLAT,
    SILVER,
    code,
    line,
    price,
    product,
)


def test_p13_the_threshold_itself_is_free() -> None:
    terms = replace(FLAT, free_freight_threshold=Decimal(500))
    ten = product(base="10")
    at = price(line("50", ten), volume_discounts=(), freight=terms)
    assert at.freight == Freight(Decimal("0.00"), "free from 500.00 USD on")
    below = price(
        line("49.99", replace(ten, default_unit="g"), unit="g"), volume_discounts=(), freight=terms
    )
    assert below.freight == Freight(Decimal("25.00"), "flat rate")


def test_the_threshold_looks_at_what_the_discount_leaves() -> None:
    terms = replace(FLAT, free_freight_threshold=Decimal(500))
    found = price(line("55", product(base="10")), volume_discounts=(), freight=terms, code=code())
    assert found.freight.amount == 25


@pytest.mark.parametrize(
    ("buyer", "of_product", "rate"),
    [
        (BUYER, None, "0"),
        (BUYER, "0.07", "0.07"),
        (replace(BUYER, tax_rate=Decimal("0.19")), "0.07", "0.19"),
        (replace(BUYER, tax_rate=Decimal(0)), "0.07", "0"),
        (replace(BUYER, tax_exempt=True, tax_rate=Decimal("0.19")), "0.07", "0"),
    ],
)
def test_the_tax_rate_is_the_customers_then_the_products(
    buyer: BuyerFacts, of_product: str | None, rate: str
) -> None:
    of = product(tax_rate=None if of_product is None else Decimal(of_product))
    assert stack.tax_rate_of(buyer, of) == Decimal(rate)


def test_tax_is_on_what_the_discount_leaves_and_rounded_by_line() -> None:
    taxed = product(base="0.99", tax_rate=Decimal("0.075"))
    lines = (line("1", taxed, key=1), line("1", taxed, key=2))
    found = price(*lines, code=code())
    assert [str(item.discount_share) for item in found.lines] == ["0.10", "0.10"]
    assert [str(item.tax) for item in found.lines] == ["0.07", "0.07"]
    assert str(found.tax) == "0.14"
    assert str(found.grand_total) == "1.92"


@pytest.mark.parametrize(
    ("facts", "buyer", "of", "expected"),
    [
        ({}, BUYER, product(), Freight(Decimal(25), "flat rate")),
        (
            {},
            replace(BUYER, free_freight="customer"),
            product(),
            Freight(Decimal(0), "free freight: customer"),
        ),
        (
            {"term_type": "free_freight", "term_name": "Prepaid"},
            BUYER,
            product(),
            Freight(Decimal(0), "free freight: shipping term Prepaid"),
        ),
        (
            {},
            BUYER,
            product(free_freight=True),
            Freight(Decimal(0), "free freight: product line"),
        ),
        (
            {"minimum_order_value": Decimal(100)},
            BUYER,
            product(),
            Freight(Decimal(25), "flat rate"),
        ),
        (
            {"minimum_order_value": Decimal("100.01")},
            BUYER,
            product(),
            Freight(Decimal(0), "no rate is known", unquoted=True),
        ),
        (
            {"flat_rate": None},
            BUYER,
            product(),
            Freight(Decimal(0), "no rate is known", unquoted=True),
        ),
        (
            {"currency": "EUR"},
            BUYER,
            product(),
            Freight(Decimal(0), "no rate is known", unquoted=True),
        ),
        (
            {"flat_rate": None, "rate_base": Decimal(8)},
            BUYER,
            product(),
            Freight(Decimal(8), "carrier's rate"),
        ),
        (
            {"flat_rate": None, "rate_base": Decimal(8), "rate_per_kg": Decimal("1.5")},
            BUYER,
            product(weight_per_unit=Decimal(200), weight_unit="g"),
            Freight(Decimal(11), "carrier's rate for 2 kg"),
        ),
        (
            {"flat_rate": None, "rate_base": Decimal(8), "rate_per_kg": Decimal("1.5")},
            BUYER,
            product(),
            Freight(Decimal(0), "no rate is known", unquoted=True),
        ),
        (
            {"free_freight_threshold": Decimal(100), "free_option_ids": frozenset({UUID(int=1)})},
            BUYER,
            product(),
            Freight(Decimal(25), "flat rate"),
        ),
        (
            {
                "free_freight_threshold": Decimal(100),
                "free_option_ids": frozenset({UUID(int=1)}),
                "option_id": UUID(int=1),
            },
            BUYER,
            product(),
            Freight(Decimal(0), "free from 100.00 USD on"),
        ),
    ],
)
def test_freight(facts: Any, buyer: BuyerFacts, of: ProductFacts, expected: Freight) -> None:
    found = freight.quote_freight(
        replace(FLAT, **facts),
        buyer,
        [line("10", of)],
        Decimal(100),
        currency="USD",
        default_currency="USD",
    )
    assert found == expected


def test_unquoted_freight_is_flagged() -> None:
    found = price(line("1"), freight=FreightFacts())
    assert found.flags == ("freight_unquoted",)
    assert price(line("1"), freight=None).freight.unquoted


def test_a_quoted_freight_is_kept_while_there_is_something_to_ship() -> None:
    kept = Decimal("12.34")
    found = price(line("1"), freight=FLAT, freight_kept=kept)
    assert found.freight == Freight(kept, "as quoted")
    partly = price(line("1"), line("1", key=2, cancelled=True), freight=FLAT, freight_kept=kept)
    assert partly.freight.amount == kept
    cancelled = price(line("1", cancelled=True), freight=FLAT, freight_kept=kept)
    assert (cancelled.freight.note, str(cancelled.grand_total)) == ("nothing to ship", "0.00")
    service = price(line("1", kind="service"), freight=FLAT, freight_kept=kept)
    assert service.freight.amount == 0


@pytest.mark.parametrize(
    ("lines", "kg"),
    [
        ([line("2", SILVER, unit="kg")], "2"),
        ([line("500", SILVER, unit="g")], "0.5"),
        ([line("1", CARTONS, unit="carton", weight=Decimal(3), weight_unit="lb")], "1.360776"),
        (
            [
                line(
                    "1",
                    replace(CARTONS, weight_per_unit=Decimal(250), weight_unit="g"),
                    unit="carton",
                )
            ],
            "3",
        ),
        ([line("1", replace(SILVER, units={"bar": UnitFacts(Decimal(1000))}), unit="bar")], "1"),
        ([line("1", SILVER, unit="g"), line("1", CARTONS, unit="pair")], None),
        ([line("1", CARTONS, unit="pallet")], None),
        ([], "0"),
    ],
)
def test_what_an_order_weighs(lines: Iterable[LineToPrice], kg: str | None) -> None:
    assert freight.weight_in_kg(lines) == (None if kg is None else Decimal(kg))
