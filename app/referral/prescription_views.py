"""Prescriptions, as the coordination reads and decides them."""

from datetime import date
from uuid import UUID

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app.db import db, new_id
from app.languages import of
from app.pages import id_from, page
from app.paging import sheet
from app.people.models import FoundBy, Person
from app.people.opening import open_file
from app.people.queries import names_of
from app.phone_numbers import first_in, spoken
from app.referral import bp
from app.referral.hints import choices_of, resembling, twins
from app.referral.partners import Partner
from app.referral.prescription_forms import DecisionForm, InformedForm, MatchForm, MeetForm
from app.referral.prescription_tasks import ask_again
from app.referral.prescription_words import ANSWER_NAMES, DECISION_NAMES, HOW_NAMES, KNOWS_NAMES, PARTNER_NAMES
from app.referral.prescriptions import Decision, InformedHow, Prescription, decided, undecided, uninformed
from tenants.access import may
from tenants.journal import lines_about
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here

OPENED = 50


def acts() -> dict[str, str]:
    """What the journal's verbs say of a prescription."""
    return {
        "received": _("l’a envoyée"),
        "read": _("l’a lue"),
        "informed": _("a noté que la personne est informée"),
        "decided": _("a décidé"),
        "reopened": _("a repris la décision"),
    }


def _today() -> date:
    return today_in(g.collective.time_zone)


def _person_of(prescription: Prescription) -> Person | None:
    return db.session.get(Person, (here(), prescription.person_id)) if prescription.person_id else None


@bp.get("/prescriptions/")
@may("decide on prescriptions")
def index_prescriptions() -> ResponseReturnValue:
    """Those that wait, the nearest month's end first; then those that were decided."""
    waiting = db.session.scalars(undecided().options(joinedload(Prescription.partner))).all()
    return page(
        "referral/prescriptions.html",
        waiting=waiting,
        done=sheet(decided().options(joinedload(Prescription.partner))),
        to_inform={each.id for each in db.session.scalars(uninformed())},
        today=_today(),
        names=DECISION_NAMES,
        knows=KNOWS_NAMES,
    )


def _show(prescription: Prescription, **forms: object) -> str:
    person, today = _person_of(prescription), _today()
    lines = db.session.scalars(lines_about(prescription.id).limit(OPENED)).all()
    match = MatchForm(formdata=None)
    match.person.choices = choices_of(prescription) if prescription.decision is None else []
    shown: dict[str, object] = {
        "informed": InformedForm(prescription, formdata=None, informed_on=today),
        "match": match,
        "ending": DecisionForm(prescription, formdata=None),
        **forms,
    }
    return page(
        "referral/prescription.html",
        prescription=prescription,
        partner=found(Partner, prescription.partner_id),
        person=person,
        ticks=prescription.ticks(person),
        today=today,
        phone=first_in(prescription.reached),
        alike=resembling(prescription) if prescription.decision is None else [],
        twins=twins(prescription) if prescription.decision is None else [],
        lines=lines,
        acts=acts(),
        members=names_of([each.user_id for each in lines]),
        words={"knows": KNOWS_NAMES, "kinds": PARTNER_NAMES, "how": HOW_NAMES, "decisions": DECISION_NAMES, "answers": ANSWER_NAMES},
        **shown,
    )


def _back(prescription: Prescription) -> ResponseReturnValue:
    return redirect(url_for("workspace.referral.show_prescription", prescription_id=prescription.id))


@bp.get("/prescriptions/<uuid:prescription_id>")
@may("decide on prescriptions")
def show_prescription(prescription_id: UUID) -> ResponseReturnValue:
    """What the partner wrote, who may know them, and what can be done. Reading it is written to the journal."""
    prescription = found(Prescription, prescription_id)
    prescription.read()
    return _show(prescription)


@bp.post("/prescriptions/<uuid:prescription_id>/information")
@may("decide on prescriptions")
def create_information(prescription_id: UUID) -> ResponseReturnValue:
    """The person was told: the clock stops."""
    prescription = found(Prescription, prescription_id)
    form = InformedForm(prescription)
    if not form.validate_on_submit():
        return _show(prescription, informed=form), 422
    prescription.inform(form.informed_on.data, InformedHow(form.informed_how.data))
    ask_again()
    flash(_("C’est noté : la personne le sait."))
    return _back(prescription)


@bp.post("/prescriptions/<uuid:prescription_id>/deja-connue")
@may("decide on prescriptions")
def create_match(prescription_id: UUID) -> ResponseReturnValue:
    """It is someone who has a file."""
    prescription, form = found(Prescription, prescription_id), MatchForm()
    form.person.choices = choices_of(prescription)
    if prescription.decision is not None:
        return _back(prescription)
    if not form.validate_on_submit():
        return _show(prescription, match=form), 422
    prescription.decide(Decision.already_known, _today(), person_id=UUID(form.person.data))
    ask_again()
    flash(_("C’est noté. Le partenaire lira « suite donnée », et rien d’autre."))
    return _back(prescription)


@bp.post("/prescriptions/<uuid:prescription_id>/decision")
@may("decide on prescriptions")
def create_decision(prescription_id: UUID) -> ResponseReturnValue:
    """An end without a file: passed on, not reachable, no wish, a death."""
    prescription = found(Prescription, prescription_id)
    form = DecisionForm(prescription)
    if prescription.decision is not None:
        return _back(prescription)
    if not form.validate_on_submit():
        return _show(prescription, ending=form), 422
    prescription.decide(Decision(form.decision.data), _today(), passed_to=form.relay)
    ask_again()
    flash(_("C’est noté. Dans trente jours, tout ce qui la nomme sera effacé."))
    return _back(prescription)


@bp.post("/prescriptions/<uuid:prescription_id>/decision/retrait")
@may("decide on prescriptions")
def delete_decision(prescription_id: UUID) -> ResponseReturnValue:
    """Take back a decision that opened no file."""
    prescription = found(Prescription, prescription_id)
    if prescription.can_reopen:
        prescription.reopen()
        ask_again()
        flash(_("La décision est retirée. La prescription attend de nouveau."))
    return _back(prescription)


@bp.get("/prescriptions/<uuid:prescription_id>/fiche")
@may("decide on prescriptions")
def new_file(prescription_id: UUID) -> ResponseReturnValue:
    """A file, begun with what the partner wrote. First the person knows."""
    prescription = found(Prescription, prescription_id)
    if prescription.decision is not None or not prescription.is_told:
        return _not_yet(prescription)
    phone = first_in(prescription.reached)
    # A number alone stands in its own field; "02 61 91 00 12, le matin" says more than a number.
    reached = prescription.reached if not phone or any(each.isalpha() for each in prescription.reached or "") else ""
    values = {"name": prescription.whom, "reached": reached, "phone": spoken(phone) if phone else "", "languages": ["fr"]}
    return page("referral/new_file.html", form=MeetForm(formdata=None, id=str(new_id()), given_on=_today(), **values), prescription=prescription)


def _not_yet(prescription: Prescription) -> ResponseReturnValue:
    if prescription.decision is None:
        flash(_("Dites-lui d’abord qu’on nous a écrit à son sujet, et notez-le ici. Sa fiche s’ouvre ensuite, avec son accord."), "warning")
    return _back(prescription)


@bp.post("/prescriptions/<uuid:prescription_id>/fiche")
@may("decide on prescriptions")
def create_file(prescription_id: UUID) -> ResponseReturnValue:
    """Open the file with the person's agreement: the collective will meet them."""
    prescription, form = found(Prescription, prescription_id), MeetForm()
    if prescription.decision is not None or not prescription.is_told:
        return _not_yet(prescription)
    if not form.validate_on_submit():
        return page("referral/new_file.html", form=form, prescription=prescription), 422
    agreement = (UUID(form.agreed_to.data), form.given_on.data, form.words.data or "")
    person = open_file(id_from(form.id.data), form.values(), FoundBy.prescription, prescription.received_on, agreement)
    prescription.decide(Decision.meet, _today(), person_id=person.id)
    ask_again()
    flash(_("La fiche %(of_name)s est ouverte.", of_name=of(person.name)))
    return redirect(url_for("workspace.people.show", person_id=person.id))
