"""Enrolling someone from their file: the coordination alone, and the course does not say where they come from."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, new_id
from app.pages import id_from, page
from app.people.models import Person
from app.people.queries import own_person
from app.phone_numbers import spoken
from app.training import bp
from app.training.accompanied import PersonEnrolment, places_of
from app.training.catch_up import under_way
from app.training.consequences import refresh
from app.training.forms import PersonEnrolmentForm
from app.training.models import Course, sessions_of_course
from app.training.participants import Participant, ParticipantKind, enrol, known_twin
from tenants import journal
from tenants.access import may, refuse
from tenants.rows import found
from tenants.scope import here


def _person(person_id: UUID) -> Person:
    person = own_person(person_id)
    if person.is_closed:
        refuse("a path that is over")
    return person


def _form(**values: Any) -> PersonEnrolmentForm:
    form = PersonEnrolmentForm(**values)
    courses = db.session.scalars(under_way()).all()
    first = {each.course_id: each.day for each in db.session.scalars(sessions_of_course(*(course.id for course in courses))) if each.position == 1}
    form.offer(courses, first)
    return form


@bp.get("/personnes/<uuid:person_id>/inscription")
@may("steer a file")
def new_person_enrolment(person_id: UUID) -> ResponseReturnValue:
    """Which course, and the name by which the group will know them."""
    person = _person(person_id)
    journal.note("read", "person", person.id)
    contact = spoken(person.phone) if person.phone else ""
    return _page(person, _form(formdata=None, id=str(new_id()), name=person.name, contact=contact))


def _page(person: Person, form: PersonEnrolmentForm) -> str:
    return page("training/person_enrolment.html", person=person, form=form)


@bp.post("/personnes/<uuid:person_id>/inscription")
@may("steer a file")
def create_person_enrolment(person_id: UUID) -> ResponseReturnValue:
    """Enrol them; someone of this name who is in the course already is asked about once."""
    person, form = _person(person_id), _form()
    if not form.validate_on_submit():
        return _page(person, form), 422
    course, participant_id = found(Course, UUID(form.course.data)), id_from(form.id.data)
    if db.session.get(Participant, (here(), participant_id)) is None:
        if any(each.course_id == course.id and each.left_at is None for each in db.session.scalars(places_of(person.id))):
            form.course.errors = [_("Cette personne est déjà inscrite à ce parcours.")]
            return _page(person, form), 422
        twin = known_twin(course, form.name.data or "", form.contact.data or "")
        if twin is not None and not form.same.data:
            form.same.errors = [_("Quelqu’un de ce nom est déjà inscrit. Dites si c’est la même personne, ou précisez le nom.")]
            return _page(person, form), 422
        if twin is not None:
            participant_id = twin.id
    participant = enrol(course, participant_id, form.name.data or "", form.contact.data or "", ParticipantKind(form.kind.data))
    _link(person, participant)
    refresh(course)
    flash(
        _("Le parcours est complet : %(name)s est sur la liste d’attente.", name=participant.name)
        if participant.waiting
        else _("%(name)s est inscrit·e.", name=participant.name)
    )
    return redirect(url_for("workspace.people.show", person_id=person.id))


def _link(person: Person, participant: Participant) -> None:
    # The link points at the participant's row.
    db.session.flush()
    known = db.session.scalar(db.select(PersonEnrolment).where(PersonEnrolment.participant_id == participant.id))
    if known is None:
        db.session.add(PersonEnrolment(person_id=person.id, participant_id=participant.id))
        journal.note("enrolled in a course", "person", person.id)
