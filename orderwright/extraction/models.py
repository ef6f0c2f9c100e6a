"""Extractions as they were proposed, and what people taught by correcting them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from orderwright.catalog.models import Product
from orderwright.directory.models import Customer
from orderwright.identity.tenancy import OrganizationRecord, Reference


class Extraction(OrganizationRecord):
    """A proposal: the notes as sent and the answer as given."""

    notes = models.TextField()
    direction = models.CharField(max_length=10, default="sales")
    customer = Reference(Customer, null=True, owned=True)
    engine = models.CharField(max_length=10)
    answer = models.JSONField()
    accepted_at = models.DateTimeField(null=True)
    accepted_rows = models.JSONField(null=True)
    created_at = models.DateTimeField()


class LearnedAlias(OrganizationRecord):
    """A phrase that a person said means this product, for one customer or, after two, for all."""

    customer = Reference(Customer, null=True, owned=True)
    phrase = models.CharField(max_length=200)
    product = Reference(Product, owned=True)
    confirmations = models.PositiveIntegerField(default=1)
    last_confirmed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organization",
                "customer",
                Lower("phrase"),
                name="alias_once_for_a_customer",
                condition=Q(customer__isnull=False),
            ),
            models.UniqueConstraint(
                "organization",
                Lower("phrase"),
                name="alias_once_for_all",
                condition=Q(customer__isnull=True),
            ),
        ]
