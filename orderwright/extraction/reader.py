"""Walk through the notes line by line, sentence by sentence, and collect drafts.

The reader remembers what people leave out: the heading above a list, the product mentioned last,
the quantity that counts for each item of a list.
"""

import re
from dataclasses import replace

from orderwright.extraction import cues, discourse, lexicon
from orderwright.extraction.amounts import Amount
from orderwright.extraction.clauses import Clause, ClauseCutter
from orderwright.extraction.drafts import Draft, numbers_between
from orderwright.extraction.items import read
from orderwright.extraction.placing import Placer
from orderwright.extraction.prepare import Line, Prepared
from orderwright.extraction.readings import Reading, Setting
from orderwright.extraction.segments import items_of
from orderwright.extraction.tokens import Token

_LIST_START = re.compile(r"^\s{0,12}(?:[*>+-]|\d{1,3}[.)]|[a-z]\))\s")


class Reader:
    """Reads the body of prepared notes into drafts."""

    def __init__(
        self, prepared: Prepared, tokens: list[Token], setting: Setting, most: int
    ) -> None:
        self.prepared, self.tokens, self.setting, self.most = prepared, tokens, setting, most
        self.cutter = ClauseCutter(prepared, tokens)
        self.placer = Placer(prepared, tokens, setting)
        self.book = self.placer.book

    def line(self, number: int, line: Line, first: int, last: int) -> None:
        """Read one line, or several that were wrapped; the tokens from `first` up to `last`."""
        if first >= last:
            if line.end <= line.start:
                self._blank()
            return
        listed = bool(_LIST_START.match(self.prepared.lower[line.start : line.end]))
        for start, end, question in self._sentences(first, last):
            if len(self.book.drafts) > self.most or self.setting.is_spent:
                return
            self._sentence(start, end, number, question=question, listed=listed)

    def finish(self) -> list[Draft]:
        """The drafts, after what was left open is settled."""
        self.placer.settle_topic()
        return self.book.drafts

    def _blank(self) -> None:
        self.placer.settle_topic()
        self.book.head = ()

    def _sentences(self, first: int, last: int) -> list[tuple[int, int, bool]]:
        found = []
        start = first
        for at in range(first, last):
            token = self.tokens[at]
            if token.kind == "hard" and token.text != "\n":
                if at > start:
                    found.append((start, at, token.text == "?"))
                start = at + 1
        if start < last:
            found.append((start, last, False))
        return found

    def _sentence(
        self, first: int, last: int, number: int, *, question: bool, listed: bool
    ) -> None:
        for clause in self.cutter.clauses(first, last, question=question):
            if clause.kind == "corrected":
                self._corrected(clause, number)
            elif clause.kind == "negated":
                self._negated(clause, number, listed)
            elif clause.kind == "order":
                self._ordered(clause.first, clause.last, number, listed)
            else:
                self._aside(clause, number)

    def _corrected(self, clause: Clause, number: int) -> None:
        text = self.cutter.text(clause.first, clause.last)
        if cues.CANCELLED.search(
            re.sub(r"\bno (?:wait|sorry)\b|\bnot\b", "", text)
        ) and not self._plain_numbers(clause):
            self._cancel(clause)
            return
        amountless = not self._plain_numbers(clause)
        answer = discourse.correct(
            self.tokens,
            clause.first,
            clause.last,
            text=text,
            drafts=self.book.drafts,
            setting=self._setting(),
        )
        if isinstance(answer, Reading):
            if not amountless and answer.has_product and answer.amount is not None:
                self._ordered(answer.first, answer.last, number, False)
            return
        if answer is None and not amountless:
            self.placer.mark(clause.first, clause.last, "part of a correction that fits no row")
        self._mark_numbers(clause, "the old number, corrected")

    def _plain_numbers(self, clause: Clause) -> list[int]:
        return numbers_between(self.tokens, clause.first, clause.last)

    def _negated(self, clause: Clause, number: int, listed: bool) -> None:
        text = self.cutter.text(clause.first, clause.last)
        leading = self._before_negation(clause)
        if leading > clause.first and self._plain_numbers(Clause(clause.first, leading, "order")):
            self._ordered(clause.first, leading, number, listed)
            clause = Clause(leading, clause.last, "negated")
        if cues.CANCELLED.search(text):
            self._cancel(clause)
        self.placer.mark(clause.first, clause.last, cues.REASONS["negated"])

    def _before_negation(self, clause: Clause) -> int:
        """Where the refusal begins when an order stands before it: `300 brochures, not 8 pages`."""
        for at in range(clause.first, clause.last):
            if self.tokens[at].text in (
                "not",
                "no",
                "without",
                "nicht",
                "ohne",
                "sans",
                "sin",
                "except",
            ):
                return at
        return clause.first

    def _cancel(self, clause: Clause) -> None:
        gone = discourse.cancel(
            self.tokens, clause.first, clause.last, self.book.drafts, self._setting()
        )
        for draft in gone:
            for first, last in draft.regions:
                self.placer.mark(first, last, "cancelled later in the notes")
        self.placer.mark(clause.first, clause.last, cues.REASONS["negated"])

    def _aside(self, clause: Clause, number: int) -> None:
        """A clause that orders nothing still says what the next one may be about."""
        self.placer.mark(clause.first, clause.last, cues.REASONS[clause.kind])
        if clause.kind == "ignored":
            return
        setting = replace(self.setting, head=())
        tails = [
            at + 1
            for at in range(clause.first, clause.last - 1)
            if self.tokens[at].text in ("for", "of", "für", "pour")
        ]
        reading = max(
            (
                read(self.tokens, start, clause.last, setting)
                for start in [clause.first, *tails[-1:]]
            ),
            key=lambda one: one.score,
        )
        if reading.score >= 0.7:
            self.book.topic, self.book.topic_line, self.book.topic_listed = reading, number, False

    def _setting(self) -> Setting:
        if not self.book.head:
            return self.setting
        return replace(self.setting, head=self.book.head, is_heading=True)

    def _ordered(self, first: int, last: int, number: int, listed: bool) -> None:
        first = self._heading(first, last, number)
        if first >= last:
            return
        text = self.cutter.text(first, last)
        each_at = self._each(first, last)
        if each_at is not None:
            self._each_of(each_at, first, last, number)
            return
        shared = self.book.each is not None and (listed or number > self.book.topic_line)
        readings = items_of(self.tokens, first, last, self._context(), shared=shared)
        said: list[Reading] = []
        for at, reading in enumerate(readings):
            near = [*reversed(said), *readings[at + 1 : at + 2]]
            said.append(self.placer.with_neighbours(reading, near))
            self.placer.take(said[-1], number, text, listed)

    def _context(self) -> Setting:
        """Words said before: the heading of the list, else the product of the last row."""
        if self.book.head:
            return self._setting()
        if self.book.drafts and self.book.drafts[-1].hits:
            last = self.book.drafts[-1]
            return replace(self.setting, head=self.placer.words_of(last.reading))
        return self.setting

    def _heading(self, first: int, last: int, number: int) -> int:
        """`Gold rings: 10 in 18k yellow, …`: what stands before the colon heads what follows."""
        colon = next((at for at in range(first, last) if self.tokens[at].kind == "colon"), None)
        if colon is None or colon + 1 >= last:
            return first
        if numbers_between(self.tokens, first, colon):
            reading = read(self.tokens, first, colon, self._setting())
            if reading.has_product and reading.amount is not None and reading.amount.prior >= 0.7:
                parts = numbers_between(self.tokens, colon, last)
                total = sum(self.tokens[at].value or 0 for at in parts)
                if len(parts) > 1 and total == reading.amount.value:
                    self.placer.take(reading, number, self.cutter.text(first, colon), False)
                    self.book.drafts[-1].reasons.append("split over several places")
                    self.placer.mark(colon, last, "a part of the quantity before the colon")
                    return last
            return first
        after = self._content_after(colon + 1, last)
        reading = read(self.tokens, first, colon, replace(self.setting, head=()))
        if reading.score >= 0.5 and after:
            self.book.head = self.placer.words_of(reading)
            return colon + 1
        return first if reading.score >= 0.5 or not after else colon + 1

    def _content_after(self, first: int, last: int) -> bool:
        """Whether words or sizes of the catalog follow, and not just a number with a unit."""
        return any(
            (
                t.kind == "word"
                and t.text not in lexicon.FILLER
                and self.setting.index.matches(lexicon.fold(t.text))
            )
            or t.kind in ("code", "size")
            or (t.kind == "measure" and t.mark == "letter")
            for t in self.tokens[first:last]
        )

    def _each(self, first: int, last: int) -> int | None:
        for at in range(first, last):
            token = self.tokens[at]
            if token.kind == "word" and cues.EACH.fullmatch(token.text):
                before = self.tokens[at - 1] if at > first else None
                if before and before.kind in ("measure", "claim"):
                    continue
                if (
                    (before and before.kind == "word" and before.text in ("of", "per", "one"))
                    or before is None
                    or before.kind in ("num", "times", "unit", "sym", "colon")
                ):
                    return at
        return None

    def _each_of(self, at: int, first: int, last: int, number: int) -> None:
        """`5 boxes each of A, B and C`; `one of each: …` counts for the list below."""
        before = [p for p in numbers_between(self.tokens, first, at) if at - p <= 3]
        if before:
            token = self.tokens[before[-1]]
            amount = Amount(before[-1], token.value or 0, token.low, token.unit, 1.0)  # type: ignore[arg-type]
        elif at + 1 < last and self.tokens[at + 1].kind == "num":
            token = self.tokens[at + 1]
            amount = Amount(at + 1, token.value or 0, token.low, token.unit, 1.0)  # type: ignore[arg-type]
            at += 1
        else:
            return
        start = at + 1
        lead = before[-1] if before else at
        has_after = any(
            t.kind in ("word", "code") and t.text not in lexicon.FILLER
            for t in self.tokens[start:last]
        )
        if has_after:
            region = (start, last)
        elif any(
            t.kind in ("word", "code") and t.text not in lexicon.FILLER
            for t in self.tokens[first:lead]
        ):
            region = (first, lead)
        else:
            self.book.each, self.book.topic_line = amount, number
            return
        self.book.each = amount
        text = self.cutter.text(*region)
        for reading in items_of(self.tokens, *region, self._context(), shared=True):
            self.placer.take(reading, number, text, True)
        self.book.each = None

    def _mark_numbers(self, clause: Clause, why: str) -> None:
        for at in self._plain_numbers(clause):
            self.book.reasons.setdefault(at, why)
