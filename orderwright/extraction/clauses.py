"""Cut a sentence into clauses of one kind: order, stock, question, refusal, correction."""

import itertools
import re
from dataclasses import dataclass

from orderwright.extraction import cues, lexicon
from orderwright.extraction.prepare import Prepared
from orderwright.extraction.tokens import Token

LONGEST_CLAUSE = 160  # tokens
_NEAR = 40
_TURNS = frozenset("but so aber donc because since scrap".split())
_OPENERS = frozenset("oh please we i".split())
_CUT_BEFORE = re.compile(
    r"\s{0,3}(?:please\s|also\s|then\s)?(?:no\s(?!\d)|skip|cancel|drop\s|remove|don'?t"
    r"|do not|not\s|leave out|scrap|make (?:that|it)|change\s|actually)"
)
_CORRECTION = re.compile(
    r"(?:no\s(?:sorry|wait)|sorry|actually|oops|make\s(?:that|it)|oh\swait|scratch\sthat|i\smean|wait)\b"
)


@dataclass(slots=True)
class Clause:
    """A run of tokens of one kind."""

    first: int
    last: int
    kind: str


class ClauseCutter:
    """Cuts the sentences of one text."""

    def __init__(self, prepared: Prepared, tokens: list[Token]) -> None:
        self.prepared, self.tokens = prepared, tokens

    def text(self, first: int, last: int) -> str:
        """The lower-case text of a run of tokens."""
        if first >= last:
            return ""
        return self.prepared.lower[self.tokens[first].start : self.tokens[last - 1].end]

    def clauses(self, first: int, last: int, *, question: bool) -> list[Clause]:
        """The clauses of a sentence, in order."""
        found: list[Clause] = []
        before = "order"
        for start, end in itertools.pairwise(self._cuts(first, last)):
            if start >= end:
                continue
            text = self.text(start, end)
            kind = cues.kind_of(text, before=before, question=question)
            joined = self._joined_kind(found, kind, before, text)
            fits = bool(found) and end - found[-1].first <= LONGEST_CLAUSE
            if joined is not None:
                found[-1].last, before = end, joined
                continue
            if fits and found[-1].kind == kind and kind != "corrected":
                found[-1].last = end
            else:
                found.append(Clause(start, end, kind))
            before = kind
        return found

    def _joined_kind(self, found: list[Clause], kind: str, before: str, text: str) -> str | None:
        """The kind to go on with when a piece belongs to the correction in front of it."""
        if not found or before != "corrected":
            return None
        if kind == "negated" and not cues.CANCELLED.search(text):
            return "corrected"
        return "order" if kind == "order" and self._open_correction(found[-1]) else None

    def _cuts(self, first: int, last: int) -> list[int]:
        """Where the sentence is cut: at commas and dashes, and where something new is said."""
        cuts = [first]
        for at in range(first + 1, last):
            if self.tokens[at].kind == "sep" or self._ends_at(first, at, last):
                cuts.append(at + 1)
            elif self._begins_at(cuts[-1], at, last):
                cuts.append(at)
        return _not_too_long([*cuts, last])

    def _ends_at(self, first: int, at: int, last: int) -> bool:
        """A dash between words, and a colon after "following up on yesterday's order"."""
        token = self.tokens[at]
        if at + 1 >= last:
            return False
        if token.text == "-" and token.start > self.tokens[at - 1].end:
            return self.tokens[at + 1].kind == "word"
        if token.kind != "colon" or at - first >= _NEAR:
            return False
        return cues.kind_of(self.text(first, at), before="order", question=False) != "order"

    def _begins_at(self, cut: int, at: int, last: int) -> bool:
        """Whether a correction, a refusal or a turn of the sentence begins at this token."""
        token, lower = self.tokens[at], self.prepared.lower
        if token.kind == "word" and token.text in _TURNS:
            return True
        if token.kind == "word" and _CORRECTION.match(lower, token.start):
            return not self._is_cue(cut, at)
        if token.kind == "and" and at + 2 < last and at - cut < _NEAR and self._starts_item(at + 1):
            return bool(cues.CORRECTED.search(self.text(cut, at))) or self._refuses(token)
        return (token.kind == "and" or token.text in _OPENERS) and self._refuses(token)

    def _refuses(self, token: Token) -> bool:
        return bool(_CUT_BEFORE.match(self.prepared.lower, token.end, token.end + 40))

    def _is_cue(self, first: int, at: int) -> bool:
        """Whether nothing but a cue stands before: "no sorry" and then "make that"."""
        return not [
            t
            for t in self.tokens[first:at]
            if t.text not in lexicon.FILLER and not _CORRECTION.match(t.text)
        ]

    def _starts_item(self, at: int) -> bool:
        token = self.tokens[at]
        return token.kind in ("num", "measure") and token.value is not None

    def _open_correction(self, clause: Clause) -> bool:
        """ "Sorry, not dot 4," waits for the new value."""
        text = self.text(clause.first, clause.last)
        if re.fullmatch(r"\W{0,4}(?:\w{1,12}\W{1,3}){0,2}\w{1,12}\W{0,4}", text) and not any(
            c.isdigit() for c in text
        ):
            return (
                len(
                    [
                        t
                        for t in self.tokens[clause.first : clause.last]
                        if t.text not in lexicon.FILLER
                    ]
                )
                <= 2
            )
        return bool(re.search(r"\bnot\b", text)) and not re.search(r"\d.{0,40}\bnot\b", text)


def _not_too_long(cuts: list[int]) -> list[int]:
    """The cuts, and further ones where a stretch between two is longer than any sentence."""
    found = cuts[:1]
    for cut in cuts[1:]:
        while cut - found[-1] > LONGEST_CLAUSE:
            found.append(found[-1] + LONGEST_CLAUSE)
        found.append(cut)
    return found
