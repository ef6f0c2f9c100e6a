"""Events: one append-only table is timeline, audit trail and outbox."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference


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
            models.Index(fields=["organization", "type", "id"], name="event_by_type"),
            models.Index(fields=["organization", "actor_id", "id"], name="event_by_actor"),
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


class SavedView(EditableRecord):
    """A state of a list under a name: its address. Its owner's, or everybody's when shared."""

    list_name = models.CharField(max_length=40)
    owner_id = models.UUIDField()
    owner_name = models.CharField(max_length=200)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organization", "list_name", "owner_id", Lower("name"), name="saved_view_name_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
        ]


class ListChoice(OrganizationRecord):
    """How one person wants one list: its columns, and the view that it opens with."""

    owner_id = models.UUIDField()
    list_name = models.CharField(max_length=40)
    columns = ArrayField(models.CharField(max_length=40), null=True)
    default_view_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "owner_id", "list_name"], name="list_choice_once"
            ),
        ]


class BulkRun(OrganizationRecord):
    """One action on many records, with a result for each; it goes on with the permissions that its
    starter had when it began."""

    action = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    status = models.CharField(max_length=10, default="running")
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    role = models.CharField(max_length=60)
    permissions = ArrayField(models.CharField(max_length=40))
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["running", "done", "cancelled"]),
                name="bulk_run_status_known",
            ),
        ]


class BulkRunRow(OrganizationRecord):
    """One record of a run: still waiting, done, or skipped with the sentence that says why."""

    run = Reference(BulkRun, owned=True)
    position = models.PositiveIntegerField()
    subject_id = models.UUIDField()
    label = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, default="waiting")
    code = models.CharField(max_length=60, blank=True)
    message = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "run", "position"], name="bulk_run_row_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "done", "skipped"]),
                name="bulk_run_row_status_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "run", "position"],
                condition=Q(status="waiting"),
                name="bulk_run_row_waiting",
            ),
        ]
