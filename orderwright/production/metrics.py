"""How well material became goods: a job's bar and chips, an order's summary (domain 3.1 to 3.5).

Percentages are exact here and rounded where they are shown. None is "not computable", never 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from orderwright.kernel.numbers import EXACT, ZERO, exact, round_half_up
from orderwright.kernel.weight import convert
from orderwright.production.weights import Base, Buckets, base_of, pending_of, total

HUNDRED = Decimal(100)

BASE_IS_FALLBACK = "base_is_fallback"
OVER_BASE = "over_base"
ISSUED_MISSING = "issued_missing"
ABOVE_HUNDRED = "above_hundred"


@dataclass(frozen=True, slots=True)
class Stage:
    """The stage of a job; `sort_order` breaks ties between stages."""

    id: UUID
    name: str
    sort_order: int = 0


@dataclass(frozen=True, slots=True)
class LastReceipt:
    """When a job was last received: the day it names, and the instant it was entered."""

    received_on: date
    created_at: datetime


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What is recorded of a job. Weights are in `unit`; None: nobody said.

    `last_receipt` is None before the first receipt.
    """

    id: UUID
    stage: Stage
    unit: str
    requested: Decimal | None = None
    issued: Decimal | None = None
    buckets: Buckets = field(default_factory=Buckets)
    last_receipt: LastReceipt | None = None
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Each bucket as a percentage of the base: where the material is. Not scaled to a bar."""

    completed: Decimal | None
    pending: Decimal | None
    rejected: Decimal | None
    scrapped: Decimal | None
    wasted: Decimal | None


@dataclass(frozen=True, slots=True)
class Efficiency:
    """How well it was converted: higher output is better, lower of the others."""

    output: Decimal | None
    gross_waste: Decimal | None
    net_waste: Decimal | None
    consumption: Decimal | None


@dataclass(frozen=True, slots=True)
class JobMetrics:
    """A job's figures, weights in its unit. `pending` is signed."""

    unit: str
    base: Base
    issued: Decimal
    buckets: Buckets
    pending: Decimal
    progress: Progress
    efficiency: Efficiency
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderMetrics:
    """An order's figures over all its jobs, weights in `unit`. `pending` is signed.

    `final_stage`, `final_output` and `net_input` are None before the first receipt.
    """

    unit: str
    base: Decimal
    issued: Decimal
    buckets: Buckets
    pending: Decimal
    progress: Progress
    final_stage: Stage | None
    final_output: Decimal | None
    net_input: Decimal | None
    efficiency: Efficiency
    flags: tuple[str, ...]


def metrics_of_job(job: JobFacts) -> JobMetrics:
    """The progress bar and the four chips of one job (domain 3.1)."""
    base = base_of(job.requested, job.issued, job.buckets)
    efficiency = Efficiency(
        output=percent(job.buckets.output, base.weight),
        gross_waste=percent(_loss(job.buckets), base.weight),
        net_waste=percent(job.buckets.waste, base.weight),
        consumption=percent(_loss(job.buckets), job.buckets.output),
    )
    pending = pending_of(base, job.buckets)
    return JobMetrics(
        unit=job.unit,
        base=base,
        issued=job.issued or ZERO,
        buckets=job.buckets,
        pending=pending,
        progress=_progress(base.weight, job.buckets, pending),
        efficiency=efficiency,
        flags=_flags([job], pending, efficiency),
    )


def metrics_of_order(jobs: Iterable[JobFacts], unit: str) -> OrderMetrics | None:
    """All jobs of an order as one, in the organization's weight unit (domain 3.2 to 3.5).

    Weights are summed first and divided once; percentages of jobs are never averaged. A cancelled
    job counts only if something of it was received. None for an order without jobs.
    """
    counted = [job for job in jobs if job.last_receipt is not None or not job.is_cancelled]
    if not counted:
        return None
    buckets = total(_buckets_in(job, unit) for job in counted)
    with exact():
        base = sum((_base_in(job, unit) for job in counted), ZERO)
        issued = sum((convert(job.issued or ZERO, job.unit, unit) for job in counted), ZERO)
        pending = base - buckets.accounted
    stage = final_stage(counted)
    final = None if stage is None else final_output(counted, stage, unit)
    net = None if final is None else net_input(issued, final, buckets)
    efficiency = _order_efficiency(buckets, final, net)
    return OrderMetrics(
        unit=unit,
        base=base,
        issued=issued,
        buckets=buckets,
        pending=pending,
        progress=_progress(base, buckets, pending),
        final_stage=stage,
        final_output=final,
        net_input=net,
        efficiency=efficiency,
        flags=_flags(counted, pending, efficiency),
    )


def final_stage(jobs: Iterable[JobFacts]) -> Stage | None:
    """The stage of the job that was received last (domain 3.3).

    The latest day received; then the latest entry, the later stage, the greater id. None without a
    receipt. A late receipt on an earlier stage makes that stage the final one.
    """
    received = [
        (one.received_on, one.created_at, job.stage.sort_order, job.id, job.stage)
        for job in jobs
        if (one := job.last_receipt) is not None
    ]
    return max(received, key=lambda row: row[:4])[4] if received else None


def final_output(jobs: Iterable[JobFacts], stage: Stage, unit: str) -> Decimal:
    """Σ (received + rejected) of the jobs in the final stage (domain 3.3)."""
    return total(_buckets_in(job, unit) for job in jobs if job.stage.id == stage.id).output


def net_input(issued: Decimal, final: Decimal, buckets: Buckets) -> Decimal:
    """Σ issued + final output − Σ (received + rejected): what passed from stage to stage is backed
    out, and the final output added back once (domain 3.4)."""
    with exact():
        return issued + final - buckets.output


def percent(part: Decimal, whole: Decimal | None) -> Decimal | None:
    """`part ÷ whole × 100`, exact; None when there is nothing to divide by (domain 3.0)."""
    if whole is None or whole <= 0:
        return None
    return EXACT.divide(EXACT.multiply(part, HUNDRED), whole)


def shown(value: Decimal | None, places: int = 1) -> str | None:
    """A percentage as people read it: `"87.0"`; None stays None."""
    return None if value is None else format(round_half_up(value, places), "f")


def drawn(progress: Progress) -> tuple[Decimal, ...] | None:
    """The bar's five segments as fractions that add up to one: completed, pending, rejected,
    scrapped, wasted. More than the base is scaled to what is accounted for (domain 3.1)."""
    parts = (
        progress.completed,
        progress.pending,
        progress.rejected,
        progress.scrapped,
        progress.wasted,
    )
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    with exact():
        whole = sum(known, ZERO)
    return tuple(EXACT.divide(part, whole) for part in known) if whole > 0 else None


def _progress(base: Decimal, buckets: Buckets, pending: Decimal) -> Progress:
    return Progress(
        completed=percent(buckets.received, base),
        pending=percent(max(ZERO, pending), base),
        rejected=percent(buckets.rejected, base),
        scrapped=percent(buckets.scrapped, base),
        wasted=percent(buckets.waste, base),
    )


def _order_efficiency(buckets: Buckets, final: Decimal | None, net: Decimal | None) -> Efficiency:
    """Domain 3.5; all None before the first receipt."""
    if final is None:
        return Efficiency(None, None, None, None)
    return Efficiency(
        output=percent(final, net),
        gross_waste=percent(_loss(buckets), net),
        net_waste=percent(buckets.waste, net),
        consumption=percent(_loss(buckets), final),
    )


def _loss(buckets: Buckets) -> Decimal:
    with exact():
        return buckets.waste + buckets.scrapped


def _flags(jobs: Sequence[JobFacts], pending: Decimal, efficiency: Efficiency) -> tuple[str, ...]:
    """What a reader should know before trusting the figures."""
    issued_missing = any(job.last_receipt is not None and not job.issued for job in jobs)
    is_fallback = any(
        base_of(job.requested, job.issued, job.buckets).is_fallback and job.buckets.accounted
        for job in jobs
    )
    above = any(
        value is not None and value > HUNDRED
        for value in (efficiency.output, efficiency.gross_waste, efficiency.net_waste)
    )
    found = {
        BASE_IS_FALLBACK: is_fallback,
        OVER_BASE: pending < 0,
        ISSUED_MISSING: issued_missing,
        ABOVE_HUNDRED: above,
    }
    return tuple(flag for flag, applies in found.items() if applies)


def _buckets_in(job: JobFacts, unit: str) -> Buckets:
    return job.buckets.in_unit(job.unit, unit)


def _base_in(job: JobFacts, unit: str) -> Decimal:
    return convert(base_of(job.requested, job.issued, job.buckets).weight, job.unit, unit)
