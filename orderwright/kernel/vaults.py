"""Vaults: what is stored so that a copy of the database alone gives nothing away."""

import base64
import hashlib

from cryptography.fernet import Fernet


def vault_of(purpose: str, *, key: str) -> Fernet:
    """The vault of one purpose under the installation's secret key: what one vault holds, no other
    opens. It is encrypted and signed; opening what was changed or sealed under another key raises
    `InvalidToken`."""
    digest = hashlib.sha256(purpose.encode() + b"\0" + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
