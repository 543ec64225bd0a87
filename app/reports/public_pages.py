"""The public page of a collective that wants one: what it is, the phone first, where to find it, and when next."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, db, now
from app.followup.drop_ins import DropIn, coming
from app.followup.gatherings import GatheringState
from tenants.models import Collective
from tenants.months import today_in
from tenants.rows import Published
from tenants.scope import here

# Kept on the page, so that days may pass between two writings; shown to whoever comes by.
KEPT, SHOWN = 12, 3


class Permanence(NamedTuple):
    """When and where to come; or that nobody will be there on that day."""

    day: date
    begins: time
    ends: time
    where: str
    cancelled: bool


class PublicPage(Published, Model):
    """One page of one collective; its id is the collective's own. Taken down, the row is gone."""

    __tablename__ = "public_pages"

    phone: Mapped[str] = mapped_column(sa.String(16))
    hours: Mapped[str] = mapped_column(sa.String(300))
    about: Mapped[str] = mapped_column(sa.Text)
    # The permanences to come: day, hours, place, whether cancelled. Written anew whenever one of them changes, and every night.
    coming: Mapped[list[list[str | bool]]] = mapped_column(JSONB, default=list)
    first_shown_at: Mapped[Instant]
    changed_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))

    def announce(self, today: date) -> None:
        """Write the coming permanences of the present collective: when and where, never who hosts or who comes."""
        told = coming(today).where(DropIn.state != GatheringState.not_held).limit(KEPT)
        self.coming = [
            [f"{each.day}", f"{each.begins:%H:%M}", f"{each.ends:%H:%M}", each.where, each.state == GatheringState.cancelled]
            for each in db.session.scalars(told)
        ]

    def next_ones(self, time_zone: str) -> list[Permanence]:
        """The next permanences, and those cancelled before the last of them. One that is over is no longer told."""
        local = now().astimezone(ZoneInfo(time_zone))
        return list(_next(self.coming, local.date(), local.time()))


def _next(kept: list[list[str | bool]], today: date, hour: time) -> Iterator[Permanence]:
    shown = 0
    for day, begins, ends, where, cancelled in kept:
        each = Permanence(date.fromisoformat(str(day)), time.fromisoformat(str(begins)), time.fromisoformat(str(ends)), str(where), bool(cancelled))
        if (each.day, each.ends) > (today, hour) and shown < SHOWN:
            shown += not each.cancelled
            yield each


def own_page() -> PublicPage | None:
    """The page of the present collective."""
    return db.session.get(PublicPage, (here(), here()))


def announce() -> None:
    """Write the coming permanences on the present collective's page, if it has one."""
    known = own_page()
    if known is not None:
        known.announce(today_in(db.session.get_one(Collective, here()).time_zone))


def page_of(collective: Collective) -> PublicPage | None:
    """The page of a collective, for whoever comes by."""
    return db.session.get(PublicPage, (collective.id, collective.id))


def shown_pages() -> Select[Collective, PublicPage]:
    """All collectives that have a page, by department and name."""
    joined = sa.and_(PublicPage.publisher_id == Collective.id, PublicPage.id == Collective.id)
    return select(Collective, PublicPage).join(PublicPage, joined).order_by(Collective.department, Collective.name_key, Collective.id)
