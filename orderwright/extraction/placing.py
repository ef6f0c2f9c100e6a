"""Place readings: as rows, as details of a row, as a topic that waits for its quantity."""

import re
from dataclasses import dataclass, field, replace

from orderwright.extraction import cues, lexicon
from orderwright.extraction.amounts import Amount
from orderwright.extraction.drafts import Draft, draft_of
from orderwright.extraction.features import Feature
from orderwright.extraction.items import read
from orderwright.extraction.lookups import is_thin, points_back
from orderwright.extraction.matching import is_close
from orderwright.extraction.prepare import Prepared
from orderwright.extraction.readings import Reading, Setting
from orderwright.extraction.tokens import Token


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


class Placer:
    """Keeps the notebook of one text."""

    def __init__(self, prepared: Prepared, tokens: list[Token], setting: Setting) -> None:
        self.prepared, self.tokens, self.setting = prepared, tokens, setting
        self.book = Notebook()

    def take(self, reading: Reading, number: int, text: str, listed: bool) -> None:
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
            self.mark(draft.reading.first, draft.reading.last, "a quantity of zero")
            return
        self.book.drafts.append(draft)
        self.book.topic = None

    def _negative(self, draft: Draft) -> bool:
        """`-5 rings`: a minus glued to the number, and not the dash of a list."""
        if not draft.quantity_at:
            return False
        at = draft.quantity_at[0]
        if (
            at == 0
            or self.tokens[at - 1].text != "-"
            or self.tokens[at - 1].end != self.tokens[at].start
        ):
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
            self.settle_topic()
            book.topic, book.topic_line, book.topic_listed = reading, number, listed
            if reading.score >= 0.6 and not any(
                t.kind == "claim" for t in self.tokens[reading.first : reading.last]
            ):
                book.head = self.words_of(reading)

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
            if (
                cues.MORE.search(text)
                and book.drafts
                and book.drafts[-1].hits
                and amount.prior >= 0.7
            ):
                last = book.drafts[-1]
                draft = self._joined(last.reading, reading, amount, number)
                draft.hits = last.hits
                self._add(draft, text)
                return
            self.mark(reading.first, reading.last, "no product near this number")
            return
        if self._is_unknown_product(reading, amount, text, listed):
            self._add(draft_of(reading, number), text)
        else:
            self.mark(reading.first, reading.last, "no product of the catalog near this number")

    def _said_of(self, reading: Reading, amount: Amount, listed: bool) -> list[int]:
        """Words that may name what the quantity is of: behind it, or right before it."""
        words = self._named_words(reading)
        return words if listed else [at for at in words if at > amount.at - 3]

    def _named_words(self, reading: Reading) -> list[int]:
        found = []
        for at in range(reading.first, reading.last):
            token = self.tokens[at]
            if (
                token.kind == "word" and token.text not in lexicon.FILLER and len(token.text) > 2
            ) or token.kind in ("size", "code"):
                found.append(at)
        return found

    def _joined(self, topic: Reading, reading: Reading, amount: Amount, number: int) -> Draft:
        draft = draft_of(replace(topic, amount=amount), number)
        draft.reasons.append("the product was named before the quantity")
        draft.regions.append((reading.first, reading.last))
        return draft

    def _is_unknown_product(
        self, reading: Reading, amount: Amount, text: str, listed: bool
    ) -> bool:
        """A quantity and words that no product has: something new, if it reads like an order."""
        if amount.by_weight and amount.prior < 0.75:
            return False
        words = [at for at in self._named_words(reading) if at > amount.at] or (
            self._named_words(reading) if listed else []
        )
        if not words or (amount.prior < 0.9 and not listed):
            return False
        before = self.tokens[amount.at - 1] if amount.at > 0 else None
        if before is not None and before.kind == "word" and before.text in (
            "for", "in", "on", "at", "within", "after", "of", "to", "is", "are", "than", "und",
            "every", "am", "ab", "um", "the", "until",
        ):  # fmt: skip
            return False
        gap = words[0] - amount.at
        asked = (
            listed or bool(cues.REQUEST.search(text)) or bool(self.book.drafts) or len(text) < 40
        )
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

    def settle_topic(self) -> None:
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

    def mark(self, first: int, last: int, why: str) -> None:
        for at in range(first, last):
            if self.tokens[at].value is not None or self.tokens[at].kind == "size":
                self.book.reasons[at] = why

    def words_of(self, reading: Reading) -> tuple[Feature, ...]:
        top = reading.hits[0].explained if reading.hits else frozenset()
        words = [f for f in reading.features if f.token in top]
        if reading.by_code and reading.hits:
            product = reading.hits[0].product
            words = next(
                (list(n.features) for n in self.setting.index.namings if n.product == product),
                words,
            )
        return tuple(words)

    def with_neighbours(self, reading: Reading, near: list[Reading]) -> Reading:
        """`15 medium and 10 large t-shirts`: the head stands with the item beside."""
        if reading.amount is None or reading.by_code:
            return reading
        back = points_back(self.tokens, reading.first, reading.last)
        sure = reading.has_product and not is_close(reading.hits)
        if sure and not (back and reading.hits and is_thin(self.tokens, reading.hits[0])):
            return reading
        words = self._named_words(reading)
        if not all(self._is_attribute(at) for at in words) or not (
            words or (reading.left and back)
        ):
            return reading
        for other in near:
            if not other.has_product or is_thin(self.tokens, other.hits[0]):
                continue
            head = self.words_of(other)
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
