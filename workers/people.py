"""Mails of home meetings, which name no inhabitant (a mailbox is not a sealed place), and the night's look at what waits."""

from datetime import UTC
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import render_template
from flask_babel import force_locale, format_datetime
from flask_babel import gettext as _
from flask_mailman import EmailMessage

from app.accounts.models import User
from app.db import db, now
from app.people.home_meetings import LASTS, HomeMeeting, MeetingState
from app.people.models import Person
from app.people.tasks import settle
from tenants.models import Collective, Membership
from tenants.scope import here
from workers.accounts import address
from workers.queue import job


@job
def settle_tasks() -> None:
    """At night: ask every kind of task again, since days pass too."""
    settle()


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
