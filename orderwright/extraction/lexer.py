"""Cut prepared text into typed tokens: numbers with their units, sizes, codes, words, separators.

The same lexer reads the names of the catalog, so that `M8 x 30` in a note and `M8x30` in a name
become the same thing.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from orderwright.extraction import lexicon, units
from orderwright.extraction.claims import Claim

_RAW = re.compile(
    r"(?P<num>\d+(?:[.,']\d+)*)|(?P<word>[^\W\d_]+(?:'[^\W\d_]{1,2}\b)?)|(?P<nl>\n)|(?P<space>[^\S\n]+)|(?P<sym>[\s\S])"
)
_HARD = frozenset(";!?\n")
_KARATS = frozenset("8 9 10 14 18 20 21 22 24".split())


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


class Lexer:
    """Reads one text. `known` says whether a word or a number stands in the catalog's names."""

    def __init__(
        self,
        text: str,
        lower: str,
        *,
        claims: Iterable[Claim] = (),
        known: Callable[[str], bool] = lambda word: False,
        words_as_numbers: bool = True,
    ) -> None:
        self.text, self.lower, self.known = text, lower, known
        self.european = is_european(lower)
        self.words_as_numbers = words_as_numbers
        self.claims = {claim.start: claim for claim in claims}

    def tokens(self) -> list[Token]:
        """The tokens in order; spaces are gone, each glued pair is known by its positions."""
        raw = self._raw()
        raw = self._spaced_thousands(raw)
        if self.words_as_numbers:
            raw = self._number_words(raw)
        raw = self._fractions(raw)
        raw = self._sizes(raw)
        raw = self._ranges(raw)
        return self._units(raw)

    def _raw(self) -> list[Token]:
        found: list[Token] = []
        at, size, lower = 0, len(self.lower), self.lower
        while at < size:
            claim = self.claims.get(at)
            if claim:
                kind = "code" if claim.kind == "code" else "claim"
                found.append(
                    Token(kind, at, claim.end, lower[at : claim.end], mark=claim.why if kind == "code" else claim.kind)
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
            return Token("and" if text in lexicon.JOINERS and text != "with" and text != "as" else "word", start, end, text)
        if kind == "nl" or text in _HARD:
            return Token("hard", start, end, text)
        if text == "." and not (end < len(self.lower) and self.lower[end].isalnum()):
            return Token("hard" if self._ends_sentence(start) else "sym", start, end, text)
        kinds = {",": "sep", ":": "colon", "&": "and", "+": "and", "|": "sep", "/": "slash"}
        return Token(kinds.get(text, "sym"), start, end, text)

    def _ends_sentence(self, at: int) -> bool:
        word = re.search(r"[a-z\u00c0-\u024f]{1,8}$", self.lower[max(0, at - 8) : at])
        return not word or word[0] not in {
            "no", "nr", "stk", "ca", "approx", "pcs", "pc", "qty", "ea", "st", "art", "pos", "mr", "mrs",
            "dr", "ltr", "inc", "ltd", "doz", "incl", "pkt", "ctn", "e", "g", "i", "ref", "dia", "nos",
        }  # fmt: skip

    def _spaced_thousands(self, raw: list[Token]) -> list[Token]:
        found: list[Token] = []
        for token in raw:
            last = found[-1] if found else None
            if (
                last and token.kind == "num" and last.kind == "num" and token.start == last.end + 1
                and len(token.text) >= 3 and token.text[:3].isdigit() and (len(token.text) == 3 or token.text[3:4] == ",")
                and last.text.isdigit() and len(last.text) <= 3 and not last.mark
                and not self.known(token.text) and not self._follows_unit(token)
                and (len(found) < 2 or found[-2].end < last.start or found[-2].kind in ("hard", "sym"))
            ):  # fmt: skip
                joined = last.text + token.text
                found[-1] = replace(last, end=token.end, text=joined, value=number_of(joined, True))
            else:
                found.append(token)
        return found

    def _follows_unit(self, token: Token) -> bool:
        match = re.match(r"\s?([a-zµ]{1,6})", self.lower[token.end : token.end + 8])
        word = match[1] if match else ""
        return word in units.MEASURED or word in units.WEIGHED or word in units.TECHNICAL

    def _number_words(self, raw: list[Token]) -> list[Token]:
        found: list[Token] = []
        at = 0
        while at < len(raw):
            token = raw[at]
            if token.kind == "word" and not self._is_glued(raw, at) and (
                token.text in lexicon.NUMBER_WORDS
                or token.text in lexicon.SCALES
                or token.text in lexicon.ARTICLES
                or token.text in lexicon.HALVES
            ):
                number, taken = self._spoken(raw, at)
                if number:
                    found.append(number)
                    at += taken
                    continue
            found.append(token)
            at += 1
        return found

    @staticmethod
    def _is_glued(raw: list[Token], at: int) -> bool:
        """A letter beside a digit or a hyphen is part of something longer: `A4`, `5A`, `a-b`."""
        before = at > 0 and raw[at - 1].end == raw[at].start and raw[at - 1].kind in ("num", "word", "code")
        after = at + 1 < len(raw) and raw[at + 1].start == raw[at].end and raw[at + 1].kind in ("num", "code")
        return before or after

    def _spoken(self, raw: list[Token], at: int) -> tuple[Token | None, int]:
        """`a hundred and fifty`, `one point five`, `half a dozen`: one number from several words."""
        total = part = Decimal(0)
        end = at
        first = raw[at].text
        if first in lexicon.ARTICLES:
            after = raw[at + 1].text if at + 1 < len(raw) else ""
            if after not in lexicon.SCALES:
                return Token("num", raw[at].start, raw[at].end, first, Decimal(1), mark="article"), 1
            part, end = Decimal(1), at + 1
        elif first in lexicon.HALVES:
            after = [token.text for token in raw[at + 1 : at + 3]]
            skip = 1 if after and after[0] in lexicon.ARTICLES else 0
            if len(after) > skip and (units.canonical(after[skip]) in ("dozen", "kg", "m", "L", "lb")):
                start, stop = raw[at].start, raw[at + skip].end
                return Token("num", start, stop, self.lower[start:stop], Decimal("0.5"), mark="words"), 1 + skip
            return None, 0
        decimals: str | None = None
        while end < len(raw) and end - at < 9:
            word = raw[end].text
            if decimals is not None:
                digit = lexicon.NUMBER_WORDS.get(word)
                if digit is None or digit > 9:
                    break
                decimals += str(int(digit))
            elif word in lexicon.NUMBER_WORDS:
                value = lexicon.NUMBER_WORDS[word]
                if end > at and not self._adds(part, value):
                    break
                part += value
            elif word in lexicon.SCALES:
                scale = lexicon.SCALES[word]
                if scale >= 1000:
                    total, part = total + (part or 1) * scale, Decimal(0)
                elif part > 9:
                    break
                else:
                    part = (part or Decimal(1)) * scale
            elif word in ("and", "und", "et", "y") and end > at and end + 1 < len(raw):
                if part % 100 and part > 0 or not (total or part >= 100):
                    break
                if raw[end + 1].text not in lexicon.NUMBER_WORDS:
                    break
                following = raw[end + 2].text if end + 2 < len(raw) else ""
                if lexicon.NUMBER_WORDS[raw[end + 1].text] < 10 and lexicon.fold(following) and self.known(lexicon.fold(following)):
                    break
            elif word == "point" and end > at and end + 1 < len(raw) and raw[end + 1].text in lexicon.NUMBER_WORDS:
                decimals = ""
            else:
                break
            end += 1
        if end == at:
            return None, 0
        value = total + part
        if decimals:
            value += Decimal(f"0.{decimals}")
        start, stop = raw[at].start, raw[end - 1].end
        return Token("num", start, stop, self.lower[start:stop], value, mark="words"), end - at

    @staticmethod
    def _adds(part: Decimal, value: Decimal) -> bool:
        if part == 0 or (part >= 100 and part % 100 == 0):
            return value < 100
        return part % 10 == 0 and 20 <= part % 100 and value < 10

    def _fractions(self, raw: list[Token]) -> list[Token]:
        """`1/2` and `1 1/2`; an inch mark after it makes it a measure later."""
        found: list[Token] = []
        at = 0
        while at < len(raw):
            token = raw[at]
            three = raw[at : at + 3]
            if (
                len(three) == 3 and token.kind == "num" and three[1].kind == "slash" and three[2].kind == "num"
                and token.end == three[1].start and three[1].end == three[2].start
                and token.text.isdigit() and three[2].text in ("2", "3", "4", "8", "16", "32", "64")
                and int(token.text) < int(three[2].text)
            ):  # fmt: skip
                value = Decimal(token.text) / Decimal(three[2].text)
                start, text = token.start, f"{token.text}/{three[2].text}"
                last = found[-1] if found else None
                if last and last.kind == "num" and last.text.isdigit() and last.end + 1 == start and len(last.text) <= 2:
                    value, start, text = value + (last.value or 0), last.start, f"{last.text} {text}"
                    if self.lower[three[2].end : three[2].end + 1] == '"' or (last.value or 0) <= 2:
                        found.pop()
                    else:
                        value, start, text = value - (last.value or 0), token.start, text.split()[1]
                found.append(Token("num", start, three[2].end, text, value, mark="fraction"))
                at += 3
                continue
            found.append(token)
            at += 1
        return found

    def _sizes(self, raw: list[Token]) -> list[Token]:
        """`5x3`, `M8x30`, `10 x 12 x 3 cm`, `three point five by twenty five`; `20x`, `x40`."""
        found: list[Token] = []
        at = 0
        while at < len(raw):
            token = raw[at]
            if token.kind == "word" and token.text == "m" and at + 1 < len(raw):
                after = raw[at + 1]
                glued = after.kind == "num" and (after.start == token.end or after.mark == "words")
                if glued and after.value is not None and after.value <= 64 and not self._glued_left(raw, at):
                    chain, stop = self._chain(raw, at + 1)
                    parts = ("m" + chain[0], *chain[1:])
                    found.append(
                        Token("size", token.start, raw[stop - 1].end, self.lower[token.start : raw[stop - 1].end], parts=parts, family="thread")
                    )
                    at = stop
                    continue
            if token.kind == "num" and not token.mark.startswith("art"):
                chain, stop = self._chain(raw, at)
                if len(chain) > 1:
                    found.append(
                        Token("size", token.start, raw[stop - 1].end, self.lower[token.start : raw[stop - 1].end], parts=tuple(chain), family="size")
                    )
                    at = stop
                    continue
            if token.kind == "word" and token.text in ("x",) or (token.kind == "sym" and token.text == "*" and self._times(raw, at)):
                found.append(replace(token, kind="times"))
            else:
                found.append(token)
            at += 1
        return found

    def _times(self, raw: list[Token], at: int) -> bool:
        before = raw[at - 1] if at else None
        after = raw[at + 1] if at + 1 < len(raw) else None
        return bool(before and after and before.kind == "num" and after.kind in ("num", "word") and before.kind != "hard")

    @staticmethod
    def _glued_left(raw: list[Token], at: int) -> bool:
        return at > 0 and raw[at - 1].end == raw[at].start and raw[at - 1].kind in ("num", "word", "code")

    def _chain(self, raw: list[Token], at: int) -> tuple[list[str], int]:
        """Numbers joined by `x`: glued ones, and spaced ones when they can only be a size."""
        parts = [raw[at]]
        spaced = False
        spoken = False
        stop = at + 1
        while stop + 1 < len(raw) and len(parts) < 4:
            link, after = raw[stop], raw[stop + 1]
            unit_between = 0
            if link.kind == "word" and link.text in ("mm", "cm", "m") and stop + 2 < len(raw) and raw[stop + 1].text == "x":
                link, after, unit_between = raw[stop + 1], raw[stop + 2], 1
            if link.text not in ("x", "by") or after.kind != "num" or link.kind == "hard" or after.mark == "article":
                break
            if link.text == "by":
                spoken = True
            if link.start != parts[-1].end or after.start != link.end:
                spaced = True
            parts.append(after)
            stop += 2 + unit_between
        if len(parts) < 2:
            return [_plain(raw[at])], at + 1
        texts = [_plain(part) for part in parts]
        if not spaced or spoken:
            return texts, stop
        following = raw[stop].text if stop < len(raw) else ""
        sized = following in ("mm", "cm", "in", '"', "inch") or (following == "m" and raw[stop - 1].end < raw[stop].start)
        thread = at > 0 and raw[at - 1].text == "m"
        catalogued = all(self.known("#" + text) for text in texts) and (sized or self.known("x".join(texts)))
        if thread or catalogued or (len(parts) >= 3 and (sized or self.known("x".join(texts)))):
            return texts, stop
        glued_tail = at + 2 < len(raw) and len(parts) > 2
        if glued_tail:
            return [raw[at].text], at + 1
        return [raw[at].text], at + 1

    def _ranges(self, raw: list[Token]) -> list[Token]:
        found: list[Token] = []
        at = 0
        while at < len(raw):
            token = raw[at]
            link = raw[at + 1] if at + 1 < len(raw) else None
            after = raw[at + 2] if at + 2 < len(raw) else None
            if (
                link and after and token.kind == "num" and after.kind == "num" and token.value is not None
                and after.value is not None and token.mark in ("", "words") and after.mark in ("", "words")
                and (link.text == "-" or link.text in ("to", "bis", "till")) and token.value < after.value
                and (link.text != "-" or (link.start - token.end) == (after.start - link.end))
                and not self._glued_left(raw, at) and not self._hyphened(raw, at)
                and after.value <= token.value * 10 and not self._known_apart(token, after, link)
            ):  # fmt: skip
                found.append(
                    Token("num", token.start, after.end, self.lower[token.start : after.end], after.value, low=token.value, mark="range", parts=(token.text, after.text))
                )
                at += 3
                continue
            found.append(token)
            at += 1
        return found

    def _known_apart(self, token: Token, after: Token, link: Token) -> bool:
        """`304 - 500` and `7805 - 9000`: a number of the catalog and then a quantity."""
        return link.start > token.end and self.known("#" + token.text) and not self.known("#" + after.text)

    @staticmethod
    def _hyphened(raw: list[Token], at: int) -> bool:
        return at > 1 and raw[at - 1].text == "-" and raw[at - 1].end == raw[at].start and raw[at - 2].end == raw[at - 1].start

    def _units(self, raw: list[Token]) -> list[Token]:
        """Join each number or size with the unit that follows it, and glued letters with digits."""
        found: list[Token] = []
        at = 0
        while at < len(raw):
            token = raw[at]
            after = raw[at + 1] if at + 1 < len(raw) else None
            if token.kind in ("num", "size") and after is not None and after.kind in ("word", "sym", "unit"):
                joined = self._with_unit(token, after, raw, at)
                if joined:
                    found.append(joined[0])
                    at += joined[1]
                    continue
            glued = self._glued(raw, at) if token.kind == "word" else None
            if glued:
                found.append(glued[0])
                at += glued[1]
                continue
            if token.kind == "word" and token.text in units.COUNTED:
                token = replace(token, kind="unit", unit=units.COUNTED[token.text])
            elif token.kind == "num" and found and self._hyphened(raw, at) and found[-1].text == "-":
                token = replace(token, mark="glued")
            found.append(token)
            at += 1
        return found

    def _with_unit(self, token: Token, after: Token, raw: list[Token], at: int) -> tuple[Token, int] | None:
        glued = after.start == token.end
        word, span = after.text, 1
        written = self.text[after.start : after.end]
        if word in ("%", "°", '"', "'") or word in ("inch", "zoll"):
            unit = {"%": "%", "°": "°"}.get(word, "in")
            if word == "'" or (word == '"' and not glued):
                return None
            return replace(token, kind="measure" if token.kind == "num" else "size", end=after.end, unit=unit, family="measured"), 2
        if after.kind != "word":
            return None
        if word == "-" or (glued and word in ("st", "nd", "rd", "th") and token.kind == "num"):
            return replace(token, kind="word", end=after.end, mark="ordinal", value=None), 2
        if token.kind == "size":
            if word in units.MEASURED or word in ("g",):
                return replace(token, end=after.end, unit=units.MEASURED.get(word, word)), 2
            return None
        if glued:
            short = self._glued_after(token, after, raw, at)
            if short:
                return short
        follow = raw[at + 2] if at + 2 < len(raw) else None
        if follow and after.end == follow.start and follow.kind in ("num", "word") and word not in units.COUNTED:
            joined = word + follow.text
            if joined in units.TECHNICAL:
                return replace(token, kind="measure", end=follow.end, unit=units.TECHNICAL[joined], family="technical"), 3
            if not (follow.kind == "word"):
                return None
        if token.mark == "article" and word in ("m", "l", "g", "in", "a", "v", "w", "k", "st"):
            return None
        if word == "k" and not glued:
            return None
        if word in units.WEIGHED and not (word == "gr" and self.european and False):
            return replace(token, kind="measure", end=after.end, unit=units.WEIGHED[word], family="weight", mark=token.mark or ("gr" if word == "gr" else "")), 1 + span
        if word in units.MEASURED:
            if word == "in" and not glued:
                return None
            if written in ("M",) and not glued and False:
                return None
            return replace(token, kind="measure", end=after.end, unit=units.MEASURED[word], family="measured", mark=token.mark or ("letter" if len(written) == 1 and written.isupper() else "")), 2
        if word in units.TECHNICAL and (glued or len(word) > 1):
            return replace(token, kind="measure", end=after.end, unit=units.TECHNICAL[word], family="technical"), 2
        if word == "st" and not glued:
            unit, family = ("pcs", "") if self.european else ("st", "weight")
            kind = "num" if self.european else "measure"
            return replace(token, kind=kind, end=after.end, unit=unit, family=family, mark="st"), 2
        if word in units.COUNTED:
            end, count = after.end, 2
            if follow and follow.text == "(" and at + 4 < len(raw) and raw[at + 3].text in ("s", "es") and raw[at + 4].text == ")":
                end, count = raw[at + 4].end, 5
            elif follow and follow.text == "." and follow.kind == "sym" and follow.start == after.end:
                end, count = follow.end, 3
            return replace(token, end=end, unit=units.COUNTED[word]), count
        return None

    def _glued_after(self, token: Token, after: Token, raw: list[Token], at: int) -> tuple[Token, int] | None:
        word = after.text
        follow = raw[at + 2] if at + 2 < len(raw) else None
        tail = follow.text if follow and follow.start == after.end and follow.kind in ("num", "word") else ""
        if word in ("k", "kt", "ct") and token.text in _KARATS and not tail and self._is_karat(token, after):
            return Token("size", token.start, after.end, token.text + "k", parts=(token.text + "k",), family="karat", value=token.value), 2
        if tail:
            text = token.text + word + tail
            if word + tail in units.TECHNICAL:
                return replace(token, kind="measure", end=follow.end, unit=units.TECHNICAL[word + tail], family="technical"), 3  # type: ignore[union-attr]
            if follow is not None and follow.kind == "num":
                return Token("word", token.start, follow.end, text), 3
        if word == "k":
            if self.known(f"{token.text}k"):
                return Token("size", token.start, after.end, token.text + "k", parts=(token.text + "k",), family="k", value=(token.value or 0) * 1000), 2
            return replace(token, end=after.end, value=(token.value or 0) * 1000, mark="k"), 2
        if word in units.COUNTED or word in units.WEIGHED or word in units.MEASURED or word in units.TECHNICAL or word == "x":
            return None
        return Token("word", token.start, after.end, token.text + word), 2

    def _is_karat(self, token: Token, after: Token) -> bool:
        if after.text != "ct" and self.known(f"{token.text}k"):
            return True
        around = self.lower[max(0, token.start - 8) : after.end + 8]
        return bool(re.search(r"\b(?:gold|yellow|white|rose|ring|rings)\b", around))

    def _glued(self, raw: list[Token], at: int) -> tuple[Token, int] | None:
        """`T55`, `CF-305`, `TO-220`: letters glued to digits are one word of a name."""
        token = raw[at]
        after = raw[at + 1] if at + 1 < len(raw) else None
        if after is None or token.text == "x":
            return None
        if after.kind == "num" and after.start == token.end and after.mark != "words":
            end, text, count = after.end, token.text + after.text, 2
            follow = raw[at + 2] if at + 2 < len(raw) else None
            if follow and follow.kind == "word" and follow.start == end:
                end, text, count = follow.end, text + follow.text, 3
            return Token("word", token.start, end, text), count
        return None


def _plain(token: Token) -> str:
    if token.mark == "words" and token.value is not None:
        return format(token.value.normalize(), "f")
    return token.text.replace(",", ".") if re.fullmatch(r"\d+,\d{1,2}", token.text) else token.text
