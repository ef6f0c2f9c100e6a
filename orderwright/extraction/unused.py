"""Every number of the notes that became part of no row, with the reason."""

import re
from collections.abc import Mapping, Sequence

from orderwright.extraction.answer import Suggestions, Unused
from orderwright.extraction.claims import Claim
from orderwright.extraction.drafts import Draft
from orderwright.extraction.prepare import Prepared
from orderwright.extraction.tokens import Token

_DIGITS = re.compile(r"\d+(?:[.,']\d+)*")
_LINES = {
    "quoted": "in a quoted message",
    "signature": "in the signature or a legal footer",
    "header": "in an address or message header",
}


def find_unused(
    prepared: Prepared,
    tokens: Sequence[Token],
    *,
    claims: Sequence[Claim],
    suggestions: Suggestions,
    reasons: Mapping[int, str],
    drafts: Sequence[Draft],
) -> tuple[Unused, ...]:
    """All numbers that no field of a row uses, in the order of the text."""
    used = _used(tokens, drafts)
    found: list[tuple[int, int, str]] = []
    taken = set(suggestions.spans.values())
    for claim in claims:
        span = prepared.span(claim.start, claim.end)
        if claim.kind in ("code", "priority") or any(
            span[0] <= start and end <= span[1] for start, end in taken
        ):
            continue
        if any(c.isdigit() for c in prepared.lower[claim.start : claim.end]):
            found.append((claim.start, claim.end, claim.why))
    covered = {at for start, end, _ in found for at in range(start, end)}
    covered |= _suggested(claims, prepared, taken)
    by_place = _by_place(tokens)
    for match in _DIGITS.finditer(prepared.lower):
        if match.start() in covered:
            continue
        at = by_place.get(match.start())
        if at is not None and at in used:
            continue
        token = tokens[at] if at is not None else None
        start, end = (token.start, token.end) if token else (match.start(), match.end())
        if start in covered:
            continue
        covered.update(range(start, end))
        found.append((start, end, _why(prepared, match.start(), at, reasons)))
    for at, token in enumerate(tokens):
        if (
            token.mark == "words"
            and at not in used
            and token.start not in covered
            and at in reasons
        ):
            found.append((token.start, token.end, reasons[at]))
    return tuple(
        Unused(prepared.text[start:end].strip(), prepared.span(start, end), why)
        for start, end, why in sorted(found)
    )


def _by_place(tokens: Sequence[Token]) -> dict[int, int]:
    return {
        place: at
        for at, token in enumerate(tokens)
        if token.end - token.start < 400
        for place in range(token.start, token.end)
    }


def _used(tokens: Sequence[Token], drafts: Sequence[Draft]) -> set[int]:
    """Positions of tokens that are a quantity, part of a name, or an attribute of a row."""
    used: set[int] = set()
    for draft in drafts:
        used.update(draft.quantity_at)
        used.update(draft.size_at)
        if draft.hits:
            used.update(draft.hits[0].explained)
        for first, last in draft.regions:
            for at in range(first, last):
                if tokens[at].kind in ("code", "size", "measure") or (
                    tokens[at].kind == "word" and any(c.isdigit() for c in tokens[at].text)
                ):
                    used.add(at)
    return used


def _why(prepared: Prepared, place: int, at: int | None, reasons: Mapping[int, str]) -> str:
    line = next((x for x in prepared.lines if x.start <= place <= x.end), None)
    if line is not None and line.kind in _LINES:
        return _LINES[line.kind]
    if at is not None and at in reasons:
        return reasons[at]
    return "no product near this number"


def _suggested(
    claims: Sequence[Claim], prepared: Prepared, taken: set[tuple[int, int]]
) -> set[int]:
    """Places of claims whose number became a suggestion for the whole order."""
    return {
        at
        for claim in claims
        for span in (prepared.span(claim.start, claim.end),)
        if any(span[0] <= start and end <= span[1] for start, end in taken)
        for at in range(claim.start, claim.end)
    }
