"""A member's calendar feed: permanences, activities and meetings with the network, under a private address that can be taken back."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import abort, current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Mapped

from app.db import Instant, Model, db, now
from app.followup.activities import Activity
from app.followup.drop_ins import DropIn
from app.followup.gatherings import GatheringState
from tenants.models import Membership
from tenants.rows import Tenanted, key_to
from tenants.scope import here

KEPT, AHEAD = timedelta(days=60), timedelta(days=400)
GONE = (GatheringState.cancelled, GatheringState.not_held)


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


def feed(today: date, name: str, time_zone: str, words: tuple[str, dict[str, str]]) -> bytes:
    """An iCalendar of what the team does, without anybody's name: what was moved stays one event, what was cancelled says so."""
    import icalendar

    drop_in_word, kinds = words
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Essaimage//Suivi//FR")
    calendar.add("version", "2.0")
    gatherings: tuple[Any, ...] = (DropIn, Activity)
    for kind in gatherings:
        for each in db.session.scalars(select(kind).where(kind.day >= today - KEPT, kind.day <= today + AHEAD).order_by(kind.day, kind.id)):
            start, end = each.span(each.day, time_zone)
            event = icalendar.Event()
            summary = drop_in_word if isinstance(each, DropIn) else f"{kinds[each.kind.value]} : {each.title}"
            for field, value in (
                ("uid", f"{each.id}@essaimage"),
                ("sequence", each.sequence),
                ("dtstamp", now()),
                ("dtstart", start),
                ("dtend", end),
                ("summary", f"{summary} · {name}"),
                ("location", each.where),
                ("status", "CANCELLED" if each.state in GONE else "CONFIRMED"),
            ):
                event.add(field, value)
            calendar.add_component(event)
    return bytes(calendar.to_ical())
