"""A trainer's agenda: one row for each trainer and session. It names no participant, so that one query reads it over all collectives."""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship, undefer
from sqlalchemy_utils import ChoiceType

from app.db import Model, db
from app.training.models import Course, SessionState, TrainingSession, sessions_of_course
from app.training.plans import CoursePlan, SessionPlan, Worded, sessions_of
from tenants.models import Collective, Membership
from tenants.rows import Mine, key_to


class AgendaLine(Worded, Mine, Model):
    """A session as one of its trainers sees it from outside. `at_risk` is how many may no longer complete: a number, no names."""

    __tablename__ = "agenda_lines"
    __table_args__ = (
        key_to("training_sessions", "session_id"),
        key_to("courses", "course_id"),
        sa.UniqueConstraint("collective_id", "session_id", "user_id"),
        sa.Index("ix_agenda_lines_user_id_day", "user_id", "day"),
        sa.Index("ix_agenda_lines_collective_id_course_id", "collective_id", "course_id"),
    )

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    session_id: Mapped[UUID]
    course_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    day: Mapped[date]
    begins: Mapped[time] = mapped_column(sa.Time)
    minutes: Mapped[int] = mapped_column(sa.SmallInteger)
    place: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[SessionState] = mapped_column(ChoiceType(SessionState, impl=sa.String(10)))
    at_risk: Mapped[int] = mapped_column(sa.SmallInteger, default=0)

    # Versions that share a title may have said it anew in English: the latest does.
    title_en: Mapped[str] = column_property(
        sa.func.coalesce(
            select(SessionPlan.title_en)
            .join(CoursePlan, CoursePlan.id == SessionPlan.plan_id)
            .where(SessionPlan.position == position, SessionPlan.title == title)
            .order_by(CoursePlan.version.desc())
            .limit(1)
            .correlate_except(SessionPlan, CoursePlan)
            .scalar_subquery(),
            title,
        ),
        deferred=True,
    )

    collective: Mapped[Collective] = relationship(lazy="raise_on_sql", viewonly=True)

    def span(self, time_zone: str) -> tuple[datetime, datetime]:
        """When it begins and ends, as instants."""
        return TrainingSession.span(self, time_zone)  # type: ignore[arg-type]  # the same three columns


def trainers_of(course_id: UUID) -> Select[Membership]:
    """The trainers of a course, by name."""
    users = select(AgendaLine.user_id).where(AgendaLine.course_id == course_id)
    return select(Membership).where(Membership.user_id.in_(users)).order_by(Membership.display_name, Membership.id)


def write_agenda(course: Course, at_risk: int = 0, trainers: Iterable[UUID] | None = None) -> None:
    """Make the agenda say what the sessions say; with `trainers` (users), also whose agenda it is."""
    # The lines point at the sessions.
    db.session.flush()
    known = {(each.user_id, each.session_id): each for each in db.session.scalars(select(AgendaLine).where(AgendaLine.course_id == course.id))}
    users = set(trainers) if trainers is not None else {user for user, _session in known}
    titles = {each.position: each.title for each in db.session.scalars(sessions_of(course.plan_id))}
    for session in db.session.scalars(sessions_of_course(course.id)):
        for user in users:
            line = known.pop((user, session.id), None)
            if line is None:
                line = AgendaLine(user_id=user, session_id=session.id, course_id=course.id, position=session.position)
                db.session.add(line)
            line.day, line.begins, line.minutes, line.state = session.day, session.begins, session.minutes, session.state
            line.place, line.title, line.at_risk = course.place, titles[session.position], at_risk
    for line in known.values():
        db.session.delete(line)


def agenda_of(user_id: UUID, since: date, until: date) -> Select[AgendaLine, Collective]:
    """What someone trains between two days, in every collective, by day. Read from outside, as that user (`Mine`)."""
    query = select(AgendaLine, Collective).join(Collective, Collective.id == AgendaLine.collective_id)
    held_there = select(Membership.id).where(
        Membership.collective_id == AgendaLine.collective_id, Membership.user_id == user_id, Membership.left_at.is_(None)
    )
    query = query.where(AgendaLine.user_id == user_id, AgendaLine.day >= since, AgendaLine.day <= until, held_there.exists())
    return query.options(undefer(AgendaLine.title_en)).order_by(AgendaLine.day, AgendaLine.begins, AgendaLine.id)


def still_planned(user_id: UUID, since: date, until: date) -> Select[AgendaLine, Collective]:
    """Of the agenda, the sessions at which nothing was noted yet."""
    return agenda_of(user_id, since, until).where(AgendaLine.state == SessionState.planned)


def at_risk(user_id: UUID, since: date, until: date) -> Select[AgendaLine, Collective]:
    """Of the agenda, one line for each course in which someone can no longer complete."""
    first = agenda_of(user_id, since, until).where(AgendaLine.at_risk > 0)
    return first.order_by(None).distinct(AgendaLine.course_id).order_by(AgendaLine.course_id, AgendaLine.day)
