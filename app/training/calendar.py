"""A trainer's calendar feed: a private address that can be revoked, read by whatever calendar they use."""

import secrets
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.db import Instant, Model, db, now
from app.training.agenda import agenda_of
from app.training.models import SessionState
from tenants.months import today_in
from tenants.rows import Global
from tenants.scope import speak_as

KEPT, AHEAD = timedelta(days=60), timedelta(days=400)


class CalendarLink(Global, Model):
    """The secret of someone's feed. A new one makes the former useless."""

    __tablename__ = "calendar_links"
    __table_args__ = (sa.UniqueConstraint("secret"),)

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[Instant]


def renew_link(user_id: UUID) -> CalendarLink:
    """A link with a new secret."""
    link = db.session.get(CalendarLink, user_id)
    if link is None:
        link = CalendarLink(user_id=user_id)
        db.session.add(link)
    link.secret, link.made_at = secrets.token_urlsafe(32), now()
    return link


def owner_of(secret: str) -> UUID | None:
    """Whose feed it is, if the secret still holds."""
    return db.session.scalar(select(CalendarLink.user_id).where(CalendarLink.secret == secret))


def feed_of(user_id: UUID) -> bytes:
    """The sessions of someone as an iCalendar, in their language: no participant, a moved session once, under the same UID."""
    import icalendar

    language = db.session.get_one(User, user_id).language.value
    speak_as(user_id)
    today = today_in("Europe/Paris")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Essaimage//Formation//FR")
    calendar.add("version", "2.0")
    for line, collective in db.session.execute(agenda_of(user_id, today - KEPT, today + AHEAD)):
        start, end = line.span(collective.time_zone)
        event = icalendar.Event()
        event.add("uid", f"{line.session_id}@essaimage")
        event.add("dtstamp", now())
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("summary", f"{line.position}. {line.word('title', language)} · {collective.name}")
        event.add("location", line.place)
        event.add("status", "CANCELLED" if line.state == SessionState.cancelled else "CONFIRMED")
        calendar.add_component(event)
    speak_as(None)
    # Some calendars know no time zone that is not told with its hours (RFC 5545, 3.6.5).
    calendar.add_missing_timezones()
    return calendar.to_ical()
