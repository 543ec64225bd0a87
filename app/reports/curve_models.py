"""Drawn curves, and the medians of similar collectives that stand beside one's own."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Instant, Model
from tenants.indicators import CATALOGUE
from tenants.rows import Global

# As many similar collectives as a median needs: of fewer it would be the figure of a neighbour.
ENOUGH = 8
# From how many inhabitants on a collective is of the next size.
SIZES = (2_000, 10_000, 50_000)


def size_of(population: int) -> int:
    """The size class of a collective: those of one class are similar."""
    return sum(population >= least for least in SIZES)


class Chart(Global, Model):
    """A curve drawn by a worker, under the checksum of what it shows. It holds protected figures alone, and fades after a month."""

    __tablename__ = "charts"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    svg: Mapped[str] = mapped_column(sa.Text)
    drawn_at: Mapped[Instant]


class FigureMedian(Global, Model):
    """The median of a figure over the collectives of one size, where there are enough of them. The network's role writes it at night."""

    __tablename__ = "figure_medians"

    size: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    period: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    indicator: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[int] = mapped_column(sa.BigInteger)
    collectives: Mapped[int]
    folded_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())


# A figure that is not there is a zero of whoever counted anything in that period: the zeros come first, and the middle may be one of them.
MEDIANS = sa.text(
    """
    with sized as (
        select id, (population >= :small)::int + (population >= :middle)::int + (population >= :large)::int as size from collectives
    ), counting as (
        select size, period, count(*) as number
        from (select distinct collective_id, period from figures where period <> 'ever' and period >= :since) f join sized on id = f.collective_id
        group by 1, 2 having count(*) >= :enough
    ), counted as (
        select size, period, indicator, count(*) as number, array_agg(value order by value) as values
        from figures f join sized on id = f.collective_id
        where period <> 'ever' and period >= :since and indicator = any(:codes)
        group by 1, 2, 3
    )
    insert into figure_medians (size, period, indicator, value, collectives)
    select size, period, indicator, coalesce(c.values[(a.number + 1) / 2 - (a.number - c.number)], 0), a.number
    from counting a cross join unnest(cast(:codes as text[])) as i (indicator) left join counted c using (size, period, indicator)
    """
)
ADDED_UP = tuple(code for code, each in CATALOGUE.items() if each.kept != "state")


def fold_medians(session: Session, since: str) -> None:
    """Work out the medians of all periods from this year on."""
    session.execute(sa.text("select pg_advisory_xact_lock(hashtext('medians'))"))
    session.execute(sa.delete(FigureMedian))
    small, middle, large = SIZES
    session.execute(MEDIANS, {"small": small, "middle": middle, "large": large, "since": since, "enough": ENOUGH, "codes": list(ADDED_UP)})
