"""How the training room counts. A session counts in the month of its day; a course and its people in that of its first session."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import select

from app.db import db
from app.training.completion import standings
from app.training.models import Course, SessionState, TrainingSession
from app.training.participants import Participant
from app.training.plans import CoursePlan
from app.training.presence import THERE, Attendance
from app.training.volunteers import became_active, completed_between
from tenants import ledger
from tenants.models import Collective
from tenants.scope import here


def _count(query: sa.Select[int]) -> int:
    return db.session.scalar(query) or 0


@ledger.counts
def count_sessions(start: date, end: date) -> dict[str, int]:
    """Sessions planned and held, and who was there of those expected."""
    within = (TrainingSession.day >= start, TrainingSession.day < end)
    count = select(sa.func.count()).select_from(TrainingSession).where(*within)
    held = select(TrainingSession.id).where(*within, TrainingSession.state == SessionState.held)
    noted = select(sa.func.count()).select_from(Attendance).where(Attendance.session_id.in_(held))
    return {
        "sessions_planned": _count(count.where(TrainingSession.state != SessionState.cancelled)),
        "sessions_held": _count(count.where(TrainingSession.state == SessionState.held)),
        "presences": _count(noted.where(Attendance.state.in_(THERE))),
        "presences_expected": _count(noted),
    }


@ledger.counts
def count_courses(start: date, end: date) -> dict[str, int]:
    """Courses by their first session, and their people; completions and certificates by their day."""
    first = select(TrainingSession.course_id).where(TrainingSession.position == 1, TrainingSession.day >= start, TrainingSession.day < end)
    begun = db.session.scalars(select(Course).where(Course.id.in_(first))).all()
    people = [standings(course, db.session.get_one(CoursePlan, course.plan_id).needed) for course in begun]
    # The local date decides the month, as it does where the month is marked.
    completed = sa.func.date(sa.func.timezone(db.session.get_one(Collective, here()).time_zone, Course.completed_at))
    certified = select(sa.func.count()).select_from(Participant).where(Participant.certified_on >= start, Participant.certified_on < end)
    return {
        "courses_started": len(begun),
        "participants": sum(len(each) for each in people),
        "completions": sum(standing.is_done for each in people for standing in each.values()),
        "courses_completed": _count(select(sa.func.count()).select_from(Course).where(completed >= start, completed < end)),
        "certificates": _count(certified),
    }


@ledger.counts
def count_volunteers(start: date, end: date) -> dict[str, int]:
    """Volunteers by the day on which they completed, and those of them who went on a closed round within three months of it."""
    completed = completed_between(start, end)
    return {"volunteers_trained": len(completed), "volunteers_trained_active": became_active(completed)}
