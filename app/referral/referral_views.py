"""Referrals: choosing a place for a person, writing, seeing the mail and sending it, and what comes after."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db, new_id
from app.pages import id_from, page
from app.paging import sheet
from app.people.beside import last_hand
from app.people.models import Person
from app.people.path_forms import ReasonForm
from app.people.queries import names_of, own_person, visible
from app.referral import bp
from app.referral.letters import compose
from app.referral.referral_forms import NotedAnswerForm, OutcomeForm, ReferralForm, differing_draft, values_of
from app.referral.referrals import OPEN, Outcome, Referral, ReferralState, Way, whole
from app.referral.resource_views import results_page
from app.referral.resources import Resource, contact_of, read_aloud
from app.referral.words import OUTCOME_NAMES, STATE_COLOURS, STATE_NAMES
from tenants import journal
from tenants.access import allowed, may
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here
from workers.queue import later

DONE = (ReferralState.refused, ReferralState.cancelled, ReferralState.expired, ReferralState.stopped)


def _person(person_id: UUID) -> Person:
    person = own_person(person_id)
    journal.note("read", "person", person.id)
    return person


def _referral(referral_id: UUID) -> Referral:
    """A referral, for the coordination and the two companions of its person; 404 for everybody else."""
    referral = found(Referral, referral_id)
    own_person(referral.person_id)
    return referral


def _back(referral: Referral) -> ResponseReturnValue:
    return redirect(url_for("workspace.referral.show_referral", referral_id=referral.id))


@bp.get("/en-cours")
@may("refer")
def index_referrals() -> ResponseReturnValue:
    """The referrals of those one accompanies, the latest first; with ?liste=finies those that are over."""
    over = request.args.get("liste") == "finies"
    known = select(Person.id).where(Person.erased_at.is_(None))
    query = whole().where(Referral.person_id.in_(known)).options(joinedload(Referral.person)).order_by(Referral.opened_at.desc(), Referral.id.desc())
    query = query.where(Referral.state.in_(DONE) if over else Referral.state.not_in(DONE))
    if not allowed("steer a file"):
        query = query.where(Referral.person_id.in_(visible().with_only_columns(Person.id).order_by(None)))
    return page("referral/referrals.html", sheet=sheet(query), over=over, states=STATE_NAMES, colours=STATE_COLOURS, outcomes=OUTCOME_NAMES)


@bp.get("/personnes/<uuid:person_id>")
@may("refer")
def choose_resource(person_id: UUID) -> ResponseReturnValue:
    """Where could this person go?"""
    return results_page(_person(person_id))


def _new_page(person: Person, resource: Resource, form: ReferralForm, referral: Referral | None = None, **meanwhile: Any) -> str:
    values = {"changed": [], "by": "", "left": False} | meanwhile
    return page("referral/new_referral.html", person=person, resource=resource, form=form, referral=referral, **values)


@bp.get("/personnes/<uuid:person_id>/lieux/<uuid:resource_id>")
@may("refer")
def new_referral(person_id: UUID, resource_id: UUID) -> ResponseReturnValue:
    """What to ask of this place, and what it may know."""
    person, resource = _person(person_id), found(Resource, resource_id)
    today = today_in(g.collective.time_zone)
    form = ReferralForm(resource, formdata=None, id=str(new_id()), service=request.args.get("service", ""), agreed_on=today)
    return _new_page(person, resource, form)


@bp.post("/personnes/<uuid:person_id>/lieux/<uuid:resource_id>")
@may("refer")
def create_referral(person_id: UUID, resource_id: UUID) -> ResponseReturnValue:
    """Keep it as a draft, with its mail as it will leave. The same form sent again finds the first."""
    person, resource = _person(person_id), found(Resource, resource_id)
    form = ReferralForm(resource)
    referral_id = id_from(form.id.data)
    if db.session.get(Referral, (here(), referral_id)) is not None:
        return redirect(url_for("workspace.referral.show_referral", referral_id=referral_id))
    if not form.validate_on_submit() or person.is_closed or resource.gone_at:
        return _new_page(person, resource, form), 422
    referral = Referral(id=referral_id, person_id=person.id, resource_id=resource.id, state=ReferralState.draft, opened_by=current_user.id)
    _write(referral, form.values())
    db.session.add(referral)
    return _back(referral)


def _write(referral: Referral, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(referral, name, value)
    journal.note("wrote", "referral", referral.id)
    compose(referral, g.collective, g.membership, current_user.email)


@bp.get("/<uuid:referral_id>/modifier")
@may("refer")
def edit_referral(referral_id: UUID) -> ResponseReturnValue:
    """Change what has not left yet."""
    referral = _draft(referral_id)
    resource = found(Resource, referral.resource_id)
    return _new_page(_person(referral.person_id), resource, ReferralForm(resource, formdata=None, **values_of(referral)), referral)


@bp.post("/<uuid:referral_id>/modifier")
@may("refer")
def update_referral(referral_id: UUID) -> ResponseReturnValue:
    """Write it anew, mail included. The second of two writers sees what the first one wrote, with all they typed still there."""
    referral = _referral(referral_id)
    # One hand at a time, so that what the other hand wrote, or sent, is seen.
    db.session.refresh(referral, with_for_update=True)
    person, resource = _person(referral.person_id), found(Resource, referral.resource_id)
    form = ReferralForm(resource)
    if referral.state != ReferralState.draft:
        return _new_page(person, resource, form, referral, left=True), 409
    if not form.validate_on_submit():
        return _new_page(person, resource, form, referral), 422
    stands = str(referral.version)
    if form.version.data != stands and (changed := differing_draft(referral, form)):
        form.version.data = form.version.raw_data = stands
        return _new_page(person, resource, form, referral, changed=changed, by=last_hand(referral.id, "wrote")), 409
    _write(referral, form.values())
    referral.version += 1
    return _back(referral)


def _draft(referral_id: UUID) -> Referral:
    referral = _referral(referral_id)
    return referral if referral.state == ReferralState.draft else abort(404)


@bp.get("/<uuid:referral_id>")
@may("refer")
def show_referral(referral_id: UUID) -> ResponseReturnValue:
    """A referral: the mail before it leaves, then where it stands and what comes next."""
    referral = _referral(referral_id)
    journal.note("read", "person", referral.person_id)
    return _page(referral)


def _page(referral: Referral, answer: NotedAnswerForm | None = None, outcome: OutcomeForm | None = None, reason: ReasonForm | None = None) -> str:
    shown = db.session.scalars(whole().where(Referral.id == referral.id)).one()
    today = today_in(g.collective.time_zone)
    return page(
        "referral/referral.html",
        referral=shown,
        person=found(Person, shown.person_id),
        phone=contact_of(shown.resource, shown.service, "telephone"),
        aloud=read_aloud,
        names=names_of([shown.opened_by, shown.sent_by, shown.answered_by]),
        answer=answer or NotedAnswerForm(formdata=None),
        outcome=outcome or OutcomeForm(formdata=None, on=today),
        reason=reason or ReasonForm(formdata=None),
        states=STATE_NAMES,
        colours=STATE_COLOURS,
        outcomes=OUTCOME_NAMES,
        is_open=shown.state in OPEN,
    )


@bp.post("/<uuid:referral_id>/envoi")
@may("refer")
def create_sending(referral_id: UUID) -> ResponseReturnValue:
    """Let it leave, as it was shown. Twice sends once."""
    referral = _referral(referral_id)
    person = found(Person, referral.person_id)
    if referral.state == ReferralState.draft and request.form.get("seen") != referral.fingerprint:
        flash(_("Ce message a changé entre-temps. Relisez-le avant de l’envoyer."), "warning")
    elif referral.state == ReferralState.draft and not person.is_closed:
        referral.send(today_in(g.collective.time_zone))
        if referral.agreed_on:
            person.seen(referral.agreed_on)
        if referral.way == Way.mail:
            later("send_referral", referral.id)
        flash(_("La demande est partie.") if referral.way == Way.mail else _("C’est noté. Appelez, puis notez la réponse ici."))
    return _back(referral)


@bp.post("/<uuid:referral_id>/reponse")
@may("refer")
def create_answer(referral_id: UUID) -> ResponseReturnValue:
    """An answer that came by phone or in a mail."""
    referral, form = _referral(referral_id), NotedAnswerForm()
    if referral.waits:
        if not form.validate_on_submit():
            return _page(referral, answer=form), 422
        referral.answer_with(form.answer.data == "yes", form.words.data, today_in(g.collective.time_zone), current_user.id)
        flash(_("La réponse est notée."))
    return _back(referral)


@bp.post("/<uuid:referral_id>/suite")
@may("refer")
def create_outcome(referral_id: UUID) -> ResponseReturnValue:
    """What became of an acceptance; going along is a contact with the person."""
    referral, form = _referral(referral_id), OutcomeForm()
    if referral.state == ReferralState.accepted:
        if not form.validate_on_submit():
            return _page(referral, outcome=form), 422
        referral.tell_outcome(form.chosen, form.on.data, form.words.data)
        if form.chosen == Outcome.accompanied:
            found(Person, referral.person_id).seen(form.on.data)
        flash(_("Merci, c’est dans son histoire."))
    return _back(referral)


@bp.post("/<uuid:referral_id>/annulation")
@may("refer")
def create_cancellation(referral_id: UUID) -> ResponseReturnValue:
    """Call it off; its link says no more than that nobody waits."""
    referral, form = _referral(referral_id), ReasonForm()
    if referral.state in OPEN:
        if not form.validate_on_submit():
            return _page(referral, reason=form), 422
        referral.end(ReferralState.cancelled, today_in(g.collective.time_zone), form.reason.data)
        flash(_("La demande est annulée. Son lien ne sert plus."))
    return _back(referral)
