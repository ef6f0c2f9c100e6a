"""Size, material, quality, shape and colour of an item, as they are written."""

import re
from collections.abc import Sequence

from orderwright.extraction import lexicon
from orderwright.extraction.tokens import Token

_METALS = ("gold", "silver", "platinum", "palladium")
_TONES = ("yellow", "white", "rose", "pink", "red", "green")
_PURITY = frozenset("925 950 999 585 750 375 916 304 316 a2 a4".split())
_RING_SIZE = re.compile(
    r"\b(?:size\s(\d{1,2}(?:\.\d{1,2})?|[a-z])\b(?:\s?(us|uk|eu))?|(us|uk"
    r"|eu)\s?(\d{1,2}(?:\.\d)?)\b|(\d{1,2}(?:\.\d)?)\s(us|uk|eu)\b)"
)


def size_of(
    tokens: Sequence[Token], positions: Sequence[int], lower: str
) -> tuple[str, list[int]] | None:
    """The first size in one form (`1.2 mm`, `5x3 mm`, `7 US`) and where it stands."""
    for at in positions:
        token = tokens[at]
        if token.kind == "size" and token.family == "size":
            return "x".join(token.parts) + (f" {token.unit}" if token.unit else ""), [at]
        if token.kind == "size" and token.family == "thread":
            return "M" + "x".join(token.parts)[1:], [at]
    for at in positions:
        ring = _ring(tokens, at, positions)
        if ring:
            return ring
    for at in positions:
        token = tokens[at]
        if token.kind == "measure" and token.family in ("measured", "technical") and token.unit in (
            "mm", "cm", "m", "in", "ft", "AWG", "ml", "cl", "L", "µm",
        ):  # fmt: skip
            text = "-".join(token.parts) if token.low is not None else token.text
            return f"{text} {token.unit}", [at]
    for at in positions:
        token = tokens[at]
        written = lower[token.start : token.end]
        if token.kind == "word" and written in ("xs", "s", "m", "l", "xl", "xxl"):
            return written.upper(), [at]
    return None


def _ring(
    tokens: Sequence[Token], at: int, positions: Sequence[int]
) -> tuple[str, list[int]] | None:
    token = tokens[at]
    near = [p for p in (at - 1, at + 1, at + 2) if p in positions]
    text = {p: tokens[p].text for p in near}
    if token.kind == "num" and token.unit is None:
        system = next((text[p] for p in near if text[p] in ("us", "uk", "eu")), None)
        sized = text.get(at - 1) == "size"
        if system or sized:
            used = [at, *[p for p in near if text[p] in ("us", "uk", "eu")][:1]]
            return token.text + (f" {system.upper()}" if system else ""), used
    return None


def material_of(words: Sequence[str]) -> str | None:
    """`18k yellow gold`, `silver`, `304 stainless`: purity, tone and metal in this order."""
    karat = next((w for w in words if re.fullmatch(r"\d{1,2}k", w)), None)
    metal = next((w for w in words if w in _METALS), None)
    tone = next((w for w in words if w in _TONES), None) if metal == "gold" or karat else None
    if karat or (metal and tone):
        return " ".join(part for part in (karat, tone, metal or "gold") if part)
    if metal:
        purity = next((w for w in words if w in _PURITY), None)
        return f"{purity} {metal}" if purity else metal
    plain = [w for w in words if w in lexicon.MATERIALS]
    return " ".join(dict.fromkeys(plain)) or None


def quality_of(words: Sequence[str], material: str | None) -> str | None:
    """A grade such as `VS` or `AAA`."""
    for at, word in enumerate(words):
        if word == "si" and "quality" not in words[at : at + 2]:
            continue
        if (
            word in ("if", "fl", "i1", "premium", "standard", "economy", "aa")
            and "quality" not in words[at : at + 3]
        ):
            continue
        if word in lexicon.QUALITIES:
            return word.upper() if len(word) <= 4 else word
    return None


def shape_of(words: Sequence[str]) -> str | None:
    """The shape, when one is named."""
    return next((w for w in words if w in lexicon.SHAPES), None)


def color_of(words: Sequence[str], material: str | None) -> str | None:
    """The colour, unless it is the tone of the metal."""
    taken = set((material or "").split())
    return next((w for w in words if w in lexicon.COLORS and w not in taken), None)
