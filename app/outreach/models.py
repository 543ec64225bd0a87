"""Rounds, their teams, and the six kinds of outreach."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, validates
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from tenants import journal, ledger
from tenants.rows import Tenanted, belongs_to, insert_once, key_to

SMALLEST_TEAM = 2
# A phone without network, or left in a coat over the weekend, still brings its last lines.
LAST_LINES = timedelta(days=3)
# How long what is precise is kept once a round is over.
KEPT = timedelta(days=30)
# When the night's forgetting begins, in UTC (workers/schedule.py).
FORGETTING_AT = timedelta(hours=1, minutes=40)


class OutreachKind(StrEnum):
    """The six ways of going towards people (source 000)."""

    door_to_door = "door_to_door"
    phoning = "phoning"
    street_walk = "street_walk"
    courtesy_visit = "courtesy_visit"
    solidarity_ride = "solidarity_ride"
    project_support = "project_support"


class RoundState(StrEnum):
    """Where a round stands."""

    planned = "planned"
    running = "running"
    closed = "closed"


class Round(Tenanted, Model):
    """One outing of one team: one kind, one area, one local date."""

    __tablename__ = "rounds"
    stamped = True
    __table_args__ = (
        sa.Index("ix_rounds_collective_id_day", "collective_id", sa.text("day DESC"), sa.text("id DESC")),
        sa.Index("ix_rounds_collective_id_state_day", "collective_id", "state", "day"),
        sa.CheckConstraint("minutes between 1 and 1440", name="minutes"),
        sa.CheckConstraint("companions between 0 and 30", name="companions"),
    )

    kind: Mapped[OutreachKind] = mapped_column(ChoiceType(OutreachKind, impl=sa.String(20)), default=OutreachKind.door_to_door)
    area: Mapped[str] = mapped_column(sa.String(120))
    day: Mapped[date]
    # People of the team who have no account: they count in the team and in the hours.
    companions: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    state: Mapped[RoundState] = mapped_column(ChoiceType(RoundState, impl=sa.String(10)), default=RoundState.planned)
    planned_by: Mapped[UUID | None]
    planned_at: Mapped[Instant]
    started_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    minutes: Mapped[int | None] = mapped_column(sa.SmallInteger)
    reopened_because: Mapped[str | None] = mapped_column(sa.String(300))
    # Set when the precise doors were forgotten; only numbers are left then.
    forgotten_at: Mapped[datetime | None]

    @validates("area")
    def _tidied(self, _name: str, text: str) -> str:
        # One street is one line of the month's page, whatever the fingers did between its words.
        return " ".join(text.split())

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is noted in it."""
        return self.state == RoundState.closed

    @property
    def takes_last_lines(self) -> bool:
        """Whether lines that were on their way when someone closed it are still kept."""
        return self.closed_at is not None and self.forgotten_at is None and now() - self.closed_at < LAST_LINES

    @property
    def forgets_on(self) -> date:
        """When what is precise goes: in the first night after thirty days since closing; if nobody closes it, as `is_past` reckons."""
        last = self.closed_at or self.started_at
        night = (last + KEPT - FORGETTING_AT).date() + timedelta(days=1) if last else self.day
        return night if self.closed_at else max(night, self.day + KEPT + timedelta(days=1))

    @classmethod
    def is_past(cls) -> sa.ColumnElement[bool]:
        """Closed more than thirty days ago. If nobody closed it: past by as much since its day, or since it (last) began if later."""
        last, before = sa.func.coalesce(sa.func.timezone("UTC", cls.started_at), cls.day), now() - KEPT
        unclosed = sa.and_(cls.closed_at.is_(None), cls.day < before.date(), last < before.replace(tzinfo=None))
        # Never NULL, so that it can be negated.
        return sa.or_(sa.and_(cls.closed_at.is_not(None), cls.closed_at < before), unclosed)

    def compose(self, membership_ids: list[UUID]) -> None:
        """Make these members its team, and no others."""
        db.session.execute(sa.delete(RoundMember).where(RoundMember.round_id == self.id, RoundMember.membership_id.not_in(membership_ids)))
        joined = [{"id": uuid5(self.id, each.hex), "round_id": self.id, "membership_id": each} for each in membership_ids]
        insert_once(RoundMember, joined)

    def start(self) -> None:
        """Begin: the first thing noted does this by itself."""
        if self.state == RoundState.planned:
            self.state, self.started_at = RoundState.running, now()

    def close(self, minutes: int) -> None:
        """End the outing; `minutes` is how long it took. Closing twice keeps the first hour and the last duration."""
        self.start()
        self.state, self.minutes, self.closed_at = RoundState.closed, minutes, self.closed_at or now()
        journal.note("closed", "round", self.id)
        ledger.mark(self.day)

    def reopen(self, reason: str) -> None:
        """Open a closed round again, saying why; the journal remembers when and by whom."""
        # It begins anew: an old one would else be forgotten in the same night.
        self.state, self.started_at, self.closed_at, self.reopened_because = RoundState.running, now(), None, reason
        journal.note("reopened", "round", self.id)
        ledger.mark(self.day)


class RoundMember(Tenanted, Model):
    """A member of a round's team. Its id is made of the two it joins, so that joining twice is joining once."""

    __tablename__ = "round_members"
    stamped = True
    __table_args__ = (
        key_to("rounds", "round_id"),
        key_to("memberships", "membership_id"),
        sa.UniqueConstraint("collective_id", "round_id", "membership_id"),
        sa.Index("ix_round_members_collective_id_membership_id", "collective_id", "membership_id"),
    )

    round_id: Mapped[UUID]
    membership_id: Mapped[UUID]

    round: Mapped[Round] = belongs_to("RoundMember.round_id", "Round")
