"""Courses and their sessions."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model
from app.training.plans import CoursePlan
from tenants import journal
from tenants.keys import Sealed
from tenants.rows import Tenanted, belongs_to, key_to

SELF_SIGNING = timedelta(minutes=30)


class SessionState(StrEnum):
    """What became of a session. It is held from the moment somebody's presence is noted."""

    planned = "planned"
    held = "held"
    cancelled = "cancelled"


class Course(Tenanted, Model):
    """One group going through the plan, in the version that was the latest when the course was opened."""

    __tablename__ = "courses"
    stamped = True

    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("course_plans.id"))
    place: Mapped[str] = mapped_column(sa.String(120))
    minimum: Mapped[int] = mapped_column(sa.SmallInteger)
    maximum: Mapped[int] = mapped_column(sa.SmallInteger)
    # While true, the link lets anyone who has it enrol; taking it back is closing it.
    enrolling: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[Instant]
    completed_at: Mapped[datetime | None]
    # The questionnaire at the end: from when to when it takes answers (app/training/questionnaire.py).
    questions_opened_at: Mapped[datetime | None]
    questions_sent_at: Mapped[datetime | None]
    questions_closed_at: Mapped[datetime | None]

    plan: Mapped[CoursePlan] = relationship(lazy="raise_on_sql", viewonly=True)


class TrainingSession(Tenanted, Model):
    """One evening of a course. What it is about is said by the plan, under the same position."""

    __tablename__ = "training_sessions"
    stamped = True
    __table_args__ = (
        key_to("courses", "course_id"),
        sa.UniqueConstraint("collective_id", "course_id", "position"),
        sa.Index("ix_training_sessions_collective_id_day", "collective_id", "day"),
    )

    course_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    day: Mapped[date]
    begins: Mapped[time] = mapped_column(sa.Time)
    minutes: Mapped[int] = mapped_column(sa.SmallInteger)
    state: Mapped[SessionState] = mapped_column(ChoiceType(SessionState, impl=sa.String(10)), default=SessionState.planned)
    note_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    # Grows with each change of the note, so that the second of two writers is told what the first one wrote.
    note_version: Mapped[int] = mapped_column(default=1, server_default="1")
    reminded_at: Mapped[datetime | None]
    # The day before the latest move, for those who are told on paper.
    moved_from: Mapped[date | None]
    note = Sealed()

    course: Mapped[Course] = belongs_to("TrainingSession.course_id", "Course")

    def write_note(self, text: str | None) -> None:
        """What is kept of it."""
        self.note, self.note_version = text or None, self.note_version + 1
        journal.note("noted", "training session", self.id)

    def span(self, time_zone: str) -> tuple[datetime, datetime]:
        """When it begins and ends, as instants."""
        start = datetime.combine(self.day, self.begins, ZoneInfo(time_zone))
        return start, start + timedelta(minutes=self.minutes)

    def lets_sign(self, moment: datetime, time_zone: str) -> bool:
        """Whether participants may sign themselves in: from half an hour before to half an hour after."""
        start, end = self.span(time_zone)
        return self.state != SessionState.cancelled and start - SELF_SIGNING <= moment <= end + SELF_SIGNING


def courses() -> Select[Course]:
    """Courses of the present collective: those under way first, then the latest."""
    return select(Course).order_by(Course.completed_at.is_not(None), Course.opened_at.desc(), Course.id)


def sessions_of_course(*course_ids: UUID) -> Select[TrainingSession]:
    """The sessions of some courses, in their order."""
    return select(TrainingSession).where(TrainingSession.course_id.in_(course_ids)).order_by(TrainingSession.course_id, TrainingSession.position)
