"""Mails of home meetings and of what waits, which name no inhabitant (a mailbox is not a sealed place), and the night's look."""

from datetime import UTC
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import render_template
from flask_babel import force_locale, format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_mailman import EmailMessage
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.tokens import digest_token
from app.db import db, now
from app.people.digest import in_words, waiting_by_kind
from app.people.home_meetings import LASTS, OVERDUE, HomeMeeting, MeetingState
from app.people.models import Person
from app.people.tasks import settle
from tenants.access import PERMISSIONS
from tenants.models import Collective, Membership, Role, members
from tenants.months import today_in
from tenants.scope import here
from workers.accounts import address, send
from workers.queue import job, later


@job
def settle_tasks() -> None:
    """At night: ask every kind of task again, since days pass too."""
    settle()


@job
def ask_after_companions(meeting_id: str) -> None:
    """Three hours after a meeting at home began: tell the coordination if a companion has not said that they are back."""
    meeting = db.session.get(HomeMeeting, (here(), UUID(meeting_id)))
    # A meeting that was moved has staged another of these.
    if meeting is None or meeting.state == MeetingState.cancelled or meeting.starts_at + OVERDUE > now() or not meeting.still_out():
        return
    for member in db.session.scalars(members(Role.coordinator)):
        later("send_companions", member.id)


@job
def send_companions(member_id: str) -> None:
    """Ask someone of the coordination to call a pair; the mail names nobody."""
    tell_member(UUID(member_id), "companions", _l("Un binôme n’est pas encore rentré"), "workspace.desk.index")


@job
def stage_digests() -> None:
    """On Monday: a mail for each member who wants one and for whom something waits."""
    today = today_in(db.session.get_one(Collective, here()).time_zone)
    readers = [role for role in Role if role in PERMISSIONS["see tasks"]]
    wanted = set(db.session.scalars(select(User.id).join(Membership, Membership.user_id == User.id).where(User.weekly_digest)))
    for member in db.session.scalars(members(*readers)):
        if member.user_id in wanted and waiting_by_kind(member, today):
            later("send_digest", member.id)


@job
def send_digest(member_id: str) -> None:
    """How much waits for a member, by kind; whose, only on the page."""
    member = db.session.get(Membership, (here(), UUID(member_id)))
    user = db.session.get(User, member.user_id) if member else None
    today = today_in(db.session.get_one(Collective, here()).time_zone)
    counts = waiting_by_kind(member, today) if member else {}
    if user is None or member is None or not user.weekly_digest or not counts:
        return
    stop = address("accounts.edit_digest", token=digest_token(user.id))
    with force_locale(user.language.value):
        lines = in_words(counts)
    tell_member(member.id, "digest", _l("Votre semaine : ce qui attend"), "workspace.tasks.index", counted=lines, stop=stop)


def tell_member(member_id: UUID, template: str, subject: LazyString, endpoint: str, **values: object) -> None:
    """A mail to someone of the team, in their language, with a link into the workspace; nothing to whoever has left."""
    member = db.session.get(Membership, (here(), member_id))
    user = db.session.get(User, member.user_id) if member and member.left_at is None else None
    if user is None:
        return
    collective = db.session.get_one(Collective, here())
    link = address(endpoint, collective=collective.slug)
    with force_locale(user.language.value):
        send(user.email, str(subject), template, user=user, collective=collective, link=link, **values)


@job
def send_meeting(meeting_id: str) -> None:
    """Send each companion the date, moved or called off as it stands now, as a calendar file."""
    meeting = db.session.get(HomeMeeting, (here(), UUID(meeting_id)))
    person = db.session.get(Person, (here(), meeting.person_id)) if meeting else None
    if meeting is None or person is None or person.has_died:
        return
    collective = db.session.get_one(Collective, here())
    link = address("workspace.people.show_meeting", collective=collective.slug, person_id=str(meeting.person_id), home_meeting_id=str(meeting.id))
    for member_id in meeting.companions:
        member = db.session.get_one(Membership, (here(), member_id))
        user = db.session.get(User, member.user_id)
        if user is None or member.left_at is not None:
            continue
        with force_locale(user.language.value):
            when = format_datetime(meeting.starts_at.astimezone(ZoneInfo(collective.time_zone)), "EEEE d MMMM, HH:mm", rebase=False)
            cancelled = meeting.state == MeetingState.cancelled
            subject = _("Rencontre annulée, %(when)s", when=when) if cancelled else _("Une rencontre à deux, %(when)s", when=when)
            text = render_template("mail/meeting.txt", user=user, collective=collective, when=when, link=link, cancelled=cancelled)
            mail = EmailMessage(subject, text, to=[user.email])
            mail.attach("rencontre.ics", calendar_of(meeting, collective, link, subject), "text/calendar")
            mail.send()


def calendar_of(meeting: HomeMeeting, collective: Collective, link: str, title: str) -> str:
    """One event, RFC 5545: the same uid for each change, with a growing sequence."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    cancelled = meeting.state == MeetingState.cancelled
    for name, value in (("prodid", "-//Essaimage//FR"), ("version", "2.0"), ("method", "CANCEL" if cancelled else "PUBLISH")):
        calendar.add(name, value)
    event = Event()
    starts_at = meeting.starts_at.astimezone(UTC)
    fields: tuple[tuple[str, object], ...] = (
        ("uid", f"{meeting.id}@essaimage"),
        ("sequence", meeting.sequence),
        ("dtstamp", now()),
        ("dtstart", starts_at),
        ("dtend", starts_at + LASTS),
        ("summary", title),
        ("location", collective.name),
        ("url", link),
        ("status", "CANCELLED" if cancelled else "CONFIRMED"),
    )
    for field, content in fields:
        event.add(field, content)
    calendar.add_component(event)
    return calendar.to_ical().decode()
