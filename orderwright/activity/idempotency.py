"""One effect for one key: the first answer is remembered with the effect and given again.

What is remembered is encrypted: an answer may show a secret that is shown only once.
"""

import hashlib
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.vaults import vault_of

LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Remembered:
    """The first answer."""

    status: int
    content: bytes


def digest_of_request(method: str, path: str, body: bytes) -> bytes:
    """What makes two requests the same: method, path and body."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).digest()


def claim(by: Caller, key: str, request_digest: bytes) -> Remembered | None:
    """Take the key for this transaction, or return the first answer to it.

    A second request waits here until the first has committed or rolled back. Raises Invalid
    `idempotency_key_reused` when the key was used for another request, and Conflict `answer_lost`
    when the first answer was sealed under a secret key that is no longer there.
    """
    if not key or len(key) > LONGEST_KEY:
        raise Invalid(
            "invalid_idempotency_key", f"An Idempotency-Key has 1 to {LONGEST_KEY} characters."
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO activity_rememberedanswer "
            "(organization_id, id, key, request_digest, at) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (organization_id, key) DO NOTHING RETURNING 1",
            [by.organization_id, new_id(), key, request_digest, by.now],
        )
        if cursor.fetchone() is not None:
            return None
        cursor.execute(
            "SELECT request_digest, status, content FROM activity_rememberedanswer "
            "WHERE organization_id = %s AND key = %s",
            [by.organization_id, key],
        )
        row = cursor.fetchone()
    assert row is not None
    if bytes(row[0]) != request_digest:
        raise Invalid(
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request. Use a new key for a new request.",
        )
    return Remembered(status=row[1], content=_opened(bytes(row[2])))


def remember(by: Caller, key: str, *, status: int, content: bytes) -> None:
    """Keep the answer beside the effect, in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE activity_rememberedanswer SET status = %s, content = %s "
            "WHERE organization_id = %s AND key = %s",
            [status, sealed(content), by.organization_id, key],
        )


def sealed(content: bytes) -> bytes:
    """An answer as it is stored: encrypted, so that a copy of the database alone shows no key."""
    return _vault().encrypt(content)


def _opened(stored: bytes) -> bytes:
    try:
        return _vault().decrypt(stored)
    except InvalidToken:
        message = "This was done before, and its answer can no longer be read. Read the record."
        raise Conflict("answer_lost", message) from None


def _vault() -> Fernet:
    return vault_of("remembered answers", key=settings.SECRET_KEY)
