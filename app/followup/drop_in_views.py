"""Permanences one by one: the list, a day, its hosts, moving it, cancelling it, who is to be phoned."""

from typing import Any
from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, new_id
from app.followup import bp
from app.followup.attendance import came_lately, counted, referred_from
from app.followup.drop_ins import DropIn, coming, past, subjects_of
from app.followup.forms import BecauseForm, DropInForm
from app.followup.gathering_watch import announce_permanences, ask_about_permanences
from app.followup.gatherings import Because, GatheringState, become, mark
from app.followup.rules import DropInRule, rules_now
from app.followup.views import names_of_team
from app.followup.words import rule_words
from app.pages import id_from, page
from app.paging import sheet
from app.people.queries import by_name, visible
from app.people.words import NEED_NAMES
from tenants import journal
from tenants.access import may
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here
from workers.queue import later

REMEMBERED = 3


@bp.get("/permanences/")
@may("see the follow-up")
def index_drop_ins() -> ResponseReturnValue:
    """Rules in words, and the days they give: those to come, or with ?liste=passees those that were."""
    today, gone = today_in(g.collective.time_zone), request.args.get("liste") == "passees"
    shown = sheet(past(today) if gone else coming(today))
    return page(
        "followup/drop_ins.html",
        sheet=shown,
        gone=gone,
        came=counted(DropIn.noun, *(each.id for each in shown.rows)) if gone else {},
        rules=[(each, rule_words(each)) for each in rules_now(today)],
        usual={each.where for each in rules_now(today)},
        names=names_of_team(),
        today=today,
    )


@bp.get("/permanences/nouvelle")
@may("set the permanences")
def new_drop_in() -> ResponseReturnValue:
    """One more, outside of the rule."""
    rule: Any = next(iter(rules_now(today_in(g.collective.time_zone))), None)
    hours = {"begins": rule.begins, "ends": rule.ends, "where": rule.where} if rule else {}
    return page("followup/drop_in_form.html", form=DropInForm(formdata=None, id=str(new_id()), **hours), drop_in=None)


@bp.post("/permanences/")
@may("set the permanences")
def create_drop_in() -> ResponseReturnValue:
    """Add a permanence."""
    form = DropInForm()
    if not form.validate_on_submit():
        return page("followup/drop_in_form.html", form=form, drop_in=None), 422
    drop_in_id = id_from(form.id.data)
    if db.session.get(DropIn, (here(), drop_in_id)) is None:
        one, other = form.hosts
        drop_in = DropIn(id=drop_in_id, planned_on=form.day.data, day=form.day.data, one_id=one, other_id=other, **form.values())
        db.session.add(drop_in)
        journal.note("planned", "drop_in", drop_in_id)
        mark(drop_in.day)
        ask_about_permanences()
        announce_permanences()
    return redirect(url_for("workspace.followup.show_drop_in", drop_in_id=drop_in_id))


@bp.get("/permanences/<uuid:drop_in_id>")
@may("see the follow-up")
def show_drop_in(drop_in_id: UUID) -> ResponseReturnValue:
    """One permanence: who hosts, what became of it, how many came."""
    drop_in = found(DropIn, drop_in_id)
    rule = db.session.get(DropInRule, (here(), drop_in.rule_id)) if drop_in.rule_id else None
    return page(
        "followup/drop_in.html",
        drop_in=drop_in,
        rule=rule_words(rule, begins_a_sentence=False) if rule else None,
        came=counted(DropIn.noun, drop_in.id)[drop_in.id],
        subjects=[NEED_NAMES[each] for each in sorted(subjects_of(drop_in.id).get(drop_in.id, ())) if each in NEED_NAMES],
        referred=referred_from(drop_in),
        names=names_of_team(),
        is_host=g.membership.id in drop_in.hosts,
        today=today_in(g.collective.time_zone),
    )


def _too_late(drop_in: DropIn) -> ResponseReturnValue | None:
    """Where to go instead, if it is no longer to come."""
    if drop_in.state == GatheringState.planned:
        return None
    flash(_("Cette permanence a eu lieu ou est annulée : elle ne change plus."), "warning")
    return redirect(url_for("workspace.followup.show_drop_in", drop_in_id=drop_in.id))


@bp.get("/permanences/<uuid:drop_in_id>/modifier")
@may("set the permanences")
def edit_drop_in(drop_in_id: UUID) -> ResponseReturnValue:
    """Another day, other hours, other hosts."""
    drop_in = found(DropIn, drop_in_id)
    values = {name: getattr(drop_in, name) for name in ("day", "begins", "ends", "where")}
    hosts = {"one": str(drop_in.one_id or ""), "other": str(drop_in.other_id or "")}
    return page("followup/drop_in_form.html", form=DropInForm(formdata=None, id=str(drop_in.id), **values, **hosts), drop_in=drop_in)


@bp.post("/permanences/<uuid:drop_in_id>/modifier")
@may("set the permanences")
def update_drop_in(drop_in_id: UUID) -> ResponseReturnValue:
    """Change it; a move is told to the team."""
    drop_in, form = found(DropIn, drop_in_id), DropInForm()
    if elsewhere := _too_late(drop_in):
        return elsewhere
    if not form.validate_on_submit():
        return page("followup/drop_in_form.html", form=form, drop_in=drop_in), 422
    moved = drop_in.move(form.day.data, **form.values())
    drop_in.one_id, drop_in.other_id = form.hosts
    journal.note("changed", "drop_in", drop_in.id)
    ask_about_permanences()
    if moved:
        announce_permanences()
        later("send_drop_in_notice", drop_in.id)
        flash(_("C’est changé. L’équipe reçoit un mail ; pensez à celles et ceux qui n’en ont pas."))
    return redirect(url_for("workspace.followup.show_drop_in", drop_in_id=drop_in.id))


@bp.get("/permanences/<uuid:drop_in_id>/annulation")
@may("set the permanences")
def new_cancellation(drop_in_id: UUID) -> ResponseReturnValue:
    """Why is it cancelled?"""
    return page("followup/because.html", form=BecauseForm(formdata=None), drop_in=found(DropIn, drop_in_id), activity=None, not_held=False)


@bp.post("/permanences/<uuid:drop_in_id>/annulation")
@may("set the permanences")
def create_cancellation(drop_in_id: UUID) -> ResponseReturnValue:
    """Cancel it, and tell the team. Who came lately is then to be phoned."""
    drop_in, form = found(DropIn, drop_in_id), BecauseForm()
    if not form.validate_on_submit():
        return page("followup/because.html", form=form, drop_in=drop_in, activity=None, not_held=False), 422
    if drop_in.state == GatheringState.planned:
        become(drop_in, GatheringState.cancelled, Because(form.because.data), form.because_words.data or None)
        later("send_drop_in_notice", drop_in.id)
        ask_about_permanences()
        announce_permanences()
        flash(_("La permanence est annulée. L’équipe reçoit un mail ; voici qui prévenir par téléphone."))
    return redirect(url_for("workspace.followup.index_calls", drop_in_id=drop_in.id))


@bp.get("/permanences/<uuid:drop_in_id>/prevenir")
@may("note who came")
def index_calls(drop_in_id: UUID) -> ResponseReturnValue:
    """Who came to the last three permanences, and how to reach them: as far as one may know of them."""
    drop_in = found(DropIn, drop_in_id)
    before = db.session.scalars(past(drop_in.day).where(DropIn.state == GatheringState.held).limit(REMEMBERED)).all()
    lately = {each.id for each in came_lately(DropIn.noun, [each.id for each in before])}
    people = by_name([each for each in db.session.scalars(visible()) if each.id in lately])
    return page("followup/calls.html", drop_in=drop_in, people_in=people)


@bp.post("/permanences/<uuid:drop_in_id>/accueillir")
@may("host")
def create_host(drop_in_id: UUID) -> ResponseReturnValue:
    """I will be there."""
    drop_in = found(DropIn, drop_in_id)
    if elsewhere := _too_late(drop_in):
        return elsewhere
    # One hand at a time, so that two who take the last place do not both have it.
    db.session.refresh(drop_in, with_for_update=True)
    drop_in.release(names_of_team())
    if drop_in.host(g.membership.id):
        journal.note("hosts", "drop_in", drop_in.id)
        ask_about_permanences()
        flash(_("C’est noté, merci. Un mail vous le rappellera trois jours avant."))
    else:
        flash(_("Deux personnes se sont déjà inscrites. Vous pouvez venir quand même."), "warning")
    return redirect(url_for("workspace.followup.show_drop_in", drop_in_id=drop_in.id))


@bp.post("/permanences/<uuid:drop_in_id>/laisser")
@may("host")
def delete_host(drop_in_id: UUID) -> ResponseReturnValue:
    """I cannot be there after all."""
    drop_in = found(DropIn, drop_in_id)
    if elsewhere := _too_late(drop_in):
        return elsewhere
    drop_in.unhost(g.membership.id)
    journal.note("hosts no more", "drop_in", drop_in.id)
    ask_about_permanences()
    flash(_("C’est noté. La place est libre pour quelqu’un d’autre."))
    return redirect(url_for("workspace.followup.show_drop_in", drop_in_id=drop_in.id))
