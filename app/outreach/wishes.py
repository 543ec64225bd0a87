""" "Ne plus passer", "ne plus appeler": a wish that outlives forgetting.

It is kept as a keyed hash of the collective's own address or number and nothing else: it can be recognised when the same door or
number comes up again, and nobody can read from it whose it is. It can be taken back.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, new_id, now
from tenants import journal
from tenants.communes import name_key
from tenants.keys import fingerprint
from tenants.rows import Tenanted, insert_once
from tenants.scope import place

# A correction at a door takes its wish back in the request that notes it.
ONE_REQUEST = timedelta(seconds=5)


class WishKind(StrEnum):
    """What is wished for."""

    no_visit = "no_visit"
    no_call = "no_call"


class Wish(Tenanted, Model):
    """Someone asked not to be visited, or not to be called, any more."""

    __tablename__ = "wishes"
    __table_args__ = (sa.Index("ix_wishes_collective_id_mark", "collective_id", "mark"),)

    kind: Mapped[WishKind] = mapped_column(ChoiceType(WishKind, impl=sa.String(10)))
    mark: Mapped[bytes] = mapped_column(sa.LargeBinary)
    said_at: Mapped[Instant]
    noted_by: Mapped[UUID | None]
    taken_back_at: Mapped[datetime | None]


def mark_of(kind: WishKind, text: str) -> bytes:
    """The keyed hash of an address or a number, whatever its spelling: case, accents, spaces and punctuation do not count."""
    return fingerprint(re.sub(r"[^a-z0-9+]+", " ", name_key(text)).strip(), f"wish/{kind}")


def wish(kind: WishKind, mark: bytes) -> None:
    """Keep a wish; one that stands already is not kept twice."""
    if not standing_among(kind, [mark]):
        insert_once(Wish, [{"id": new_id(), "kind": kind, "mark": mark, "noted_by": place().user_id}])
        journal.note("wished", "wish", db.session.scalars(select(Wish.id).where(Wish.mark == mark).limit(1)).one())


def take_back(kind: WishKind, mark: bytes, since: datetime | None = None, until: datetime | None = None) -> bool:
    """Take a wish back, or only one that was said since an instant and before another. Returns whether there was one."""
    query = select(Wish).where(Wish.kind == kind, Wish.mark == mark, Wish.taken_back_at.is_(None))
    query = query if since is None else query.where(Wish.said_at >= since)
    rows = db.session.scalars(query if until is None else query.where(Wish.said_at < until)).all()
    for row in rows:
        row.taken_back_at = now()
        journal.note("took back", "wish", row.id)
    return bool(rows)


def let_stand_again(mark: bytes, since: datetime) -> None:
    """A wish not to be visited that was taken back by what is undone now, at that instant, stands again."""
    query = select(Wish).where(Wish.kind == WishKind.no_visit, Wish.mark == mark, Wish.taken_back_at.between(since, since + ONE_REQUEST))
    for row in db.session.scalars(query):
        row.taken_back_at = None
        journal.note("wished", "wish", row.id)


def stands_on(kind: WishKind, mark: Any) -> sa.ColumnElement[bool]:
    """Whether a wish stands on the mark of a row, as a condition of a query on it."""
    return select(Wish.id).where(Wish.kind == kind, Wish.mark == mark, Wish.taken_back_at.is_(None)).exists()


def standing_among(kind: WishKind, marks: Iterable[bytes]) -> set[bytes]:
    """Those of some marks for which a wish stands."""
    query = select(Wish.mark).where(Wish.kind == kind, Wish.mark.in_(list(marks)), Wish.taken_back_at.is_(None))
    return set(db.session.scalars(query))
