"""Addresses read as their country writes them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel.addresses import address_lines, town_lines

PARTS = {"city": "Town", "state": "ST", "postal_code": "12345"}


@pytest.mark.parametrize(
    ("country", "lines"),
    [
        ("US", ["Town, ST 12345"]),
        ("CA", ["Town ST 12345"]),
        ("AU", ["Town ST 12345"]),
        ("GB", ["Town", "ST", "12345"]),
        ("DE", ["12345 Town", "ST"]),
        ("FR", ["12345 Town", "ST"]),
        ("IT", ["12345 Town ST"]),
        ("MX", ["12345 Town, ST"]),
        ("BR", ["Town - ST", "12345"]),
        ("JP", ["Town, ST 12345"]),
        ("IN", ["Town 12345", "ST"]),
        ("TR", ["12345 Town/ST"]),
        ("HK", ["Town", "ST", "12345"]),
        ("XX", ["12345 Town", "ST"]),
        ("", ["12345 Town", "ST"]),
    ],
)
def test_a_town_is_written_as_its_country_does(country: str, lines: list[str]) -> None:
    assert town_lines({"country": country, **PARTS}) == lines


@pytest.mark.parametrize(
    ("missing", "line"),
    [
        ({"state"}, "New York 10013"),
        ({"postal_code"}, "New York, NY"),
        ({"city"}, "NY 10013"),
        ({"city", "state"}, "10013"),
    ],
)
def test_what_is_missing_takes_its_comma_along(missing: set[str], line: str) -> None:
    whole = {"city": "New York", "state": "NY", "postal_code": "10013", "country": "US"}
    address = {name: value for name, value in whole.items() if name not in missing}
    assert town_lines(address) == [line]


def test_a_whole_address_stands_on_its_lines() -> None:
    address = {
        "label": "Acme Ltd",
        "street_1": "1 High Street",
        "street_2": None,
        "city": "London",
        "state": "",
        "postal_code": "N1 9GU",
        "country": "GB",
    }
    assert address_lines(address, "United Kingdom") == [
        "Acme Ltd",
        "1 High Street",
        "London",
        "N1 9GU",
        "United Kingdom",
    ]
    assert address_lines(address)[-1] == "GB"


@given(
    address=st.fixed_dictionaries(
        {},
        optional={
            name: st.text(max_size=12) | st.none()
            for name in ("label", "street_1", "street_2", "city", "state", "postal_code")
        }
        | {"country": st.sampled_from(["US", "GB", "DE", "BR", "HK", "ZZ", "", None])},
    )
)
def test_no_line_is_empty_or_holds_a_line_break(address: dict[str, Any]) -> None:
    for line in address_lines(address):
        assert line == " ".join(line.split()) != ""
