"""Where the weight of a production job went (domain 1.17, 3.0, 3.1).

Received is good output, rejected was produced and failed, scrapped is a loss that can be recovered,
waste one that cannot, pending is not yet accounted for. All weights of a job are in its own unit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from orderwright.kernel.numbers import ZERO, exact
from orderwright.kernel.weight import TOLERANCE, convert


@dataclass(frozen=True, slots=True)
class Buckets:
    """What the receipts of a job, or of many, add up to; one unit for all."""

    received: Decimal = ZERO
    rejected: Decimal = ZERO
    scrapped: Decimal = ZERO
    waste: Decimal = ZERO

    @property
    def accounted(self) -> Decimal:
        """Everything that is known of."""
        with exact():
            return self.received + self.rejected + self.scrapped + self.waste

    @property
    def output(self) -> Decimal:
        """What was physically produced, rejected pieces too."""
        with exact():
            return self.received + self.rejected

    def in_unit(self, unit: str, to: str) -> "Buckets":
        """The same weights in another unit, not rounded (domain 3.0)."""
        return Buckets(
            received=convert(self.received, unit, to),
            rejected=convert(self.rejected, unit, to),
            scrapped=convert(self.scrapped, unit, to),
            waste=convert(self.waste, unit, to),
        )


@dataclass(frozen=True, slots=True)
class Base:
    """What a job's buckets are measured against; `is_fallback` when it had to be made of them."""

    weight: Decimal
    is_fallback: bool = False


def total(buckets: Iterable[Buckets]) -> Buckets:
    """Buckets of one unit as one."""
    received = rejected = scrapped = waste = ZERO
    with exact():
        for one in buckets:
            received += one.received
            rejected += one.rejected
            scrapped += one.scrapped
            waste += one.waste
    return Buckets(received, rejected, scrapped, waste)


def base_of(requested: Decimal | None, issued: Decimal | None, buckets: Buckets) -> Base:
    """The progress base: the requested weight, else the issued one (domain 3.1).

    Zero requested means that nobody asked for a weight. Without either, what is accounted for is
    the base, so that the split can still be shown.
    """
    if requested is not None and requested > 0:
        return Base(requested)
    if issued is not None and issued > 0:
        return Base(issued)
    return Base(buckets.accounted, is_fallback=True)


def pending_of(base: Base, buckets: Buckets) -> Decimal:
    """Base less everything accounted for; negative when more came out than the base holds."""
    with exact():
        return base.weight - buckets.accounted


def is_settled(base: Base, buckets: Buckets) -> bool:
    """Whether nothing is pending, within a millionth of the base: the job is done (domain 2.7)."""
    with exact():
        return abs(pending_of(base, buckets)) <= TOLERANCE * base.weight


def gap_of(issued: Decimal | None, buckets: Buckets) -> Decimal:
    """What was issued and is not accounted for: 0 when the balance of the job closes.

    Positive: material that nobody has recorded yet. Negative: more was recorded than went in.
    """
    with exact():
        return (issued or ZERO) - buckets.accounted
