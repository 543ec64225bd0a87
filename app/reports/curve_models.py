"""Drawn curves, and the medians of similar collectives that stand beside one's own."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Instant, Model
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


MEDIANS = sa.text(
    """
    insert into figure_medians (size, period, indicator, value, collectives)
    select (c.population >= :small)::int + (c.population >= :middle)::int + (c.population >= :large)::int as size, f.period, f.indicator,
           percentile_disc(0.5) within group (order by f.value), count(*)
    from figures f join collectives c on c.id = f.collective_id
    where f.period <> 'ever' and f.period >= :since
    group by 1, 2, 3 having count(*) >= :enough
    """
)


def fold_medians(session: Session, since: str) -> None:
    """Work out the medians of all periods from this year on."""
    session.execute(sa.text("select pg_advisory_xact_lock(hashtext('medians'))"))
    session.execute(sa.delete(FigureMedian))
    small, middle, large = SIZES
    session.execute(MEDIANS, {"small": small, "middle": middle, "large": large, "since": since, "enough": ENOUGH})
