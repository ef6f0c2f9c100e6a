"""A purchase order as pages and answers show it, and the facts for the rules that stand in it.

Quantities of a line are in the line's unit; money is in the order's currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.kernel.lifecycle import Allowed
from orderwright.kernel.numbers import ZERO
from orderwright.purchasing.lifecycle import allowed_actions
from orderwright.purchasing.rules import (
    Derived,
    LineFacts,
    OrderFacts,
    completion_of,
    completion_of_order,
    status_of_line,
)


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line, in the order of the columns of `sql.LINES`."""

    id: UUID
    position: int
    product_id: UUID | None
    sku: str
    description: str
    basis: str
    ordered: Decimal
    unit: str
    unit_ratio: Decimal
    requested_weight: Decimal | None
    weight_unit: str
    size: str
    shape: str
    color: str
    quality: str
    material: str
    unit_price: Decimal
    line_total: Decimal
    is_cancelled: bool
    cancelled_quantity: Decimal
    cancel_reason: str
    received: Decimal
    rejected: Decimal
    needed_by: date | None
    stock_unit: str
    product_name: str
    product_is_active: bool
    weight_per_unit: Decimal | None
    product_weight_unit: str
    short: Decimal

    def facts(self) -> LineFacts:
        """The line as the rules take it."""
        return LineFacts(
            id=self.id,
            position=self.position,
            ordered=self.ordered,
            unit=self.unit,
            cancelled=self.is_cancelled,
            cancelled_quantity=self.cancelled_quantity,
            received=self.received,
            rejected=self.rejected,
        )

    @property
    def status(self) -> Derived:
        """Where the line stands, with the reasons."""
        return status_of_line(self.facts())

    @property
    def effective(self) -> Decimal:
        """Ordered and not cancelled."""
        return self.facts().effective

    @property
    def outstanding(self) -> Decimal:
        """Effective and not received."""
        return self.facts().outstanding

    @property
    def completion(self) -> Decimal | None:
        """received ÷ effective, a fraction."""
        return completion_of(self.facts())


@dataclass(frozen=True, slots=True)
class OrderRow:
    """The head of a purchase order, in the order of the columns of `sql.ORDER`."""

    id: UUID
    number: str
    version: int
    status: str
    is_closed: bool
    closed_at: datetime | None
    fulfillment_status: str
    fulfillment_reasons: list[dict[str, Any]]
    acknowledgment_status: str
    supplier_id: UUID
    supplier_number: str
    supplier_name: str
    supplier_email: str
    supplier_is_active: bool
    order_lead_id: UUID
    order_lead_name: str
    supplier_reference: str
    notes: str
    internal_note: str
    date_required: date | None
    order_deadline: date | None
    promised_at: date | None
    priority: str
    currency: str
    internal_budget: Decimal | None
    payment_term_id: UUID | None
    payment_term_name: str | None
    shipping_term_id: UUID | None
    shipping_term_name: str | None
    carrier_id: UUID | None
    carrier_name: str | None
    location_id: UUID | None
    location_name: str | None
    bill_to: dict[str, Any]
    ship_to: dict[str, Any]
    manual_hold: bool
    hold_reason: str
    terms_accepted_at: datetime | None
    terms_accepted_by: str
    issued_at: datetime | None
    fulfilled_at: datetime | None
    subtotal: Decimal
    source: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A purchase order with its lines."""

    head: OrderRow
    lines: tuple[LineRow, ...] = field(default=())

    @property
    def id(self) -> UUID:
        """The order's id."""
        return self.head.id

    @property
    def completion(self) -> Decimal | None:
        """How much of it has arrived, a fraction; None when nothing is active."""
        return completion_of_order(line.facts() for line in self.lines)

    def facts(self) -> OrderFacts:
        """The order as the rules take it."""
        return facts_of(self.head, self.lines)

    def allowed(self, permissions: frozenset[str]) -> tuple[Allowed, ...]:
        """What may be done with it now."""
        return allowed_actions(self.facts(), permissions)

    def lines_by_id(self) -> dict[UUID, LineRow]:
        """The lines, to be looked up."""
        return {line.id: line for line in self.lines}


@dataclass(frozen=True, slots=True)
class Worth:
    """What lines cost: ordered, received and still to come, in the order's currency."""

    ordered: Decimal
    received: Decimal
    yet_to_receive: Decimal


def worth_of(lines: Iterable[LineRow]) -> Worth:
    """Quantity × price of what is effective, received and outstanding (domain 1.14, 3.7).

    Not rounded: whoever shows it rounds to the currency's minor unit.
    """
    ordered = received = outstanding = ZERO
    for line in lines:
        ordered += line.effective * line.unit_price
        received += line.received * line.unit_price
        outstanding += line.outstanding * line.unit_price
    return Worth(ordered, received, outstanding)


def facts_of(head: OrderRow, lines: Iterable[LineRow]) -> OrderFacts:
    """The facts of an order from its rows."""
    return OrderFacts(
        number=head.number,
        status=head.status,
        lines=tuple(line.facts() for line in lines),
        closed=head.is_closed,
        manual_hold=head.manual_hold,
        hold_reason=head.hold_reason,
        supplier_active=head.supplier_is_active,
    )
