"""E-mails that left or will leave, each once."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from orderwright.identity.tenancy import EditableRecord, OrganizationRecord


class EmailMessage(OrganizationRecord):
    """One e-mail with its outcome; `effect_key` makes a repeated job harmless.

    It stands in the log of its topic (an order); `about_id` is the record whose document comes
    along, when that is another one (an invoice, a shipment).
    """

    effect_key = models.CharField(max_length=120)
    topic_id = models.UUIDField()
    about_id = models.UUIDField(null=True)
    template = models.CharField(max_length=40)
    recipients = ArrayField(models.EmailField())
    subject = models.CharField(max_length=300)
    text = models.TextField()
    status = models.CharField(max_length=10, default="queued")
    failure = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "effect_key"], name="email_effect_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "topic_id"], name="email_by_topic")
        ]


class EmailTemplate(EditableRecord):
    """How an organization words one kind of e-mail; an empty part reads as it does by itself."""

    key = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "key"], name="email_template_once")
        ]
