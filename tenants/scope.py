"""Where we are: the only code that tells PostgreSQL which collective is present.

Policies compare `collective_id` with `app.collective_id`, and rows of one's own with `app.user_id`. Both are told
with `SET LOCAL`, never `SET`: a session-level setting stays on the connection and reached another client through a pooler.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
import sqlalchemy as sa
from flask import g, has_app_context
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, with_loader_criteria

from app.db import db
from app.transaction import finish


class Nowhere(RuntimeError):
    """Raised when something that belongs to a collective is made outside of one."""


class AlreadyInside(RuntimeError):
    """Raised on entering a collective from within another: the identity map would mix the two."""


@dataclass(frozen=True, slots=True)
class Place:
    """The collective that is present and the user who acts, either of which may be unknown."""

    collective_id: UUID | None = None
    user_id: UUID | None = None


NOWHERE = Place()


def place() -> Place:
    """The present place. It lives on `g`, so that no request or job inherits another's."""
    return g.get("place", NOWHERE) if has_app_context() else NOWHERE


def here() -> UUID:
    """The id of the collective that is present; raises Nowhere outside of one."""
    collective_id = place().collective_id
    if collective_id is None:
        raise Nowhere("No collective is present: enter one with inside() first.")
    return collective_id


def speak(connection: Connection, present: Place) -> None:
    """Tell PostgreSQL where we are, for the rest of the transaction."""
    # One simple query, not prepared: the text differs for each collective and would fill the cache of prepared
    # statements. Nothing but UUIDs goes in, and str(UUID) cannot carry a quote.
    words = f"SET LOCAL app.collective_id = '{present.collective_id or ''}'; SET LOCAL app.user_id = '{present.user_id or ''}'"
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    # Said by libpq itself: a cursor takes longer to be made than PostgreSQL to listen. And with the beginning of the transaction, which
    # the driver would else say before, in a round trip of its own.
    if driver.pgconn.transaction_status == TransactionStatus.IDLE and not driver.autocommit:
        if (driver.isolation_level, driver.read_only, driver.deferrable) != (None, None, None):
            # Of a transaction of another kind than most the driver knows how it begins.
            driver.execute(words, prepare=False)
            return
        words = f"BEGIN; {words}"
    heard = driver.pgconn.exec_(words.encode())
    if heard.status != ExecStatus.COMMAND_OK:
        error = psycopg.errors.error_from_result(heard)
        raise psycopg.OperationalError(str(error)) if driver.pgconn.status == ConnStatus.BAD else error


@event.listens_for(Engine, "begin")
def tell_on_begin(connection: Connection) -> None:
    """Tell a new transaction where we are. Nowhere needs no words: unset reads as no rows."""
    if (present := place()) == NOWHERE:
        return
    try:
        speak(connection, present)
    except psycopg.OperationalError:
        forget_connections()
        raise


def forget_connections() -> None:
    """The server went away, or its tables changed. Whatever waits in a pool, of any role, would fail one request after the other."""
    for each in db.engines.values():
        each.engine.dispose(close=False)


@event.listens_for(Engine, "savepoint")
def tell_on_savepoint(connection: Connection, name: str) -> None:
    """Tell again on a savepoint: the transaction around it may have been begun somewhere else."""
    speak(connection, place())


def _move(to: Place) -> None:
    g.place = to
    # A transaction that is already open was told the former place, or none: a user loaded before the door once
    # made the workspace look empty, and leaving without a word left the collective in force.
    if db.session.registry.has() and db.session().in_transaction():
        connection = db.session.connection()
        try:
            speak(connection, to)
        except psycopg.OperationalError as error:
            if cast("psycopg.Connection[Any]", connection.connection.driver_connection).broken:
                # Or the session would fail again while it is put away, when the page that says so is already made.
                connection.invalidate(error)
                forget_connections()
            raise


@contextmanager
def inside(collective_id: UUID) -> Iterator[None]:
    """Be in one collective: its rows, and no others, exist until the block ends.

    Raises AlreadyInside when another collective is present; entering the same one again is allowed.
    """
    if not isinstance(collective_id, UUID):
        raise TypeError("inside() takes a UUID.")
    before = place()
    if before.collective_id not in (None, collective_id):
        raise AlreadyInside(f"Already inside {before.collective_id}.")
    _move(replace(before, collective_id=collective_id))
    try:
        yield
    except BaseException:
        g.place = before
        # In a failed transaction nothing can be told, and nothing can be read either until it is rolled back.
        with suppress(psycopg.errors.InFailedSqlTransaction, PendingRollbackError):
            _move(before)
        raise
    else:
        # What is pending belongs here and must be written while the guard still says so.
        finish()
        db.session.flush()
        _move(before)


def enter(collective_id: UUID) -> None:
    """Be in one collective until the request ends: for the door, which has no block to close.

    `g` falls with the request, and with it the place.
    """
    if place().collective_id not in (None, collective_id):
        raise AlreadyInside(f"Already inside {place().collective_id}.")
    _move(replace(place(), collective_id=collective_id))


def speak_as(user_id: UUID | None) -> None:
    """Say who acts, so that rows of one's own (`Mine`) can be read from outside a collective."""
    _move(replace(place(), user_id=user_id))


# The same for every statement and every collective, its value asked for when it is executed: SQLAlchemy then compiles each statement
# once. A criterion made anew around an id costs 0.15 ms a query, more than PostgreSQL takes for most of ours.
PRESENT = sa.bindparam("present_collective", callable_=here, type_=sa.Uuid(), unique=True)
# Statements built once are narrowed once. Keyed by the statement itself, not by its text: what a view builds goes with its request.
narrowed: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


@event.listens_for(Session, "do_orm_execute")
def filter_by_place(state: ORMExecuteState) -> None:
    """Add `collective_id = here` to every read, update and delete of tenant tables.

    The policy would do alone; this makes the plan use the index, and is a second lock.
    """
    if place().collective_id is None or state.is_column_load or state.is_relationship_load:
        return
    if state.is_select or state.is_update or state.is_delete:
        known = narrowed.get(state.statement)
        if known is None:
            known = narrowed[state.statement] = narrow(state.statement)
        state.statement = known


def narrow(statement: Any) -> Any:
    """The same statement with `collective_id = here` at every tenant table."""
    return statement.options(_criterion())


@cache
def _criterion() -> LoaderCriteriaOption:
    from tenants.rows import InCollective

    return with_loader_criteria(
        InCollective, lambda row: row.collective_id == PRESENT, include_aliases=True, propagate_to_loaders=True, track_closure_variables=False
    )


def told() -> dict[str, Any]:
    """What the database believes, read back from it: for tests and for the operator's check."""
    row = db.session.execute(
        sa.text("select nullif(current_setting('app.collective_id', true), ''), nullif(current_setting('app.user_id', true), '')")
    ).one()
    return {"collective_id": row[0], "user_id": row[1]}
