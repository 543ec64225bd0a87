"""The second level of the figures: sums by department and for the whole network, folded as the network's role."""

import sqlalchemy as sa

from app.db import db, now

# A fold may have read before a recount's commit although it is dated after it: a minute of overlap makes it come again.
# Counts and folds are dated by one clock, that of the program: the database's may be some minutes beside it.
STALE = sa.text(
    """
    select distinct f.period from figures f
    left join (select period, max(folded_at) as folded_at from figure_sums group by period) s on s.period = f.period
    where f.counted_at > cast(:now as timestamptz) - interval '2 days'
      and (s.folded_at is null or f.counted_at > s.folded_at - interval '1 minute')
    """
)
EVERY = sa.text("select distinct period from figures")
# One folder at a time for a period; the second waits and then finds it done.
LOCK = sa.text("select pg_advisory_xact_lock(hashtext('fold:' || :period))")
CLEAR = sa.text("delete from figure_sums where period = :period")
BY_DEPARTMENT = sa.text(
    """
    insert into figure_sums (area, period, indicator, value, collectives, folded_at)
    select 'D' || c.department, f.period, f.indicator, sum(f.value), count(*), cast(:now as timestamptz)
    from figures f join collectives c on c.id = f.collective_id
    where f.period = :period and f.indicator <> all(:states)
    group by c.department, f.period, f.indicator
    """
)
WHOLE = sa.text(
    """
    insert into figure_sums (area, period, indicator, value, collectives, folded_at)
    select 'FR', period, indicator, sum(value), sum(collectives), cast(:now as timestamptz) from figure_sums
    where period = :period and area <> 'FR' group by period, indicator
    """
)


def fold_stale(everything: bool = False) -> list[str]:
    """Fold again the periods whose figures changed since, or all of them. Returns the periods, in order."""
    from tenants.indicators import CATALOGUE

    states = [code for code, indicator in CATALOGUE.items() if indicator.kept == "state"]
    engine = db.engines["network"]
    with engine.begin() as network:
        periods = sorted(network.scalars(EVERY) if everything else network.scalars(STALE, {"now": now()}))
    for period in periods:
        moment = now()
        with engine.begin() as network:
            network.execute(LOCK, {"period": period})
            network.execute(CLEAR, {"period": period})
            network.execute(BY_DEPARTMENT, {"period": period, "states": states, "now": moment})
            network.execute(WHOLE, {"period": period, "now": moment})
    return periods
