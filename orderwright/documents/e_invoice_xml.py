"""How both syntaxes of e-invoices are written: elements in their order, values as text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from xml.etree import ElementTree as Xml

from orderwright.kernel.money import format_money
from orderwright.kernel.numbers import trim

PROFILE: Final = "urn:cen.eu:en16931:2017"
VAT: Final = "VAT"

# What XML 1.0 cannot carry.
_UNWRITABLE: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Element:
    """A place in the document that is being written; names are `prefix:Name`."""

    prefixes: Mapping[str, str]
    node: Xml.Element

    def under(self, name: str) -> "Element":
        """A further element in this one."""
        prefix, local = name.split(":")
        return Element(
            self.prefixes, Xml.SubElement(self.node, f"{{{self.prefixes[prefix]}}}{local}")
        )

    def write(self, name: str, value: str, **attributes: str) -> None:
        """A value in this element; an empty one is left out, as the standard wants it."""
        kept = _UNWRITABLE.sub("", value).strip()
        if kept:
            made = self.under(name)
            made.node.text = kept
            made.node.attrib.update(attributes)


def named(prefixes: Mapping[str, str]) -> Mapping[str, str]:
    """These prefixes, known to the writer. Called once by each syntax, as the list is global."""
    for prefix, address in prefixes.items():
        Xml.register_namespace(prefix, address)
    return prefixes


def document(name: str, prefixes: Mapping[str, str]) -> Element:
    """The root of a new document."""
    prefix, local = name.split(":")
    return Element(prefixes, Xml.Element(f"{{{prefixes[prefix]}}}{local}"))


def as_bytes(root: Element) -> bytes:
    """The whole document, in UTF-8 with its declaration."""
    Xml.indent(root.node)
    written: bytes = Xml.tostring(root.node, encoding="UTF-8", xml_declaration=True)
    return written


def money(amount: Decimal, currency: str) -> str:
    """An amount with the minor digits of its currency."""
    return format_money(amount, currency)


def number(value: Decimal) -> str:
    """A quantity, a price or a rate, as short as it goes."""
    return trim(value)


def compact_day(day: date) -> str:
    """A day as CII writes it."""
    return day.strftime("%Y%m%d")
