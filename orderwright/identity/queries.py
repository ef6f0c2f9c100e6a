"""Who is calling: keys and sessions become callers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from orderwright.identity import sql
from orderwright.identity.caller import Actor, Caller, OrganizationFacts
from orderwright.identity.keys import digest_of
from orderwright.identity.models import Organization
from orderwright.identity.permissions import every_permission
from orderwright.identity.tenancy import entered

NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The caller behind a browser session, with what the page chrome shows."""

    caller: Caller
    email: str
    theme: str
    times: str = "relative"
    session_id: UUID | None = None
    seen_at: datetime | None = None
    has_second_factor: bool = False

    @property
    def second_factor_from(self) -> date | None:
        """The day from which this person may not go on without a second factor; None if never."""
        wanted = self.caller.organization.setting("security.second_factor_from")
        return date.fromisoformat(wanted) if wanted and not self.has_second_factor else None

    @property
    def must_enrol(self) -> bool:
        """Whether a second factor comes before anything else now."""
        return self.second_factor_from is not None and self.second_factor_from <= self.caller.today


def caller_of_key(key: str, *, now: datetime) -> Caller | None:
    """The caller that holds this key, with its organization entered; None for a bad key.

    That it was used is noted once an hour.
    """
    row = sql.caller_of_key(digest_of(key))
    if row is None:
        return None
    if row[13] is None or now - row[13] > NOTED_EVERY:
        sql.note_key_used(organization_id=row[0], key_id=row[11], now=now)
    return _caller(row, kind="key", now=now)


def caller_of_session(user_id: UUID, session_id: UUID, *, now: datetime) -> SignedIn | None:
    """The caller behind a session, with its organization entered; None when it has ended."""
    row = sql.caller_of_session(user_id, session_id)
    if row is None:
        return None
    return SignedIn(
        caller=_caller(row, kind="user", now=now),
        email=row[13],
        theme=row[14],
        times=row[15],
        session_id=session_id,
        seen_at=row[16],
        has_second_factor=row[17],
    )


def caller_of_cookie(held: Mapping[str, Any], *, now: datetime) -> SignedIn | None:
    """The caller behind what a browser's session holds; None when nobody has signed in."""
    user_id, session_id = held.get("user_id"), held.get("session_id")
    if not user_id or not session_id:
        return None
    return caller_of_session(UUID(user_id), UUID(session_id), now=now)


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
