"""What waits in this room: a sheet that nobody ticked, and a course that ended without its trainer's report."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.db import db
from app.languages import written_date
from app.people.tasks import Desk, Said, Task, Wanted, asks
from app.training.catch_up import under_way
from app.training.models import Course, SessionState, TrainingSession
from app.training.questionnaire import last_day
from app.training.reports import CourseReport

# A report is asked for while the course is fresh, and not for ever.
REPORTED_WITHIN = timedelta(days=60)


def say_unticked(task: Task, _name: str) -> Said:
    """Which session, and where it is ticked."""
    session = db.session.get_one(TrainingSession, (task.collective_id, task.subject_id))
    course = db.session.get_one(Course, (task.collective_id, session.course_id))
    return Said(
        _("Noter les présences de la séance %(number)d", number=session.position),
        _("%(place)s, %(day)s. Sans elles, personne ne sait qui ira au bout.", place=course.place, day=written_date(session.day, "EEEE d MMMM")),
        url_for("workspace.training.edit_presence", session_id=session.id),
        _("Noter les présences"),
    )


@asks("unticked", say_unticked, "book", of_people=False)
def unticked(today: date, _person_id: UUID | None) -> Iterator[Wanted]:
    """Sessions of courses under way whose day is over and at which nothing was noted."""
    courses = under_way().with_only_columns(Course.id).order_by(None)
    past = select(TrainingSession).where(
        TrainingSession.course_id.in_(courses), TrainingSession.state == SessionState.planned, TrainingSession.day < today
    )
    for session in db.session.scalars(past):
        yield Wanted(session.id, session.day, desk=Desk.training)


def say_unreported(task: Task, _name: str) -> Said:
    """Which course, and where the report is written."""
    course = db.session.get_one(Course, (task.collective_id, task.subject_id))
    return Said(
        _("Écrire le bilan du parcours"),
        _("%(place)s : ce qui a bien marché, ce qui a été difficile, un conseil pour le prochain.", place=course.place),
        url_for("workspace.training.edit_report", course_id=course.id),
        _("Écrire le bilan"),
    )


@asks("unreported", say_unreported, "pencil", of_people=False)
def unreported(today: date, _person_id: UUID | None) -> Iterator[Wanted]:
    """Courses that were declared over and have no report yet."""
    told = select(CourseReport.course_id)
    for course in db.session.scalars(select(Course).where(Course.completed_at.is_not(None), Course.id.not_in(told))):
        last = last_day(course.id)
        if today - last <= REPORTED_WITHIN:
            yield Wanted(course.id, last, desk=Desk.training)
