"""How much each word of an item counts when the product is looked for."""

from collections.abc import Sequence

from orderwright.extraction import lexicon
from orderwright.extraction.features import Feature
from orderwright.extraction.retrieval import CatalogIndex
from orderwright.extraction.tokens import Token


def weights_of(
    tokens: Sequence[Token], first: int, last: int, features: Sequence[Feature], index: CatalogIndex
) -> list[float]:
    """How much each feature counts: filler nothing, words after `for` little."""
    tail = last
    seen = False
    last_known = first
    for at in range(first, last):
        token = tokens[at]
        if token.kind in ("word", "unit") and token.text not in lexicon.FILLER:
            if index.matches(lexicon.fold(token.text)):
                seen, last_known = True, at
        elif token.kind in ("code", "size", "measure"):
            seen = True
        if (
            seen
            and token.kind == "word"
            and token.text in lexicon.TAIL_STARTS
            and at < tail
            and tail == last
        ):
            tail = at
    number = next(
        (
            at
            for at in range(first, last)
            if tokens[at].kind == "num" and tokens[at].mark != "article"
        ),
        first,
    )
    talk = number if number < last_known else first
    found = []
    for feature in features:
        at = feature.token
        weight = _weight(tokens[at], feature, tail=tail, last_known=last_known, index=index)
        if at < talk and weight == 0.8:
            weight = 0.05  # unknown words before the quantity are talk
        found.append(weight)
    if not any(w > 0 and not f.is_number for w, f in zip(found, features, strict=True)):
        found = [  # "still 4 packs": a word that is filler elsewhere names a product here
            1.0
            if not f.is_number
            and len(f.key) > 4
            and tokens[f.token].kind == "word"
            and index.knows(f.key)
            else w
            for w, f in zip(found, features, strict=True)
        ]
    return found


def _weight(
    token: Token, feature: Feature, *, tail: int, last_known: int, index: CatalogIndex
) -> float:
    at = feature.token
    if feature.is_number:
        return (
            0.2 if at > tail or (token.family == "weight" and not index.knows(feature.key)) else 1.0
        )
    if token.kind not in ("word", "unit"):
        return 0.0  # the unit of a number, not a word of the name
    if token.text in lexicon.FILLER and not (len(token.text) == 1 and token.text in "sml"):
        return 0.0
    if at > tail:
        return 0.05
    known = bool(index.matches(feature.key))
    if token.kind == "unit":
        return 0.6 if known else 0.0
    if known:
        return 1.0
    if token.mark == "ordinal" or len(token.text) < 2:
        return 0.0
    if (
        feature.key in lexicon.MATERIALS
        or feature.key in lexicon.COLORS
        or feature.key in lexicon.SHAPES
        or token.text in lexicon.QUALITIES
    ):
        return 0.12
    return 0.8 if at < last_known or last_known == 0 else 0.3
