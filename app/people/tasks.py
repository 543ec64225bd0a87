"""What waits to be done, as rows: for whom, since when, done or put off. Rooms say what should wait; nobody keeps a list by hand.

A kind of task is a question that a room answers again whenever a file was written to, and every night: who waits now? A task that
is no longer asked for has been done by doing it, and leaves the list by itself; one that was ticked stays ticked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, new_id, now
from app.people.models import Person
from app.transaction import finishes
from tenants.keys import Sealed
from tenants.models import Collective
from tenants.months import today_in
from tenants.rows import Tenanted, belongs_to, insert_once, key_to
from tenants.scope import here, place


class Desk(StrEnum):
    """Whose list a task is on: the two companions of a person, the coordination, whoever runs courses, or one member."""

    pair = "pair"
    coordination = "coordination"
    training = "training"
    member = "member"


class TaskState(StrEnum):
    """Whether it waits, was ticked, or is no longer asked for."""

    open = "open"
    done = "done"
    gone = "gone"


class Task(Tenanted, Model):
    """Something that waits. One kind, one subject and one occasion are one task, however often they are asked for."""

    __tablename__ = "tasks"
    stamped = True
    __table_args__ = (
        key_to("persons", "person_id"),
        key_to("memberships", "member_id"),
        sa.UniqueConstraint("collective_id", "kind", "subject_id", "occasion_on"),
        sa.Index("ix_tasks_collective_id_state_due_on", "collective_id", "state", "due_on"),
        sa.Index("ix_tasks_collective_id_person_id", "collective_id", "person_id"),
    )

    kind: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    desk: Mapped[Desk] = mapped_column(ChoiceType(Desk, impl=sa.String(12)))
    member_id: Mapped[UUID | None]
    # The local date that the question is about: with kind and subject it names the task. The day it is due may be put off.
    occasion_on: Mapped[date]
    due_on: Mapped[date]
    words_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    state: Mapped[TaskState] = mapped_column(ChoiceType(TaskState, impl=sa.String(4)), default=TaskState.open)
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[datetime | None]
    at: Mapped[Instant]
    words = Sealed()

    person: Mapped[Person | None] = belongs_to("Task.person_id", "Person")

    def tick(self) -> None:
        """It is done. Twice keeps the first time."""
        if self.state == TaskState.open:
            self.state, self.settled_by, self.settled_at = TaskState.done, place().user_id, now()

    def untick(self) -> None:
        """It was not done after all."""
        if self.state == TaskState.done:
            self.state, self.settled_by, self.settled_at = TaskState.open, None, None

    def put_off(self, until: date) -> None:
        """Later, on a local date."""
        self.due_on = until


@dataclass(frozen=True, slots=True)
class Wanted:
    """An answer of a room: what should wait, since which local date, for whom. A member is named with the desk `member` alone."""

    subject_id: UUID
    on: date
    person_id: UUID | None = None
    desk: Desk = Desk.coordination
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """How a task reads: a title, why it waits, and where the button leads. `name` is that of the person, if there is one."""

    title: str
    why: str
    address: str
    button: str


Find = Callable[[date, UUID | None], Iterable[Wanted]]
Say = Callable[[Task, str], Said]


@dataclass(frozen=True, slots=True)
class Kind:
    """A question that a room asks: who waits (of one person, or of all), how it reads, and its sign."""

    code: str
    find: Find
    say: Say
    sign: str
    # Asked again for one person whenever something of that person was written; else only by `settle_kind` and at night.
    of_people: bool
    # So many of it in words that name nobody, for a mail; without them it is counted among the others.
    counted: Callable[[int], str] | None = None


kinds: dict[str, Kind] = {}


def asks(code: str, say: Say, sign: str = "person", of_people: bool = True, counted: Callable[[int], str] | None = None) -> Callable[[Find], Find]:
    """Register a kind. `find(today, person_id)` says who waits (of all where the id is None), `counted(n)` so many in words that name nobody."""

    def register(find: Find) -> Find:
        if code in kinds:
            raise KeyError(f"Two kinds of task are called {code}.")
        kinds[code] = Kind(code, find, say, sign, of_people, counted)
        return find

    return register


def own_task(task_id: UUID, words: str, due_on: date, desk: Desk, member_id: UUID | None = None, person_id: UUID | None = None) -> None:
    """Something that someone wants to remember, in their words. The same form sent again changes nothing."""
    if db.session.get(Task, (here(), task_id)) is None:
        task = Task(id=task_id, kind=OWN, subject_id=task_id, person_id=person_id, desk=desk, member_id=member_id, occasion_on=due_on, due_on=due_on)
        task.words = words
        db.session.add(task)


# More files than this at once, and asking about everyone is quicker than one by one.
FEW = 20
# How the code of a kind ends that asks the pair what another asks the coordination.
OF_THE_PAIR = "_pair"
# What a member writes down themselves: no room asks for it, so nothing but a tick ends it.
OWN = "own"


def settle(person_id: UUID | None = None, only: Kind | None = None) -> None:
    """Ask every kind again, for one person or for all, and make the rows agree with the answers."""
    today = today_in(db.session.get_one(Collective, here()).time_zone)
    for kind in [only] if only else list(kinds.values()):
        if person_id is None or kind.of_people:
            _agree(kind, {(each.subject_id, each.on): each for each in kind.find(today, person_id)}, person_id)


def settle_kind(code: str) -> None:
    """Ask one kind again: for a room whose tasks are about no person, after it wrote."""
    db.session.flush()  # The question reads what was just written.
    settle(only=kinds[code])


def _agree(kind: Kind, wanted: dict[tuple[UUID, date], Wanted], person_id: UUID | None) -> None:
    known = select(Task).where(Task.kind == kind.code)
    # What is asked about may have passed from one person to another: it is known by its subject too.
    mine = Task.state == TaskState.open if person_id is None else Task.person_id == person_id
    subjects = {subject for subject, _on in wanted}
    known = known.where(sa.or_(mine, Task.subject_id.in_(subjects)) if subjects else mine)
    for task in db.session.scalars(known):
        want = wanted.pop((task.subject_id, task.occasion_on), None)
        if want is None and task.state == TaskState.open:
            task.state, task.settled_at = TaskState.gone, now()
        elif want is not None:
            if task.state == TaskState.gone:
                task.state, task.settled_at = TaskState.open, None
            if (task.desk, task.member_id, task.person_id) != (want.desk, want.member_id, want.person_id):
                task.desk, task.member_id, task.person_id = want.desk, want.member_id, want.person_id
    moment = now()
    rows = [
        {
            "id": new_id(),
            "kind": kind.code,
            "subject_id": each.subject_id,
            "person_id": each.person_id,
            "desk": each.desk,
            "member_id": each.member_id,
            "occasion_on": each.on,
            "due_on": each.on,
            "state": TaskState.open,
            "at": moment,
        }
        for each in wanted.values()
    ]
    # Two writers may ask at once: the second finds the row of the first.
    insert_once(Task, rows, key=("kind", "subject_id", "occasion_on"))


@event.listens_for(Session, "after_flush")
def remember(session: Session, _context: Any) -> None:
    """Remember whose file was written to, whatever room wrote: each row that names a person speaks of their file."""
    touched = session.info.setdefault("files written to", set())
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Person):
            touched.add(row.id)
        elif isinstance(row, Tenanted) and not isinstance(row, Task) and (person_id := getattr(row, "person_id", None)):
            touched.add(person_id)


@finishes
def settle_touched() -> None:
    """Ask again about those whose file was written to in this transaction, so that a list is right as soon as the page is."""
    if place().collective_id is None:
        return
    db.session.flush()  # Rows that are still pending name people too.
    touched: set[UUID] = db.session.info.pop("files written to", set())
    if len(touched) > FEW:
        settle()
        return
    for person_id in sorted(touched):
        settle(person_id)
