"""How long a file is kept, and its end: at once if its person asks."""

from uuid import UUID

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, new_id
from app.followup import bp
from app.followup.care_words import ROWS_CALLED
from app.followup.ending_forms import ErasureForm, KeepingForm
from app.followup.endings import end_of, ending_for, ending_of, last_contact
from app.pages import id_from, page
from app.people.erasure import Erasure, erase, was_erased
from app.people.models import Person
from app.people.queries import own_person
from tenants import journal
from tenants.access import allowed, may
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here


@bp.get("/personnes/<uuid:person_id>/conservation")
@may("write to a file")
def show_ending(person_id: UUID) -> ResponseReturnValue:
    """Until when the file is kept, and what one may do about it."""
    person = own_person(person_id)
    journal.note("read", "person", person.id)
    return _ending(person, KeepingForm(formdata=None))


def _ending(person: Person, form: KeepingForm) -> str:
    ending = ending_of(person.id)
    values = {"ending": ending, "ends_on": end_of(person, ending), "since": last_contact(person)}
    return page("followup/ending.html", form=form, person=person, steers=allowed("steer a file"), **values)


@bp.post("/personnes/<uuid:person_id>/conservation")
@may("steer a file")
def update_ending(person_id: UUID) -> ResponseReturnValue:
    """Keep it longer, for a reason."""
    person = own_person(person_id)
    form = KeepingForm()
    if not form.validate_on_submit():
        return _ending(person, form), 422
    ending_for(person.id).keep(form.kept_until.data, form.kept_because.data or "")
    flash(_("C’est noté : la fiche est gardée, et on en décidera de nouveau."))
    return redirect(url_for("workspace.followup.show_ending", person_id=person.id))


@bp.get("/personnes/<uuid:person_id>/effacement")
@may("steer a file")
def new_erasure(person_id: UUID) -> ResponseReturnValue:
    """What goes, what stays, and a word to type."""
    return page("followup/erasure.html", form=ErasureForm(formdata=None, id=str(new_id())), person=own_person(person_id))


@bp.post("/personnes/<uuid:person_id>/effacement")
@may("steer a file")
def create_erasure(person_id: UUID) -> ResponseReturnValue:
    """Erase it now."""
    form = ErasureForm()
    erasure_id = id_from(form.id.data)
    if was_erased(person_id) and db.session.get(Erasure, (here(), erasure_id)) is not None:
        return redirect(url_for("workspace.followup.show_erasure", erasure_id=erasure_id))
    person = own_person(person_id)
    if not form.validate_on_submit():
        return page("followup/erasure.html", form=form, person=person), 422
    erase(person, erasure_id, asked=True, spellings=form.names)
    flash(_("C’est effacé. Cette page peut s’imprimer pour la personne."))
    return redirect(url_for("workspace.followup.show_erasure", erasure_id=erasure_id))


@bp.get("/effacements/<uuid:erasure_id>")
@may("steer a file")
def show_erasure(erasure_id: UUID) -> ResponseReturnValue:
    """What was done, to print for the person. It names nobody: nothing here knows any more whose file it was."""
    erasure = found(Erasure, erasure_id)
    rows = [(ROWS_CALLED[name], number) for name, number in erasure.done.items() if name in ROWS_CALLED]
    others = sum(number for name, number in erasure.done.items() if name not in ROWS_CALLED)
    return page("followup/erased.html", erasure=erasure, rows=rows, others=others, today=today_in(g.collective.time_zone))
