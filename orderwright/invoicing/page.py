"""Invoices and payments as pages and answers show them. Amounts are in the record's currency."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.invoicing.rules import InvoiceFacts, allowed_actions, status_of
from orderwright.kernel.lifecycle import Allowed
from orderwright.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """The head of an invoice, in the order of the columns of `sql.INVOICE_BY_ID`."""

    id: UUID
    number: str | None
    version: int
    step: str
    kind: str
    order_id: UUID | None
    order_number: str
    shipment_id: UUID | None
    shipment_number: str | None
    customer_id: UUID
    customer_number: str
    customer_name: str
    currency: str
    bill_to: dict[str, Any]
    payment_term_id: UUID | None
    payment_term_name: str | None
    invoice_date: date
    due_date: date
    subtotal: Decimal
    discount_total: Decimal
    freight: Decimal
    tax: Decimal
    total: Decimal
    allocated: Decimal
    notes: str
    finalised_at: datetime | None
    sent_at: datetime | None
    sent_to: list[str]
    reminders: int
    void_reason: str
    voided_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def title(self) -> str:
        """What people call it: its number, or that it is a draft."""
        return self.number or f"Draft for {self.order_number}"

    @property
    def balance(self) -> Decimal:
        """What is still owed; nothing on a void one."""
        return ZERO if self.step == "void" else self.total - self.allocated

    def facts(self) -> InvoiceFacts:
        """The invoice as the rules take it."""
        return InvoiceFacts(self.step, self.total, self.allocated, self.due_date)

    def status(self, today: date) -> str:
        """The status that people see (domain 2.5b)."""
        return status_of(self.facts(), today)

    def allowed(self, permissions: Collection[str]) -> tuple[Allowed, ...]:
        """What may be done with it now."""
        return allowed_actions(self.facts(), permissions)


@dataclass(frozen=True, slots=True)
class InvoiceLineRow:
    """A line of an invoice, in the order of the columns of `sql.INVOICE_LINES`."""

    id: UUID
    invoice_id: UUID
    position: int
    kind: str
    line_id: UUID | None
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    discount: Decimal
    tax_rate: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class CreditLineRow:
    """A line of a credit memo, in the order of the columns of `credit_sql.CREDIT_LINES`."""

    id: UUID
    payment_id: UUID
    line_id: UUID | None
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    discount: Decimal
    tax_rate: Decimal
    tax: Decimal
    invoice_numbers: list[str]


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """So much of a payment for so much of an invoice, in the order of `sql.ALLOCATIONS`."""

    id: UUID
    payment_id: UUID
    payment_number: str
    invoice_id: UUID
    invoice_number: str | None
    order_id: UUID | None
    amount: Decimal
    note: str
    at: datetime
    allocated_by: str


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """An invoice with its lines and what has settled it."""

    head: InvoiceRow
    lines: tuple[InvoiceLineRow, ...]
    allocations: tuple[AllocationRow, ...] = ()

    @property
    def id(self) -> UUID:
        """The invoice's id."""
        return self.head.id


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """The head of a payment, in the order of the columns of `sql.PAYMENT_BY_ID`."""

    id: UUID
    number: str
    version: int
    type: str
    adjustment_type: str
    customer_id: UUID
    customer_number: str
    customer_name: str
    method: str
    currency: str
    amount: Decimal
    payment_date: date
    reference: str
    note: str
    order_id: UUID | None
    order_number: str | None
    refund_of_id: UUID | None
    allocated: Decimal
    refunded: Decimal
    created_at: datetime
    updated_at: datetime

    @property
    def open_credit(self) -> Decimal:
        """What it could still settle; a refund settles nothing."""
        return ZERO if self.type == "refund" else self.amount - self.allocated - self.refunded


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """A payment with what it settled."""

    head: PaymentRow
    allocations: tuple[AllocationRow, ...] = ()

    @property
    def id(self) -> UUID:
        """The payment's id."""
        return self.head.id
