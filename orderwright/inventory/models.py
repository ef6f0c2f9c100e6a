"""Where stock is and to whom it is promised: locations, lots, reservations, selections, movements.

All quantities here are in the product's default unit; weights in the row's `weight_unit`.
Nothing here knows of orders: whoever needs stock points down to its reservation.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from orderwright.catalog.models import WEIGHT, Product
from orderwright.directory.models import MONEY
from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference

QUANTITY = WEIGHT


class Location(EditableRecord):
    """A place where lots lie."""

    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=20, blank=True)
    type = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="location_name_once"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="location_default_once"
            ),
        ]


class Lot(EditableRecord):
    """A physical quantity of one product at a place, with a tag (domain 1.9).

    `may_go_negative` mirrors the organization's `stock.allow_negative` when the lot was made or
    last adjusted; unless it is set, the database refuses to go below zero.
    """

    tag_id = models.CharField(max_length=50, db_collation="C")
    product = Reference(Product)
    location = Reference(Location)
    quantity = models.DecimalField(default=0, **QUANTITY)
    weight = models.DecimalField(default=0, **WEIGHT)
    weight_unit = models.CharField(max_length=8)
    status = models.CharField(max_length=24, default="available")
    inventory_type = models.CharField(max_length=40, default="Finished")
    finished_type = models.CharField(max_length=40, blank=True)
    shape = models.CharField(max_length=40, blank=True)
    size = models.CharField(max_length=40, blank=True)
    color = models.CharField(max_length=40, blank=True)
    quality = models.CharField(max_length=40, blank=True)
    rack = models.CharField(max_length=40, blank=True)
    unit_cost = models.DecimalField(null=True, **MONEY)
    currency = models.CharField(max_length=3, blank=True)
    source = models.CharField(max_length=24, default="manual")
    source_id = models.UUIDField(null=True)
    notes = models.TextField(blank=True)
    may_go_negative = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "tag_id"], name="lot_tag_once"),
            models.CheckConstraint(
                condition=Q(may_go_negative=True) | Q(quantity__gte=0, weight__gte=0),
                name="lot_never_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "available",
                        "retrieved_out",
                        "issued_to_production",
                        "rejected",
                        "scrap",
                        "archived",
                    ]
                ),
                name="lot_status_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "product", "id"], name="lot_by_product"),
            models.Index(
                fields=["organization", "product", "id"],
                condition=~Q(quantity=0, weight=0),
                name="lot_on_hand",
            ),
        ]


class Reservation(OrganizationRecord):
    """A quantity of a product promised to a line, not yet taken from a lot (domain 1.10).

    `basis` says whether required and covered are quantities in the product's default unit or
    weights in `weight_unit`. `short` is required less covered. `label` names the line to people.
    Coverage goes by priority_rank (high 0, normal 1, low 2), issued_at, position, id.
    """

    product = Reference(Product)
    basis = models.CharField(max_length=8, default="quantity")
    weight_unit = models.CharField(max_length=8, blank=True)
    required = models.DecimalField(**QUANTITY)
    covered = models.DecimalField(default=0, **QUANTITY)
    is_open = models.BooleanField(default=True)
    priority_rank = models.PositiveSmallIntegerField(default=1)
    issued_at = models.DateTimeField()
    position = models.PositiveIntegerField(default=1)
    label = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(covered__gte=0, covered__lte=F("required")),
                name="reservation_covered_within_required",
            ),
            models.CheckConstraint(
                condition=Q(is_open=True) | Q(required=0), name="closed_reservation_holds_nothing"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "product"],
                include=["required", "covered", "basis"],
                condition=Q(required__gt=0),
                name="reservation_waiting",
            )
        ]


class Selection(OrganizationRecord):
    """A quantity taken from one lot for one reservation; taking it deducts it from the lot.

    `is_packed`: it lies in a box that has not left; until that is unpacked it can neither be
    released nor leave in another way.
    """

    reservation = Reference(Reservation)
    lot = Reference(Lot)
    quantity = models.DecimalField(**QUANTITY)
    weight = models.DecimalField(default=0, **WEIGHT)
    weight_unit = models.CharField(max_length=8)
    status = models.CharField(max_length=10, default="retrieved")
    is_packed = models.BooleanField(default=False, db_default=False)
    selected_at = models.DateTimeField()
    selected_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gte=0, weight__gte=0) & (Q(quantity__gt=0) | Q(weight__gt=0)),
                name="selection_takes_something",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["retrieved", "shipped", "released"]),
                name="selection_status_known",
            ),
            models.CheckConstraint(
                condition=Q(is_packed=False) | Q(status="retrieved"),
                name="selection_packed_is_retrieved",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "reservation"], name="selection_by_reservation"),
            models.Index(fields=["organization", "lot"], name="selection_by_lot"),
        ]


class TagNumber(OrganizationRecord):
    """The last running number that was given to a tag with this prefix."""

    prefix = models.CharField(max_length=50, db_collation="C")
    last = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "prefix"], name="tag_number_prefix_once"
            )
        ]


class Movement(OrganizationRecord):
    """Every change of a lot, append-only: the database refuses to change or delete it.

    It outlives its lot: a lot that was never used can be deleted, what happened to it stays.
    """

    lot_id = models.UUIDField()
    product = Reference(Product)
    action = models.CharField(max_length=24)
    quantity_delta = models.DecimalField(**QUANTITY)
    weight_delta = models.DecimalField(**WEIGHT)
    quantity_after = models.DecimalField(**QUANTITY)
    weight_after = models.DecimalField(**WEIGHT)
    reason = models.CharField(max_length=200, blank=True)
    cause_id = models.UUIDField(null=True)
    cause = models.CharField(max_length=80, blank=True)
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "lot_id", "-id"], name="movement_by_lot"),
            models.Index(fields=["organization", "product", "-id"], name="movement_by_product"),
        ]
