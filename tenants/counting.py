"""Counters that are queries: what a room counts in as many periods as are asked for, all counters in one statement.

A counter is asked for one month after a tap, and for every month there ever was when everything is counted again. Asked month by
month, five years of one collective are three thousand statements; joined with a table of periods they are two.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.visitors import iterate

from app.db import db
from tenants.indicators import CATALOGUE
from tenants.months import EVER, span

# Begins the column that says whether a class has any row.
ANY = "any:"
# Period, indicator: value.
Counts = dict[tuple[str, str], int]

# The periods that are asked for, as a table: its name, its first local date, and the first date after it.
PERIODS = (
    sa.func.unnest(
        sa.bindparam("periods", type_=ARRAY(sa.Text)), sa.bindparam("firsts", type_=ARRAY(sa.Date)), sa.bindparam("afters", type_=ARRAY(sa.Date))
    )
    .table_valued(sa.column("period", sa.Text), sa.column("first", sa.Date), sa.column("after", sa.Date))
    .render_derived(name="periods")
)


def within(day: Any) -> sa.ColumnElement[bool]:
    """Whether a local date lies in the period."""
    return sa.and_(day >= PERIODS.c.first, day < PERIODS.c.after)


def by_period(*columns: sa.Label[Any]) -> Select[Any]:
    """The period and some aggregates; join the table they are about with `within` its date. A period without rows counts nothing."""
    return select(PERIODS.c.period, *columns).select_from(PERIODS).group_by(PERIODS.c.period)


def at_present(*columns: sa.Label[Any]) -> Select[Any]:
    """What has only a present value, whatever the period."""
    return select(sa.literal(EVER, sa.Text).label("period"), *columns)


class PeriodCounter:
    """A counter that is a query or several: one row for each period, one column for each indicator, named like it."""

    def __init__(self, build: Callable[[], Select[Any] | Sequence[Select[Any]]]) -> None:
        made = build()
        self.queries = [made] if isinstance(made, Select) else list(made)
        self.days = [_days_of(query) for query in self.queries]
        self.codes = [name for query in self.queries for name, _column in query.selected_columns.items() if name != "period"]
        self.__doc__ = build.__doc__

    def __call__(self, start: date, end: date) -> dict[str, int]:
        """Ask between two dates, the first included, the second not."""
        found = dict.fromkeys((each for each in self.codes if CATALOGUE[each].kept != "state"), 0)
        return found | {code: value for (_period, code), value in _ask((self,), [("asked", start, end)]).items()}


# Counts between two dates, the first included, the second not.
Counter = Callable[[date, date], dict[str, int]]


class CounterOfSome:
    """A counter in Python that is not asked where a table is empty: there it would count nothing."""

    def __init__(self, kind: Any, counter: Counter) -> None:
        self.kind, self.counter, self.__doc__ = kind, counter, counter.__doc__

    def __call__(self, start: date, end: date) -> dict[str, int]:
        """Ask it, whether or not there is a row."""
        return self.counter(start, end)


def where_there_is(kind: Any) -> Callable[[Counter], CounterOfSome]:
    """Have a counter asked only where this class has a row."""
    return lambda counter: CounterOfSome(kind, counter)


def count(counters: Sequence[Counter], periods: Iterable[str], empty: Collection[str] = ()) -> Counts:
    """What all of these count in some periods. Indicators that are zero may be absent, as are those that have no value at present.

    `empty` names columns of dates that are known to have none ("rounds.day"): what is counted by one of them is not asked.
    """
    asked = [(period, *span(period)) for period in periods]
    found = _ask(tuple(each for each in counters if isinstance(each, PeriodCounter | CounterOfSome)), asked, frozenset(empty))
    there = {code for (_period, code), value in found.items() if value}
    for each in counters:
        if isinstance(each, PeriodCounter) or (isinstance(each, CounterOfSome) and _flag(each) not in there):
            continue
        for period, start, end in asked:
            for code, value in each(start, end).items():
                found[EVER if code in CATALOGUE and CATALOGUE[code].kept == "state" else period, code] = value
    return {(period, code): value for (period, code), value in found.items() if not code.startswith(ANY)}


def _flag(counter: CounterOfSome) -> str:
    return f"{ANY}{counter.kind.__name__}"


def _days_of(query: Select[Any]) -> frozenset[str]:
    """The columns by whose date a query counts: joined with the periods, a table without any of them gives nothing."""
    compared = (each for each in iterate(query) if isinstance(each, sa.BinaryExpression) and each.right is PERIODS.c.first)
    return frozenset(str(column) for each in compared for column in iterate(each.left) if isinstance(column, sa.Column))


def _ask(counters: tuple[PeriodCounter | CounterOfSome, ...], asked: Sequence[tuple[str, date, date]], empty: frozenset[str] = frozenset()) -> Counts:
    statement = _statement(counters, empty)
    if statement is None:
        return {}
    told = dict(zip(("periods", "firsts", "afters"), (list(each) for each in zip(*asked, strict=True)), strict=True))
    found: Counts = {}
    for row in db.session.scalars(statement, told):
        period = row.pop("period")
        found |= {(period, code): int(value) for code, value in row.items() if value is not None}
    return found


# Collectives differ by the rooms they use: some dozens of statements serve them all.
@lru_cache(maxsize=256)
def _statement(counters: tuple[PeriodCounter | CounterOfSome, ...], empty: frozenset[str]) -> sa.CompoundSelect[Any] | None:
    """One statement for all, each row as an object; None if nothing is to be asked. Made once: it takes longer to write than to ask."""
    queries = []
    for each in counters:
        if isinstance(each, PeriodCounter):
            queries += [query for query, days in zip(each.queries, each.days, strict=True) if not days & empty]
        else:
            queries.append(at_present(sa.cast(select(each.kind.id).exists(), sa.Integer).label(_flag(each))))
    if not queries:
        return None
    parts = [query.subquery(f"counted_{number}") for number, query in enumerate(queries)]
    return sa.union_all(*(select(sa.func.to_json(sa.literal_column(part.name), type_=sa.JSON)).select_from(part) for part in parts))
