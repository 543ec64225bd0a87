"""Asking after someone, and how long a silence is: for all, and for one."""

from uuid import UUID

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.db import db, new_id, now
from app.followup import bp
from app.followup.care_words import OUTCOME_WORDS
from app.followup.silence import CallOutcome, SilenceRule, call, default_days, rule_of, set_default
from app.followup.silence_forms import CheckInForm, SilenceDefaultForm, SilenceRuleForm
from app.pages import id_from, page
from app.people.models import OPEN_STAGES, Person
from app.people.queries import own_person
from app.people.tasks import settle_kind
from tenants import journal
from tenants.access import may
from tenants.months import today_in
from tenants.scope import place


@bp.get("/personnes/<uuid:person_id>/appel")
@may("write to a file")
def new_check_in(person_id: UUID) -> ResponseReturnValue:
    """The number, and four ways for a call to end."""
    person = own_person(person_id)
    journal.note("read", "person", person.id)
    return page("followup/check_in.html", form=CheckInForm(formdata=None, id=str(new_id())), person=person, words=OUTCOME_WORDS)


@bp.post("/personnes/<uuid:person_id>/appels")
@may("write to a file")
def create_check_in(person_id: UUID) -> ResponseReturnValue:
    """Keep the call."""
    person = own_person(person_id)
    form = CheckInForm()
    if not form.validate_on_submit():
        return page("followup/check_in.html", form=form, person=person, words=OUTCOME_WORDS), 422
    outcome = CallOutcome(form.outcome.data)
    call(person, outcome, today_in(g.collective.time_zone), id_from(form.id.data))
    if outcome == CallOutcome.needs:
        flash(_("L’appel est noté. Dites en deux mots ce dont %(name)s a besoin.", name=person.name))
        return redirect(url_for("workspace.people.new_telling", person_id=person.id))
    flash(_("C’est noté, merci d’avoir appelé.") if outcome == CallOutcome.well else _("C’est noté. Nous vous le proposerons de nouveau demain."))
    return redirect(url_for("workspace.people.show", person_id=person.id))


@bp.get("/personnes/<uuid:person_id>/veille")
@may("write to a file")
def edit_watch(person_id: UUID) -> ResponseReturnValue:
    """When is one asked to call this person?"""
    person, rule = own_person(person_id), rule_of(person_id)
    values = {"days": rule.days, "paused_until": rule.paused_until, "paused_because": rule.paused_because} if rule else {}
    return page("followup/watch_rule.html", form=SilenceRuleForm(formdata=None, **values), person=person, days=default_days())


@bp.post("/personnes/<uuid:person_id>/veille")
@may("write to a file")
def update_watch(person_id: UUID) -> ResponseReturnValue:
    """Other days, or a pause."""
    person = own_person(person_id)
    form = SilenceRuleForm()
    if not form.validate_on_submit():
        return page("followup/watch_rule.html", form=form, person=person, days=default_days()), 422
    rule = rule_of(person.id)
    if rule is None:
        rule = SilenceRule(person_id=person.id)
        db.session.add(rule)
    rule.days, rule.paused_until, rule.by_user, rule.at = form.days.data or None, form.paused_until.data, place().user_id, now()
    rule.paused_because = form.paused_because.data if form.paused_until.data else None
    journal.note("changed the watch", "person", person.id)
    flash(_("C’est enregistré."))
    return redirect(url_for("workspace.people.show", person_id=person.id))


@bp.get("/veille")
@may("steer a file")
def edit_default() -> ResponseReturnValue:
    """How long a silence is for all, and for whom it is different."""
    return _watch(SilenceDefaultForm(formdata=None, days=default_days()))


@bp.post("/veille")
@may("steer a file")
def update_default() -> ResponseReturnValue:
    """Change it, and ask again who waits."""
    form = SilenceDefaultForm()
    if not form.validate_on_submit():
        return _watch(form), 422
    set_default(int(form.days.data or 0))
    settle_kind("silence")
    flash(_("C’est enregistré."))
    return redirect(url_for("workspace.followup.edit_default"))


def _watch(form: SilenceDefaultForm) -> str:
    joined = (Person.collective_id == SilenceRule.collective_id) & (Person.id == SilenceRule.person_id)
    query = select(Person, SilenceRule).join(SilenceRule, joined).where(Person.stage.in_(OPEN_STAGES))
    rows = sorted(((person.name or "", person, rule) for person, rule in db.session.execute(query)), key=lambda row: row[0])
    today = today_in(g.collective.time_zone)
    return page("followup/watch.html", form=form, rows=[row for row in rows if row[2].days or row[2].is_paused(today)], today=today)
