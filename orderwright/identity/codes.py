"""Codes of six digits that an app shows (RFC 6238), and recovery codes on paper. Pure functions."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

SECONDS: Final = 30
DIGITS: Final = 6
HOW_MANY_RECOVERY_CODES: Final = 10
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> bytes:
    """160 random bits, as RFC 4226 recommends."""
    return secrets.token_bytes(20)


def shown_secret(secret: bytes) -> str:
    """The secret as people type it into an app: base 32."""
    return base64.b32encode(secret).decode()


def address_of(secret: bytes, *, issuer: str, account: str) -> str:
    """What the QR code holds: an `otpauth://` address."""
    label = quote(f"{issuer}:{account}", safe="")
    query = urlencode({"secret": shown_secret(secret), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{label}?{query}"


def code_of_step(secret: bytes, step: int) -> str:
    """The code of one time step (RFC 4226 5.3).

    >>> code_of_step(b"12345678901234567890", 1)
    '287082'
    """
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(now: datetime) -> int:
    """Which time step it is."""
    return int(now.timestamp()) // SECONDS


def matching_step(secret: bytes, code: str, *, now: datetime, after: int) -> int | None:
    """The step whose code this is: the present one or a neighbour, and later than `after`.

    A code is good once: the caller keeps the step and asks for later ones.
    """
    typed = "".join(code.split())
    step = step_of(now)
    for candidate in (step, step - 1, step + 1):
        if candidate > after and hmac.compare_digest(
            code_of_step(secret, candidate).encode(), typed.encode()
        ):
            return candidate
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes like `k7pq-2mdx-9fhw`, of about 59 bits each."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
        for _ in range(HOW_MANY_RECOVERY_CODES)
    ]


def recovery_digest(code: str) -> bytes:
    """What is kept of a recovery code; spaces, dashes and capitals do not matter."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(plain.encode()).digest()
