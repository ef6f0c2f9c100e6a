"""Addresses as they stand on a label."""

from collections.abc import Mapping
from typing import Any, Final

from orderwright.kernel.addresses import address_lines

ADDRESS: Final = ("label", "street_1", "street_2", "postal_code", "city", "state", "country")


def address_text(address: Mapping[str, Any]) -> str:
    """An address as its country writes it, one part a line."""
    return "\n".join(address_lines(address))


def place(address: Mapping[str, Any]) -> str:
    """An address in two words: its city and country."""
    return ", ".join(str(address[name]) for name in ("city", "country") if address.get(name))
