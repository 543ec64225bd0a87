"""Papers and mails of the training course."""

import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.db import db, now
from app.languages import written_date
from app.training.agenda import trainers_of
from app.training.forms import PRESENCE_NAMES
from app.training.models import Course, SessionState, TrainingSession, sessions_of_course
from app.training.participants import Participant, by_name, enrolled
from app.training.plans import CoursePlan, SessionPlan
from app.training.presence import states_of
from app.training.presence_views import sheet_of
from tenants.documents import Document
from tenants.models import Collective
from tenants.months import today_in
from tenants.scope import here
from workers.accounts import address, send
from workers.queue import job

ROOT = Path(__file__).parents[1]
REMINDED_BEFORE = timedelta(days=3)


@cache
def _logo() -> str:
    return (ROOT / "app" / "static" / "logo.svg").read_text()


def typeset(template: str, data: dict[str, Any]) -> bytes:
    """A tagged, accessible PDF (PDF/UA-1). The fonts are those in the typst wheel: a worker has no others to count on."""
    import typst

    inputs = {"data": json.dumps({**data, "logo": _logo()})}
    papers = ROOT / "templates" / "papers"
    pdf = typst.compile(str(papers / template), root=str(papers), ignore_system_fonts=True, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
    return bytes(pdf)


def _language(user_id: UUID | None) -> str:
    user = db.session.get(User, user_id) if user_id else None
    return user.language.value if user else "fr"


@job
def make_paper(document_id: str) -> None:
    """Make a paper that someone asked for."""
    document = db.session.get(Document, (here(), UUID(document_id)))
    if document is None or document.ready_at is not None:
        return
    language = _language(document.asked_by)
    with force_locale(language):
        if document.kind == "certificates":
            document.fill(typeset("certificates.typ", certificates(document.about_id, language)))
        else:
            document.fill(typeset("attendance_sheet.typ", attendance_sheet(document.about_id, language, document.kind == "blank_sheet")))


def attendance_sheet(session_id: UUID, language: str, blank: bool) -> dict[str, Any]:
    """The words of an attendance sheet."""
    session = db.session.get_one(TrainingSession, (here(), session_id))
    course = db.session.get_one(Course, (here(), session.course_id))
    outline = db.session.get_one(SessionPlan, (course.plan_id, session.position))
    plan, collective = db.session.get_one(CoursePlan, course.plan_id), db.session.get_one(Collective, here())
    states = {} if blank else states_of(session.id)
    people_in = by_name(db.session.scalars(enrolled(course.id)).all()) if blank else sheet_of(session)
    rows = [{"name": each.name, "state": str(PRESENCE_NAMES[states[each.id]]) if each.id in states else ""} for each in people_in]
    return {
        "lang": language,
        "title": _("Feuille d’émargement, séance %(number)d : %(title)s", number=session.position, title=outline.word("title", language)),
        "collective": collective.name,
        "course": plan.word("title", language),
        "when": f"{written_date(session.day, 'EEEE d MMMM y')}, {session.begins:%H:%M}",
        "place": course.place,
        "columns": [_("n°"), _("prénom et nom"), _("noté"), _("signature")],
        # A few empty lines, for those who come along.
        "rows": rows + [{"name": "", "state": ""}] * 3,
        "trainers": [each.display_name for each in db.session.scalars(trainers_of(course.id))],
        "note": _("Cette feuille est gardée par le collectif. Elle ne dit pas qui est accompagné."),
        "foot": f"{collective.name} · Essaimage",
    }


def certificates(course_id: UUID, language: str) -> dict[str, Any]:
    """The words of all certificates of a course."""
    course = db.session.get_one(Course, (here(), course_id))
    plan, collective = db.session.get_one(CoursePlan, course.plan_id), db.session.get_one(Collective, here())
    certified = by_name([each for each in db.session.scalars(enrolled(course.id)) if each.certificate])
    return {
        "lang": language,
        "title": _("Attestations du parcours %(title)s", title=plan.word("title", language)),
        "word": _("Attestation"),
        "collective": collective.name,
        "course": plan.word("title", language),
        "before": _("Nous attestons que"),
        "people": [
            {
                "name": each.name,
                "code": each.certificate,
                "sentence": _("a suivi le parcours de transmission en huit séances"),
                "dated": _("%(place)s, le %(day)s", place=collective.name, day=written_date(each.certified_on, "d MMMM y")),
            }
            for each in certified
            if each.certified_on
        ],
        "signers": [each.display_name for each in db.session.scalars(trainers_of(course.id))],
        "check": _("À vérifier sur %(address)s avec le code", address=address("enrolment.new_check")),
        "foot": f"{collective.name} · Essaimage",
    }


def _tell(participants: list[Participant], subject: str, template: str, **values: object) -> None:
    # Each gets a mail of their own: nobody learns who else is in the course.
    for each in participants:
        if each.mail:
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
        _tell(list(db.session.scalars(enrolled(session.course_id))), subject, "session_notice", cancelled=cancelled, **about)
    for member in db.session.scalars(trainers_of(session.course_id)):
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
        _tell([participant], _("Une place s’est libérée pour vous"), "place", **_about(first))


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
            _tell(
                list(db.session.scalars(enrolled(session.course_id))),
                _("Séance %(number)d bientôt", number=session.position),
                "session_reminder",
                **about,
            )
        session.reminded_at = now()
