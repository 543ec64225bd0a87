"""Someone whom the collective accompanies and who takes part in a course. Kept apart from the participant, and read from their file alone.

A trainer reads participants and never this table: in the course nothing tells who is accompanied.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped

from app.db import Model, db
from app.languages import written_date
from app.people.closings import ends
from app.people.erasure import erases
from app.people.file import File
from app.people.models import ClosingReason, Person
from app.people.story import Event, Offer, Rows, Section, offers, prints, tells
from app.training.consequences import refresh
from app.training.forms import PRESENCE_NAMES
from app.training.models import Course, SessionState, TrainingSession
from app.training.participants import Participant, withdraw
from app.training.plans import SessionPlan
from app.training.presence import THERE, Attendance
from tenants.access import allowed
from tenants.documents import Document
from tenants.rows import Tenanted, key_to
from workers.queue import later


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


@ends
def leave_courses(person: Person, _on: date) -> None:
    """After a death their place in each course that is under way goes to whoever is first in line; the course does not say why."""
    if not person.has_died:
        return
    for place in db.session.scalars(places_of(person.id).where(Participant.left_at.is_(None))).all():
        course = db.session.get_one(Course, (place.collective_id, place.course_id))
        if course.completed_at is None:
            for following in withdraw(course, place):
                later("send_place", following.id)
            refresh(course)


def lost() -> Select[UUID]:
    """The ids of participants who died, as their file says: nothing is sent to them. Asked by jobs alone, never for a trainer's page."""
    joined = (Person.id == PersonEnrolment.person_id) & (Person.collective_id == PersonEnrolment.collective_id)
    return select(PersonEnrolment.participant_id).join(Person, joined).where(Person.closed_because == ClosingReason.died)


@erases
def forget_in_courses(person_id: UUID, _names: Sequence[str]) -> None:
    """The name in a course goes too, and the papers that carry it; the place goes on counting."""
    places = db.session.scalars(places_of(person_id)).all()
    courses = {each.course_id for each in places}
    sessions = select(TrainingSession.id).where(TrainingSession.course_id.in_(courses))
    papers = sa.or_(Document.about_id.in_(courses), Document.about_id.in_(sessions), Document.about_id.in_({each.id for each in places}))
    db.session.execute(sa.delete(Document).where(papers).execution_options(synchronize_session=False))
    for each in places:
        each.name = each.contact = None


WITHIN = (Course.id == TrainingSession.course_id) & (Course.collective_id == TrainingSession.collective_id)
ABOUT = (SessionPlan.plan_id == Course.plan_id) & (SessionPlan.position == TrainingSession.position)


def evenings_of(person_id: UUID) -> Select[TrainingSession, SessionPlan, Attendance]:
    """The sessions at which something was noted of a person, with what they were about; the first one first."""
    own = select(PersonEnrolment.participant_id).where(PersonEnrolment.person_id == person_id)
    joined = (Attendance.session_id == TrainingSession.id) & (Attendance.collective_id == TrainingSession.collective_id)
    query = select(TrainingSession, SessionPlan, Attendance).join(Attendance, joined).join(Course, WITHIN).join(SessionPlan, ABOUT)
    query = query.where(Attendance.participant_id.in_(own), TrainingSession.state == SessionState.held)
    return query.order_by(TrainingSession.day, TrainingSession.position)


def planned_for(person_id: UUID) -> Select[Course, TrainingSession, SessionPlan]:
    """The sessions to come in the courses where a person has a place, the next one first."""
    own = select(PersonEnrolment.participant_id).where(PersonEnrolment.person_id == person_id)
    courses = select(Participant.course_id).where(Participant.id.in_(own), Participant.left_at.is_(None), Participant.waiting.is_(False))
    query = select(Course, TrainingSession, SessionPlan).join(TrainingSession, WITHIN).join(SessionPlan, ABOUT)
    query = query.where(Course.id.in_(courses), Course.completed_at.is_(None), TrainingSession.state == SessionState.planned)
    return query.order_by(TrainingSession.day, TrainingSession.position)


def _language() -> str:
    from flask_babel import get_locale

    return str(get_locale().language)


@tells(evenings_of, planned_for)
def followed(_file: File, evenings: Rows, planned: Rows) -> list[Event]:
    """The sessions a person came to, and the next one of each course."""
    language = _language()
    events = [
        Event(session.day, _("Une séance du parcours"), outline.word("title", language))
        for session, outline, attendance in evenings
        if attendance.state in THERE
    ]
    following = {course.id: (course, session, outline) for course, session, outline in reversed(planned)}
    for course, session, outline in following.values():
        events.append(Event(session.day, _("Une séance du parcours"), f"{outline.word('title', language)}, {course.place}", upcoming=True))
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
        for session, outline, attendance in db.session.execute(evenings_of(file.person.id))
    ]
    return [Section(_("Le parcours de transmission"), rows)] if rows else []


@offers
def a_place_in_a_course(file: File) -> list[Offer]:
    """The coordination may enrol them."""
    if not allowed("steer a file"):
        return []
    return [Offer(url_for("workspace.training.new_person_enrolment", person_id=file.person.id), _("Inscrire à un parcours"), "book", aside=True)]
