"""Noting who came, to a permanence or an activity: known people by tap, others by a counter, subjects from a list, and whether it took place."""

from typing import Any
from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, new_id
from app.followup import bp
from app.followup.activities import Activity
from app.followup.attendance import MOST_AT_ONCE, Noted, came, counted, did_not_come, hold, last_tally, take_back, tally, there
from app.followup.drop_ins import DropIn, speak_of, subjects_of
from app.followup.forms import BecauseForm
from app.followup.gathering_watch import announce_permanences, ask_about_activities, ask_about_permanences
from app.followup.gatherings import Because, GatheringState, become
from app.pages import FRAGMENT, id_from, page
from app.people.queries import by_name, visible
from app.people.words import NEED_NAMES
from tenants.access import allowed, may, refuse
from tenants.months import today_in
from tenants.rows import found

ENDPOINTS = {
    DropIn.noun: {"show": "show_attendance", "outcome": "create_outcome", "back": "show_drop_in", "key": "drop_in_id"},
    Activity.noun: {"show": "show_participation", "outcome": "create_activity_outcome", "back": "show_activity", "key": "activity_id"},
}


def _own(drop_in_id: UUID) -> DropIn:
    """A permanence, for its hosts and the coordination."""
    drop_in = found(DropIn, drop_in_id)
    if not allowed("set the permanences") and g.membership.id not in drop_in.hosts:
        refuse("not a host")
    return drop_in


def _address(noted: Noted, what: str) -> str:
    words = ENDPOINTS[noted.noun]
    return url_for(f"workspace.followup.{words[what]}", **{words["key"]: noted.id})  # type: ignore[arg-type]  # an id


def closed_to_notes(noted: Noted) -> str | None:
    """Why nothing is noted now, if so."""
    if noted.state == GatheringState.idea or noted.day is None:
        return _("C’est encore une idée : donnez-lui d’abord un jour.")
    if noted.state == GatheringState.cancelled:
        return _("C’est annulé : il n’y a rien à noter.")
    if noted.state == GatheringState.not_held:
        return _("Il est noté que cela n’a pas eu lieu. Dites d’abord le contraire, plus bas.")
    return _("On note le jour même, ou après.") if noted.day > today_in(g.collective.time_zone) else None


def _page(noted: Noted, trouble: str | None = None, because: BecauseForm | None = None) -> str:
    known, others = counted(noted.noun, noted.id)[noted.id]
    here_ = there(noted)
    return page(
        "followup/attendance.html",
        noted=noted,
        title=noted.title if isinstance(noted, Activity) else _("La permanence"),
        place=_address(noted, "show"),
        back=_address(noted, "back"),
        outcome=_address(noted, "outcome"),
        known=known,
        others=others,
        people_in=by_name(db.session.scalars(visible()).all()),
        there=here_,
        subjects=[(code, str(name), code in subjects_of(noted.id).get(noted.id, set())) for code, name in NEED_NAMES.items()]
        if isinstance(noted, DropIn)
        else [],
        last=last_tally(noted, current_user.id),
        gesture=new_id(),
        most=MOST_AT_ONCE,
        trouble=trouble,
        closed=closed_to_notes(noted),
        because=because or BecauseForm(formdata=None),
        comes=noted.day is not None and noted.day > today_in(g.collective.time_zone),
        all_known=allowed("steer a file"),
    )


def _update_visits(noted: Noted) -> ResponseReturnValue:
    """Write what was changed on this screen: a tick set, a tick taken away. What another screen changed meanwhile stays."""
    if trouble := closed_to_notes(noted):
        return _page(noted, trouble), 422
    ticked, before = set(request.form.getlist("present")), set(request.form.getlist("was"))
    day: Any = noted.day
    for person in db.session.scalars(visible()):
        if (str(person.id) in ticked) != (str(person.id) in before):
            (came if str(person.id) in ticked else did_not_come)(noted, person, day)
    _ask_again(noted)
    flash(_("C’est noté."))
    return redirect(_address(noted, "show"))


def _ask_again(noted: Noted) -> None:
    if isinstance(noted, DropIn):
        ask_about_permanences()
        announce_permanences()
    else:
        ask_about_activities()


def _create_tally(noted: Noted) -> ResponseReturnValue:
    """Count one visitor, or several at once."""
    trouble = closed_to_notes(noted)
    text = request.form.get("number", "1").strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    if trouble is None and not 1 <= number <= MOST_AT_ONCE:
        trouble = _("Un nombre de 1 à %(most)d.", most=MOST_AT_ONCE)
    if trouble is None:
        tally(noted, number, id_from(request.form.get("gesture")))
        _ask_again(noted)
    return _answer(noted, trouble)


def _delete_tally(noted: Noted) -> ResponseReturnValue:
    """Take one's last tap back. The tap is named, so that undoing twice does not undo two."""
    trouble = closed_to_notes(noted)
    if trouble is None:
        take_back(noted, id_from(request.form.get("undone")))
    return _answer(noted, trouble)


def _answer(noted: Noted, trouble: str | None) -> ResponseReturnValue:
    if trouble:
        return _page(noted, trouble), 422
    return _page(noted) if request.headers.get(FRAGMENT) else redirect(_address(noted, "show"))


def _create_outcome(noted: Noted) -> ResponseReturnValue:
    """It took place; or it did not, and why."""
    day, today = noted.day, today_in(g.collective.time_zone)
    if day is None or day > today or noted.state in (GatheringState.cancelled, GatheringState.idea):
        return _page(noted, _("On le dit le jour même, ou après.")), 422
    form = BecauseForm()
    if request.form.get("held"):
        become(noted, GatheringState.held)
    elif any(counted(noted.noun, noted.id)[noted.id]):
        return _page(noted, _("Des personnes sont notées présentes. Retirez-les d’abord, si cela n’a pas eu lieu.")), 422
    elif not form.validate_on_submit():
        return _page(noted, because=form), 422
    else:
        become(noted, GatheringState.not_held, Because(form.because.data), form.because_words.data or None)
    _ask_again(noted)
    flash(_("C’est noté, merci."))
    return redirect(_address(noted, "back"))


@bp.get("/permanences/<uuid:drop_in_id>/accueil")
@may("note who came")
def show_attendance(drop_in_id: UUID) -> ResponseReturnValue:
    """Two large buttons and a list to tap."""
    return _page(_own(drop_in_id))


@bp.post("/permanences/<uuid:drop_in_id>/accueil/presences")
@may("note who came")
def update_attendance(drop_in_id: UUID) -> ResponseReturnValue:
    """Who of those one knows came."""
    return _update_visits(_own(drop_in_id))


@bp.post("/permanences/<uuid:drop_in_id>/accueil/rencontres")
@may("note who came")
def create_tally(drop_in_id: UUID) -> ResponseReturnValue:
    """Someone came in."""
    return _create_tally(_own(drop_in_id))


@bp.post("/permanences/<uuid:drop_in_id>/accueil/annulation")
@may("note who came")
def delete_tally(drop_in_id: UUID) -> ResponseReturnValue:
    """That was one too many."""
    return _delete_tally(_own(drop_in_id))


@bp.post("/permanences/<uuid:drop_in_id>/accueil/sujets")
@may("note who came")
def update_subjects(drop_in_id: UUID) -> ResponseReturnValue:
    """What was spoken of."""
    drop_in = _own(drop_in_id)
    if trouble := closed_to_notes(drop_in):
        return _page(drop_in, trouble), 422
    said, before = ([each for each in request.form.getlist(name) if each in NEED_NAMES] for name in ("subject", "subject_was"))
    speak_of(drop_in, said, before)
    if said:
        hold(drop_in)
        ask_about_permanences()
    flash(_("C’est noté."))
    return redirect(_address(drop_in, "show"))


@bp.post("/permanences/<uuid:drop_in_id>/accueil/bilan")
@may("note who came")
def create_outcome(drop_in_id: UUID) -> ResponseReturnValue:
    """Held, or not."""
    return _create_outcome(_own(drop_in_id))


@bp.get("/activites/<uuid:activity_id>/presences")
@may("note who came")
def show_participation(activity_id: UUID) -> ResponseReturnValue:
    """The same for an activity."""
    return _page(found(Activity, activity_id))


@bp.post("/activites/<uuid:activity_id>/presences/presences")
@may("note who came")
def update_participation(activity_id: UUID) -> ResponseReturnValue:
    """Who of those one knows took part."""
    return _update_visits(found(Activity, activity_id))


@bp.post("/activites/<uuid:activity_id>/presences/rencontres")
@may("note who came")
def create_participation(activity_id: UUID) -> ResponseReturnValue:
    """Someone else took part."""
    return _create_tally(found(Activity, activity_id))


@bp.post("/activites/<uuid:activity_id>/presences/annulation")
@may("note who came")
def delete_participation(activity_id: UUID) -> ResponseReturnValue:
    """That was one too many."""
    return _delete_tally(found(Activity, activity_id))


@bp.post("/activites/<uuid:activity_id>/presences/bilan")
@may("note who came")
def create_activity_outcome(activity_id: UUID) -> ResponseReturnValue:
    """Held, or not."""
    return _create_outcome(found(Activity, activity_id))
