"""Mails of the training course: a session that changes, a place in it, a reminder."""

from datetime import timedelta
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.db import db, now
from app.training.accompanied import lost
from app.training.agenda import trainers_of
from app.training.models import Course, SessionState, TrainingSession, sessions_of_course
from app.training.participants import Participant, enrolled
from app.training.plans import SessionPlan
from tenants.models import Collective, Membership
from tenants.months import today_in
from tenants.scope import here
from workers.accounts import send
from workers.queue import job

REMINDED_BEFORE = timedelta(days=3)


def tell_participants(participants: list[Participant], subject: str, template: str, **values: object) -> None:
    """Mail those who have an address."""
    silent = set(db.session.scalars(lost()))
    # Each gets a mail of their own: nobody learns who else is in the course.
    for each in participants:
        if each.mail and each.id not in silent:
            send(each.mail, subject, template, name=each.name, **values)


def _about(session: TrainingSession) -> dict[str, object]:
    course = db.session.get_one(Course, (here(), session.course_id))
    outline = db.session.get_one(SessionPlan, (course.plan_id, session.position))
    return {"session": session, "course": course, "title": outline.title, "collective": db.session.get_one(Collective, here())}


@job
def send_session_notice(session_id: str) -> None:
    """Tell participants and trainers that a session was moved or cancelled."""
    session = db.session.get_one(TrainingSession, (here(), UUID(session_id)))
    cancelled = session.state == SessionState.cancelled
    about = _about(session)
    with force_locale("fr"):
        subject = (
            _("La séance %(number)d est annulée", number=session.position)
            if cancelled
            else _("La séance %(number)d change de date", number=session.position)
        )
        tell_participants(list(db.session.scalars(enrolled(session.course_id))), subject, "session_notice", cancelled=cancelled, **about)
    for member in db.session.scalars(trainers_of(session.course_id).where(Membership.left_at.is_(None))):
        user = db.session.get_one(User, member.user_id)
        with force_locale(user.language.value):
            subject = (
                _("La séance %(number)d est annulée", number=session.position)
                if cancelled
                else _("La séance %(number)d change de date", number=session.position)
            )
            send(user.email, subject, "session_notice", name=user.name, cancelled=cancelled, **about)


@job
def send_place(participant_id: str) -> None:
    """Tell someone who waited that there is a place now."""
    participant = db.session.get_one(Participant, (here(), UUID(participant_id)))
    first = db.session.scalars(sessions_of_course(participant.course_id).where(TrainingSession.state == SessionState.planned).limit(1)).first()
    if participant.waiting or participant.left_at or first is None:
        return
    with force_locale("fr"):
        tell_participants([participant], _("Une place s’est libérée pour vous"), "place", **_about(first))


@job
def remind_sessions() -> None:
    """Three days before a session, remind those who have a mail address; once for each session."""
    today = today_in(db.session.get_one(Collective, here()).time_zone)
    soon = select(TrainingSession).where(
        TrainingSession.day > today,
        TrainingSession.day <= today + REMINDED_BEFORE,
        TrainingSession.state == SessionState.planned,
        TrainingSession.reminded_at.is_(None),
    )
    for session in db.session.scalars(soon).all():
        with force_locale("fr"):
            about = _about(session)
            tell_participants(
                list(db.session.scalars(enrolled(session.course_id))),
                _("Séance %(number)d bientôt", number=session.position),
                "session_reminder",
                **about,
            )
        session.reminded_at = now()
