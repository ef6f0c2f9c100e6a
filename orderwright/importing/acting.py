"""On whose behalf a job works: who started the import, with no more than they may now."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Actor, Caller
from orderwright.identity.models import ApiKey, Role, User
from orderwright.identity.queries import caller_for_job
from orderwright.kernel.errors import Forbidden


def kept(by: Caller) -> dict[str, Any]:
    """The caller as an import remembers it."""
    return {
        "kind": by.actor.kind,
        "id": None if by.actor.id is None else str(by.actor.id),
        "name": by.actor.name,
        "role": by.role,
        "permissions": sorted(by.permissions),
    }


def caller_of(acting: dict[str, Any], organization_id: UUID, *, now: datetime) -> Caller:
    """The caller again: the permissions of then that the role still has.

    Raises Forbidden `not_active` when the user was disabled or the key revoked since.
    """
    system = caller_for_job(organization_id, now=now)
    actor_id = None if acting["id"] is None else UUID(acting["id"])
    if acting["kind"] == "system":
        return replace(system, actor=Actor("system", None, acting["name"]))
    role = (
        None if actor_id is None else _role_of(acting["kind"], actor_id, organization_id, now=now)
    )
    if role is None:
        message = f"{acting['name']} may not sign in any more. Somebody else has to resume this."
        raise Forbidden("not_active", message)
    return Caller(
        organization=system.organization,
        role=role.name,
        permissions=frozenset(acting["permissions"]) & frozenset(role.permissions),
        actor=Actor(acting["kind"], actor_id, acting["name"]),
        now=now,
    )


def _role_of(kind: str, actor_id: UUID, organization_id: UUID, *, now: datetime) -> Role | None:
    """The role that the user or the key has now; None when it cannot act any more."""
    if kind == "user":
        users = User.objects.filter(organization_id=organization_id, pk=actor_id, status="active")
        user = users.select_related("role").first()
        return None if user is None else user.role
    keys = ApiKey.objects.of(organization_id).filter(pk=actor_id, revoked_at=None)
    key = keys.select_related("role").first()
    has_ended = key is not None and key.expires_at is not None and key.expires_at <= now
    return None if key is None or has_ended else key.role
