"""What is kept sealed for an account: accounts belong to no collective, so no collective's key closes it.

A sealed value is `nonce (12) · AES-GCM ciphertext and tag`, under a key derived from the master key for this purpose alone. Its associated
data are the account and what it is about: copied to another account, it refuses to open.

A hash cannot be made anew under another master key, as what it is of is not kept: it has a random key of its own, and the two are sealed
together.
"""

import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tenants.house_keys import derived, reseal_in_house, seal_in_house, unseal_in_house
from tenants.keys import NONCE, SealBroken
from tenants.masters import FORMER, PRESENT, Opened, Tally, former_master, masters, opened, told_apart

SEAL, HASH, KEPT_HASH = "accounts/seal", "accounts/hash", "accounts/kept-hash"
# Of a hash, and of its key.
SIZE = 32


def seal_for(user_id: UUID, about: str, text: str) -> bytes:
    """Seal a text for one account. `about` says what it is."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(derived(SEAL)).encrypt(nonce, text.encode(), f"{user_id}/{about}".encode())


def unseal_for(user_id: UUID, about: str, sealed: bytes) -> str:
    """Open it again; raises SealBroken when it was sealed for another account or purpose, or altered."""
    return _unsealed(user_id, about, sealed).content.decode()


def reseal_for(user_id: UUID, about: str, sealed: bytes) -> tuple[Tally, bytes]:
    """Which master key opens it, and the same text sealed under the present one."""
    which, content = told_apart(lambda: _unsealed(user_id, about, sealed))
    return which, seal_for(user_id, about, content.decode()) if which.former else sealed


def _unsealed(user_id: UUID, about: str, sealed: bytes) -> Opened:
    nonce, body = sealed[:NONCE], sealed[NONCE:]
    try:
        return opened(lambda each: AESGCM(derived(SEAL, each)).decrypt(nonce, body, f"{user_id}/{about}".encode()))
    except (InvalidTag, ValueError) as error:
        raise SealBroken("This was sealed for another account, or altered.") from error


def _hash(key: bytes, user_id: UUID, text: str) -> bytes:
    return hmac.digest(key, f"{user_id}/{text}".encode(), "sha256")


def hashed_for(user_id: UUID, text: str) -> bytes:
    """A hash of a long random text, bound to the account and sealed with its key. Two of the same text are not alike."""
    key = os.urandom(SIZE)
    return seal_in_house(key + _hash(key, user_id, text), KEPT_HASH, str(user_id))


def hash_fits(user_id: UUID, text: str, kept: bytes) -> bool:
    """Whether this is the text behind a hash that was kept for the account. What does not open fits nothing."""
    try:
        *keys, hashed = _parts(unseal_in_house(kept, KEPT_HASH, str(user_id)) if len(kept) > SIZE else _with_keys(kept))
    except SealBroken:
        return False
    return any(hmac.compare_digest(_hash(key, user_id, text), hashed) for key in keys)


def reseal_hash(user_id: UUID, kept: bytes) -> tuple[Tally, bytes]:
    """Which master key a hash depends on, and the same hash depending on the present one alone."""
    if len(kept) > SIZE:
        return reseal_in_house(kept, KEPT_HASH, str(user_id))
    return (FORMER if former_master() else PRESENT), seal_in_house(_with_keys(kept), KEPT_HASH, str(user_id))


def _with_keys(hashed: bytes) -> bytes:
    """A hash as it was kept until November 2026, made under a key of the master key: nothing says of which one, so it takes along that of each."""
    return b"".join([derived(HASH, each) for each in masters()]) + hashed


def _parts(content: bytes) -> list[bytes]:
    return [content[start : start + SIZE] for start in range(0, len(content), SIZE)]
