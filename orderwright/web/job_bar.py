"""A job's bar and chips (domain 3.1): where the material is, and how well it was converted."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.safestring import SafeString

from orderwright.kernel.numbers import ZERO
from orderwright.production.metrics import (
    ABOVE_HUNDRED,
    BASE_IS_FALLBACK,
    ISSUED_MISSING,
    OVER_BASE,
    Efficiency,
    JobMetrics,
    OrderMetrics,
    Progress,
    drawn,
    shown,
)
from orderwright.web import display

# The five segments in the order of the bar: name, tone, and where its weight stands.
SEGMENTS: Final = (
    ("Completed", "green", "completed"),
    ("Pending", "grey", "pending"),
    ("Rejected", "red", "rejected"),
    ("Scrapped", "amber", "scrapped"),
    ("Wasted", "violet", "wasted"),
)
_HIGHER: Final = "Higher is better."
_LOWER: Final = "Lower is better."
JOB_CHIPS: Final = (
    ("Output", "output", _HIGHER, "(received + rejected) ÷ progress base × 100"),
    ("Gross waste", "gross_waste", _LOWER, "(waste + scrap) ÷ progress base × 100"),
    ("Net waste", "net_waste", _LOWER, "waste ÷ progress base × 100"),
    ("Consumption", "consumption", _LOWER, "(waste + scrap) ÷ (received + rejected) × 100"),
)
ORDER_CHIPS: Final = (
    ("Output", "output", _HIGHER, "final output ÷ net input × 100"),
    ("Gross waste", "gross_waste", _LOWER, "(all waste + all scrap) ÷ net input × 100"),
    ("Net waste", "net_waste", _LOWER, "all waste ÷ net input × 100"),
    ("Consumption", "consumption", _LOWER, "(all waste + all scrap) ÷ final output × 100"),
)
# A sentence for each warning of the metrics.
WARNINGS: Final = {
    BASE_IS_FALLBACK: "No requested or issued weight is known, so the recorded total is the base. "
    "The split is less reliable.",
    OVER_BASE: "More is accounted for than the base; check the weights that were received.",
    ISSUED_MISSING: "Something was received of a job to which no weight was issued; the figures "
    "that build on issued weight are too good.",
    ABOVE_HUNDRED: "A figure is above 100 %: a wrong weight, or goods that gained weight, as in "
    "plating.",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of the bar in its legend."""

    name: str
    tone: str
    percent: str
    weight: str


@dataclass(frozen=True, slots=True)
class EfficiencyChip:
    """One figure with the sentences that explain it."""

    name: str
    percent: str
    better: str
    formula: str
    is_above: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar, its legend, and by how much it is over its base."""

    drawn: SafeString
    legend: list[Segment]
    over: str


def bar_of(metrics: JobMetrics | OrderMetrics, *, places: int = 1) -> Bar:
    """Five segments that add up to the whole; percentages with `places` decimals."""
    buckets = metrics.buckets
    weights = {
        "completed": buckets.received,
        "pending": max(ZERO, metrics.pending),
        "rejected": buckets.rejected,
        "scrapped": buckets.scrapped,
        "wasted": buckets.waste,
    }
    legend = [
        Segment(
            name,
            tone,
            percent_text(getattr(metrics.progress, field), places),
            display.measured(weights[field], metrics.unit),
        )
        for name, tone, field in SEGMENTS
    ]
    over = display.quantity(-metrics.pending, metrics.unit) if metrics.pending < 0 else ""
    said = ", ".join(f"{one.name.lower()} {one.percent}" for one in legend)
    return Bar(mini_bar(metrics.progress, said), legend, over)


def mini_bar(progress: Progress, label: str) -> SafeString:
    """The bar alone; grey and empty when there is no base."""
    parts = drawn(progress) or ()
    tones = (tone if tone != "grey" else "rest" for _, tone, _ in SEGMENTS)
    return display.bar(zip(tones, parts, strict=False), label)


def chips_of(
    efficiency: Efficiency, *, of_order: bool = False, places: int = 1
) -> list[EfficiencyChip]:
    """The four figures, each with whether more or less is better and its formula in words."""
    found = []
    for name, field, better, formula in ORDER_CHIPS if of_order else JOB_CHIPS:
        value: Decimal | None = getattr(efficiency, field)
        above = value is not None and value > 100
        found.append(
            EfficiencyChip(name, percent_text(value, places), better, f"{name} = {formula}", above)
        )
    return found


def warnings_of(flags: Iterable[str]) -> list[str]:
    """A sentence for each flag."""
    return [WARNINGS[flag] for flag in flags]


def percent_text(value: Decimal | None, places: int = 1) -> str:
    """87.0 %, or a dash for what cannot be computed."""
    text = shown(value, places)
    return "—" if text is None else f"{text} %"
