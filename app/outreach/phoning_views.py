"""Social phoning: the list, the queue that hands each caller the next number, the script to read aloud."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select

from app.db import db, new_id, now
from app.languages import clock, of, written_date
from app.outreach import bp
from app.outreach.kinds import shows
from app.outreach.last_call import last_call, take_back_call
from app.outreach.models import OutreachKind, Round
from app.outreach.numbers import MOST_LINES
from app.outreach.pasting import TooManyLines, paste
from app.outreach.phoning import (
    Call,
    CallOutcome,
    PhoneNumber,
    PhoneScript,
    callable_from,
    calls_of,
    log_call,
    next_number,
    rules,
)
from app.outreach.phoning_forms import CALL_NAMES, CallForm, ListForm, ScriptForm
from app.outreach.views import own_round
from app.pages import id_from, page
from app.phone_numbers import spoken
from tenants import journal
from tenants.access import may, refuse
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here


def own_words() -> str:
    """The text offered until the coordination writes its own."""
    return _(
        "Bonjour, je suis bénévole du collectif engagé solidaire %(of_place)s. Nous appelons les habitantes et les habitants pour prendre "
        "des nouvelles, rien à vendre. Est-ce un bon moment ? Comment allez-vous ces temps-ci ? Avez-vous un peu de monde autour de vous ? "
        "Aimeriez-vous que quelqu’un passe, ou qu’on vous rappelle ? Merci de m’avoir parlé. Bonne journée.",
        of_place=of(g.collective.name),
    )


@shows(OutreachKind.phoning)
def gather_calls(round_: Round) -> dict[str, Any]:
    """Attempts, contacts, and how many numbers wait."""
    calls = calls_of(round_.id)
    said = _(
        "%(calls)s, %(reached)s.",
        calls=ngettext("%(num)d appel", "%(num)d appels", calls.attempts),
        reached=ngettext("%(num)d personne jointe", "%(num)d personnes jointes", calls.contacts),
    )
    last = last_call(round_, current_user.id)
    return {"summary": said, "calls": calls, "last": last, "call_names": CALL_NAMES, "not_yet": _not_yet(round_) if calls.waiting else None}


def _not_yet(round_: Round) -> str | None:
    """When the next number can be called, if that is not now."""
    first = callable_from(round_.id, current_user.id)
    if first is None or first <= now():
        return None
    # The minute that has begun would still be too early.
    local = (first + timedelta(seconds=59)).astimezone(ZoneInfo(g.collective.time_zone))
    return _("Le prochain pourra être appelé %(day)s, à partir de %(hour)s.", day=written_date(local.date(), "EEEE d MMMM"), hour=clock(local.time()))


def phoning_round(round_id: UUID) -> Round:
    """A phoning round one may note in; 404 for one of another kind."""
    round_ = own_round(round_id)
    if round_.kind != OutreachKind.phoning:
        refuse("not a phoning round")
    return round_


@bp.get("/tournees/<uuid:round_id>/numeros")
@may("prepare buildings")
def new_numbers(round_id: UUID) -> ResponseReturnValue:
    """Where a list is pasted."""
    return page("outreach/phoning_list.html", form=ListForm(), round=phoning_round(round_id), pasted=None)


@bp.post("/tournees/<uuid:round_id>/numeros")
@may("prepare buildings")
def create_numbers(round_id: UUID) -> ResponseReturnValue:
    """Add the good lines; say of each other one why it was left out."""
    round_ = phoning_round(round_id)
    form = ListForm()
    trouble = _closed(round_)
    if trouble:
        form.numbers.errors = [trouble]
    elif form.validate_on_submit():
        try:
            pasted = paste(round_, form.numbers.data or "", again=request.form.get("again") == "oui")
        except TooManyLines:
            form.numbers.errors = [_("Plus de %(most)d lignes : rien n’est enregistré. Collez la liste en plusieurs fois.", most=MOST_LINES)]
        else:
            if not pasted.is_plain:
                return page("outreach/phoning_list.html", form=ListForm(formdata=None), round=round_, pasted=pasted)
            flash(ngettext("Un numéro ajouté.", "%(num)d numéros ajoutés.", pasted.added))
            return redirect(url_for("workspace.outreach.show", round_id=round_.id))
    return page("outreach/phoning_list.html", form=form, round=round_, pasted=None), 422


def _closed(round_: Round) -> str | None:
    return _("La tournée est terminée. La coordination peut la rouvrir.") if round_.is_closed else None


def _early(round_: Round) -> str | None:
    later = round_.day > today_in(g.collective.time_zone)
    return _("Cette tournée est prévue pour plus tard. On appelle le jour même.") if later else _closed(round_)


@bp.post("/tournees/<uuid:round_id>/suivant")
@may("log an encounter")
def create_hold(round_id: UUID) -> ResponseReturnValue:
    """Hand the next number to the caller."""
    round_ = phoning_round(round_id)
    trouble = _early(round_)
    number = None if trouble else next_number(round_, current_user.id)
    if number is None:
        none_left = _("Plus de numéro à appeler pour le moment : les autres sont en pause, ou déjà donnés à quelqu’un de l’équipe.")
        flash(trouble or " ".join(filter(None, (none_left, _not_yet(round_)))), "warning")
        return redirect(url_for("workspace.outreach.show", round_id=round_.id))
    return redirect(url_for("workspace.outreach.show_number", round_id=round_.id, number_id=number.id))


def held_number(round_: Round, number_id: UUID) -> PhoneNumber:
    """A number of this round that one holds; 404 for one of another round, or that another caller was given."""
    number = found(PhoneNumber, number_id)
    if number.round_id != round_.id or number.held_by != current_user.id:
        refuse("not the caller of this number")
    return number


def called_number(round_: Round, number: PhoneNumber) -> None:
    """Refuse a call to a number that one neither holds nor still owes the end of a call: a long talk outlasts the quarter of an hour."""
    if number.round_id != round_.id or not (number.held_by == current_user.id or _owes_its_end(number)):
        refuse("not the caller of this number")


def _owes_its_end(number: PhoneNumber) -> bool:
    lines = (journal.JournalLine.subject_id == number.id, journal.JournalLine.user_id == current_user.id, journal.JournalLine.act == "read")
    shown = db.session.scalar(select(sa.func.max(journal.JournalLine.at)).where(*lines))
    told = db.session.scalar(select(sa.func.max(Call.at)).where(Call.phone_number_id == number.id, Call.by_user == current_user.id))
    return number.number_sealed is not None and shown is not None and (told is None or told < shown)


@bp.get("/tournees/<uuid:round_id>/numeros/<uuid:number_id>")
@may("log an encounter")
def show_number(round_id: UUID, number_id: UUID) -> ResponseReturnValue:
    """The number, large, with the script and the outcomes."""
    round_ = phoning_round(round_id)
    number = held_number(round_, number_id)
    journal.note("read", "phone_number", number.id)
    return _call_page(round_, number, CallForm(formdata=None, id=str(new_id())))


def _call_page(round_: Round, number: PhoneNumber, form: CallForm) -> str:
    own = rules()
    dialled = number.number or ""
    shown = spoken(dialled) if dialled else ""
    return page(
        "outreach/phoning_call.html", round=round_, number=number, dialled=dialled, shown=shown, form=form, script=own.text if own else own_words()
    )


@bp.post("/tournees/<uuid:round_id>/numeros/<uuid:number_id>/appels")
@may("log an encounter")
def create_call(round_id: UUID, number_id: UUID) -> ResponseReturnValue:
    """Note how the call ended, and go on to the next number."""
    round_ = phoning_round(round_id)
    number = found(PhoneNumber, number_id)
    form = CallForm()
    call_id = id_from(form.id.data)
    if number.round_id == round_.id and _known(call_id):
        # Sent twice: the first time was taken.
        return redirect(url_for("workspace.outreach.show", round_id=round_.id))
    called_number(round_, number)
    if not form.validate_on_submit():
        return _call_page(round_, number, form), 422
    # Closed while the call went on: it is kept all the same, and counted.
    log_call(round_, number, CallOutcome(form.outcome.data), call_id, g.collective.time_zone, form.call_back_on.data)
    flash(_("C’est noté."))
    return redirect(url_for("workspace.outreach.show", round_id=round_.id))


def _known(call_id: UUID) -> bool:
    return db.session.get(Call, (here(), call_id)) is not None


@bp.post("/tournees/<uuid:round_id>/appels/annulation")
@may("log an encounter")
def create_call_undo(round_id: UUID) -> ResponseReturnValue:
    """Take one's last call back and say again how it ended. The call is named, so that undoing twice does not undo two."""
    round_ = phoning_round(round_id)
    number = take_back_call(round_, id_from(request.form.get("undone")))
    if number is None:
        flash(_("Cet appel ne se corrige plus : la tournée est terminée, ou le numéro a été appelé depuis."), "warning")
        return redirect(url_for("workspace.outreach.show", round_id=round_.id))
    return redirect(url_for("workspace.outreach.show_number", round_id=round_.id, number_id=number.id))


@bp.get("/script")
@may("plan a round")
def edit_script() -> ResponseReturnValue:
    """The script to read aloud, and the rules of the queue."""
    own = rules()
    return page("outreach/phoning_script.html", form=ScriptForm(obj=own) if own else ScriptForm(text=own_words()))


@bp.post("/script")
@may("plan a round")
def update_script() -> ResponseReturnValue:
    """Keep the collective's own words and rules."""
    form = ScriptForm()
    if not form.validate_on_submit():
        return page("outreach/phoning_script.html", form=form), 422
    own = rules()
    if own is None:
        own = PhoneScript(text="", attempts=0, pause_days=0)
        db.session.add(own)
    own.text = (form.text.data or "").strip()
    own.attempts, own.pause_days = form.attempts.data or 1, form.pause_days.data or 1
    journal.note("wrote", "phone_script", own.id)
    flash(_("C’est enregistré."))
    return redirect(url_for("workspace.outreach.index"))
