"""The ground all tables stand on: one declarative base, one `db`."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID

import sqlalchemy as sa
import uuid_utils.compat
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A fresh UUIDv7: sorted by the moment it was made, so that indexes grow at one end."""
    return uuid_utils.compat.uuid7()


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


class ReadOnly(TypeError):
    """Raised on writing to what was only read: it belongs to no session, and what was written would be lost without a word."""


class Model(DeclarativeBase):
    """Base of all tables; how Python types become columns."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: sa.DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: JSONB,
    }

    def __setattr__(self, name: str, value: Any) -> None:
        if "only_read" in self.__dict__:
            raise ReadOnly(f"This {type(self).__name__} was only read: ask the session for one to write to.")
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        if "only_read" in self.__dict__:
            raise ReadOnly(f"This {type(self).__name__} was only read.")
        super().__delattr__(name)


Kind = TypeVar("Kind", bound=Model)


def only_read(instance: Kind, values: dict[str, Any]) -> Kind:
    """Give an instance that belongs to no session the values of its columns. From then on it is read and not written to."""
    instance.__dict__.update(values, only_read=True)
    return instance


Instant = Annotated[datetime, mapped_column(sa.DateTime(timezone=True), default=now)]

# Flask-SQLAlchemy brings sessions and engines. The base is SQLAlchemy's own, so that models are typed like any others.
# Nothing is read after the commit but what is already there: an expired attribute would begin a second transaction.
db = SQLAlchemy(disable_autonaming=True, session_options={"expire_on_commit": False})
