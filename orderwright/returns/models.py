"""Goods coming back from a customer (domain 1.18, 4.15). Quantities are in the line's unit."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from orderwright.catalog.models import WEIGHT
from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference
from orderwright.inventory.models import Location, Lot
from orderwright.sales.models import SalesOrder, SalesOrderLine

QUANTITY = WEIGHT
STATUSES = ("requested", "received", "closed", "cancelled")
DISPOSITIONS = ("restock", "reject", "scrap")


class Return(EditableRecord):
    """Goods that a customer sends back. `credit_memo` is what invoicing gave for it: {"id",
    "amount", "currency"}."""

    number = models.CharField(max_length=40)
    order = Reference(SalesOrder, owned=True)
    status = models.CharField(max_length=10, default="requested")
    reason = models.CharField(max_length=500)
    note = models.TextField(blank=True)
    requested_by = models.CharField(max_length=200)
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=200, blank=True)
    credit_memo = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="return_number_once"),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="return_status_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "order"], name="return_by_order"),
            models.Index(fields=["organization", "status", "-id"], name="return_by_status"),
        ]


class ReturnLine(OrganizationRecord):
    """What comes back of one line: `quantity` was announced, `received` has arrived.

    `lot` is where it went: available again, rejected or scrapped.
    """

    back = Reference(Return, owned=True, related_name="lines")
    line = Reference(SalesOrderLine, owned=True)
    quantity = models.DecimalField(**QUANTITY)
    received = models.DecimalField(default=0, **QUANTITY)
    disposition = models.CharField(max_length=10, default="restock")
    condition = models.CharField(max_length=200, blank=True)
    location = Reference(Location, null=True)
    lot = Reference(Lot, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "back", "line"], name="return_line_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__gte=0), name="return_line_returns_something"
            ),
            models.CheckConstraint(
                condition=Q(disposition__in=DISPOSITIONS), name="return_disposition_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organization", "line"], name="return_by_line")]
