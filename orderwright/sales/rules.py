"""The facts of a sales order from which everything else is derived, and the rules of its lines.

Every quantity of a line is in the line's measure: its unit on the basis `quantity`, its weight unit
on the basis `weight` (domain 1.12, ruling 11). Whoever reads the facts converts sums of stock in the
product's default unit once, as a sum, so that twelve single pairs make one carton exactly.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.kernel.errors import Conflict
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

    `retrieved` is what open selections hold, `packed` the part of it in shipments that have not
    left; `shipped` counts shipments that have left and are not cancelled; `short` is what its
    reservation could not cover. `shipments` are those with a line for it, `returns` the numbers of
    the returns received for it.
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
