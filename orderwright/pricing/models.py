"""Customer prices, volume discounts, discount codes and who has used them (domain 1.18, 5)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from orderwright.catalog.models import ProductLine
from orderwright.directory.models import MONEY, ActiveQuerySet, Customer
from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference

FRACTION = {"max_digits": 8, "decimal_places": 6}


class CustomerPrice(EditableRecord):
    """A customer's own price for the products of a line: currency per `unit`."""

    customer = Reference(Customer)
    product_line = Reference(ProductLine)
    category_ids = ArrayField(models.UUIDField(), default=list)
    attributes = models.JSONField(default=dict)
    price = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    unit = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(price__gte=0), name="customer_price_never_negative")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "customer", "product_line"], name="customer_price_lookup"
            )
        ]


class VolumeDiscount(EditableRecord):
    """Tiers by the order's quantity in its scope; an empty list does not restrict.

    `tiers` is a list of {"name", "threshold", "percent"}; percent is a fraction as a string.
    """

    name = models.CharField(max_length=80)
    tiers = models.JSONField(default=list)
    customer_group_ids = ArrayField(models.UUIDField(), default=list)
    product_line_ids = ArrayField(models.UUIDField(), default=list)
    category_ids = ArrayField(models.UUIDField(), default=list)
    attributes = models.JSONField(default=dict)
    acceptable_units = ArrayField(models.CharField(max_length=20), default=list)
    is_active = models.BooleanField(default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("name"), name="volume_discount_name_once")
        ]


class DiscountCode(EditableRecord):
    """A code that takes a percentage (a fraction) or an amount off the merchandise, once."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80, blank=True)
    type = models.CharField(max_length=12)
    percentage = models.DecimalField(null=True, **FRACTION)
    amount = models.DecimalField(null=True, **MONEY)
    currency = models.CharField(max_length=3, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    max_redemptions = models.PositiveIntegerField(null=True)
    once_per_customer = models.BooleanField(default=True)
    customer_ids = ArrayField(models.UUIDField(), default=list)
    is_active = models.BooleanField(default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("code"), name="discount_code_once"),
            models.CheckConstraint(
                condition=Q(type="percentage", percentage__gt=0, percentage__lte=1)
                | Q(type="amount", amount__gt=0),
                name="discount_code_gives_something",
            ),
        ]


class Redemption(OrganizationRecord):
    """One order uses one code. `order_id` is the order's id, which stands above this area."""

    code = Reference(DiscountCode)
    customer = Reference(Customer)
    order_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "order_id"], name="one_code_for_an_order"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "code", "customer"], name="redemption_by_code")
        ]
