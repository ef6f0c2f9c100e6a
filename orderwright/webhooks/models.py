"""Who is told what happens, and what became of each telling."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from orderwright.activity.models import Event
from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference
from orderwright.webhooks.rules import LONGEST_URL, OPEN, STATUSES


class Endpoint(EditableRecord):
    """A receiver. `event_types` are what it asked for, none meaning everything.

    `followed_transaction` and `followed_event` say how far in the log of events its deliveries are
    written (decision 6). `busy_until` is the lease of whoever delivers to it now. `silent` counts
    attempts without any answer, after which it rests until `resting_until`. Secrets are encrypted;
    the previous one signs too until `previous_until`.
    """

    url = models.CharField(max_length=LONGEST_URL)
    description = models.CharField(max_length=200, blank=True)
    event_types = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    secret = models.BinaryField()
    previous_secret = models.BinaryField(null=True)
    previous_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=200, blank=True)
    followed_transaction = models.BigIntegerField()
    followed_event = models.UUIDField()
    busy_until = models.DateTimeField(null=True)
    silent = models.PositiveIntegerField(default=0)
    resting_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    last_delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(url=""), name="webhook_endpoint_has_a_url"),
        ]


class Delivery(OrganizationRecord):
    """One event for one endpoint, there once; `attempts` is how often it was sent.

    `pending` waits for its first attempt, `failed` for another one, `exhausted` for nobody.
    While it is sent, `next_attempt_at` is when somebody else may take it over.
    """

    endpoint = Reference(Endpoint, owned=True)
    event = Reference(Event)
    event_type = models.CharField(max_length=60)
    transaction = models.BigIntegerField()
    status = models.CharField(max_length=10, default="pending")
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_attempt_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    response_status = models.PositiveIntegerField(null=True)
    response_body = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)
    duration_ms = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "endpoint", "event"], name="webhook_delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=STATUSES), name="webhook_delivery_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, next_attempt_at__isnull=False)
                | (~Q(status__in=OPEN) & Q(next_attempt_at__isnull=True)),
                name="webhook_delivery_open_has_a_next_attempt",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "endpoint", "next_attempt_at", "transaction", "event"],
                condition=Q(status__in=OPEN),
                name="webhook_delivery_due",
            ),
            models.Index(
                fields=["organization", "endpoint", "status", "-id"],
                name="webhook_delivery_by_status",
            ),
            models.Index(fields=["organization", "endpoint", "-id"], name="webhook_delivery_list"),
        ]
