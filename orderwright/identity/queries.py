"""Who is calling: keys and sessions become callers."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from orderwright.identity import sql
from orderwright.identity.caller import Actor, Caller, OrganizationFacts
from orderwright.identity.keys import digest_of
from orderwright.identity.models import Organization
from orderwright.identity.permissions import every_permission
from orderwright.identity.tenancy import entered


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The caller behind a browser session, with what the page chrome shows."""

    caller: Caller
    email: str
    theme: str
    password: str


def caller_of_key(key: str, *, now: datetime) -> Caller | None:
    """The caller that holds this key, with its organization entered; None for a bad key."""
    row = sql.caller_of_key(digest_of(key))
    return None if row is None else _caller(row, kind="key", now=now)


def caller_of_user(user_id: UUID, *, now: datetime) -> SignedIn | None:
    """The caller behind a session's user, with its organization entered; None when disabled."""
    row = sql.caller_of_user(user_id)
    if row is None:
        return None
    return SignedIn(
        caller=_caller(row, kind="user", now=now), email=row[13], theme=row[14], password=row[15]
    )


def _caller(row: tuple[Any, ...], *, kind: str, now: datetime) -> Caller:
    settings = row[8] if isinstance(row[8], dict) else json.loads(row[8])
    organization = OrganizationFacts(
        id=row[0],
        name=row[1],
        default_currency=row[2],
        default_weight_unit=row[3],
        timezone=row[4],
        so_prefix=row[5],
        po_prefix=row[6],
        invoice_prefix=row[7],
        settings=settings,
    )
    return Caller(
        organization=organization,
        role=row[9],
        permissions=frozenset(row[10]),
        actor=Actor(kind=kind, id=row[11], name=row[12]),
        now=now,
    )


def caller_for_job(organization_id: UUID, *, now: datetime) -> Caller:
    """The system at work for an organization, in a job that knows only its id."""
    with entered(organization_id):
        return system_caller(Organization.objects.get(pk=organization_id), now=now)


def system_caller(organization: Any, *, now: datetime, name: str = "Orderwright") -> Caller:
    """The system itself at work for an organization: founding it, jobs, the demo company."""
    facts = OrganizationFacts(
        id=organization.id,
        name=organization.name,
        default_currency=organization.default_currency,
        default_weight_unit=organization.default_weight_unit,
        timezone=organization.timezone,
        so_prefix=organization.so_prefix,
        po_prefix=organization.po_prefix,
        invoice_prefix=organization.invoice_prefix,
        settings=organization.settings,
    )
    return Caller(
        organization=facts,
        role="Admin",
        permissions=every_permission(),
        actor=Actor(kind="system", id=None, name=name),
        now=now,
    )
