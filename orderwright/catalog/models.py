"""What is made, bought and sold: products in product lines and categories, with their units."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from orderwright.directory.models import (
    MONEY,
    ActiveQuerySet,
    Customer,
    CustomerGroup,
    Supplier,
)
from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference

WEIGHT = {"max_digits": 18, "decimal_places": 6}


class ProductLine(EditableRecord):
    """A family of products; prices, discounts and access refer to it."""

    name = models.CharField(max_length=80)
    free_freight = models.BooleanField(default=False)
    commission_exempt = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("name"), name="product_line_name_once")
        ]


class ProductCategory(EditableRecord):
    """A second way to group products, for prices and discounts."""

    name = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organization", Lower("name"), name="product_category_name_once"
            )
        ]


class Product(EditableRecord):
    """Something that can stand on a line (domain 1.8).

    `units` maps each further unit to what one of it holds in default units, with optional fixed
    and percentage discounts: {"box": {"ratio": "12"}}. Only products of type `sale` are stock.
    """

    sku = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40, blank=True)
    description = models.TextField(blank=True)
    type = models.CharField(max_length=10, default="sale")
    product_line = Reference(ProductLine, null=True)
    category = Reference(ProductCategory, null=True)
    attributes = models.JSONField(default=dict)
    aliases = ArrayField(models.CharField(max_length=200), default=list)
    base_price = models.DecimalField(null=True, **MONEY)
    currency = models.CharField(max_length=3, blank=True)
    price_unit = models.CharField(max_length=20, blank=True)
    unit_cost = models.DecimalField(null=True, **MONEY)
    default_unit = models.CharField(max_length=20, default="pcs")
    units = models.JSONField(default=dict)
    weight_per_unit = models.DecimalField(null=True, **WEIGHT)
    weight_unit = models.CharField(max_length=8, blank=True)
    tax_rate = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    is_manufactured = models.BooleanField(default=False)
    reorder_threshold = models.DecimalField(null=True, **WEIGHT)
    is_active = models.BooleanField(default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("sku"), name="product_sku_once"),
            models.CheckConstraint(
                condition=Q(type__in=["sale", "service", "shipping", "credit", "return", "tax"]),
                name="product_type_known",
            ),
            models.CheckConstraint(
                condition=Q(base_price__isnull=True) | Q(base_price__gte=0),
                name="product_price_never_negative",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "product_line"], name="product_by_line"),
            models.Index(F("organization"), Lower("name"), F("id"), name="product_sorted_by_name"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="product_name_trigrams"),
        ]


class ItemCode(OrganizationRecord):
    """What a customer calls one of our products in its own system."""

    customer = Reference(Customer, owned=True, related_name="item_codes")
    code = models.CharField(max_length=60)
    product = Reference(Product, owned=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organization", "customer", Lower("code"), name="item_code_once"
            )
        ]


class LineAccess(OrganizationRecord):
    """A customer group that is limited to some product lines: one row for each (domain 1.7)."""

    group = Reference(CustomerGroup, owned=True)
    product_line = Reference(ProductLine, owned=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "group", "product_line"], name="line_access_once"
            )
        ]


class SuppliedProduct(OrganizationRecord):
    """A product that a supplier sells to us, maybe under a code of its own (domain 1.4)."""

    supplier = Reference(Supplier, owned=True, related_name="supplied_products")
    product = Reference(Product, owned=True)
    code = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "supplier", "product"], name="supplied_product_once"
            )
        ]
