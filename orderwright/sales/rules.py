"""The facts of a sales order from which everything else is derived, and the rules of its lines.

Every quantity of a line is in the line's measure: its unit on the basis `quantity`, its weight
unit on the basis `weight` (domain 1.12, ruling 11). Whoever reads the facts converts sums of stock
in the product's default unit once, as a sum, so that twelve single pairs make one carton exactly.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.numbers import ZERO, trim
from orderwright.kernel.weight import TOLERANCE

STOCK_KIND = "product"  # the only kind of line that is reserved, selected, picked and shipped
DEAD_STAGES = frozenset({"voided"})


@dataclass(frozen=True, slots=True)
class JobFacts:
    """A production job of a line. `status` is that of domain 2.7."""

    number: str
    status: str


@dataclass(frozen=True, slots=True)
class ShipmentFacts:
    """A shipment of an order. `stage` and `tracking_status` are those of domain 2.6."""

    number: str
    stage: str = "shipped"
    tracking_status: str = "pending"

    @property
    def is_live(self) -> bool:
        """Neither voided nor cancelled."""
        return self.stage not in DEAD_STAGES and self.tracking_status != "cancelled"

    @property
    def is_sent(self) -> bool:
        """It has left and counts as shipped (domain 2.6, ruling 3)."""
        return self.stage == "shipped" and self.tracking_status != "cancelled"

    @property
    def is_packed(self) -> bool:
        """Boxed, and still here."""
        return self.stage == "packed" and self.tracking_status != "cancelled"


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is true of one line. Quantities are in the line's measure.

    `retrieved` is what open selections hold. `picked` includes what is `packed`, and that what has
    left in the meantime; `shipped` counts shipments that have left and are not cancelled; `short`
    is what its reservation could not cover. `shipments` are those with a line for it, `returns` the
    numbers of the returns received for it.
    """

    id: UUID
    position: int
    ordered: Decimal
    kind: str = STOCK_KIND
    basis: str = "quantity"
    unit: str = "pcs"
    cancelled: bool = False
    cancelled_quantity: Decimal = ZERO
    retrieved: Decimal = ZERO
    picked: Decimal = ZERO
    packed: Decimal = ZERO
    shipped: Decimal = ZERO
    returned: Decimal = ZERO
    invoiced: Decimal = ZERO
    short: Decimal = ZERO
    ready: bool = False
    ready_forced: bool = False
    product_active: bool = True
    has_price: bool = True
    jobs: tuple[JobFacts, ...] = ()
    shipments: tuple[ShipmentFacts, ...] = ()
    returns: tuple[str, ...] = ()

    @property
    def is_stock(self) -> bool:
        """Whether it is a line of goods; the others have no status."""
        return self.kind == STOCK_KIND

    @property
    def effective(self) -> Decimal:
        """Ordered and not cancelled."""
        return max(ZERO, self.ordered - self.cancelled_quantity)

    @property
    def outstanding(self) -> Decimal:
        """Effective and not shipped; what conversion leaves below the tolerance is nothing."""
        left = self.effective - self.shipped
        if left <= 0 or (self.shipped and left <= TOLERANCE):
            return ZERO
        return left

    @property
    def is_cancelled(self) -> bool:
        """Nothing of it will ever leave (domain 2.2, first rule)."""
        return self.cancelled or (not self.effective and not self.shipped)

    @property
    def to_select(self) -> Decimal:
        """Outstanding and not in an open selection."""
        return max(ZERO, self.outstanding - self.retrieved)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What is true of one sales order. `jobs` are those that belong to none of its lines.

    `invoices` counts invoices that are not void, `drafts` the drafts among them; `payments` counts
    payments and deposits; `paid_in_full` and `prepaid` decide about the warning of domain 4.4.
    `settled`: what was paid is exactly what is due.
    """

    number: str
    status: str
    lines: tuple[LineFacts, ...] = ()
    shipments: tuple[ShipmentFacts, ...] = ()
    customer_status: str = "normal"
    manual_hold: bool = False
    hold_reason: str | None = None
    reopened: bool = False
    jobs: tuple[JobFacts, ...] = ()
    invoices: int = 0
    drafts: int = 0
    payments: int = 0
    prepaid: bool = False
    paid_in_full: bool = False
    settled: bool = False

    @property
    def stock_lines(self) -> tuple[LineFacts, ...]:
        """Its lines of goods."""
        return tuple(line for line in self.lines if line.is_stock)

    @property
    def active_lines(self) -> tuple[LineFacts, ...]:
        """Its lines of goods that are not cancelled."""
        return tuple(line for line in self.lines if line.is_stock and not line.is_cancelled)

    @property
    def has_sent(self) -> bool:
        """Whether a shipment of it has left and was not cancelled."""
        return any(shipment.is_sent for shipment in self.shipments)

    @property
    def packed_shipments(self) -> tuple[ShipmentFacts, ...]:
        """Shipments that are boxed and still here."""
        return tuple(shipment for shipment in self.shipments if shipment.is_packed)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that an action on several lines leaves as it is, and why."""

    line_id: UUID
    why: str


@dataclass(frozen=True, slots=True)
class CancelPlan:
    """`cancelled`: each line's new cancelled quantity; `flagged`: those to flag as cancelled."""

    cancelled: dict[UUID, Decimal]
    flagged: frozenset[UUID]
    skipped: tuple[Skipped, ...]


def check_ready(line: LineFacts, *, force_ready: bool) -> None:
    """A line is ready when open selections hold all that is outstanding (domain 2.2).

    Raises Conflict `not_enough_selected` unless the person forces it, and `nothing_outstanding`
    when there is nothing left to be ready.
    """
    if not line.outstanding:
        message = f"Line {line.position} has nothing outstanding, so it cannot be ready."
        raise Conflict("nothing_outstanding", message, details={"line_id": str(line.id)})
    if line.to_select > TOLERANCE and not force_ready:
        message = (
            f"Line {line.position} has {trim(line.retrieved)} of {trim(line.outstanding)} "
            f"{line.unit} selected. Select the rest, or force it to be ready."
        )
        details = {
            "line_id": str(line.id),
            "selected": trim(line.retrieved),
            "outstanding": trim(line.outstanding),
        }
        raise Conflict("not_enough_selected", message, details=details)


def keeps_ready(line: LineFacts) -> bool:
    """Whether a ready line stays ready after its facts changed (domain 2.2, ruling 4).

    It does not when nothing is outstanding, nor when less is selected than is outstanding, unless
    a person had forced it.
    """
    if not line.ready or not line.outstanding or line.is_cancelled:
        return False
    return line.ready_forced or line.to_select <= TOLERANCE


def plan_cancel(order: OrderFacts, line_ids: Collection[UUID]) -> CancelPlan:
    """What cancelling these lines changes: what is outstanding of each is cancelled (domain 4.10).

    A line with a shipped part keeps it and is not flagged. Lines that are cancelled already, that
    have shipped in full or that are generated are skipped, with the reason. Raises Invalid
    `unknown_line`, Conflict `shipment_packed` while a packed shipment holds one of them, and
    `nothing_to_cancel` when every line would be skipped.
    """
    lines = _lines_of(order, line_ids)
    cancelled: dict[UUID, Decimal] = {}
    skipped = []
    for line in lines:
        why = _why_not_cancel(line)
        if why is None:
            _check_not_packed(line)
            cancelled[line.id] = line.cancelled_quantity + line.outstanding
        else:
            skipped.append(Skipped(line.id, why))
    if not cancelled:
        message = "Nothing to cancel: " + " ".join(item.why for item in skipped)
        raise Conflict("nothing_to_cancel", message.strip())
    flagged = frozenset(line.id for line in lines if line.id in cancelled and not line.shipped)
    return CancelPlan(cancelled, flagged, tuple(skipped))


def plan_restore(order: OrderFacts, line_ids: Collection[UUID]) -> tuple[UUID, ...]:
    """The lines whose cancellation is taken back whole (domain 4.10).

    Raises Invalid `unknown_line`, and Conflict `nothing_to_restore` when none has a cancelled part.
    """
    restored = tuple(
        line.id
        for line in _lines_of(order, line_ids)
        if line.cancelled or line.cancelled_quantity > 0
    )
    if not restored:
        message = "Nothing to restore: none of these lines has a cancelled part."
        raise Conflict("nothing_to_restore", message)
    return restored


def _lines_of(order: OrderFacts, line_ids: Collection[UUID]) -> list[LineFacts]:
    known = {line.id: line for line in order.lines}
    unknown = [line_id for line_id in line_ids if line_id not in known]
    if unknown or not line_ids:
        message = "This line does not stand on the order." if unknown else "Name at least one line."
        details = {"line_ids": [str(line_id) for line_id in unknown]}
        raise Invalid("unknown_line", message, fields={"line_ids": message}, details=details)
    return [known[line_id] for line_id in dict.fromkeys(line_ids)]


def _why_not_cancel(line: LineFacts) -> str | None:
    if line.kind in ("freight", "discount"):
        return f"Line {line.position} follows from the others."
    if line.is_cancelled:
        return f"Line {line.position} is cancelled already."
    if not line.outstanding:
        return f"Line {line.position} has shipped in full."
    return None


def _check_not_packed(line: LineFacts) -> None:
    if line.packed > line.shipped + TOLERANCE:
        numbers = [shipment.number for shipment in line.shipments if shipment.is_packed]
        message = (
            f"Line {line.position} is packed in shipment {', '.join(numbers)}; void it first."
            if numbers
            else f"Line {line.position} is packed; void that shipment first."
        )
        raise Conflict("shipment_packed", message, details={"shipments": numbers})
