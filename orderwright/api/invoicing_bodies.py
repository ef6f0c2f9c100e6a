"""What clients send about invoices and payments, and how it becomes what the actions take."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from orderwright.api.body_types import Body, Day, Number, Version, Versioned
from orderwright.invoicing.actions import Deposit, LineAsk
from orderwright.invoicing.settlement import Using
from orderwright.invoicing.settling import NewPayment, Settling


class InvoiceLineBody(Body):
    """So much of a line of the order."""

    line_id: UUID
    quantity: Number = None
    description: str | None = None

    def read(self) -> LineAsk:
        """The line as the action takes it."""
        return LineAsk(self.line_id, self.quantity, self.description)


class DepositBody(Body):
    """A free amount that is billed ahead of the goods."""

    amount: Number = None
    description: str = "Deposit"


class CreateInvoiceBody(Body):
    """What to bill of an order; without lines all that shipped and is not yet invoiced."""

    lines: list[InvoiceLineBody] | None = None
    deposit: DepositBody | None = None

    def read(self) -> dict[str, Any]:
        """The keywords of the action."""
        lines = None if self.lines is None else [line.read() for line in self.lines]
        told = self.deposit
        deposit = None if told is None else Deposit(told.amount, told.description)
        return {"lines": lines, "deposit": deposit}


class InvoiceChangesBody(BaseModel):
    """Changes of an invoice; only what is sent changes."""

    version: Version | None = None
    lines: list[InvoiceLineBody] | None = None
    notes: str | None = None
    invoice_date: Day | None = None
    due_date: Day | None = None

    def changes(self) -> dict[str, Any]:
        """The fields that the request names."""
        named = self.model_fields_set - {"version"}
        changes = {name: getattr(self, name) for name in named}
        if changes.get("lines") is not None:
            changes["lines"] = [line.read() for line in self.lines or []]
        return changes


class SendInvoiceBody(Versioned):
    """To whom an invoice goes; else to the order's invoice contacts."""

    recipients: list[str] | None = None
    message: str = ""


class SettlingBody(Body):
    """So much for one invoice."""

    invoice_id: UUID
    amount: Number = None
    note: str = ""

    def read(self) -> Settling:
        """The allocation as the action takes it."""
        return Settling(self.invoice_id, self.amount, self.note)


class DepositPaymentBody(Body):
    """Money for an order before it is invoiced."""

    amount: Number = None
    method: str = ""
    date: Day | None = None
    reference: str = ""
    note: str = ""
    confirm: list[str] = []

    def read(self) -> NewPayment:
        """The payment as the action takes it."""
        return NewPayment(
            amount=self.amount,
            method=self.method,
            paid_on=self.date,
            reference=self.reference,
            note=self.note,
            confirmed=frozenset(self.confirm),
        )


class PaymentBody(DepositPaymentBody):
    """A payment, credit, adjustment, rebate or refund."""

    customer_id: UUID | None = None
    type: str = "payment"
    adjustment_type: str = ""
    currency: str | None = None
    order_id: UUID | None = None
    refund_of_id: UUID | None = None
    allocations: list[SettlingBody] = []

    def read(self) -> NewPayment:
        """The payment as the action takes it."""
        return NewPayment(
            amount=self.amount,
            method=self.method,
            type=self.type,
            adjustment_type=self.adjustment_type,
            customer_id=self.customer_id,
            order=self.order_id,
            paid_on=self.date,
            currency=self.currency,
            reference=self.reference,
            note=self.note,
            refund_of=self.refund_of_id,
            allocations=[one.read() for one in self.allocations],
            confirmed=frozenset(self.confirm),
        )


class AllocateBody(Versioned):
    """Which invoices a payment settles."""

    allocations: list[SettlingBody] = []


class UsingBody(Body):
    """So much of one payment's open credit."""

    payment_id: UUID
    amount: Number = None

    def read(self) -> Using:
        """What is used, as the action takes it."""
        return Using(self.payment_id, self.amount)


class SettlementBody(Body):
    """Which payments settle which invoices; both come to the same."""

    payments: list[UsingBody] = []
    allocations: list[SettlingBody] = []


class DeallocateBody(Versioned):
    """Which allocations to take back."""

    allocation_ids: list[UUID] = []
