"""Secrets that go to somebody by mail: single-use, with an end, kept as digests.

A secret carries its organization, so that whoever opens its link can be looked up under row level
security: the organization is entered first, and then the digest has to be there.
"""

import base64
import binascii
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from orderwright.identity.factors import Person
from orderwright.identity.models import MailedSecret
from orderwright.identity.tenancy import enter

GOOD_FOR: Final = {"invite": timedelta(days=7), "reset": timedelta(hours=1)}


def new_secret(person: Person, *, purpose: str, effect: UUID, now: datetime) -> str:
    """A secret for one mail; the job that repeats the same mail replaces it."""
    secret = base64.urlsafe_b64encode(
        person.organization_id.bytes + secrets.token_bytes(32)
    ).decode()
    MailedSecret.objects.of(person.organization_id).filter(effect=effect, ended_at=None).delete()
    MailedSecret.objects.create(
        organization_id=person.organization_id,
        user_id=person.user_id,
        purpose=purpose,
        digest=_digest(secret),
        effect=effect,
        created_at=now,
        expires_at=now + GOOD_FOR[purpose],
    )
    return secret


def holder_of(secret: str, *, purpose: str, now: datetime) -> Person | None:
    """Whom this secret was mailed to, with their organization entered; None if it is not good."""
    organization_id = _organization_of(secret)
    if organization_id is None:
        return None
    enter(organization_id)
    good = _good(organization_id, purpose=purpose, now=now).filter(digest=_digest(secret))
    user_id = good.values_list("user_id", flat=True).first()
    return None if user_id is None else Person(organization_id=organization_id, user_id=user_id)


def take(secret: str, *, purpose: str, now: datetime) -> Person | None:
    """As `holder_of`, and the secret is good for nothing afterwards: one of two gets it."""
    person = holder_of(secret, purpose=purpose, now=now)
    if person is None:
        return None
    good = _good(person.organization_id, purpose=purpose, now=now).filter(digest=_digest(secret))
    return person if good.update(ended_at=now) else None


def end_all(person: Person, *, now: datetime) -> int:
    """No secret that this person got is good any more."""
    rows = MailedSecret.objects.of(person.organization_id).filter(user_id=person.user_id)
    return rows.filter(ended_at=None).update(ended_at=now)


def was_ended(person: Person, effect: UUID) -> bool:
    """Whether the mail of this effect is pointless by now: its secret was used or withdrawn."""
    rows = MailedSecret.objects.of(person.organization_id).filter(effect=effect)
    return rows.exclude(ended_at=None).exists()


def _good(organization_id: UUID, *, purpose: str, now: datetime) -> QuerySet[MailedSecret]:
    rows = MailedSecret.objects.of(organization_id)
    found: QuerySet[MailedSecret] = rows.filter(purpose=purpose, ended_at=None, expires_at__gt=now)
    return found


def _organization_of(secret: str) -> UUID | None:
    try:
        raw = base64.urlsafe_b64decode(secret.encode("ascii"))
    except (UnicodeEncodeError, binascii.Error, ValueError):
        return None
    return UUID(bytes=raw[:16]) if len(raw) == 48 else None


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
