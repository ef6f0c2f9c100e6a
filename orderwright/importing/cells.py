"""Texts of cells, as people and programs write them, made into what the areas take.

What cannot be read stays as it is, so that the area's own check refuses it in its own words.
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from orderwright.kernel.formulas import quoted, unquoted

YES: Final = frozenset({"active", "yes", "y", "true", "1", "x", "ja", "oui", "si", "on"})
NO: Final = frozenset({"inactive", "no", "n", "false", "0", "nein", "non", "off", "-"})

_MONEY_SIGNS: Final = re.compile(r"[\s\u00a0\u202f'\u2019$€£¥₹]")
_GROUPED: Final = {
    ".": re.compile(r"[+-]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?", re.ASCII),
    ",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?", re.ASCII),
}
_DAY: Final = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?[\d.,]+", re.ASCII)


def number(text: str, decimal_mark: str = ".") -> str:
    """`$1,234.50` → `1234.50`; with a comma as decimal mark `1.234,50` → `1234.50`."""
    bare = _MONEY_SIGNS.sub("", text)
    other = "," if decimal_mark == "." else "."
    if _GROUPED[decimal_mark].fullmatch(bare):
        bare = bare.replace(other, "")
    return bare.replace(",", ".") if decimal_mark == "," else bare


def fraction(text: str, decimal_mark: str = ".") -> str:
    """A share: `5 %` → `0.05`; a fraction stays one."""
    bare = text.strip()
    if not bare.endswith("%"):
        return number(bare, decimal_mark)
    share = number(bare[:-1], decimal_mark)
    try:
        return format(Decimal(share) / 100, "f")
    except InvalidOperation:
        return text


def day(text: str, *, day_first: bool) -> str:
    """A day as YYYY-MM-DD: `31.12.2026` always has the day first, `12/31/2026` as said."""
    bare = text.strip().removesuffix("T00:00:00").removesuffix(" 00:00:00")
    found = _DAY.fullmatch(bare)
    if found is None:
        return bare
    first, second, third = found.groups()
    if len(first) == 4:
        return f"{first}-{second:0>2}-{third:0>2}"
    if len(third) != 4:
        return bare
    if day_first or "." in bare:
        first, second = second, first
    return f"{third}-{first:0>2}-{second:0>2}"


def flag(text: str) -> str:
    """`yes` → `true`, `0` → `false`."""
    word = text.strip().lower()
    return "true" if word in YES else "false" if word in NO else text


def words(text: str) -> list[str]:
    """`a; b` → a and b. Lines and bars separate as well."""
    return [word for part in re.split(r"[;|\n]", text) if (word := part.strip())]


def pairs(text: str) -> list[tuple[str, str]]:
    """`box=12; carton=144` → the pairs; a word without a sign has an empty second part."""
    found = []
    for word in words(text):
        name, _, held = word.partition("=" if "=" in word else ":")
        found.append((name.strip(), held.strip()))
    return found


def plain(text: str) -> str:
    """The text without the quote that keeps a spreadsheet from reading it as a formula."""
    return unquoted(text.strip())


def neutral(text: str) -> str:
    """The text as a spreadsheet may open it: what could be a formula is quoted; `plain` undoes."""
    return text if _NUMBER.fullmatch(text) else quoted(text)


def guess_decimal_mark(texts: Iterable[str]) -> str:
    """The decimal mark of a file's numbers: the comma where something says so, else the point."""
    votes = 0
    for text in texts:
        bare = _MONEY_SIGNS.sub("", text)
        comma, point = bare.rfind(","), bare.rfind(".")
        if comma > point and (point >= 0 or len(bare) - comma - 1 != 3):
            votes += 1
        elif point > comma and (comma >= 0 or len(bare) - point - 1 != 3):
            votes -= 1
    return "," if votes > 0 else "."


def guess_day_first(texts: Iterable[str], *, usual: bool) -> bool:
    """Whether `03/04/2026` is in April; a day that no month could be settles it, else `usual`."""
    for text in texts:
        found = _DAY.fullmatch(text.strip())
        if found is None or len(found.group(1)) == 4 or "/" not in text:
            continue
        if int(found.group(1)) > 12:
            return True
        if int(found.group(2)) > 12:
            return False
    return usual
