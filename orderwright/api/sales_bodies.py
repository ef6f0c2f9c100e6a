"""What clients send about sales orders, and how it becomes what the actions take."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, WithJsonSchema

from orderwright.api.body_types import Body, Day, Flag, Number, Version, Versioned
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder
from orderwright.sales.stock import LineAsk, LotAsk

_Text = Annotated[Any, WithJsonSchema({"type": ["string", "null"]})]
_Id = Annotated[Any, WithJsonSchema({"type": ["string", "null"], "format": "uuid"})]
_Day = Annotated[Any, WithJsonSchema({"type": ["string", "null"], "format": "date"})]
_Object = Annotated[Any, WithJsonSchema({"type": "object"})]
_Objects = Annotated[Any, WithJsonSchema({"type": "array", "items": {"type": "object"}})]


class LineBody(Body):
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
    needed_by: Day | None = None
    priority: str | None = None

    def read(self) -> NewLine:
        """The line as the action takes it."""
        values = {name: getattr(self, name) for name in LineBody.model_fields}
        return NewLine(**values | {"weight_basis": self.weight_basis or "total"})


class OrderBody(Body):
    """A new order; what is null or absent takes the customer's default, then the organization's."""

    customer_id: UUID
    order_lead_id: UUID | None = None
    accept_terms: Flag = False
    lines: list[LineBody] = []
    customer_po_number: str | None = None
    notes: str | None = None
    internal_note: str | None = None
    date_required: Day | None = None
    order_deadline: Day | None = None
    promised_at: Day | None = None
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


class OrderChangesBody(BaseModel):
    """Changes of an order's head; only what is sent changes, and null clears. The readers of the
    changes check each value, for the pages as well."""

    version: Version | None = None
    confirm: list[str] | None = None
    customer_id: _Id = None
    order_lead_id: _Id = None
    sales_rep_id: _Id = None
    payment_term_id: _Id = None
    shipping_term_id: _Id = None
    carrier_id: _Id = None
    carrier_option_id: _Id = None
    customer_po_number: _Text = None
    notes: _Text = None
    internal_note: _Text = None
    discount_code: _Text = None
    currency: _Text = None
    priority: _Text = None
    date_required: _Day = None
    order_deadline: _Day = None
    promised_at: _Day = None
    internal_budget: Number = None
    bill_to: _Object = None
    ship_to: _Object = None
    acknowledgement_contacts: _Objects = None
    invoice_contacts: _Objects = None

    def changes(self) -> dict[str, Any]:
        """The fields that the request names, unchanged."""
        named = self.model_fields_set - {"version", "confirm"}
        return {name: getattr(self, name) for name in named}


class QuoteBody(Body):
    """Lines to price without writing; `explain` adds to each what was considered for its price,
    `date` is the day on which the code is to be used."""

    customer_id: UUID
    lines: list[LineBody] = []
    discount_code: str | None = None
    currency: str | None = None
    date: Day | None = None
    explain: Flag = False


class IssueBody(Versioned):
    """How to issue."""

    notify_customer: Flag = False
    confirm_prepaid: Flag = False
    confirm: list[str] = []


class ReasonBody(Versioned):
    """An action that needs a reason."""

    reason: str = ""


class CloseBody(Versioned):
    """How to close; an Admin says why an order is closed that is not paid."""

    override_reason: str | None = None


class TaskBody(Body):
    """A task on an order."""

    title: str = ""
    assignee_id: UUID | None = None
    due_on: Day | None = None


class TaskChangesBody(BaseModel):
    """Changes of a task; only what is sent changes, and null clears."""

    version: Version | None = None
    title: _Text = None
    assignee_id: _Id = None
    due_on: _Day = None
    done: Annotated[Any, WithJsonSchema({"type": "boolean"})] = None

    def changes(self) -> dict[str, Any]:
        """The fields that the request names, unchanged."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"version"}}


class LinesBody(ReasonBody):
    """An action on some lines."""

    line_ids: list[UUID]


class LotBody(Body):
    """So much of a lot."""

    lot_id: UUID
    quantity: Number = None
    weight: Number = None
    full: Flag = False

    def read(self) -> LotAsk:
        """The lot as the action takes it."""
        return LotAsk(**self.model_dump())


class SelectLineBody(Body):
    """What to select for one line."""

    line_id: UUID
    selections: list[LotBody] = []
    mark_ready: Flag = False
    force_ready: Flag = False
    allow_over: Flag = False
    substitute: Flag = False

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


class AutoSelectBody(Versioned):
    """Which lines to serve; all when absent."""

    line_ids: list[UUID] | None = None


class ReleaseBody(Versioned):
    """Which selections to put back."""

    selection_ids: list[UUID]


class EditLineBody(Versioned):
    """Changes of a line; only what is sent changes."""

    quantity: Number = None
    unit: str | None = None
    unlock_price: Flag = False
    lock_price: Flag = False
    unit_price: Number = None
    description: str | None = None
    size: str | None = None
    shape: str | None = None
    color: str | None = None
    quality: str | None = None
    material: str | None = None


class AddLineBody(LineBody):
    """A further line."""

    version: Version | None = None


class RemoveBody(Body):
    """The order's number, typed by a person."""

    confirm_number: str | None = None
