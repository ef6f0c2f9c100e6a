"""Purchase orders: what we buy, and what arrived of it (domain 1.14).

Quantities of a line are in the line's unit. The statuses of an order are caches, written in the
same transaction as the facts and equal to the pure functions at any time.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from orderwright.catalog.models import WEIGHT, Product
from orderwright.directory.models import (
    MONEY,
    Carrier,
    PaymentTerm,
    ShippingTerm,
    Staff,
    Supplier,
)
from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference
from orderwright.inventory.models import Location, Lot

QUANTITY = WEIGHT


class PurchaseOrder(EditableRecord):
    """Bought from a supplier. `status` moves by actions and receipts; `is_closed` stands beside it.

    `subtotal` is what is ordered and not cancelled, in the order's currency.
    """

    number = models.CharField(max_length=40)
    status = models.CharField(max_length=12, default="quoted")
    is_closed = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    fulfillment_status = models.CharField(max_length=24, default="not_started")
    fulfillment_reasons = models.JSONField(default=list)
    acknowledgment_status = models.CharField(max_length=10, default="not_sent")
    supplier = Reference(Supplier)
    order_lead = Reference(Staff)
    supplier_reference = models.CharField(max_length=80, blank=True)
    notes = models.TextField(blank=True)
    internal_note = models.TextField(blank=True)
    date_required = models.DateField(null=True)
    order_deadline = models.DateField(null=True)
    promised_at = models.DateField(null=True)
    priority = models.CharField(max_length=10, default="normal")
    currency = models.CharField(max_length=3)
    internal_budget = models.DecimalField(null=True, **MONEY)
    payment_term = Reference(PaymentTerm, null=True)
    shipping_term = Reference(ShippingTerm, null=True)
    carrier = Reference(Carrier, null=True)
    location = Reference(Location, null=True)
    bill_to = models.JSONField(default=dict)
    ship_to = models.JSONField(default=dict)
    manual_hold = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=500, blank=True)
    terms_accepted_at = models.DateTimeField(null=True)
    terms_accepted_by = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    subtotal = models.DecimalField(default=0, **MONEY)
    source = models.CharField(max_length=10, default="api")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="purchase_number_once"),
            models.CheckConstraint(
                condition=Q(status__in=["quoted", "ordered", "fulfilled"]),
                name="purchase_status_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "supplier", "-id"], name="purchase_by_supplier"),
            models.Index(fields=["organization", "status", "-id"], name="purchase_by_status"),
            models.Index(
                fields=["organization", "fulfillment_status", "-id"],
                name="purchase_by_fulfillment",
            ),
        ]


class PurchaseOrderLine(OrganizationRecord):
    """A row of a purchase order.

    `unit_ratio` is what one of `unit` holds in the product's default unit. On a weight-basis line
    `ordered` and `received` are weights in `unit`. A line without a product is received, and never
    becomes stock. `received` is the sum of its receipts that stand.
    """

    order = Reference(PurchaseOrder, owned=True, related_name="lines")
    position = models.PositiveIntegerField()
    product = Reference(Product, null=True)
    sku = models.CharField(max_length=60, blank=True)
    description = models.TextField(blank=True)
    basis = models.CharField(max_length=8, default="quantity")
    ordered = models.DecimalField(**QUANTITY)
    unit = models.CharField(max_length=20)
    unit_ratio = models.DecimalField(default=1, max_digits=24, decimal_places=12)
    requested_weight = models.DecimalField(null=True, **WEIGHT)
    weight_unit = models.CharField(max_length=8, blank=True)
    size = models.CharField(max_length=80, blank=True)
    shape = models.CharField(max_length=80, blank=True)
    color = models.CharField(max_length=80, blank=True)
    quality = models.CharField(max_length=80, blank=True)
    material = models.CharField(max_length=80, blank=True)
    unit_price = models.DecimalField(default=0, **MONEY)
    line_total = models.DecimalField(default=0, **MONEY)
    is_cancelled = models.BooleanField(default=False)
    cancelled_quantity = models.DecimalField(default=0, **QUANTITY)
    cancel_reason = models.CharField(max_length=500, blank=True)
    received = models.DecimalField(default=0, **QUANTITY)
    rejected = models.DecimalField(default=0, **QUANTITY)
    needed_by = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "order", "position"],
                name="purchase_line_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(ordered__gt=0), name="purchase_line_orders_something"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_quantity__gte=0, cancelled_quantity__lte=F("ordered")),
                name="purchase_line_cancels_within_ordered",
            ),
            models.CheckConstraint(
                condition=Q(received__gte=0, rejected__gte=0),
                name="purchase_line_sums_never_negative",
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0), name="purchase_price_never_negative"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "product", "-id"], name="purchase_line_by_product")
        ]


class Receipt(OrganizationRecord):
    """Goods that arrived on a purchase order in one go; one that is reversed no longer counts."""

    order = Reference(PurchaseOrder, owned=True, related_name="receipts")
    number = models.CharField(max_length=50)
    received_on = models.DateField()
    location = Reference(Location, null=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    received_by = models.CharField(max_length=200)
    reversed_at = models.DateTimeField(null=True)
    reversed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="receipt_number_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "order"], name="receipt_by_order")
        ]


class ReceiptLine(OrganizationRecord):
    """What arrived of one line, in the line's unit, and the lot that took it up.

    `stock_quantity` and `stock_weight` are what was put into `lot`, in its units.
    """

    receipt = Reference(Receipt, owned=True, related_name="lines")
    line = Reference(PurchaseOrderLine, owned=True)
    quantity = models.DecimalField(**QUANTITY)
    rejected = models.DecimalField(default=0, **QUANTITY)
    reject_reason = models.CharField(max_length=500, blank=True)
    lot = Reference(Lot, null=True)
    stock_quantity = models.DecimalField(default=0, **QUANTITY)
    stock_weight = models.DecimalField(default=0, **WEIGHT)
    is_merged = models.BooleanField(default=False)
    rejected_lot = Reference(Lot, null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gte=0, rejected__gte=0)
                & (Q(quantity__gt=0) | Q(rejected__gt=0)),
                name="receipt_line_receives_something",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "receipt"], name="receipt_line_by_receipt"),
            models.Index(fields=["organization", "line"], name="receipt_line_by_line"),
        ]
