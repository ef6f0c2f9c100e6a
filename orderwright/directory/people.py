"""Roles, logins and keys, with an event for each change.

What a caller gives away is never more than the caller has: a role with further permissions can
neither be made nor given to somebody.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.hashers import is_password_usable, make_password

from orderwright.activity import actions as activity
from orderwright.activity import records
from orderwright.activity.kinds import Kind, Values
from orderwright.activity.rows import plain
from orderwright.directory import people_rules as rules
from orderwright.identity import actions as identity
from orderwright.identity import factors, mailed, sessions
from orderwright.identity.caller import Caller
from orderwright.identity.factors import FactorRow, Person
from orderwright.identity.models import ApiKey, Role, User
from orderwright.identity.sessions import SessionRow
from orderwright.kernel.errors import Conflict, Forbidden
from orderwright.kernel.shapes import invalid


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A named set of permissions."""

    id: UUID
    version: int
    name: str
    is_system: bool
    permissions: list[str]
    created_at: datetime
    updated_at: datetime


def _check_role(by: Caller, values: Values, changed: Collection[str]) -> None:
    must_have(by, values["permissions"])


ROLE: Final = Kind(
    model=Role,
    noun="role",
    area="users",
    shape=rules.ROLE,
    row=RoleRow,
    check=_check_role,
)


@dataclass(frozen=True, slots=True)
class UserRow:
    """A login."""

    id: UUID
    version: int
    email: str
    first_name: str
    last_name: str
    role_id: UUID
    role_name: str
    status: str
    last_login: datetime | None
    created_at: datetime
    updated_at: datetime


USER: Final = Kind(
    model=User,
    noun="user",
    area="users",
    shape=rules.USER,
    row=UserRow,
    joined={"role_name": "role__name"},
    searched=("email", "first_name", "last_name"),
    filters=rules.USER_FILTERS,
    secrets=frozenset({"password"}),
)


@dataclass(frozen=True, slots=True)
class UserPage:
    """A login as administrators see it."""

    row: UserRow
    factors: list[FactorRow]
    sessions: list[SessionRow]
    is_own: bool


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """A key for programs; `hint` is how it begins."""

    id: UUID
    name: str
    role_id: UUID
    role_name: str
    hint: str
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    created_at: datetime


API_KEY: Final = Kind(
    model=ApiKey,
    noun="api key",
    area="users",
    shape=rules.API_KEY,
    row=ApiKeyRow,
    joined={"role_name": "role__name"},
)


def create_user(*, by: Caller, sent: Mapping[str, Any]) -> UUID:
    """A further login with `email`, `role` (a name or an id) and `password`; answers its id.

    Without a password the login is `invited` and opens once it has one. Raises Forbidden, also for
    a role that may more than the caller, Invalid with the fields, Conflict `duplicate`.
    """
    by.must("users:create")
    values = USER.shape.of_new({**sent, "role_id": _role_to_give(by, sent.get("role"))})
    if values["password"]:
        values.update(password=make_password(values["password"]), status="active")
        return records.insert(by, USER, values)
    values.update(password=make_password(None), status="invited")
    user_id = records.insert(by, USER, values)
    activity.record(by, "user.invited", user_id, body={"email": values["email"]})
    return user_id


def change_user(
    *, by: Caller, user_id: UUID, sent: Mapping[str, Any], version: int | None = None
) -> None:
    """Change name, role, status or password of a login; a password opens an invited one.

    A new password or a disabled login ends its sessions and mailed secrets. Raises what
    `create_user` raises, NotFound, Conflict `stale_version`, `own_login` for one's own role or
    status, `no_password` for opening a login that never had one, and `last_admin` when nobody
    would be left who can administer.
    """
    by.must("users:update")
    current = records.locked(by, USER, user_id, version=version)
    must_have(by, permissions_of(by, current.role_id))
    given = dict(sent)
    if given.get("role") is not None:
        given["role_id"] = _role_to_give(by, given["role"])
    values = _with_password(current, USER.shape.of_change(given))
    _check_own_login(by, current, values)
    _check_admin_stays(by, current, values)
    records.update(by, USER, current, values)
    if "password" in values or values.get("status", current.status) != current.status:
        close(by, user_id)


def close(by: Caller, user_id: UUID) -> None:
    """End what opens this login now: its sessions and the secrets that were mailed."""
    mine = by.organization_id
    sessions.end_sessions(organization_id=mine, user_id=user_id, now=by.now)
    mailed.end_all(Person(organization_id=mine, user_id=user_id), now=by.now)


def _with_password(current: User, values: Values) -> Values:
    if values.get("password"):
        opened = "active" if current.status == "invited" else current.status
        values["password"] = make_password(values["password"])
        values.setdefault("status", opened)
    else:
        values.pop("password", None)
        if values.get("status") == "active" and not is_password_usable(current.password):
            sentence = "This login has no password yet. Invite the person again."
            raise Conflict("no_password", sentence, fields={"status": sentence})
    return values


def _check_own_login(by: Caller, current: User, values: Values) -> None:
    """Nobody locks oneself out, or takes one's own role away."""
    is_other = (
        values.get("role_id", current.role_id) != current.role_id
        or values.get("status", current.status) != current.status
    )
    if by.actor.id == current.pk and is_other:
        raise Conflict(
            "own_login",
            "You cannot change the role or status of the login that you are using. "
            "Ask another Admin.",
        )


def user_page(*, by: Caller, user_id: UUID) -> UserPage:
    """A login with its second factors and open sessions. Raises Forbidden, NotFound."""
    row = records.one(by=by, kind=USER, record_id=user_id)
    person = Person(organization_id=by.organization_id, user_id=user_id)
    return UserPage(
        row=row,
        factors=factors.factors_of(person),
        sessions=sessions.open_sessions(organization_id=by.organization_id, user_id=user_id),
        is_own=by.actor.id == user_id,
    )


def remove_user(*, by: Caller, user_id: UUID) -> None:
    """Delete a login; what it did stays in the events.

    Raises Forbidden, NotFound, Conflict `in_use`, `own_login` or `last_admin`.
    """
    by.must("users:delete")
    current = records.locked(by, USER, user_id)
    must_have(by, permissions_of(by, current.role_id))
    if by.actor.id == user_id:
        raise Conflict("own_login", "You cannot delete the login that you are using.")
    _check_admin_stays(by, current, {"status": "disabled"})
    records.remove(by=by, kind=USER, record_id=user_id)


def create_api_key(*, by: Caller, sent: Mapping[str, Any]) -> tuple[UUID, str]:
    """A key with `name`, `role` (a name or an id) and `expires_at`: its id, and the key itself.

    The answer is the only copy of the key. Raises Forbidden, also for a role that may more than
    the caller, Invalid with the fields.
    """
    by.must("users:create")
    role_id = _role_to_give(by, sent.get("role"))
    values = API_KEY.shape.of_new({**sent, "role_id": role_id})
    if values["expires_at"] is not None and values["expires_at"] <= by.now:
        raise invalid("invalid_instant", "This moment has passed.", "expires_at")
    key_id, key = identity.insert_api_key(
        by.organization_id,
        name=values["name"],
        role_id=role_id,
        expires_at=values["expires_at"],
    )
    activity.record(by, "api_key.created", key_id, body={"after": plain(values)})
    return key_id, key


def revoke_api_key(*, by: Caller, key_id: UUID) -> None:
    """From now on the key opens nothing. A second time changes nothing.

    Raises Forbidden, NotFound.
    """
    by.must("users:delete")
    key = ApiKey.objects.of(by.organization_id).filter(pk=key_id).locked().first()
    if key is None:
        raise records.missing(API_KEY)
    if key.revoked_at is None:
        ApiKey.objects.of(by.organization_id).filter(pk=key_id).update(revoked_at=by.now)
        activity.record(by, "api_key.revoked", key_id, body={"before": {"name": key.name}})


def _role_to_give(by: Caller, named: Any) -> UUID:
    """The role of this name or id, if the caller may give it away."""
    if not isinstance(named, str) or not named.strip():
        raise invalid("required", "Name a role.", "role")
    for role in Role.objects.of(by.organization_id):
        if named.strip().lower() in {role.name.lower(), str(role.pk)}:
            must_have(by, role.permissions)
            return role.pk
    raise invalid("unknown_reference", "There is no role of this name.", "role")


def permissions_of(by: Caller, role_id: UUID) -> list[str]:
    """What a role of the caller's organization may do."""
    return Role.objects.of(by.organization_id).get(pk=role_id).permissions


def must_have(by: Caller, permissions: Collection[str]) -> None:
    """Refuse to give away or take away more than the caller has. Raises Forbidden."""
    beyond = sorted(set(permissions) - by.permissions)
    if beyond:
        raise Forbidden(
            "beyond_own_role",
            f"Your role lacks {beyond[0]} itself, so you cannot give it or take it away.",
            details={"permissions": beyond},
        )


def _check_admin_stays(by: Caller, current: User, values: Values) -> None:
    """Somebody has to be left who can let others in."""
    admin = Role.objects.of(by.organization_id).get(name="Admin", is_system=True)
    stays = (
        values.get("role_id", current.role_id) == admin.pk
        and values.get("status", current.status) == "active"
    )
    if stays or current.role_id != admin.pk or current.status != "active":
        return
    admins = User.objects.of(by.organization_id).filter(role=admin, status="active").locked()
    if all(user.pk == current.pk for user in admins):
        raise Conflict(
            "last_admin",
            "This is the last active Admin. Make another user an Admin first.",
        )
