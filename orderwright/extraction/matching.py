"""How well a phrase fits each product: words shared, numbers explained, nothing contradicted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orderwright.extraction import lexicon
from orderwright.extraction.features import Feature, agrees, clashes
from orderwright.extraction.retrieval import CatalogIndex, Naming, phrase_key

MATCHED, AMBIGUOUS = 0.80, 0.60
CLOSE = 0.03  # candidates that are no further apart cannot be told from each other


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `context` are words said before; `preferred` products come first."""

    features: tuple[Feature, ...]
    weights: tuple[float, ...]
    context: frozenset[str] = frozenset()
    preferred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """A product with its score; `explained` are positions of tokens that the name explains."""

    product: int
    score: float
    rank: float
    explained: frozenset[int]
    clashed: bool = False


def find(index: CatalogIndex, query: Query, *, limit: int = 12) -> list[Hit]:
    """The products that fit, best first, each once. Empty when no word is known."""
    if not any(weight > 0 for weight in query.weights):
        return []
    known = [f for f, w in zip(query.features, query.weights, strict=True) if w > 0]
    best: dict[int, Hit] = {}
    for at in index.nearest(known, limit):
        naming = index.namings[at]
        hit = score_naming(index, query, naming)
        last = best.get(naming.product)
        if last is None or hit.rank > last.rank:
            best[naming.product] = hit
    remembered = remembered_as(index, known)
    if remembered is not None:
        best[remembered] = Hit(remembered, 0.99, 2.0, frozenset(f.token for f in query.features))
    return sorted(best.values(), key=lambda hit: -hit.rank)


def remembered_as(index: CatalogIndex, features: Iterable[Feature]) -> int | None:
    """The product that these very words mean, learned from a person's correction."""
    return index.aliases.get(phrase_key(features)) if index.aliases else None


def score_naming(index: CatalogIndex, query: Query, naming: Naming) -> Hit:
    """Score one name: what the phrase says and the name holds, less what contradicts."""
    said = shared = 0.0
    explained: set[int] = set()
    left: list[Feature] = []
    used: set[str] = set()
    taken: list[Feature] = []
    for feature, weight in zip(query.features, query.weights, strict=True):
        if feature.is_number:
            mate = next((n for n in naming.numbers if agrees(feature, n) and n not in taken), None)
            if mate is not None:
                taken.append(mate)
                explained.add(feature.token)
                own = index.weight(mate.key)
                said += own * min(weight, 1)
                shared += own * min(weight, 1)
                used.add(mate.key)
            else:
                left.append(feature)
                if weight > 0 and index.knows(feature.key):
                    said += 0.35 * weight
            continue
        strength, key = _best_word(index, feature.key, naming)
        if strength:
            own = index.weight(key) * (weight or 0.25)
            said += own
            shared += own * strength
            used.add(key)
            explained.add(feature.token)
        elif weight > 0:
            said += weight * (
                index.weight(feature.key) if index.matches(feature.key) else index.weight("")
            )
            left.append(feature)
    if said <= 0 or not shared:
        return Hit(naming.product, 0.0, 0.0, frozenset())
    covered = shared / said
    held = sum(index.weight(f.key) for f in naming.features if f.key in used) / (naming.total or 1)
    factor, clashed = _contradiction(left, query, naming, taken)
    exact = covered > 0.999 and held > 0.999
    score = 0.98 if exact else min(0.97, 0.80 * covered + 0.17 * min(1.0, held))
    score *= factor
    context = len(query.context & naming.keys) / (len(query.context) or 1)
    product = index.products[naming.product]
    rank = score + 0.05 * context + (0.04 if product.id in query.preferred else 0)
    return Hit(naming.product, round(score, 4), rank, frozenset(explained), clashed)


def _best_word(index: CatalogIndex, key: str, naming: Naming) -> tuple[float, str]:
    if key in naming.keys:
        return 1.0, key
    for word, strength in index.matches(key):
        if word in naming.keys:
            return strength, word
        if word in naming.compounds:
            return strength, word
    return 0.0, ""


def _contradiction(
    left: Sequence[Feature], query: Query, naming: Naming, taken: Sequence[Feature]
) -> tuple[float, bool]:
    """The factor for what the phrase says and the name denies, and whether anything is denied."""
    factor, clashed = 1.0, False
    said = {f.key for f in query.features}
    free = [n for n in naming.numbers if n not in taken]
    for feature in left:
        if feature.is_number:
            if free and any(clashes(feature, other) for other in free):
                factor, clashed = factor * 0.6, True
            continue
        for group in lexicon.GROUP_OF.get(feature.key, ()):
            others = lexicon.OPPOSITES[group] & naming.keys
            if others and not others <= said:
                factor, clashed = factor * 0.6, True
                break
    return max(factor, 0.2), clashed


def is_close(hits: Sequence[Hit]) -> bool:
    """Whether the two best cannot be told apart by what was said."""
    return len(hits) > 1 and hits[0].rank - hits[1].rank < CLOSE and hits[1].score >= AMBIGUOUS
