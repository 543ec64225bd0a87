"""Heart bonds: begun, told of, ended; each read by the coordination and by the companions of those whom it binds."""

from typing import Any
from uuid import UUID

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db, new_id
from app.followup import bp
from app.followup.bond_chapters import with_whom
from app.followup.bond_forms import BondEndForm, BondForm, MomentForm
from app.followup.bonds import BondEnd, BondMoment, HeartBond, MomentKind, begin, due_follow_up, moments_of, tell_of
from app.followup.care_words import END_NAMES, MOMENT_NAMES
from app.pages import id_from, page
from app.people.models import Person
from app.people.queries import own_person
from tenants import journal
from tenants.access import may, refuse
from tenants.months import today_in
from tenants.scope import here

SIDES = (joinedload(HeartBond.person), joinedload(HeartBond.other_person), joinedload(HeartBond.member))


@bp.get("/liens")
@may("steer a file")
def index_bonds() -> ResponseReturnValue:
    """All bonds, those that stand first."""
    query = select(HeartBond).options(*SIDES).order_by(HeartBond.ended_on.desc().nulls_first(), HeartBond.began_on.desc(), HeartBond.id)
    bonds = [each for each in db.session.scalars(query) if each.person.erased_at is None]
    return page("followup/bonds.html", rows=[(each, each.person.name, with_whom(each, each.person_id)) for each in bonds])


@bp.get("/personnes/<uuid:person_id>/liens/nouveau")
@may("write to a file")
def new_bond(person_id: UUID) -> ResponseReturnValue:
    """With whom, how it began, and what each said."""
    person, today = own_person(person_id), today_in(g.collective.time_zone)
    me = str(g.membership.id)
    days = {"began_on": today, "agreed_on": today, "other_agreed_on": today}
    return page(
        "followup/new_bond.html", form=BondForm(person, formdata=None, id=str(new_id()), agreed_to=me, other_agreed_to=me, **days), person=person
    )


@bp.post("/personnes/<uuid:person_id>/liens")
@may("write to a file")
def create_bond(person_id: UUID) -> ResponseReturnValue:
    """Begin it."""
    person, form = own_person(person_id), BondForm(own_person(person_id))
    bond_id = id_from(form.id.data)
    known = db.session.get(HeartBond, (here(), bond_id))
    if known is None:
        if not form.validate_on_submit():
            return page("followup/new_bond.html", form=form, person=person), 422
        begin(form.bond(bond_id))
        flash(_("Un lien de cœur commence. Dans un mois, quelqu’un demandera comment il va."))
    return redirect(url_for("workspace.people.show", person_id=person.id))


def _bond_of(person: Person, bond_id: UUID) -> HeartBond:
    query = select(HeartBond).where(HeartBond.id == bond_id).options(*SIDES, joinedload(HeartBond.agreed_to), joinedload(HeartBond.other_agreed_to))
    bond = db.session.scalar(query)
    if bond is None or person.id not in bond.people:
        refuse("a bond of another person")
    return bond


@bp.get("/personnes/<uuid:person_id>/liens/<uuid:bond_id>")
@may("write to a file")
def show_bond(person_id: UUID, bond_id: UUID) -> ResponseReturnValue:
    """A bond: how it began, what was told of it."""
    person = own_person(person_id)
    journal.note("read", "person", person.id)
    return _page(person, _bond_of(person, bond_id))


def _page(person: Person, bond: HeartBond, **forms: Any) -> str:
    moments, today = db.session.scalars(moments_of(bond.id).options(joinedload(BondMoment.member))).all(), today_in(g.collective.time_zone)
    due = due_follow_up(bond, moments, today)
    told = due[0] if due else MomentKind.meeting
    forms.setdefault("moment", MomentForm(formdata=None, id=str(new_id()), on=today, told=told.value, member=str(g.membership.id)))
    forms.setdefault("end", BondEndForm(bond, formdata=None, ended_on=today))
    words = {"moment_names": MOMENT_NAMES, "end_names": END_NAMES, "other": with_whom(bond, person.id)}
    return page("followup/bond.html", person=person, bond=bond, moments=moments, **words, **forms)


@bp.post("/personnes/<uuid:person_id>/liens/<uuid:bond_id>/moments")
@may("write to a file")
def create_moment(person_id: UUID, bond_id: UUID) -> ResponseReturnValue:
    """Keep what was told of it."""
    person = own_person(person_id)
    bond, form = _bond_of(person, bond_id), MomentForm()
    if not form.validate_on_submit():
        return _page(person, bond, moment=form), 422
    moment = BondMoment(id=id_from(form.id.data), kind=MomentKind(form.told.data), on=form.on.data)
    moment.member_id, moment.note = UUID(form.member.data) if form.member.data else None, form.note.data
    tell_of(bond, moment)
    flash(_("Merci d’avoir raconté."))
    return redirect(url_for("workspace.followup.show_bond", person_id=person.id, bond_id=bond.id))


@bp.post("/personnes/<uuid:person_id>/liens/<uuid:bond_id>/fin")
@may("write to a file")
def create_bond_end(person_id: UUID, bond_id: UUID) -> ResponseReturnValue:
    """End it, with a reason."""
    person = own_person(person_id)
    bond = _bond_of(person, bond_id)
    form = BondEndForm(bond)
    if not form.validate_on_submit():
        return _page(person, bond, end=form), 422
    bond.end(form.ended_on.data, BondEnd(form.ended_because.data), form.ended_words.data)
    flash(_("C’est noté. Ce lien a existé, il reste dans leur histoire."))
    return redirect(url_for("workspace.followup.show_bond", person_id=person.id, bond_id=bond.id))
