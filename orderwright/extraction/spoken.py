"""Numbers in words: `a hundred and fifty`, `one point five`, `half a dozen`, `fünfundzwanzig`."""

from decimal import Decimal

from orderwright.extraction import lexicon, units
from orderwright.extraction.tokens import Source, Token

_LONGEST = 9  # words
_AND = frozenset("and und et y".split())


def spoken(source: Source, raw: list[Token], at: int) -> tuple[Token, int] | None:
    """The number that begins at a word, and how many words it takes; None when there is none."""
    first = raw[at].text
    if first in lexicon.HALVES:
        return _half(source, raw, at)
    if first in lexicon.ARTICLES and _text(raw, at + 1) not in lexicon.SCALES:
        token = raw[at]
        return Token("num", token.start, token.end, first, Decimal(1), mark="article"), 1
    count = _Count(source, raw, at)
    while count.end < len(raw) and count.end - at < _LONGEST and count.takes(raw[count.end].text):
        count.end += 1
    if count.end == at:
        return None
    start, stop = raw[at].start, raw[count.end - 1].end
    made = Token("num", start, stop, source.lower[start:stop], count.value, mark="words")
    return made, count.end - at


def is_number_word(word: str) -> bool:
    """Whether a number may begin with this word."""
    return (
        word in lexicon.NUMBER_WORDS
        or word in lexicon.SCALES
        or word in lexicon.ARTICLES
        or word in lexicon.HALVES
    )


def _half(source: Source, raw: list[Token], at: int) -> tuple[Token, int] | None:
    skip = 1 if _text(raw, at + 1) in lexicon.ARTICLES else 0
    if units.canonical(_text(raw, at + 1 + skip)) not in ("dozen", "kg", "m", "L", "lb"):
        return None
    start, stop = raw[at].start, raw[at + skip].end
    text = source.lower[start:stop]
    return Token("num", start, stop, text, Decimal("0.5"), mark="words"), 1 + skip


def _text(raw: list[Token], at: int) -> str:
    return raw[at].text if at < len(raw) else ""


class _Count:
    """Adds word after word; stops where two numbers stand side by side (`ten twelve volt`)."""

    def __init__(self, source: Source, raw: list[Token], at: int) -> None:
        self.source, self.raw, self.at, self.end = source, raw, at, at
        self.total = self.part = Decimal(0)
        self.decimals: str | None = None
        if raw[at].text in lexicon.ARTICLES:
            self.part, self.end = Decimal(1), at + 1

    @property
    def value(self) -> Decimal:
        """The number so far."""
        fraction = Decimal(f"0.{self.decimals}") if self.decimals else Decimal(0)
        return self.total + self.part + fraction

    def takes(self, word: str) -> bool:
        """Take the next word if it belongs to the number."""
        if self.decimals is not None:
            return self._digit(word)
        if word in lexicon.NUMBER_WORDS:
            return self._plus(lexicon.NUMBER_WORDS[word])
        if word in lexicon.SCALES:
            return self._times(lexicon.SCALES[word])
        if self.end == self.at or _text(self.raw, self.end + 1) not in lexicon.NUMBER_WORDS:
            return False
        if word == "point":
            self.decimals = ""
            return True
        return word in _AND and self._goes_on()

    def _digit(self, word: str) -> bool:
        digit = lexicon.NUMBER_WORDS.get(word)
        if digit is None or digit > 9:
            return False
        self.decimals = f"{self.decimals}{int(digit)}"
        return True

    def _plus(self, value: Decimal) -> bool:
        if self.end > self.at and not self._fits(value):
            return False
        self.part += value
        return True

    def _fits(self, value: Decimal) -> bool:
        if self.part == 0 or (self.part >= 100 and self.part % 100 == 0):
            return value < 100
        return self.part % 10 == 0 and self.part % 100 >= 20 and value < 10

    def _times(self, scale: Decimal) -> bool:
        if scale >= 1000:
            self.total, self.part = self.total + (self.part or 1) * scale, Decimal(0)
            return True
        if self.part > 9:
            return False
        self.part = (self.part or Decimal(1)) * scale
        return True

    def _goes_on(self) -> bool:
        """`hundred and fifty` goes on; `two hundred and five boxes` of a known product too."""
        if self.part % 100 or not (self.total or self.part >= 100):
            return False
        following = lexicon.fold(_text(self.raw, self.end + 2))
        small = lexicon.NUMBER_WORDS[_text(self.raw, self.end + 1)] < 10
        return not (small and following and self.source.known(following))
