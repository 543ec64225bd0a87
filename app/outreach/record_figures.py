"""How street walks, visits, rides and projects are counted."""

from typing import Any

from sqlalchemy import Select, func, select

from app.outreach.models import Round
from app.outreach.projects import ProjectState, ProjectStep
from app.outreach.rides import Ride, driven_in_all
from app.outreach.street import Meeting, StreetMeeting
from app.outreach.visits import CourtesyVisit, VisitOutcome
from tenants import ledger
from tenants.counting import PERIODS, PeriodCounter, by_period, within


@ledger.counts
@PeriodCounter
def count_street() -> Select[Any]:
    """People met in the street, exchanges included, and those one talked with."""
    met = func.sum(StreetMeeting.number)
    talked = func.coalesce(met.filter(StreetMeeting.what == Meeting.talked), 0)
    counted = by_period(met.label("street_met"), talked.label("street_talked"))
    return counted.join(Round, within(Round.day)).join(StreetMeeting, StreetMeeting.round_id == Round.id).where(StreetMeeting.undone_at.is_(None))


@ledger.counts
@PeriodCounter
def count_visits() -> Select[Any]:
    """Visits where someone was there and opened: the others are in the round, not in the figure."""
    paid = CourtesyVisit.how.in_((VisitOutcome.good, VisitOutcome.short))
    visits = by_period(func.count().label("visits"))
    return visits.join(Round, within(Round.day)).join(CourtesyVisit, CourtesyVisit.round_id == Round.id).where(paid)


@ledger.counts
@PeriodCounter
def count_rides() -> Select[Any]:
    """Rides, kilometres there and back, and people carried."""
    counted = by_period(func.count().label("rides"), driven_in_all().label("kilometres"), func.sum(Ride.carried).label("people_carried"))
    return counted.join(Round, within(Round.day)).join(Ride, Ride.round_id == Round.id)


@ledger.counts
@PeriodCounter
def count_projects() -> Select[Any]:
    """Projects supported, by how far they were at their latest step of the period; a step's date is its round's."""
    latest = (
        select(PERIODS.c.period, ProjectStep.state)
        .select_from(PERIODS)
        .distinct(PERIODS.c.period, ProjectStep.project_id)
        .join(Round, within(Round.day))
        .join(ProjectStep, ProjectStep.round_id == Round.id)
        .order_by(PERIODS.c.period, ProjectStep.project_id, Round.day.desc(), ProjectStep.at.desc(), ProjectStep.id.desc())
        .subquery()
    )
    counted = (func.count().filter(latest.c.state == state).label(f"projects_{state.value}") for state in ProjectState)
    return select(latest.c.period, *counted).group_by(latest.c.period)
