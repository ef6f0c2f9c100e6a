"""Look a phrase up in the catalog, alone or with the words said before."""

from collections.abc import Sequence
from dataclasses import replace

from orderwright.extraction import lexicon, units
from orderwright.extraction.amounts import Amount
from orderwright.extraction.features import Feature
from orderwright.extraction.matching import Hit, Query, find
from orderwright.extraction.readings import Setting
from orderwright.extraction.tokens import Token

_MOST_REMEMBERED = 5_000


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


def less_if_bare(hit: Hit, bare: set[int]) -> Hit:
    """A product that shares nothing but a plain number with the words is hardly meant."""
    if hit.explained and hit.explained <= bare:
        return replace(hit, score=round(hit.score * 0.6, 4), rank=hit.rank * 0.6)
    return hit


def by_unit(hits: list[Hit], amount: Amount | None, setting: Setting) -> list[Hit]:
    """Hits ordered again: a product sold in the unit asked for comes first."""
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


def undecided(hits: Sequence[Hit]) -> bool:
    """Whether the first two cannot be told apart."""
    return len(hits) > 1 and hits[0].rank - hits[1].rank < 0.03


def explained_by(
    setting: Setting, own: Sequence[Feature], weights: Sequence[float], product: int
) -> set[int]:
    """Words and numbers beside a code that the product's name explains (`HB-M8-30, bolt M8x30`)."""
    found: set[int] = set()
    for hit in look(setting, tuple(own), tuple(weights)):
        if hit.product == product:
            found |= hit.explained
    return found


def look(setting: Setting, features: tuple[Feature, ...], weights: tuple[float, ...]) -> list[Hit]:
    """The products for a phrase. The same phrase elsewhere is not sought again."""
    base = min((f.token for f in features if f.token >= 0), default=0)
    context = frozenset(f.key for f in setting.head) if setting.is_heading else frozenset()
    key = (
        tuple((f.key, f.unit, f.token - base if f.token >= 0 else f.token) for f in features),
        weights,
        context,
    )
    known = setting.memory.get(key)
    if known is None:
        hits = find(setting.index, Query(features, weights, context, setting.preferred))
        if len(setting.memory) < _MOST_REMEMBERED:
            setting.memory[key] = (base, hits)
        return hits
    first, hits = known
    if first == base:
        return hits
    return [replace(hit, explained=_moved(hit.explained, base - first)) for hit in hits]


def _moved(positions: frozenset[int], by: int) -> frozenset[int]:
    return frozenset(at + by if at >= 0 else at for at in positions)


def in_context_of(setting: Setting, kept: Sequence[tuple[Feature, float]]) -> list[Hit]:
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
        for hit in look(setting, tuple(f for f, _ in pairs), tuple(w for _, w in pairs))
        if any(f.token in hit.explained for f in own)
    ]


def sells_by(setting: Setting, product: int, unit: str) -> bool:
    """Whether a product is sold by a measure, in this unit or one of its kind."""
    own = setting.index.unit_words[product]
    if unit in own:
        return True
    base = units.BASES.get(unit) if unit in ("m", "ft", "yd", "L", "gal") else None
    return bool(base) and any(units.BASES.get(one, ("", 0))[0] == base[0] for one in own)  # type: ignore[index]
