"""Rounds: planned, run, closed, reopened."""

from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.db import db, new_id, now
from app.outreach import bp
from app.outreach.forms import KIND_NAMES, PRECISE, ClosureForm, ReopeningForm, RoundForm
from app.outreach.kinds import gather, offered
from app.outreach.last_lines import last_lines_of
from app.outreach.models import OutreachKind, Round, RoundState
from app.outreach.pasting import leave_to_others
from app.outreach.queries import RoundList, is_in_team, team_of
from app.pages import id_from, page
from app.paging import page_number
from tenants import journal, ledger
from tenants.access import allowed, may, refuse
from tenants.models import Role, members
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here


def in_team(round_: Round) -> bool:
    """Whether the present member may note in this round: of its team, or coordinating."""
    return allowed("plan a round") or is_in_team(round_.id, g.membership.id)


def own_round(round_id: UUID, kind: OutreachKind | None = None) -> Round:
    """The round, for those who may note in it; 404 for others, and for a round of another kind where one is asked for."""
    round_ = found(Round, round_id)
    if not in_team(round_):
        refuse("not in the team")
    if kind not in (None, round_.kind):
        refuse("a round of another kind")
    return round_


def closed_to_notes(round_: Round) -> str | None:
    """Why nothing is noted in this round now; None if it is open."""
    if round_.is_closed:
        return _("La tournée est terminée. La coordination peut la rouvrir.")
    if round_.day > today_in(g.collective.time_zone):
        return _("Cette tournée est prévue pour plus tard. On note le jour même.")
    return None


def why_not(round_: Round) -> str | None:
    """Why the present member notes nothing in this round now; None if they may."""
    return closed_to_notes(round_) if in_team(round_) else _("Vous n’êtes pas de cette tournée : vous la voyez, vous n’y notez rien.")


def too_late(round_: Round) -> str | None:
    """Why a line that was sent is not kept. What was on its way when someone closed the round is: it counts, and the round says so."""
    return None if round_.takes_last_lines else closed_to_notes(round_)


def _form(round_: Round | None = None) -> RoundForm:
    team = db.session.scalars(members(Role.coordinator, Role.volunteer)).all()
    chosen = {each.id: each for each in team_of(round_.id)[round_.id]} if round_ else {}
    form = RoundForm(obj=round_) if round_ else RoundForm(id=str(new_id()))
    if round_ is None:
        form.kind.choices = [(kind.value, KIND_NAMES[kind]) for kind in offered()]
    else:
        # What was noted belongs to its kind, and to a day that has come.
        del form.kind
        form.begun = round_.state != RoundState.planned
    # Someone who left the collective stays in the rounds they went on.
    form.team.choices = [(str(each.id), each.display_name) for each in {**chosen, **{each.id: each for each in team}}.values()]
    if round_ and not form.is_submitted():
        form.team.data = [str(each) for each in chosen]
    return form


@bp.get("/")
@may("see rounds")
def index() -> ResponseReturnValue:
    """Rounds to come and under way, or those that are closed."""
    shown = RoundList(request.args.get("liste") == "terminees", page_number(), today_in(g.collective.time_zone))
    return page("outreach/index.html", shown=shown, closed=shown.closed)


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
        round_ = Round(id=round_id, kind=OutreachKind(form.kind.data), planned_by=current_user.id)
        _fill(round_, form)
        journal.note("planned", "round", round_.id)
    flash(_("C’est prêt. La suite se prépare ici, maintenant ou sur place."))
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
    return page(
        "outreach/show.html",
        round=round_,
        team=team_of(round_id)[round_id],
        mine=in_team(round_),
        today=today_in(g.collective.time_zone),
        after_closing=last_lines_of(round_),
        precise=PRECISE[round_.kind],
        **gather(round_),
    )


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
    return page("outreach/closure.html", form=form, round=round_, summary=gather(round_)["summary"])


@bp.post("/tournees/<uuid:round_id>/cloture")
@may("close a round")
def create_closure(round_id: UUID) -> ResponseReturnValue:
    """Close the round."""
    round_ = own_round(round_id)
    form = ClosureForm(round_)
    if not form.validate_on_submit():
        return page("outreach/closure.html", form=form, round=round_, summary=gather(round_)["summary"]), 422
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
    left = leave_to_others(round_) if round_.is_closed and round_.kind == OutreachKind.phoning else 0
    if round_.is_closed:
        round_.reopen((form.reason.data or "").strip())
    flash(_("La tournée est rouverte."))
    if left:
        said = ngettext(
            "Un numéro est laissé de côté : il attend maintenant dans une autre tournée, ou il y a été appelé depuis.",
            "%(num)d numéros sont laissés de côté : ils attendent maintenant dans une autre tournée, ou ils y ont été appelés depuis.",
            left,
        )
        flash(said, "info")
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))
