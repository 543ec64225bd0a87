"""Counting everything again: every month in which a collective has a row, and what differed."""

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import select

from app.db import Model, db
from tenants import ledger
from tenants.ledger import Figure
from tenants.rows import InCollective
from tenants.scope import here

# Instants that decide a month; all other instants say when something was noted, not when it was.
DECISIVE = "starts_at"


class Difference(NamedTuple):
    """A figure that was not what its rows say: None where it was never counted."""

    period: str
    indicator: str
    before: int | None
    after: int | None


def _dated() -> list[Any]:
    tables = [mapper.local_table for mapper in Model.registry.mappers if issubclass(mapper.class_, InCollective)]
    columns = [column for table in tables for column in table.columns]
    return sorted((each for each in columns if isinstance(each.type, sa.Date) or each.name == DECISIVE), key=str)


def months_with_rows() -> set[str]:
    """Every month that some row of the present collective names by a date, whether or not it was ever marked."""
    queries = [
        select(sa.func.to_char(column, "YYYY-MM")).where(column.table.c.collective_id == here(), column.is_not(None)).distinct()
        for column in _dated()
    ]
    return {each for each in db.session.scalars(sa.union(*queries)) if each}


def all_figures() -> dict[tuple[str, str], int]:
    """Every figure of the present collective."""
    rows = db.session.execute(select(Figure.period, Figure.indicator, Figure.value))
    return {(period, code): value for period, code, value in rows}


def recount_everything() -> list[Difference]:
    """Count every month of the present collective again; returns what differed, in order. Running twice finds nothing the second time."""
    before = all_figures()
    counted = {period for period, _code in before if len(period) == 7}
    for month in sorted(counted | months_with_rows() | set(db.session.scalars(ledger.months_waiting()))):
        ledger.recount(month)
    after = all_figures()
    # A month to come in which nothing is counted yet has zeros now and had nothing before: that is no difference.
    return [
        Difference(period, code, before.get((period, code)), after.get((period, code)))
        for period, code in sorted(before.keys() | after.keys())
        if before.get((period, code), 0) != after.get((period, code), 0)
    ]
