"""Ticking who is there, saying more about an absence, catching up, and the code on the wall."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.db import db, now
from app.limits import limiter
from app.pages import page
from app.training import bp, public
from app.training.completion import candidates, standings
from app.training.consequences import refresh
from app.training.forms import PRESENCE_NAMES, CatchUpForm, SignInAloneForm
from app.training.links import read_wall, wall_token
from app.training.models import Course, SessionState, TrainingSession, sessions_of_course
from app.training.participants import Participant, by_name, enrolled, folded
from app.training.presence import THERE, Attendance, Presence, note, sign_in_alone, states_of
from app.training.session_views import course_of, frame
from tenants.access import may
from tenants.models import Collective
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here, inside
from workers.queue import later


def _ids(name: str) -> set[str]:
    return set(request.form.getlist(name))


def sheet_of(session: TrainingSession) -> list[Participant]:
    """Who is on the sheet of a session: those with a place, those who were noted, and those who catch up."""
    noted = select(Attendance.participant_id).where(Attendance.session_id == session.id)
    guests = db.session.scalars(select(Participant).where(Participant.id.in_(noted))).all()
    return by_name(list({each.id: each for each in [*db.session.scalars(enrolled(session.course_id)), *guests]}.values()))


def closed_to_ticks(session: TrainingSession) -> str | None:
    """Why nothing can be noted, if so."""
    if session.state == SessionState.cancelled:
        return _("Cette séance est annulée.")
    return _("On note les présences le jour même, ou après.") if session.day > today_in(g.collective.time_zone) else None


def _catch_up_form(course: Course, session: TrainingSession, **values: Any) -> CatchUpForm:
    form = CatchUpForm(**values)
    form.participant.choices = [(str(each.id), each.name or "") for each in by_name(candidates(course, session.position))]
    return form


def _tick_page(session: TrainingSession, template: str = "training/edit_presence.html", catch_up: CatchUpForm | None = None) -> str:
    """The sheet as it stands; after a refusal as it was filled, with what had stood there when it was opened."""
    course, plan, _outline = course_of(session)
    people_in, states = sheet_of(session), states_of(session.id)
    filled = request.method == "POST" and catch_up is None
    there = {str(who) for who, state in states.items() if state in THERE}
    sessions = list(db.session.scalars(sessions_of_course(course.id)))
    form = catch_up or _catch_up_form(course, session, formdata=None)
    return page(
        template,
        plan=plan,
        people_in=people_in,
        states=states,
        ticked=_ids("present") if filled else there,
        ticked_before=_ids("was") if filled else there,
        said={each.id: request.form.get(f"state-{each.id.hex}", "") if filled else states.get(each.id, "") for each in people_in},
        said_before={each.id: request.form.get(f"was-{each.id.hex}", "") if filled else states.get(each.id, "") for each in people_in},
        standings=standings(course, plan.needed, sessions),
        trouble_now=closed_to_ticks(session),
        names=PRESENCE_NAMES,
        catch_up=form if form.participant.choices else None,
        **frame(session),
    )


@bp.get("/seances/<uuid:session_id>/presences")
@may("run a course")
def edit_presence(session_id: UUID) -> ResponseReturnValue:
    """One tap for each person."""
    return _tick_page(found(TrainingSession, session_id))


@bp.post("/seances/<uuid:session_id>/presences")
@may("run a course")
def update_presence(session_id: UUID) -> ResponseReturnValue:
    """Write what was changed on this screen: a tick set, a tick taken away. What another screen changed meanwhile stays."""
    session = found(TrainingSession, session_id)
    if closed_to_ticks(session):
        return _tick_page(session), 422
    people_in = sheet_of(session)
    ticked, before = _ids("present"), _ids("was")
    changed = {each.id for each in people_in if (str(each.id) in ticked) != (str(each.id) in before)}
    there = {who for who, state in states_of(session.id).items() if state in THERE}
    _tell_of_others([each.name or "" for each in people_in if (each.id in there) != (str(each.id) in before)])
    states = {each.id: Presence.present if str(each.id) in ticked else Presence.absent for each in people_in if each.id in changed}
    note(session, states, Presence.absent, tuple(each.id for each in people_in))
    return _noted(session, "workspace.training.edit_presence")


def _tell_of_others(names: list[str]) -> None:
    """Say for whom something was noted since this screen was opened: by another hand, or by the code on the wall."""
    if names:
        flash(_("Pendant ce temps, quelqu’un d’autre a noté : %(names)s. C’est gardé ; vérifiez la feuille.", names=", ".join(names)), "warning")


def _noted(session: TrainingSession, endpoint: str) -> ResponseReturnValue:
    course, _plan, _outline = course_of(session)
    refresh(course)
    later("see_participants", session.id)
    there = sum(state in THERE for state in states_of(session.id).values())
    flash(ngettext("C’est noté : %(num)d présence.", "C’est noté : %(num)d présences.", there))
    return redirect(url_for(endpoint, session_id=session.id))


@bp.get("/seances/<uuid:session_id>/precisions")
@may("run a course")
def edit_detail(session_id: UUID) -> ResponseReturnValue:
    """Late, excused or absent, person by person."""
    return _tick_page(found(TrainingSession, session_id), "training/edit_detail.html")


@bp.post("/seances/<uuid:session_id>/precisions")
@may("run a course")
def update_detail(session_id: UUID) -> ResponseReturnValue:
    """Write the states that were changed on this screen."""
    session = found(TrainingSession, session_id)
    if closed_to_ticks(session):
        return _tick_page(session, "training/edit_detail.html"), 422
    states, known, others = {}, states_of(session.id), []
    for each in sheet_of(session):
        said, before = request.form.get(f"state-{each.id.hex}", ""), request.form.get(f"was-{each.id.hex}", "")
        if said != before and said in Presence.__members__:
            states[each.id] = Presence(said)
        if before != known.get(each.id, ""):
            others.append(each.name or "")
    _tell_of_others(others)
    note(session, states)
    return _noted(session, "workspace.training.edit_detail")


@bp.post("/seances/<uuid:session_id>/rattrapage")
@may("run a course")
def create_catch_up(session_id: UUID) -> ResponseReturnValue:
    """Note someone of another course as present: the session counts in theirs."""
    session = found(TrainingSession, session_id)
    course, _plan, _outline = course_of(session)
    form = _catch_up_form(course, session)
    if form.participant.data in {str(who) for who, state in states_of(session.id).items() if state in THERE}:
        return redirect(url_for("workspace.training.edit_presence", session_id=session.id))
    if closed_to_ticks(session) or not form.validate_on_submit():
        return _tick_page(session, catch_up=form), 422
    guest = found(Participant, UUID(form.participant.data))
    note(session, {guest.id: Presence.present})
    own = found(Course, guest.course_id)
    refresh(own)
    return _noted(session, "workspace.training.edit_presence")


@bp.get("/seances/<uuid:session_id>/mur")
@may("run a course")
def show_wall(session_id: UUID) -> ResponseReturnValue:
    """A code to show or print, with which participants sign themselves in during the session."""
    import segno

    session = found(TrainingSession, session_id)
    course, _plan, outline = course_of(session)
    link = current_app.config["PUBLIC_URL"].rstrip("/") + url_for("enrolment.new_presence", token=wall_token(here(), session.id))
    picture = segno.make(link, error="m").svg_data_uri(scale=6, border=4, light="#fff")
    return page("training/wall.html", session=session, course=course, outline=outline, link=link, picture=picture)


def _read(token: str) -> tuple[Collective, TrainingSession | None]:
    collective_id, session_id = read_wall(token)
    collective = db.get_or_404(Collective, collective_id)
    with inside(collective.id):
        session = db.session.get(TrainingSession, (collective.id, session_id))
        return collective, session if session is not None and session.lets_sign(now(), collective.time_zone) else None


@public.get("/presence/<string:token>")
def new_presence(token: str) -> ResponseReturnValue:
    """One's name, and a button. Outside the hours of the session the link says so and nothing more."""
    collective, session = _read(token)
    if session is None:
        return page("training/wall_over.html"), 410
    return page("training/sign_alone.html", place=collective, session=session, form=SignInAloneForm(formdata=None), signed=token)


@public.post("/presence/<string:token>")
@limiter.limit("60 per hour")
def create_presence(token: str) -> ResponseReturnValue:
    """Sign oneself in. A name that is not on the sheet is sent to the trainer."""
    collective, session = _read(token)
    if session is None:
        return page("training/wall_over.html"), 410
    form = SignInAloneForm()
    valid = form.validate_on_submit()
    with inside(collective.id):
        same = [each for each in sheet_of(session) if folded(each.name) == folded(form.name.data)] if valid else []
        if len(same) == 1:
            sign_in_alone(session, same[0].id)
            course, _plan, _outline = course_of(session)
            refresh(course)
            later("see_participants", session.id)
            return page("training/signed.html", place=collective, session=session, name=same[0].name)
    if valid:
        form.name.errors = [_("Ce nom n’est pas sur la feuille. Dites-le à la personne qui anime.")]
    return page("training/sign_alone.html", place=collective, session=session, form=form, signed=token), 422
