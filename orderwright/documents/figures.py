"""Values as printed documents write them: plain text that every country reads alike."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from babel import Locale

from orderwright.documents.barcodes import code_128, qr
from orderwright.kernel.addresses import address_lines
from orderwright.kernel.money import format_money, format_price
from orderwright.kernel.numbers import trim

_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def money(value: Decimal, currency: str) -> str:
    """An amount with its currency's minor digits: 8,015.63. The currency stands in the head."""
    return _grouped(format_money(value, currency))


def price(value: Decimal, currency: str) -> str:
    """A unit price, with up to four decimals where it has them."""
    return _grouped(format_price(value, currency))


def quantity(value: Decimal | None, unit: str = "") -> str:
    """A quantity or a weight with its unit: 1,250.5 g; nothing for None."""
    if value is None:
        return ""
    return f"{_grouped(trim(value))} {unit}".strip()


def day(value: date | None) -> str:
    """A calendar day: 22 Nov 2026; nothing for None."""
    return "" if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def address(parts: Mapping[str, Any]) -> list[str]:
    """An address as its country writes it, with the country's name."""
    code = str(parts.get("country") or "").upper()
    return address_lines(parts, _country_names().get(code, code))


def recipient(name: str, parts: Mapping[str, Any]) -> list[str]:
    """An address under the name of whom it belongs to: its label may only say "Main"."""
    lines = address(parts)
    return lines if lines[:1] == [name] or not name else [name, *lines]


def facts(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Names and values, without those that are empty."""
    return [[name, value] for name, value in pairs if value]


def notes(title: str, text: str) -> list[dict[str, Any]]:
    """A remark below the table; none for an empty text."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return [{"title": title, "lines": lines}] if lines else []


def barcode(text: str) -> dict[str, Any] | None:
    """A Code 128 as the templates draw it; None when the text has none."""
    code = code_128(text)
    return None if code is None else {"width": code[0], "bars": code[1]}


def square(text: str) -> dict[str, Any] | None:
    """A QR code as the templates draw it."""
    code = qr(text)
    return None if code is None else {"size": code.size, "rows": code.rows}


def column(title: str, *, width: int = 0, align: str = "left") -> dict[str, Any]:
    """A column of a table: its share of what is left, or as wide as its cells."""
    return {"title": title, "align": align, "width": width or "auto"}


@cache
def _country_names() -> dict[str, str]:
    return dict(Locale.parse("en").territories)


def _grouped(digits: str) -> str:
    sign, whole = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    whole, point, rest = whole.partition(".")
    return f"{sign}{int(whole):,}{point}{rest}"
