"""Cut prepared text into typed tokens: numbers with their units, sizes, codes, words, separators.

The same lexer reads the names of the catalog, so that `M8 x 30` in a note and `M8x30` in a name
become the same thing.
"""

import re
from collections.abc import Callable, Iterable

from orderwright.extraction import lexicon
from orderwright.extraction.claims import Claim
from orderwright.extraction.measures import join_units
from orderwright.extraction.numbers import join_fractions, join_ranges, join_thousands, join_words
from orderwright.extraction.sizes import join_sizes
from orderwright.extraction.tokens import Source, Token, is_european, number_of

_RAW = re.compile(
    r"(?P<num>\d+(?:[.,']\d+)*)|(?P<word>[^\W\d_]+(?:'[^\W\d_]{1,2}\b)?)|(?P<nl>\n)|(?P<space>[^\S\n]+)|(?P<sym>[\s\S])"
)
_HARD = frozenset(";!?\n")


class Lexer:
    """Reads one text. `known` says whether a word or a number stands in the catalog's names."""

    def __init__(
        self,
        text: str,
        lower: str,
        *,
        claims: Iterable[Claim] = (),
        known: Callable[[str], bool] = lambda word: False,
        european: bool | None = None,
        words_as_numbers: bool = True,
    ) -> None:
        self.lower = lower
        self.european = is_european(lower) if european is None else european
        self.source = Source(text, lower, known, self.european)
        self.words_as_numbers = words_as_numbers
        self.claims = {claim.start: claim for claim in claims}

    def tokens(self) -> list[Token]:
        """The tokens in order; spaces are gone, each glued pair is known by its positions."""
        raw = join_thousands(self.source, self._raw())
        if self.words_as_numbers:
            raw = join_words(self.source, raw)
        raw = join_fractions(self.source, raw)
        raw = join_sizes(self.source, raw)
        raw = join_ranges(self.source, raw)
        return join_units(self.source, raw)

    def _raw(self) -> list[Token]:
        found: list[Token] = []
        at, size, lower = 0, len(self.lower), self.lower
        while at < size:
            claim = self.claims.get(at)
            if claim:
                kind = "code" if claim.kind == "code" else "claim"
                found.append(
                    Token(
                        kind,
                        at,
                        claim.end,
                        lower[at : claim.end],
                        mark=claim.why if kind == "code" else claim.kind,
                    )
                )
                at = claim.end
                continue
            match = _RAW.match(lower, at)
            if match is None:  # pragma: no cover - the pattern takes any character
                break
            end = match.end()
            inside = next((p for p in range(at + 1, end) if p in self.claims), None)
            if inside is not None:
                end = inside
            kind = match.lastgroup or "sym"
            if kind != "space":
                found.append(self._token(kind, at, end))
            at = end
        return found

    def _token(self, kind: str, start: int, end: int) -> Token:
        text = self.lower[start:end]
        if kind == "num":
            if text[-1] in ".,'":
                text = text.rstrip(".,'")
            value = number_of(text, self.european)
            mark = "zero" if len(text) > 1 and text[0] == "0" and text.isdigit() else ""
            return Token("num" if value is not None else "word", start, end, text, value, mark=mark)
        if kind == "word":
            return Token(
                "and" if text in lexicon.JOINERS and text not in {"with", "as"} else "word",
                start,
                end,
                text,
            )
        if kind == "nl" or text in _HARD:
            return Token("hard", start, end, text)
        if text == "." and not (end < len(self.lower) and self.lower[end].isalnum()):
            return Token("hard" if self._ends_sentence(start) else "sym", start, end, text)
        kinds = {",": "sep", ":": "colon", "&": "and", "+": "and", "|": "sep", "/": "slash"}
        return Token(kinds.get(text, "sym"), start, end, text)

    def _ends_sentence(self, at: int) -> bool:
        word = re.search(r"[a-z\u00c0-\u024f]{1,8}$", self.lower[max(0, at - 8) : at])
        return not word or word[0] not in {
            "no", "nr", "stk", "ca", "approx", "pcs", "pc", "qty", "ea", "st", "art", "pos", "mr",
            "mrs", "dr", "ltr", "inc", "ltd", "doz", "incl", "pkt", "ctn", "e", "g", "i", "ref",
            "dia", "nos",
        }  # fmt: skip
