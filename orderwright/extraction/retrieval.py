"""The index of a catalog: words and numbers of the names, codes, and what partners call things.

Built once for an organization. What one partner says is laid over it (`for_partner`) without
building anything again, and answers for that partner alone.
"""

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
from rapidfuzz import fuzz, process

from orderwright.extraction import lexicon, units
from orderwright.extraction.features import Feature, name_features

_CODE_PART = re.compile(r"[^a-z0-9]+")
_MEMO_LIMIT = 20_000
_SHORT_SIZES = {"small": "s", "medium": "m", "large": "l"}


@dataclass(frozen=True, slots=True)
class CatalogProduct:
    """A product as extraction needs it. `units` maps each further unit to default units."""

    id: str
    sku: str
    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    default_unit: str = "pcs"
    units: Mapping[str, Decimal] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    weight_unit: str | None = None
    product_type: str = "sale"


@dataclass(frozen=True, slots=True)
class Naming:
    """One name of a product: its words and numbers, and neighbouring words written as one."""

    product: int
    keys: frozenset[str]
    features: tuple[Feature, ...]
    compounds: frozenset[str] = frozenset()
    numbers: tuple[Feature, ...] = ()
    total: float = 0.0


def code_key(code: str) -> str:
    """A code without case and punctuation: `BP-220` and `bp 220` are one."""
    return _CODE_PART.sub("", code.lower())


class CatalogIndex:
    """Finds products by code, by alias and by the words of their names."""

    def __init__(self, products: Sequence[CatalogProduct]) -> None:
        self.products = tuple(products)
        self.position = {product.id: at for at, product in enumerate(self.products)}
        self.codes: dict[str, int] = {}
        self.aliases: dict[str, int] = {}
        self.namings: list[Naming] = []
        self.unit_words: list[frozenset[str]] = []
        self._postings: dict[str, np.ndarray] = {}
        self._weights: dict[str, float] = {}
        self._memo: dict[str, tuple[tuple[str, float], ...]] = {}
        self._vocabulary: list[str] = []
        self._sizes: frozenset[str] = frozenset()
        self.phrases: dict[str, int] = {}
        self.namings_of: list[list[Naming]] = []

    @classmethod
    def build(
        cls,
        products: Sequence[CatalogProduct],
        partner_codes: Mapping[str, str] | None = None,
        partner_aliases: Mapping[str, str] | None = None,
        organization_aliases: Mapping[str, str] | None = None,
    ) -> "CatalogIndex":
        """The index of the products. Codes and aliases map what is written to a product's id."""
        index = cls(products)
        index._read_names()
        index._learn(organization_aliases or {})
        index._weigh()
        for at, product in enumerate(index.products):
            index.codes.setdefault(code_key(product.sku), at)
        if partner_codes or partner_aliases:
            return index.for_partner(codes=partner_codes or {}, aliases=partner_aliases or {})
        return index

    def for_partner(
        self, *, codes: Mapping[str, str], aliases: Mapping[str, str]
    ) -> "CatalogIndex":
        """The same index with one partner's codes and aliases on top; this one stays as it is."""
        other = object.__new__(CatalogIndex)
        other.__dict__.update(self.__dict__)
        other.codes = dict(self.codes)
        other.aliases = dict(self.aliases)
        other.phrases = dict(self.phrases)
        for code, product_id in codes.items():
            if product_id in self.position and code_key(code):
                other.codes[code_key(code)] = self.position[product_id]
        for alias, product_id in aliases.items():
            if product_id in self.position:
                phrase = phrase_key(name_features(alias))
                if phrase:
                    other.aliases[phrase] = self.position[product_id]
        return other

    def knows(self, word: str) -> bool:
        """Whether a word, `#number` or `5x3` of a size stands in a name."""
        return word in self._postings or word in self._sizes

    def weight(self, key: str) -> float:
        """How much a word or a number tells: rare ones more."""
        return self._weights.get(key, self._unknown)

    def matches(self, key: str) -> tuple[tuple[str, float], ...]:
        """The words of the catalog that a word may stand for, with how surely."""
        found = self._memo.get(key)
        if found is None:
            found = tuple(self._match_word(key))
            if len(self._memo) < _MEMO_LIMIT:
                self._memo[key] = found
        return found

    def nearest(self, features: Iterable[Feature], limit: int = 12) -> list[int]:
        """The namings that share most of the features' weight, best first (a first sieve)."""
        scores = np.zeros(len(self.namings), dtype=np.float32)
        hit = False
        for feature in features:
            for key, strength in (
                self.matches(feature.key) if not feature.is_number else self._number_keys(feature)
            ):
                postings = self._postings.get(key)
                if postings is not None:
                    scores[postings] += self._weights[key] * strength
                    hit = True
        if not hit:
            return []
        scores *= self._norm
        count = min(limit, len(scores))
        best = (
            np.argpartition(-scores, count - 1)[:count] if count < len(scores) else np.arange(count)
        )
        order = best[np.argsort(-scores[best], kind="stable")]
        least = 0.40 * float(scores[order[0]])
        return [int(at) for at in order if scores[at] > least]

    @staticmethod
    def _number_keys(feature: Feature) -> tuple[tuple[str, float], ...]:
        if feature.base:
            return ((feature.key, 0.8), (f"@{feature.base[1]}{feature.base[0]}", 0.4))
        return ((feature.key, 1.0),)

    def _read_names(self) -> None:
        for at, product in enumerate(self.products):
            names = [
                product.name,
                *([product.short_name] if product.short_name else []),
                *product.aliases,
            ]
            extra = [
                feature
                for value in product.attributes.values()
                for feature in name_features(str(value))
            ]
            read = [found for found in map(name_features, names) if found]
            numbers = [
                f for found in read for f in found if f.is_number or any(c.isdigit() for c in f.key)
            ]
            for found in read:
                self._add(at, found, extra, numbers)
            self.unit_words.append(
                frozenset(
                    {
                        units.canonical(product.default_unit),
                        *(units.canonical(u) for u in product.units),
                    }
                )
            )

    def _add(
        self, at: int, found: list[Feature], extra: list[Feature], numbers: list[Feature]
    ) -> None:
        """One naming; numbers of the product's other names are known to it, but not expected."""
        have = {feature.key for feature in found}
        silent = [feature for feature in extra if feature.key not in have]
        words = [f.key for f in found if not f.is_number]
        self.namings.append(
            Naming(
                at,
                frozenset(have | {f.key for f in silent} | {f.key for f in numbers}),
                (*found, *silent),
                frozenset(a + b for a, b in itertools.pairwise(words) if len(a) + len(b) > 3),
                tuple(f for f in found if f.is_number)
                + tuple(f for f in numbers if f.is_number and f.key not in have),
            )
        )
        if phrase_key(found):
            self.phrases.setdefault(phrase_key(found), at)

    def _learn(self, aliases: Mapping[str, str]) -> None:
        for alias, product_id in aliases.items():
            if product_id in self.position:
                found = name_features(alias)
                if found:
                    self._add(self.position[product_id], found, [], [])
                    self.aliases.setdefault(phrase_key(found), self.position[product_id])

    def _weigh(self) -> None:
        postings: dict[str, set[int]] = {}
        sizes: set[str] = set()
        for at, naming in enumerate(self.namings):
            for key in naming.keys:
                postings.setdefault(key, set()).add(at)
            for feature in naming.features:
                if feature.base:
                    postings.setdefault(f"@{feature.base[1]}{feature.base[0]}", set()).add(at)
                if feature.unit == "k":
                    sizes.add(feature.key[1:] + "k")
            for joined in naming.compounds:
                postings.setdefault(joined, set()).add(at)
            numbers = [f.key[1:] for f in naming.features if f.is_number]
            for one, two in itertools.pairwise(numbers):
                sizes.add(f"{one}x{two}")
            for i in range(len(numbers) - 2):
                sizes.add("x".join(numbers[i : i + 3]))
        count = len(self.namings) or 1
        self._postings = {key: np.fromiter(ats, dtype=np.int64) for key, ats in postings.items()}
        self._weights = {
            key: 0.35 + math.log((count + 1) / (len(ats) + 0.5)) / math.log(count + 2)
            for key, ats in postings.items()
        }
        self._unknown = 0.9
        self._sizes = frozenset(sizes)
        self._vocabulary = [key for key in postings if key[0] not in "#@" and len(key) > 3]
        totals = [sum(self.weight(f.key) for f in n.features) for n in self.namings]
        self.namings = [
            replace(n, total=total) for n, total in zip(self.namings, totals, strict=True)
        ]
        self.namings_of = [[] for _ in self.products]
        for naming in self.namings:
            self.namings_of[naming.product].append(naming)
        self._norm = np.array([1.0 / (2.0 + total) for total in totals], dtype=np.float32)

    def _match_word(self, key: str) -> list[tuple[str, float]]:
        if key in self._postings:
            return [(key, 1.0)]
        if key in _SHORT_SIZES and _SHORT_SIZES[key] in self._postings:
            return [(_SHORT_SIZES[key], 0.95)]
        if len(key) < 3 or any(c.isdigit() for c in key):
            bare = key.rstrip("abcdefghijklmnopqrstuvwxyz")
            if len(key) > 2 and any(c.isdigit() for c in key):
                close = [
                    w
                    for w in self._vocabulary
                    if w.startswith(key) or (len(bare) > 3 and w == bare)
                ]
                return [(w, 0.9) for w in close[:5]]
            return []
        found: dict[str, float] = {}
        for word in self._vocabulary:
            if word.startswith(key):
                near = len(key) >= 5 or (len(key) == 4 and len(word) <= 7)
                found[word] = 0.9 if near else 0.8 if len(key) >= 4 else 0.7
            elif len(word) >= 4 and key.startswith(word) and len(key) - len(word) <= 3:
                found[word] = 0.85
            elif len(key) >= 7 and len(word) >= 4 and (key.endswith(word)):
                found[word] = 0.7
        if len(key) >= 4 and not found:
            for word, score, _ in process.extract(
                key, self._vocabulary, scorer=fuzz.ratio, score_cutoff=78, limit=4
            ):
                if word[0] == key[0] or score >= 85:
                    found.setdefault(word, score / 100 * 0.95)
        return sorted(found.items(), key=lambda item: -item[1])[:5]


def phrase_key(features: Iterable[Feature]) -> str:
    """Words and numbers in order, without filler: the form in which aliases are remembered."""
    return " ".join(
        feature.key
        for feature in features
        if feature.is_number or feature.key not in lexicon.FILLER
    )
