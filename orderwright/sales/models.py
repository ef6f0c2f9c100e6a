"""Sales orders: the record that carries an order from estimate to completed (domain 1.11).

Quantities of a line are in the line's unit. Derived columns (statuses, sums, totals) are caches
that are written in the same transaction as the facts and equal the pure functions at any time.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from orderwright.catalog.models import WEIGHT, Product
from orderwright.directory.models import (
    MONEY,
    Carrier,
    CarrierOption,
    Customer,
    PaymentTerm,
    ShippingTerm,
    Staff,
)
from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference
from orderwright.inventory.models import Reservation
from orderwright.pricing.models import DiscountCode

QUANTITY = WEIGHT


class SalesOrder(EditableRecord):
    """Sold to a customer. `status` moves by actions only; the other statuses are derived.

    `told` holds what higher areas told this one in the transaction of their own change, so that
    statuses can be derived without looking up: {"shipments": [{"id", "number", "stage",
    "tracking_status", "line_ids"}]}.
    """

    number = models.CharField(max_length=40)
    status = models.CharField(max_length=12, default="estimate")
    fulfillment_status = models.CharField(max_length=24, default="not_started")
    fulfillment_reasons = models.JSONField(default=list)
    payment_status = models.CharField(max_length=16, default="unpaid")
    acknowledgment_status = models.CharField(max_length=10, default="not_sent")
    customer = Reference(Customer)
    order_lead = Reference(Staff)
    sales_rep = Reference(Staff, null=True)
    customer_po_number = models.CharField(max_length=80, blank=True)
    notes = models.TextField(blank=True)
    internal_note = models.TextField(blank=True)
    date_required = models.DateField(null=True)
    order_deadline = models.DateField(null=True)
    promised_at = models.DateField(null=True)
    priority = models.CharField(max_length=10, default="normal")
    currency = models.CharField(max_length=3)
    internal_budget = models.DecimalField(null=True, **MONEY)
    payment_term = Reference(PaymentTerm)
    shipping_term = Reference(ShippingTerm)
    carrier = Reference(Carrier)
    carrier_option = Reference(CarrierOption, null=True)
    bill_to = models.JSONField()
    ship_to = models.JSONField()
    acknowledgement_contacts = models.JSONField(default=list)
    invoice_contacts = models.JSONField(default=list)
    discount_code = Reference(DiscountCode, null=True)
    manual_hold = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=500, blank=True)
    held_at = models.DateTimeField(null=True)
    terms_accepted_at = models.DateTimeField(null=True)
    terms_accepted_by = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    first_shipped_at = models.DateTimeField(null=True)
    subtotal = models.DecimalField(default=0, **MONEY)
    discount_total = models.DecimalField(default=0, **MONEY)
    freight = models.DecimalField(default=0, **MONEY)
    tax = models.DecimalField(default=0, **MONEY)
    grand_total = models.DecimalField(default=0, **MONEY)
    pricing_flags = models.JSONField(default=list)
    source = models.CharField(max_length=10, default="api")
    told = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="order_number_once"),
            models.UniqueConstraint(
                fields=["organization", "customer", "customer_po_number"],
                condition=~Q(customer_po_number=""),
                name="customer_po_number_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["estimate", "issued", "fulfilled", "completed"]),
                name="order_status_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    grand_total=F("subtotal") - F("discount_total") + F("freight") + F("tax")
                ),
                name="order_total_adds_up",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "customer", "-id"], name="order_by_customer"),
            models.Index(fields=["organization", "status", "-id"], name="order_by_status"),
            models.Index(
                fields=["organization", "fulfillment_status", "-id"], name="order_by_fulfillment"
            ),
            models.Index(fields=["organization", "date_required"], name="order_by_date_required"),
        ]


class SalesOrderLine(OrganizationRecord):
    """A row of a sales order. Freight and discount are generated rows without a status.

    `unit_ratio` is what one of `unit` holds in the product's default unit. On a weight-basis line
    `ordered` and all sums are weights in `unit`, which is then the weight unit.
    `short_closed_quantity` is the part of `cancelled_quantity` that reopening takes back.
    """

    order = Reference(SalesOrder, owned=True, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, default="product")
    product = Reference(Product, null=True)
    reservation = Reference(Reservation, null=True)
    sku = models.CharField(max_length=60, blank=True)
    description = models.TextField(blank=True)
    basis = models.CharField(max_length=8, default="quantity")
    ordered = models.DecimalField(**QUANTITY)
    unit = models.CharField(max_length=20)
    unit_ratio = models.DecimalField(default=1, max_digits=24, decimal_places=12)
    requested_weight = models.DecimalField(null=True, **WEIGHT)
    weight_unit = models.CharField(max_length=8, blank=True)
    weight_basis = models.CharField(max_length=6, default="total")
    size = models.CharField(max_length=80, blank=True)
    shape = models.CharField(max_length=80, blank=True)
    color = models.CharField(max_length=80, blank=True)
    quality = models.CharField(max_length=80, blank=True)
    material = models.CharField(max_length=80, blank=True)
    unit_price = models.DecimalField(default=0, **MONEY)
    price_locked = models.BooleanField(default=True)
    price_source = models.CharField(max_length=20, blank=True)
    price_breakdown = models.JSONField(default=list)
    line_total = models.DecimalField(default=0, **MONEY)
    discount_share = models.DecimalField(default=0, **MONEY)
    tax_rate = models.DecimalField(default=0, max_digits=8, decimal_places=6)
    tax = models.DecimalField(default=0, **MONEY)
    unit_cost = models.DecimalField(null=True, **MONEY)
    is_cancelled = models.BooleanField(default=False)
    cancelled_quantity = models.DecimalField(default=0, **QUANTITY)
    cancel_reason = models.CharField(max_length=500, blank=True)
    short_closed_quantity = models.DecimalField(default=0, db_default=0, **QUANTITY)
    ready = models.BooleanField(default=False)
    ready_forced = models.BooleanField(default=False)
    retrieved = models.DecimalField(default=0, **QUANTITY)
    picked = models.DecimalField(default=0, **QUANTITY)
    packed = models.DecimalField(default=0, **QUANTITY)
    shipped = models.DecimalField(default=0, **QUANTITY)
    returned = models.DecimalField(default=0, **QUANTITY)
    invoiced = models.DecimalField(default=0, **QUANTITY)
    over_ship_confirmed = models.BooleanField(default=False)
    status = models.CharField(max_length=24, null=True)
    reasons = models.JSONField(default=list)
    shipment_status = models.CharField(max_length=20, blank=True)
    needed_by = models.DateField(null=True)
    line_priority = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "order", "position"],
                name="line_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["freight", "discount"]) | Q(ordered__gt=0),
                name="line_orders_something",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_quantity__gte=0, cancelled_quantity__lte=F("ordered"))
                | Q(kind__in=["freight", "discount"]),
                name="line_cancels_within_ordered",
            ),
            models.CheckConstraint(
                condition=Q(
                    short_closed_quantity__gte=0,
                    short_closed_quantity__lte=F("cancelled_quantity"),
                ),
                name="line_short_closes_within_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(over_ship_confirmed=True)
                | Q(kind__in=["freight", "discount"])
                | Q(shipped__lte=F("ordered") - F("cancelled_quantity")),
                name="line_ships_within_ordered",
            ),
            models.CheckConstraint(
                condition=Q(returned__gte=0, returned__lte=F("shipped")),
                name="line_returns_within_shipped",
            ),
            models.CheckConstraint(
                condition=Q(retrieved__gte=0, shipped__gte=0), name="line_sums_never_negative"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "product", "-id"], name="line_by_product"),
            models.Index(
                fields=["organization", "reservation"],
                condition=Q(reservation__isnull=False),
                name="line_by_reservation",
            ),
        ]


class OrderTask(EditableRecord):
    """Something that somebody is to do about an order; `source` says who raised it."""

    order = Reference(SalesOrder, owned=True, related_name="tasks")
    title = models.CharField(max_length=300)
    assignee = Reference(Staff, null=True)
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=10, default="person")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="task_says_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "order", "id"], name="task_by_order"),
            models.Index(
                fields=["organization", "assignee", "due_on"],
                condition=Q(done_at__isnull=True),
                name="task_open_by_assignee",
            ),
        ]


class OrderDraft(EditableRecord):
    """What a wizard has so far, saved at each step; becomes one order (domain 4.1, 4.2).

    `purpose` says which wizard. What an area above makes of it stands in `became`, its number.
    """

    owner_id = models.UUIDField()
    purpose = models.CharField(max_length=10, default="sale")
    became = models.CharField(max_length=40, blank=True)
    step = models.PositiveSmallIntegerField(default=1)
    body = models.JSONField(default=dict)
    order = Reference(SalesOrder, null=True, owned=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "owner_id", "-id"], name="draft_by_owner")
        ]
