"""What follows whenever a course changes: agendas, figures, what waits, and the questionnaire after the last session."""

from app.db import db
from app.people.tasks import settle_kind
from app.training.agenda import write_agenda
from app.training.completion import standings
from app.training.models import Course, sessions_of_course
from app.training.plans import CoursePlan
from app.training.questionnaire import is_over, open_questions
from tenants import ledger


def mark_course(course: Course) -> None:
    """The month of a course, which counts its people, is that of its first session."""
    first = db.session.scalars(sessions_of_course(course.id).limit(1)).first()
    if first is not None:
        ledger.mark(first.day)


def refresh(course: Course) -> None:
    """After something changed: agendas with the number of those who can no longer complete, figures, what waits, the questionnaire."""
    db.session.flush()
    sessions = list(db.session.scalars(sessions_of_course(course.id)))
    needed = db.session.get_one(CoursePlan, course.plan_id).needed
    lost = sum(each.is_out_of_reach for each in standings(course, needed, sessions).values())
    write_agenda(course, lost)
    mark_course(course)
    settle_kind("unticked")
    if is_over(sessions):
        # Its link is mailed the next morning: the last session begins with the first presence that is noted, and is not over then.
        open_questions(course)
