from dataclasses import dataclass, fields, replace

import pytest

from orderwright.kernel.wide_rows import with_values
from orderwright.sales.page import LineRow, OrderRow


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    name: str
    reasons: list[str]


ROW = Row(1, "one", ["because"])


def test_a_copy_has_the_new_values_and_keeps_the_others() -> None:
    assert with_values(ROW, name="two", reasons=[]) == replace(ROW, name="two", reasons=[])
    assert Row(1, "one", ["because"]) == ROW


def test_nothing_is_copied_when_nothing_changes() -> None:
    assert with_values(ROW, name="one", reasons=["because"]) is ROW


def test_a_value_without_a_field_is_refused() -> None:
    with pytest.raises(AttributeError):
        with_values(ROW, colour="red")


@pytest.mark.parametrize("row_type", [LineRow, OrderRow])
def test_the_rows_of_orders_are_made_of_their_slots_in_order(row_type: type) -> None:
    assert row_type.__slots__ == tuple(field.name for field in fields(row_type))
