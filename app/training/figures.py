"""How the training room counts. A session counts in the month of its day; a course and its people in that of its first session."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from app.db import db
from app.training.completion import standings
from app.training.models import Course, SessionState, TrainingSession
from app.training.participants import Participant
from app.training.plans import CoursePlan
from app.training.presence import THERE, Attendance
from app.training.volunteers import became_active, completed_between
from tenants import ledger
from tenants.counting import PeriodCounter, by_period, where_there_is, within
from tenants.models import Collective
from tenants.scope import PRESENT


@ledger.counts
@PeriodCounter
def count_sessions() -> tuple[Select[Any], ...]:
    """Sessions planned and held, and who was there of those expected."""
    held = TrainingSession.state == SessionState.held
    planned = func.count().filter(TrainingSession.state != SessionState.cancelled)
    sessions = by_period(planned.label("sessions_planned"), func.count().filter(held).label("sessions_held"))
    there = func.count().filter(Attendance.state.in_(THERE))
    presences = by_period(there.label("presences"), func.count().label("presences_expected"))
    of_session = Attendance.session_id == TrainingSession.id
    return (
        sessions.join(TrainingSession, within(TrainingSession.day)),
        presences.join(TrainingSession, within(TrainingSession.day)).join(Attendance, of_session).where(held),
    )


@ledger.counts
@PeriodCounter
def count_endings() -> tuple[Select[Any], ...]:
    """Courses completed and certificates, by their day."""
    # The local date decides the month, as it does where the month is marked.
    zone = select(Collective.time_zone).where(Collective.id == PRESENT).scalar_subquery()
    completed = func.date(func.timezone(zone, Course.completed_at))
    return (
        by_period(func.count().label("courses_completed")).join(Course, within(completed)),
        by_period(func.count().label("certificates")).join(Participant, within(Participant.certified_on)),
    )


@ledger.counts
@where_there_is(Course)
def count_courses(start: date, end: date) -> dict[str, int]:
    """Courses by their first session, and their people."""
    first = select(TrainingSession.course_id).where(TrainingSession.position == 1, TrainingSession.day >= start, TrainingSession.day < end)
    begun = db.session.scalars(select(Course).where(Course.id.in_(first))).all()
    people = [standings(course, db.session.get_one(CoursePlan, course.plan_id).needed) for course in begun]
    return {
        "courses_started": len(begun),
        "participants": sum(len(each) for each in people),
        "completions": sum(standing.is_done for each in people for standing in each.values()),
    }


@ledger.counts
@where_there_is(Course)
def count_volunteers(start: date, end: date) -> dict[str, int]:
    """Volunteers by the day on which they completed, and those of them who went on a closed round within three months of it."""
    completed = completed_between(start, end)
    return {"volunteers_trained": len(completed), "volunteers_trained_active": became_active(completed)}
