"""One data key per collective, and columns sealed under it.

A sealed value is `version (1 byte) · key id (4 bytes) · nonce (12) · AES-GCM ciphertext and tag`. Its associated data are the
collective, the table and column, and the row: copied elsewhere, it refuses to open. The data key is itself wrapped by the master
key; destroying the wrapped key erases everything sealed under it at once.
"""

import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, overload
from uuid import UUID

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import g
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, db
from tenants.masters import Opened, Tally, master, opened, told_apart
from tenants.questions import Question
from tenants.rows import InCollective
from tenants.scope import here

VERSION = 1
NONCE = 12


class SealBroken(ValueError):
    """Raised when a sealed value does not open: copied from elsewhere, altered, or its key was destroyed."""


class KeyDestroyed(SealBroken):
    """Raised when something is to be opened or sealed in a collective that has no key any more."""


class SealedComparison(TypeError):
    """Raised when a sealed column is compared in a query: it would silently never match."""


class CollectiveKey(InCollective, Model):
    """A wrapped data key of one collective. The highest number seals; all of them open."""

    __tablename__ = "collective_keys"
    stamped = True

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wrapped: Mapped[bytes] = mapped_column(sa.LargeBinary)
    made_at: Mapped[Instant]


# Every page that opens something sealed asks for them.
KEYS = Question(select(CollectiveKey))


def _wrapping(number: int) -> bytes:
    return f"collective-key/{here()}/{number}".encode()


def _wrapped(secret: bytes, number: int) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(master()).encrypt(nonce, secret, _wrapping(number))


def _unwrapped(key: CollectiveKey) -> Opened:
    """The data key itself; raises InvalidTag when no master key opens it."""
    return opened(lambda each: AESGCM(each).decrypt(key.wrapped[:NONCE], key.wrapped[NONCE:], _wrapping(key.number)))


def make_key() -> CollectiveKey:
    """Give the present collective a new data key, which seals from now on. Older ones still open what they sealed."""
    number = (db.session.scalar(select(sa.func.max(CollectiveKey.number))) or 0) + 1
    key = CollectiveKey(number=number, wrapped=_wrapped(AESGCM.generate_key(256), number))
    db.session.add(key)
    forget_keys()
    return key


def rewrap_keys(*, write: bool) -> Tally:
    """Wrap the data keys of the present collective under the present master key, where they still are under the former.

    The data keys stay what they are: nothing that they sealed is touched. Without `write` they are only counted.
    """
    tally, every = Tally(), select(CollectiveKey).order_by(CollectiveKey.number)
    for key in db.session.scalars(every.with_for_update() if write else every):
        which, secret = told_apart(partial(_unwrapped, key))
        if write and which.former:
            key.wrapped = _wrapped(secret, key.number)
        tally = tally.plus(which)
    return tally


def destroy_keys() -> int:
    """Destroy the data keys of the present collective: what they sealed can never be read again. Returns how many there were."""
    gone = db.session.execute(delete(CollectiveKey).returning(CollectiveKey.number)).all()
    forget_keys()
    return len(gone)


def forget_keys() -> None:
    """Ask again for the keys of the present collective where they are needed next."""
    g.pop("data_keys", None)


def _keys() -> dict[int, tuple[bytes, AESGCM]]:
    # Kept for one request or job, not longer: a destroyed key must be gone at once.
    kept: tuple[Any, dict[int, tuple[bytes, AESGCM]]] | None = g.get("data_keys")
    if kept is None or kept[0] != here():
        with db.session.no_autoflush:
            pending = [row for row in db.session.new if isinstance(row, CollectiveKey)]
            rows = [*KEYS.ask(), *pending]
        secrets = {row.number: _unwrapped(row).content for row in rows}
        kept = g.data_keys = (here(), {number: (key, AESGCM(key)) for number, key in secrets.items()})
    return kept[1]


def has_key() -> bool:
    """Whether the present collective still has a key, and can open and seal."""
    return bool(_keys())


def _keys_to_seal() -> dict[int, tuple[bytes, AESGCM]]:
    if not (keys := _keys()):
        raise KeyDestroyed("The collective has no key.")
    return keys


def fingerprint(text: str, about: str) -> bytes:
    """A keyed hash of a text, 32 bytes: the same text gives the same bytes in this collective, and nothing can be read from it.

    Made under the collective's first key, which rotation leaves alone, and bound to what it is `about`. It dies with the key.
    """
    keys = _keys_to_seal()
    # A key of its own for this purpose: the data key itself only ever encrypts.
    derived = hmac.digest(keys[min(keys)][0], b"essaimage/fingerprint", "sha256")
    return hmac.digest(derived, f"{here()}/{about}/{text}".encode(), "sha256")


def seal(text: str, about: str) -> bytes:
    """Seal a text under the present collective's newest key. `about` says where it will stand (see `Sealed.about`)."""
    return seal_bytes(text.encode(), about)


def seal_bytes(content: bytes, about: str) -> bytes:
    """Seal bytes, as `seal` does a text."""
    keys = _keys_to_seal()
    number = max(keys)
    nonce = os.urandom(NONCE)
    head = bytes([VERSION]) + number.to_bytes(4, "big")
    return head + nonce + keys[number][1].encrypt(nonce, content, head + f"{here()}/{about}".encode())


def unseal(sealed: bytes, about: str) -> str:
    """Open a sealed text; raises SealBroken when it was not sealed for this place."""
    return unseal_bytes(sealed, about).decode()


def unseal_bytes(sealed: bytes, about: str) -> bytes:
    """Open sealed bytes, as `unseal` does a text."""
    head, nonce, body = sealed[:5], sealed[5 : 5 + NONCE], sealed[5 + NONCE :]
    if not (keys := _keys()):
        raise KeyDestroyed("No key opens this: the collective has none any more.")
    key = keys.get(int.from_bytes(head[1:], "big"))
    if head[:1] != bytes([VERSION]) or len(nonce) < NONCE or key is None:
        raise SealBroken("No key opens this.")
    try:
        return key[1].decrypt(nonce, body, head + f"{here()}/{about}".encode())
    except InvalidTag as error:
        raise SealBroken("This was sealed for another place, or altered.") from error


@contextmanager
def lost_reads_as_none() -> Iterator[None]:
    """Until the block ends, sealed attributes whose key was destroyed read as None: for what has to be done to rows that nobody can read any more."""
    g.lost_is_none = True
    try:
        yield
    finally:
        g.pop("lost_is_none", None)


def _opened_text(sealed: bytes, about: str) -> str | None:
    try:
        return unseal(sealed, about)
    except KeyDestroyed:
        if g.get("lost_is_none"):
            return None
        raise


# What a sealed column that must hold something holds once its text was erased: it reads as None.
EMPTY = b""


class Sealed:
    """A text attribute kept sealed in the bytes column `<name>_sealed`.

    Comparing it in a query raises SealedComparison.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.column = f"{name}_sealed"
        self.table = getattr(owner, "__tablename__", None)

    def about(self, row: Any) -> str:
        """Table, column and row: what binds a ciphertext to its place, besides the collective."""
        return f"{row.__tablename__}.{self.name}/{row.id}"

    @overload
    def __get__(self, row: None, owner: type) -> "Sealed": ...
    @overload
    def __get__(self, row: object, owner: type) -> str | None: ...
    def __get__(self, row: Any, owner: type) -> "Sealed | str | None":
        if row is None:
            return self
        value = getattr(row, self.column)
        return _opened_text(value, self.about(row)) if value else None

    def opened(self, sealed: bytes | None, row_id: UUID) -> str | None:
        """What stands in the column of a row that was not loaded whole: `Person.name.opened(name_sealed, person_id)`."""
        return _opened_text(sealed, f"{self.table}.{self.name}/{row_id}") if sealed else None

    def __set__(self, row: Any, text: str | None) -> None:
        setattr(row, self.column, None if text is None else seal(text, self.about(row)))

    def _refuse(self, *_: object) -> bool:
        raise SealedComparison(f"{self.name} is sealed: it cannot be compared in a query.")

    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = _refuse
    in_ = like = ilike = is_ = _refuse
    __hash__ = object.__hash__
