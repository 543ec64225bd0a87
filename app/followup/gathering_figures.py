"""How permanences, support permanences and activities are counted, each in the month of its day."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, func, select

from app.followup.activities import Activity, Carrier
from app.followup.attendance import TABLES
from app.followup.drop_ins import DropIn
from app.followup.gatherings import GatheringState
from app.followup.support import SupportMeeting
from tenants import ledger
from tenants.counting import PERIODS, PeriodCounter, by_period, within
from tenants.models import Collective
from tenants.scope import PRESENT

TODAY = sa.cast(func.timezone(select(Collective.time_zone).where(Collective.id == PRESENT).scalar_subquery(), func.now()), sa.Date)


def _held(kind: Any, *columns: Any) -> Select[Any]:
    return by_period(*columns).join(kind, within(kind.day)).where(kind.state == GatheringState.held)


def _came(kind: Any, known: str, others: str) -> tuple[Select[Any], ...]:
    visit, tally, key = TABLES[kind.noun]
    return (
        _held(kind, func.count().label(known)).join(visit, getattr(visit, key) == kind.id),
        _held(kind, func.sum(tally.number).label(others)).join(tally, sa.and_(getattr(tally, key) == kind.id, tally.undone_at.is_(None))),
    )


@ledger.counts
@PeriodCounter
def count_drop_ins() -> tuple[Select[Any], ...]:
    """Permanences laid out and held, and who came to those held."""
    return (
        # A permanence that is still to come has not been missed.
        by_period(func.count().label("drop_ins_planned")).join(DropIn, sa.and_(within(DropIn.day), DropIn.day <= TODAY)),
        _held(DropIn, func.count().label("drop_ins_held")),
        *_came(DropIn, "drop_in_known", "drop_in_anonymous"),
    )


@ledger.counts
@PeriodCounter
def count_activities() -> tuple[Select[Any], ...]:
    """Activities held, who took part, and how many of them someone who is accompanied carried."""
    return (
        _held(Activity, func.count().label("activities")),
        *_came(Activity, "activity_known", "activity_others"),
        _held(Activity, func.count(sa.distinct(Carrier.activity_id)).label("activities_carried")).join(Carrier, Carrier.activity_id == Activity.id),
    )


@ledger.counts_once
@PeriodCounter
def count_carriers() -> Select[Any]:
    """People who carried an activity that was held, each once."""
    people = func.count(sa.distinct(Carrier.person_id))
    return _held(Activity, people.label("activity_carriers")).join(Carrier, Carrier.activity_id == Activity.id)


@ledger.counts
@PeriodCounter
def count_support() -> tuple[Select[Any], ...]:
    """One meeting with the network is due in each month since the collective was founded, until it ended; it was held once there is a note."""
    held = (
        select(SupportMeeting.id)
        .where(SupportMeeting.publisher_id == PRESENT, SupportMeeting.mood.is_not(None))
        .where(SupportMeeting.month == func.to_char(PERIODS.c.first, "YYYY-MM"))
        .correlate(PERIODS)
        .exists()
    )
    until = sa.func.coalesce(Collective.ended_on, TODAY)
    due = sa.or_(held, sa.and_(Collective.founded_on < PERIODS.c.after, PERIODS.c.first <= until))
    return (
        select(PERIODS.c.period, sa.cast(due, sa.Integer).label("support_due"), sa.cast(held, sa.Integer).label("support_held"))
        .select_from(PERIODS)
        .join(Collective, Collective.id == PRESENT),
    )
