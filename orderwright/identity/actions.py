"""Found an organization, make users and keys, change passwords and settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from orderwright.identity import sql
from orderwright.identity.caller import Caller
from orderwright.identity.keys import digest_of, hint_of, new_key
from orderwright.identity.models import ApiKey, Organization, Role, User
from orderwright.identity.permissions import ROLES, default_permissions
from orderwright.identity.queries import system_caller
from orderwright.identity.tenancy import enter
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.ids import new_id

MINIMUM_PASSWORD = 8


@dataclass(frozen=True, slots=True)
class Founded:
    """What the founder of an organization takes away; the key is shown this once."""

    organization_id: UUID
    organization_name: str
    user_id: UUID
    email: str
    api_key: str


def create_organization(
    *,
    name: str,
    email: str,
    password: str,
    now: datetime,
    equip: Sequence[Callable[[Caller], None]] = (),
) -> Founded:
    """Found an organization with its roles, an Admin who can sign in, and an API key.

    `equip` are the actions of higher areas that give a new organization its system records
    (terms, carriers, a location). Raises Invalid for a bad name, e-mail or password, Conflict
    `organization_exists` when the name is taken.
    """
    _check_founder(name=name, email=email, password=password)
    with transaction.atomic():
        organization_id = new_id()
        enter(organization_id)
        organization = _insert_organization(organization_id, name.strip())
        sql.found_numbers()
        roles = _insert_roles(organization_id)
        user = User.objects.create(
            organization_id=organization_id,
            email=email.strip(),
            password=make_password(password),
            role=roles["Admin"],
        )
        _, key = insert_api_key(
            organization_id, name="First key", role_id=roles["Admin"].pk, expires_at=None
        )
        by = system_caller(organization, now=now)
        for step in equip:
            step(by)
    return Founded(
        organization_id=organization_id,
        organization_name=organization.name,
        user_id=user.pk,
        email=user.email,
        api_key=key,
    )


def create_user(
    *, by: Caller, email: str, role: str, password: str, first_name: str = "", last_name: str = ""
) -> User:
    """A further login of the caller's organization. Raises Invalid, or Conflict when it exists."""
    by.must("users:create")
    _check_email(email)
    _check_password(password)
    found = Role.objects.of(by.organization_id).filter(name__iexact=role).first()
    if found is None:
        raise Invalid(
            "unknown_role", "There is no role of this name.", fields={"role": "unknown role"}
        )
    try:
        with transaction.atomic():
            return User.objects.create(
                organization_id=by.organization_id,
                email=email.strip(),
                password=make_password(password),
                role=found,
                first_name=first_name,
                last_name=last_name,
            )
    except IntegrityError as error:
        raise Conflict(
            "user_exists",
            "A user with this e-mail address exists already.",
            fields={"email": "taken"},
        ) from error


def create_api_key(*, by: Caller, name: str, role: str, expires_at: datetime | None = None) -> str:
    """A key of the caller's organization for one role; the answer is the only copy of the key."""
    by.must("users:create")
    found = Role.objects.of(by.organization_id).filter(name__iexact=role).first()
    if found is None:
        raise Invalid(
            "unknown_role", "There is no role of this name.", fields={"role": "unknown role"}
        )
    _, key = insert_api_key(by.organization_id, name=name, role_id=found.pk, expires_at=expires_at)
    return key


def insert_api_key(
    organization_id: UUID, *, name: str, role_id: UUID, expires_at: datetime | None
) -> tuple[UUID, str]:
    """A new key's id and the key itself, which is not kept anywhere."""
    key = new_key()
    row = ApiKey.objects.create(
        organization_id=organization_id,
        name=name,
        role_id=role_id,
        hint=hint_of(key),
        digest=digest_of(key),
        expires_at=expires_at,
    )
    return row.pk, key


def _insert_organization(organization_id: UUID, name: str) -> Organization:
    try:
        with transaction.atomic():
            return Organization.objects.create(id=organization_id, name=name)
    except IntegrityError as error:
        raise Conflict(
            "organization_exists",
            f"An organization named “{name}” exists already; choose another name.",
            fields={"name": "taken"},
        ) from error


def _insert_roles(organization_id: UUID) -> dict[str, Role]:
    return {
        role.name: role
        for role in Role.objects.bulk_create(
            Role(
                organization_id=organization_id,
                name=name,
                is_system=True,
                permissions=sorted(default_permissions(name)),
            )
            for name in ROLES
        )
    }


def _check_founder(*, name: str, email: str, password: str) -> None:
    if not name.strip() or len(name) > 200:
        raise Invalid(
            "invalid_name",
            "The organization needs a name of at most 200 characters.",
            fields={"name": "1 to 200 characters"},
        )
    _check_email(email)
    _check_password(password)


def _check_email(email: str) -> None:
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise Invalid(
            "invalid_email",
            f"“{email}” is not an e-mail address.",
            fields={"email": "not an e-mail address"},
        ) from error


def _check_password(password: str) -> None:
    if len(password) < MINIMUM_PASSWORD:
        raise Invalid(
            "password_too_short",
            f"The password needs at least {MINIMUM_PASSWORD} characters.",
            fields={"password": f"at least {MINIMUM_PASSWORD} characters"},
        )
