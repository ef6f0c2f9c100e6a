"""Passkeys (WebAuthn): made and checked with the library `fido2`.

A passkey carries its organization and person as the user handle, so that signing in needs no
e-mail address. It always asks its owner (fingerprint, PIN): it is two factors in one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from orderwright.identity.factors import Person
from orderwright.identity.models import Authenticator, User
from orderwright.identity.tenancy import enter
from orderwright.kernel.errors import Invalid

_REQUIRED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Begun:
    """A ceremony that has begun: what the browser gets, and what its session keeps until the end.

    The state is good once: the page takes it out of the session before it is checked.
    """

    options: dict[str, Any]
    state: dict[str, Any]


def begin_registration(person: Person, *, host: str, email: str, name: str) -> Begun:
    """Ask a browser to make a passkey; one that is known already is not made again."""
    user = PublicKeyCredentialUserEntity(
        id=person.organization_id.bytes + person.user_id.bytes, name=email, display_name=name
    )
    options, state = _server(host).register_begin(
        user,
        credentials=_descriptors(person),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_REQUIRED,
    )
    return Begun(options=dict(options), state=dict(state))


def finish_registration(
    person: Person,
    *,
    host: str,
    state: dict[str, Any],
    response: Mapping[str, Any],
    name: str,
    now: datetime,
) -> UUID:
    """Keep the passkey that the browser has made. Raises Invalid `passkey_refused`."""
    try:
        made = _server(host).register_complete(state, response)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise refused() from error
    credential = made.credential_data
    assert credential is not None
    row = Authenticator.objects.create(
        organization_id=person.organization_id,
        user_id=person.user_id,
        kind="passkey",
        name=name,
        secret=bytes(credential),
        credential=credential.credential_id,
        counter=made.counter,
        created_at=now,
    )
    return row.pk


def begin_sign_in(*, host: str, person: Person | None = None) -> Begun:
    """Ask a browser for a passkey: any of this site, or one of a person who gave a password."""
    credentials = _descriptors(person) if person is not None else None
    options, state = _server(host).authenticate_begin(credentials, user_verification=_REQUIRED)
    return Begun(options=dict(options), state=dict(state))


def finish_sign_in(
    *, host: str, state: dict[str, Any], response: Mapping[str, Any], now: datetime
) -> Person:
    """Whose passkey it is; their organization is entered. To be called inside a transaction.

    Raises Invalid `passkey_refused` for a passkey that is unknown, wrong, a copy (its count of
    signatures went back), or of somebody who may not sign in.
    """
    try:
        answered = AuthenticationResponse.from_dict(response)
        person = _person_of(answered)
        enter(person.organization_id)
        row = _row_of(person, answered.raw_id)
        known = AttestedCredentialData(bytes(row.secret))
        _server(host).authenticate_complete(state, [known], response)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise refused() from error
    count = answered.response.authenticator_data.counter
    mine = Authenticator.objects.of(person.organization_id).filter(pk=row.pk)
    grown = Q(counter__lt=count) if count else Q(counter=0)
    if not mine.filter(grown).update(counter=count, used_at=now):
        raise refused()
    return person


def sign_in(
    *, host: str, state: dict[str, Any], response: Mapping[str, Any], now: datetime
) -> Person:
    """As `finish_sign_in`, in a transaction of its own."""
    with transaction.atomic():
        return finish_sign_in(host=host, state=state, response=response, now=now)


def refused() -> Invalid:
    """The one answer for every passkey that opens nothing."""
    return Invalid(
        "passkey_refused", "This passkey opens nothing here. Sign in with your password instead."
    )


def _person_of(answered: AuthenticationResponse) -> Person:
    handle = answered.response.user_handle
    if handle is None or len(handle) != 32:
        raise refused()
    return Person(
        organization_id=UUID(bytes=bytes(handle[:16])), user_id=UUID(bytes=bytes(handle[16:]))
    )


def _row_of(person: Person, credential_id: bytes) -> Authenticator:
    of_active = User.objects.of(person.organization_id).filter(status="active")
    row = (
        Authenticator.objects.of(person.organization_id)
        .filter(credential=credential_id, user_id=person.user_id)
        .filter(user_id__in=of_active.values("pk"))
        .first()
    )
    if row is None:
        raise refused()
    found: Authenticator = row
    return found


def _descriptors(person: Person) -> list[PublicKeyCredentialDescriptor]:
    rows = Authenticator.objects.of(person.organization_id).filter(
        user_id=person.user_id, kind="passkey"
    )
    return [
        PublicKeyCredentialDescriptor(
            type=PublicKeyCredentialType.PUBLIC_KEY, id=bytes(credential or b"")
        )
        for credential in rows.values_list("credential", flat=True)
    ]


def _server(host: str) -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name="Orderwright"))
