"""A pick as pages and answers show it: what to fetch for an order, from where, and what is done.

Quantities of a line are in the line's measure (its unit, or its weight unit when it goes by
weight); those of lots and selections are in the product's default unit.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class PickPlace:
    """Where a pick stands in the queue: high priority first, then what is required first."""

    priority_rank: int
    due_on: date
    id: UUID

    def as_text(self) -> str:
        """The place as the cursor of a list."""
        return f"{self.priority_rank} {self.due_on.isoformat()} {self.id}"


def place_of(text: str) -> PickPlace:
    """The place that `PickPlace.as_text` wrote. Raises ValueError for any other text."""
    rank, due_on, id_ = text.split(" ")
    return PickPlace(int(rank), date.fromisoformat(due_on), UUID(id_))


@dataclass(frozen=True, slots=True)
class SuggestedLot:
    """A lot from which a line can be picked. Quantity and weight are what is on hand."""

    lot_id: UUID
    tag_id: str
    location_name: str
    rack: str
    quantity: Decimal
    unit: str
    weight: Decimal
    weight_unit: str


@dataclass(frozen=True, slots=True)
class OpenSelection:
    """Stock that was selected for the line and waits to be packed."""

    id: UUID
    lot_id: UUID
    tag_id: str
    location_name: str
    rack: str
    quantity: Decimal
    unit: str
    weight: Decimal
    weight_unit: str


@dataclass(frozen=True, slots=True)
class PickLineRow:
    """A row of a pick. A line of the order has one open row while something of it is to be packed,
    and a row for each shipment that it was packed into.

    `ordered_quantity` is what the row asks for, `quantity` what was picked of it.
    """

    id: UUID
    line_id: UUID
    position: int
    product_id: UUID
    sku: str
    product_name: str
    description: str
    unit: str
    basis: str
    size: str
    shape: str
    color: str
    quality: str
    material: str
    ordered_quantity: Decimal
    quantity: Decimal
    packed_at: datetime | None
    shipment_id: UUID | None
    shipment_number: str | None
    suggested_lots: tuple[SuggestedLot, ...] = ()
    open_selections: tuple[OpenSelection, ...] = ()

    @property
    def is_open(self) -> bool:
        """Not packed yet."""
        return self.packed_at is None

    @property
    def outstanding_to_pick(self) -> Decimal:
        """Asked for and not picked yet."""
        return max(ZERO, self.ordered_quantity - self.quantity) if self.is_open else ZERO


@dataclass(frozen=True, slots=True)
class PickHead:
    """The head of a pick, with what its page says of the order. `number` is the order's."""

    id: UUID
    number: str
    version: int
    status: str
    finished_at: datetime | None
    note: str
    order_id: UUID
    order_status: str
    fulfillment_status: str
    customer_id: UUID
    customer_name: str
    customer_status: str
    customer_po_number: str
    ship_to: dict[str, Any]
    priority: str
    date_required: date | None
    carrier_id: UUID
    carrier_name: str
    carrier_option_name: str | None
    manual_hold: bool
    hold_reason: str
    created_at: datetime
    updated_at: datetime

    @property
    def is_held(self) -> bool:
        """Whether shipping is blocked; picking and packing are not (domain 2.8)."""
        return self.manual_hold or self.customer_status in ("hold_all", "hold_shipment")


@dataclass(frozen=True, slots=True)
class PickPage:
    """A pick with its rows: by the order's positions, packed rows before the open one."""

    head: PickHead
    lines: tuple[PickLineRow, ...]

    @property
    def open_lines(self) -> tuple[PickLineRow, ...]:
        """The rows that are not packed yet."""
        return tuple(line for line in self.lines if line.is_open)

    @property
    def may_be_voided(self) -> bool:
        """Nothing of it is packed, and something was picked."""
        return all(line.is_open for line in self.lines) and any(
            line.quantity for line in self.lines
        )


@dataclass(frozen=True, slots=True)
class PickRow:
    """One pick in the queue. Counts are of its rows; `completion` is 0 to 1 (domain 1.15)."""

    id: UUID
    number: str
    version: int
    status: str
    finished_at: datetime | None
    order_id: UUID
    order_status: str
    fulfillment_status: str
    customer_id: UUID
    customer_name: str
    customer_status: str
    priority: str
    priority_rank: int
    date_required: date | None
    due_on: date
    carrier_name: str
    manual_hold: bool
    created_at: datetime
    updated_at: datetime
    line_count: int
    picked_count: int
    packed_count: int
    completion: Decimal

    @property
    def place(self) -> PickPlace:
        """Where the next page of the queue goes on."""
        return PickPlace(self.priority_rank, self.due_on, self.id)

    @property
    def is_held(self) -> bool:
        """Whether shipping is blocked; picking and packing are not (domain 2.8)."""
        return self.manual_hold or self.customer_status in ("hold_all", "hold_shipment")


@dataclass(frozen=True, slots=True)
class PickFilter:
    """What the queue is narrowed to."""

    status: str | None = None
    q: str | None = None
    order_id: UUID | None = None
    priority: str | None = None
