"""Cut a clause into items: of all ways to cut it, the one whose items explain most.

Cuts are tried at separators and beside numbers; an item that names a product and a quantity is
worth most, a number that nothing explains costs.
"""

from collections.abc import Sequence

from orderwright.extraction import lexicon
from orderwright.extraction.items import read
from orderwright.extraction.matching import AMBIGUOUS
from orderwright.extraction.readings import Reading, Setting
from orderwright.extraction.tokens import Token

_WIDEST = 6  # an item spans at most so many pieces
_MOST_CUTS = 60
ITEM_COST = 0.30


def items_of(
    tokens: Sequence[Token], first: int, last: int, setting: Setting, *, shared: bool = False
) -> list[Reading]:
    """The items between two positions, in order. With `shared`, products need no number."""
    cuts = _cuts(tokens, first, last, setting)
    if len(cuts) <= 2:
        return [read(tokens, first, last, setting)]
    if len(cuts) > _MOST_CUTS:
        half = cuts[_MOST_CUTS - 1]
        return items_of(tokens, first, half, setting, shared=shared) + items_of(
            tokens, half, last, setting, shared=shared
        )
    return _best_cutting(tokens, cuts, setting, shared)


def _best_cutting(
    tokens: Sequence[Token], cuts: Sequence[int], setting: Setting, shared: bool
) -> list[Reading]:
    count = len(cuts)
    best: list[tuple[float, list[Reading]]] = [(0.0, [])]
    best.extend((float("-inf"), []) for _ in range(count - 1))
    for end in range(1, count):
        for start in range(max(0, end - _WIDEST), end):
            before, items = best[start]
            if end - start > 1 and _numbers(tokens, cuts[start], cuts[end]) > 4:
                continue
            reading = read(tokens, cuts[start], cuts[end], setting)
            total = before + worth(reading, tokens, shared=shared)
            if total > best[end][0] + 1e-9:
                best[end] = (total, [*items, reading])
    return best[-1][1]


def _numbers(tokens: Sequence[Token], first: int, last: int) -> int:
    return sum(
        1 for at in range(first, last) if tokens[at].kind == "num" and tokens[at].mark != "article"
    )


def worth(reading: Reading, tokens: Sequence[Token], *, shared: bool = False) -> float:
    """What an item adds to a cutting."""
    loose = 0.25 * sum(1 for at in reading.left if tokens[at].kind == "num")
    amount = reading.amount
    loose += reading.doubt
    if reading.score >= AMBIGUOUS:
        if amount is not None and amount.prior > 0.3:
            return reading.score + 0.5 + 0.15 * amount.prior - loose - ITEM_COST
        if shared:
            return reading.score + 0.5 - loose - ITEM_COST
        return 0.3 * reading.score + (0.15 if amount else 0.0) - loose - ITEM_COST
    known = 0.2 * reading.score
    if amount is not None and amount.prior >= 0.7:
        words = sum(1 for at in reading.words if tokens[at].kind == "word")
        return 0.24 + (0.12 if words else 0.0) + known - loose - ITEM_COST
    return known - loose - (0.02 if reading.words else 0.0)


def _cuts(tokens: Sequence[Token], first: int, last: int, setting: Setting) -> list[int]:
    """Positions where an item may begin or end."""
    found = {first, last}
    leading = _leads_with_number(tokens, first, last, setting)
    unclear = not leading and _is_unclear(tokens, first, last)
    depth = 0
    for at in range(first, last):
        token = tokens[at]
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth = max(0, depth - 1)
        if token.kind in ("sep", "and"):
            found.add(at + 1)
        if at == first or depth or token.kind != "num":
            continue
        before = tokens[at - 1]
        if token.mark == "article" and not token.unit:
            if before.kind in ("word",) and before.text not in (
                "of",
                "is",
                "per",
                "for",
                "to",
                "as",
                "in",
                "on",
            ):
                found.add(at)
        elif leading or unclear or before.text in lexicon.FILLER:
            if before.kind not in ("times", "colon") and before.text not in (
                "size",
                "no",
                "no.",
                "-",
                "(",
            ):
                found.add(at)
            if not leading:
                _after(tokens, at, last, found)
        else:
            _after(tokens, at, last, found)
    return sorted(found)


def _after(tokens: Sequence[Token], at: int, last: int, found: set[int]) -> None:
    after = at + 1
    while after < last and tokens[after].kind in ("unit", "times") and tokens[at].unit is None:
        after += 1
    if after < last and tokens[after].kind == "word":
        found.add(after)


def _is_unclear(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether talk stands before the first number, so that either order may follow."""
    for at in range(first, last):
        if tokens[at].kind in ("num", "measure"):
            words = [
                t for t in tokens[first:at] if t.kind == "word" and t.text not in lexicon.FILLER
            ]
            return len(words) > 1
    return False


def _leads_with_number(tokens: Sequence[Token], first: int, last: int, setting: Setting) -> bool:
    """Whether quantities stand before their products: no word of the catalog precedes a number."""
    for at in range(first, last):
        token = tokens[at]
        if token.kind in ("num", "measure"):
            return True
        if token.kind in ("size", "code"):
            return any(
                t.kind == "num" and tokens[i - 1].kind in ("and", "sep")
                for i, t in enumerate(tokens[first + 1 : last], start=first + 1)
            )
        if (
            token.kind == "word"
            and token.text not in lexicon.FILLER
            and setting.index.matches(lexicon.fold(token.text))
        ):
            return False
    return False
