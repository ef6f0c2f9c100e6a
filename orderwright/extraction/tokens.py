"""Tokens: typed stretches of a text, and what the steps of the lexer share."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Token:
    """A typed stretch of the text.

    Kinds: num (a number that may be a quantity; `unit` when one follows), measure (a number with a
    weight, length, volume or technical unit), size (`5x3`, `M8x30`; the numbers in `parts`), word,
    unit (a unit without a number), code, claim, sep, and, hard, colon, sym.
    """

    kind: str
    start: int
    end: int
    text: str
    value: Decimal | None = None
    low: Decimal | None = None
    unit: str | None = None
    family: str = ""
    parts: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The text under the lexer. `known` says whether a word or number stands in the catalog."""

    text: str
    lower: str
    known: Callable[[str], bool]
    european: bool


def number_of(text: str, european: bool) -> Decimal | None:
    """The number as written in either decimal style; None when it cannot be one."""
    text = text.replace("'", "")
    if len(text) > 18:
        return None
    commas, dots = text.count(","), text.count(".")
    if commas and dots:
        last = max(text.rfind(","), text.rfind("."))
        whole = re.sub(r"[.,]", "", text[:last])
        return Decimal(f"{whole}.{text[last + 1 :]}")
    mark = "," if commas else "." if dots else ""
    if not mark:
        return Decimal(text)
    groups = text.split(mark)
    thousands = all(len(group) == 3 for group in groups[1:]) and 0 < len(groups[0]) <= 3
    if len(groups) > 2:
        return Decimal("".join(groups)) if thousands else None
    if thousands and groups[0] != "0" and (mark == "," or european):
        return Decimal("".join(groups))
    return Decimal(f"{groups[0]}.{groups[1]}")


def is_european(lower: str) -> bool:
    """Whether the notes write a decimal comma (so that `1.000` is a thousand)."""
    if re.search(r"(?<![\d.,])\d{1,4},\d{1,2}(?![\d,])", lower):
        return True
    return bool(
        re.search(
            r"\b(?:bitte|stück|stk|wir|und|liefer\w{0,12}|guten|hallo|gruß|bonjour|merci|nous|livrer|hola"
            r"|necesit\w{0,6}|gracias|buenos|buenas|litros|pedido|cajas|por favor)\b",
            lower,
        )
    )


def glued_left(raw: list[Token], at: int) -> bool:
    return (
        at > 0 and raw[at - 1].end == raw[at].start and raw[at - 1].kind in ("num", "word", "code")
    )


def hyphened(raw: list[Token], at: int) -> bool:
    return (
        at > 1
        and raw[at - 1].text == "-"
        and raw[at - 1].end == raw[at].start
        and raw[at - 2].end == raw[at - 1].start
    )


def plain(token: Token) -> str:
    if token.mark == "words" and token.value is not None:
        return format(token.value.normalize(), "f")
    return token.text.replace(",", ".") if re.fullmatch(r"\d+,\d{1,2}", token.text) else token.text
