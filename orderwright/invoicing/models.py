"""Invoices, payments and the allocations between them (domain 1.18).

Amounts are in the record's own currency. Sums that follow from other rows (`allocated`, `refunded`)
are recounted from them in the same transaction.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from orderwright.catalog.models import WEIGHT
from orderwright.directory.models import MONEY, Customer, PaymentTerm
from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference
from orderwright.sales.models import SalesOrder, SalesOrderLine
from orderwright.shipping.models import Shipment

QUANTITY = WEIGHT
RATE = {"max_digits": 8, "decimal_places": 6}


class NumberCounter(OrganizationRecord):
    """The last number given to a kind of document whose numbers have no gap."""

    kind = models.CharField(max_length=20)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "kind"], name="counter_once")
        ]


class Invoice(EditableRecord):
    """What a customer owes for an order. A draft has no number yet.

    `status` is the stored step; paid and overdue follow from amounts and dates. `effect_key` makes
    a repeated job harmless. What the order and its customer were called stays.
    """

    number = models.CharField(max_length=40, null=True)
    status = models.CharField(max_length=12, default="draft")
    kind = models.CharField(max_length=10, default="goods")
    order = Reference(SalesOrder, null=True, unlinked=True)
    order_number = models.CharField(max_length=40)
    shipment = Reference(Shipment, null=True, unlinked=True)
    effect_key = models.CharField(max_length=80, null=True)
    customer = Reference(Customer)
    currency = models.CharField(max_length=3)
    bill_to = models.JSONField(default=dict)
    payment_term = Reference(PaymentTerm, null=True)
    invoice_date = models.DateField()
    due_date = models.DateField()
    subtotal = models.DecimalField(default=0, **MONEY)
    discount_total = models.DecimalField(default=0, **MONEY)
    freight = models.DecimalField(default=0, **MONEY)
    tax = models.DecimalField(default=0, **MONEY)
    total = models.DecimalField(default=0, **MONEY)
    allocated = models.DecimalField(default=0, **MONEY)
    notes = models.TextField(blank=True)
    finalised_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_to = models.JSONField(default=list)
    reminders = models.PositiveIntegerField(default=0)
    void_reason = models.CharField(max_length=500, blank=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["organization", "effect_key"], name="invoice_effect_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "finalised", "sent", "void"]),
                name="invoice_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["finalised", "sent"]) | Q(number__isnull=False),
                name="invoice_is_numbered_once_final",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["finalised", "sent"]) | Q(allocated=0),
                name="invoice_is_paid_only_when_final",
            ),
            models.CheckConstraint(
                condition=Q(total=F("subtotal") - F("discount_total") + F("freight") + F("tax")),
                name="invoice_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(allocated__lte=0) | Q(allocated__lte=F("total")),
                name="invoice_never_paid_beyond_total",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "order", "-id"], name="invoice_by_order"),
            models.Index(fields=["organization", "customer", "-id"], name="invoice_by_customer"),
            models.Index(fields=["organization", "status", "-id"], name="invoice_by_status"),
            models.Index(fields=["organization", "shipment"], name="invoice_by_shipment"),
            models.Index(
                fields=["organization", "invoice_date"],
                condition=Q(status__in=["finalised", "sent"]),
                name="invoice_by_date",
            ),
        ]


class InvoiceLine(OrganizationRecord):
    """What is billed of a line of the order, in its unit; or a deposit, or what it takes off.

    `amount` is before the share of the order's discount; `tax` is on what is left after it.
    """

    invoice = Reference(Invoice, owned=True, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, default="goods")
    line = Reference(SalesOrderLine, null=True, unlinked=True)
    description = models.TextField(blank=True)
    quantity = models.DecimalField(**QUANTITY)
    unit = models.CharField(max_length=20, blank=True)
    unit_price = models.DecimalField(default=0, **MONEY)
    amount = models.DecimalField(default=0, **MONEY)
    discount = models.DecimalField(default=0, **MONEY)
    tax_rate = models.DecimalField(default=0, **RATE)
    tax = models.DecimalField(default=0, **MONEY)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="invoice_line_bills_something")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "invoice"], name="invoice_line_by_invoice"),
            models.Index(fields=["organization", "line"], name="invoice_line_by_line"),
        ]


class Payment(EditableRecord):
    """Money or credit of a customer: what came in, was credited, or went back.

    `order` makes it a deposit on that order while it is open. A refund takes from the credit of
    `refund_of`, or from what was paid on `order`.
    """

    number = models.CharField(max_length=40)
    type = models.CharField(max_length=12, default="payment")
    adjustment_type = models.CharField(max_length=24, blank=True)
    customer = Reference(Customer)
    method = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(**MONEY)
    payment_date = models.DateField()
    reference = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    order = Reference(SalesOrder, null=True, unlinked=True)
    refund_of = Reference("self", null=True)
    effect_key = models.CharField(max_length=80, null=True)
    allocated = models.DecimalField(default=0, **MONEY)
    refunded = models.DecimalField(default=0, **MONEY)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="payment_number_once"),
            models.UniqueConstraint(
                fields=["organization", "effect_key"], name="payment_effect_once"
            ),
            models.CheckConstraint(
                condition=Q(type__in=["payment", "credit_memo", "adjustment", "rebate", "refund"]),
                name="payment_type_known",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_pays_something"),
            models.CheckConstraint(
                condition=Q(allocated__gte=0, refunded__gte=0)
                & Q(amount__gte=F("allocated") + F("refunded")),
                name="payment_never_spent_twice",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "customer", "-id"], name="payment_by_customer"),
            models.Index(fields=["organization", "order"], name="payment_by_order"),
            models.Index(fields=["organization", "refund_of"], name="payment_by_refund_of"),
            models.Index(fields=["organization", "payment_date", "id"], name="payment_by_date"),
            models.Index(fields=["organization", "amount", "id"], name="payment_by_amount"),
        ]


class Allocation(OrganizationRecord):
    """So much of a payment settles so much of an invoice."""

    payment = Reference(Payment, owned=True, related_name="allocations")
    invoice = Reference(Invoice)
    amount = models.DecimalField(**MONEY)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    allocated_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_settles_something")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "payment"], name="allocation_by_payment"),
            models.Index(fields=["organization", "invoice"], name="allocation_by_invoice"),
        ]


class CreditLine(OrganizationRecord):
    """What a credit memo gives back of a line of an order, in the line's unit, as invoiced."""

    payment = Reference(Payment, owned=True, related_name="credit_lines")
    line = Reference(SalesOrderLine, null=True, unlinked=True)
    description = models.TextField(blank=True)
    quantity = models.DecimalField(**QUANTITY)
    unit = models.CharField(max_length=20, blank=True)
    unit_price = models.DecimalField(default=0, **MONEY)
    amount = models.DecimalField(default=0, **MONEY)
    discount = models.DecimalField(default=0, **MONEY)
    tax_rate = models.DecimalField(default=0, **RATE)
    tax = models.DecimalField(default=0, **MONEY)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="credit_line_gives_something")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "line"], name="credit_line_by_line"),
            models.Index(fields=["organization", "payment"], name="credit_line_by_payment"),
        ]
