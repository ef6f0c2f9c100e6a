"""Signing in with e-mail and password, and how often somebody may try.

Five failures from one address rest a login there for fifteen minutes; elsewhere it stays open, so
that nobody keeps others out. The same sentence answers an unknown address and a wrong password, so
that nobody learns which addresses exist.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from orderwright.identity import sql, throttle


class SignInBackend:
    """Django asks this backend for the user of a session; signing in goes through `sign_in`."""

    def authenticate(self, request: HttpRequest | None, **_: Any) -> None:
        """Django's own way in is closed: `sign_in` counts failures."""

    def get_user(self, user_id: UUID) -> None:
        """Sessions are read by the pages' road, in one statement with the organization."""


def sign_in(
    *, email: str, password: str, now: datetime, address: str = ""
) -> list[tuple[UUID, UUID, str]]:
    """The logins (user, organization, organization's name) that this password opens.

    More than one when a person uses the same password in several organizations: ask which.
    Empty when nothing fits. Raises TooMany after five failures from one address.
    """
    email = email.strip()
    throttle.attempt("address", address, most=throttle.MOST_FOR_ADDRESS, now=now)
    throttle.attempt("password", email, address, most=throttle.MOST_FOR_ACCOUNT, now=now)
    logins = sql.logins_of(email)
    if not logins:
        make_password(password)
    opened = [
        (user_id, organization_id, name)
        for user_id, organization_id, name, stored, status in logins
        if check_password(password, stored) and status == "active"
    ]
    if opened:
        throttle.succeeded("password", email, address)
        throttle.forgive("address", address)
    return opened
