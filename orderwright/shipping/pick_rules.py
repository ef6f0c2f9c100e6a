"""What the pick of an order must be: a pure function of the order (domain 2.1, 2.9, 4.8).

Per line of goods: outstanding to pick = ordered - cancelled - packed. More than nothing keeps
exactly one open row, nothing deletes it with what was picked for it. A pick is finished when it
has no open row, and gone when it has no row at all. Quantities are in the line's measure.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from orderwright.kernel.errors import Conflict
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.weight import TOLERANCE

NO_DAY = date(9999, 12, 31)  # required on no day: last in the queue
PRIORITY_RANKS = MappingProxyType({"high": 0, "normal": 1, "low": 2})
PICKED_STATUSES = frozenset({"issued", "fulfilled", "completed"})


@dataclass(frozen=True, slots=True)
class LineToPick:
    """A line of goods: `effective` is ordered and not cancelled, `picked` includes `packed`."""

    id: UUID
    effective: Decimal
    picked: Decimal = ZERO
    packed: Decimal = ZERO

    @property
    def outstanding(self) -> Decimal:
        """What is still to be packed; what conversion leaves below the tolerance is nothing."""
        left = self.effective - self.packed
        return left if left > 0 and not (self.packed and left <= TOLERANCE) else ZERO

    @property
    def waiting(self) -> Decimal:
        """Picked and not packed."""
        return max(ZERO, self.picked - self.packed)


@dataclass(frozen=True, slots=True)
class OrderToPick:
    """An order as its pick sees it."""

    status: str
    priority: str
    date_required: date | None
    lines: tuple[LineToPick, ...]


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An open row as it must stand: what it asks for, and what was picked of it."""

    line_id: UUID
    ordered: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class PickPlan:
    """What to write. `verb`: `create`, `change`, `delete`, or `keep` when there is nothing to do.

    `rows` are open rows to make or correct, `closed` the lines whose open row goes, `picked` the
    lines whose picked quantity the order has to take over.
    """

    verb: str
    rows: tuple[OpenRow, ...] = ()
    closed: tuple[UUID, ...] = ()
    picked: Mapping[UUID, Decimal] = field(default_factory=dict)
    is_finished: bool = False
    priority_rank: int = 1
    due_on: date = NO_DAY


def plan_pick(before: OrderToPick, after: OrderToPick) -> PickPlan:
    """What the change of an order does to its pick, from the order alone.

    An estimate has no pick and nothing picked. A line that is packed in full, or that wants nothing
    any more, keeps only what is packed as picked (invariant 6).
    """
    had, wants = _has_pick(before), _has_pick(after)
    kept = {line.id: _settled(line, is_picked=wants) for line in after.lines}
    picked = {line.id: kept[line.id].picked for line in after.lines if kept[line.id] != line}
    if not wants:
        return PickPlan("delete" if had else "keep", picked=picked)
    known = {line.id: line for line in before.lines} if had else {}
    rows = tuple(
        OpenRow(line.id, line.outstanding, line.waiting)
        for line in kept.values()
        if line.outstanding and _open_row(line) != _open_row(known.get(line.id))
    )
    plan = PickPlan(
        "change" if had else "create",
        rows=rows,
        closed=_closed(known, kept),
        picked=picked,
        is_finished=not any(line.outstanding for line in kept.values()),
        priority_rank=PRIORITY_RANKS[after.priority],
        due_on=due_on(after),
    )
    if had and not rows and not plan.closed and _head(before) == _head(after):
        return replace(plan, verb="keep")
    return plan


def due_on(order: OrderToPick) -> date:
    """The day on which the queue takes the order to be due."""
    return order.date_required or NO_DAY


def number_after(number: str, taken: Collection[str]) -> str:
    """The number of an order's next shipment: its own, then -2, -3 (domain 1.16).

    `taken` are the numbers of its shipments; one that was linked has a number of its own.
    """
    own = [name for name in taken if name == number or name.startswith(f"{number}-")]
    places = [int(name[len(number) + 1 :] or 1) for name in own if _is_place(name, number)]
    return f"{number}-{max(places) + 1}" if places else number


def check_may_be_voided(numbers: Sequence[str]) -> None:
    """A pick starts again only while no live shipment holds anything of it (domain 4.8).

    Raises Conflict `shipment_exists` with the numbers of those that do.
    """
    if numbers:
        message = f"Shipment {', '.join(numbers)} exists. Void it first."
        raise Conflict("shipment_exists", message, details={"shipments": list(numbers)})


def _has_pick(order: OrderToPick) -> bool:
    if order.status not in PICKED_STATUSES:
        return False
    return any(line.outstanding or line.packed for line in order.lines)


def _settled(line: LineToPick, *, is_picked: bool) -> LineToPick:
    if is_picked and line.outstanding:
        return line
    return line if line.picked == line.packed else replace(line, picked=line.packed)


def _open_row(line: LineToPick | None) -> tuple[Decimal, Decimal, Decimal] | None:
    """What decides about the open row; packed too, because packing takes the open row away."""
    if line is None or not line.outstanding:
        return None
    return line.outstanding, line.waiting, line.packed


def _closed(
    before: Mapping[UUID, LineToPick], after: Mapping[UUID, LineToPick]
) -> tuple[UUID, ...]:
    return tuple(
        line.id
        for line in before.values()
        if line.outstanding and line.id in after and not after[line.id].outstanding
    )


def _head(order: OrderToPick) -> tuple[bool, int, date]:
    is_finished = not any(line.outstanding for line in order.lines)
    return is_finished, PRIORITY_RANKS[order.priority], due_on(order)


def _is_place(name: str, number: str) -> bool:
    return name == number or name[len(number) + 1 :].isdigit()


def check_issued(status: str) -> None:
    """Goods are picked, packed and shipped for an issued order only (ruling 6).

    Raises Conflict `not_issued` for an estimate, `invalid_transition` for what is at its end.
    """
    if status == "issued":
        return
    details = {"status": status, "needed": ["issued"]}
    if status == "estimate":
        raise Conflict("not_issued", "Issue the order first.", details=details)
    message = f"This order is {status}; it must be issued. Reopen it first."
    raise Conflict("invalid_transition", message, details=details)
