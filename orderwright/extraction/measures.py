"""Join each number with the unit that follows it, and letters with the digits they are glued to."""

import re
from dataclasses import replace

from orderwright.extraction import units
from orderwright.extraction.tokens import Source, Token, hyphened

_KARATS = frozenset("8 9 10 14 18 20 21 22 24".split())


def join_units(source: Source, raw: list[Token]) -> list[Token]:
    """Join each number or size with the unit that follows it, and glued letters with digits."""
    found: list[Token] = []
    at = 0
    while at < len(raw):
        token = raw[at]
        after = raw[at + 1] if at + 1 < len(raw) else None
        if (
            token.kind in ("num", "size")
            and after is not None
            and after.kind in ("word", "sym", "unit")
        ):
            joined = _with_unit(source, token, after, raw, at)
            if joined:
                found.append(joined[0])
                at += joined[1]
                continue
        glued = _glued(source, raw, at) if token.kind == "word" else None
        if glued:
            found.append(glued[0])
            at += glued[1]
            continue
        if token.kind == "word" and token.text in units.COUNTED:
            token = replace(token, kind="unit", unit=units.COUNTED[token.text])
        elif token.kind == "num" and found and hyphened(raw, at) and found[-1].text == "-":
            token = replace(token, mark="glued")
        found.append(token)
        at += 1
    return found


def _with_unit(
    source: Source, token: Token, after: Token, raw: list[Token], at: int
) -> tuple[Token, int] | None:
    glued = after.start == token.end
    word, span = after.text, 1
    written = source.text[after.start : after.end]
    if word in ("%", "°", '"', "'") or word in ("inch", "zoll"):
        unit = {"%": "%", "°": "°"}.get(word, "in")
        if word == "'" or (word == '"' and not glued):
            return None
        return replace(
            token,
            kind="measure" if token.kind == "num" else "size",
            end=after.end,
            unit=unit,
            family="measured",
        ), 2
    if after.kind != "word":
        return None
    if word == "-" or (glued and word in ("st", "nd", "rd", "th") and token.kind == "num"):
        return replace(token, kind="word", end=after.end, mark="ordinal", value=None), 2
    if token.kind == "size":
        if word in units.MEASURED or word in ("g",):
            return replace(token, end=after.end, unit=units.MEASURED.get(word, word)), 2
        return None
    if glued:
        short = _glued_after(source, token, after, raw, at)
        if short:
            return short
    follow = raw[at + 2] if at + 2 < len(raw) else None
    if (
        follow
        and after.end == follow.start
        and follow.kind in ("num", "word")
        and word not in units.COUNTED
    ):
        joined = word + follow.text
        if joined in units.TECHNICAL:
            return replace(
                token,
                kind="measure",
                end=follow.end,
                unit=units.TECHNICAL[joined],
                family="technical",
            ), 3
        if not (follow.kind == "word"):
            return None
    if token.mark == "article" and word in ("m", "l", "g", "in", "a", "v", "w", "k", "st"):
        return None
    if word == "k" and not glued:
        return None
    if word in units.WEIGHED and not (word == "gr" and source.european and False):
        return replace(
            token,
            kind="measure",
            end=after.end,
            unit=units.WEIGHED[word],
            family="weight",
            mark=token.mark or ("gr" if word == "gr" else ""),
        ), 1 + span
    if word in units.MEASURED:
        if word == "in" and not glued:
            return None
        if written in ("M",) and not glued and False:
            return None
        return replace(
            token,
            kind="measure",
            end=after.end,
            unit=units.MEASURED[word],
            family="measured",
            mark=token.mark or ("letter" if len(written) == 1 and written.isupper() else ""),
        ), 2
    if word in units.TECHNICAL and (glued or len(word) > 1):
        return replace(
            token, kind="measure", end=after.end, unit=units.TECHNICAL[word], family="technical"
        ), 2
    if word == "st" and not glued:
        unit, family = ("pcs", "") if source.european else ("st", "weight")
        kind = "num" if source.european else "measure"
        return replace(token, kind=kind, end=after.end, unit=unit, family=family, mark="st"), 2
    if word in units.COUNTED:
        end, count = after.end, 2
        if (
            follow
            and follow.text == "("
            and at + 4 < len(raw)
            and raw[at + 3].text in ("s", "es")
            and raw[at + 4].text == ")"
        ):
            end, count = raw[at + 4].end, 5
        elif follow and follow.text == "." and follow.kind == "sym" and follow.start == after.end:
            end, count = follow.end, 3
        return replace(token, end=end, unit=units.COUNTED[word]), count
    return None


def _glued_after(
    source: Source, token: Token, after: Token, raw: list[Token], at: int
) -> tuple[Token, int] | None:
    word = after.text
    follow = raw[at + 2] if at + 2 < len(raw) else None
    tail = (
        follow.text
        if follow and follow.start == after.end and follow.kind in ("num", "word")
        else ""
    )
    if (
        word in ("k", "kt", "ct")
        and token.text in _KARATS
        and not tail
        and _is_karat(source, token, after)
    ):
        return Token(
            "size",
            token.start,
            after.end,
            token.text + "k",
            parts=(token.text + "k",),
            family="karat",
            value=token.value,
        ), 2
    if tail:
        text = token.text + word + tail
        if word + tail in units.TECHNICAL:
            return replace(
                token,
                kind="measure",
                end=follow.end,
                unit=units.TECHNICAL[word + tail],
                family="technical",
            ), 3  # type: ignore[union-attr]
        if follow is not None and follow.kind == "num":
            return Token("word", token.start, follow.end, text), 3
    if word == "k":
        if source.known(f"{token.text}k"):
            return Token(
                "size",
                token.start,
                after.end,
                token.text + "k",
                parts=(token.text + "k",),
                family="k",
                value=(token.value or 0) * 1000,
            ), 2
        return replace(token, end=after.end, value=(token.value or 0) * 1000, mark="k"), 2
    if (
        word in units.COUNTED
        or word in units.WEIGHED
        or word in units.MEASURED
        or word in units.TECHNICAL
        or word == "x"
    ):
        return None
    return Token("word", token.start, after.end, token.text + word), 2


def _is_karat(source: Source, token: Token, after: Token) -> bool:
    if after.text != "ct" and source.known(f"{token.text}k"):
        return True
    around = source.lower[max(0, token.start - 8) : after.end + 8]
    return bool(re.search(r"\b(?:gold|yellow|white|rose|ring|rings)\b", around))


def _glued(source: Source, raw: list[Token], at: int) -> tuple[Token, int] | None:
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
