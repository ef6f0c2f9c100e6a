"""An order as pages and answers show it, and the facts for the rules that stand in it.

`OrderPage` is what the order page renders and what the API serialises: they cannot drift apart.
Quantities of a line are in the line's unit; money is in the order's currency.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.kernel.lifecycle import Allowed
from orderwright.kernel.numbers import EXACT, ONE, ZERO
from orderwright.kernel.quantity import round_quantity
from orderwright.sales.allowed import allowed_actions
from orderwright.sales.facts import PREPAID_TIMINGS, facts_of, facts_of_lines, line_facts
from orderwright.sales.money import LineValue, MoneyTold, StageTotal, money_of, stage_totals
from orderwright.sales.rules import LineFacts, OrderFacts

__all__ = ["PREPAID_TIMINGS", "LineRow", "OrderPage", "OrderRow", "facts_of", "line_facts"]


@dataclass(slots=True)
class LineRow:
    """One line, in the order of the columns of `sql.LINES`.

    Nobody changes a row: a change makes a new one (`with_values`). It is not frozen because making
    a frozen one of so many fields takes ten times as long, and an order has thousands of lines.
    """

    id: UUID
    position: int
    kind: str
    product_id: UUID | None
    reservation_id: UUID | None
    sku: str
    description: str
    basis: str
    ordered: Decimal
    unit: str
    unit_ratio: Decimal
    requested_weight: Decimal | None
    weight_unit: str
    weight_basis: str
    size: str
    shape: str
    color: str
    quality: str
    material: str
    unit_price: Decimal
    price_locked: bool
    price_source: str
    price_breakdown: list[dict[str, Any]]
    line_total: Decimal
    discount_share: Decimal
    tax_rate: Decimal
    tax: Decimal
    unit_cost: Decimal | None
    is_cancelled: bool
    cancelled_quantity: Decimal
    cancel_reason: str
    ready: bool
    ready_forced: bool
    retrieved: Decimal
    picked: Decimal
    packed: Decimal
    shipped: Decimal
    returned: Decimal
    invoiced: Decimal
    over_ship_confirmed: bool
    status: str | None
    reasons: list[dict[str, Any]]
    shipment_status: str
    needed_by: date | None
    line_priority: str
    required: Decimal
    covered: Decimal
    stock_unit: str
    product_is_active: bool
    product_name: str
    weight_per_unit: Decimal | None
    product_weight_unit: str
    short_closed_quantity: Decimal

    @property
    def is_generated(self) -> bool:
        """Freight and discount lines, which nobody typed."""
        return self.kind in ("freight", "discount")

    @property
    def is_stock(self) -> bool:
        """A line of goods."""
        return self.kind == "product"

    @property
    def reserved_quantity(self) -> Decimal:
        """Covered by stock, in the line's unit."""
        return self.in_line_units(self.covered)

    @property
    def short_quantity(self) -> Decimal:
        """Promised without stock behind it, in the line's unit."""
        return self.in_line_units(self.required - self.covered)

    @property
    def effective(self) -> Decimal:
        """Ordered and not cancelled."""
        return max(ZERO, self.ordered - self.cancelled_quantity)

    @property
    def outstanding(self) -> Decimal:
        """Effective and not shipped."""
        return max(ZERO, self.effective - self.shipped)

    @property
    def fulfilled(self) -> Decimal:
        """Assigned to the line: selected or shipped (domain 1.12)."""
        return self.retrieved + self.shipped

    def in_line_units(self, stock: Decimal) -> Decimal:
        """A quantity of the reservation's measure, in the line's unit, at six decimals."""
        if not stock:
            return ZERO
        if self.unit_ratio == ONE:
            return stock
        return round_quantity(EXACT.divide(stock, self.unit_ratio))


@dataclass(frozen=True, slots=True)
class OrderRow:
    """The head of an order, in the order of the columns of `sql.ORDER`."""

    id: UUID
    number: str
    version: int
    status: str
    fulfillment_status: str
    fulfillment_reasons: list[dict[str, Any]]
    payment_status: str
    acknowledgment_status: str
    manual_hold: bool
    hold_reason: str
    held_at: datetime | None
    customer_id: UUID
    customer_number: str
    customer_name: str
    customer_status: str
    order_lead_id: UUID
    order_lead_name: str
    sales_rep_id: UUID | None
    sales_rep_name: str | None
    customer_po_number: str
    notes: str
    internal_note: str
    date_required: date | None
    order_deadline: date | None
    promised_at: date | None
    priority: str
    currency: str
    internal_budget: Decimal | None
    payment_term_id: UUID
    payment_term_name: str
    payment_timing: str
    shipping_term_id: UUID
    shipping_term_name: str
    carrier_id: UUID
    carrier_name: str
    carrier_code: str
    carrier_option_id: UUID | None
    carrier_option_name: str | None
    bill_to: dict[str, Any]
    ship_to: dict[str, Any]
    acknowledgement_contacts: list[dict[str, Any]]
    invoice_contacts: list[dict[str, Any]]
    discount_code_id: UUID | None
    discount_code: str | None
    issued_at: datetime | None
    fulfilled_at: datetime | None
    completed_at: datetime | None
    reopened_at: datetime | None
    first_shipped_at: datetime | None
    created_at: datetime
    updated_at: datetime
    subtotal: Decimal
    discount_total: Decimal
    freight: Decimal
    tax: Decimal
    grand_total: Decimal
    pricing_flags: list[str]
    source: str
    told: dict[str, Any]

    @property
    def money(self) -> MoneyTold:
        """Its invoices and payments, as invoicing told."""
        return money_of(self.told)

    @property
    def shipments(self) -> list[dict[str, Any]]:
        """Its shipments, as shipping told: id, number, stage, tracking_status, line_ids."""
        found: list[dict[str, Any]] = self.told.get("shipments", [])
        return found

    @property
    def jobs(self) -> list[dict[str, Any]]:
        """Its production jobs, as production told: id, number, status, line_id."""
        found: list[dict[str, Any]] = self.told.get("jobs", [])
        return found

    @property
    def returns(self) -> list[dict[str, Any]]:
        """Its returns that were received: id, number, line_ids."""
        found: list[dict[str, Any]] = self.told.get("returns", [])
        return found


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order with its lines. `locked_products`: whose stock this transaction holds locked."""

    head: OrderRow
    lines: tuple[LineRow, ...]
    locked_products: frozenset[UUID] = field(default=frozenset(), compare=False)

    @property
    def id(self) -> UUID:
        """The order's id."""
        return self.head.id

    @property
    def stamp(self) -> str:
        """A text that changes with everything about the order, as `queries.order_stamp` says."""
        return stamp_text(self.head.version, self.head.updated_at)

    def line(self, line_id: UUID) -> LineRow | None:
        """The line with this id, or None. For one line; many are looked up in `lines_by_id`."""
        return next((line for line in self.lines if line.id == line_id), None)

    def lines_by_id(self) -> dict[UUID, LineRow]:
        """Every line by its id."""
        return {line.id: line for line in self.lines}

    def facts(self) -> OrderFacts:
        """What the rules of sales take."""
        return facts_of(self.head, self.lines)

    def facts_of(self, line: LineRow) -> LineFacts:
        """What the rules take of one line."""
        (facts,) = facts_of_lines(self.head, [line])
        return facts

    def allowed(
        self, permissions: Collection[str], *, is_admin: bool = False
    ) -> tuple[Allowed, ...]:
        """Every action with whether a caller of these permissions may take it now."""
        return allowed_actions(self.facts(), permissions, is_admin=is_admin)

    def stage_totals(self) -> dict[str, StageTotal]:
        """How much of its lines' value has come to each stage; services leave with the end."""
        done = self.head.status in ("fulfilled", "completed")
        return stage_totals(
            (
                LineValue(
                    line.line_total,
                    line.effective,
                    picked=line.picked,
                    packed=line.packed,
                    shipped=line.effective if done and not line.is_stock else line.shipped,
                    invoiced=line.invoiced,
                )
                for line in self.lines
                if not line.is_generated
            ),
            self.head.currency,
        )


def stamp_text(version: int, updated_at: datetime) -> str:
    """What a page remembers of the state that it shows."""
    return f"{version}-{updated_at.timestamp():.6f}"
