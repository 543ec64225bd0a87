"""Counting everything again: every month in which a collective has a row, and what differed."""

from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import select

from app.db import Model, db
from app.transaction import afterwards
from tenants import ledger
from tenants.indicators import CATALOGUE
from tenants.keys import KeyDestroyed
from tenants.ledger import Figure
from tenants.rows import InCollective
from tenants.scope import PRESENT

# Instants that decide a month; all other instants say when something was noted, not when it was.
DECISIVE = "starts_at"


class Difference(NamedTuple):
    """A figure that was not what its rows say. One that was never counted was zero."""

    period: str
    indicator: str
    before: int
    after: int


@cache
def _dated() -> list[Any]:
    tables = [mapper.local_table for mapper in Model.registry.mappers if issubclass(mapper.class_, InCollective)]
    columns = [column for table in tables for column in table.columns]
    return sorted((each for each in columns if isinstance(each.type, sa.Date) or each.name == DECISIVE), key=str)


@cache
def _months() -> Any:
    # Made once: forty tables take longer to write down than to ask.
    queries = [
        select(sa.literal(str(column)), sa.func.to_char(column, "YYYY-MM"))
        .where(column.table.c.collective_id == PRESENT, column.is_not(None))
        .distinct()
        for column in _dated()
    ]
    return sa.union(*queries)


def months_by_column() -> dict[str, set[str]]:
    """The months that rows of the present collective name by each of their dates: {"rounds.day": months}."""
    found: dict[str, set[str]] = {}
    for column, month in db.session.execute(_months()):
        found.setdefault(column, set()).add(month)
    return found


def months_with_rows() -> set[str]:
    """Every month that some row of the present collective names by a date, whether or not it was ever marked."""
    return set().union(*months_by_column().values())


def all_figures(*conditions: sa.ColumnElement[bool]) -> dict[tuple[str, str], int]:
    """Every figure of the present collective, or those of which something is true."""
    rows = db.session.execute(select(Figure.period, Figure.indicator, Figure.value).where(*conditions))
    return {(period, code): value for period, code, value in rows}


def recount_everything(write: bool = True) -> list[Difference]:
    """Count every month of the present collective again; returns what differed, in order. Running twice finds nothing the second time.

    Only what differs is written. With `write=False` nothing is.
    """
    ledger.lock()
    marked = set(db.session.scalars(ledger.months_waiting()))
    if write and marked:
        # Before counting: a mark that can be seen announces rows that can be seen.
        db.session.execute(sa.delete(ledger.LedgerMark).where(ledger.LedgerMark.month.in_(marked)))
    before = all_figures(Figure.value != 0)
    named = months_by_column()
    empty = {str(column) for column in _dated()} - named.keys()
    try:
        after = ledger.recount_all({period for period, _code in before if len(period) == 7}.union(marked, *named.values()), empty)
    except KeyDestroyed:
        # As `recount_months` does.
        return []
    # A state that has no value now keeps the one it had.
    wrong = {key for key in before.keys() | after.keys() if before.get(key, 0) != after.get(key, 0) and not (key not in after and _is_state(key[1]))}
    if not wrong:
        return []
    if write:
        ledger.write({key: after.get(key, 0) for key in wrong})
        afterwards("fold")
    return [Difference(*key, before.get(key, 0), after.get(key, 0)) for key in sorted(wrong)]


def _is_state(code: str) -> bool:
    return code in CATALOGUE and CATALOGUE[code].kept == "state"
