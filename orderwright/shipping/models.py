"""Goods that leave: picks, shipments, what they carry, what carriers say (domain 1.15, 1.16)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from orderwright.catalog.models import WEIGHT
from orderwright.directory.models import MONEY, Carrier, CarrierOption
from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference
from orderwright.inventory.models import Selection
from orderwright.sales.models import SalesOrder, SalesOrderLine

QUANTITY = WEIGHT


class Shipment(EditableRecord):
    """Goods that leave in one go."""

    number = models.CharField(max_length=50)
    order = Reference(SalesOrder, null=True, owned=True)
    stage = models.CharField(max_length=10, default="shipped")
    tracking_status = models.CharField(max_length=20, default="pending")
    carrier = Reference(Carrier)
    carrier_option = Reference(CarrierOption, null=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    ship_to = models.JSONField(default=dict)
    package = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    shipped_at = models.DateTimeField(null=True)
    shipped_by = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True)
    freight_cost = models.DecimalField(null=True, **MONEY)
    exception_message = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="shipment_number_once"),
            models.CheckConstraint(
                condition=Q(stage__in=["packed", "shipped", "voided"]), name="shipment_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    tracking_status__in=[
                        "pending",
                        "in_transit",
                        "out_for_delivery",
                        "delivered",
                        "exception",
                        "cancelled",
                        "returned",
                    ]
                ),
                name="shipment_tracking_status_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "order"], name="shipment_by_order"),
            models.Index(
                fields=["organization", "tracking_number"],
                condition=~Q(tracking_number=""),
                name="shipment_by_tracking_number",
            ),
        ]


class ShipmentLine(OrganizationRecord):
    """What one shipment carries of one line, in the line's unit."""

    shipment = Reference(Shipment, owned=True, related_name="lines")
    line = Reference(SalesOrderLine, owned=True)
    quantity = models.DecimalField(**QUANTITY)
    weight = models.DecimalField(null=True, **WEIGHT)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "shipment", "line"], name="shipment_line_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="shipment_line_carries_something"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "line"], name="shipment_line_by_line")
        ]


class ShippedSelection(OrganizationRecord):
    """The selection that a shipment line carries; `made_here`: shipping itself took the stock."""

    shipment_line = Reference(ShipmentLine, owned=True)
    selection = Reference(Selection)
    made_here = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "shipment_line"], name="shipped_by_line"),
            models.Index(fields=["organization", "selection"], name="shipped_by_selection"),
        ]


class ShipmentCase(OrganizationRecord):
    """A box of a shipment; its number is `<shipment>/C<n>` (C-15)."""

    shipment = Reference(Shipment, owned=True, related_name="cases")
    position = models.PositiveIntegerField()
    tracking_number = models.CharField(max_length=80, blank=True)
    weight = models.DecimalField(null=True, **WEIGHT)
    weight_unit = models.CharField(max_length=8, blank=True)
    freight_amount = models.DecimalField(null=True, **MONEY)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "shipment", "position"], name="shipment_case_once"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="shipment_case_from_one"),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0), name="shipment_case_weighs"
            ),
            models.CheckConstraint(
                condition=Q(freight_amount__isnull=True) | Q(freight_amount__gte=0),
                name="shipment_case_freight_not_negative",
            ),
        ]


class Pick(EditableRecord):
    """The warehouse's work list of an issued order; its number is the order's (domain 1.15).

    `priority_rank` (high 0, normal 1, low 2) and `due_on` mirror the order's priority and the date
    on which it is required, so that the queue stands in an index; an order that is required on no
    day is due on the last one.
    """

    order = Reference(SalesOrder, owned=True)
    number = models.CharField(max_length=40)
    status = models.CharField(max_length=10, default="open")
    finished_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    priority_rank = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "order"], name="pick_once_an_order"),
            models.UniqueConstraint(fields=["organization", "number"], name="pick_number_once"),
            models.CheckConstraint(
                condition=Q(status="open", finished_at__isnull=True)
                | Q(status="finished", finished_at__isnull=False),
                name="pick_finished_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "priority_rank", "due_on", "id"], name="pick_in_queue"
            ),
            models.Index(
                fields=["organization", "priority_rank", "due_on", "id"],
                condition=Q(status="open"),
                name="pick_to_do",
            ),
        ]


class PickLine(OrganizationRecord):
    """A row of a pick, in the measure of its order's line: open, or packed into a shipment.

    `recorded` is what people had recorded of a packed row: what is picked again when the shipment
    is taken back. What shipping itself recorded (domain 4.7) goes then.
    """

    pick = Reference(Pick, owned=True, related_name="lines")
    line = Reference(SalesOrderLine, owned=True)
    ordered_quantity = models.DecimalField(**QUANTITY)
    quantity = models.DecimalField(default=0, **QUANTITY)
    recorded = models.DecimalField(default=0, **QUANTITY)
    packed_at = models.DateTimeField(null=True)
    shipment = Reference(Shipment, null=True, owned=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "line"],
                condition=Q(packed_at__isnull=True),
                name="pick_line_open_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, ordered_quantity__gte=0, recorded__gte=0),
                name="pick_line_never_negative",
            ),
            models.CheckConstraint(
                condition=Q(packed_at__isnull=True, shipment__isnull=True, ordered_quantity__gt=0)
                | Q(packed_at__isnull=False, shipment__isnull=False, quantity__gt=0),
                name="pick_line_packed_into_shipment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "pick"], name="pick_line_by_pick"),
            models.Index(fields=["organization", "line"], name="pick_line_by_line"),
            models.Index(
                fields=["organization", "shipment"],
                condition=Q(shipment__isnull=False),
                name="pick_line_by_shipment",
            ),
        ]


class TrackingEvent(OrganizationRecord):
    """What the carrier, or a person, says of a shipment; every one is kept."""

    shipment = Reference(Shipment, owned=True, related_name="events")
    status = models.CharField(max_length=20)
    occurred_at = models.DateTimeField()
    location = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True)
    source = models.CharField(max_length=10)
    recorded_by = models.CharField(max_length=200)
    carrier_event_id = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "shipment", "carrier_event_id"],
                condition=~Q(carrier_event_id=""),
                name="carrier_event_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "shipment", "occurred_at"], name="tracking_by_shipment"
            )
        ]
