"""Stamps: a word for each table of a collective, drawn anew by whatever writes there, so that what was made of its rows is known to be good.

A transaction that wrote to a stamped table draws its stamp with its last breath, in its commit: whoever sees the rows sees the stamp, nobody
waits for it longer than a commit takes, and no writer can forget it, since it is the connection that listens to what is sent. What many
write at once (encounters, the journal, the ledger's marks) has no stamp, and what is made of it is not kept.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, cast
from uuid import UUID

import psycopg
import sqlalchemy as sa
from flask import g, has_app_context
from sqlalchemy import Connection, event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, db
from tenants.driver import named
from tenants.questions import Question
from tenants.rows import InCollective
from tenants.scope import Place, place, speak


class Stamp(InCollective, Model):
    """A table of this collective, and a word that was never there before since it was last written to."""

    __tablename__ = "stamps"

    subject: Mapped[str] = mapped_column(sa.String(63), primary_key=True)
    stamp: Mapped[UUID]


STAMPS = Question(select(Stamp.subject, Stamp.stamp))
# In one order for all, so that two commits at once wait for each other instead of locking each other out.
DRAW = """
INSERT INTO stamps (collective_id, subject, stamp) SELECT %(collective_id)s, subject, gen_random_uuid() FROM unnest(%(subjects)s::text[]) AS subject
ON CONFLICT (collective_id, subject) DO UPDATE SET stamp = excluded.stamp
"""
# A table may be named with its schema, and in capitals.
_target = re.compile(
    r"\b(insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?)\s+(?:only\s+)?(?:\"?\w+\"?\s*\.\s*)?\"?(\w+)", re.IGNORECASE
)
_word = re.compile(r"\w+")
# A statement of a thousand rows is a text of its own each time, of a quarter of a megabyte: it is not kept to be known again.
LONG = 10_000


@cache
def stamped() -> frozenset[str]:
    """The tables that have a stamp: those of the classes that say so."""
    return frozenset(cast(str, kind.__tablename__) for kind in _kinds() if getattr(kind, "stamped", False))


@cache
def tables() -> frozenset[str]:
    """All tables there are."""
    return frozenset(Model.metadata.tables)


@cache
def emptied_with(table: str) -> frozenset[str]:
    """The stamped tables whose rows go, or lose what they point at, when a row of a table is deleted: PostgreSQL does that by itself."""
    reached, waiting = {table}, [table]
    while waiting:
        target = waiting.pop()
        for each in Model.metadata.tables.values():
            keys = (key for key in each.foreign_key_constraints if key.referred_table.name == target and key.ondelete)
            if each.name not in reached and any(keys):
                reached.add(each.name)
                waiting.append(each.name)
    return frozenset(reached) & stamped()


def written_by(words: str) -> frozenset[str]:
    """The stamped tables that a statement writes to. A word that merely looks like one costs a stamp, no more."""
    return (_written_by if len(words) < LONG else _written_by.__wrapped__)(words)


@lru_cache(maxsize=4096)
def _written_by(words: str) -> frozenset[str]:
    found: set[str] = set()
    for verb, table in _target.findall(words.lower()):
        if verb[:6] == "trunca":
            # It names several, and no row is left anywhere that points at one of them.
            found.update(*map(emptied_with, read_by(words)))
        elif table in tables():
            # What merges may delete as well.
            found |= emptied_with(table) if verb[:5] in {"delet", "merge"} else {table} & stamped()
    return frozenset(found)


def read_by(words: str) -> frozenset[str]:
    """The tables that a statement names, and a few more if a column is called like one."""
    return (_read_by if len(words) < LONG else _read_by.__wrapped__)(words)


@lru_cache(maxsize=4096)
def _read_by(words: str) -> frozenset[str]:
    return frozenset(_word.findall(words.lower())) & tables()


def stamps() -> dict[str, UUID]:
    """The stamps of the present collective, by table. One that was never written to has none."""
    return dict(STAMPS.ask())


def has_written() -> bool:
    """Whether the present transaction has written to a stamped table, or is about to: what it reads is not yet what others read."""
    session = db.session()
    # Rows that wait to be written are on their way; told or not, nothing made now is kept.
    return bool(session.new or session.dirty or session.deleted or session.connection().info.get("written"))


@contextmanager
def reading() -> Iterator[set[str]]:
    """The tables that are read in this block, all of them once it is left. What is read in a block within it is read in both."""
    around, g.reading = g.get("reading"), set()
    try:
        yield g.reading
    finally:
        if around is not None:
            around |= g.reading
        g.reading = around


@event.listens_for(Engine, "before_cursor_execute")
def listen(connection: Connection, _cursor: Any, words: str, _values: Any, _context: Any, _many: bool) -> None:
    """Take note of what the present transaction writes to, and of what is read where someone wants to know."""
    if has_app_context() and (reading := g.get("reading")) is not None:
        reading |= read_by(words)
    subjects = written_by(words)
    if subjects and (collective_id := place().collective_id):
        connection.info.setdefault("written", {}).setdefault(collective_id, set()).update(subjects)


@event.listens_for(Engine, "commit")
def draw(connection: Connection) -> None:
    """Draw the stamps of what was written, before it is seen."""
    written: dict[UUID, set[str]] = connection.info.pop("written", None) or {}
    try:
        for collective_id in sorted(written):
            _draw(connection, collective_id, sorted(written[collective_id]))
    except BaseException as error:
        # SQLAlchemy takes a commit that failed for the end of its transaction: it would neither roll back nor tell those who listen, and what
        # was written or prepared would be the next one's who is given the connection. Nobody is.
        broken = named(connection, DRAW, {}, error) if isinstance(error, psycopg.Error) else None
        connection.invalidate(error)
        if broken:
            raise broken from error
        raise


def _draw(connection: Connection, collective_id: UUID, subjects: list[str]) -> None:
    if elsewhere := place().collective_id != collective_id:
        speak(connection, Place(collective_id))
    line = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    line.execute(DRAW, {"collective_id": collective_id, "subjects": subjects})
    if elsewhere:
        speak(connection, place())


@event.listens_for(Engine, "rollback")
def forget(connection: Connection) -> None:
    """What was not written needs no stamp."""
    if not connection.invalidated:
        connection.info.pop("written", None)


def _kinds() -> list[type[Any]]:
    return [each.class_ for each in Model.registry.mappers]
