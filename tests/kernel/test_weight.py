"""Weights are converted by the table of trade (domain 1.19)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel import weight
from orderwright.kernel.errors import Invalid

UNITS = st.sampled_from(sorted(weight.GRAMS))


@pytest.mark.parametrize(
    ("amount", "from_unit", "to_unit", "expected"),
    [
        ("1", "kg", "g", "1000"),
        ("1", "lb", "g", "453.592"),
        ("3.5", "ct", "g", "0.7"),
        ("1", "lb", "ct", "2267.96"),
        ("20", "dwt", "g", "31.1"),
        ("1", "ozt", "g", "31.1035"),
        ("1", "tola", "masha", "12"),
        ("1", "tonne", "kg", "1000"),
        ("2", "g", "g", "2"),
    ],
)
def test_a_weight_in_another_unit(amount: str, from_unit: str, to_unit: str, expected: str) -> None:
    assert weight.convert(Decimal(amount), from_unit, to_unit) == Decimal(expected)


@given(st.decimals(0, 10**9, places=6), UNITS, UNITS)
def test_there_and_back_is_the_same_weight(amount: Decimal, one: str, other: str) -> None:
    back = weight.convert(weight.convert(amount, one, other), other, one)
    assert weight.round_weight(back) == amount


def test_an_organization_may_bring_its_own_table() -> None:
    exact = {"g": Decimal(1), "lb": Decimal("453.59237")}
    assert weight.convert(Decimal(1), "lb", "g", grams=exact) == Decimal("453.59237")


def test_only_weights_are_weight_units() -> None:
    assert weight.is_weight_unit("ct")
    assert not weight.is_weight_unit("pcs")
    assert weight.check_weight_unit(" g ") == "g"
    for sent in ("pcs", "", None, 7):
        with pytest.raises(Invalid) as refused:
            weight.check_weight_unit(sent)
        assert refused.value.code == "unknown_weight_unit"
    for pair in (("pcs", "g"), ("g", "pcs"), ("pcs", "pcs")):
        with pytest.raises(Invalid):
            weight.convert(Decimal(1), *pair)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("-0.1", "invalid_weight"),
        ("0.0000001", "invalid_weight"),
        ("1000000000000", "invalid_weight"),
        ("x", "invalid_number"),
    ],
)
def test_an_impossible_weight_is_refused(sent: Any, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        weight.check_weight(sent, "weight")
    assert refused.value.code == code
    assert set(refused.value.fields) == {"weight"}


def test_a_weight_may_be_zero() -> None:
    assert weight.check_weight("0") == 0
    assert weight.check_weight(1.25) == Decimal("1.25")


def test_a_millionth_is_no_difference() -> None:
    assert weight.same(Decimal("1"), Decimal("1.000001"))
    assert not weight.same(Decimal("1"), Decimal("1.000002"))
