"""Numbers in every form that people write: `1 250`, `a hundred and fifty`, `1 1/2`, `50-60`."""

import re
from dataclasses import replace
from decimal import Decimal

from orderwright.extraction import units
from orderwright.extraction.spoken import is_number_word, spoken
from orderwright.extraction.tokens import Source, Token, glued_left, hyphened, number_of


def join_thousands(source: Source, raw: list[Token]) -> list[Token]:
    found: list[Token] = []
    for token in raw:
        last = found[-1] if found else None
        if (
            last and token.kind == "num" and last.kind == "num" and token.start == last.end + 1
            and _is_group(token.text)
            and last.text.isdigit() and len(last.text) <= 3 and not last.mark
            and not source.known(token.text) and not _follows_unit(source, token)
            and (len(found) < 2 or found[-2].end < last.start or found[-2].kind in ("hard", "sym"))
        ):  # fmt: skip
            joined = last.text + token.text
            found[-1] = replace(last, end=token.end, text=joined, value=number_of(joined, True))
        else:
            found.append(token)
    return found


def _is_group(text: str) -> bool:
    """Whether a text goes on with three digits, perhaps with decimals after a comma."""
    return text[:3].isdigit() and (len(text) == 3 or (len(text) > 3 and text[3] == ","))


def _follows_unit(source: Source, token: Token) -> bool:
    match = re.match(r"\s?([a-zµ]{1,6})", source.lower[token.end : token.end + 8])
    word = match[1] if match else ""
    return word in units.MEASURED or word in units.WEIGHED or word in units.TECHNICAL


def join_words(source: Source, raw: list[Token]) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(raw):
        token = raw[at]
        if token.kind == "word" and not _is_glued(raw, at) and is_number_word(token.text):
            number = spoken(source, raw, at)
            if number:
                found.append(number[0])
                at += number[1]
                continue
        found.append(token)
        at += 1
    return found


def _is_glued(raw: list[Token], at: int) -> bool:
    """A letter beside a digit or a hyphen is part of something longer: `A4`, `5A`, `a-b`."""
    before = (
        at > 0 and raw[at - 1].end == raw[at].start and raw[at - 1].kind in ("num", "word", "code")
    )
    after = (
        at + 1 < len(raw)
        and raw[at + 1].start == raw[at].end
        and raw[at + 1].kind in ("num", "code")
    )
    return before or after


def join_fractions(source: Source, raw: list[Token]) -> list[Token]:
    """`1/2` and `1 1/2`; an inch mark after it makes it a measure later."""
    found: list[Token] = []
    at = 0
    while at < len(raw):
        token = raw[at]
        three = raw[at : at + 3]
        if (
            len(three) == 3 and [t.kind for t in three] == ["num", "slash", "num"]
            and token.end == three[1].start and three[1].end == three[2].start
            and token.text.isdigit() and three[2].text in ("2", "3", "4", "8", "16", "32", "64")
            and int(token.text) < int(three[2].text)
        ):  # fmt: skip
            value = Decimal(token.text) / Decimal(three[2].text)
            start, text = token.start, f"{token.text}/{three[2].text}"
            last = found[-1] if found else None
            if (
                last
                and last.kind == "num"
                and last.text.isdigit()
                and last.end + 1 == start
                and len(last.text) <= 2
            ):
                value, start, text = value + (last.value or 0), last.start, f"{last.text} {text}"
                if source.lower[three[2].end : three[2].end + 1] == '"' or (last.value or 0) <= 2:
                    found.pop()
                else:
                    value, start, text = value - (last.value or 0), token.start, text.split()[1]
            found.append(Token("num", start, three[2].end, text, value, mark="fraction"))
            at += 3
            continue
        found.append(token)
        at += 1
    return found


def join_ranges(source: Source, raw: list[Token]) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(raw):
        token = raw[at]
        link = raw[at + 1] if at + 1 < len(raw) else None
        after = raw[at + 2] if at + 2 < len(raw) else None
        if (
            link and after and token.kind == "num" and after.kind == "num"
            and token.value is not None and after.value is not None and token.value < after.value
            and token.mark in ("", "words") and after.mark in ("", "words")
            and link.text in ("-", "to", "bis", "till")
            and (link.text != "-" or (link.start - token.end) == (after.start - link.end))
            and not glued_left(raw, at) and not hyphened(raw, at)
            and after.value <= token.value * 10 and not _known_apart(source, token, after, link)
        ):  # fmt: skip
            found.append(
                Token(
                    "num",
                    token.start,
                    after.end,
                    source.lower[token.start : after.end],
                    after.value,
                    low=token.value,
                    mark="range",
                    parts=(token.text, after.text),
                )
            )
            at += 3
            continue
        found.append(token)
        at += 1
    return found


def _known_apart(source: Source, token: Token, after: Token, link: Token) -> bool:
    """`304 - 500` and `7805 - 9000`: a number of the catalog and then a quantity."""
    return (
        link.start > token.end
        and source.known("#" + token.text)
        and not source.known("#" + after.text)
    )
