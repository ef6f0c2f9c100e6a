"""E-mails that left or will leave, each once."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from orderwright.identity.tenancy import OrganizationRecord


class EmailMessage(OrganizationRecord):
    """One e-mail with its outcome; `effect_key` makes a repeated job harmless."""

    effect_key = models.CharField(max_length=120)
    topic_id = models.UUIDField()
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
