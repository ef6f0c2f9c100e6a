"""Signing in with e-mail and password, with a lockout after repeated failures.

Five failures in a row lock a login for fifteen minutes. The same sentence answers an unknown
address, a wrong password and a locked login, so that nobody learns which addresses exist.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F
from django.http import HttpRequest

from orderwright.identity import sql
from orderwright.identity.models import User
from orderwright.identity.tenancy import entered

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


class SignInBackend:
    """Django asks this backend for the user of a session; signing in goes through `sign_in`."""

    def authenticate(self, request: HttpRequest | None, **_: Any) -> None:
        """Django's own way in is closed: `sign_in` counts failures."""

    def get_user(self, user_id: UUID) -> None:
        """Sessions are read by the pages' road, in one statement with the organization."""


def sign_in(
    *, email: str, password: str, now: datetime, organization_id: UUID | None = None
) -> list[tuple[UUID, UUID, str]]:
    """The logins (user, organization, organization's name) that this password opens.

    More than one when a person uses the same password in several organizations: ask which.
    Empty when nothing fits or the login is locked. Failures are counted for each login.
    """
    opened = []
    logins = sql.logins_of(email.strip())
    if not logins:
        make_password(password)
    for user_id, org_id, org_name, stored, status, _failures, locked_until in logins:
        if organization_id is not None and org_id != organization_id:
            continue
        if status != "active" or (locked_until is not None and locked_until > now):
            continue
        if check_password(password, stored):
            opened.append((user_id, org_id, org_name))
            _note_success(user_id, org_id, now=now)
        else:
            _note_failure(user_id, org_id, now=now)
    return opened


def _note_success(user_id: UUID, organization_id: UUID, *, now: datetime) -> None:
    with entered(organization_id):
        User.objects.of(organization_id).filter(pk=user_id).update(
            failed_sign_ins=0, locked_until=None, last_login=now
        )


def _note_failure(user_id: UUID, organization_id: UUID, *, now: datetime) -> None:
    with entered(organization_id):
        mine = User.objects.of(organization_id).filter(pk=user_id)
        mine.update(failed_sign_ins=F("failed_sign_ins") + 1)
        mine.filter(failed_sign_ins__gte=MOST_FAILURES).update(
            locked_until=now + LOCKED_FOR, failed_sign_ins=0
        )
