"""Addresses as they stand on a label."""

from collections.abc import Mapping
from typing import Any, Final

ADDRESS: Final = ("label", "street_1", "street_2", "postal_code", "city", "state", "country")


def address_text(address: Mapping[str, Any]) -> str:
    """An address, one part a line."""
    town = " ".join(
        str(address[name]) for name in ("postal_code", "city", "state") if address.get(name)
    )
    rows = [address.get("label"), address.get("street_1"), address.get("street_2"), town]
    return "\n".join(str(row) for row in [*rows, address.get("country")] if row)


def place(address: Mapping[str, Any]) -> str:
    """An address in two words: its city and country."""
    return ", ".join(str(address[name]) for name in ("city", "country") if address.get(name))
