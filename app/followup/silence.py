"""Silence: whom nobody has seen for a while, how long a while is, and the calls by which one asks after someone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from app.people.models import Person, Stage
from app.people.pairs import Pair
from app.people.tasks import Task, TaskState
from tenants import journal
from tenants.keys import Sealed
from tenants.models import Collective, Membership
from tenants.rows import Tenanted, belongs_to, insert_once, key_to
from tenants.scope import here, place

DAYS = 30
LEAST, MOST = 7, 180
# A task that a pair leaves waiting for so long is the coordination's too.
PATIENCE = timedelta(days=7)
# Whoever stands on their own feet is asked after only where someone wants it so.
WATCHED = (Stage.spotted, Stage.met, Stage.accompanied, Stage.engaged)
KIND = "silence"


class SilenceDefault(Tenanted, Model):
    """How many days without news are a silence in this collective. Without a row there are thirty."""

    __tablename__ = "silence_defaults"
    __table_args__ = (sa.UniqueConstraint("collective_id"),)

    days: Mapped[int] = mapped_column(sa.SmallInteger)
    by_user: Mapped[UUID | None]


class SilenceRule(Tenanted, Model):
    """What is different for one person: other days, or a pause with its reason, until a local date."""

    __tablename__ = "silence_rules"
    __table_args__ = (key_to("persons", "person_id"), sa.UniqueConstraint("collective_id", "person_id"))

    person_id: Mapped[UUID]
    days: Mapped[int | None] = mapped_column(sa.SmallInteger)
    paused_until: Mapped[date | None]
    paused_because_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    paused_because = Sealed()

    person: Mapped[Person] = belongs_to("SilenceRule.person_id", "Person")

    def is_paused(self, today: date) -> bool:
        """Whether nobody is asked to call on this local date."""
        return self.paused_until is not None and self.paused_until >= today


class CallOutcome(StrEnum):
    """How asking after someone ended."""

    well = "well"
    needs = "needs"
    no_answer = "no_answer"
    message = "message"


ANSWERED = (CallOutcome.well, CallOutcome.needs)


class CheckIn(Tenanted, Model):
    """One call to ask after someone, with its outcome and no words."""

    __tablename__ = "check_ins"
    __table_args__ = (key_to("persons", "person_id"), sa.Index("ix_check_ins_collective_id_person_id", "collective_id", "person_id"))

    person_id: Mapped[UUID]
    on: Mapped[date]
    outcome: Mapped[CallOutcome] = mapped_column(ChoiceType(CallOutcome, impl=sa.String(10)))
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]

    person: Mapped[Person] = belongs_to("CheckIn.person_id", "Person")


def call(person: Person, outcome: CallOutcome, on: date, check_in_id: UUID) -> int:
    """Keep a call. A voice that answered is a contact; without one the task comes back tomorrow. Returns 0 if it is known already."""
    row = {"id": check_in_id, "person_id": person.id, "on": on, "outcome": outcome, "by_user": place().user_id, "at": now()}
    fresh = insert_once(CheckIn, [row])
    if not fresh:
        return 0
    journal.note("called", "person", person.id)
    if outcome in ANSWERED:
        person.seen(on)
    for task in db.session.scalars(open_silences(person.id)):
        task.put_off(on + timedelta(days=1))
    return fresh


def open_silences(person_id: UUID) -> Select[Task]:
    """What waits because nobody has seen this person."""
    return select(Task).where(Task.kind == KIND, Task.person_id == person_id, Task.state == TaskState.open)


def check_ins_of(person_id: UUID) -> Select[CheckIn]:
    """The calls to a person, the latest first."""
    return select(CheckIn).where(CheckIn.person_id == person_id).order_by(CheckIn.on.desc(), CheckIn.at.desc(), CheckIn.id)


def calls_with_names(person_id: UUID) -> Select[CheckIn, Membership]:
    """The same, each with whoever called."""
    caller = (Membership.user_id == CheckIn.by_user) & (Membership.collective_id == CheckIn.collective_id)
    return check_ins_of(person_id).outerjoin(Membership, caller).add_columns(Membership)


def rule_of(person_id: UUID) -> SilenceRule | None:
    """What is different for a person, if anything is."""
    return db.session.scalar(select(SilenceRule).where(SilenceRule.person_id == person_id))


def default_days() -> int:
    """How many days without news are a silence here."""
    return db.session.scalar(select(SilenceDefault.days)) or DAYS


def set_default(days: int) -> None:
    """Change it for all who have no days of their own."""
    row = db.session.scalar(select(SilenceDefault))
    if row is None:
        row = SilenceDefault()
        db.session.add(row)
    row.days, row.by_user = days, place().user_id


@dataclass(frozen=True, slots=True)
class Silence:
    """Someone without news: since which local date it is a silence, and whether they have a pair."""

    person_id: UUID
    since: date
    paired: bool


def silences(today: date, person_id: UUID | None = None) -> Sequence[Silence]:
    """Those whom nobody has seen for too long on a local date: of all, or the one. One query, and one row a silence.

    A task that was ticked counts as news from that day: whoever ticked it has seen to it.
    """
    days = sa.func.coalesce(SilenceRule.days, select(SilenceDefault.days).scalar_subquery(), DAYS)
    zone = select(Collective.time_zone).where(Collective.id == here()).scalar_subquery()
    ticked = (
        select(Task.person_id, sa.func.max(sa.cast(sa.func.timezone(zone, Task.settled_at), sa.Date)).label("on"))
        .where(Task.kind == KIND, Task.state == TaskState.done)
        .group_by(Task.person_id)
        .subquery()
    )
    paired = select(Pair.id).where(Pair.person_id == Person.id, Pair.ended_on.is_(None)).exists()
    since = sa.func.greatest(sa.func.coalesce(Person.last_seen_on, Person.found_on), ticked.c.on) + days
    watched = sa.or_(Person.stage.in_(WATCHED), sa.and_(Person.stage == Stage.autonomous, SilenceRule.days.is_not(None)))
    query = (
        select(Person.id, since, paired)
        .outerjoin(SilenceRule, sa.and_(SilenceRule.collective_id == Person.collective_id, SilenceRule.person_id == Person.id))
        .outerjoin(ticked, ticked.c.person_id == Person.id)
        .where(watched, since <= today, sa.or_(SilenceRule.paused_until.is_(None), SilenceRule.paused_until < today))
    )
    if person_id is not None:
        query = query.where(Person.id == person_id)
    return [Silence(*row) for row in db.session.execute(query)]
