"""Closing a questionnaire: its sums are written down for each trainer of the course, who may read them from outside."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import select

from app.db import db, now
from app.training.agenda import trainers_of
from app.training.completion import standings
from app.training.models import Course, SessionState, TrainingSession, sessions_of_course
from app.training.plans import CoursePlan
from app.training.presence import THERE, Attendance
from app.training.questionnaire import FEWEST, LASTS, CourseResult, answers_of, last_day, tallied
from tenants import journal


def close_questions(course: Course) -> bool:
    """Close an open questionnaire, for good. Returns whether it was open."""
    if course.questions_opened_at is None or course.questions_closed_at is not None:
        return False
    # Whoever is giving an answer now gives it before or not at all: what is summed up does not change afterwards.
    db.session.execute(select(Course.id).where(Course.id == course.id).with_for_update())
    course.questions_closed_at = now()
    answers = db.session.scalars(answers_of(course.id)).all()
    numbers = numbers_of(course) | {
        "place": course.place,
        "day": last_day(course.id),
        "answers": len(answers),
        "scores": tallied(answers) if len(answers) >= FEWEST else {},
    }
    for trainer in db.session.scalars(trainers_of(course.id)):
        db.session.add(CourseResult(user_id=trainer.user_id, course_id=course.id, **numbers))
    journal.note("closed the questionnaire", "course", course.id)
    return True


def numbers_of(course: Course, sessions: Sequence[TrainingSession] | None = None) -> dict[str, int]:
    """How many were enrolled, how many completed, and how many were there of those expected at the sessions held."""
    sessions = sessions if sessions is not None else db.session.scalars(sessions_of_course(course.id)).all()
    held = [each.id for each in sessions if each.state == SessionState.held]
    group = standings(course, db.session.get_one(CoursePlan, course.plan_id).needed, list(sessions))
    noted = select(sa.func.count()).select_from(Attendance).where(Attendance.session_id.in_(held))
    return {
        "enrolled": len(group),
        "completed": sum(each.is_done for each in group.values()),
        "presences": db.session.scalar(noted.where(Attendance.state.in_(THERE))) or 0,
        "expected": db.session.scalar(noted) or 0,
    }


def overdue() -> sa.Select[Course]:
    """Courses whose questionnaire has been open for thirty days."""
    return select(Course).where(Course.questions_opened_at <= now() - LASTS, Course.questions_closed_at.is_(None))
