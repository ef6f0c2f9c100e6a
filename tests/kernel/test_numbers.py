"""Numbers from outside: what is a number, and how it is written and rounded."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import decimals_of, exact, parse_decimal, round_half_up, trim


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ("12.5", "12.5"),
        (" 12.50 ", "12.50"),
        ("-3", "-3"),
        ("+3", "3"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        (12, "12"),
        (0.1, "0.1"),
        (2.675, "2.675"),
        (1e-07, "0.0000001"),
        (123456789012345.0, "123456789012345"),
        (Decimal("1.5"), "1.5"),
    ],
)
def test_what_is_a_number(sent: Any, number: str) -> None:
    assert parse_decimal(sent, "quantity") == Decimal(number)


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "abc",
        "1,000",
        "1 000",
        "1e5",
        "1_000",
        "NaN",
        "Infinity",
        "-",
        ".",
        "0x10",
        "１２",
        "1" * 31,
        "1.2.3",
        None,
        True,
        [],
        {},
        10**30,
        float("nan"),
        float("inf"),
        1e300,
        1e-300,
        0.1 + 0.2,
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1E+31"),
        Decimal("1E-31"),
    ],
)
def test_what_is_no_number(sent: Any) -> None:
    with pytest.raises(Invalid) as refused:
        parse_decimal(sent, "lines.0.quantity")
    assert refused.value.code == "invalid_number"
    assert set(refused.value.fields) == {"lines.0.quantity"}


def test_the_noise_of_a_calculation_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        parse_decimal(0.1 + 0.2, "price")
    assert refused.value.message == (
        "This number has lost its last digits on the way; send it as a string."
    )


@given(st.decimals(-(10**9), 10**9, places=6))
def test_what_is_written_reads_back(number: Decimal) -> None:
    assert parse_decimal(trim(number), "n") == number
    assert parse_decimal(f"{number:f}", "n") == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("750.000000", "750"),
        ("0.500", "0.5"),
        ("1E+3", "1000"),
        ("0E-6", "0"),
        ("-0", "0"),
        ("-0.10", "-0.1"),
        ("100", "100"),
        ("1E-6", "0.000001"),
    ],
)
def test_trailing_zeros_and_exponents_are_not_written(number: str, text: str) -> None:
    assert trim(Decimal(number)) == text


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [
        ("2.675", 2, "2.68"),
        ("-2.675", 2, "-2.68"),
        ("0.125", 2, "0.13"),
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("2.4999999999", 0, "2"),
        ("9.084375", 4, "9.0844"),
        ("3.16635", 4, "3.1664"),
        ("99999999999999999999999999.9999995", 6, "100000000000000000000000000.000000"),
    ],
)
def test_halves_are_rounded_away_from_zero(number: str, places: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(number), places)) == rounded


def test_nothing_is_rounded_to_minus_zero() -> None:
    assert str(round_half_up(Decimal("-0.001"), 2)) == "0.00"


@pytest.mark.parametrize(
    ("number", "decimals"),
    [("1.50", 1), ("100", 0), ("1E+3", 0), ("0.000", 0), ("0.000001", 6), ("-1.25", 2)],
)
def test_trailing_zeros_are_no_decimals(number: str, decimals: int) -> None:
    assert decimals_of(Decimal(number)) == decimals


def test_exact_arithmetic_keeps_every_digit_of_two_large_columns() -> None:
    price, quantity = Decimal("12345678901234.5678"), Decimal("123456789012.345678")
    with exact():
        product = price * quantity
    assert int(str(product).replace(".", "")) == 123456789012345678 * 123456789012345678
