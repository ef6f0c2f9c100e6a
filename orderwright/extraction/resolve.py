"""Turn a draft into a row: units of the product, weight, attributes, flags, confidence, spans."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from orderwright.extraction import attributes, lexicon, units
from orderwright.extraction.answer import Candidate, Row, Span
from orderwright.extraction.confidence import confidence
from orderwright.extraction.drafts import Draft
from orderwright.extraction.matching import MATCHED, is_close
from orderwright.extraction.prepare import Prepared
from orderwright.extraction.quantities import Quantity, in_product_units
from orderwright.extraction.retrieval import CatalogIndex
from orderwright.extraction.tokens import Token

_ENDINGS = frozenset("quality total tw each ea size apiece nos off".split())


class Resolver:
    """Resolves the drafts of one text."""

    def __init__(
        self,
        prepared: Prepared,
        tokens: Sequence[Token],
        index: CatalogIndex,
        dialect: Mapping[str, Decimal],
    ) -> None:
        self.prepared, self.tokens, self.index = prepared, tokens, index
        self.dialect = {units.canonical(k): Decimal(str(v)) for k, v in dialect.items()}

    def row(self, draft: Draft, priority: str | None, needed_by: date | None) -> Row:
        """The row of a draft."""
        product = None if draft.product is None else self.index.products[draft.product]
        flags = list(dict.fromkeys(draft.flags))
        positions = [at for first, last in draft.regions for at in range(first, last)]
        spans: dict[str, Span] = {"row": self._region_span(draft)}
        quantity = in_product_units(
            draft.unit if not draft.by_weight else None,
            product,
            self.dialect,
            self._name_words(draft),
        )
        value, high = self._quantity(draft, quantity, flags)
        weight = self._weight(draft, positions, flags, spans)
        if draft.quantity_at:
            spans["weight" if draft.by_weight else "quantity"] = self._span(
                draft.quantity_at, draft.by_weight
            )
        if not draft.by_weight:
            flags.extend(quantity.flags)
        if quantity.reason and not draft.by_weight:
            draft.reasons.append(quantity.reason)
        if draft.by_weight:
            flags.append("weight_only")
        elif value is None:
            flags.append("missing_quantity")
        if self._approximate(draft, positions):
            flags.append("approximate")
        described = self._described(draft, positions, spans)
        self._doubt(draft, flags)
        best, others = self._candidates(draft)
        return Row(
            product=best,
            score=round(draft.hits[0].score, 2) if draft.hits else 0.0,
            alternatives=others,
            quantity=value,
            quantity_max=high,
            unit=None if draft.by_weight else quantity.unit,
            weight=weight[0],
            weight_max=weight[1],
            weight_unit=weight[2],
            weight_basis=weight[3],
            priority=priority,
            needed_by=needed_by,
            confidence=confidence(draft, flags),
            flags=tuple(dict.fromkeys(flags)),
            reasons=tuple(dict.fromkeys(draft.reasons)),
            spans=spans,
            **described,
        )

    def _name_words(self, draft: Draft) -> frozenset[str]:
        if draft.product is None:
            return frozenset()
        return frozenset().union(*(n.keys for n in self.index.namings_of[draft.product]))

    def _quantity(
        self, draft: Draft, quantity: Quantity, flags: list[str]
    ) -> tuple[Decimal | None, Decimal | None]:
        if draft.by_weight or draft.value is None:
            return None, None
        value = draft.value * quantity.factor
        whole = (
            quantity.unit not in units.BASES
            and units.canonical(quantity.unit) not in units.WEIGHED.values()
        )
        if value <= 0 or (whole and value != value.to_integral_value()):
            flags.append("bad_number")
        if draft.low is not None:
            flags.append("range")
            return value, value
        return value, None

    def _weight(
        self, draft: Draft, positions: Sequence[int], flags: list[str], spans: dict[str, Span]
    ) -> tuple[Decimal | None, Decimal | None, str | None, str | None]:
        if draft.by_weight:
            at = draft.quantity_at[0]
        else:
            explained = draft.hits[0].explained if draft.hits else frozenset()
            found = [
                p
                for p in positions
                if self.tokens[p].family == "weight"
                and p not in explained
                and p not in draft.quantity_at
            ]
            if not found:
                return None, None, None, None
            at = found[0]
            token = self.tokens[at]
            spans["weight"] = self.prepared.span(token.start, token.end)
        token = self.tokens[at]
        if token.mark in ("gr", "st"):
            flags.append("ambiguous_unit")
        unit = draft.unit if draft.by_weight else token.unit
        high = None
        if token.low is not None:
            flags.append("range")
            high = token.value
        after = {self.tokens[p].text for p in range(at + 1, min(at + 4, len(self.tokens)))}
        each = (
            bool(after & {"each", "ea", "apiece", "per", "je", "chacun", "cada"})
            and not draft.by_weight
        )
        return token.value, high, unit, "each" if each else "total"

    def _approximate(self, draft: Draft, positions: Sequence[int]) -> bool:
        first = min(positions, default=0)
        near = [*positions, first - 1, first - 2]
        return any(
            0 <= at < len(self.tokens)
            and self.tokens[at].text in lexicon.APPROXIMATE
            and any(
                self.tokens[p].value is not None
                for p in range(at + 1, min(at + 3, len(self.tokens)))
            )
            for at in near
        )

    def _described(
        self, draft: Draft, positions: Sequence[int], spans: dict[str, Span]
    ) -> dict[str, Any]:
        tokens = self.tokens
        free = [at for at in positions if at not in draft.quantity_at]
        words = [
            part
            for at in free
            for part in (
                tokens[at].parts
                if tokens[at].family == "karat"
                else (lexicon.stem(tokens[at].text),)
            )
            if tokens[at].kind in ("word", "size", "num", "unit")
        ]
        words = [w if w != "glas" else "glass" for w in words]
        size = attributes.size_of(tokens, free, self.prepared.lower)
        if size:
            spans["size"] = self._span(tuple(size[1]), True)
            draft.size_at = tuple(size[1])
        material = attributes.material_of(words)
        self._spans_of_words(free, material, "material", spans)
        quality = attributes.quality_of(words, material)
        self._spans_of_words(free, quality, "quality", spans)
        product_at = self._product_positions(draft, size[1] if size else [])
        if product_at:
            spans["product"] = self.prepared.span(
                tokens[product_at[0]].start, tokens[product_at[-1]].end
            )
        text = " ".join(lexicon.stem(tokens[at].text) for at in product_at)
        return {
            "product_text": text,
            "description": self.prepared.notes[slice(*spans["row"])].strip(),
            "size": size[0] if size else None,
            "material": material,
            "quality": quality,
            "shape": attributes.shape_of(words),
            "color": attributes.color_of(words, material),
        }

    def _spans_of_words(
        self, positions: Sequence[int], value: str | None, name: str, spans: dict[str, Span]
    ) -> None:
        if not value:
            return
        parts = set(value.lower().split())
        at = [p for p in positions if self.tokens[p].text in parts]
        if at:
            runs: list[list[int]] = []
            for p in at:
                if runs and p - runs[-1][-1] == 1:
                    runs[-1].append(p)
                else:
                    runs.append([p])
            spans[name] = self._span(tuple(sorted(runs, key=len)[-1]), True)

    def _product_positions(self, draft: Draft, size_at: Sequence[int]) -> list[int]:
        """The words of the product, from its first to its last, without sizes and quantities."""
        tokens = self.tokens
        found = []
        for at in draft.reading.words:
            token = tokens[at]
            if token.kind == "code":
                return [at]
            if at in size_at or token.kind not in ("word", "unit") or at in draft.quantity_at:
                continue
            if token.text in lexicon.QUALITIES:
                continue
            found.append(at)
        codes = [
            at for at in range(draft.reading.first, draft.reading.last) if tokens[at].kind == "code"
        ]
        if codes:
            return codes[:1]
        run: list[int] = []
        for at in found:
            if (
                run
                and at - run[-1] > 1
                and any(tokens[p].kind in ("sep", "and") for p in range(run[-1], at))
            ):
                break
            run.append(at)
        return run or found

    def _doubt(self, draft: Draft, flags: list[str]) -> None:
        if not draft.hits:
            flags.append("no_product_match")
        elif not draft.reading.by_code and (draft.hits[0].score < MATCHED or is_close(draft.hits)):
            flags.append("ambiguous_product")

    def _candidates(self, draft: Draft) -> tuple[Candidate | None, tuple[Candidate, ...]]:
        hits = draft.hits or draft.reading.hits
        found = [
            Candidate(p.id, p.sku, p.name, round(hit.score, 2))
            for hit in hits
            for p in (self.index.products[hit.product],)
            if hit.score >= 0.3
        ]
        if draft.hits:
            return found[0], tuple(found[1:4])
        return None, tuple(found[:3])

    def _span(self, positions: Sequence[int], whole: bool) -> Span:
        tokens = [self.tokens[at] for at in positions]
        return self.prepared.span(min(t.start for t in tokens), max(t.end for t in tokens))

    def _whole(self, region: tuple[int, int]) -> tuple[int, int]:
        first, last = region
        tokens = list(self.tokens[first:last])
        while (
            tokens
            and tokens[0].kind in ("sep", "and", "hard", "colon", "sym")
            and tokens[0].text not in ("(",)
        ):
            tokens.pop(0)
        while tokens and (tokens[0].kind == "word" and tokens[0].text in lexicon.FILLER):
            tokens.pop(0)
        while tokens and _says_nothing(tokens[-1]):
            tokens.pop()
        if not tokens:
            at = self.tokens[first] if first < len(self.tokens) else None
            return (at.start, at.end) if at else (0, 0)
        return tokens[0].start, tokens[-1].end

    def _region_span(self, draft: Draft) -> Span:
        """The row's span; what stands elsewhere (a correction) has spans of its own fields."""
        first, last = draft.regions[0]
        for one, other in draft.regions[1:]:
            if one <= last + 1:
                last = max(last, other)
        return self.prepared.span(*self._whole((first, last)))


def _says_nothing(token: Token) -> bool:
    """Whether a token at the end of a row is only talk: `please`, a date, a comma."""
    if token.kind in ("sep", "and", "hard", "colon", "claim") or token.text in ("-", ".", "=", "*"):
        return True
    return token.kind == "word" and token.text in lexicon.FILLER - _ENDINGS
