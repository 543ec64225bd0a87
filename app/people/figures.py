"""How people are counted: each once per period, by the standing steps of their path."""

from collections import Counter
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from app.db import db
from app.people.circles import CIRCLES, ContactCircles
from app.people.home_meetings import HomeMeeting, MeetingState, local_day
from app.people.models import ClosingReason, Person, Stage
from app.people.path import PathStep
from tenants import ledger
from tenants.models import Collective
from tenants.scope import here

STAGES = {
    Stage.spotted: "people_noticed",
    Stage.met: "people_met",
    Stage.accompanied: "people_accompanied",
    Stage.engaged: "people_engaged",
    Stage.autonomous: "people_autonomous",
}
# Upper ends, in days, of the classes from noticing to meeting; a median is read from them (`median_days`).
DAYS = (7, 14, 30, 60)


@ledger.counts_once
def count_stages(start: date, end: date) -> dict[str, int]:
    """People who reached each stage in the period, and those whose path was closed, by reason."""
    of_period = (PathStep.on >= start, PathStep.on < end, PathStep.taken_back_at.is_(None))
    people = sa.func.count(sa.distinct(PathStep.person_id))
    reached = {
        Stage(stage): number for stage, number in db.session.execute(select(PathStep.stage, people).where(*of_period).group_by(PathStep.stage))
    }
    closed = dict(
        db.session.execute(
            select(PathStep.closed_because, people).where(*of_period, PathStep.stage == Stage.closed).group_by(PathStep.closed_because)
        ).all()
    )
    counted = {code: reached.get(stage, 0) for stage, code in STAGES.items()}
    return counted | {f"people_closed_{reason.value}": closed.get(reason, 0) for reason in ClosingReason}


@ledger.counts_once
def count_days(start: date, end: date) -> dict[str, int]:
    """People first met in the period, by the days since they were noticed."""
    joined = sa.and_(Person.collective_id == PathStep.collective_id, Person.id == PathStep.person_id)
    first = (
        select(PathStep.person_id, sa.func.min(PathStep.on).label("on"), sa.func.min(Person.found_on).label("found"))
        .join(Person, joined)
        .where(PathStep.stage == Stage.met, PathStep.taken_back_at.is_(None))
        .group_by(PathStep.person_id)
        .subquery()
    )
    rows = db.session.execute(select(first.c.on - first.c.found).where(first.c.on >= start, first.c.on < end)).scalars()
    classes = Counter(next((f"met_within_{most}" for most in DAYS if days <= most), "met_later") for days in rows)
    return {code: classes[code] for code in (*(f"met_within_{most}" for most in DAYS), "met_later")}


@ledger.counts_once
def count_circles(start: date, end: date) -> dict[str, int]:
    """People measured again in the period, and those whose circles are wider than at their entry. Whoever was measured once is not compared."""
    measures: dict[object, list[ContactCircles]] = {}
    for each in db.session.scalars(select(ContactCircles).where(ContactCircles.on < end).order_by(ContactCircles.on)):
        measures.setdefault(each.person_id, []).append(each)
    again = [some for some in measures.values() if len(some) > 1 and some[-1].on >= start]
    return {"circles_again": len(again), "circles_wider": sum(_width(some[0], some[-1]) for some in again)}


def _width(before: ContactCircles, after: ContactCircles) -> bool:
    # Only circles that were spoken of both times are compared.
    known = [each for each in CIRCLES if getattr(before, each) is not None and getattr(after, each) is not None]
    return sum(getattr(after, each) for each in known) > sum(getattr(before, each) for each in known)


@ledger.counts
def count_meetings(start: date, end: date) -> dict[str, int]:
    """Meetings at home that took place on a local date of the period."""
    zone = db.session.scalars(select(Collective.time_zone).where(Collective.id == here())).one()
    moments = db.session.scalars(select(HomeMeeting.starts_at).where(HomeMeeting.state == MeetingState.held))
    return {"home_meetings": sum(start <= local_day(moment, zone) < end for moment in moments)}


@ledger.counts
def count_present(start: date, end: date) -> dict[str, int]:
    """People accompanied or engaged now, whatever the month."""
    query = select(sa.func.count()).select_from(Person).where(Person.stage.in_((Stage.accompanied, Stage.engaged)))
    return {"people_now": db.session.scalar(query) or 0}


def median_days(values: dict[str, int]) -> int | None:
    """The upper end of the class in which half of the people had been met; None if nobody was, 0 days if it lies beyond the last class."""
    total = sum(values.get(code, 0) for code in (*(f"met_within_{most}" for most in DAYS), "met_later"))
    reached = 0
    for most in DAYS:
        reached += values.get(f"met_within_{most}", 0)
        if total and reached * 2 >= total:
            return most
    return None if not total else 0
