"""Rows while they are being read: corrected, cancelled and completed by what follows."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from orderwright.extraction.amounts import Amount
from orderwright.extraction.matching import Hit
from orderwright.extraction.readings import Reading
from orderwright.extraction.tokens import Token


@dataclass(slots=True)
class Draft:
    """One row in the making. Positions in `regions` and `quantity_at` are positions of tokens."""

    hits: tuple[Hit, ...]
    reading: Reading
    value: Decimal | None
    low: Decimal | None
    unit: str | None
    by_weight: bool
    quantity_at: tuple[int, ...]
    regions: list[tuple[int, int]]
    line: int
    flags: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    size_at: tuple[int, ...] = ()

    @property
    def product(self) -> int | None:
        """The index of the product, None when nothing matched."""
        return self.hits[0].product if self.hits else None

    def take(self, amount: Amount) -> None:
        """Set the quantity from an amount."""
        self.value, self.low, self.by_weight = amount.value, amount.low, amount.by_weight
        self.unit = amount.unit if amount.unit or amount.by_weight else self.unit
        self.quantity_at = (amount.at,)


def draft_of(reading: Reading, line: int) -> Draft:
    """A draft from a reading that has a quantity, a product, or both."""
    amount = reading.amount
    if amount is not None and not reading.has_product and not reading.hits:
        reading = replace(reading, hits=())
    return Draft(
        hits=reading.hits if reading.has_product else (),
        reading=reading,
        value=amount.value if amount else None,
        low=amount.low if amount else None,
        unit=amount.unit if amount else None,
        by_weight=bool(amount and amount.by_weight),
        quantity_at=(amount.at,) if amount else (),
        regions=[(reading.first, reading.last)],
        line=line,
    )


def rows_of_product(drafts: Sequence[Draft], product: int) -> list[Draft]:
    """The drafts for a product, the latest first."""
    return [draft for draft in reversed(drafts) if draft.product == product]


def row_meant(drafts: Sequence[Draft], hits: Sequence[Hit], slack: float = 0.12) -> Draft | None:
    """The row that words point back at: the one whose product fits them best."""
    best: tuple[float, Draft] | None = None
    for draft in reversed(drafts):
        for hit in hits:
            if hit.product == draft.product and (best is None or hit.score > best[0] + 1e-9):
                best = (hit.score, draft)
    if best is None or not hits or best[0] < hits[0].score - slack or best[0] < 0.5:
        return None
    return best[1]


def numbers_between(tokens: Sequence[Token], first: int, last: int) -> list[int]:
    """Positions of the plain numbers in a run."""
    return [
        at
        for at in range(first, last)
        if tokens[at].kind == "num"
        and tokens[at].value is not None
        and tokens[at].mark not in ("zero", "article")
    ]
