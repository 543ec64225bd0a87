"""One row of every tenant table, made from the table's own description, so that a new table is tried without being asked."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy_utils import ChoiceType, EmailType

import app.factory  # noqa: F401  # importing the house declares all tables
from app.db import Model, db
from tenants.rows import InCollective
from tenants.scope import inside

CLASSES: list[type[Any]] = sorted(
    (mapper.class_ for mapper in Model.registry.mappers if issubclass(mapper.class_, InCollective)), key=lambda each: each.__tablename__
)
IN_ORDER = [table for table in Model.metadata.sorted_tables if table in {each.__table__ for each in CLASSES}]
Made = dict[str, dict[str, Any]]


def own_keys(table: sa.Table) -> list[sa.ForeignKeyConstraint]:
    """The composite keys that point at another tenant table."""
    return [each for each in table.foreign_key_constraints if len(each.columns) > 1]


def pair(key: sa.ForeignKeyConstraint) -> tuple[str, str]:
    """The column beside collective_id, and the table it points at."""
    column = next(each for each in key.column_keys if each != "collective_id")
    return column, key.referred_table.name


def value_for(column: sa.Column[Any], user_id: UUID) -> Any:
    """Some value this column takes."""
    for key in column.foreign_keys:
        if key.column.table.name == "users":
            return user_id
        if key.column.table.name != "collectives" and key.column.table not in IN_ORDER:
            # A table of no collective has rows already: whichever comes first will do.
            return core().scalar(sa.select(key.column).limit(1))
    kind = column.type
    if isinstance(kind, ChoiceType):
        return next(iter(kind.choices))
    if isinstance(kind, EmailType):
        return f"{uuid4().hex}@example.org"
    for sort, value in (
        (sa.Uuid, uuid4()),
        (sa.String, uuid4().hex[: getattr(kind, "length", None) or 8]),
        (sa.Boolean, True),
        (sa.Integer, 1),
        (sa.Float, 1.5),
        (sa.DateTime, datetime.now(UTC)),
        (sa.Date, date(2026, 3, 5)),
        (sa.Time, time(18)),
        (sa.LargeBinary, b"sealed"),
        (JSONB, []),
    ):
        if isinstance(kind, sort):
            return value
    raise AssertionError(f"{column} has a type that tests/tenants/samples.py does not know: teach value_for() a value of it.")


def row_of(table: sa.Table, collective_id: UUID, user_id: UUID, made: Made) -> dict[str, Any]:
    """A row for this table that points at the rows already made."""
    row = {column.name: value_for(column, user_id) for column in table.columns}
    row |= {column: made[target]["id"] for column, target in map(pair, own_keys(table))}
    # A file that was erased is read by nobody.
    row |= {"erased_at": None} if "erased_at" in row else {}
    if "number" in table.primary_key.columns:
        row["number"] = 99
    return row | {"collective_id": collective_id}


def furnish(collective_id: UUID, user_id: UUID) -> Made:
    """Put one row into every tenant table of a collective, by Core: {table: row}."""
    made: Made = {}
    with inside(collective_id):
        for table in IN_ORDER:
            made[table.name] = row_of(table, collective_id, user_id, made)
            core().execute(table.insert().values(made[table.name]))
    return made


def core() -> Connection:
    """The present transaction's connection, which no filter of the ORM reaches: what holds here is the policy alone."""
    return db.session.connection()


def key_of(table: sa.Table, row: dict[str, Any], **changes: Any) -> sa.ColumnElement[bool]:
    """The condition that names one row by its primary key."""
    return sa.and_(*(column == {**row, **changes}[column.name] for column in table.primary_key.columns))
