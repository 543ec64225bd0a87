"""A meeting at a person's home, always in a pair: planned, held, checked out of."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from app.people.models import Person
from tenants import journal, ledger
from tenants.keys import Sealed
from tenants.models import Membership
from tenants.questions import Question
from tenants.rows import Tenanted, belongs_to, key_to

LASTS = timedelta(hours=1)
# A companion who has said nothing this long after the beginning is asked after.
OVERDUE = timedelta(hours=3)


class MeetingState(StrEnum):
    """Whether it is to come, took place, or was called off."""

    planned = "planned"
    held = "held"
    cancelled = "cancelled"


class HomeMeeting(Tenanted, Model):
    """One visit at home. One companion alone is the exception, and says why."""

    __tablename__ = "home_meetings"
    stamped = True
    __table_args__ = (
        key_to("persons", "person_id"),
        key_to("memberships", "one_id"),
        key_to("memberships", "other_id"),
        sa.Index("ix_home_meetings_collective_id_person_id", "collective_id", "person_id"),
        sa.Index("ix_home_meetings_collective_id_starts_at", "collective_id", "starts_at"),
    )

    person_id: Mapped[UUID]
    one_id: Mapped[UUID]
    other_id: Mapped[UUID | None]
    alone_because_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    starts_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    where_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    state: Mapped[MeetingState] = mapped_column(ChoiceType(MeetingState, impl=sa.String(10)), default=MeetingState.planned)
    cancelled_because_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    heard_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    next_step_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    one_out_at: Mapped[datetime | None]
    other_out_at: Mapped[datetime | None]
    # Grows with each change, so that a calendar knows the later of two files.
    sequence: Mapped[int] = mapped_column(default=0)
    planned_by: Mapped[UUID | None]
    planned_at: Mapped[Instant]
    alone_because = Sealed()
    where = Sealed()
    cancelled_because = Sealed()
    heard = Sealed()
    next_step = Sealed()

    person: Mapped[Person] = belongs_to("HomeMeeting.person_id", "Person")
    one: Mapped[Membership] = belongs_to("HomeMeeting.one_id", "Membership")
    other: Mapped[Membership | None] = belongs_to("HomeMeeting.other_id", "Membership")

    @property
    def companions(self) -> list[UUID]:
        """Ids of those who go."""
        return [self.one_id, *([self.other_id] if self.other_id else [])]

    def still_out(self) -> list[UUID]:
        """Ids of companions who have not said that they are back."""
        out = {self.one_id: self.one_out_at, self.other_id: self.other_out_at}
        return [each for each in self.companions if out[each] is None]

    def check_out(self, member_id: UUID) -> None:
        """A companion is back. Twice keeps the first time; someone who did not go changes nothing."""
        if member_id == self.one_id:
            self.one_out_at = self.one_out_at or now()
        if member_id == self.other_id:
            self.other_out_at = self.other_out_at or now()
        journal.note("checked out", "home_meeting", self.id)

    def move(self, starts_at: datetime) -> None:
        """Another hour."""
        self.starts_at, self.sequence = starts_at, self.sequence + 1
        # Nobody is back from what is still to come.
        self.one_out_at = self.other_out_at = None
        journal.note("moved", "home_meeting", self.id)

    def cancel(self, because: str) -> None:
        """It does not take place. Twice keeps the first reason."""
        if self.state == MeetingState.planned:
            self.state, self.cancelled_because, self.sequence = MeetingState.cancelled, because, self.sequence + 1
            journal.note("cancelled", "home_meeting", self.id)

    def hold(self, heard: str, next_step: str | None, zone: str) -> None:
        """It took place: what was heard, and what comes next."""
        self.state, self.heard, self.next_step = MeetingState.held, heard, next_step or None
        journal.note("held", "home_meeting", self.id)
        ledger.mark(local_day(self.starts_at, zone))


def local_day(moment: datetime, zone: str) -> date:
    """The local date of an instant."""

    return moment.astimezone(ZoneInfo(zone)).date()


def meetings_of(person_id: UUID) -> Select[HomeMeeting]:
    """The home meetings of a person, the latest first."""
    return select(HomeMeeting).where(HomeMeeting.person_id == person_id).order_by(HomeMeeting.starts_at.desc(), HomeMeeting.id)


def has_been_met_at_home(person_id: UUID) -> Select[UUID]:
    """The id of a meeting that took place, if there is one: the next one is not the first."""
    return select(HomeMeeting.id).where(HomeMeeting.person_id == person_id, HomeMeeting.state == MeetingState.held).limit(1)


_silent = sa.or_(HomeMeeting.one_out_at.is_(None), sa.and_(HomeMeeting.other_id.is_not(None), HomeMeeting.other_out_at.is_(None)))
_late = HomeMeeting.starts_at < sa.bindparam("moment", required=True)
OVERDUE_MEETINGS = Question(select(HomeMeeting).where(HomeMeeting.state != MeetingState.cancelled, _late, _silent).order_by(HomeMeeting.starts_at))
UPCOMING_MEETINGS = Question(select(HomeMeeting).where(HomeMeeting.state == MeetingState.planned).order_by(HomeMeeting.starts_at, HomeMeeting.id))


def overdue() -> list[HomeMeeting]:
    """Meetings after which a companion has not said that they are back. They are only read."""
    return OVERDUE_MEETINGS.ask(moment=now() - OVERDUE)


def upcoming() -> list[HomeMeeting]:
    """Meetings to come, or to be told of, the next first. They are only read."""
    return UPCOMING_MEETINGS.ask()


def planned_with(person_id: UUID) -> Select[HomeMeeting]:
    """The meetings that are planned with a person."""
    return meetings_of(person_id).where(HomeMeeting.state == MeetingState.planned)


def called_off(person: Person, because: str) -> list[HomeMeeting]:
    """Cancel every meeting that is planned with a person. Returns them; no mail is staged: after a death none may leave."""
    meetings = list(db.session.scalars(planned_with(person.id)))
    for meeting in meetings:
        meeting.cancel(because)
    return meetings
