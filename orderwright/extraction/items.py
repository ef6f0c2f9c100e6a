"""Read one item: which number is the quantity, which product the words mean, what is left over.

Every number of the item is tried as the quantity; the reading wins whose product explains the
other numbers best (`304 stainless screws M6x20 - 300 off`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orderwright.extraction import lexicon
from orderwright.extraction.amounts import Amount, amounts_in
from orderwright.extraction.emphasis import weights_of
from orderwright.extraction.features import Feature, features_of
from orderwright.extraction.lookups import (
    by_unit,
    explained_by,
    in_context_of,
    is_thin,
    less_if_bare,
    look,
    points_back,
    sells_by,
    undecided,
)
from orderwright.extraction.matching import AMBIGUOUS, Hit
from orderwright.extraction.readings import Reading, Setting
from orderwright.extraction.tokens import Token

LONGEST_ITEM = 64  # tokens
_MOST_AMOUNTS = 6
_MOST_HITS = 6
Kept = list[tuple[Feature, float]]


@dataclass(frozen=True, slots=True)
class Run:
    """The tokens of an item with their features and how much each of these counts."""

    tokens: Sequence[Token]
    first: int
    last: int
    setting: Setting
    features: Sequence[Feature]
    weights: Sequence[float]
    code: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """The products found for a run when one amount is taken for the quantity."""

    hits: list[Hit]
    kept: Kept
    in_context: bool = False


def read(tokens: Sequence[Token], first: int, last: int, setting: Setting) -> Reading:
    """The best reading of the tokens from `first` up to `last`."""
    last = min(last, first + LONGEST_ITEM)
    best = Reading(first, last, None, (), value=float("-inf"))
    if setting.is_spent:
        return best
    run = _run(tokens, first, last, setting)
    found = sorted(amounts_in(tokens, first, last), key=lambda one: -one.prior)[:_MOST_AMOUNTS]
    for amount in [*found, None]:
        reading = _try(run, amount)
        if reading.value > best.value + 1e-9:
            best = reading
    return best


def read_without_amount(tokens: Sequence[Token], setting: Setting) -> Reading:
    """What the tokens name, when it is known that none of the numbers is a quantity."""
    return _try(_run(tokens, 0, len(tokens), setting), None)


def _run(tokens: Sequence[Token], first: int, last: int, setting: Setting) -> Run:
    features = features_of(tokens[first:last], first=first)
    weights = weights_of(tokens, first, last, features, setting.index)
    code = next((at for at in range(first, last) if tokens[at].kind == "code"), None)
    return Run(tokens, first, last, setting, features, weights, code)


def _try(run: Run, amount: Amount | None) -> Reading:
    """The reading of a run with one amount as the quantity, or none."""
    run.setting.count[0] += 1
    found = _find(run, amount, _without(run, amount))
    if amount is not None and _is_unfit(run, amount, found.hits):
        own = tuple(f for f, _ in found.kept)
        hits = tuple(found.hits[:_MOST_HITS])
        return Reading(run.first, run.last, None, hits, features=own, value=-1.0)
    return _judged(run, amount, found)


def _without(run: Run, amount: Amount | None) -> Kept:
    """The features without the number of the amount; its unit counts only where a name has it."""
    pairs = list(zip(run.features, run.weights, strict=True))
    if amount is None:
        return pairs
    kept = [
        (feature, 0.0 if feature.token == amount.at else weight)
        for feature, weight in pairs
        if feature.token != amount.at or not feature.is_number
    ]
    if amount.letter:
        kept.append((Feature(amount.letter, token=amount.at), 1.0))
    return kept


def _find(run: Run, amount: Amount | None, kept: Kept) -> Found:
    setting = run.setting
    own, weights = tuple(f for f, _ in kept), tuple(w for _, w in kept)
    if run.code is not None:
        product = setting.index.codes[run.tokens[run.code].mark]
        explained = frozenset({run.code, *explained_by(setting, own, weights, product)})
        return Found([Hit(product, 1.0, 3.0, explained)], kept)
    bare = {at for at in range(run.first, run.last) if run.tokens[at].kind == "num"}
    plain = [less_if_bare(hit, bare) for hit in look(setting, own, weights)]
    hits = by_unit(plain, amount, setting)
    least = _context_helps(run, hits)
    if setting.head and least is not None and any(w > 0 for w in weights):
        wider = in_context_of(setting, kept)
        if wider and wider[0].score >= least:
            return Found(wider, kept, in_context=True)
    return Found(hits, kept)


def _context_helps(run: Run, hits: Sequence[Hit]) -> float | None:
    """The score that a match together with the words before must reach; None to leave them out."""
    if not hits or undecided(hits):
        return 0.0
    if hits[0].score < 0.8:
        return hits[0].score / 0.97 + 1e-9
    if is_thin(run.tokens, hits[0]) and points_back(run.tokens, run.first, run.last):
        return 0.75
    return None


def _is_unfit(run: Run, amount: Amount, hits: Sequence[Hit]) -> bool:
    """`3 m` is no quantity of a product that is sold in pieces."""
    if not amount.unit or amount.by_weight or not hits or hits[0].score < AMBIGUOUS:
        return False
    measured = run.tokens[amount.at].kind == "measure"
    return measured and not sells_by(run.setting, hits[0].product, amount.unit)


def _judged(run: Run, amount: Amount | None, found: Found) -> Reading:
    """The reading with its value: the product's score and the quantity's, less what is left."""
    tokens, hits = run.tokens, found.hits
    own = tuple(f for f, _ in found.kept)
    top = hits[0] if hits else None
    explained = top.explained if top and top.score >= AMBIGUOUS else frozenset()
    left, weighing = _left(run, amount, explained)
    if run.code is not None:
        left = [at for at in left if tokens[at].kind == "num"]
    doubt = _doubt(run, amount, top, found) if top else 0.0
    value = _product_value(top) + (0.3 * amount.prior if amount else 0.0) - doubt
    value -= sum(0.18 if tokens[at].kind == "num" else 0.02 for at in left)
    if amount is not None:
        value -= _amount_costs(run, amount, explained, bool(weighing))
    words = {
        f.token
        for f, w in found.kept
        if w > 0 and f.token >= 0 and (f.token in explained or w >= 0.8)
    }
    return Reading(
        first=run.first,
        last=run.last,
        amount=amount,
        hits=tuple(hits[:_MOST_HITS]),
        weights=tuple(weighing),
        features=own,
        words=tuple(sorted(words)),
        left=tuple(left),
        by_code=run.code is not None,
        in_context=found.in_context,
        value=value,
        doubt=doubt,
    )


def _product_value(top: Hit | None) -> float:
    if top is None:
        return 0.0
    return top.score if top.score >= AMBIGUOUS else 0.4 * top.score


def _left(
    run: Run, amount: Amount | None, explained: frozenset[int]
) -> tuple[list[int], list[int]]:
    """Numbers that neither the quantity nor the name uses: sizes and loose ones, and weights."""
    left: list[int] = []
    weighing: list[int] = []
    for at in range(run.first, run.last):
        token = run.tokens[at]
        if (amount is not None and at == amount.at) or at in explained:
            continue
        if token.kind in ("num", "measure") and token.mark != "article":
            (weighing if token.family == "weight" else left).append(at)
    return left, weighing


def _amount_costs(run: Run, amount: Amount, explained: frozenset[int], weighing: bool) -> float:
    costs = 0.1 if amount.by_weight and weighing else 0.0
    if amount.at in explained and not amount.letter:
        costs += 0.2
    if amount.unit is None and amount.prior < 1:
        costs += 0.05 * run.setting.index.knows("#" + run.tokens[amount.at].text)
    return costs


def _doubt(run: Run, amount: Amount | None, top: Hit, found: Found) -> float:
    """What speaks against a reading although its words fit."""
    tokens, doubt = run.tokens, 0.0
    if amount is not None and amount.unit is None and amount.prior < 1 and not amount.letter:
        number = "#" + tokens[amount.at].text
        said = any(f.key == number for f, _ in found.kept)
        names = run.setting.index.namings_of[top.product]
        if not said and any(number in naming.keys for naming in names):
            doubt += 0.3
    named = [at for at in top.explained if at >= 0 and tokens[at].kind != "num"]
    if found.in_context:
        kinds = {tokens[at].kind for at in named}
        return doubt if kinds & {"word", "size", "code", "measure"} else doubt + 0.3
    if named and all(lexicon.fold(tokens[at].text) in lexicon.GROUP_OF for at in named):
        doubt += 0.2
    return doubt
