"""The four kinds of rows, and how they point at each other.

- `Tenanted` (nearly all): belongs to one collective and is seen from nowhere else;
- `Mine`: as Tenanted, and readable by its user from outside (memberships);
- `Published`: written where the publisher is, read by the readers it declares; nothing about inhabitants;
- `Global`: small, the same for all, no inhabitants.

`InCollective` is Tenanted without an id of its own, for tables whose key is natural. A table of no kind fails a house test.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from flask import abort
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

from app.db import db, new_id
from tenants.scope import here


class InCollective:
    """A row of one collective. The collective is taken from the present place, never from an argument."""

    row_kind: ClassVar[str] = "tenant"

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


Row = TypeVar("Row", bound=Tenanted)


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


def insert_once(kind: type[DeclarativeBase], rows: Sequence[dict[str, Any]], key: Sequence[str] = ("id",)) -> int:
    """Insert rows of the present collective; those whose id (or other unique key) is already known are left as they are.

    Returns how many are new. One statement, guarded by the policy alone.
    """
    collective_id = here()
    if not rows:
        return 0
    table = cast(sa.Table, kind.__table__)
    # The table and not the class, the values as parameters and not in the statement: so it is compiled once and not for every door.
    statement = insert(table).on_conflict_do_nothing(index_elements=["collective_id", *key]).returning(table.c.id)
    return len(db.session.execute(statement, [{"collective_id": collective_id, **row} for row in rows]).all())


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
