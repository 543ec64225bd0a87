"""Several queries of different shape in one statement: for a page that gathers a little from many tables.

Each query becomes rows of JSON beside its number, and all are joined by UNION ALL. What comes back are rows of the same classes as if
each query had been asked alone, belonging to no session: they are read and never written.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL, Select, func, literal_column, select, union_all
from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import AliasedClass
from sqlalchemy_utils import ChoiceType

from app.db import db
from tenants.questions import revived

# How JSON writes what PostgreSQL keeps, and how it is read back.
READERS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (sa.Uuid, UUID),
    (sa.DateTime, datetime.fromisoformat),
    (sa.Date, date.fromisoformat),
    (sa.Time, time.fromisoformat),
    (sa.LargeBinary, lambda text: bytes.fromhex(text.removeprefix("\\x"))),
)


def together(*queries: Select[*tuple[Any, ...]]) -> list[list[tuple[Any, ...]]]:
    """The rows of each query, in the order of the queries. A query names whole classes (or named aliases of them) and orders its own rows.

    An outer join that finds nothing gives None in its place.
    """
    if not queries:
        return []
    parts = []
    for number, query in enumerate(queries):
        place = func.row_number().over(order_by=query._order_by_clauses or None).label("place")
        inner = query.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).add_columns(place).order_by(None).subquery(f"query_{number}")
        row = func.to_json(literal_column(inner.name), type_=sa.JSON)
        parts.append(select(literal_column(str(number)).label("number"), row.label("row")).select_from(inner))
    found: list[list[tuple[int, tuple[Any, ...]]]] = [[] for _query in queries]
    classes = [[each["entity"] for each in query.column_descriptions] for query in queries]
    for number, row in db.session.execute(union_all(*parts)):
        found[number].append((row["place"], _whole(classes[number], row)))
    return [[row for _place, row in sorted(rows, key=lambda each: each[0])] for rows in found]


def along(query: Select[*tuple[Any, ...]], *relationships: Any) -> Select[*tuple[Any, ...]]:
    """A query for `together` that brings what its first class points at, so that `referral.resource` is there without being asked for."""
    for each in relationships:
        other = aliased(each.property.mapper.class_, name=f"{each.key}_along")
        query = query.outerjoin(each.of_type(other)).add_columns(other)
    return query


def _whole(entities: Sequence[Any], row: dict[str, Any]) -> tuple[Any, ...]:
    """The instances of a row; the first of them knows those that came along."""
    first, *others = instances = tuple(_revived(each, row) for each in entities)
    for entity, other in zip(entities[1:], others, strict=True):
        key = sa.inspect(entity).name.removesuffix("_along") if isinstance(entity, AliasedClass) else ""
        if key in sa.inspect(type(first)).relationships:
            set_committed_value(first, key, other)
    return instances


def _revived(entity: Any, row: dict[str, Any]) -> Any:
    """A row of a class, from its labelled columns; None where the join found nothing."""
    mapper = sa.inspect(entity).mapper
    prefix = sa.inspect(entity).name if isinstance(entity, AliasedClass) else mapper.local_table.name
    if all(row[f"{prefix}_{column.name}"] is None for column in mapper.primary_key):
        return None
    columns = [(attribute.key, attribute.columns[0]) for attribute in mapper.column_attrs]
    return revived(mapper.class_, {key: _read(column.type, row[f"{prefix}_{column.name}"]) for key, column in columns})


def _read(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, ChoiceType):
        return kind.process_result_value(value, None)
    return next((read(value) for sort, read in READERS if isinstance(kind, sort)), value)
