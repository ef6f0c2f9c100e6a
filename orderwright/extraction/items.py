"""Read one item: which number is the quantity, which product the words mean, what is left over.

Every number of the item is tried as the quantity; the reading wins whose product explains the
other numbers best (`304 stainless screws M6x20 - 300 off`).
"""

from collections.abc import Sequence
from dataclasses import replace

from orderwright.extraction import lexicon, units
from orderwright.extraction.amounts import Amount, amounts_in
from orderwright.extraction.emphasis import weights_of
from orderwright.extraction.features import Feature, features_of
from orderwright.extraction.matching import AMBIGUOUS, Hit, Query, find
from orderwright.extraction.readings import Reading, Setting
from orderwright.extraction.tokens import Token

LONGEST_ITEM = 64
_MOST_AMOUNTS = 6


def read(tokens: Sequence[Token], first: int, last: int, setting: Setting) -> Reading:
    """The best reading of the tokens from `first` up to `last`."""
    last = min(last, first + LONGEST_ITEM)
    if setting.is_spent:
        return Reading(first, last, None, ())
    code = next((at for at in range(first, last) if tokens[at].kind == "code"), None)
    features = features_of(tokens[first:last], first=first)
    weights = weights_of(tokens, first, last, features, setting.index)
    found = sorted(amounts_in(tokens, first, last), key=lambda one: -one.prior)[:_MOST_AMOUNTS]
    best: Reading | None = None
    for amount in [*found, None]:
        reading = _try(tokens, first, last, amount, features, weights, setting, code)
        if best is None or reading.value > best.value + 1e-9:
            best = reading
    return best or Reading(first, last, None, ())


def read_without_amount(tokens: Sequence[Token], setting: Setting) -> Reading:
    """What the tokens name, when it is known that none of the numbers is a quantity."""
    last = len(tokens)
    features = features_of(tokens)
    weights = weights_of(tokens, 0, last, features, setting.index)
    code = next((at for at in range(last) if tokens[at].kind == "code"), None)
    return _try(tokens, 0, last, None, features, weights, setting, code)


def _try(
    tokens: Sequence[Token],
    first: int,
    last: int,
    amount: Amount | None,
    features: Sequence[Feature],
    weights: Sequence[float],
    setting: Setting,
    code: int | None,
) -> Reading:
    setting.count[0] += 1
    kept = [
        (f, w if amount is None or f.token != amount.at else 0.0)
        for f, w in zip(features, weights, strict=True)
        if amount is None or f.token != amount.at or not f.is_number
    ]
    if amount and amount.letter:
        kept.append((Feature(amount.letter, token=amount.at), 1.0))
    own = tuple(f for f, _ in kept)
    in_context = False
    bare = {at for at in range(first, last) if tokens[at].kind == "num"}
    if code is not None:
        product = setting.index.codes[_code(tokens[code])]
        explained = frozenset({code, *_explained_by(setting, own, [w for _, w in kept], product)})
        hits = [Hit(product, 1.0, 3.0, explained)]
    else:
        found = _look(setting, own, tuple(w for _, w in kept))
        hits = _by_unit([_less_if_bare(hit, bare) for hit in found], amount, setting)
        if (
            setting.head
            and (not hits or hits[0].score < 0.8 or _undecided(hits))
            and any(w > 0 for _, w in kept)
        ):
            wider = _in_context(setting, kept)
            if wider and (not hits or wider[0].score * 0.97 > hits[0].score or _undecided(hits)):
                hits, in_context = wider, True
        elif (
            setting.head and hits and is_thin(tokens, hits[0]) and points_back(tokens, first, last)
        ):
            wider = _in_context(setting, kept)
            if wider and wider[0].score >= 0.75:
                hits, in_context = wider, True
    if amount is not None and amount.unit and not amount.by_weight and hits:
        unfit = tokens[amount.at].kind == "measure" and not _sells_by(
            setting, hits[0].product, amount.unit
        )
        if unfit and hits[0].score >= AMBIGUOUS:
            amount = None
            return Reading(first, last, None, tuple(hits[:6]), features=own, value=-1.0)
    return _weighed(
        tokens, first, last, amount, hits, own, kept, code is not None, in_context, setting
    )


def points_back(tokens: Sequence[Token], first: int, last: int) -> bool:
    """`forty of the black`, `5 green ones`."""
    return any(tokens[at].text in ("ones", "one", "of") for at in range(first, last))


def is_thin(tokens: Sequence[Token], hit: Hit) -> bool:
    """Whether nothing but colours, sizes and numbers point at the product."""
    return all(
        tokens[at].kind in ("num", "measure", "size")
        or lexicon.fold(tokens[at].text) in lexicon.GROUP_OF
        for at in hit.explained
        if at >= 0
    )


def _less_if_bare(hit: Hit, bare: set[int]) -> Hit:
    """A product that shares nothing but a plain number with the words is hardly meant."""
    if hit.explained and hit.explained <= bare:
        return replace(hit, score=round(hit.score * 0.6, 4), rank=hit.rank * 0.6)
    return hit


def _by_unit(hits: list[Hit], amount: Amount | None, setting: Setting) -> list[Hit]:
    if amount is None or not amount.unit:
        return sorted(hits, key=lambda hit: -hit.rank)
    unit = amount.unit
    better = [replace(hit, rank=hit.rank + _unit_bonus(setting, hit.product, unit)) for hit in hits]
    return sorted(better, key=lambda hit: -hit.rank)


def _unit_bonus(setting: Setting, product: int, unit: str) -> float:
    """A product that is sold in the unit asked for fits a little better than one that is not."""
    own = setting.index.unit_words[product]
    if unit in own:
        return 0.05
    return 0.02 if any(units.alike(unit, one) for one in own) else 0.0


def _undecided(hits: Sequence[Hit]) -> bool:
    return len(hits) > 1 and hits[0].rank - hits[1].rank < 0.03


def _code(token: Token) -> str:
    return token.mark


def _explained_by(
    setting: Setting, own: Sequence[Feature], weights: Sequence[float], product: int
) -> set[int]:
    """Words and numbers beside a code that the product's name explains (`HB-M8-30, bolt M8x30`)."""
    found: set[int] = set()
    for hit in _look(setting, tuple(own), tuple(weights)):
        if hit.product == product:
            found |= hit.explained
    return found


def _look(setting: Setting, features: tuple[Feature, ...], weights: tuple[float, ...]) -> list[Hit]:
    key = (features, weights, setting.head if setting.is_heading else ())
    hits = setting.memory.get(key)
    if hits is None:
        context = frozenset(f.key for f in setting.head) if setting.is_heading else frozenset()
        hits = find(setting.index, Query(features, weights, context, setting.preferred))
        if len(setting.memory) < 5_000:
            setting.memory[key] = hits
    return hits


def _in_context(setting: Setting, kept: Sequence[tuple[Feature, float]]) -> list[Hit]:
    """The words together with those said before, as far as these do not contradict them."""
    own = [f for f, w in kept if w > 0]
    groups = {group for f in own for group in lexicon.GROUP_OF.get(f.key, ())}
    have = {f.key for f in own}
    has_number = any(f.is_number for f in own)
    more = [
        (Feature(f.key, f.is_number, f.unit, f.base, -2), 0.6)
        for f in setting.head
        if f.key not in have
        and not groups & set(lexicon.GROUP_OF.get(f.key, ()))
        and not (f.is_number and has_number)
    ]
    pairs = [*kept, *more]
    return [
        hit
        for hit in _look(setting, tuple(f for f, _ in pairs), tuple(w for _, w in pairs))
        if any(f.token in hit.explained for f in own)
    ]


def _sells_by(setting: Setting, product: int, unit: str) -> bool:
    own = setting.index.unit_words[product]
    if unit in own:
        return True
    base = units.BASES.get(unit) if unit in ("m", "ft", "yd", "L", "gal") else None
    return bool(base) and any(units.BASES.get(one, ("", 0))[0] == base[0] for one in own)  # type: ignore[index]


def _weighed(
    tokens: Sequence[Token],
    first: int,
    last: int,
    amount: Amount | None,
    hits: list[Hit],
    own: tuple[Feature, ...],
    kept: Sequence[tuple[Feature, float]],
    by_code: bool,
    in_context: bool,
    setting: Setting,
) -> Reading:
    top = hits[0] if hits else None
    explained = top.explained if top and top.score >= AMBIGUOUS else frozenset()
    left: list[int] = []
    weighing: list[int] = []
    for at in range(first, last):
        token = tokens[at]
        if amount is not None and at == amount.at:
            continue
        if token.kind in ("num", "measure") and token.mark != "article" and at not in explained:
            (weighing if token.family == "weight" else left).append(at)
    if by_code:
        left = [
            at
            for at in left
            if (tokens[at].kind == "num" and tokens[at].unit is not None)
            or tokens[at].kind == "num"
        ]
    score = top.score if top else 0.0
    prior = amount.prior if amount else 0.0
    value = (score if score >= AMBIGUOUS else 0.4 * score) + 0.3 * prior
    value -= sum(0.18 if tokens[at].kind == "num" else 0.02 for at in left)
    if amount and amount.by_weight and weighing:
        value -= 0.1
    if amount is not None and amount.at in explained and not amount.letter:
        value -= 0.2
    if (
        amount is not None
        and amount.unit is None
        and amount.prior < 1
        and setting.index.knows("#" + tokens[amount.at].text)
    ):
        value -= 0.05
    doubt = _doubt(tokens, amount, top, in_context, own, setting) if top else 0.0
    value -= doubt
    words = tuple(
        sorted(
            {
                f.token
                for f, w in kept
                if w > 0 and f.token >= 0 and (f.token in explained or w >= 0.8)
            }
        )
    )
    return Reading(
        first,
        last,
        amount,
        tuple(hits[:6]),
        tuple(weighing),
        own,
        words,
        tuple(left),
        by_code,
        in_context,
        value,
        doubt,
    )


def _doubt(
    tokens: Sequence[Token],
    amount: Amount | None,
    top: Hit,
    in_context: bool,
    own: Sequence[Feature],
    setting: Setting,
) -> float:
    """What speaks against a reading although its words fit."""
    doubt = 0.0
    if amount is not None and amount.unit is None and amount.prior < 1 and not amount.letter:
        number = "#" + tokens[amount.at].text
        said = any(f.key == number for f in own)
        if not said and any(number in n.keys for n in setting.index.namings_of[top.product]):
            doubt += 0.3
    named = [at for at in top.explained if at >= 0 and tokens[at].kind != "num"]
    if in_context and not any(
        tokens[at].kind in ("word", "size", "code", "measure") for at in named
    ):
        doubt += 0.3
    attributes = [at for at in named if lexicon.fold(tokens[at].text) in lexicon.GROUP_OF]
    if named and len(attributes) == len(named) and not in_context:
        doubt += 0.2
    return doubt
