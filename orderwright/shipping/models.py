"""Goods that leave: shipments, what they carry, and what carriers say (domain 1.16, 2.6)."""

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
