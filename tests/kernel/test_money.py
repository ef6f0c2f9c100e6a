"""Money adds up, to the last minor unit of its currency."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel import money
from orderwright.kernel.errors import Invalid

CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])


def in_minor_units(units: int, currency: str) -> Decimal:
    return Decimal(units).scaleb(-money.minor_digits(currency))


@pytest.mark.parametrize(
    ("currency", "digits"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)]
)
def test_a_currency_has_its_minor_digits(currency: str, digits: int) -> None:
    assert money.minor_digits(currency) == digits


def test_an_unknown_currency_is_refused() -> None:
    for code in ("XYZ", "", "us", None, 5):
        with pytest.raises(Invalid) as refused:
            money.check_currency(code)
        assert refused.value.code == "unknown_currency"
    with pytest.raises(Invalid):
        money.minor_digits("XYZ")
    assert money.check_currency(" usd ") == "USD"
    assert money.minor_digits("usd") == 2


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        ("8015.625", "USD", "8015.63"),
        ("0", "USD", "0.00"),
        ("-841.56", "USD", "-841.56"),
        ("999.9999", "JPY", "1000"),
        ("1.2345", "KWD", "1.235"),
        ("10000000", "USD", "10000000.00"),
        ("-0.001", "USD", "0.00"),
    ],
)
def test_money_is_written_with_the_minor_digits(value: str, currency: str, text: str) -> None:
    assert money.format_money(Decimal(value), currency) == text


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        ("10.6875", "USD", "10.6875"),
        ("11", "USD", "11.00"),
        ("9.4050", "USD", "9.405"),
        ("12.5", "USD", "12.50"),
        ("333.3333", "JPY", "333.3333"),
        ("5.0000", "JPY", "5"),
        ("9.08437", "USD", "9.0844"),
    ],
)
def test_a_price_shows_up_to_four_decimals(value: str, currency: str, text: str) -> None:
    assert money.format_price(Decimal(value), currency) == text


@pytest.mark.parametrize("sent", ["-0.01", "1.00001", "100000000000000", -1])
def test_an_impossible_price_is_refused(sent: Any) -> None:
    with pytest.raises(Invalid) as refused:
        money.check_price(sent, "lines.0.unit_price")
    assert refused.value.code == "invalid_price"
    assert set(refused.value.fields) == {"lines.0.unit_price"}


def test_a_price_may_be_zero_and_have_four_decimals() -> None:
    assert money.check_price("0") == 0
    assert money.check_price("9.0844") == Decimal("9.0844")
    assert money.check_price("1.500000") == Decimal("1.5")


@pytest.mark.parametrize(
    ("sent", "currency"),
    [("0", "USD"), ("-5", "USD"), ("1.001", "USD"), ("1.5", "JPY"), (10**14, "USD")],
)
def test_an_impossible_amount_is_refused(sent: Any, currency: str) -> None:
    with pytest.raises(Invalid) as refused:
        money.check_money(sent, currency, "amount")
    assert refused.value.code == "invalid_amount"


def test_an_amount_fits_its_currency() -> None:
    assert money.check_money("7239.07", "USD") == Decimal("7239.07")
    assert money.check_money("1.001", "KWD") == Decimal("1.001")


def test_the_discount_of_the_domain_is_shared_out() -> None:
    weights = [Decimal("607.24"), Decimal("126.66"), Decimal("39.90")]
    shares = money.share_out(Decimal("77.38"), weights, "USD")
    assert shares == (Decimal("60.72"), Decimal("12.67"), Decimal("3.99"))


def test_leftover_cents_go_to_the_lower_position_on_a_tie() -> None:
    ones = [Decimal(1)] * 3
    shares = money.share_out(Decimal("0.02"), ones, "USD")
    assert shares == (Decimal("0.01"), Decimal("0.01"), Decimal("0.00"))


def test_the_largest_remainder_gets_the_leftover_cent() -> None:
    assert money.share_out(Decimal("0.10"), [Decimal(10), Decimal(19)], "USD") == (
        Decimal("0.03"),
        Decimal("0.07"),
    )


def test_parts_of_different_fineness_are_compared_exactly() -> None:
    shares = money.share_out(Decimal("0.03"), [Decimal("1"), Decimal("0.0001")], "USD")
    assert shares == (Decimal("0.03"), Decimal("0.00"))
    assert money.share_out(Decimal(3), [Decimal("1E+1"), Decimal(20)], "JPY") == (1, 2)


def test_nothing_shares_out_as_nothing() -> None:
    assert money.share_out(Decimal(0), [Decimal(0), Decimal(0)], "USD") == (0, 0)
    assert money.share_out(Decimal(0), [], "USD") == ()


@pytest.mark.parametrize(
    ("total", "weights"),
    [
        ("1", ["0", "0"]),
        ("1", []),
        ("-1", ["1"]),
        ("1", ["2", "-1"]),
        ("0.001", ["1"]),
        ("1", ["NaN"]),
    ],
)
def test_what_cannot_be_shared_out(total: str, weights: list[str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        money.share_out(Decimal(total), [Decimal(weight) for weight in weights], "USD")


@given(
    st.integers(0, 10**9),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=12),
    CURRENCIES,
)
def test_shares_add_up_and_each_is_within_one_unit_of_its_part(
    total: int, parts: list[int], currency: str
) -> None:
    whole = sum(parts)
    total = min(total, whole)
    weights = [in_minor_units(part, currency) for part in parts]
    shares = money.share_out(in_minor_units(total, currency), weights, currency)
    assert sum(shares) == in_minor_units(total, currency)
    for share, weight, part in zip(shares, weights, parts, strict=True):
        assert 0 <= share <= weight
        fair = total * part / whole if whole else 0
        assert abs(float(share.scaleb(money.minor_digits(currency))) - fair) <= 1.000001
