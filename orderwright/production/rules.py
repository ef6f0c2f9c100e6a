"""Jobs and runs: where they stand and what may be done with them (domain 2.7, 4.5, 4.16)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from orderwright.kernel.errors import Invalid
from orderwright.kernel.lifecycle import Allowed, Lifecycle, Move
from orderwright.kernel.numbers import EXACT, ZERO, round_half_up
from orderwright.kernel.quantity import decimals_allowed

OPEN = ("unscheduled", "scheduled", "ongoing")

LIFECYCLE = Lifecycle(
    "production job",
    (
        Move("issue-material", OPEN),
        Move("receive", OPEN),
        Move("complete", ("ongoing",), "completed"),
        Move("reopen", ("completed",)),
        Move("cancel", OPEN, "cancelled"),
        Move("edit", OPEN),
    ),
)

# Who may take them: a Member receives and issues material (domain 1.2, 4.16).
PERMISSIONS = LIFECYCLE.needing("production:update")


@dataclass(frozen=True, slots=True)
class JobState:
    """The facts that decide where a job stands."""

    has_inputs: bool = False
    has_receipts: bool = False
    issued_on: date | None = None
    deadline: date | None = None
    is_completed: bool = False
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class LineToMake:
    """A line of an estimate as a production run sees it; quantities in the line's unit."""

    id: UUID
    position: int
    ordered: Decimal
    unit: str
    available: Decimal
    is_manufactured: bool
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """What a run makes for one line: pieces in the line's unit, and their weight if known."""

    line_id: UUID
    make: Decimal
    weight: Decimal | None


def status_of_job(job: JobState) -> str:
    """Where a job stands; the first that fits (domain 2.7)."""
    if job.is_cancelled:
        return "cancelled"
    if job.is_completed:
        return "completed"
    if job.has_inputs or job.has_receipts:
        return "ongoing"
    if job.issued_on is not None or job.deadline is not None:
        return "scheduled"
    return "unscheduled"


def status_of_run(jobs: Collection[str]) -> str:
    """Pending until a job has begun; completed once all that are not cancelled are."""
    live = [status for status in jobs if status != "cancelled"]
    if live and all(status == "completed" for status in live):
        return "completed"
    if any(status in ("ongoing", "completed") for status in live):
        return "in_progress"
    return "pending"


def check(action: str, status: str) -> None:
    """Refuse the action unless the job's status allows it. Raises Conflict
    `invalid_transition`."""
    LIFECYCLE.plan_move(action, status)


def allowed_actions(status: str, permissions: Collection[str]) -> tuple[Allowed, ...]:
    """Every action in the order of the table. A missing permission is named first."""
    return LIFECYCLE.allowed(
        permissions,
        needed=PERMISSIONS,
        refuses=lambda action: LIFECYCLE.refusal(action, status),
    )


def suggested(line: LineToMake) -> Decimal:
    """What stock does not cover: max(0, ordered − max(0, available)) (domain 4.5)."""
    return max(ZERO, line.ordered - max(ZERO, line.available))


def plan_run(lines: Sequence[LineToMake], wanted: dict[UUID, Decimal] | None) -> list[Making]:
    """What a run makes: what was asked for, or what is suggested of everything manufactured.

    The weight is the line's share: weight × make ÷ ordered. Raises Invalid `unknown_line`,
    `not_manufactured`, `nothing_to_make`.
    """
    known = {line.id: line for line in lines}
    for index, line_id in enumerate(wanted or {}):
        if line_id not in known:
            message = "This line does not stand on the order."
            raise Invalid("unknown_line", message, fields={f"lines.{index}.line_id": message})
        if not known[line_id].is_manufactured:
            message = f"The product of line {known[line_id].position} is not manufactured."
            raise Invalid("not_manufactured", message, fields={f"lines.{index}.line_id": message})
    made = [
        (line, suggested(line) if wanted is None else wanted.get(line.id, ZERO))
        for line in lines
        if line.is_manufactured
    ]
    found = [Making(line.id, make, _weight_of(line, make)) for line, make in made if make > 0]
    if not found:
        message = (
            "There is nothing to make: stock covers what is manufactured."
            if any(line.is_manufactured for line in lines)
            else "None of the products is manufactured."
        )
        raise Invalid("nothing_to_make", message, fields={"lines": message})
    return found


def split_pieces(
    pieces: Decimal, issued: Sequence[Decimal], *, distribution: str, unit: str = "pcs"
) -> tuple[Decimal, ...]:
    """Requested pieces shared among inputs (domain 3.7).

    `match_issued`: in proportion to what was issued, whole pieces, the largest remainders first;
    `split_evenly`: the same for each, the remainder to the first ones.
    """
    if not issued:
        return ()
    places = decimals_allowed(unit)
    step = Decimal(1).scaleb(-places)
    weights = list(issued)
    if distribution == "split_evenly" or not any(weights):
        weights = [Decimal(1)] * len(issued)
    whole = sum(weights, ZERO)
    exact = [EXACT.divide(EXACT.multiply(pieces, weight), whole) for weight in weights]
    floors = [_floor(share, step) for share in exact]
    left = int((pieces - sum(floors, ZERO)) / step)
    order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for index in order[:left]:
        floors[index] += step
    return tuple(floors)


def _floor(value: Decimal, step: Decimal) -> Decimal:
    return (value // step) * step


def _weight_of(line: LineToMake, make: Decimal) -> Decimal | None:
    if line.weight is None:
        return None
    return round_half_up(EXACT.divide(EXACT.multiply(line.weight, make), line.ordered), 6)
