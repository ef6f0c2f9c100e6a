"""Quantities: counted units take whole numbers, measured ones six decimals (ruling 11)."""

from decimal import Decimal
from typing import Any

import pytest

from orderwright.kernel import quantity
from orderwright.kernel.errors import Invalid


@pytest.mark.parametrize(
    "unit", ["pcs", "pair", "set", "box", "carton", "dozen", "Box", "pallet", "each", "gross"]
)
def test_things_are_counted(unit: str) -> None:
    assert quantity.is_counted(unit)
    assert quantity.check_quantity("3", unit) == 3
    with pytest.raises(Invalid) as refused:
        quantity.check_quantity("2.5", unit)
    assert refused.value.message == f"A quantity in {unit} is a whole number."


@pytest.mark.parametrize("unit", ["g", "kg", "ct", "lb", "m", "M", "ft", "m2", "l", "ml", "hour"])
def test_weights_lengths_areas_volumes_and_times_are_measured(unit: str) -> None:
    assert not quantity.is_counted(unit)
    assert quantity.check_quantity("2.500001", unit) == Decimal("2.500001")
    with pytest.raises(Invalid) as refused:
        quantity.check_quantity("0.0000001", unit)
    assert refused.value.message == f"A quantity in {unit} has at most 6 decimals."


def test_a_whole_number_may_be_written_with_zeros() -> None:
    assert quantity.check_quantity("3.000", "pcs") == 3


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("0", "invalid_quantity"),
        ("-1", "invalid_quantity"),
        (-0.0, "invalid_quantity"),
        ("1000000000000", "invalid_quantity"),
        ("NaN", "invalid_number"),
        (None, "invalid_number"),
        (True, "invalid_number"),
    ],
)
def test_an_impossible_quantity_names_its_field(sent: Any, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        quantity.check_quantity(sent, "pcs", "lines.2.quantity")
    assert refused.value.code == code
    assert set(refused.value.fields) == {"lines.2.quantity"}


def test_the_largest_quantity_fits() -> None:
    assert quantity.check_quantity("999999999999", "pcs") == Decimal(999999999999)


def test_what_is_counted_on_the_shelf_may_be_nothing() -> None:
    assert quantity.check_counted("0", "pcs") == 0
    with pytest.raises(Invalid):
        quantity.check_counted("-1", "pcs")
    with pytest.raises(Invalid):
        quantity.check_counted("0.5", "pcs")
    assert quantity.check_counted("-1", "pcs", allow_negative=True) == -1
    with pytest.raises(Invalid):
        quantity.check_counted("-1000000000000", "pcs", allow_negative=True)


@pytest.mark.parametrize("sent", ["0", "-2", "0.0000001", "1000000000000"])
def test_an_impossible_ratio_is_refused(sent: str) -> None:
    with pytest.raises(Invalid) as refused:
        quantity.check_ratio(sent)
    assert refused.value.code == "invalid_ratio"


def test_a_ratio_may_be_a_fraction() -> None:
    assert quantity.check_ratio("0.5") == Decimal("0.5")
    assert quantity.check_ratio(12) == 12


def test_a_unit_has_a_name() -> None:
    assert quantity.check_unit(" pcs ") == "pcs"
    assert quantity.check_unit("x" * 20) == "x" * 20
    for sent in ("", "  ", None, 5, "x" * 21, "a\x00b", "a\nb"):
        with pytest.raises(Invalid) as refused:
            quantity.check_unit(sent)
        assert refused.value.code == "invalid_unit"


def test_a_quantity_is_stored_at_six_decimals() -> None:
    assert quantity.round_quantity(Decimal("0.0000005")) == Decimal("0.000001")
