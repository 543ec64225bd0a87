"""Keys of the house, for what belongs to no collective: accounts, and what the network keeps for itself.

Each is derived from the master key for one purpose alone. A sealed value is `version (1 byte) · nonce (12) · AES-GCM ciphertext and tag`; its
associated data say where it stands: copied elsewhere, it refuses to open.
"""

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tenants.keys import NONCE, VERSION, SealBroken
from tenants.masters import Opened, Tally, master, opened, told_apart


def derived(purpose: str, of: bytes | None = None) -> bytes:
    """The key for a purpose, 32 bytes: of the present master key, or of another one."""
    return hmac.digest(of or master(), f"essaimage/{purpose}".encode(), "sha256")


def seal_in_house(content: bytes, purpose: str, about: str) -> bytes:
    """Seal bytes. `about` says where they will stand: table, column and row."""
    head, nonce = bytes([VERSION]), os.urandom(NONCE)
    return head + nonce + AESGCM(derived(purpose)).encrypt(nonce, content, head + about.encode())


def unseal_in_house(sealed: bytes, purpose: str, about: str) -> bytes:
    """Open them again; raises SealBroken when they were sealed for another place or purpose, or altered."""
    return _unsealed(sealed, purpose, about).content


def reseal_in_house(sealed: bytes, purpose: str, about: str) -> tuple[Tally, bytes]:
    """Which master key opens them, and the same bytes sealed under the present one."""
    which, content = told_apart(lambda: _unsealed(sealed, purpose, about))
    return which, seal_in_house(content, purpose, about) if which.former else sealed


def _unsealed(sealed: bytes, purpose: str, about: str) -> Opened:
    head, nonce, body = sealed[:1], sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    if head != bytes([VERSION]):
        raise SealBroken("Nothing opens this.")
    try:
        return opened(lambda each: AESGCM(derived(purpose, each)).decrypt(nonce, body, head + about.encode()))
    except (InvalidTag, ValueError) as error:
        raise SealBroken("This was sealed for another place, or altered.") from error
