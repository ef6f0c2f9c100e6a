"""What a run of tokens was read as, and what surrounded it."""

from dataclasses import dataclass, field

from orderwright.extraction.amounts import Amount
from orderwright.extraction.features import Feature
from orderwright.extraction.matching import AMBIGUOUS, Hit
from orderwright.extraction.retrieval import CatalogIndex

MOST_READINGS = 1_200  # no notes that people write need more; hostile ones stop here


@dataclass(frozen=True, slots=True)
class Reading:
    """What a run of tokens means. Positions are positions in the sentence's tokens."""

    first: int
    last: int
    amount: Amount | None
    hits: tuple[Hit, ...]
    weights: tuple[int, ...] = ()
    features: tuple[Feature, ...] = ()
    words: tuple[int, ...] = ()
    left: tuple[int, ...] = ()
    by_code: bool = False
    in_context: bool = False
    value: float = 0.0
    doubt: float = 0.0

    @property
    def score(self) -> float:
        """How well the best product fits; 0 without one."""
        return self.hits[0].score if self.hits else 0.0

    @property
    def has_product(self) -> bool:
        """Whether a product of the catalog was found."""
        return self.score >= AMBIGUOUS


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds an item: the catalog, the words said before, the usual products."""

    index: CatalogIndex
    preferred: frozenset[str] = frozenset()
    head: tuple[Feature, ...] = ()
    is_heading: bool = False
    memory: dict[tuple[object, ...], tuple[int, list[Hit]]] = field(default_factory=dict)
    count: list[int] = field(default_factory=lambda: [0])

    @property
    def is_spent(self) -> bool:
        """Whether so much was read that these can be no notes of a person."""
        return self.count[0] > MOST_READINGS
