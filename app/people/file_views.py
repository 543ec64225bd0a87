"""Telling, measuring, and reading what is kept: the journal of a file, and all of it on paper."""

from uuid import UUID, uuid5

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, new_id, now
from app.pages import id_from, page
from app.paging import sheet
from app.people import bp
from app.people.circles import CIRCLES, ContactCircles, due_moment, measures_of
from app.people.file import read_file
from app.people.path_forms import CirclesForm, TellingForm
from app.people.queries import names_of, own_person
from app.people.story import printout_of
from app.people.tellings import Occasion, Telling, tell
from tenants import journal, ledger
from tenants.access import may
from tenants.journal import lines_about
from tenants.months import today_in
from tenants.scope import place

# Lines of the journal: fifty were ten screens of a phone.
AT_ONCE = 20


@bp.get("/<uuid:person_id>/recits/nouveau")
@may("write to a file")
def new_telling(person_id: UUID) -> ResponseReturnValue:
    """What happened?"""
    person = own_person(person_id)
    return page("people/telling.html", form=TellingForm(formdata=None, id=str(new_id()), on=today_in(g.collective.time_zone)), person=person)


@bp.post("/<uuid:person_id>/recits")
@may("write to a file")
def create_telling(person_id: UUID) -> ResponseReturnValue:
    """Keep it in the story."""
    person = own_person(person_id)
    form = TellingForm()
    if not form.validate_on_submit():
        return page("people/telling.html", form=form, person=person), 422
    telling = Telling(id=id_from(form.id.data), person_id=person.id, occasion=Occasion(form.occasion.data), on=form.on.data)
    telling.title, telling.text = form.title.data or None, form.text.data
    tell(person, telling)
    flash(_("Merci d’avoir raconté."))
    return redirect(url_for("workspace.people.show", person_id=person.id))


@bp.get("/<uuid:person_id>/cercles")
@may("write to a file")
def new_circles(person_id: UUID) -> ResponseReturnValue:
    """Five questions; none has to be answered."""
    person = own_person(person_id)
    today = today_in(g.collective.time_zone)
    due = due_moment(person, db.session.scalars(measures_of(person.id)).all(), today)
    form = CirclesForm(formdata=None, id=str(new_id()), on=today, moment=due[0].value if due else None)
    return page("people/circles.html", form=form, person=person, circles=CIRCLES)


@bp.post("/<uuid:person_id>/cercles")
@may("write to a file")
def create_circles(person_id: UUID) -> ResponseReturnValue:
    """Keep a measure; the same moment measured again replaces what was there."""
    person = own_person(person_id)
    form = CirclesForm()
    if not form.validate_on_submit():
        return page("people/circles.html", form=form, person=person, circles=CIRCLES), 422
    measure = next((each for each in db.session.scalars(measures_of(person.id)) if each.moment == form.chosen), None)
    if measure is None:
        # The moment names a measure: one goes back, chooses another, and sends the same form again.
        measure = ContactCircles(id=uuid5(person.id, form.chosen), person_id=person.id, moment=form.chosen)
        db.session.add(measure)
    else:
        ledger.mark(measure.on)
    measure.on, measure.by_user, measure.at = form.on.data, place().user_id, now()
    for circle, often in form.values().items():
        setattr(measure, circle, often)
    ledger.mark(measure.on)
    person.seen(measure.on)
    journal.note("measured", "person", person.id)
    flash(_("C’est noté."))
    return redirect(url_for("workspace.people.show", person_id=person.id))


@bp.get("/<uuid:person_id>/journal")
@may("steer a file")
def show_journal(person_id: UUID) -> ResponseReturnValue:
    """Who has opened this file, and who wrote to it, twenty lines at a time."""
    person = own_person(person_id)
    shown = sheet(lines_about(person.id), AT_ONCE)
    return page("people/journal.html", person=person, sheet=shown, names=names_of([each.user_id for each in shown.rows]), acts=acts())


def acts() -> dict[str, str]:
    """What the journal's verbs say on the screen."""
    return {
        "read": _("a ouvert la fiche"),
        "printed": _("a imprimé la fiche"),
        "opened": _("a créé la fiche"),
        "changed": _("a modifié la fiche"),
        "stepped": _("a noté une étape"),
        "took a step back": _("a retiré une étape"),
        "paired": _("a formé un binôme"),
        "told": _("a raconté une rencontre"),
        "measured": _("a mesuré les cercles"),
        "agreed": _("a noté un accord"),
        "enrolled in a course": _("a inscrit au parcours"),
        "called": _("a noté un appel"),
        "changed the watch": _("a réglé quand prendre des nouvelles"),
        "kept longer": _("a gardé la fiche plus longtemps"),
        "began a bond": _("a commencé un lien de cœur"),
        "told of a bond": _("a raconté un lien de cœur"),
        "ended a bond": _("a noté la fin d’un lien de cœur"),
        "referred": _("a envoyé une orientation"),
        "came to drop_in": _("a noté une venue à la permanence"),
        "did not come to drop_in": _("a retiré une venue à la permanence"),
        "came to activity": _("a noté une venue à une activité"),
        "did not come to activity": _("a retiré une venue à une activité"),
        "carries": _("a noté que la personne porte une activité"),
        "carries no more": _("a noté que la personne ne porte plus une activité"),
    }


@bp.get("/<uuid:person_id>/impression")
@may("steer a file")
def show_printout(person_id: UUID) -> ResponseReturnValue:
    """Everything that is written about the person, to hand over."""
    person = own_person(person_id)
    journal.note("printed", "person", person.id)
    return page("people/printout.html", person=person, sections=printout_of(read_file(person)), today=today_in(g.collective.time_zone))
