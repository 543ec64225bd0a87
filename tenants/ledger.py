"""The ledger: which (collective, month) needs recounting, and the figures that are published upward.

A write marks its month in its own transaction. The mark is a row appended, never an upsert: sixteen phones on one
staircase must not wait for each other, and a recount deletes only the marks it could see, hence counts what they announced.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, db, new_id, now
from app.transaction import afterwards
from tenants.counting import Counter, Counts, count
from tenants.indicators import CATALOGUE
from tenants.keys import KeyDestroyed
from tenants.months import EVER, month_of, year_of
from tenants.questions import Question, among, several
from tenants.rows import Global, InCollective, Line, Tenanted, insert_once
from tenants.scope import here

ONE_AT_A_TIME = sa.text("select pg_advisory_xact_lock(hashtext('recount:' || :collective))")

counters: list[Counter] = []
once_counters: list[Counter] = []
SUMS = tuple(code for code, each in CATALOGUE.items() if each.kept == "sum")
ONCE = tuple(code for code, each in CATALOGUE.items() if each.kept == "once")


class LedgerMark(Tenanted, Model):
    """A month of this collective changed. The clerk may see that it waits, and nothing else."""

    __tablename__ = "ledger_marks"
    __table_args__ = (sa.Index("ix_ledger_marks_collective_id_month", "collective_id", "month"),)

    month: Mapped[str] = mapped_column(sa.String(7))
    marked_at: Mapped[Instant]


class Figure(InCollective, Model):
    """A count of one collective in one period; one that is not there is zero. The network may read it; only its collective may write it."""

    __tablename__ = "figures"
    stamped = True
    __table_args__ = (
        sa.Index("ix_figures_period_indicator_value", "period", "indicator", sa.text("value DESC")),
        sa.Index("ix_figures_counted_at", "counted_at"),
    )

    period: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    indicator: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[int] = mapped_column(sa.BigInteger)
    counted_at: Mapped[Instant]


class FigureSum(Global, Model):
    """The sum of a figure over a department ("D44") or the whole network ("FR"). The network's role alone writes it."""

    __tablename__ = "figure_sums"

    area: Mapped[str] = mapped_column(sa.String(4), primary_key=True)
    period: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    indicator: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[int] = mapped_column(sa.BigInteger)
    collectives: Mapped[int]
    folded_at: Mapped[Instant]


def counts(counter: Counter) -> Counter:
    """Register how a room counts its indicators between two local dates, the first included, the second not."""
    counters.append(counter)
    return counter


def counts_once(counter: Counter) -> Counter:
    """Register how a room counts people: each once per period, so that a year is counted and not added up from its months.

    Called with the dates of the month, of its year, and of all that ever was; its indicators are `kept="once"`.
    """
    once_counters.append(counter)
    return counter


def line(day: date) -> Line:
    """The mark of a local date's month, to be written with what changes it. `count_again` sees to the rest."""
    return LedgerMark, {"id": new_id(), "month": month_of(day)}


def count_again(day: date) -> None:
    """Have the month of this local date recounted soon after the commit."""
    afterwards("recount", here(), month_of(day))


def mark(day: date) -> None:
    """Say, in this transaction, that the month of this local date needs recounting."""
    kind, row = line(day)
    insert_once(kind, [row])
    count_again(day)


def recount(month: str) -> dict[str, int]:
    """Count the present collective's month again, and its year and its whole life.

    Returns the month's values. Running twice changes nothing.
    """
    counted = recount_months([month])
    return {code: value for (period, code), value in counted.items() if period == month or CATALOGUE[code].kept == "state"}


def recount_months(months: Collection[str]) -> Counts:
    """Count some months of the present collective again, in a few statements, and their years and its whole life: from all months that have
    figures, or anew where people count once. Returns what was counted.
    """
    lock()
    # Before counting: a mark that can be seen announces rows that can be seen.
    db.session.execute(delete(LedgerMark).where(LedgerMark.month.in_(months)))
    years = sorted({year_of(each) for each in months})
    periods = [*sorted(months), *years, EVER]
    try:
        counted = {(month, code): 0 for month in months for code in SUMS} | count(counters, sorted(months))
        once = count(once_counters, periods)
    except KeyDestroyed:
        # Some figures follow from names: a collective that has ended keeps those that it had.
        return {}
    write(counted)
    by_month = select(Figure.indicator, sa.func.sum(Figure.value)).where(Figure.indicator.in_(SUMS), sa.func.length(Figure.period) == 7)
    by_month = by_month.group_by(Figure.indicator)
    totals = {(period, code): 0 for period in (*years, EVER) for code in SUMS}
    for period in (*years, EVER):
        added = by_month if period == EVER else by_month.where(Figure.period.like(f"{period}-%"))
        totals |= {(period, code): int(value) for code, value in db.session.execute(added)}
    totals |= {(period, code): 0 for period in periods for code in ONCE} | once
    write(totals)
    afterwards("fold")
    return counted | totals


def recount_all(months: Collection[str], empty: Collection[str] = ()) -> Counts:
    """Count these months of the present collective again, their years and its whole life, in a few statements. Writes nothing.

    The caller holds the lock and gives every month that has figures: a year is the sum of these months. `empty` are columns of dates that
    have none here.
    """
    found: Counts = {}
    for (period, code), value in count(counters, sorted(months), empty).items():
        for each in (period, year_of(period), EVER) if CATALOGUE[code].kept == "sum" else (period,):
            found[each, code] = found.get((each, code), 0) + value
    return found | count(once_counters, [*sorted(months), *sorted({year_of(each) for each in months}), EVER], empty)


def lock() -> None:
    """One recount of a collective at a time: two months counted at once would each add up the year without the other's."""
    db.session.execute(ONE_AT_A_TIME, {"collective": str(here())})


def write(values: Counts) -> None:
    """Write figures of the present collective over what was there: those that differ, and no zero where no row stood.

    Of a collective that does three things in a month fifty indicators are zero, and a network has 35,000 collectives. A row that became zero
    stays: what is folded again is found by the instant at which a row was counted.
    """
    present = {(period, code): value for period, code, value in db.session.execute(figures_for(sorted({period for period, _code in values})))}
    # In one order for all, so that two recounts at once wait for each other instead of locking each other out.
    changed = sorted((key, value) for key, value in values.items() if present.get(key, 0) != value)
    if not changed:
        return
    moment = now()
    statement = insert(Figure).values(
        [{"collective_id": here(), "period": period, "indicator": code, "value": value, "counted_at": moment} for (period, code), value in changed]
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["collective_id", "period", "indicator"],
            set_={"value": statement.excluded.value, "counted_at": statement.excluded.counted_at},
        )
    )


def figures_for(periods: list[str]) -> Select[str, str, int]:
    """Period, indicator and value of the present collective for some periods."""
    return select(Figure.period, Figure.indicator, Figure.value).where(Figure.period.in_(periods))


FIGURES = Question(select(Figure.period, Figure.indicator, Figure.value).where(among(Figure.period, several("periods", Figure.period))))


def figures_of(*periods: str) -> dict[str, dict[str, int]]:
    """The figures of the present collective for some periods, as `by_period` gives them."""
    return by_period(FIGURES.ask(periods=list(periods)))


def by_period(rows: Iterable[Any]) -> dict[str, dict[str, int]]:
    """The rows of `figures_for`, as {period: {indicator: value}}; what is absent is zero."""
    table: dict[str, dict[str, int]] = {}
    for period, code, value in rows:
        table.setdefault(period, {})[code] = value
    return table


def months_waiting() -> Select[str]:
    """Months of the present collective with a mark."""
    return select(LedgerMark.month).distinct().order_by(LedgerMark.month)


def months_counted(until: str = "9999-12") -> Select[str]:
    """Months of the present collective that have figures, up to one of them, in order."""
    return select(Figure.period).where(sa.func.length(Figure.period) == 7, Figure.period <= until).distinct().order_by(Figure.period)
