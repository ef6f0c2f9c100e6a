"""Secrets of endpoints, and signatures as Standard Webhooks prescribes."""

import base64
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography.fernet import Fernet
from django.conf import settings
from standardwebhooks.webhooks import Webhook

from orderwright.kernel.vaults import vault_of

PREFIX = "whsec_"


def new_secret() -> str:
    """A new secret of 256 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sealed(secret: str) -> bytes:
    """A secret as it is stored: encrypted, so that a copy of the database alone signs nothing."""
    return _vault().encrypt(secret.encode())


def opened(stored: bytes) -> str:
    """The secret again."""
    return _vault().decrypt(bytes(stored)).decode()


def headers(
    *, secrets_of_endpoint: Sequence[str], message_id: str, content: str, now: datetime
) -> dict[str, str]:
    """The three headers of a message: its id, when it is sent, and a signature by each secret."""
    at = now.astimezone(UTC)
    signatures = [Webhook(one).sign(message_id, at, content) for one in secrets_of_endpoint]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _vault() -> Fernet:
    return vault_of("webhook secrets", key=settings.SECRET_KEY)
