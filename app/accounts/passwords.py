"""Passwords: argon2id with the library's defaults, twelve characters or more (CNIL, délibération 2022-100)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
_hasher = PasswordHasher()


def hashed(text: str) -> str:
    """The hash to keep."""
    return _hasher.hash(text)


def matches(kept: str, text: str) -> bool:
    """Whether the text is the password behind the hash."""
    try:
        return _hasher.verify(kept, text)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def match_nobody(text: str) -> bool:
    """Spend the time of a check for an address without account, so that an answer's delay tells nothing."""
    matches(_nobody(), text)
    return False
