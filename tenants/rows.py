"""The four kinds of rows, and how they point at each other.

- `Tenanted` (nearly all): belongs to one collective and is seen from nowhere else;
- `Mine`: as Tenanted, and readable by its user from outside (memberships);
- `Published`: written where the publisher is, read by the readers it declares; nothing about inhabitants;
- `Global`: small, the same for all, no inhabitants.

`InCollective` is Tenanted without an id of its own, for tables whose key is natural. A table of no kind fails a house test.
"""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from flask import abort
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

from app.db import db, new_id
from tenants.questions import Question
from tenants.scope import here


class InCollective:
    """A row of one collective. The collective is taken from the present place, never from an argument."""

    row_kind: ClassVar[str] = "tenant"
    # Whether a stamp says when the table was last written to (tenants/stamps.py). Not where many write at once.
    stamped: ClassVar[bool] = False

    @declared_attr
    @classmethod
    def collective_id(cls) -> Mapped[UUID]:
        """The collective this row belongs to."""
        return mapped_column(sa.ForeignKey("collectives.id", ondelete="CASCADE"), primary_key=True, sort_order=-20)

    def __init__(self, **values: Any) -> None:
        # Set first: sealed columns need to know the collective and the row before they can close.
        self.collective_id = here()
        if hasattr(type(self), "id"):
            self.id = values.pop("id", None) or new_id()
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}.")
            setattr(self, name, value)


class Tenanted(InCollective):
    """A row of one collective with an id; its primary key is the pair."""

    @declared_attr
    @classmethod
    def id(cls) -> Mapped[UUID]:
        """UUIDv7, made here or on the phone."""
        return mapped_column(primary_key=True, default=new_id, sort_order=-19)


class Mine(Tenanted):
    """A tenant row that its user may also read from outside. Has a `user_id`."""

    row_kind: ClassVar[str] = "mine"


class Published:
    """A row written by `publisher_id` alone and read by others."""

    row_kind: ClassVar[str] = "published"

    publisher_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-19)


class Global:
    """A row that belongs to no collective."""

    row_kind: ClassVar[str] = "global"


Row = TypeVar("Row", bound=Tenanted | Published)


def key_to(table: str, column: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """The composite foreign key (collective_id, column) → table.

    A plain key would accept the id of an invisible row: foreign keys ignore policies.
    """
    return sa.ForeignKeyConstraint(["collective_id", column], [f"{table}.collective_id", f"{table}.id"], ondelete=ondelete)


def belongs_to(column: str, target: str) -> Any:
    """A relationship over the pair of columns, writing the id alone.

    `column` is "Encounter.round_id", `target` is "Round". `foreign()` marks the id only: two composite relationships on
    one class warn otherwise, and setting an optional one to None would empty collective_id.
    """
    owner = column.split(".")[0]
    return relationship(
        target,
        primaryjoin=f"and_(foreign({column}) == {target}.id, {owner}.collective_id == {target}.collective_id)",
        lazy="raise_on_sql",
        viewonly=True,
    )


def found(kind: type[Row], row_id: UUID) -> Row:
    """The row of the present collective with this id, or 404: the same answer next door and nowhere."""
    row = db.session.get(kind, (here(), row_id))
    if row is None:
        abort(404)
    return row


# A row of some table, as a plain insert: what goes with the rows of another.
Line = tuple[type[DeclarativeBase], dict[str, Any]]


def insert_once(kind: type[DeclarativeBase], rows: Sequence[dict[str, Any]], *lines: Line, key: Sequence[str] = ("id",)) -> int:
    """Insert rows of the present collective; those whose id (or other unique key) is already known are left as they are.

    `lines` go with them if any is new: a journal line, a mark in the ledger. Returns how many rows are new. One statement for one row
    with all its lines, guarded by the policy alone.
    """
    collective_id = here()
    if not rows:
        return 0
    table, whole = cast(sa.Table, kind.__table__), [{"collective_id": collective_id, **row} for row in rows]
    if len(whole) == 1 and lines:
        others = [(cast(sa.Table, line.__table__), _complete(line, {"collective_id": collective_id, **row})) for line, row in lines]
        first = _complete(kind, whole[0])
        written = with_lines(table, tuple(first), tuple(key), tuple((other, tuple(row)) for other, row in others))
        told = {f"{name}_{number}": value for number, row in enumerate([first, *(row for _other, row in others)]) for name, value in row.items()}
        return int(written.one(**told))
    fresh = len(db.session.execute(alone(table, tuple(key)), whole).all())
    for line, row in lines if fresh else ():
        insert_once(line, [row])
    return fresh


def replace_rows(kind: type[DeclarativeBase], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of the present collective; those whose id is known take the new values. All rows name the same columns."""
    collective_id = here()
    if not rows:
        return
    table = cast(sa.Table, kind.__table__)
    statement = insert(table)
    values = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    statement = statement.on_conflict_do_update(index_elements=["collective_id", "id"], set_=values)
    db.session.execute(statement, [{"collective_id": collective_id, **row} for row in rows])


@cache
def alone(table: sa.Table, key: tuple[str, ...]) -> Any:
    """The insert of `insert_once`. The values are parameters and not in the statement: it is built and compiled once and not for every door."""
    return insert(table).on_conflict_do_nothing(index_elements=["collective_id", *key]).returning(table.c.id)


@cache
def with_lines(table: sa.Table, names: tuple[str, ...], key: tuple[str, ...], others: tuple[tuple[sa.Table, tuple[str, ...]], ...]) -> Question:
    """The same for one row and its lines, which are written where that row is new. Parameters are "door_0", "act_1": column and place."""

    def told(number: int, of: sa.Table, columns: tuple[str, ...]) -> list[sa.BindParameter[Any]]:
        return [sa.bindparam(f"{name}_{number}", type_=of.c[name].type) for name in columns]

    row = insert(table).values(dict(zip(names, told(0, table, names), strict=True)))
    fresh = row.on_conflict_do_nothing(index_elements=["collective_id", *key]).returning(table.c.id).cte("fresh")
    written = sa.select(sa.func.count()).select_from(fresh)
    for number, (other, columns) in enumerate(others, 1):
        values = sa.select(*told(number, other, columns)).where(sa.exists(sa.select(fresh.c.id)))
        written = written.add_cte(insert(other).from_select(list(columns), values, include_defaults=False).cte(f"line_{number}"))
    return Question(written)


def _complete(kind: type[DeclarativeBase], row: dict[str, Any]) -> dict[str, Any]:
    # The defaults of the model: in a statement of several parts SQLAlchemy does not add them.
    return {name: default() for name, default in defaults(kind) if name not in row} | row


@cache
def defaults(kind: type[DeclarativeBase]) -> list[tuple[str, Callable[[], Any]]]:
    """The columns of a model that fill themselves, and with what."""
    filled = [(column.name, column.default) for column in cast(sa.Table, kind.__table__).c if isinstance(column.default, sa.ColumnDefault)]
    return [(name, partial(each.arg, None) if each.is_callable else partial(lambda value: value, each.arg)) for name, each in filled]
