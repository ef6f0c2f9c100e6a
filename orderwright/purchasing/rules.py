"""What is true of a purchase order, and what follows from it (domain 1.14, 2.7, ruling 2).

Every quantity of a line is in the line's measure.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.numbers import EXACT, ZERO, round_half_up, trim
from orderwright.kernel.reasons import Reason
from orderwright.kernel.weight import TOLERANCE

COMPLETION_PLACES = 4

LINE_STATUSES = ("not_started", "partially_received", "received", "cancelled")
FULFILLMENT_STATUSES = (
    "not_started",
    "partially_received",
    "received",
    "completed",
    "on_hold",
    "cancelled",
)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is true of one line. `rejected` arrived beside what was received and was not taken."""

    id: UUID
    position: int
    ordered: Decimal
    unit: str = "pcs"
    cancelled: bool = False
    cancelled_quantity: Decimal = ZERO
    received: Decimal = ZERO
    rejected: Decimal = ZERO

    @property
    def effective(self) -> Decimal:
        """Ordered and not cancelled."""
        return max(ZERO, self.ordered - self.cancelled_quantity)

    @property
    def outstanding(self) -> Decimal:
        """Effective and not received; what conversion leaves below the tolerance is nothing."""
        left = self.effective - self.received
        return left if left > 0 and not (self.received and left <= TOLERANCE) else ZERO

    @property
    def is_cancelled(self) -> bool:
        """Nothing of it will ever arrive."""
        return self.cancelled or (not self.effective and not self.received)

    @property
    def is_fully_received(self) -> bool:
        """At least what is effective has arrived (ruling 2)."""
        return not self.is_cancelled and not self.outstanding

    @property
    def is_over_received(self) -> bool:
        """More has arrived than is effective."""
        return self.received > self.effective + TOLERANCE


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What is true of one purchase order."""

    number: str
    status: str
    lines: tuple[LineFacts, ...] = ()
    closed: bool = False
    manual_hold: bool = False
    hold_reason: str = ""
    supplier_active: bool = True

    @property
    def active_lines(self) -> tuple[LineFacts, ...]:
        """Its lines that are not cancelled."""
        return tuple(line for line in self.lines if not line.is_cancelled)

    @property
    def has_received(self) -> bool:
        """Whether anything has arrived that still stands."""
        return any(line.received > 0 or line.rejected > 0 for line in self.lines)


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived status and the facts that decided it; never without a reason."""

    status: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class CancelPlan:
    """`cancelled`: each line's new cancelled quantity; `flagged`: those to flag as cancelled;
    `skipped`: positions of lines that stay as they are."""

    cancelled: dict[UUID, Decimal]
    flagged: frozenset[UUID]
    skipped: tuple[int, ...]


def status_of_line(line: LineFacts) -> Derived:
    """Where one line stands, by what has arrived of it."""
    if line.is_cancelled:
        text = f"{trim(line.cancelled_quantity)} {line.unit} cancelled"
        return Derived("cancelled", (_reason("cancelled", line.cancelled_quantity, None, text),))
    text = f"{trim(line.received)} of {trim(line.effective)} {line.unit} received"
    because = (_reason("received", line.received, line.effective, text),)
    if not line.outstanding:
        return Derived("received", because)
    if line.received > 0:
        return Derived("partially_received", because)
    return Derived("not_started", because)


def fulfillment_of(order: OrderFacts) -> Derived:
    """What has physically happened to the order; the first that fits (domain 2.7)."""
    active = order.active_lines
    if not order.lines:
        return Derived("not_started", (Reason("lines", "0", None, None, "It has no lines"),))
    if not active:
        text = "Every line is cancelled"
        return Derived("cancelled", (Reason("cancelled", str(len(order.lines)), None, None, text),))
    done = [line for line in active if line.is_fully_received]
    arrived = Reason(
        "lines_received",
        str(len(done)),
        str(len(active)),
        f"purchase order {order.number}",
        f"{len(done)} of {len(active)} lines received",
    )
    if len(done) == len(active):
        if order.status == "fulfilled" or order.closed:
            return Derived("completed", (arrived,))
        return Derived("received", (arrived,))
    if any(line.received > 0 for line in active):
        return Derived("partially_received", (arrived,))
    if order.manual_hold:
        text = f"On hold: {order.hold_reason}" if order.hold_reason else "On hold"
        return Derived("on_hold", (Reason("hold", None, None, None, text),))
    return Derived("not_started", (arrived,))


def plan_automatic_move(order: OrderFacts) -> str | None:
    """The status that the order falls into by itself, or None (domain 2.7).

    An order of which every active line has arrived is fulfilled; one with something outstanding
    again, because a receipt was reversed or a quantity rose, is ordered.
    """
    active = order.active_lines
    done = bool(active) and all(line.is_fully_received for line in active)
    if order.status == "ordered" and done:
        return "fulfilled"
    if order.status == "fulfilled" and not done:
        return "ordered"
    return None


def completion_of(line: LineFacts) -> Decimal | None:
    """received ÷ effective, a fraction (ruling 2); None for a cancelled line."""
    return _fraction(line.received, line.effective)


def completion_of_order(lines: Iterable[LineFacts]) -> Decimal | None:
    """Σ received ÷ Σ effective over the active lines, where each counts up to what is effective:
    too much of one does not make up for what is missing of another."""
    active = [line for line in lines if not line.is_cancelled]
    arrived = sum((min(line.received, line.effective) for line in active), ZERO)
    return _fraction(arrived, sum((line.effective for line in active), ZERO))


def plan_cancel(order: OrderFacts, line_ids: Collection[UUID]) -> CancelPlan:
    """Cancel what is outstanding of these lines; what has arrived stays.

    Raises Invalid `unknown_line`, Conflict `nothing_to_cancel`.
    """
    known = {line.id: line for line in order.lines}
    if not line_ids or any(line_id not in known for line_id in line_ids):
        message = "This line does not stand on the order." if line_ids else "Choose a line."
        raise Invalid("unknown_line", message, fields={"line_ids": message})
    lines = [known[line_id] for line_id in dict.fromkeys(line_ids)]
    chosen = [line for line in lines if line.outstanding and not line.is_cancelled]
    if not chosen:
        message = "Nothing is outstanding on these lines that could be cancelled."
        raise Conflict("nothing_to_cancel", message)
    return CancelPlan(
        cancelled={line.id: line.cancelled_quantity + line.outstanding for line in chosen},
        flagged=frozenset(line.id for line in chosen if not line.received),
        skipped=tuple(line.position for line in lines if line not in chosen),
    )


def _fraction(part: Decimal, whole: Decimal) -> Decimal | None:
    if whole <= 0:
        return None
    return round_half_up(EXACT.divide(part, whole), COMPLETION_PLACES)


def _reason(fact: str, value: Decimal, of: Decimal | None, text: str) -> Reason:
    return Reason(fact, trim(value), None if of is None else trim(of), None, text)
