"""How street walks, visits, rides and projects are counted."""

from collections import Counter
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Select, select

from app.db import db
from app.outreach.models import Round
from app.outreach.projects import ProjectState, latest_steps
from app.outreach.rides import Ride, driven_in_all
from app.outreach.street import StreetMeeting, crossed_in
from app.outreach.visits import CourtesyVisit, VisitOutcome
from tenants import ledger


def _rounds(start: date, end: date) -> Select[object]:
    return select(Round.id).where(Round.day >= start, Round.day < end)


@ledger.counts
def count_street(start: date, end: date) -> dict[str, int]:
    """People met in the street, exchanges included, and those one talked with."""
    crossed = crossed_in(StreetMeeting.round_id.in_(_rounds(start, end)))
    return {"street_met": crossed.met, "street_talked": crossed.talked}


@ledger.counts
def count_visits(start: date, end: date) -> dict[str, int]:
    """Visits where someone was there and opened: the others are in the round, not in the figure."""
    paid = CourtesyVisit.how.in_((VisitOutcome.good, VisitOutcome.short))
    query = select(sa.func.count()).select_from(CourtesyVisit).where(CourtesyVisit.round_id.in_(_rounds(start, end)), paid)
    return {"visits": db.session.scalar(query) or 0}


@ledger.counts
def count_rides(start: date, end: date) -> dict[str, int]:
    """Rides, kilometres there and back, and people carried."""
    query = select(sa.func.count(), driven_in_all(), sa.func.coalesce(sa.func.sum(Ride.carried), 0))
    rides, kilometres, carried = db.session.execute(query.where(Ride.round_id.in_(_rounds(start, end)))).one()
    return {"rides": rides, "kilometres": int(kilometres), "people_carried": int(carried)}


@ledger.counts
def count_projects(start: date, end: date) -> dict[str, int]:
    """Projects supported, by how far they were at their latest step of the period."""
    states = Counter(str(state) for _project, state in db.session.execute(latest_steps(start, end)))
    return {f"projects_{state.value}": states[state.value] for state in ProjectState}
