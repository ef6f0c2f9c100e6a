"""Files that are imported: what was read of them, and what became of each line."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from orderwright.identity.tenancy import EditableRecord, OrganizationRecord, Reference
from orderwright.importing.rules import MODES, ROW_STATES, STATUSES


class Import(EditableRecord):
    """One file on its way to records.

    `digest` tells the same file when it comes again. `headings` are its columns, `columns` says
    which of them (by place, from 0) each field is read from. `counts` are its rows by state,
    recounted with every chunk. `acting` is who started it, with the permissions of that moment;
    `progressed_at` when a job last worked on it.
    """

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    mode = models.CharField(max_length=10, default="both")
    options = models.JSONField(default=dict)
    status = models.CharField(max_length=10, default="checking")
    row_count = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    failure = models.CharField(max_length=500, blank=True)
    acting = models.JSONField(default=dict)
    uploaded_by = models.CharField(max_length=200)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    progressed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="import_status_known"),
            models.CheckConstraint(condition=Q(mode__in=MODES), name="import_mode_known"),
        ]


class ImportRow(OrganizationRecord):
    """One line of the file as it was read, and what became of it.

    `number` is its line in the file. Rows of one record (the lines of an order) share
    `first_number`, the number of the first of them. `errors` are sentences by field.
    """

    source = Reference(Import, owned=True)
    number = models.PositiveIntegerField()
    first_number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="waiting")
    record_id = models.UUIDField(null=True)
    errors = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "source", "number"], name="import_row_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ROW_STATES), name="import_row_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "source", "state", "first_number", "number"],
                name="import_row_by_state",
            )
        ]
