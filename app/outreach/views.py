"""Rounds: planned, run, closed, reopened."""

from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, new_id, now
from app.outreach import bp
from app.outreach.forms import ClosureForm, ReopeningForm, RoundForm
from app.outreach.models import OutreachKind, Round
from app.outreach.queries import Tally, buildings_of, rounds, tallies_of, team_of
from app.pages import id_from, page
from app.paging import sheet
from tenants import journal, ledger
from tenants.access import allowed, may, refuse
from tenants.models import Role, members
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here


def in_team(round_: Round) -> bool:
    """Whether the present member may note in this round: of its team, or coordinating."""
    return allowed("plan a round") or any(each.id == g.membership.id for each in team_of(round_.id)[round_.id])


def own_round(round_id: UUID) -> Round:
    """The round, for those who may note in it; 404 for others."""
    round_ = found(Round, round_id)
    if not in_team(round_):
        refuse("not in the team")
    return round_


def _form(round_: Round | None = None) -> RoundForm:
    team = db.session.scalars(members(Role.coordinator, Role.volunteer)).all()
    chosen = {each.id: each for each in team_of(round_.id)[round_.id]} if round_ else {}
    form = RoundForm(obj=round_) if round_ else RoundForm(id=str(new_id()))
    # Someone who left the collective stays in the rounds they went on.
    form.team.choices = [(str(each.id), each.display_name) for each in {**chosen, **{each.id: each for each in team}}.values()]
    if round_ and not form.is_submitted():
        form.team.data = [str(each) for each in chosen]
    return form


@bp.get("/")
@may("see rounds")
def index() -> ResponseReturnValue:
    """Rounds to come and under way, or those that are closed."""
    closed = request.args.get("liste") == "terminees"
    shown = sheet(rounds(closed))
    return page("outreach/index.html", sheet=shown, closed=closed, today=today_in(g.collective.time_zone))


@bp.get("/tournees/nouvelle")
@may("plan a round")
def new() -> ResponseReturnValue:
    """Where, when, who."""
    return page("outreach/new.html", form=_form(), round=None)


@bp.post("/tournees")
@may("plan a round")
def create() -> ResponseReturnValue:
    """Plan a round."""
    form = _form()
    if not form.validate_on_submit():
        return page("outreach/new.html", form=form, round=None), 422
    round_id = id_from(form.id.data)
    round_ = db.session.get(Round, (here(), round_id))
    if round_ is None:
        round_ = Round(id=round_id, kind=OutreachKind.door_to_door, planned_by=current_user.id)
        _fill(round_, form)
        journal.note("planned", "round", round_.id)
    flash(_("La tournée est prête. Ajoutez les immeubles ou les rues, maintenant ou sur place."))
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))


def _fill(round_: Round, form: RoundForm) -> None:
    round_.area, round_.day, round_.companions = (form.area.data or "").strip(), form.day.data or round_.day, form.companions.data or 0
    db.session.add(round_)
    # The team's rows need the round's.
    db.session.flush()
    round_.compose([UUID(each) for each in form.team.data or []])


@bp.get("/tournees/<uuid:round_id>")
@may("see rounds")
def show(round_id: UUID) -> ResponseReturnValue:
    """One round: team, buildings, progress, and what to do next."""
    round_ = found(Round, round_id)
    buildings = db.session.scalars(buildings_of(round_id)).all()
    tallies = tallies_of(round_id)
    return page(
        "outreach/show.html",
        round=round_,
        team=team_of(round_id)[round_id],
        buildings=[(each, tallies.get(each.id, Tally())) for each in buildings],
        total=sum_of(tallies),
        mine=in_team(round_),
        today=today_in(g.collective.time_zone),
    )


def sum_of(tallies: dict[UUID, Tally]) -> Tally:
    """All buildings together."""
    total = Tally()
    for each in tallies.values():
        for outcome in Tally.__slots__:
            setattr(total, outcome, getattr(total, outcome) + getattr(each, outcome))
    return total


@bp.get("/tournees/<uuid:round_id>/modifier")
@may("plan a round")
def edit(round_id: UUID) -> ResponseReturnValue:
    """Change area, date or team."""
    round_ = found(Round, round_id)
    return page("outreach/new.html", form=_form(round_), round=round_)


@bp.post("/tournees/<uuid:round_id>/modifier")
@may("plan a round")
def update(round_id: UUID) -> ResponseReturnValue:
    """Change it; both months are counted again when the date moves from one to another."""
    round_ = found(Round, round_id)
    form = _form(round_)
    if not form.validate_on_submit():
        return page("outreach/new.html", form=form, round=round_), 422
    ledger.mark(round_.day)
    _fill(round_, form)
    ledger.mark(round_.day)
    journal.note("changed", "round", round_.id)
    flash(_("C’est enregistré."))
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))


def _duration(round_: Round) -> int | None:
    if round_.minutes or round_.started_at is None:
        return round_.minutes
    minutes = int((now() - round_.started_at).total_seconds() // 60)
    # A guess only when it is one: a round typed in from paper lasted longer than its typing.
    return minutes if 20 <= minutes <= 360 else None


@bp.get("/tournees/<uuid:round_id>/cloture")
@may("close a round")
def new_closure(round_id: UUID) -> ResponseReturnValue:
    """How long did it take?"""
    round_ = own_round(round_id)
    form = ClosureForm(round_, minutes=_duration(round_))
    return page("outreach/closure.html", form=form, round=round_, total=sum_of(tallies_of(round_id)))


@bp.post("/tournees/<uuid:round_id>/cloture")
@may("close a round")
def create_closure(round_id: UUID) -> ResponseReturnValue:
    """Close the round."""
    round_ = own_round(round_id)
    form = ClosureForm(round_)
    if not form.validate_on_submit():
        return page("outreach/closure.html", form=form, round=round_, total=sum_of(tallies_of(round_id))), 422
    round_.close(form.minutes.data or 0)
    flash(_("La tournée est terminée. Merci à vous."))
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))


@bp.get("/tournees/<uuid:round_id>/reouverture")
@may("reopen a round")
def new_reopening(round_id: UUID) -> ResponseReturnValue:
    """Why open it again?"""
    return page("outreach/reopening.html", form=ReopeningForm(), round=found(Round, round_id))


@bp.post("/tournees/<uuid:round_id>/reouverture")
@may("reopen a round")
def create_reopening(round_id: UUID) -> ResponseReturnValue:
    """Open it again, with the reason kept."""
    round_ = found(Round, round_id)
    form = ReopeningForm()
    if not form.validate_on_submit():
        return page("outreach/reopening.html", form=form, round=round_), 422
    if round_.is_closed:
        round_.reopen((form.reason.data or "").strip())
    flash(_("La tournée est rouverte."))
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))
