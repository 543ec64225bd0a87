"""What a question asks, said by libpq itself: prepared once on each connection, then a name and its values.

A cursor of psycopg takes fifty microseconds for what libpq and PostgreSQL do in thirty-five, and a page of the house asks up to sixteen times.
Values go out and rows come in through psycopg's own adapters, as by a cursor.
"""

import itertools
import re
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from tenants.scope import forget_connections

# As many as psycopg keeps by itself. What is asked beyond them goes to a cursor.
MOST = 100
LEFT = b"select 1 from pg_prepared_statements where name like 'question%' limit 1"
_numbers = itertools.count()


class Numbered(NamedTuple):
    """A text as PostgreSQL reads it, with the names of its values in their order."""

    words: bytes
    names: tuple[str, ...]
    formats: list[PyFormat]


@lru_cache(maxsize=1024)
def numbered(words: str) -> Numbered:
    """`%(name)s` as `$1`; one value that stands in two places is told once."""
    places: dict[str, str] = {}
    text = re.sub(r"%\((\w+)\)s|%%", lambda each: places.setdefault(each[1], f"${len(places) + 1}") if each[1] else "%", words)
    return Numbered(text.encode(), tuple(places), [PyFormat.AUTO] * len(places))


def ask(connection: Connection, words: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a text with `%(name)s` in it. Raises the errors of SQLAlchemy."""
    # Whoever listens to what is sent hears this too: a test, a tracer.
    context = SimpleNamespace(statement=words, parameters=values)
    dispatch = connection.engine.dispatch
    for hear in dispatch.before_cursor_execute:
        hear(connection, cast(Any, None), words, values, context, False)
    try:
        rows = _said(connection, words, values)
    except psycopg.Error as error:
        raise named(connection, words, values, error) from error
    for hear in dispatch.after_cursor_execute:
        hear(connection, cast(Any, None), words, values, context, False)
    return rows


def named(connection: Connection, words: str, values: dict[str, Any], error: psycopg.Error) -> Exception:
    """An error of the driver by the name that the house knows (app/errors.py). A line that broke is let go of, and so are all that wait."""
    hidden, broken = connection.engine.hide_parameters, bool(connection.connection.driver_connection.broken)  # type: ignore[union-attr]
    if broken:
        # Or the session would roll back on it, and fail again while it is put away.
        connection.invalidate(error)
        forget_connections()
    return DBAPIError.instance(words, values, error, psycopg.Error, hide_parameters=hidden, dialect=connection.dialect, connection_invalidated=broken)


def _said(connection: Connection, words: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    line, text = driver.pgconn, numbered(words)
    # Nowhere, no transaction was begun with the place (tenants/scope.py): the driver knows how it begins one.
    if line.transaction_status != TransactionStatus.INTRANS:
        return _by_cursor(driver, words, values)
    transformer = Transformer(driver)
    told = transformer.dump_sequence([values[name] for name in text.names], text.formats)
    types = transformer.types or ()
    known = _prepared(connection.info, line)
    name = known.get((words, types))
    if name is None:
        if len(known) >= MOST:
            return _by_cursor(driver, words, values)
        name = f"question_{next(_numbers)}".encode()
        _fine(driver, line.prepare(name, text.words, types))
        known[words, types] = name
    rows = _fine(driver, line.exec_prepared(name, cast(Any, told), transformer.formats))
    transformer.set_pgresult(rows)
    return transformer.load_rows(0, rows.ntuples, tuple)


def _prepared(info: dict[Any, Any], line: PGconn) -> dict[tuple[str, tuple[int, ...]], bytes]:
    """The names of what was prepared on a connection, by text and types."""
    known: dict[tuple[str, tuple[int, ...]], bytes] = info.setdefault("prepared", {})
    if known and info.pop("rolled back", False) and not line.exec_(LEFT).ntuples:
        known.clear()
    return known


@event.listens_for(Engine, "rollback")
@event.listens_for(Engine, "rollback_savepoint")
def doubt(connection: Connection, *_savepoint: Any) -> None:
    """After a rollback psycopg has PostgreSQL forget all that was prepared, if anything of it was psycopg's own: it has to be asked."""
    if not connection.invalidated:
        connection.info["rolled back"] = True


@event.listens_for(Pool, "reset")
def doubt_what_was_lost(line: "psycopg.Connection[Any]", record: ConnectionPoolEntry | None, _state: Any) -> None:
    """Whoever lets go of a connection in the middle of a transaction has the pool roll back, and nobody is told."""
    if record and line.info.transaction_status != TransactionStatus.IDLE:
        record.info["rolled back"] = True
        # What was written there (tenants/stamps.py) is nobody's.
        record.info.pop("written", None)


def _by_cursor(driver: "psycopg.Connection[Any]", words: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with driver.cursor() as cursor:
        return cursor.execute(cast(Any, words), values).fetchall()


def _fine(driver: "psycopg.Connection[Any]", answer: Any) -> Any:
    if answer.status in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        return answer
    error = psycopg.errors.error_from_result(answer, encoding=driver.info.encoding)
    # A line that broke has no code of PostgreSQL's: psycopg then calls it an error of any kind, and nobody would be told to come back.
    raise psycopg.OperationalError(str(error)) if driver.pgconn.status == ConnStatus.BAD else error
