"""What clients send about sales orders, and how it becomes what the actions take."""

from datetime import date
from typing import Any
from uuid import UUID

from ninja import Schema

from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder
from orderwright.sales.stock import LineAsk, LotAsk

Number = str | int | float | None


class LineBody(Schema):
    """One line of a new order."""

    product_id: UUID
    quantity: Number = None
    unit: str | None = None
    unit_price: Number = None
    requested_weight: Number = None
    weight_unit: str | None = None
    weight_basis: str | None = None
    size: str | None = None
    shape: str | None = None
    color: str | None = None
    quality: str | None = None
    material: str | None = None
    description: str | None = None
    needed_by: date | None = None
    priority: str | None = None

    def read(self) -> NewLine:
        """The line as the action takes it."""
        values = self.dict()
        values["weight_basis"] = values["weight_basis"] or "total"
        return NewLine(**values)


class OrderBody(Schema):
    """A new order; what is null or absent takes the customer's default, then the organization's."""

    customer_id: UUID
    order_lead_id: UUID | None = None
    accept_terms: bool = False
    lines: list[LineBody] = []
    customer_po_number: str | None = None
    notes: str | None = None
    internal_note: str | None = None
    date_required: date | None = None
    order_deadline: date | None = None
    promised_at: date | None = None
    discount_code: str | None = None
    currency: str | None = None
    internal_budget: Number = None
    priority: str | None = None
    payment_term_id: UUID | None = None
    shipping_term_id: UUID | None = None
    carrier_id: UUID | None = None
    carrier_option_id: UUID | None = None
    sales_rep_id: UUID | None = None
    bill_to: dict[str, Any] | None = None
    ship_to: dict[str, Any] | None = None
    confirm: list[str] = []

    def read(self) -> NewOrder:
        """The order as the action takes it."""
        values = {
            name: getattr(self, name)
            for name in self.__class__.model_fields
            if name not in ("lines", "confirm")
        }
        for name in ("customer_po_number", "notes", "internal_note"):
            values[name] = values[name] or ""
        return NewOrder(
            **values,
            lines=[line.read() for line in self.lines],
            confirmed=frozenset(self.confirm),
        )


class QuoteBody(Schema):
    """Lines to price without writing."""

    customer_id: UUID
    lines: list[LineBody] = []
    discount_code: str | None = None
    currency: str | None = None


class Versioned(Schema):
    """An action without further words; `version` refuses it on a changed order."""

    version: int | None = None


class IssueBody(Versioned):
    """How to issue."""

    notify_customer: bool = False
    confirm_prepaid: bool = False
    confirm: list[str] = []


class ReasonBody(Versioned):
    """An action that needs a reason."""

    reason: str = ""


class LinesBody(ReasonBody):
    """An action on some lines."""

    line_ids: list[UUID]


class LotBody(Schema):
    """So much of a lot."""

    lot_id: UUID
    quantity: Number = None
    weight: Number = None
    full: bool = False

    def read(self) -> LotAsk:
        """The lot as the action takes it."""
        return LotAsk(**self.dict())


class SelectLineBody(Schema):
    """What to select for one line."""

    line_id: UUID
    selections: list[LotBody] = []
    mark_ready: bool = False
    force_ready: bool = False
    allow_over: bool = False
    substitute: bool = False

    def read(self) -> LineAsk:
        """The line as the action takes it."""
        return LineAsk(
            line_id=self.line_id,
            selections=[lot.read() for lot in self.selections],
            mark_ready=self.mark_ready,
            force_ready=self.force_ready,
            allow_over=self.allow_over,
            substitute=self.substitute,
        )


class SelectBody(Versioned):
    """What to select, all or nothing."""

    lines: list[SelectLineBody]


class AutoSelectBody(Schema):
    """Which lines to serve; all when absent."""

    line_ids: list[UUID] | None = None


class ReleaseBody(Versioned):
    """Which selections to put back."""

    selection_ids: list[UUID]


class EditLineBody(Schema):
    """Changes of a line; only what is sent changes."""

    version: int | None = None
    quantity: Number = None
    unit: str | None = None
    unlock_price: bool = False
    lock_price: bool = False
    unit_price: Number = None
    description: str | None = None
    size: str | None = None
    shape: str | None = None
    color: str | None = None
    quality: str | None = None
    material: str | None = None


class AddLineBody(LineBody):
    """A further line."""

    version: int | None = None


class RemoveBody(Schema):
    """The order's number, typed by a person."""

    confirm_number: str | None = None
