"""Numbers that may be the quantity of an item, and how much speaks for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orderwright.extraction import lexicon, units
from orderwright.extraction.tokens import Token

_LEADING = frozenset("sym and sep colon claim".split())


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that may be the quantity, and how much its place and its unit speak for it."""

    at: int
    value: Decimal
    low: Decimal | None
    unit: str | None
    prior: float
    by_weight: bool = False
    letter: str = ""


def amounts_in(tokens: Sequence[Token], first: int, last: int) -> list[Amount]:
    """Every number in the run that may be the quantity."""
    content = [
        at
        for at in range(first, last)
        if tokens[at].kind not in _LEADING
        and not (tokens[at].kind == "word" and tokens[at].text in lexicon.FILLER)
    ]
    if not content:
        return []
    found: list[Amount] = []
    for at in content:
        token = tokens[at]
        if token.value is None or token.mark in ("zero", "glued") or token.value < 0:
            continue
        if token.kind == "num":
            found.append(_counted(tokens, at, first, last, content))
        elif token.kind == "measure":
            found.extend(_measured(tokens, at, content))
        elif token.kind == "size" and token.family == "k" and token.value is not None:
            found.append(Amount(at, token.value, None, None, 0.3))
    return found


def _counted(tokens: Sequence[Token], at: int, first: int, last: int, content: list[int]) -> Amount:
    token = tokens[at]
    value, low, unit = token.value or Decimal(0), token.low, token.unit
    before = tokens[at - 1] if at > first else None
    after = tokens[at + 1] if at + 1 < last else None
    if (
        unit is not None
        and unit in units.MULTIPLES
        and after is not None
        and after.kind == "unit"
        and after.unit
    ):
        value, unit = value * units.MULTIPLES[unit], after.unit
    if token.mark == "article":
        return Amount(at, value, low, unit, 0.8 if unit else 0.35)
    if unit:
        prior = 1.0
    elif (after and after.kind == "times") or (before and before.kind == "times"):
        prior = 1.0
        unit = _times_unit(tokens, at, last)
    elif before and before.kind == "word" and before.text in ("qty", "quantity", "menge", "anzahl"):
        prior = 1.0
    elif at == content[0]:
        prior = 0.9
    elif (before and before.kind in ("colon",)) or (before and before.text in ("-", "(", "=")):
        prior = 0.8
    elif at == content[-1]:
        prior = 0.7
    else:
        prior = 0.45
    if value != value.to_integral_value() and unit is None:
        prior *= 0.3
    if value == 0:
        prior *= 0.5
    return Amount(at, value, low, unit, prior)


def _times_unit(tokens: Sequence[Token], at: int, last: int) -> str | None:
    """`20 x boxes …` and `x 2 cartons`: the unit word next to the times sign."""
    two = at + 2
    if two < last and tokens[at + 1].kind == "times" and tokens[two].kind == "unit":
        return tokens[two].unit
    return None


def _measured(tokens: Sequence[Token], at: int, content: list[int]) -> list[Amount]:
    token = tokens[at]
    value, leading = token.value or Decimal(0), at == content[0]
    if token.family == "weight":
        found = [Amount(at, value, token.low, token.unit, 0.75 if leading else 0.6, by_weight=True)]
    elif token.family == "measured":
        found = [Amount(at, value, token.low, token.unit, 0.85 if leading else 0.7)]
    else:
        return []
    if token.mark == "letter" or token.unit in ("m", "L"):
        found.append(Amount(at, value, token.low, None, 0.6, letter=(token.unit or "").lower()))
    return found
