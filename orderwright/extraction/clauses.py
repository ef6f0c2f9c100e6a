"""Cut a sentence into clauses of one kind: order, stock, question, refusal, correction."""

import itertools
import re
from dataclasses import dataclass

from orderwright.extraction import cues, lexicon
from orderwright.extraction.prepare import Prepared
from orderwright.extraction.tokens import Token

LONGEST_CLAUSE = 160  # tokens
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
        cuts = [first]
        for at in range(first + 1, last):
            token = self.tokens[at]
            if token.kind == "sep" or (
                token.kind == "word"
                and token.text in ("but", "so", "aber", "donc", "because", "since", "scrap")
            ):
                cuts.append(at + (token.kind == "sep"))
            elif token.text == "-" and token.start > self.tokens[at - 1].end:
                if at + 1 < last and self.tokens[at + 1].kind == "word":
                    cuts.append(at + 1)
            elif (
                token.kind == "colon"
                and at + 1 < last
                and at - first < 40
                and cues.kind_of(self.text(first, at), before="order", question=False) != "order"
            ):
                cuts.append(at + 1)
            elif (
                (
                    token.kind == "word"
                    and _CORRECTION.match(self.prepared.lower, token.start)
                    and not self._is_cue(cuts[-1], at)
                )
                or (
                    token.kind == "and"
                    and at + 2 < last
                    and at - cuts[-1] < 40
                    and self._starts_item(at + 1)
                    and cues.CORRECTED.search(self.text(cuts[-1], at))
                )
                or (
                    (token.kind in ("and",) or token.text in ("oh", "please", "we", "i"))
                    and _CUT_BEFORE.match(self.prepared.lower, token.end, token.end + 40)
                )
            ):
                cuts.append(at)
        cuts = _not_too_long([*cuts, last])
        found: list[Clause] = []
        before = "order"
        for start, end in itertools.pairwise(cuts):
            if start >= end:
                continue
            text = self.text(start, end)
            kind = cues.kind_of(text, before=before, question=question)
            if (
                kind == "negated"
                and before == "corrected"
                and found
                and not cues.CANCELLED.search(text)
            ):
                found[-1].last = end
                continue
            if (
                before == "corrected"
                and kind == "order"
                and found
                and self._open_correction(found[-1])
            ):
                found[-1].last = end
                before = "order"
                continue
            if (
                found
                and found[-1].kind == kind
                and kind != "corrected"
                and end - found[-1].first <= LONGEST_CLAUSE
            ):
                found[-1].last = end
            else:
                found.append(Clause(start, end, kind))
            before = kind
        return found

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
