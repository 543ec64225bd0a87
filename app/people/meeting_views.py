"""Home meetings: planned for two, moved, called off, told of, and each companion back."""

from collections.abc import Sequence
from datetime import UTC
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, new_id
from app.pages import id_from, page
from app.people import bp
from app.people.beside import differing, differing_file
from app.people.chapters import hour
from app.people.home_meetings import OVERDUE, HomeMeeting, MeetingState, has_been_met_at_home, local_day
from app.people.meeting_forms import HeardForm, MeetingForm
from app.people.models import Person, Stage
from app.people.pairs import companions, pairs_of
from app.people.path import step
from app.people.path_forms import ReasonForm
from app.people.queries import is_companion, names_of, own_person
from tenants import journal
from tenants.access import allowed, may, refuse
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here
from workers.queue import later


def _back(person: Person) -> ResponseReturnValue:
    return redirect(url_for("workspace.people.show", person_id=person.id))


def _over(person: Person) -> ResponseReturnValue:
    flash(_("Le chemin est terminé : rien ne se prévoit plus."), "warning")
    return _back(person)


def _form(person: Person, **values: object) -> MeetingForm:
    pair = companions(db.session.scalars(pairs_of(person.id)).all())
    return MeetingForm(pair, is_first=db.session.scalar(has_been_met_at_home(person.id)) is None, **values)


def _meeting_of(person: Person, meeting_id: UUID) -> HomeMeeting:
    meeting = found(HomeMeeting, meeting_id)
    if meeting.person_id != person.id:
        refuse("a meeting of another person")
    return meeting


@bp.get("/<uuid:person_id>/rencontres/nouvelle")
@may("write to a file")
def new_meeting(person_id: UUID) -> ResponseReturnValue:
    """When, and which two."""
    person = own_person(person_id)
    if person.is_closed:
        return _over(person)
    pair = next((each for each in db.session.scalars(pairs_of(person.id)) if each.ended_on is None), None)
    form = _form(person, formdata=None, id=str(new_id()))
    form.one.data, form.other.data = (str(pair.one_id), str(pair.other_id)) if pair else (str(g.membership.id), "")
    return page("people/new_meeting.html", form=form, person=person, meeting=None)


@bp.post("/<uuid:person_id>/rencontres")
@may("write to a file")
def create_meeting(person_id: UUID) -> ResponseReturnValue:
    """Plan it, and send both a date for their calendars."""
    person = own_person(person_id)
    form = _form(person)
    meeting_id = id_from(form.id.data)
    if db.session.get(HomeMeeting, (here(), meeting_id)) is not None:
        return _back(person)
    if person.is_closed:
        return _over(person)
    if not form.validate_on_submit():
        return page("people/new_meeting.html", form=form, person=person, meeting=None), 422
    meeting = HomeMeeting(id=meeting_id, person_id=person.id, one_id=UUID(form.one.data), other_id=form.second, planned_by=g.membership.user_id)
    meeting.starts_at, meeting.where = form.starts_at.astimezone(UTC), form.where.data or None
    meeting.alone_because = form.alone_because.data or None
    db.session.add(meeting)
    journal.note("planned", "home_meeting", meeting.id)
    _tell(person, meeting)
    flash(_("C’est prévu le %(when)s. La date part par mail à chacun.", when=hour(meeting.starts_at)))
    return _back(person)


def _tell(person: Person, meeting: HomeMeeting) -> None:
    # After a death nothing leaves any more.
    if not person.has_died:
        later("send_meeting", meeting.id)
    if meeting.state == MeetingState.planned:
        later("ask_after_companions", meeting.id, at=meeting.starts_at + OVERDUE)


@bp.get("/<uuid:person_id>/rencontres/<uuid:home_meeting_id>")
@may("see people")
def show_meeting(person_id: UUID, home_meeting_id: UUID) -> ResponseReturnValue:
    """A meeting: who goes, who is back, what was heard. Whoever went and is no longer of the pair says that they are back, and reads nothing."""
    if (left := _former(person_id, home_meeting_id)) is not None:
        return page("people/return.html", meeting=left, when=hour(left.starts_at), come=_has_come(left))
    person = own_person(person_id)
    journal.note("read", "person", person.id)
    meeting = _meeting_of(person, home_meeting_id)
    return _page(person, meeting, _heard_form(person, meeting), ReasonForm(formdata=None))


def _has_come(meeting: HomeMeeting) -> bool:
    return local_day(meeting.starts_at, g.collective.time_zone) <= today_in(g.collective.time_zone)


def _former(person_id: UUID, meeting_id: UUID) -> HomeMeeting | None:
    """A meeting that the present member was to go to, or went to, where they may no longer read of its person."""
    meeting = db.session.get(HomeMeeting, (here(), meeting_id))
    if meeting is None or meeting.person_id != person_id or meeting.state == MeetingState.cancelled:
        return None
    reads = allowed("steer a file") or is_companion(person_id)
    return None if reads or g.membership.id not in meeting.companions else meeting


def _heard_form(person: Person, meeting: HomeMeeting) -> HeardForm:
    known = {"needs": person.needs, "likes": person.likes or "", "gives": person.gives or ""}
    return HeardForm(formdata=None, version=str(person.version), heard=meeting.heard or "", next_step=meeting.next_step or "", **known)


def _page(person: Person, meeting: HomeMeeting, heard: HeardForm, reason: ReasonForm, by: str = "", changed: Sequence[tuple[str, str]] = ()) -> str:
    local = meeting.starts_at.astimezone(ZoneInfo(g.collective.time_zone))
    move = _form(person, formdata=None, id=str(meeting.id), day=local.date(), hour=local.time())
    return page(
        "people/meeting.html",
        person=person,
        meeting=meeting,
        heard=heard,
        reason=reason,
        move=move,
        when=hour(meeting.starts_at),
        come=_has_come(meeting),
        by=by,
        changed=changed,
    )


@bp.post("/<uuid:person_id>/rencontres/<uuid:home_meeting_id>/recit")
@may("write to a file")
def create_hearing(person_id: UUID, home_meeting_id: UUID) -> ResponseReturnValue:
    """What was heard; someone who was spotted has been met from now on. The second of two who tell sees what the first one wrote."""
    person = own_person(person_id)
    meeting, form = _meeting_of(person, home_meeting_id), HeardForm()
    if meeting.state == MeetingState.cancelled or not _has_come(meeting) or not form.validate_on_submit():
        return _page(person, meeting, form, ReasonForm(formdata=None)), 422
    if form.version.data != str(person.version):
        changed = [*differing(meeting, form, ("heard", "next_step")), *differing_file(person, form)]
        if not changed:
            return _back(person)
        form.version.data = form.version.raw_data = str(person.version)
        by = names_of([person.changed_by]).get(person.changed_by, _("Quelqu’un"))
        return _page(person, meeting, form, ReasonForm(formdata=None), by, changed), 409
    day = local_day(meeting.starts_at, g.collective.time_zone)
    meeting.hold(form.heard.data or "", form.next_step.data, g.collective.time_zone)
    person.change(g.membership.user_id, needs=list(form.needs.data or []), likes=form.likes.data or None, gives=form.gives.data or None)
    person.seen(day)
    if person.stage == Stage.spotted:
        step(person, Stage.met, max(day, person.found_on), meeting.id)
    flash(_("Merci. Son histoire est gardée, elle peut la lire."))
    return _back(person)


@bp.post("/<uuid:person_id>/rencontres/<uuid:home_meeting_id>/retour")
@may("see people")
def create_return(person_id: UUID, home_meeting_id: UUID) -> ResponseReturnValue:
    """A companion is back home."""
    meeting = _former(person_id, home_meeting_id) or _meeting_of(own_person(person_id), home_meeting_id)
    if _has_come(meeting):
        meeting.check_out(g.membership.id)
        flash(_("Votre retour est noté."))
    return redirect(url_for("workspace.people.show_meeting", person_id=person_id, home_meeting_id=meeting.id))


@bp.post("/<uuid:person_id>/rencontres/<uuid:home_meeting_id>/deplacement")
@may("write to a file")
def update_meeting(person_id: UUID, home_meeting_id: UUID) -> ResponseReturnValue:
    """Another day or hour; both are told."""
    person = own_person(person_id)
    meeting, form = _meeting_of(person, home_meeting_id), _form(person)
    form.is_first = False
    form.one.data, form.other.data = str(meeting.one_id), str(meeting.other_id or "")
    form.one.choices, form.other.choices = [(form.one.data, "")], [(form.other.data, "")]
    if meeting.state != MeetingState.planned or not form.validate_on_submit():
        return page("people/new_meeting.html", form=form, person=person, meeting=meeting), 422
    meeting.move(form.starts_at.astimezone(UTC))
    _tell(person, meeting)
    flash(_("C’est déplacé au %(when)s. Chacun reçoit la nouvelle date.", when=hour(meeting.starts_at)))
    return redirect(url_for("workspace.people.show_meeting", person_id=person.id, home_meeting_id=meeting.id))


@bp.post("/<uuid:person_id>/rencontres/<uuid:home_meeting_id>/annulation")
@may("write to a file")
def create_cancellation(person_id: UUID, home_meeting_id: UUID) -> ResponseReturnValue:
    """Call it off; both are told."""
    person = own_person(person_id)
    meeting, form = _meeting_of(person, home_meeting_id), ReasonForm()
    if not form.validate_on_submit():
        return _page(person, meeting, _heard_form(person, meeting), form), 422
    if meeting.state == MeetingState.planned:
        meeting.cancel(form.reason.data or "")
        _tell(person, meeting)
    flash(_("La rencontre est annulée. Chacun est prévenu."))
    return _back(person)
