"""Someone whom the collective accompanies and who takes part in a course. Kept apart from the participant, and read from their file alone.

A trainer reads participants and never this table: in the course nothing tells who is accompanied.
"""

from uuid import UUID

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped

from app.db import Model, db
from app.languages import written_date
from app.people.erasure import erases
from app.people.file import File
from app.people.story import Event, Offer, Section, offers, prints, tells
from app.training.forms import PRESENCE_NAMES
from app.training.models import Course, SessionState, TrainingSession, sessions_of_course
from app.training.participants import Participant
from app.training.plans import SessionPlan, sessions_of
from app.training.presence import THERE, Attendance
from tenants.access import allowed
from tenants.documents import Document
from tenants.rows import Tenanted, key_to


class PersonEnrolment(Tenanted, Model):
    """Which participant is which person."""

    __tablename__ = "person_enrolments"
    __table_args__ = (
        key_to("persons", "person_id"),
        key_to("participants", "participant_id"),
        sa.UniqueConstraint("collective_id", "participant_id"),
        sa.Index("ix_person_enrolments_collective_id_person_id", "collective_id", "person_id"),
    )

    person_id: Mapped[UUID]
    participant_id: Mapped[UUID]


def places_of(person_id: UUID) -> Select[Participant]:
    """The places a person has or had in courses, the first one first."""
    own = select(PersonEnrolment.participant_id).where(PersonEnrolment.person_id == person_id)
    return select(Participant).where(Participant.id.in_(own)).order_by(Participant.enrolled_at, Participant.id)


@erases
def forget_in_courses(person_id: UUID) -> None:
    """The name in a course goes too, and the papers that carry it; the place goes on counting."""
    places = db.session.scalars(places_of(person_id)).all()
    courses = {each.course_id for each in places}
    sessions = select(TrainingSession.id).where(TrainingSession.course_id.in_(courses))
    papers = sa.or_(Document.about_id.in_(courses), Document.about_id.in_(sessions), Document.about_id.in_({each.id for each in places}))
    db.session.execute(sa.delete(Document).where(papers).execution_options(synchronize_session=False))
    for each in places:
        each.name = each.contact = None


def _evenings(person_id: UUID) -> list[tuple[TrainingSession, SessionPlan, Attendance]]:
    """The sessions at which something was noted of a person, with what they were about; the first one first."""
    own = select(PersonEnrolment.participant_id).where(PersonEnrolment.person_id == person_id)
    joined = (Attendance.session_id == TrainingSession.id) & (Attendance.collective_id == TrainingSession.collective_id)
    within = (Course.id == TrainingSession.course_id) & (Course.collective_id == TrainingSession.collective_id)
    about = (SessionPlan.plan_id == Course.plan_id) & (SessionPlan.position == TrainingSession.position)
    query = select(TrainingSession, SessionPlan, Attendance).join(Attendance, joined).join(Course, within).join(SessionPlan, about)
    query = query.where(Attendance.participant_id.in_(own), TrainingSession.state == SessionState.held)
    return [tuple(row) for row in db.session.execute(query.order_by(TrainingSession.day, TrainingSession.position))]  # type: ignore[misc]  # a row of three


def _language() -> str:
    from flask_babel import get_locale

    return str(get_locale().language)


@tells
def followed(file: File) -> list[Event]:
    """The sessions a person came to, and the next one."""
    language, places = _language(), db.session.scalars(places_of(file.person.id)).all()
    # Most people take part in no course: for them this is one query.
    if not places:
        return []
    events = [
        Event(session.day, _("Une séance du parcours"), outline.word("title", language))
        for session, outline, attendance in _evenings(file.person.id)
        if attendance.state in THERE
    ]
    for place in places:
        if place.left_at is not None or place.waiting:
            continue
        course = db.session.get_one(Course, (place.collective_id, place.course_id))
        following = db.session.scalars(sessions_of_course(course.id).where(TrainingSession.state == SessionState.planned).limit(1)).first()
        if following is not None and course.completed_at is None:
            outline = next(each for each in db.session.scalars(sessions_of(course.plan_id)) if each.position == following.position)
            events.append(Event(following.day, _("Une séance du parcours"), f"{outline.word('title', language)}, {course.place}", upcoming=True))
    return events


@prints
def followed_on_paper(file: File) -> list[Section]:
    """Places in courses, and each session at which something was noted."""
    language = _language()
    rows = []
    for place in db.session.scalars(places_of(file.person.id)).all():
        course = db.session.get_one(Course, (place.collective_id, place.course_id))
        rows.append((_("Inscription"), f"{place.name}, {course.place}, {written_date(place.enrolled_at.date(), 'd MMMM y')}"))
    rows += [
        (written_date(session.day, "d MMMM y"), f"{outline.word('title', language)}, {PRESENCE_NAMES[attendance.state]}")
        for session, outline, attendance in _evenings(file.person.id)
    ]
    return [Section(_("Le parcours de transmission"), rows)] if rows else []


@offers
def a_place_in_a_course(file: File) -> list[Offer]:
    """The coordination may enrol them."""
    if not allowed("steer a file"):
        return []
    return [Offer(url_for("workspace.training.new_person_enrolment", person_id=file.person.id), _("Inscrire à un parcours"), "book", aside=True)]
