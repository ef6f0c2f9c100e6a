"""Addresses as they stand on a label: the order of their parts is a custom of the country.

The table follows the conventions of the Universal Postal Union for the countries that most goods
go to; every other country is written like most of Europe, the postal code before the city.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

# Lines below the street. An empty part takes the space or comma before it along.
_CODE_FIRST: Final = "{postal_code} {city}|{state}"
_CITY_STATE_CODE: Final = "{city}, {state} {postal_code}"
_CITY_CODE: Final = "{city} {postal_code}|{state}"
_CITY_OVER_CODE: Final = "{city}|{state}|{postal_code}"
_TOWNS: Final = {
    **dict.fromkeys(("US", "PR", "GU", "VI"), _CITY_STATE_CODE),
    **dict.fromkeys(("CA", "AU"), "{city} {state} {postal_code}"),
    **dict.fromkeys(
        ("GB", "IE", "ZA", "EG", "LK", "KE", "GG", "JE", "IM", "HK", "AE"), _CITY_OVER_CODE
    ),
    **dict.fromkeys(("IT", "ES", "MY", "CL"), "{postal_code} {city} {state}"),
    **dict.fromkeys(("MX", "AR", "UY", "CO"), "{postal_code} {city}, {state}"),
    **dict.fromkeys(("NZ", "SG", "TW", "TH", "ID", "PK", "SA", "BD", "LV"), _CITY_CODE),
    "BR": "{city} - {state}|{postal_code}",
    "CN": "{city}, {state}|{postal_code}",
    "HU": "{city}|{postal_code}|{state}",
    "IN": "{city} {postal_code}|{state}",
    "JP": "{city}, {state} {postal_code}",
    "KR": "{city}, {state} {postal_code}",
    "PH": "{postal_code} {city}|{state}",
    "RU": "{city}|{state}|{postal_code}",
    "TR": "{postal_code} {city}/{state}",
    "UA": "{city}, {state}|{postal_code}",
    "VN": "{city}, {state} {postal_code}",
}


def town_lines(address: Mapping[str, Any]) -> list[str]:
    """City, state and postal code in the order and on the lines that the country is used to.

    >>> town_lines({"country": "US", "city": "New York", "state": "NY", "postal_code": "10013"})
    ['New York, NY 10013']
    >>> town_lines({"country": "DE", "city": "Pforzheim", "postal_code": "75172"})
    ['75172 Pforzheim']
    """
    form = _TOWNS.get(_part(address, "country").upper(), _CODE_FIRST)
    return [line for line in (_filled(row, address) for row in form.split("|")) if line]


def address_lines(address: Mapping[str, Any], country: str | None = None) -> list[str]:
    """An address, one line each, without empty ones. `country` is the name of its country; without
    it the code stands there."""
    rows = [
        _part(address, "label"),
        _part(address, "street_1"),
        _part(address, "street_2"),
        *town_lines(address),
        _part(address, "country") if country is None else country,
    ]
    return [row for row in rows if row]


def _part(address: Mapping[str, Any], name: str) -> str:
    return " ".join(str(address.get(name) or "").split())


def _filled(form: str, address: Mapping[str, Any]) -> str:
    """A line of the form; the separator before a part goes with it, the first part has none."""
    line = ""
    for before, name in re.findall(r"([^{}]*)\{(\w+)\}", form):
        value = _part(address, name)
        if value:
            line += f"{before}{value}" if line else value
    return line
