"""Enrolling people, by the coordination or by the link, and letting them go."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, new_id
from app.limits import limiter
from app.pages import id_from, page
from app.training import bp, public
from app.training.consequences import refresh
from app.training.forms import EnrolForm, ParticipantForm
from app.training.links import read_enrolment
from app.training.models import Course, sessions_of_course
from app.training.participants import Participant, ParticipantKind, enrol, known_twin, withdraw
from tenants import journal
from tenants.access import may
from tenants.keys import has_key
from tenants.models import Collective
from tenants.rows import found
from tenants.scope import here, inside
from workers.queue import later


@bp.get("/<uuid:course_id>/inscrits/nouveau")
@may("run a course")
def new_participant(course_id: UUID) -> ResponseReturnValue:
    """A name and one way to reach them."""
    return page("training/new_participant.html", form=ParticipantForm(formdata=None, id=str(new_id())), course=found(Course, course_id))


@bp.post("/<uuid:course_id>/inscrits")
@may("run a course")
def create_participant(course_id: UUID) -> ResponseReturnValue:
    """Enrol someone; if the course is full, they wait in line."""
    course, form = found(Course, course_id), ParticipantForm()
    valid, participant_id = form.validate_on_submit(), id_from(form.id.data)
    fresh = db.session.get(Participant, (here(), participant_id)) is None
    if valid and fresh and known_twin(course, form.name.data or "", form.contact.data or ""):
        form.name.errors, valid = [_("Cette personne est déjà inscrite.")], False
    if not valid:
        return page("training/new_participant.html", form=form, course=course), 422
    participant = enrol(course, participant_id, form.name.data or "", form.contact.data or "", ParticipantKind(form.kind.data))
    refresh(course)
    flash(
        _("Le parcours est complet : %(name)s est sur la liste d’attente.", name=participant.name)
        if participant.waiting
        else _("%(name)s est inscrit·e.", name=participant.name)
    )
    return redirect(url_for("workspace.training.show", course_id=course.id))


def move_up(following: list[Participant]) -> bool:
    """Tell those who had waited that there is a place. Returns whether there was anyone."""
    for each in following:
        later("send_place", each.id)
        flash(_("%(name)s était en attente et a maintenant une place.", name=each.name))
    return bool(following)


@bp.get("/inscrits/<uuid:participant_id>/modifier")
@may("run a course")
def edit_participant(participant_id: UUID) -> ResponseReturnValue:
    """A name or a contact, to put right."""
    participant = found(Participant, participant_id)
    form = ParticipantForm(formdata=None, name=participant.name, contact=participant.contact or "", kind=participant.kind.value)
    return page("training/edit_participant.html", form=form, participant=participant, course=found(Course, participant.course_id))


@bp.post("/inscrits/<uuid:participant_id>/modifier")
@may("run a course")
def update_participant(participant_id: UUID) -> ResponseReturnValue:
    """Write it."""
    participant, form = found(Participant, participant_id), ParticipantForm()
    if not form.validate_on_submit():
        return page("training/edit_participant.html", form=form, participant=participant, course=found(Course, participant.course_id)), 422
    participant.name, participant.contact, participant.kind = form.name.data, form.contact.data or None, ParticipantKind(form.kind.data)
    journal.note("changed", "participant", participant.id)
    flash(_("C’est enregistré."))
    return redirect(url_for("workspace.training.show", course_id=participant.course_id))


@bp.post("/inscrits/<uuid:participant_id>/retrait")
@may("run a course")
def delete_participant(participant_id: UUID) -> ResponseReturnValue:
    """Take someone out; the first in line moves up and is told."""
    participant = found(Participant, participant_id)
    course = found(Course, participant.course_id)
    if not move_up(withdraw(course, participant)):
        flash(_("C’est retiré."))
    refresh(course)
    return redirect(url_for("workspace.training.show", course_id=course.id))


def _read(token: str) -> tuple[Collective, Course | None]:
    collective_id, course_id = read_enrolment(token)
    collective = db.get_or_404(Collective, collective_id)
    with inside(collective.id):
        course = db.session.get(Course, (collective.id, course_id))
        return collective, course if course is not None and course.enrolling and has_key() else None


@public.get("/inscription/<string:token>")
def new(token: str) -> ResponseReturnValue:
    """What the course is, when and where, and the form to enrol."""
    collective, course = _read(token)
    if course is None:
        return page("training/link_over.html"), 410
    return _enrol_page(collective, course, EnrolForm(formdata=None, id=str(new_id())), token)


def _enrol_page(collective: Collective, course: Course, form: EnrolForm, token: str) -> str:
    with inside(collective.id):
        sessions = db.session.scalars(sessions_of_course(course.id)).all()
    return page("training/enrol.html", place=collective, course=course, sessions=sessions, form=form, signed=token)


@public.post("/inscription/<string:token>")
@limiter.limit("10 per hour")
def create(token: str) -> ResponseReturnValue:
    """Enrol oneself. Who is enrolled already gets the same answer: the page tells nobody who is in the course."""
    collective, course = _read(token)
    if course is None:
        return page("training/link_over.html"), 410
    form = EnrolForm()
    if not form.validate_on_submit():
        return _enrol_page(collective, course, form, token), 422
    with inside(collective.id):
        if known_twin(course, form.name.data or "", form.contact.data or "") is None:
            enrol(course, id_from(form.id.data), form.name.data or "", form.contact.data or "", ParticipantKind(form.kind.data))
            refresh(course)
    return page("training/enrolled.html", place=collective, course=course)
