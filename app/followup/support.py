"""Support permanences: the network's staff meets each team once a month, over one note that both sides see, write and sign.

The rows are published: the network reads them through its own role. Nothing about inhabitants belongs in them, so nothing is sealed.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from tenants import ledger
from tenants.models import Collective
from tenants.months import bounds, month_of
from tenants.rows import Published
from tenants.scope import here

# A month is missed once the next one is so many days old: a note is often written a few days later.
GRACE_DAYS = 5


class Side(StrEnum):
    """Who speaks: the collective's team, or the network's staff."""

    collective = "collective"
    network = "network"


class Mood(StrEnum):
    """How the team is, in its own words for it."""

    well = "well"
    holding = "holding"
    tired = "tired"
    hard = "hard"


NOTE = ("mood", "difficulties", "needs")


class SupportMeeting(Published, Model):
    """One month's meeting: dates that one side proposes, the one that was chosen, and the note."""

    __tablename__ = "support_meetings"
    __table_args__ = (
        sa.ForeignKeyConstraint(["publisher_id"], ["collectives.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("publisher_id", "month"),
        sa.Index("ix_support_meetings_month", "month"),
        sa.Index("ix_support_meetings_day", "day"),
    )

    month: Mapped[str] = mapped_column(sa.String(7))
    # Local date and hour of each, "2026-12-03T14:00", as the side that proposed them typed them.
    proposed: Mapped[list[str]] = mapped_column(default=list)
    proposed_by: Mapped[Side] = mapped_column(ChoiceType(Side, impl=sa.String(10)))
    day: Mapped[date | None]
    begins: Mapped[time | None] = mapped_column(sa.Time)
    online: Mapped[bool] = mapped_column(default=False)
    where: Mapped[str] = mapped_column(sa.String(200), default="")
    # Why it did not take place. Only a note says that it did.
    missed_because: Mapped[str | None] = mapped_column(sa.String(200))
    mood: Mapped[Mood | None] = mapped_column(ChoiceType(Mood, impl=sa.String(8)))
    difficulties: Mapped[str] = mapped_column(sa.Text, default="")
    needs: Mapped[str] = mapped_column(sa.Text, default="")
    # Grows with each change and each signature, so that the second of two writers is told what happened meanwhile.
    version: Mapped[int] = mapped_column(default=1)
    written_by: Mapped[str] = mapped_column(sa.String(80), default="")
    written_side: Mapped[Side | None] = mapped_column(ChoiceType(Side, impl=sa.String(10)))
    collective_signed_by: Mapped[str | None] = mapped_column(sa.String(80))
    collective_signed_at: Mapped[datetime | None]
    network_signed_by: Mapped[str | None] = mapped_column(sa.String(80))
    network_signed_at: Mapped[datetime | None]
    at: Mapped[Instant]

    @property
    def is_written(self) -> bool:
        """Whether there is anything to sign."""
        return self.mood is not None

    @property
    def is_settled(self) -> bool:
        """Whether it took place for certain, and on which day is known."""
        return self.is_written and self.day is not None

    def signed(self, side: Side) -> tuple[str, datetime] | None:
        """Who signed for a side, and when."""
        name, moment = getattr(self, f"{side.value}_signed_by"), getattr(self, f"{side.value}_signed_at")
        return (name, moment) if moment else None

    def sign(self, side: Side, name: str) -> None:
        """Sign what stands there now. Twice keeps the first signature."""
        if self.signed(side) is None:
            setattr(self, f"{side.value}_signed_by", name)
            setattr(self, f"{side.value}_signed_at", now())
            self.version += 1

    def touch(self, side: Side, name: str) -> None:
        """Something of it changed: both signatures are for what no longer stands there."""
        self.version += 1
        self.written_by, self.written_side = name, side
        self.collective_signed_by = self.collective_signed_at = self.network_signed_by = self.network_signed_at = None
        ledger.mark(bounds(self.month)[0])

    def write(self, side: Side, name: str, **values: Any) -> None:
        """Write the note."""
        if any(getattr(self, field) != value for field, value in values.items()):
            for field, value in values.items():
                setattr(self, field, value)
            self.missed_because = None
            self.touch(side, name)

    def choose(self, proposal: str) -> None:
        """Agree on one of the proposed dates."""
        moment = datetime.fromisoformat(proposal)
        self.day, self.begins, self.missed_because = moment.date(), moment.time(), None
        self.version += 1

    def unchoose(self) -> None:
        """The day no longer holds: the proposals stand again, and others may be made."""
        self.day = self.begins = None
        self.version += 1

    def take_place(self, day: date, online: bool, where: str) -> None:
        """It took place on a day that may be none of those proposed: then nobody has said the hour."""
        if self.day != day:
            self.day, self.begins = day, None
        self.online, self.where, self.missed_because = online, where, None
        self.version += 1

    def miss(self, because: str) -> None:
        """It did not take place. What is said later, a day or a note, holds instead."""
        self.day, self.begins, self.missed_because = None, None, because
        self.version += 1


class SupportDecision(Published, Model):
    """What was decided: what, who, until when. Of the collective's own a task is made; the network's own wait on a list of the network."""

    __tablename__ = "support_decisions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["publisher_id", "meeting_id"], ["support_meetings.publisher_id", "support_meetings.id"], ondelete="CASCADE"),
        sa.Index("ix_support_decisions_publisher_id_meeting_id", "publisher_id", "meeting_id"),
        sa.Index("ix_support_decisions_side_due_on", "side", "due_on", postgresql_where=sa.text("done_at IS NULL")),
    )

    meeting_id: Mapped[UUID]
    what: Mapped[str] = mapped_column(sa.String(200))
    side: Mapped[Side] = mapped_column(ChoiceType(Side, impl=sa.String(10)))
    who: Mapped[str] = mapped_column(sa.String(80))
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    # What was agreed stays as it is; this is when whoever does it wants to see it again.
    put_off_until: Mapped[date | None]
    at: Mapped[Instant]

    def finish(self) -> None:
        """It is done. Twice keeps the first time."""
        self.done_at = self.done_at or now()

    def reopen(self) -> None:
        """It was not done after all."""
        self.done_at = None

    def put_off(self, until: date) -> None:
        """Later, on a local date."""
        self.put_off_until = until


def meetings() -> Select[SupportMeeting]:
    """The meetings of the present collective, the latest month first."""
    return select(SupportMeeting).where(SupportMeeting.publisher_id == here()).order_by(SupportMeeting.month.desc(), SupportMeeting.id)


def meetings_with(collective_id: UUID) -> Select[SupportMeeting]:
    """The same of any collective, for the network's role."""
    return select(SupportMeeting).where(SupportMeeting.publisher_id == collective_id).order_by(SupportMeeting.month.desc(), SupportMeeting.id)


def decisions_of(publisher_id: UUID, *meeting_ids: UUID) -> Select[SupportDecision]:
    """What was decided in some meetings, what is due first first."""
    query = select(SupportDecision).where(SupportDecision.publisher_id == publisher_id, SupportDecision.meeting_id.in_(meeting_ids))
    return query.order_by(SupportDecision.due_on, SupportDecision.at, SupportDecision.id)


def open_decisions() -> Select[SupportDecision]:
    """What the present collective has decided to do and has not done."""
    query = select(SupportDecision).where(SupportDecision.publisher_id == here(), SupportDecision.done_at.is_(None))
    return query.where(SupportDecision.side == Side.collective).order_by(SupportDecision.due_on, SupportDecision.id)


def meeting_of(month: str) -> SupportMeeting | None:
    """The one meeting of a month, if anything was said of it."""
    return db.session.scalar(meetings().where(SupportMeeting.month == month))


def open_month(meeting_id: UUID, month: str, side: Side) -> SupportMeeting:
    """The meeting of a month, whose row begins with what one side says of it."""
    meeting = meeting_of(month)
    if meeting is None:
        meeting = SupportMeeting(publisher_id=here(), id=meeting_id, month=month, proposed_by=side)
        db.session.add(meeting)
        ledger.mark(bounds(month)[0])
    return meeting


def propose(meeting_id: UUID, month: str, side: Side, dates: list[datetime], online: bool, where: str) -> SupportMeeting:
    """Propose dates for a month, or propose others while none is chosen. There is one meeting a month."""
    meeting = open_month(meeting_id, month, side)
    if meeting.day is None:
        meeting.missed_because = None
        meeting.proposed, meeting.proposed_by = [each.isoformat(timespec="minutes") for each in dates], side
        meeting.online, meeting.where = online, where
    return meeting


def last_due_month(today: date) -> str:
    """The latest month whose meeting should have taken place."""
    first = today.replace(day=1)
    month = month_of(date.fromordinal(first.toordinal() - 1))
    if today.day > GRACE_DAYS:
        return month
    return month_of(date.fromordinal(bounds(month)[0].toordinal() - 1))


def held_in(month: str) -> Select[UUID]:
    """The collectives whose note of a month is written: the meeting took place."""
    return select(SupportMeeting.publisher_id).where(SupportMeeting.month == month, SupportMeeting.mood.is_not(None))


def missed(session: Session, today: date) -> list[UUID]:
    """As the network: the collectives that existed for the whole of the latest due month and were not met in it, by name."""
    month = last_due_month(today)
    lives = (Collective.founded_on <= bounds(month)[0], Collective.ended_on.is_(None))
    query = select(Collective.id).where(*lives, Collective.id.not_in(held_in(month)))
    return list(session.scalars(query.order_by(Collective.name_key, Collective.id)))


def is_missed(session: Session, collective: Any, today: date) -> str | None:
    """The month that was missed with one collective, if the latest due one was."""
    month = last_due_month(today)
    if collective.founded_on > bounds(month)[0] or collective.ended_on:
        return None
    held = session.scalar(held_in(month).where(SupportMeeting.publisher_id == collective.id))
    return None if held else month
