"""What is kept sealed for an account: accounts belong to no collective, so no collective's key closes it.

A sealed value is `nonce (12) · AES-GCM ciphertext and tag`, under a key derived from the master key for this purpose alone. Its associated
data are the account and what it is about: copied to another account, it refuses to open.
"""

import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tenants.house_keys import derived
from tenants.keys import NONCE, SealBroken


def seal_for(user_id: UUID, about: str, text: str) -> bytes:
    """Seal a text for one account. `about` says what it is."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(derived("accounts/seal")).encrypt(nonce, text.encode(), f"{user_id}/{about}".encode())


def unseal_for(user_id: UUID, about: str, sealed: bytes) -> str:
    """Open it again; raises SealBroken when it was sealed for another account or purpose, or altered."""
    nonce, body = sealed[:NONCE], sealed[NONCE:]
    try:
        return AESGCM(derived("accounts/seal")).decrypt(nonce, body, f"{user_id}/{about}".encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken("This was sealed for another account, or altered.") from error


def hashed_for(user_id: UUID, text: str) -> bytes:
    """A keyed hash of a long random text, 32 bytes, bound to the account."""
    return hmac.digest(derived("accounts/hash"), f"{user_id}/{text}".encode(), "sha256")
