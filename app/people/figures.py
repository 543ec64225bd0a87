"""How people are counted: each once per period, by the standing steps of their path."""

from datetime import date
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, func, select

from app.db import db
from app.people.circles import CIRCLES, ContactCircles
from app.people.home_meetings import HomeMeeting, MeetingState
from app.people.models import ClosingReason, Person, Stage
from app.people.path import PathStep
from tenants import ledger
from tenants.counting import PeriodCounter, at_present, by_period, where_there_is, within
from tenants.models import Collective
from tenants.scope import PRESENT

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
@PeriodCounter
def count_stages() -> Select[Any]:
    """People who reached each stage in the period, and those whose path was closed, by reason."""
    people = func.count(sa.distinct(PathStep.person_id))
    reached = [people.filter(PathStep.stage == stage).label(code) for stage, code in STAGES.items()]
    closed = [
        people.filter(PathStep.stage == Stage.closed, PathStep.closed_because == reason).label(f"people_closed_{reason.value}")
        for reason in ClosingReason
    ]
    return by_period(*reached, *closed).join(PathStep, within(PathStep.on)).where(PathStep.taken_back_at.is_(None))


@ledger.counts_once
@PeriodCounter
def count_days() -> Select[Any]:
    """People first met in the period, by the days since they were noticed."""
    joined = sa.and_(Person.collective_id == PathStep.collective_id, Person.id == PathStep.person_id)
    first = (
        select(func.min(PathStep.on).label("on"), (func.min(PathStep.on) - func.min(Person.found_on)).label("days"))
        .select_from(PathStep)
        .join(Person, joined)
        .where(PathStep.stage == Stage.met, PathStep.taken_back_at.is_(None))
        .group_by(PathStep.person_id)
        .subquery()
    )
    met, days = func.count(), first.c.days
    classes = [met.filter(days <= DAYS[0]).label(f"met_within_{DAYS[0]}")]
    classes += [met.filter(days > least, days <= most).label(f"met_within_{most}") for least, most in pairwise(DAYS)]
    return by_period(*classes, met.filter(days > DAYS[-1]).label("met_later")).join(first, within(first.c.on))


@ledger.counts_once
@where_there_is(ContactCircles)
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
@PeriodCounter
def count_meetings() -> Select[Any]:
    """Meetings at home that took place on a local date of the period."""
    zone = select(Collective.time_zone).where(Collective.id == PRESENT).scalar_subquery()
    held = within(sa.cast(func.timezone(zone, HomeMeeting.starts_at), sa.Date))
    return by_period(func.count().label("home_meetings")).join(HomeMeeting, held).where(HomeMeeting.state == MeetingState.held)


@ledger.counts
@PeriodCounter
def count_present() -> Select[Any]:
    """People accompanied or engaged now, whatever the month."""
    present = at_present(func.count().label("people_now")).select_from(Person)
    return present.where(Person.stage.in_((Stage.accompanied, Stage.engaged)))


def median_days(values: dict[str, int]) -> int | None:
    """The upper end of the class in which half of the people had been met; None if nobody was, 0 days if it lies beyond the last class."""
    total = sum(values.get(code, 0) for code in (*(f"met_within_{most}" for most in DAYS), "met_later"))
    reached = 0
    for most in DAYS:
        reached += values.get(f"met_within_{most}", 0)
        if total and reached * 2 >= total:
            return most
    return None if not total else 0
