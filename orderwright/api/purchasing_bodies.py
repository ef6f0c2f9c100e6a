"""What clients send about purchase orders, and how it becomes what the actions take."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, WithJsonSchema

from orderwright.api.body_types import Body, Day, Flag, Number, Version, Versioned
from orderwright.purchasing.edits import LineChange
from orderwright.purchasing.new_lines import NewLine
from orderwright.purchasing.new_orders import NewPurchaseOrder
from orderwright.purchasing.receiving import Arrived, NewReceipt

_Text = Annotated[Any, WithJsonSchema({"type": ["string", "null"]})]
_Object = Annotated[Any, WithJsonSchema({"type": "object"})]


class PurchaseLineBody(Body):
    """One line of a purchase order: a product or a description."""

    product_id: UUID | None = None
    quantity: Number = None
    unit: str | None = None
    unit_price: Number = None
    requested_weight: Number = None
    weight_unit: str | None = None
    size: str | None = None
    shape: str | None = None
    color: str | None = None
    quality: str | None = None
    material: str | None = None
    description: str | None = None
    needed_by: Day | None = None

    def read(self) -> NewLine:
        """The line as the action takes it."""
        return NewLine(**{name: getattr(self, name) for name in PurchaseLineBody.model_fields})


class AddPurchaseLineBody(PurchaseLineBody):
    """A further line."""

    version: Version | None = None


class PurchaseOrderBody(Body):
    """A new purchase order; what is null or absent takes the supplier's, then our own default."""

    supplier_id: UUID
    order_lead_id: UUID | None = None
    accept_terms: Flag = False
    lines: list[PurchaseLineBody] = []
    supplier_reference: str | None = None
    notes: str | None = None
    internal_note: str | None = None
    date_required: Day | None = None
    order_deadline: Day | None = None
    promised_at: Day | None = None
    currency: str | None = None
    internal_budget: Number = None
    priority: str | None = None
    payment_term_id: UUID | None = None
    shipping_term_id: UUID | None = None
    carrier_id: UUID | None = None
    location_id: UUID | None = None
    bill_to: dict[str, Any] | None = None
    ship_to: dict[str, Any] | None = None
    confirm: list[str] = []

    def read(self) -> NewPurchaseOrder:
        """The order as the action takes it."""
        values = {
            name: getattr(self, name)
            for name in PurchaseOrderBody.model_fields
            if name not in ("lines", "confirm")
        }
        for name in ("supplier_reference", "notes", "internal_note"):
            values[name] = values[name] or ""
        return NewPurchaseOrder(
            **values,
            lines=[line.read() for line in self.lines],
            confirmed=frozenset(self.confirm),
        )


class PurchaseChangesBody(BaseModel):
    """Changes of an order's head; only what is sent changes, and null clears."""

    version: Version | None = None
    confirm: list[str] | None = None
    supplier_id: UUID | None = None
    order_lead_id: UUID | None = None
    payment_term_id: UUID | None = None
    shipping_term_id: UUID | None = None
    carrier_id: UUID | None = None
    location_id: UUID | None = None
    supplier_reference: _Text = None
    notes: _Text = None
    internal_note: _Text = None
    currency: _Text = None
    priority: _Text = None
    date_required: Day | None = None
    order_deadline: Day | None = None
    promised_at: Day | None = None
    internal_budget: Number = None
    bill_to: _Object = None
    ship_to: _Object = None

    def changes(self) -> dict[str, Any]:
        """The fields that the request names, unchanged."""
        named = self.model_fields_set - {"version", "confirm"}
        return {name: getattr(self, name) for name in named}


class EditPurchaseLineBody(Versioned):
    """Changes of one line."""

    quantity: Number = None
    unit: str | None = None
    unit_price: Number = None
    description: str | None = None
    size: str | None = None
    shape: str | None = None
    color: str | None = None
    quality: str | None = None
    material: str | None = None
    needed_by: Day | None = None

    def read(self) -> LineChange:
        """The change as the action takes it."""
        return LineChange(**self.model_dump(exclude={"version"}, exclude_unset=True))


class IssuePurchaseBody(Versioned):
    """Issue; `notify_supplier` mails the order."""

    notify_supplier: Flag = False
    confirm: list[str] = []


class ArrivedBody(Body):
    """What arrived of one line; `quantity` was accepted, `rejected` came beside it."""

    line_id: UUID
    quantity: Number = None
    weight: Number = None
    weight_unit: str = ""
    rejected: Number = None
    reject_reason: str = ""
    keep_rejected: Flag = False
    auto_merge: Flag = False
    location_id: UUID | None = None
    tag_id: str = ""
    inventory_type: str = "Finished"
    finished_type: str = ""
    shape: str = ""
    size: str = ""
    color: str = ""
    quality: str = ""
    rack: str = ""

    def read(self) -> Arrived:
        """The row as the action takes it."""
        return Arrived(**{name: getattr(self, name) for name in ArrivedBody.model_fields})


class ReceiveBody(Versioned):
    """Goods that arrived in one go."""

    received_date: Day | None = None
    location_id: UUID | None = None
    note: str = ""
    quality: str = ""
    rack: str = ""
    auto_issue: Flag = False
    lines: list[ArrivedBody] = []
    confirm: list[str] = []

    def read(self) -> NewReceipt:
        """The receipt as the action takes it."""
        return NewReceipt(
            lines=[line.read() for line in self.lines],
            received_on=self.received_date,
            location_id=self.location_id,
            note=self.note,
            quality=self.quality,
            rack=self.rack,
            auto_issue=self.auto_issue,
            confirmed=frozenset(self.confirm),
            version=self.version,
        )


class ReverseBody(Versioned):
    """Which receipt is reversed, and why."""

    receipt_id: UUID
    reason: str = ""
