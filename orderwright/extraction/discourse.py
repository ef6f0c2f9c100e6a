"""Operations of people who change their mind: correct, swap, cancel. Each says why it acted."""

import re
from collections.abc import Sequence
from dataclasses import replace

from orderwright.extraction import cues
from orderwright.extraction.amounts import amounts_in
from orderwright.extraction.drafts import Draft, numbers_between, row_meant
from orderwright.extraction.items import read
from orderwright.extraction.matching import AMBIGUOUS
from orderwright.extraction.readings import Reading, Setting
from orderwright.extraction.tokens import Token

_FROM_TO = re.compile(r"\bfrom\b")


def cancel(
    tokens: Sequence[Token], first: int, last: int, drafts: list[Draft], setting: Setting
) -> list[Draft]:
    """Take out the rows that are not wanted any more; answers them. Nothing named, nothing done."""
    reading = read(tokens, first, last, replace(setting, head=()))
    if not reading.hits:
        return []
    meant = row_meant(drafts, reading.hits, slack=0.06)
    if meant is None or reading.hits[0].score < 0.5:
        return []
    gone = [draft for draft in drafts if draft.product == meant.product]
    for draft in gone:
        drafts.remove(draft)
    return gone


def correct(
    tokens: Sequence[Token],
    first: int,
    last: int,
    *,
    text: str,
    drafts: list[Draft],
    setting: Setting,
) -> Draft | Reading | None:
    """Apply "make that 12", "12 not 10", "change the 5 to 8", "sorry, M8x40".

    Answers the row that changed, or the reading when it is no correction but an item of its own,
    or None when nothing could be understood.
    """
    first, last, old, new_at = _old_and_new(tokens, first, last, text)
    own = read(tokens, first, last, replace(setting, head=()))
    if not drafts:
        return own
    if own.score >= 0.5 and any(tokens[at].kind != "num" for at in own.words):
        return _correct_named(tokens, own, new_at, drafts=drafts, setting=setting)
    if new_at is not None:
        target = target_of_old(tokens, drafts, old) or drafts[-1]
        for draft in reversed(drafts):
            if _names_number(tokens, first, last, draft, setting):
                target = draft
                new_at = own.amount.at if own.amount else new_at
                break
        _set(tokens, target, new_at, region=(first, last))
        return target
    return None


def _correct_named(
    tokens: Sequence[Token],
    own: Reading,
    new_at: int | None,
    *,
    drafts: list[Draft],
    setting: Setting,
) -> Draft | Reading | None:
    first, last = own.first, own.last
    target = row_meant(drafts, own.hits)
    if target is not None:
        at = own.amount.at if own.amount else new_at
        if at is not None:
            _set(tokens, target, at, region=(first, last), own=own)
        return target
    last_row = _family(drafts, own, setting)
    head = tuple(f for f in last_row.reading.features) if last_row else ()
    wider = read(tokens, first, last, replace(setting, head=head)) if last_row else own
    if last_row is not None and _is_swap(own, wider, last_row):
        better = wider if wider.score >= own.score else own
        last_row.hits = better.hits
        last_row.reasons.append("the product was corrected later in the notes")
        last_row.flags.append("corrected")
        last_row.regions.append((first, last))
        if own.amount is not None and own.amount.prior >= 0.7 and own.score >= AMBIGUOUS:
            last_row.take(own.amount)
        return last_row
    return own


def _is_swap(own: Reading, wider: Reading, row: Draft) -> bool:
    if max(own.score, wider.score) < AMBIGUOUS:
        return False
    shared = {f.key for f in own.features if not f.is_number} & {
        f.key for f in row.reading.features
    }
    return own.amount is None or bool(shared) or wider.in_context


def _family(drafts: Sequence[Draft], own: Reading, setting: Setting) -> Draft | None:
    """The row whose product shares most words with what the correction says; else the last."""
    said = {f.key for f in own.features if not f.is_number}
    best, most = drafts[-1], 0
    for draft in reversed(drafts):
        if draft.product is None:
            continue
        names = {
            key for n in setting.index.namings_of[draft.product] for key in n.keys if key[0] != "#"
        }
        if len(said & names) > most:
            best, most = draft, len(said & names)
    return best


def _old_and_new(
    tokens: Sequence[Token], first: int, last: int, text: str
) -> tuple[int, int, list[int], int | None]:
    """Which numbers are the old and which is the new; the run without its "not 10" part."""
    numbers = numbers_between(tokens, first, last)
    words = {at: tokens[at].text for at in range(first, last)}
    old = [
        at
        for at in numbers
        if words.get(at - 1) in ("not", "from", "statt")
        or words.get(at - 2) in ("instead", "rather")
    ]
    if (
        not old
        and len(numbers) == 2
        and re.search(r"\b(?:change|make|update)\b", text)
        and words.get(numbers[1] - 1) in ("to", "into")
    ):
        old.append(numbers[0])
    new = [at for at in numbers if at not in old]
    stop, start = last, first
    for at in range(first, last):
        if (
            words[at] == "not"
            and at > first
            and any(first <= n < at for n in (*new, *_contents(tokens, first, at)))
        ):
            stop = at
            break
    if stop == last:
        but = next((at for at in range(first, last) if words[at] == "but"), None)
        if but is not None and any(words[at] == "not" for at in range(first, but)):
            start = but + 1
    explicit = [at for at in amounts_in(tokens, start, stop) if at.at in new and not at.by_weight]
    best = max(
        explicit,
        key=lambda amount: (tokens[amount.at - 1].text in ("to", "that", "it"), amount.prior),
        default=None,
    )
    if not _FROM_TO.search(text) and old and stop == last and start == first:
        start = (
            max(start, old[-1] + 1)
            if words.get(old[-1] + 1) in ("to", "into") and not _contents(tokens, first, old[-1])
            else start
        )
    return start, stop, old, best.at if best else None


def _contents(tokens: Sequence[Token], first: int, last: int) -> list[int]:
    return [
        at
        for at in range(first, last)
        if tokens[at].kind in ("size", "measure")
        or (
            tokens[at].kind == "word"
            and not cues.CORRECTED.search(tokens[at].text)
            and tokens[at].text not in ("the", "it", "that")
        )
    ]


def _names_number(
    tokens: Sequence[Token], first: int, last: int, draft: Draft, setting: Setting
) -> bool:
    """ "8 x 312" points at the row whose product has 312 in its name."""
    numbers = numbers_between(tokens, first, last)
    if draft.product is None or len(numbers) < 2:
        return False
    keys = {key for naming in setting.index.namings_of[draft.product] for key in naming.keys}
    return "#" + tokens[numbers[-1]].text in keys


def target_of_old(
    tokens: Sequence[Token], drafts: Sequence[Draft], old: Sequence[int]
) -> Draft | None:
    """The latest row whose quantity is the old number."""
    for at in old:
        for draft in reversed(drafts):
            if draft.value is not None and draft.value == tokens[at].value:
                return draft
    return None


def _set(
    tokens: Sequence[Token],
    target: Draft,
    at: int,
    *,
    region: tuple[int, int],
    own: Reading | None = None,
) -> None:
    token = tokens[at]
    before = target.value
    if own is not None and own.amount is not None:
        target.take(own.amount)
    else:
        target.value, target.low = token.value, token.low
        target.unit = token.unit if token.unit and token.family == "" else target.unit
        target.quantity_at = (at,)
    target.regions.append(region)
    target.flags.append("corrected")
    if before is not None:
        target.reasons.append(f"corrected from {before.normalize():f} later in the notes")
