"""The questionnaire at the end of a course: four questions with four answers, and a free remark. Nobody can tell who gave which.

An answer carries no name, no account and no instant, and its id is drawn at random, so that nothing sorts it by the moment it came in.
Answers are read once the questionnaire is closed, and from five on: while it is open, each new answer would tell what its giver said.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Model, db, now
from app.training.models import Course, SessionState, TrainingSession, sessions_of_course
from tenants.keys import Sealed
from tenants.models import Collective, Membership
from tenants.rows import Mine, Tenanted, key_to

QUESTIONS = ("useful", "at_ease", "ready", "recommend")
# From "not at all" to "very much".
ANSWERS = (1, 2, 3, 4)
LASTS = timedelta(days=30)
FEWEST = 5

# How many chose each answer, by question.
Scores = dict[str, list[int]]


class CourseAnswer(Tenanted, Model):
    """What one person answered, from the link or from paper. Any question may be left out."""

    __tablename__ = "course_answers"
    __table_args__ = (key_to("courses", "course_id"), sa.Index("ix_course_answers_collective_id_course_id", "collective_id", "course_id"))

    course_id: Mapped[UUID]
    useful: Mapped[int | None] = mapped_column(sa.SmallInteger)
    at_ease: Mapped[int | None] = mapped_column(sa.SmallInteger)
    ready: Mapped[int | None] = mapped_column(sa.SmallInteger)
    recommend: Mapped[int | None] = mapped_column(sa.SmallInteger)
    remark_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    on_paper: Mapped[bool] = mapped_column(default=False)
    remark = Sealed()


class CourseResult(Mine, Model):
    """What a trainer sees of a course that is behind them, from outside: sums and no person. `scores` is empty below five answers."""

    __tablename__ = "course_results"
    __table_args__ = (
        key_to("courses", "course_id"),
        sa.UniqueConstraint("collective_id", "course_id", "user_id"),
        sa.Index("ix_course_results_user_id_day", "user_id", "day"),
    )

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id"))
    course_id: Mapped[UUID]
    place: Mapped[str] = mapped_column(sa.String(120))
    # Of its last session.
    day: Mapped[date]
    enrolled: Mapped[int] = mapped_column(sa.SmallInteger)
    completed: Mapped[int] = mapped_column(sa.SmallInteger)
    presences: Mapped[int] = mapped_column(sa.SmallInteger)
    expected: Mapped[int] = mapped_column(sa.SmallInteger)
    answers: Mapped[int] = mapped_column(sa.SmallInteger)
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)

    collective: Mapped[Collective] = relationship(lazy="raise_on_sql", viewonly=True)


def random_id() -> UUID:
    """An id that says nothing of when it was made."""
    return uuid4()


def closes_at(course: Course) -> datetime | None:
    """When an opened questionnaire closes by itself; None if it is not open."""
    return course.questions_opened_at + LASTS if course.questions_opened_at and course.questions_closed_at is None else None


def takes_answers(course: Course) -> bool:
    """Whether an answer may be given now."""
    until = closes_at(course)
    return until is not None and now() < until


def open_questions(course: Course) -> bool:
    """Open the questionnaire, once. Returns whether it was opened now; one that was closed stays closed."""
    if course.questions_opened_at is not None:
        return False
    course.questions_opened_at = now()
    return True


def is_over(sessions: Sequence[TrainingSession]) -> bool:
    """Whether the last session was held: none is still to come, and at least one took place."""
    states = {each.state for each in sessions}
    return SessionState.held in states and SessionState.planned not in states


def add_answer(course: Course, answer_id: UUID, scores: dict[str, int | None], remark: str, on_paper: bool) -> bool:
    """Keep an answer. The same form sent again counts once. Returns whether it is new."""
    # Closing waits for whoever is answering, and whoever comes after it finds the questionnaire closed.
    closed_at = db.session.scalar(select(Course.questions_closed_at).where(Course.id == course.id).with_for_update(read=True))
    if closed_at is not None or db.session.get(CourseAnswer, (course.collective_id, answer_id)) is not None:
        return False
    answer = CourseAnswer(id=answer_id, course_id=course.id, on_paper=on_paper, **scores)
    answer.remark = remark or None
    db.session.add(answer)
    return True


def answers_of(*course_ids: UUID) -> Select[CourseAnswer]:
    """The answers about some courses. By their random ids: in no order that anybody could know."""
    return select(CourseAnswer).where(CourseAnswer.course_id.in_(course_ids)).order_by(CourseAnswer.id)


def count_answers(course_id: UUID) -> int:
    """How many answers a course has, which may be told at any time."""
    return db.session.scalar(select(sa.func.count()).select_from(CourseAnswer).where(CourseAnswer.course_id == course_id)) or 0


def unsent() -> Select[Course]:
    """Courses whose questionnaire is open and whose link was not mailed yet."""
    return select(Course).where(Course.questions_opened_at.is_not(None), Course.questions_closed_at.is_(None), Course.questions_sent_at.is_(None))


def readable(course: Course, answers: int) -> bool:
    """Whether the answers may be read."""
    return course.questions_closed_at is not None and answers >= FEWEST


def tallied(answers: Sequence[CourseAnswer]) -> Scores:
    """For each question how many chose each of the four answers; who left it out is in none of them."""
    given = {question: [getattr(each, question) for each in answers] for question in QUESTIONS}
    return {question: [values.count(answer) for answer in ANSWERS] for question, values in given.items()}


def favourable(counts: Sequence[int]) -> tuple[int, int]:
    """Of those who answered a question, how many chose one of the two better answers; and how many answered."""
    return sum(counts[2:]), sum(counts)


def closed_before(course: Course) -> Select[Course]:
    """Courses of this collective whose questionnaire is closed, besides this one, the latest first."""
    return select(Course).where(Course.id != course.id, Course.questions_closed_at.is_not(None)).order_by(Course.opened_at.desc(), Course.id)


def results_of(user_id: UUID) -> Select[CourseResult, Collective]:
    """A trainer's courses that are behind them, in every collective, the latest first. Read from outside, as that user (`Mine`)."""
    query = select(CourseResult, Collective).join(Collective, Collective.id == CourseResult.collective_id)
    held_there = select(Membership.id).where(
        Membership.collective_id == CourseResult.collective_id, Membership.user_id == user_id, Membership.left_at.is_(None)
    )
    query = query.where(CourseResult.user_id == user_id, held_there.exists())
    return query.order_by(CourseResult.day.desc(), CourseResult.id)


def last_day(course_id: UUID) -> date:
    """The day of the last session that was not cancelled; of the last one, if all were."""
    sessions = db.session.scalars(sessions_of_course(course_id)).all()
    return max((each.day for each in sessions if each.state != SessionState.cancelled), default=sessions[-1].day)
