"""Finding two companions, and what members say of themselves so that it works."""

from uuid import UUID

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, new_id
from app.pages import id_from, page
from app.people import bp
from app.people.home_meetings import HomeMeeting, planned_with
from app.people.models import Person
from app.people.pairs import CompanionCard, Pair, assign, card_of, suggestions
from app.people.path_forms import CardForm, PairForm
from app.people.queries import own_person
from app.people.words import language_name
from tenants import journal
from tenants.access import may
from tenants.models import Role, members
from tenants.months import today_in


def spoken(languages: list[str]) -> str:
    """Languages in a sentence."""
    return ", ".join(map(language_name, languages))


def _over(person: Person) -> ResponseReturnValue:
    flash(_("Le chemin est terminé : rien ne se prévoit plus."), "warning")
    return redirect(url_for("workspace.people.show", person_id=person.id))


def _opens(pair: Pair, meeting: HomeMeeting) -> bool:
    """Whether all who are to go to a meeting may read of its person."""
    coordination = {each.id for each in db.session.scalars(members(Role.coordinator))}
    return set(meeting.companions) <= coordination | {pair.one_id, pair.other_id}


@bp.get("/<uuid:person_id>/binome")
@may("steer a file")
def new_pair(person_id: UUID) -> ResponseReturnValue:
    """Who would suit? Suggestions say why."""
    person = own_person(person_id)
    if person.is_closed:
        return _over(person)
    # What someone has in common with them tells what they like and where they live.
    journal.note("read", "person", person.id)
    hints = suggestions(person)
    form = PairForm(formdata=None, id=str(new_id()), since=today_in(g.collective.time_zone))
    if len(hints) > 1:
        form.one.data, form.other.data = str(hints[0].member.id), str(hints[1].member.id)
    return page("people/pair.html", form=form, person=person, hints=hints, spoken=spoken)


@bp.post("/<uuid:person_id>/binome")
@may("steer a file")
def create_pair(person_id: UUID) -> ResponseReturnValue:
    """Two companions from now on; the former pair ends."""
    person = own_person(person_id)
    if person.is_closed:
        return _over(person)
    form = PairForm()
    if not form.validate_on_submit():
        return page("people/pair.html", form=form, person=person, hints=suggestions(person), spoken=spoken), 422
    pair = assign(person, UUID(form.one.data), UUID(form.other.data), form.since.data, id_from(form.id.data))
    flash(_("%(name)s a un binôme.", name=person.name))
    if any(not _opens(pair, each) for each in db.session.scalars(planned_with(person.id))):
        flash(_("Une rencontre est prévue avec quelqu’un de l’ancien binôme. Annulez-la, et prévoyez-en une autre."), "warning")
    return redirect(url_for("workspace.people.show", person_id=person.id))


@bp.get("/ma-carte")
@may("see people")
def edit_card() -> ResponseReturnValue:
    """One's own languages, interests and street."""
    card = card_of(g.membership.id)
    values = {"languages": card.languages, "likes": card.likes or "", "street": card.street or ""} if card else {"languages": ["fr"]}
    return page("people/card.html", form=CardForm(formdata=None, **values))


@bp.post("/ma-carte")
@may("see people")
def update_card() -> ResponseReturnValue:
    """Keep them, for the coordination alone."""
    form = CardForm()
    if not form.validate_on_submit():
        return page("people/card.html", form=form), 422
    card = card_of(g.membership.id)
    if card is None:
        card = CompanionCard(member_id=g.membership.id)
        db.session.add(card)
    card.languages, card.likes, card.street = list(form.languages.data or []), form.likes.data or None, form.street.data or None
    journal.note("wrote", "companion_card", card.id)
    flash(_("C’est enregistré. Cela aide à former des binômes."))
    return redirect(url_for("workspace.people.index"))
