"""Join each number with the unit that follows it, and letters with the digits they are glued to."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from orderwright.extraction import units
from orderwright.extraction.tokens import Source, Token, hyphened

_KARATS = frozenset("8 9 10 14 18 20 21 22 24".split())
_SIGNS = {"%": "%", "°": "°", '"': "in"}
_NOT_AFTER_ARTICLES = frozenset("m l g in a v w k st".split())
_GOLDEN = re.compile(r"\b(?:gold|yellow|white|rose|ring|rings)\b")
Joined = tuple[Token, int]  # the new token, and how many old ones it takes


@dataclass(frozen=True, slots=True)
class Pair:
    """A number or size and the token behind it, with what may follow both."""

    source: Source
    number: Token
    after: Token
    follow: Token | None
    further: tuple[Token, ...] = ()

    @property
    def is_glued(self) -> bool:
        """Whether no space stands between number and word."""
        return self.after.start == self.number.end

    @property
    def tail(self) -> str:
        """What is glued to the word: the `7` of `4k7`."""
        follow = self.follow
        if follow and follow.start == self.after.end and follow.kind in ("num", "word"):
            return follow.text
        return ""

    def measure(self, unit: str, family: str, *, end: int | None = None) -> Token:
        """The number as a measure."""
        stop = self.after.end if end is None else end
        return replace(self.number, kind="measure", end=stop, unit=unit, family=family)


def join_units(source: Source, raw: list[Token]) -> list[Token]:
    """Numbers become quantities with a unit, measures and sizes; letters with digits words."""
    found: list[Token] = []
    at = 0
    while at < len(raw):
        token = raw[at]
        joined = _joined(source, raw, at)
        if joined:
            found.append(joined[0])
            at += joined[1]
            continue
        if token.kind == "word" and token.text in units.COUNTED:
            token = replace(token, kind="unit", unit=units.COUNTED[token.text])
        elif token.kind == "num" and found and hyphened(raw, at) and found[-1].text == "-":
            token = replace(token, mark="glued")
        found.append(token)
        at += 1
    return found


def _joined(source: Source, raw: list[Token], at: int) -> Joined | None:
    token = raw[at]
    if at + 1 >= len(raw):
        return None
    after = raw[at + 1]
    if token.kind == "word":
        return _letters_with_digits(raw, at)
    if token.kind not in ("num", "size") or after.kind not in ("word", "sym", "unit"):
        return None
    follow = raw[at + 2] if at + 2 < len(raw) else None
    pair = Pair(source, token, after, follow, tuple(raw[at + 3 : at + 5]))
    if after.kind != "word" or after.text in ("inch", "zoll"):
        return _sign(pair)
    if token.kind == "size":
        return _size_unit(pair)
    return next((joined for rule in _RULES if (joined := rule(pair))), None)


def _sign(pair: Pair) -> Joined | None:
    """`30%`, `90°`, `3/4"`."""
    unit = _SIGNS.get(pair.after.text) or ("in" if pair.after.kind == "word" else None)
    if unit is None or (pair.after.text == '"' and not pair.is_glued):
        return None
    kind = "measure" if pair.number.kind == "num" else "size"
    end = pair.after.end
    return replace(pair.number, kind=kind, end=end, unit=unit, family="measured"), 2


def _size_unit(pair: Pair) -> Joined | None:
    word = pair.after.text
    if word not in units.MEASURED and word != "g":
        return None
    return replace(pair.number, end=pair.after.end, unit=units.MEASURED.get(word, word)), 2


def _ordinal(pair: Pair) -> Joined | None:
    """`1st`, `22nd` are no quantities."""
    if not pair.is_glued or pair.after.text not in ("st", "nd", "rd", "th"):
        return None
    return replace(pair.number, kind="word", end=pair.after.end, mark="ordinal", value=None), 2


def _karat(pair: Pair) -> Joined | None:
    """`18k`, when gold is near or the catalog has it."""
    token, word = pair.number, pair.after.text
    if not pair.is_glued or pair.tail or word not in ("k", "kt", "ct") or token.text not in _KARATS:
        return None
    around = pair.source.lower[max(0, token.start - 8) : pair.after.end + 8]
    known = word != "ct" and pair.source.known(f"{token.text}k")
    if not known and not _GOLDEN.search(around):
        return None
    return _lettered(pair, "karat", token.value), 2


def _thousand(pair: Pair) -> Joined | None:
    """`10k` is ten thousand, unless it names a product (a resistor of 10k)."""
    token = pair.number
    if not pair.is_glued or pair.after.text != "k" or pair.tail or token.value is None:
        return None
    if pair.source.known(f"{token.text}k"):
        return _lettered(pair, "k", token.value * 1000), 2
    return replace(token, end=pair.after.end, value=token.value * 1000, mark="k"), 2


def _lettered(pair: Pair, family: str, value: Decimal | None) -> Token:
    token, text = pair.number, pair.number.text + "k"
    made = Token("size", token.start, pair.after.end, text, parts=(text,), family=family)
    return replace(made, value=value)


def _with_tail(pair: Pair) -> Joined | None:
    """`4k7`, `0.75 mm2`, `2rs1`."""
    follow, tail = pair.follow, pair.tail
    if follow is None or not tail or pair.after.text in units.COUNTED:
        return None
    if pair.after.text + tail in units.TECHNICAL:
        unit = units.TECHNICAL[pair.after.text + tail]
        return pair.measure(unit, "technical", end=follow.end), 3
    if pair.is_glued and follow.kind == "num":
        text = pair.number.text + pair.after.text + tail
        return Token("word", pair.number.start, follow.end, text), 3
    return None


def _is_no_unit(pair: Pair) -> bool:
    word, follow = pair.after.text, pair.follow
    if pair.number.mark == "article" and word in _NOT_AFTER_ARTICLES:
        return True
    glued_number = bool(pair.tail) and follow is not None and follow.kind == "num"
    return (glued_number and word not in units.COUNTED) or (word == "k" and not pair.is_glued)


def _weight(pair: Pair) -> Joined | None:
    word = pair.after.text
    if word not in units.WEIGHED or _is_no_unit(pair):
        return None
    mark = pair.number.mark or ("gr" if word == "gr" else "")
    return replace(pair.measure(units.WEIGHED[word], "weight"), mark=mark), 2


def _length_or_volume(pair: Pair) -> Joined | None:
    word = pair.after.text
    if word not in units.MEASURED or _is_no_unit(pair) or (word == "in" and not pair.is_glued):
        return None
    written = pair.source.text[pair.after.start : pair.after.end]
    letter = len(written) == 1 and written.isupper()
    mark = pair.number.mark or ("letter" if letter else "")
    return replace(pair.measure(units.MEASURED[word], "measured"), mark=mark), 2


def _technical(pair: Pair) -> Joined | None:
    word = pair.after.text
    if word not in units.TECHNICAL or _is_no_unit(pair) or not (pair.is_glued or len(word) > 1):
        return None
    return pair.measure(units.TECHNICAL[word], "technical"), 2


def _stone_or_piece(pair: Pair) -> Joined | None:
    """`12 st` are stones, but pieces where German is written."""
    if pair.after.text != "st" or pair.is_glued or _is_no_unit(pair):
        return None
    if pair.source.european:
        return replace(pair.number, end=pair.after.end, unit="pcs", mark="st"), 2
    return replace(pair.measure("st", "weight"), mark="st"), 2


def _counted(pair: Pair) -> Joined | None:
    """`25 pcs`, `10 Stk.`, `3 box(es)`."""
    word, follow = pair.after.text, pair.follow
    if word not in units.COUNTED or _is_no_unit(pair):
        return None
    end, count = pair.after.end, 2
    if (
        follow
        and follow.text == "("
        and [t.text for t in pair.further] in (["s", ")"], ["es", ")"])
    ):
        end, count = pair.further[1].end, 5
    elif follow and follow.text == "." and follow.kind == "sym" and follow.start == end:
        end, count = follow.end, 3
    return replace(pair.number, end=end, unit=units.COUNTED[word]), count


def _alphanumeric(pair: Pair) -> Joined | None:
    """`2rs`: letters glued to a number that are no unit make one word."""
    word = pair.after.text
    known = any(word in table for table in (units.COUNTED, units.WEIGHED, units.MEASURED))
    if not pair.is_glued or known or word in units.TECHNICAL or word == "x":
        return None
    return Token("word", pair.number.start, pair.after.end, pair.number.text + word), 2


_RULES: tuple[Callable[[Pair], Joined | None], ...] = (
    _ordinal, _karat, _with_tail, _thousand, _alphanumeric, _weight, _length_or_volume, _technical,
    _stone_or_piece, _counted,
)  # fmt: skip


def _letters_with_digits(raw: list[Token], at: int) -> Joined | None:
    """`T55`, `A4`, `10x`'s opposite: letters glued to digits are one word of a name."""
    token, after = raw[at], raw[at + 1]
    if (
        token.text == "x"
        or after.kind != "num"
        or after.start != token.end
        or after.mark == "words"
    ):
        return None
    end, text, count = after.end, token.text + after.text, 2
    follow = raw[at + 2] if at + 2 < len(raw) else None
    if follow and follow.kind == "word" and follow.start == end:
        end, text, count = follow.end, text + follow.text, 3
    return Token("word", token.start, end, text), count
