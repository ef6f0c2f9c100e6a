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
    industry = models.CharField(max_length=80, blank=True)
    primary_domain = models.CharField(max_length=200, blank=True)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    logo = models.BinaryField(null=True)
    logo_type = models.CharField(max_length=20, blank=True)
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
    theme = models.CharField(max_length=10, default="auto")
    times = models.CharField(max_length=10, default="relative")
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
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)


class UserSession(OrganizationRecord):
    """One browser in which somebody has signed in; ended, it opens nothing any more."""

    user = Reference(User, owned=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=20)
    address = models.CharField(max_length=64, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "user"], name="session_by_user")]


class MailedSecret(OrganizationRecord):
    """The digest of a secret that went to somebody by mail: it invites, or resets a password."""

    user = Reference(User, owned=True)
    purpose = models.CharField(max_length=10)
    digest = models.BinaryField()
    effect = models.UUIDField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "digest"], name="mailed_secret_once"),
            models.UniqueConstraint(
                fields=["organization", "effect"], name="mailed_secret_effect_once"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["invite", "reset"]), name="mailed_secret_purpose_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "user"], name="mailed_secret_by_user")
        ]


class Authenticator(OrganizationRecord):
    """A second factor of a person: an app that shows codes, or a passkey.

    `secret` is the app's key, encrypted, or the passkey's public key. `counter` is the last time
    step whose code was taken, or the passkey's count of signatures: neither goes back.
    """

    user = Reference(User, owned=True)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    secret = models.BinaryField()
    credential = models.BinaryField(null=True)
    counter = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "credential"], name="credential_once"),
            models.UniqueConstraint(
                fields=["organization", "user"], condition=Q(kind="codes"), name="one_code_app"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["codes", "passkey"]), name="authenticator_kind_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "user"], name="authenticator_by_user")
        ]


class RecoveryCode(OrganizationRecord):
    """The digest of a code that stands in for a second factor once."""

    user = Reference(User, owned=True)
    digest = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user", "digest"], name="recovery_code_once"
            )
        ]


class FailedSignIn(models.Model):  # noqa: DJ008
    """How often something failed lately; `key` is a digest, so that no address is kept.

    It belongs to no organization: before somebody is in, there is none.
    """

    key = models.BinaryField(primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()
