"""Walk through the notes line by line, sentence by sentence, and collect drafts.

The reader remembers what people leave out: the heading above a list, the product mentioned last,
the quantity that counts for each item of a list.
"""

import re
from dataclasses import dataclass, field, replace

from orderwright.extraction import cues, discourse, lexicon
from orderwright.extraction.drafts import Draft, draft_of, numbers_between
from orderwright.extraction.features import Feature
from orderwright.extraction.items import Amount, Reading, Setting, is_thin, points_back, read
from orderwright.extraction.lexer import Token
from orderwright.extraction.matching import is_close
from orderwright.extraction.prepare import Line, Prepared
from orderwright.extraction.segments import items_of

LONGEST_CLAUSE = 160  # tokens
_CUT_BEFORE = re.compile(
    r"\s{0,3}(?:please\s|also\s|then\s)?(?:no\s(?!\d)|skip|cancel|drop\s|remove|don'?t|do not|not\s|leave out|scrap|make (?:that|it)|change\s|actually)"
)
_CORRECTION = re.compile(
    r"(?:no\s(?:sorry|wait)|sorry|actually|oops|make\s(?:that|it)|oh\swait|scratch\sthat|i\smean|wait)\b"
)
_LIST_START = re.compile(r"^\s{0,12}(?:[*>+-]|\d{1,3}[.)]|[a-z]\))\s")


@dataclass(slots=True)
class Notebook:
    """What has been read so far."""

    drafts: list[Draft] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)  # position of a token -> why unused
    head: tuple[Feature, ...] = ()
    topic: Reading | None = None  # a product that was named without a quantity
    topic_line: int = -9
    topic_listed: bool = False
    each: Amount | None = None


@dataclass(slots=True)
class Clause:
    """A run of tokens of one kind."""

    first: int
    last: int
    kind: str


class Reader:
    """Reads the body of prepared notes into drafts."""

    def __init__(self, prepared: Prepared, tokens: list[Token], setting: Setting, most: int) -> None:
        self.prepared, self.tokens, self.setting, self.most = prepared, tokens, setting, most
        self.book = Notebook()

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
        self._settle_topic()
        return self.book.drafts

    def _blank(self) -> None:
        self._settle_topic()
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

    def _text(self, first: int, last: int) -> str:
        if first >= last:
            return ""
        return self.prepared.lower[self.tokens[first].start : self.tokens[last - 1].end]

    def _sentence(self, first: int, last: int, number: int, *, question: bool, listed: bool) -> None:
        for clause in self._clauses(first, last, question):
            if clause.kind == "corrected":
                self._corrected(clause, number)
            elif clause.kind == "negated":
                self._negated(clause, number, listed)
            elif clause.kind == "order":
                self._ordered(clause.first, clause.last, number, listed)
            else:
                self._aside(clause, number)

    def _clauses(self, first: int, last: int, question: bool) -> list[Clause]:
        cuts = [first]
        for at in range(first + 1, last):
            token = self.tokens[at]
            if token.kind == "sep" or (token.kind == "word" and token.text in ("but", "so", "aber", "donc", "because", "since", "scrap")):
                cuts.append(at + (token.kind == "sep"))
            elif token.text == "-" and token.start > self.tokens[at - 1].end:
                if at + 1 < last and self.tokens[at + 1].kind == "word":
                    cuts.append(at + 1)
            elif token.kind == "colon" and at + 1 < last and at - first < 40 and cues.kind_of(self._text(first, at), before="order", question=False) != "order":
                cuts.append(at + 1)
            elif token.kind == "word" and _CORRECTION.match(self.prepared.lower, token.start) and not self._is_cue(cuts[-1], at):
                cuts.append(at)
            elif token.kind == "and" and at + 2 < last and at - cuts[-1] < 40 and self._starts_item(at + 1) and cues.CORRECTED.search(self._text(cuts[-1], at)):
                cuts.append(at)
            elif (token.kind in ("and",) or token.text in ("oh", "please", "we", "i")) and _CUT_BEFORE.match(self.prepared.lower, token.end, token.end + 40):
                cuts.append(at)
        cuts = _not_too_long([*cuts, last])
        found: list[Clause] = []
        before = "order"
        for start, end in zip(cuts, cuts[1:], strict=False):
            if start >= end:
                continue
            text = self._text(start, end)
            kind = cues.kind_of(text, before=before, question=question)
            if kind == "negated" and before == "corrected" and found and not cues.CANCELLED.search(text):
                found[-1].last = end
                continue
            if before == "corrected" and kind == "order" and found and self._open_correction(found[-1]):
                found[-1].last = end
                before = "order"
                continue
            if found and found[-1].kind == kind and kind != "corrected" and end - found[-1].first <= LONGEST_CLAUSE:
                found[-1].last = end
            else:
                found.append(Clause(start, end, kind))
            before = kind
        return found

    def _is_cue(self, first: int, at: int) -> bool:
        """Whether nothing but a cue stands before: "no sorry" and then "make that"."""
        return not [t for t in self.tokens[first:at] if t.text not in lexicon.FILLER and not _CORRECTION.match(t.text)]

    def _starts_item(self, at: int) -> bool:
        token = self.tokens[at]
        return token.kind in ("num", "measure") and token.value is not None

    def _open_correction(self, clause: Clause) -> bool:
        """"Sorry, not dot 4," waits for the new value."""
        text = self._text(clause.first, clause.last)
        if re.fullmatch(r"\W{0,4}(?:\w{1,12}\W{1,3}){0,2}\w{1,12}\W{0,4}", text) and not any(c.isdigit() for c in text):
            return len([t for t in self.tokens[clause.first : clause.last] if t.text not in lexicon.FILLER]) <= 2
        return bool(re.search(r"\bnot\b", text)) and not re.search(r"\d.{0,40}\bnot\b", text)

    def _corrected(self, clause: Clause, number: int) -> None:
        text = self._text(clause.first, clause.last)
        if cues.CANCELLED.search(re.sub(r"\bno (?:wait|sorry)\b|\bnot\b", "", text)) and not self._plain_numbers(clause):
            self._cancel(clause)
            return
        amountless = not self._plain_numbers(clause)
        answer = discourse.correct(
            self.tokens, clause.first, clause.last, text, self.book.drafts, self._setting()
        )
        if isinstance(answer, Reading):
            if not amountless and answer.has_product and answer.amount is not None:
                self._ordered(answer.first, answer.last, number, False)
            return
        if answer is None and not amountless:
            self._mark(clause.first, clause.last, "part of a correction that fits no row")
        self._mark_numbers(clause, "the old number, corrected")

    def _plain_numbers(self, clause: Clause) -> list[int]:
        return numbers_between(self.tokens, clause.first, clause.last)

    def _negated(self, clause: Clause, number: int, listed: bool) -> None:
        text = self._text(clause.first, clause.last)
        leading = self._before_negation(clause)
        if leading > clause.first and self._plain_numbers(Clause(clause.first, leading, "order")):
            self._ordered(clause.first, leading, number, listed)
            clause = Clause(leading, clause.last, "negated")
        if cues.CANCELLED.search(text):
            self._cancel(clause)
        self._mark(clause.first, clause.last, cues.REASONS["negated"])

    def _before_negation(self, clause: Clause) -> int:
        """Where the refusal begins when an order stands before it: `300 brochures, not 8 pages`."""
        for at in range(clause.first, clause.last):
            if self.tokens[at].text in ("not", "no", "without", "nicht", "ohne", "sans", "sin", "except"):
                return at
        return clause.first

    def _cancel(self, clause: Clause) -> None:
        gone = discourse.cancel(
            self.tokens, clause.first, clause.last, self.book.drafts, self._setting()
        )
        for draft in gone:
            for first, last in draft.regions:
                self._mark(first, last, "cancelled later in the notes")
        self._mark(clause.first, clause.last, cues.REASONS["negated"])

    def _aside(self, clause: Clause, number: int) -> None:
        """A clause that orders nothing still says what the next one may be about."""
        self._mark(clause.first, clause.last, cues.REASONS[clause.kind])
        if clause.kind == "ignored":
            return
        setting = replace(self.setting, head=())
        tails = [at + 1 for at in range(clause.first, clause.last - 1) if self.tokens[at].text in ("for", "of", "für", "pour")]
        reading = max(
            (read(self.tokens, start, clause.last, setting) for start in [clause.first, *tails[-1:]]),
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
        text = self._text(first, last)
        each_at = self._each(first, last)
        if each_at is not None:
            self._each_of(each_at, first, last, number)
            return
        shared = self.book.each is not None and (listed or number > self.book.topic_line)
        readings = items_of(self.tokens, first, last, self._context(), shared=shared)
        said: list[Reading] = []
        for at, reading in enumerate(readings):
            near = [*reversed(said), *readings[at + 1 : at + 2]]
            said.append(self._with_neighbours(reading, near))
            self._take(said[-1], number, text, listed)

    def _with_neighbours(self, reading: Reading, near: list[Reading]) -> Reading:
        """`15 medium and 10 large t-shirts`: the head stands with the item beside."""
        if reading.amount is None or reading.by_code:
            return reading
        back = points_back(self.tokens, reading.first, reading.last)
        sure = reading.has_product and not is_close(reading.hits)
        if sure and not (back and reading.hits and is_thin(self.tokens, reading.hits[0])):
            return reading
        words = self._named_words(reading)
        if not all(self._is_attribute(at) for at in words) or not (words or (reading.left and back)):
            return reading
        for other in near:
            if not other.has_product or is_thin(self.tokens, other.hits[0]):
                continue
            head = self._words_of(other)
            again = read(
                self.tokens, reading.first, reading.last,
                replace(self.setting, head=head, is_heading=True),
            )  # fmt: skip
            if again.score >= 0.75 and again.amount is not None:
                return again
        return reading

    def _is_attribute(self, at: int) -> bool:
        token = self.tokens[at]
        return token.kind != "word" or lexicon.fold(token.text) in lexicon.GROUP_OF

    def _context(self) -> Setting:
        """Words said before: the heading of the list, else the product of the last row."""
        if self.book.head:
            return self._setting()
        if self.book.drafts and self.book.drafts[-1].hits:
            last = self.book.drafts[-1]
            return replace(self.setting, head=self._words_of(last.reading))
        return self.setting

    def _words_of(self, reading: Reading) -> tuple[Feature, ...]:
        top = reading.hits[0].explained if reading.hits else frozenset()
        words = [f for f in reading.features if f.token in top]
        if reading.by_code and reading.hits:
            product = reading.hits[0].product
            words = next(
                ([f for f in n.features] for n in self.setting.index.namings if n.product == product), words
            )
        return tuple(words)

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
                    self._take(reading, number, self._text(first, colon), False)
                    self.book.drafts[-1].reasons.append("split over several places")
                    self._mark(colon, last, "a part of the quantity before the colon")
                    return last
            return first
        after = self._content_after(colon + 1, last)
        reading = read(self.tokens, first, colon, replace(self.setting, head=()))
        if reading.score >= 0.5 and after:
            self.book.head = self._words_of(reading)
            return colon + 1
        return first if reading.score >= 0.5 or not after else colon + 1

    def _content_after(self, first: int, last: int) -> bool:
        """Whether words or sizes of the catalog follow, and not just a number with a unit."""
        words = any(
            (t.kind == "word" and t.text not in lexicon.FILLER and self.setting.index.matches(lexicon.fold(t.text)))
            or t.kind in ("code", "size")
            or (t.kind == "measure" and t.mark == "letter")
            for t in self.tokens[first:last]
        )
        return words

    def _each(self, first: int, last: int) -> int | None:
        for at in range(first, last):
            token = self.tokens[at]
            if token.kind == "word" and cues.EACH.fullmatch(token.text):
                before = self.tokens[at - 1] if at > first else None
                if before and before.kind in ("measure", "claim"):
                    continue
                if before and before.kind == "word" and before.text in ("of", "per", "one") or before is None or before.kind in ("num", "times", "unit", "sym", "colon"):
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
        has_after = any(t.kind in ("word", "code") and t.text not in lexicon.FILLER for t in self.tokens[start:last])
        if has_after:
            region = (start, last)
        elif any(t.kind in ("word", "code") and t.text not in lexicon.FILLER for t in self.tokens[first:lead]):
            region = (first, lead)
        else:
            self.book.each, self.book.topic_line = amount, number
            return
        self.book.each = amount
        text = self._text(*region)
        for reading in items_of(self.tokens, *region, self._context(), shared=True):
            self._take(reading, number, text, True)
        self.book.each = None

    def _take(self, reading: Reading, number: int, text: str, listed: bool) -> None:
        book, amount = self.book, reading.amount
        if reading.has_product and amount is not None and amount.prior > 0.25:
            self._add(draft_of(reading, number), text)
        elif reading.has_product:
            self._without_quantity(reading, number, text, listed)
        elif amount is not None:
            self._without_product(reading, amount, number, text, listed)
        elif book.drafts and book.drafts[-1].line == number and self._is_detail(reading):
            book.drafts[-1].regions.append((reading.first, reading.last))
        self._explain_left(reading)

    def _add(self, draft: Draft, text: str) -> None:
        if cues.OPTIONAL.search(text):
            draft.flags.append("optional")
        if draft.reading.in_context:
            draft.reasons.append("the product follows from the words before")
        if self._negative(draft):
            draft.flags.append("bad_number")
        if draft.value == 0:
            self._mark(draft.reading.first, draft.reading.last, "a quantity of zero")
            return
        self.book.drafts.append(draft)
        self.book.topic = None

    def _negative(self, draft: Draft) -> bool:
        """`-5 rings`: a minus glued to the number, and not the dash of a list."""
        if not draft.quantity_at:
            return False
        at = draft.quantity_at[0]
        if at == 0 or self.tokens[at - 1].text != "-" or self.tokens[at - 1].end != self.tokens[at].start:
            return False
        before = self.tokens[at - 2] if at > 1 else None
        if before is not None and before.end == self.tokens[at - 1].start and before.kind != "hard":
            return False
        dashes = re.findall(r"(?m)^\s{0,8}-\d", self.prepared.lower)
        return before is None or before.kind != "hard" or len(dashes) < 2

    def _without_quantity(self, reading: Reading, number: int, text: str, listed: bool) -> None:
        book = self.book
        if book.each is not None:
            draft = draft_of(reading, number)
            draft.take(book.each)
            draft.reasons.append("the quantity counts for each")
            self._add(draft, text)
        elif cues.SAME.search(text) and book.drafts:
            last = book.drafts[-1]
            draft = draft_of(reading, number)
            draft.value, draft.low, draft.quantity_at = last.value, last.low, last.quantity_at
            draft.reasons.append("the same quantity as the row before")
            self._add(draft, text)
        else:
            self._settle_topic()
            book.topic, book.topic_line, book.topic_listed = reading, number, listed
            if reading.score >= 0.6 and not any(t.kind == "claim" for t in self.tokens[reading.first : reading.last]):
                book.head = self._words_of(reading)

    def _without_product(
        self, reading: Reading, amount: Amount, number: int, text: str, listed: bool
    ) -> None:
        book = self.book
        topic = book.topic
        if not self._said_of(reading, amount, listed):
            near = topic is not None and number - book.topic_line <= 2
            if near and topic is not None and amount.prior >= 0.6:
                self._add(self._joined(topic, reading, amount, number), text)
                return
            if cues.MORE.search(text) and book.drafts and book.drafts[-1].hits and amount.prior >= 0.7:
                last = book.drafts[-1]
                draft = self._joined(last.reading, reading, amount, number)
                draft.hits = last.hits
                self._add(draft, text)
                return
            self._mark(reading.first, reading.last, "no product near this number")
            return
        if self._is_unknown_product(reading, amount, text, listed):
            self._add(draft_of(reading, number), text)
        else:
            self._mark(reading.first, reading.last, "no product of the catalog near this number")

    def _said_of(self, reading: Reading, amount: Amount, listed: bool) -> list[int]:
        """Words that may name what the quantity is of: behind it, or right before it."""
        words = self._named_words(reading)
        return words if listed else [at for at in words if at > amount.at - 3]

    def _named_words(self, reading: Reading) -> list[int]:
        found = []
        for at in range(reading.first, reading.last):
            token = self.tokens[at]
            if token.kind == "word" and token.text not in lexicon.FILLER and len(token.text) > 2:
                found.append(at)
            elif token.kind in ("size", "code"):
                found.append(at)
        return found

    def _joined(self, topic: Reading, reading: Reading, amount: Amount, number: int) -> Draft:
        draft = draft_of(replace(topic, amount=amount), number)
        draft.reasons.append("the product was named before the quantity")
        draft.regions.append((reading.first, reading.last))
        return draft

    def _is_unknown_product(self, reading: Reading, amount: Amount, text: str, listed: bool) -> bool:
        """A quantity and words that no product has: something new, if it reads like an order."""
        if amount.by_weight and amount.prior < 0.75:
            return False
        words = [at for at in self._named_words(reading) if at > amount.at] or (
            self._named_words(reading) if listed else []
        )
        if not words or amount.prior < 0.9 and not listed:
            return False
        before = self.tokens[amount.at - 1] if amount.at > 0 else None
        if before is not None and before.kind == "word" and before.text in (
            "for", "in", "on", "at", "within", "after", "of", "to", "is", "are", "than", "und", "every", "am", "ab", "um", "the", "until",
        ):  # fmt: skip
            return False
        gap = words[0] - amount.at
        asked = listed or bool(cues.REQUEST.search(text)) or bool(self.book.drafts) or len(text) < 40
        return asked and (gap <= 3 or listed)

    def _is_detail(self, reading: Reading) -> bool:
        """Attributes and measures after an item: `VS quality`, `1.8 g each`, `18k yellow`."""
        for at in range(reading.first, reading.last):
            token = self.tokens[at]
            if token.kind in ("measure", "size") or (token.kind == "num" and token.mark == ""):
                return True
            if token.kind == "word" and (
                token.text in lexicon.MATERIALS
                or token.text in lexicon.QUALITIES
                or token.text in lexicon.SHAPES
                or token.text in lexicon.COLORS
            ):
                return True
        return False

    def _settle_topic(self) -> None:
        """A product named without a quantity in a list becomes a row that a person completes."""
        book, topic = self.book, self.book.topic
        book.topic = None
        if topic is None or not book.topic_listed or topic.score < 0.85:
            return
        if topic.in_context or any(d.reading.in_context for d in book.drafts):
            return
        self.book.drafts.append(draft_of(topic, book.topic_line))

    def _explain_left(self, reading: Reading) -> None:
        for at in reading.left:
            self.book.reasons.setdefault(at, "not the quantity and not part of the product's name")

    def _mark(self, first: int, last: int, why: str) -> None:
        for at in range(first, last):
            if self.tokens[at].value is not None or self.tokens[at].kind == "size":
                self.book.reasons[at] = why

    def _mark_numbers(self, clause: Clause, why: str) -> None:
        for at in self._plain_numbers(clause):
            self.book.reasons.setdefault(at, why)


def _not_too_long(cuts: list[int]) -> list[int]:
    """The cuts, and further ones where a stretch between two is longer than any sentence."""
    found = cuts[:1]
    for cut in cuts[1:]:
        while cut - found[-1] > LONGEST_CLAUSE:
            found.append(found[-1] + LONGEST_CLAUSE)
        found.append(cut)
    return found
