"""Moving along the path, taking a step back, ending and saying what was agreed."""

from uuid import UUID

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, new_id
from app.pages import id_from, page
from app.people import bp
from app.people.agreements import Agreement
from app.people.closings import end_everywhere
from app.people.forms import AgreementForm
from app.people.home_meetings import called_off
from app.people.models import ClosingReason, Person, Stage
from app.people.path import FirstStep, PathStep, step, take_back
from app.people.path_forms import ClosingForm, ReasonForm, StepForm
from app.people.queries import own_person
from tenants import journal
from tenants.access import may, refuse
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here
from workers.queue import later


def _back(person: Person) -> ResponseReturnValue:
    return redirect(url_for("workspace.people.show", person_id=person.id))


@bp.get("/<uuid:person_id>/etapes/nouvelle")
@may("write to a file")
def new_step(person_id: UUID) -> ResponseReturnValue:
    """Which stage, since when."""
    person = own_person(person_id)
    after = list(Stage)[min(list(Stage).index(person.stage) + 1, 4)]
    form = StepForm(person, formdata=None, id=str(new_id()), stage=after.value, on=today_in(g.collective.time_zone))
    return page("people/new_step.html", form=form, person=person)


@bp.post("/<uuid:person_id>/etapes")
@may("write to a file")
def create_step(person_id: UUID) -> ResponseReturnValue:
    """Take a step, forwards or back."""
    person = own_person(person_id)
    form = StepForm(person)
    step_id = id_from(form.id.data)
    if db.session.get(PathStep, (here(), step_id)) is not None:
        return _back(person)
    if not form.validate_on_submit():
        return page("people/new_step.html", form=form, person=person), 422
    step(person, Stage(form.stage.data), form.on.data, step_id, form.reason.data)
    flash(_("C’est noté."))
    return _back(person)


def _step_of(person: Person, step_id: UUID) -> PathStep:
    taken = found(PathStep, step_id)
    if taken.person_id != person.id:
        refuse("a step of another person")
    return taken


@bp.get("/<uuid:person_id>/etapes/<uuid:path_step_id>/retrait")
@may("write to a file")
def new_step_undo(person_id: UUID, path_step_id: UUID) -> ResponseReturnValue:
    """Why is it taken back?"""
    person = own_person(person_id)
    return page("people/step_undo.html", form=ReasonForm(formdata=None), person=person, step=_step_of(person, path_step_id), refused=None)


@bp.post("/<uuid:person_id>/etapes/<uuid:path_step_id>/retrait")
@may("write to a file")
def create_step_undo(person_id: UUID, path_step_id: UUID) -> ResponseReturnValue:
    """Take the step back; it stays to be read, with the reason."""
    person = own_person(person_id)
    taken, form, refused = _step_of(person, path_step_id), ReasonForm(), None
    if form.validate_on_submit():
        try:
            take_back(person, taken, form.reason.data or "")
        except FirstStep:
            refused = _("C’est par là que tout a commencé : cette étape ne se retire pas.")
        else:
            flash(_("C’est retiré."))
            return _back(person)
    return page("people/step_undo.html", form=form, person=person, step=taken, refused=refused), 422


@bp.get("/<uuid:person_id>/fin")
@may("steer a file")
def new_closing(person_id: UUID) -> ResponseReturnValue:
    """Why does the path end?"""
    person = own_person(person_id)
    return page("people/closing.html", form=ClosingForm(person, formdata=None, id=str(new_id()), on=today_in(g.collective.time_zone)), person=person)


@bp.post("/<uuid:person_id>/fin")
@may("steer a file")
def create_closing(person_id: UUID) -> ResponseReturnValue:
    """End it. After a death nothing is sent and nobody is reminded any more."""
    person = own_person(person_id)
    form = ClosingForm(person)
    if person.is_closed:
        return _back(person)
    if not form.validate_on_submit():
        return page("people/closing.html", form=form, person=person), 422
    because = ClosingReason(form.because.data)
    step(person, Stage.closed, form.on.data, id_from(form.id.data), form.reason.data, because)
    meetings = called_off(person, _("Le chemin est terminé."))
    end_everywhere(person, form.on.data)
    if because == ClosingReason.died:
        flash(_("Merci d’avoir été là pour %(name)s. Plus aucun courrier ni rappel ne partira.", name=person.name))
    else:
        for meeting in meetings:
            later("send_meeting", meeting.id)
        flash(_("Le chemin avec %(name)s est terminé. Il peut reprendre un jour : retirez cette étape.", name=person.name))
    return _back(person)


@bp.get("/<uuid:person_id>/accord")
@may("write to a file")
def new_agreement(person_id: UUID) -> ResponseReturnValue:
    """What does the person agree to now?"""
    person = own_person(person_id)
    form = AgreementForm(formdata=None, id=str(new_id()), given_on=today_in(g.collective.time_zone))
    return page("people/agreement.html", form=form, person=person)


@bp.post("/<uuid:person_id>/accord")
@may("write to a file")
def create_agreement(person_id: UUID) -> ResponseReturnValue:
    """Keep it beside the earlier ones."""
    person = own_person(person_id)
    form = AgreementForm()
    agreement_id = id_from(form.id.data)
    if db.session.get(Agreement, (here(), agreement_id)) is not None:
        return _back(person)
    if not form.validate_on_submit():
        return page("people/agreement.html", form=form, person=person), 422
    agreement = Agreement(id=agreement_id, person_id=person.id, member_id=UUID(form.agreed_to.data), given_on=form.given_on.data)
    agreement.words, agreement.ask_again_on = form.words.data, form.ask_again_on.data
    db.session.add(agreement)
    person.change(current_user.id)
    journal.note("agreed", "person", person.id)
    flash(_("C’est noté, dans ses mots."))
    return _back(person)
