"""How bonds and silences are counted."""

from typing import Any

from sqlalchemy import Select, func

from app.followup.bonds import HeartBond
from app.followup.gathering_figures import TODAY
from app.followup.silence import WATCHED
from app.people.models import Person
from tenants import ledger
from tenants.counting import PeriodCounter, at_present, by_period, within

LONG = 60


@ledger.counts
@PeriodCounter
def count_bonds() -> tuple[Select[Any], ...]:
    """Bonds that began in the period, and those that stand now, whatever the month."""
    return (
        by_period(func.count().label("heart_bonds_begun")).join(HeartBond, within(HeartBond.began_on)),
        at_present(func.count().label("heart_bonds_now")).select_from(HeartBond).where(HeartBond.ended_on.is_(None)),
    )


@ledger.counts
@PeriodCounter
def count_silent() -> Select[Any]:
    """People whom nobody has seen for more than sixty days, whatever the month."""
    seen = func.coalesce(Person.last_seen_on, Person.found_on)
    return at_present(func.count(Person.id).label("people_silent")).where(Person.stage.in_(WATCHED), seen < TODAY - LONG)
