"""What a name or a phrase says: folded words and numbers with their units, ready to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from orderwright.extraction import lexicon, units
from orderwright.extraction.lexer import Lexer
from orderwright.extraction.prepare import normalised
from orderwright.extraction.tokens import Token


@dataclass(frozen=True, slots=True)
class Feature:
    """A word (`key` is the folded word) or a number (`key` is `#` and the number as written)."""

    key: str
    is_number: bool = False
    unit: str = ""
    base: tuple[str, Decimal] | None = None
    token: int = -1


def features_of(tokens: Sequence[Token], *, first: int = 0) -> list[Feature]:
    """The features of a run of tokens; `token` is the position of the token each came from."""
    found: list[Feature] = []
    for at, token in enumerate(tokens, start=first):
        if token.kind in ("word", "unit", "and"):
            if token.kind != "and":
                found.append(Feature(lexicon.fold(token.text), token=at))
        elif token.kind == "num" and token.mark != "article":
            if token.low is not None:
                found.extend(_number(part, token.unit or "", at) for part in token.parts)
            else:
                found.append(_number(written(token), "", at))
            if token.unit:
                found.append(Feature(token.unit, token=at))
        elif token.kind == "measure":
            parts = token.parts or (written(token),)
            found.extend(_number(part, token.unit or "", at) for part in parts)
        elif token.kind == "size":
            found.extend(_size(token, at))
    return found


def _size(token: Token, at: int) -> list[Feature]:
    found = []
    for part in token.parts:
        if part[:1] == "m" and part[1:].replace(".", "").isdigit():
            found.append(_number(part[1:], "M", at))
        elif part.endswith("k") and token.family in ("karat", "k"):
            found.append(_number(part[:-1], "k", at))
        else:
            found.append(_number(part, token.unit or "", at))
    return found


def _number(text: str, unit: str, at: int) -> Feature:
    text = text.lstrip("0") if text.isdigit() and len(text) < 4 else text
    base = None
    if unit in units.BASES:
        family, ratio = units.BASES[unit]
        try:
            base = (family, (_decimal(text) * ratio).normalize())
        except (InvalidOperation, ZeroDivisionError):
            base = None
    return Feature("#" + (text or "0"), True, unit, base, at)


def _decimal(text: str) -> Decimal:
    whole, _, fraction = text.partition(" ")
    if "/" in text:
        top, _, bottom = (fraction or whole).partition("/")
        return (Decimal(whole) if fraction else Decimal(0)) + Decimal(top) / Decimal(bottom)
    return Decimal(text.replace(",", ""))


def written(token: Token) -> str:
    """The number of a token in one form: `1,5` and `one point five` are `1.5`."""
    if token.value is None or token.mark in ("fraction", "zero"):
        return token.text
    if token.mark == "k":
        return token.text
    return format(token.value.normalize(), "f")


def name_features(name: str) -> list[Feature]:
    """The features of a product's name or alias."""
    text = normalised(name)
    lower = text.lower()
    if len(lower) != len(text):
        text = lower
    lexer = Lexer(text, lower, known=lambda word: True, european=False, words_as_numbers=False)
    return features_of(lexer.tokens())


def agrees(one: Feature, other: Feature) -> bool:
    """Whether two numbers can be the same: as written with no other unit, or equal in size."""
    if one.base and other.base:
        return one.base == other.base
    if one.key != other.key:
        return False
    return one.unit == other.unit or not one.unit or not other.unit


def clashes(one: Feature, other: Feature) -> bool:
    """Whether two different numbers say the same kind of thing, so that one excludes the other."""
    if one.base and other.base:
        return one.base[0] == other.base[0] and one.base != other.base
    return bool(one.unit) and one.unit == other.unit and one.key != other.key
