"""Sizes and times signs: `5x3`, `M8x30`, `10 x 12 x 3 cm`; `20 x` is a quantity."""

from dataclasses import replace

from orderwright.extraction.tokens import Source, Token, glued_left, plain


def join_sizes(source: Source, raw: list[Token]) -> list[Token]:
    """`5x3`, `M8x30`, `10 x 12 x 3 cm`, `three point five by twenty five`; `20x`, `x40`."""
    found: list[Token] = []
    at = 0
    while at < len(raw):
        token = raw[at]
        if token.kind == "word" and token.text == "m" and at + 1 < len(raw):
            after = raw[at + 1]
            glued = after.kind == "num" and (after.start == token.end or after.mark == "words")
            if glued and after.value is not None and after.value <= 64 and not glued_left(raw, at):
                chain, stop = _chain(source, raw, at + 1)
                parts = ("m" + chain[0], *chain[1:])
                found.append(
                    Token(
                        "size",
                        token.start,
                        raw[stop - 1].end,
                        source.lower[token.start : raw[stop - 1].end],
                        parts=parts,
                        family="thread",
                    )
                )
                at = stop
                continue
        if token.kind == "num" and not token.mark.startswith("art"):
            chain, stop = _chain(source, raw, at)
            if len(chain) > 1:
                found.append(
                    Token(
                        "size",
                        token.start,
                        raw[stop - 1].end,
                        source.lower[token.start : raw[stop - 1].end],
                        parts=tuple(chain),
                        family="size",
                    )
                )
                at = stop
                continue
        if (token.kind == "word" and token.text in ("x",)) or (
            token.kind == "sym" and token.text == "*" and _times(source, raw, at)
        ):
            found.append(replace(token, kind="times"))
        else:
            found.append(token)
        at += 1
    return found


def _times(source: Source, raw: list[Token], at: int) -> bool:
    before = raw[at - 1] if at else None
    after = raw[at + 1] if at + 1 < len(raw) else None
    return bool(
        before
        and after
        and before.kind == "num"
        and after.kind in ("num", "word")
        and before.kind != "hard"
    )


def _chain(source: Source, raw: list[Token], at: int) -> tuple[list[str], int]:
    """Numbers joined by `x`: glued ones, and spaced ones when they can only be a size."""
    parts = [raw[at]]
    spaced = False
    spoken = False
    stop = at + 1
    while stop + 1 < len(raw) and len(parts) < 4:
        link, after = raw[stop], raw[stop + 1]
        unit_between = 0
        if (
            link.kind == "word"
            and link.text in ("mm", "cm", "m")
            and stop + 2 < len(raw)
            and raw[stop + 1].text == "x"
        ):
            link, after, unit_between = raw[stop + 1], raw[stop + 2], 1
        if (
            link.text not in ("x", "by")
            or after.kind != "num"
            or link.kind == "hard"
            or after.mark == "article"
        ):
            break
        if link.text == "by":
            spoken = True
        if link.start != parts[-1].end or after.start != link.end:
            spaced = True
        parts.append(after)
        stop += 2 + unit_between
    if len(parts) < 2:
        return [plain(raw[at])], at + 1
    texts = [plain(part) for part in parts]
    if not spaced or spoken:
        return texts, stop
    following = raw[stop].text if stop < len(raw) else ""
    sized = following in ("mm", "cm", "in", '"', "inch") or (
        following == "m" and raw[stop - 1].end < raw[stop].start
    )
    thread = at > 0 and raw[at - 1].text == "m"
    catalogued = all(source.known("#" + text) for text in texts) and (
        sized or source.known("x".join(texts))
    )
    if thread or catalogued or (len(parts) >= 3 and (sized or source.known("x".join(texts)))):
        return texts, stop
    glued_tail = at + 2 < len(raw) and len(parts) > 2
    if glued_tail:
        return [raw[at].text], at + 1
    return [raw[at].text], at + 1
