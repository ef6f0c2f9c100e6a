"""API keys: made once, shown once, kept as a digest."""

import hashlib
import secrets

PREFIX = "ow_"


def new_key() -> str:
    """A new key of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(key: str) -> bytes:
    """What is stored of a key: its SHA-256. Keys are random, so no slow hash is needed."""
    return hashlib.sha256(key.encode()).digest()


def hint_of(key: str) -> str:
    """The first characters, by which people recognise a key in a list."""
    return key[:8]
