"""Events: one append-only table is timeline, audit trail and outbox."""

from typing import ClassVar

from django.db import models

from orderwright.identity.tenancy import OrganizationRecord


class Event(OrganizationRecord):
    """Something that happened, kept forever. The database refuses to change or delete it.

    `topic` is the record on whose timeline it stands (a shipment's event stands on its order's).
    `transaction` is the database's own transaction number: readers that follow the events ask only
    for those of transactions that have surely ended, so that none is skipped.
    """

    type = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    subject_id = models.UUIDField()
    topic_id = models.UUIDField()
    body = models.JSONField(default=dict)
    transaction = models.BigIntegerField(
        db_default=models.expressions.RawSQL("(pg_current_xact_id()::text)::bigint", [])
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "topic_id", "-id"], name="event_by_topic"),
            models.Index(fields=["organization", "transaction", "id"], name="event_in_order"),
        ]


class RememberedAnswer(OrganizationRecord):
    """The first answer to a request with an idempotency key, written with the effect itself."""

    key = models.CharField(max_length=255)
    request_digest = models.BinaryField()
    status = models.PositiveSmallIntegerField(null=True)
    content = models.BinaryField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "key"], name="idempotency_key_once"),
        ]
