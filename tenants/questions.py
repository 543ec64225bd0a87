"""Questions that every request asks, put to the driver itself.

SQLAlchemy takes half a millisecond to bring four rows that are only looked at, three times as long as the driver and PostgreSQL together.
A question is a query like any other, narrowed to the present collective like any other (the second lock), and written out once; from then
on only the driver is asked. What comes back belongs to no session: instances that are read, and raise `ReadOnly` when they are written to.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import MultipleResultsFound
from sqlalchemy.orm import LoaderCriteriaOption, Mapper
from sqlalchemy.sql.compiler import SQLCompiler

from app.db import Model, db, only_read
from tenants import driver
from tenants.scope import PRESENT, here, narrow, place

Kind = TypeVar("Kind", bound=Model)
Reader = Callable[[Sequence[Any]], Any]
Processor = Callable[[Any], Any]


def revived(kind: type[Kind], values: dict[str, Any]) -> Kind:
    """An instance of a class from the values of its columns, to be read and not written to."""
    mapper = sa.inspect(kind)
    instance = cast(Kind, mapper.class_manager.new_instance())
    # Known to be a row: for what it takes for new, SQLAlchemy answers None where a neighbour is asked for, and inserts it when it is added.
    cast(Any, instance)._sa_instance_state.key = mapper.identity_key_from_primary_key(tuple([values[each] for each in _keys_of(mapper)]))
    return only_read(instance, values)


@cache
def _keys_of(mapper: Mapper[Any]) -> list[str]:
    return [mapper.get_property_by_column(column).key for column in mapper.primary_key]


_left_out: dict[type[Any], Callable[[], LoaderCriteriaOption]] = {}


def leaves_out(kind: type[Any]) -> Callable[[Callable[[], LoaderCriteriaOption]], Callable[[], LoaderCriteriaOption]]:
    """Register which rows of a class a question for it is not given, as a room does for the session by an event."""

    def register(option: Callable[[], LoaderCriteriaOption]) -> Callable[[], LoaderCriteriaOption]:
        _left_out[kind] = option
        return option

    return register


def among(column: Any, values: Iterable[Any] | sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    """`column in values` for a question: an array is one value, however much is in it."""
    listed = values if isinstance(values, sa.BindParameter) else sa.literal(list(values), ARRAY(column.type))
    return cast(sa.ColumnElement[bool], column == sa.any_(listed))


def several(name: str, column: Any) -> sa.BindParameter[Any]:
    """A parameter that is told a list of values of a column: of codes and ids. A text longer than its column would be cut, as the column is cast."""
    return sa.bindparam(name, type_=ARRAY(column.type), required=True)


class _Text(NamedTuple):
    """A query as the driver is asked: its words; the values that never change; what makes a value fit for it; names of the present collective."""

    words: str
    fixed: dict[str, Any]
    processors: dict[str, Processor]
    present: tuple[str, ...]
    read: Reader


class Question:
    """A query whose parameters are told by name. It names classes, columns or both, and stays the same for as long as the program runs."""

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        self.query = query
        self._texts: dict[bool, _Text] = {}

    def ask(self, **told: Any) -> list[Any]:
        """All rows: an instance or a value where the query names one thing, a tuple where it names several, a named tuple where all are columns.

        An outer join that finds nothing gives None in the place of its class.
        """
        text = self._text(place().collective_id is not None)
        values = text.fixed | told
        for name, process in text.processors.items():
            values[name] = process(values[name])
        for name in text.present:
            values[name] = here()
        session = db.session()
        # What was written so far can be asked for, as by any query.
        if session.autoflush:
            session.flush()
        return [text.read(row) for row in driver.ask(session.connection(), text.words, values)]

    def one(self, **told: Any) -> Any:
        """The only row; None if there is none. Raises MultipleResultsFound."""
        rows = self.ask(**told)
        if len(rows) > 1:
            raise MultipleResultsFound("A question for one row found several.")
        return rows[0] if rows else None

    def words(self, inside: bool = True) -> str:
        """What is sent from inside a collective, or from outside."""
        return self._text(inside).words

    def _text(self, inside: bool) -> _Text:
        # Two threads that write it out at once write the same.
        return self._texts.get(inside) or self._texts.setdefault(inside, _written_out(self.query, inside))


def _written_out(query: Select[*tuple[Any, ...]], inside: bool) -> _Text:
    parts = [_columns(each) for each in query.column_descriptions]
    whole = query.with_only_columns(*[column for _entity, columns in parts for column in columns])
    if option := _left_out.get(query.column_descriptions[0].get("entity")):
        whole = whole.options(option())
    compiled = cast(SQLCompiler, (narrow(whole) if inside else whole).compile(dialect=db.engine.dialect))
    if compiled.post_compile_params:
        raise TypeError("A question has no lists of values, which would make it another text each time: `among` compares with an array.")
    processors: dict[str, Processor] = {name: each for name, each in compiled._bind_processors.items() if callable(each)}
    fixed, present = {}, []
    for bind, name in compiled.bind_names.items():
        if bind.callable is PRESENT.callable:
            present.append(name)
        elif bind.callable is not None:
            raise TypeError("A question has no values that are asked for later, but the present collective: tell them by name.")
        elif not bind.required:
            fixed[name] = processors.pop(name)(bind.value) if name in processors else bind.value
    return _Text(compiled.string, fixed, processors, tuple(present), _reader(parts))


def _columns(description: Any) -> tuple[Any, list[Any]]:
    """What a query names: a class with all its columns, or no class and one column."""
    kind = description.get("entity")
    if kind is None or description["expr"] is not kind:
        return None, [description["expr"]]
    return kind, [getattr(kind, attribute.key) for attribute in sa.inspect(kind).mapper.column_attrs]


def _reader(parts: Sequence[tuple[Any, list[Any]]]) -> Reader:
    """What makes a row of the driver into what a question answers."""
    if all(kind is None for kind, _columns in parts) and len(parts) > 1:
        names = [getattr(columns[0], "key", None) or "" for _kind, columns in parts]
        line = namedtuple("Line", names, rename=True)  # type: ignore[misc]  # its names are the query's
        processors = [(place, each) for place, (_kind, columns) in enumerate(parts) if (each := _processor(columns[0]))]
        return line._make if not processors else lambda row: line._make(_processed(row, processors))
    readers, begin = [], 0
    for kind, columns in parts:
        readers.append((_instance if kind is not None else _value)(kind, columns, begin))
        begin += len(columns)
    return readers[0] if len(readers) == 1 else lambda row: tuple([read(row) for read in readers])


def _processed(row: Sequence[Any], processors: Sequence[tuple[int, Processor]]) -> list[Any]:
    values = list(row)
    for place_, process in processors:
        values[place_] = process(values[place_])
    return values


def _processor(column: Any) -> Processor | None:
    # Numbers come as what they are: the driver knows them better than a type that was only reckoned.
    if isinstance(column.type, sa.Numeric):
        return None
    return cast(Processor | None, column.type.dialect_impl(db.engine.dialect).result_processor(db.engine.dialect, None))


def _value(_kind: None, columns: Sequence[Any], begin: int) -> Reader:
    process = _processor(columns[0])
    return (lambda row: process(row[begin])) if process else (lambda row: row[begin])


def _instance(kind: Any, columns: Sequence[Any], begin: int) -> Reader:
    mapper = sa.inspect(kind).mapper
    keys, end = [each.key for each in columns], begin + len(columns)
    processors = [(name, each) for name, column in zip(keys, columns, strict=True) if (each := _processor(column))]
    first = begin + keys.index(mapper.get_property_by_column(mapper.primary_key[0]).key)

    def read(row: Sequence[Any]) -> Any:
        if row[first] is None:
            return None
        values = dict(zip(keys, row[begin:end], strict=True))
        for name, process in processors:
            values[name] = process(values[name])
        return revived(mapper.class_, values)

    return read
