"""Making things: stages, jobs, what was issued to them and what came of it (domain 1.17).

Weights of a job are in its own `weight_unit`. Its sums and its status are caches, written in the
same transaction as the facts. A job outlives the order that it was made for.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from orderwright.catalog.models import WEIGHT, Product
from orderwright.directory.models import ActiveQuerySet, Staff
from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference
from orderwright.inventory.models import Location, Lot, Selection
from orderwright.sales.models import SalesOrder, SalesOrderLine

QUANTITY = WEIGHT
JOB_STATUSES = ("unscheduled", "scheduled", "ongoing", "completed", "cancelled")


class Stage(EditableRecord):
    """A step in which things are made. `sort_order` says which comes later.

    With `inventory_types`, material of other types is out of place in it.
    """

    name = models.CharField(max_length=80)
    code = models.CharField(max_length=20, blank=True)
    description = models.TextField(blank=True)
    sort_order = models.IntegerField(default=0)
    inventory_types = ArrayField(models.CharField(max_length=40), default=list)
    departments = ArrayField(models.CharField(max_length=80), default=list)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("name"), name="stage_name_once"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="stage_default_once"
            ),
        ]


class ProductionRun(EditableRecord):
    """All jobs that one order started with; an order has at most one."""

    number = models.CharField(max_length=40)
    order = Reference(SalesOrder, null=True, unlinked=True)
    order_number = models.CharField(max_length=40)
    responsible_name = models.CharField(max_length=200)
    status = models.CharField(max_length=12, default="pending")
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="run_number_once"),
            models.UniqueConstraint(
                fields=["organization", "order"],
                condition=Q(order__isnull=False),
                name="run_of_order_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "in_progress", "completed"]),
                name="run_status_known",
            ),
        ]


class ProductionJob(EditableRecord):
    """One stage of making something for one line of an order.

    `issued`, `received`, `rejected`, `scrapped` and `waste` are the sums of its inputs and
    receipts, in `weight_unit`; `first_tag` is the tag of the lot that went in first.
    """

    number = models.CharField(max_length=40)
    order = Reference(SalesOrder, null=True, unlinked=True)
    line = Reference(SalesOrderLine, null=True, unlinked=True)
    order_number = models.CharField(max_length=40)
    stage = Reference(Stage)
    run = Reference(ProductionRun, null=True)
    product = Reference(Product, null=True)
    shape = models.CharField(max_length=80, blank=True)
    size = models.CharField(max_length=80, blank=True)
    pieces_requested = models.DecimalField(null=True, **QUANTITY)
    weight_requested = models.DecimalField(null=True, **WEIGHT)
    weight_unit = models.CharField(max_length=8)
    distribution = models.CharField(max_length=14, default="match_issued")
    issued_on = models.DateField(null=True)
    deadline = models.DateField(null=True)
    staff = Reference(Staff, null=True)
    notes = models.TextField(blank=True)
    status = models.CharField(max_length=12, default="unscheduled")
    issued = models.DecimalField(default=0, **WEIGHT)
    received = models.DecimalField(default=0, **WEIGHT)
    rejected = models.DecimalField(default=0, **WEIGHT)
    scrapped = models.DecimalField(default=0, **WEIGHT)
    waste = models.DecimalField(default=0, **WEIGHT)
    pieces_received = models.DecimalField(default=0, **QUANTITY)
    has_inputs = models.BooleanField(default=False)
    first_tag = models.CharField(max_length=50, blank=True)
    last_received_on = models.DateField(null=True)
    last_receipt_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="job_number_once"),
            models.CheckConstraint(condition=Q(status__in=JOB_STATUSES), name="job_status_known"),
            models.CheckConstraint(
                condition=Q(
                    issued__gte=0, received__gte=0, rejected__gte=0, scrapped__gte=0, waste__gte=0
                ),
                name="job_weights_never_negative",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "order"],
                condition=Q(order__isnull=False),
                name="job_by_order",
            ),
            models.Index(fields=["organization", "status", "-id"], name="job_by_status"),
            models.Index(fields=["organization", "stage", "-id"], name="job_by_stage"),
            models.Index(fields=["organization", "run"], name="job_by_run"),
        ]


class JobInput(OrganizationRecord):
    """Material from one lot: quantity and weight in the lot's units, `counted` in the job's.

    `returned_at`: the job was cancelled before anything came of it, and the material went back.
    """

    job = Reference(ProductionJob, owned=True, related_name="inputs")
    lot = Reference(Lot)
    quantity = models.DecimalField(**QUANTITY)
    unit = models.CharField(max_length=20)
    weight = models.DecimalField(**WEIGHT)
    weight_unit = models.CharField(max_length=8)
    counted = models.DecimalField(**WEIGHT)
    pieces_requested = models.DecimalField(null=True, **QUANTITY)
    at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gte=0, weight__gte=0, counted__gte=0),
                name="job_input_never_negative",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "job"], name="job_input_by_job"),
            models.Index(fields=["organization", "lot"], name="job_input_by_lot"),
        ]


class JobReceipt(OrganizationRecord):
    """What came of a job at one time."""

    job = Reference(ProductionJob, owned=True, related_name="receipts")
    received_on = models.DateField()
    quality = models.CharField(max_length=40, blank=True)
    location = Reference(Location, null=True)
    rack = models.CharField(max_length=40, blank=True)
    notes = models.TextField(blank=True)
    at = models.DateTimeField()
    received_by = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "job"], name="job_receipt_by_job")
        ]


class JobReceiptRow(OrganizationRecord):
    """One row of a receipt: weights in the job's unit, pieces in the product's, and their lots."""

    receipt = Reference(JobReceipt, owned=True, related_name="rows")
    product = Reference(Product)
    pieces = models.DecimalField(default=0, **QUANTITY)
    received = models.DecimalField(default=0, **WEIGHT)
    waste = models.DecimalField(default=0, **WEIGHT)
    rejected_pieces = models.DecimalField(default=0, **QUANTITY)
    rejected = models.DecimalField(default=0, **WEIGHT)
    scrap_pieces = models.DecimalField(default=0, **QUANTITY)
    scrapped = models.DecimalField(default=0, **WEIGHT)
    lot = Reference(Lot, null=True)
    rejected_lot = Reference(Lot, null=True)
    scrap_lot = Reference(Lot, null=True)
    selection = Reference(Selection, null=True)
    notes = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    received__gte=0,
                    waste__gte=0,
                    rejected__gte=0,
                    scrapped__gte=0,
                    pieces__gte=0,
                    rejected_pieces__gte=0,
                    scrap_pieces__gte=0,
                ),
                name="job_receipt_never_negative",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "receipt"], name="job_receipt_row_by_receipt")
        ]
