"""What both sides do with a support permanence: one page, the same acts, said by the collective's views and by the network's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, new_id
from app.followup.gathering_watch import ask_about_decisions, ask_about_support
from app.followup.support import NOTE, Mood, Side, SupportDecision, SupportMeeting, decisions_of, meetings, propose
from app.followup.support_forms import DecisionForm, NoteForm, ProposalForm, note_form
from app.followup.support_year import by_month, months_to_tell
from app.followup.words import MOOD_NAMES
from app.pages import id_from, page
from tenants import journal
from tenants.access import refuse
from tenants.months import month_of
from tenants.rows import found


@dataclass(frozen=True, slots=True)
class Seat:
    """Where someone sits at the table: which side, under which name, on which day, and how this side's addresses are made."""

    side: Side
    name: str
    today: date
    # Where this side's pages lie: both include the same parts.
    pages: str
    address: Callable[..., str]


def index_page(seat: Seat, form: ProposalForm | None = None, status: int = 200, **more: Any) -> ResponseReturnValue:
    """All meetings, months without one between them, and a form to propose the next. `rows` are read by whoever has another way to them."""
    form = form or ProposalForm(formdata=None, id=str(new_id()), today=seat.today)
    rows = more["rows"] if "rows" in more else db.session.scalars(meetings()).all()
    values: dict[str, Any] = {"lines": by_month(rows, more["subject"], seat.today), "moods": MOOD_NAMES}
    return page(f"{seat.pages}/supports.html", seat=seat, form=form, month=month_of(seat.today), **(more | values)), status


def propose_dates(seat: Seat, **more: Any) -> ResponseReturnValue:
    """Propose dates for a month."""
    form = ProposalForm(today=seat.today)
    if not form.validate_on_submit():
        return index_page(seat, form, 422, **more)
    dates = form.dates
    meeting = propose(id_from(form.id.data), month_of(dates[0].date()), seat.side, dates, bool(form.online.data), form.where.data or "")
    db.session.flush()  # The journal and the page name the row.
    journal.note("proposed", "support", meeting.id)
    ask_about_support()
    if meeting.day is None:
        flash(_("Les dates sont proposées. L’autre côté en choisit une."))
    else:
        flash(_("Une date est déjà choisie pour ce mois-là."), "warning")
    return redirect(seat.address("show_support", support_id=meeting.id))


def show_page(seat: Seat, meeting: SupportMeeting, status: int = 200, **more: Any) -> ResponseReturnValue:
    """Dates, note, decisions, signatures."""
    values: dict[str, Any] = {"note": note_form(meeting), "decision": DecisionForm(formdata=None, id=str(new_id()), today=seat.today), "changed": []}
    if "decided" not in more:
        values["decided"] = db.session.scalars(decisions_of(meeting.publisher_id, meeting.id)).all()
    values |= {"seat": seat, "meeting": meeting, "moods": MOOD_NAMES, "sides": list(Side), "by": "", "unsigned": False, "reread": False}
    values["tells"] = meeting.month in months_to_tell(more["subject"], seat.today)
    return page(f"{seat.pages}/support.html", **(values | more)), status


def choose_date(seat: Seat, meeting: SupportMeeting) -> ResponseReturnValue:
    """Agree on one of the dates."""
    proposal = request.form.get("proposal", "")
    # One hand at a time: the other side may be signing just now.
    db.session.refresh(meeting, with_for_update=True)
    if meeting.day is not None:
        # The other side, or the same finger, was quicker.
        flash(_("Une date est déjà choisie pour ce mois-là."), "warning")
    elif proposal in meeting.proposed:
        fallen = any(meeting.signed(side) for side in Side)
        meeting.choose(proposal)
        day_is_of_the_note(seat, meeting)
        journal.note("chose a date", "support", meeting.id)
        ask_about_support()
        flash(_("La date est choisie. Elle fait partie de la note : chaque côté signe de nouveau.") if fallen else _("La date est choisie."))
    else:
        flash(_("Choisissez l’une des dates proposées."), "warning")
    return redirect(seat.address("show_support", support_id=meeting.id))


def day_is_of_the_note(seat: Seat, meeting: SupportMeeting) -> None:
    """After a day was set: in a note that is written already it is a change of that note, and what was signed is signed anew."""
    if meeting.is_written:
        meeting.touch(seat.side, seat.name)


def unchoose_date(seat: Seat, meeting: SupportMeeting) -> ResponseReturnValue:
    """The day does not suit after all. Once the note is written the meeting took place."""
    if meeting.is_written:
        flash(_("La note est écrite : la rencontre a eu lieu, sa date ne change plus."), "warning")
    elif meeting.day is not None:
        meeting.unchoose()
        journal.note("took the date back", "support", meeting.id)
        ask_about_support()
        flash(_("La date ne tient plus. Choisissez-en une autre, ou proposez-en de nouvelles."))
    return redirect(seat.address("show_support", support_id=meeting.id))


def write_note(seat: Seat, meeting: SupportMeeting, **more: Any) -> ResponseReturnValue:
    """Write the note. The second of two writers sees what changed meanwhile, signatures too, with all they typed still there."""
    form = NoteForm()
    # One hand at a time, so that what the other hand wrote is seen.
    db.session.refresh(meeting, with_for_update=True)
    if not form.validate_on_submit():
        return show_page(seat, meeting, 422, note=form, **more)
    stands = note_form(meeting)
    changed = [(form[name].label.text, _said(name, stands[name].data)) for name in NOTE if (stands[name].data or "") != (form[name].data or "")]
    # Who sends what stands there already, the same finger twice or both sides alike, changes nothing and is told of nobody.
    if form.version.data != str(meeting.version) and changed:
        form.version.data = form.version.raw_data = str(meeting.version)
        signed = [each for each in (meeting.signed(side) for side in Side) if each]
        by = signed[-1][0] if signed else meeting.written_by
        return show_page(seat, meeting, 409, note=form, changed=changed, by=by, unsigned=bool(signed), **more)
    meeting.write(seat.side, seat.name, mood=Mood(form.mood.data), difficulties=form.difficulties.data or "", needs=form.needs.data or "")
    journal.note("wrote", "support", meeting.id)
    ask_about_support()
    flash(_("La note est enregistrée. L’autre côté la voit. Chaque côté la signe quand elle lui convient."))
    return redirect(seat.address("show_support", support_id=meeting.id))


def _said(name: str, value: str | None) -> str:
    return str(MOOD_NAMES[Mood(value)]) if name == "mood" and value else value or ""


def sign_note(seat: Seat, meeting: SupportMeeting, **more: Any) -> ResponseReturnValue:
    """Sign the note as one has read it: not another one that came meanwhile."""
    # One hand at a time, so that what the other hand wrote is not signed unread.
    db.session.refresh(meeting, with_for_update=True)
    if not meeting.is_written:
        flash(_("Il n’y a encore rien à signer."), "warning")
    elif request.form.get("version") != str(meeting.version) and meeting.signed(seat.side) is None and not _only_signed(meeting):
        return show_page(seat, meeting, 409, by=meeting.written_by, reread=True, **more)
    else:
        meeting.sign(seat.side, seat.name)
        journal.note("signed", "support", meeting.id)
        ask_about_support()
        flash(_("La note est signée de votre côté."))
    return redirect(seat.address("show_support", support_id=meeting.id))


def _only_signed(meeting: SupportMeeting) -> bool:
    # The other side's signature is no change of the text: it counts one version, and both may sign at the same moment.
    read = request.form.get("version", "")
    return read.isdecimal() and int(read) == meeting.version - 1 and any(meeting.signed(side) for side in Side)


def decide(seat: Seat, meeting: SupportMeeting, **more: Any) -> ResponseReturnValue:
    """Write a decision down; of the collective's own a task is made. What was signed before is signed anew."""
    form = DecisionForm(today=seat.today)
    if not form.validate_on_submit():
        return show_page(seat, meeting, 422, decision=form, **more)
    decision_id = id_from(form.id.data)
    if db.session.get(SupportDecision, (meeting.publisher_id, decision_id)) is None:
        decision = SupportDecision(publisher_id=meeting.publisher_id, id=decision_id, meeting_id=meeting.id, what=form.what.data, who=form.who.data)
        decision.side, decision.due_on = Side(form.side.data), form.due_on.data
        db.session.add(decision)
        meeting.touch(seat.side, seat.name)
        ask_about_decisions()
        ask_about_support()
        flash(_("C’est décidé, et noté dans ce qui est à faire."))
    return redirect(seat.address("show_support", support_id=meeting.id, _anchor="decisions"))


def decision_of(meeting: SupportMeeting, decision_id: UUID) -> SupportDecision:
    """A decision of this meeting, or 404."""
    decision = found(SupportDecision, decision_id)
    if decision.meeting_id != meeting.id:
        refuse("a decision of another meeting")
    return decision


def undecide(seat: Seat, meeting: SupportMeeting, decision_id: UUID) -> ResponseReturnValue:
    """It is not to be done after all."""
    if journal.found_or_removed(SupportDecision, decision_id):
        db.session.delete(decision_of(meeting, decision_id))
        journal.note_removal("decision", decision_id)
        meeting.touch(seat.side, seat.name)
        ask_about_decisions()
        ask_about_support()
    flash(_("La décision est retirée."))
    return redirect(seat.address("show_support", support_id=meeting.id, _anchor="decisions"))


def finish_decision(seat: Seat, meeting: SupportMeeting, decision: SupportDecision) -> ResponseReturnValue:
    """It is done, or it was not after all. No signature falls: what was agreed has not changed."""
    # The button says which it is, so that a double tap says it twice instead of taking it back.
    (decision.reopen if request.form.get("done") == "non" else decision.finish)()
    ask_about_decisions()
    flash(_("C’est fait, merci.") if decision.done_at else _("La décision attend de nouveau."))
    return redirect(seat.address("show_support", support_id=meeting.id, _anchor="decisions"))
