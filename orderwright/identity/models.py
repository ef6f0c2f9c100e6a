"""Organizations, roles, users and keys. Who acts is settled here and nowhere else."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from orderwright.identity.tenancy import (
    EditableRecord,
    OrganizationQuerySet,
    OrganizationRecord,
    Reference,
)
from orderwright.kernel.ids import new_id


class Organization(models.Model):  # noqa: DJ008
    """The company that uses the software; everything belongs to one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=50, blank=True)
    country = models.CharField(max_length=2, blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    default_currency = models.CharField(max_length=3, default="USD")
    default_weight_unit = models.CharField(max_length=8, default="g")
    so_prefix = models.CharField(max_length=12, default="SO-")
    po_prefix = models.CharField(max_length=12, default="PO-")
    invoice_prefix = models.CharField(max_length=12, default="INV-")
    tag_prefix = models.CharField(max_length=12, blank=True)
    settings = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="organization_name_once"),
        ]


class Role(EditableRecord):
    """A named set of permissions."""

    name = models.CharField(max_length=60)
    is_system = models.BooleanField(default=False)
    permissions = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("name"), name="role_name_once"),
        ]


class User(AbstractBaseUser):
    """A login of one organization; a person may hold a login in several."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    email = models.EmailField()
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    role = Reference(Role)
    status = models.CharField(max_length=10, default="active")
    failed_sign_ins = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    theme = models.CharField(max_length=10, default="auto")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=Q(status__in=["active", "invited", "disabled"]), name="user_status_known"
            ),
        ]
        indexes: ClassVar = [models.Index(Lower("email"), name="user_by_email")]


class ApiKey(OrganizationRecord):
    """A key for programs: one organization, one role, stored as a digest, shown once."""

    name = models.CharField(max_length=80)
    role = Reference(Role)
    hint = models.CharField(max_length=16)
    digest = models.BinaryField(unique=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
