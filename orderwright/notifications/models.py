"""Notifications of people, how they like to get them, and which products were low last time."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from orderwright.catalog.models import Product
from orderwright.identity.models import User
from orderwright.identity.tenancy import OrganizationRecord, Reference
from orderwright.notifications.rules import CATEGORIES

_KNOWN = [category.code for category in CATEGORIES]


class Notification(OrganizationRecord):
    """What one person was told.

    `occasion` is the event, or stands for what a date brought about: the same person hears of it
    once, however often a job runs. `in_app` and `by_email` are what the person wanted then.
    """

    user = Reference(User, owned=True)
    category = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    body = models.CharField(max_length=600, blank=True)
    link = models.CharField(max_length=300, blank=True)
    occasion = models.UUIDField()
    in_app = models.BooleanField(default=True)
    by_email = models.BooleanField(default=False)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user", "occasion", "kind"], name="notification_once"
            ),
            models.CheckConstraint(
                condition=Q(category__in=_KNOWN), name="notification_category_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "user", "-id"],
                condition=Q(in_app=True, read_at=None, dismissed_at=None),
                name="notification_unread",
            ),
            models.Index(
                fields=["organization", "user", "-id"],
                condition=Q(in_app=True),
                name="notification_by_user",
            ),
            models.Index(fields=["organization", "at"], name="notification_by_age"),
        ]


class NotificationPreference(OrganizationRecord):
    """Where a person wants the notifications of a category; without a row the defaults hold."""

    user = Reference(User, owned=True)
    category = models.CharField(max_length=20)
    in_app = models.BooleanField()
    email = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user", "category"], name="notification_preference_once"
            ),
            models.CheckConstraint(
                condition=Q(category__in=_KNOWN), name="notification_preference_category_known"
            ),
        ]


class LowProduct(OrganizationRecord):
    """A product whose stock was at its threshold or below when somebody last looked."""

    product = Reference(Product, owned=True)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "product"], name="low_product_once"),
        ]
