"""Who we trade with and on what terms: customers, addresses, contacts, staff, terms, carriers."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from orderwright.identity.tenancy import (
    EditableRecord,
    OrganizationQuerySet,
    OrganizationRecord,
    Reference,
)

MONEY = {"max_digits": 18, "decimal_places": 4}


class ActiveQuerySet(OrganizationQuerySet):
    """Rows that pickers offer."""

    def active(self) -> "ActiveQuerySet":
        """Not retired: retired rows stay for history and leave the pickers."""
        return self.filter(is_active=True)


class Staff(EditableRecord):
    """A person of the organization who leads orders and does work."""

    nickname = models.CharField(max_length=80)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    department = models.CharField(max_length=80, blank=True)
    designation = models.CharField(max_length=80, blank=True)
    user = Reference("identity.User", null=True)
    is_active = models.BooleanField(default=True)

    objects = ActiveQuerySet.as_manager()


class PaymentTerm(EditableRecord):
    """When an invoice is due (domain 1.18). System terms are not edited."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    net_days = models.PositiveIntegerField(null=True)
    timing = models.CharField(max_length=20, default="net")
    is_system = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("code"), name="payment_term_code_once"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(is_default=True),
                name="payment_term_default_once",
            ),
        ]


class ShippingTerm(EditableRecord):
    """Who pays freight, and how much (domain 1.18, 5.5). Money in `currency`."""

    name = models.CharField(max_length=80)
    type = models.CharField(max_length=30)
    flat_rate = models.DecimalField(null=True, **MONEY)
    minimum_order_value = models.DecimalField(null=True, **MONEY)
    free_freight_threshold = models.DecimalField(null=True, **MONEY)
    free_option_ids = ArrayField(models.UUIDField(), default=list)
    currency = models.CharField(max_length=3, blank=True)
    is_system = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("name"), name="shipping_term_name_once"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(is_default=True),
                name="shipping_term_default_once",
            ),
            models.CheckConstraint(
                condition=Q(type__in=["free_freight", "flat_rate_freight", "carrier_rate_freight"]),
                name="shipping_term_type_known",
            ),
        ]


class Carrier(EditableRecord):
    """Who moves the goods. `code` decides, for example, whether a tracking number is needed."""

    name = models.CharField(max_length=80)
    code = models.CharField(max_length=30, blank=True)
    kind = models.CharField(max_length=12, default="custom")
    is_enabled = models.BooleanField(default=True)
    is_default = models.BooleanField(default=False)
    webhook_secret = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("name"), name="carrier_name_once"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="carrier_default_once"
            ),
        ]


class CarrierOption(OrganizationRecord):
    """A service level of a carrier; its rate table is base + per kg (domain 5.5)."""

    carrier = Reference(Carrier, owned=True, related_name="options")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    is_default = models.BooleanField(default=False)
    transit_days = models.PositiveIntegerField(null=True)
    rate_base = models.DecimalField(null=True, **MONEY)
    rate_per_kg = models.DecimalField(null=True, **MONEY)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organization", "carrier", Lower("code"), name="carrier_option_code_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "carrier"],
                condition=Q(is_default=True),
                name="carrier_option_default_once",
            ),
        ]


class CustomerGroup(EditableRecord):
    """A type group (each customer has one) or a pricing group (any number)."""

    name = models.CharField(max_length=80)
    type = models.CharField(max_length=20)
    description = models.TextField(blank=True)
    free_freight = models.BooleanField(default=False)
    commission_exempt = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("name"), name="customer_group_name_once"),
            models.CheckConstraint(
                condition=Q(type__in=["type_group", "pricing_group"]),
                name="customer_group_type_known",
            ),
        ]


class Customer(EditableRecord):
    """Who buys from us (domain 1.3), with the defaults that fill a new order."""

    number = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    nickname = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    website = models.CharField(max_length=200, blank=True)
    number_of_employees = models.PositiveIntegerField(null=True)
    customer_since = models.DateField(null=True)
    notes = models.TextField(blank=True)
    status = models.CharField(max_length=20, default="normal")
    type_group = Reference(CustomerGroup, null=True)
    pricing_group_ids = ArrayField(models.UUIDField(), default=list)
    parent = Reference("self", null=True)
    payment_term = Reference(PaymentTerm, null=True)
    shipping_term = Reference(ShippingTerm, null=True)
    carrier = Reference(Carrier, null=True)
    carrier_option = Reference(CarrierOption, null=True)
    priority = models.CharField(max_length=10, default="normal")
    sales_rep = Reference(Staff, null=True)
    bill_to_address = Reference("Address", null=True)
    ship_to_address = Reference("Address", null=True)
    carrier_billing_type = models.CharField(max_length=12, default="sender")
    carrier_billing_account = models.CharField(max_length=60, blank=True)
    free_freight = models.BooleanField(default=False)
    commission_exempt = models.BooleanField(default=False)
    credit_limit = models.DecimalField(null=True, **MONEY)
    default_currency = models.CharField(max_length=3, blank=True)
    tax_exempt = models.BooleanField(default=False)
    tax_rate = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    tax_number = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("number"), name="customer_number_once"),
            models.CheckConstraint(
                condition=Q(status__in=["normal", "preferred", "hold_shipment", "hold_all"]),
                name="customer_status_known",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=["low", "normal", "high"]), name="customer_priority_known"
            ),
            models.CheckConstraint(
                condition=Q(carrier_billing_type="sender")
                | (
                    Q(carrier_billing_type__in=["third_party", "recipient"])
                    & ~Q(carrier_billing_account="")
                ),
                name="customer_freight_has_an_account",
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("organization"), Lower("name"), F("id"), name="customer_sorted_by_name"),
        ]


class Place(OrganizationRecord):
    """What every address holds (domain 1.5)."""

    label = models.CharField(max_length=80)
    street_1 = models.CharField(max_length=200, blank=True)
    street_2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    is_drop_ship = models.BooleanField(default=False)
    is_bill_to = models.BooleanField(default=False)
    is_ship_to = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Address(Place):
    """A place of a customer, or of the organization itself (customer null).

    Orders keep snapshots (domain 1.5): a change here never changes an order.
    """

    customer = Reference(Customer, null=True, owned=True, related_name="addresses")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "customer"], name="address_by_customer")
        ]


class Contact(OrganizationRecord):
    """A person at a customer, with two wishes for mail (domain 1.6)."""

    customer = Reference(Customer, owned=True, related_name="contacts")
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    email = models.EmailField()
    order_confirmation = models.BooleanField(default=False)
    invoice = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "customer"], name="contact_by_customer")
        ]


class Supplier(EditableRecord):
    """Who sells to us (domain 1.4), with the terms that fill a new purchase order."""

    number = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    nickname = models.CharField(max_length=80, blank=True)
    website = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    number_of_employees = models.PositiveIntegerField(null=True)
    relationship_start = models.DateField(null=True)
    payment_term = Reference(PaymentTerm, null=True)
    shipping_term = Reference(ShippingTerm, null=True)
    carrier = Reference(Carrier, null=True)
    default_currency = models.CharField(max_length=3, blank=True)
    is_active = models.BooleanField(default=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("number"), name="supplier_number_once")
        ]


class SupplierAddress(Place):
    """A place of a supplier."""

    supplier = Reference(Supplier, owned=True, related_name="addresses")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "supplier"], name="address_by_supplier")
        ]
