"""A member's calendar feed: permanences, activities and meetings with the network, under a private address that can be taken back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import abort, current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Mapped

from app.db import Instant, Model, db, now
from app.followup.activities import Activity
from app.followup.drop_ins import DropIn
from app.followup.gatherings import GatheringState
from app.followup.support import SupportMeeting, meetings
from tenants.models import Membership
from tenants.rows import Tenanted, key_to
from tenants.scope import here

# How long a meeting with the network is in a calendar: nobody says when it ends.
MEETING_LASTS = timedelta(hours=1)
KEPT, AHEAD = timedelta(days=60), timedelta(days=400)
GONE = (GatheringState.cancelled, GatheringState.not_held)


@dataclass(frozen=True, slots=True)
class Words:
    """How the lines of a calendar are called, in the language of whoever reads it."""

    permanence: str
    support: str
    # Of an activity: its kind and its title.
    titled: str
    kinds: Mapping[str, str]


class FeedLink(Tenanted, Model):
    """The address of someone's feed. A new one is another row, and the former is gone."""

    __tablename__ = "feed_links"
    __table_args__ = (key_to("memberships", "member_id"), sa.UniqueConstraint("collective_id", "member_id"))

    member_id: Mapped[UUID]
    at: Mapped[Instant]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], "followup feed")


def feed_token(where: UUID, link_id: UUID) -> str:
    """Collective and row; the row says whether it still holds."""
    return str(_signer().dumps([where.hex, link_id.hex]))


def read_feed_token(token: str) -> tuple[UUID, UUID]:
    """Collective and row of an address; 404 if it was not made here."""
    try:
        collective, row = _signer().loads(token)
        return UUID(collective), UUID(row)
    except (BadData, ValueError, TypeError):
        abort(404)


def link_of(member_id: UUID) -> FeedLink | None:
    """The link of a member."""
    return db.session.scalar(select(FeedLink).where(FeedLink.member_id == member_id))


def renew_feed(member_id: UUID) -> FeedLink:
    """A new address; the former one stops."""
    drop_feed(member_id)
    link = FeedLink(member_id=member_id)
    db.session.add(link)
    return link


def drop_feed(member_id: UUID) -> None:
    """The address no longer holds."""
    db.session.execute(sa.delete(FeedLink).where(FeedLink.member_id == member_id))


def holder_of(link_id: UUID) -> Membership | None:
    """Whose feed it is, as long as they are of the team."""
    link = db.session.get(FeedLink, (here(), link_id))
    member = db.session.get(Membership, (here(), link.member_id)) if link else None
    return member if member is not None and member.left_at is None else None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a calendar. `sequence` grows with each change."""

    id: UUID
    sequence: int
    start: datetime
    end: datetime
    summary: str
    where: str
    holds: bool = True


def entries(today: date, time_zone: str, words: Words) -> Iterator[Entry]:
    """What the team does around a day, without anybody's name."""
    gatherings: tuple[Any, ...] = (DropIn, Activity)
    for kind in gatherings:
        for each in db.session.scalars(select(kind).where(kind.day >= today - KEPT, kind.day <= today + AHEAD).order_by(kind.day, kind.id)):
            summary = words.permanence if isinstance(each, DropIn) else words.titled % {"what": words.kinds[each.kind.value], "title": each.title}
            start, end = each.span(each.day, time_zone)
            yield Entry(each.id, each.sequence, start, end, summary, each.where, each.state not in GONE)
    chosen: Any
    # Of one that was noted afterwards nobody said the hour.
    shown = (SupportMeeting.day >= today - KEPT, SupportMeeting.day <= today + AHEAD, SupportMeeting.begins.is_not(None))
    for chosen in db.session.scalars(meetings().where(*shown)):
        start = datetime.combine(chosen.day, chosen.begins, ZoneInfo(time_zone))
        yield Entry(chosen.id, chosen.version, start, start + MEETING_LASTS, words.support, chosen.where)


def feed(today: date, name: str, time_zone: str, words: Words) -> bytes:
    """An iCalendar of it: what was moved stays one event, what was cancelled says so."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Essaimage//Suivi//FR")
    calendar.add("version", "2.0")
    for each in entries(today, time_zone, words):
        event = icalendar.Event()
        for field, value in (
            ("uid", f"{each.id}@essaimage"),
            ("sequence", each.sequence),
            ("dtstamp", now()),
            ("dtstart", each.start),
            ("dtend", each.end),
            ("summary", f"{each.summary} · {name}"),
            ("location", each.where),
            ("status", "CONFIRMED" if each.holds else "CANCELLED"),
        ):
            event.add(field, value)
        calendar.add_component(event)
    # Some calendars know no time zone that is not told with its hours (RFC 5545, 3.6.5).
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
