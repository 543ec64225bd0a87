"""Erasing a person: the file is deleted, and with it, by the database's own keys, every row that points at it, whatever room wrote it.

What the figures count goes on counting. A room that counts rows of people says so with `keeps`: before the file goes, its rows are emptied
of words and authors and handed to a row of persons that has no name, a new id, and a path that counts nowhere else. A room whose rows
name someone without a key to the file (a document about them) deletes these with `erases`. A writer who is at work on the file at the same
moment finds no file any more: the database refuses the row, and nothing is half kept.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event, select
from sqlalchemy.orm import LoaderCriteriaOption, Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria

from app.accounts.drafts import Draft
from app.db import Instant, Model, db, now
from app.people.circles import ContactCircles
from app.people.home_meetings import HomeMeeting, MeetingState
from app.people.models import Person, Stage
from app.people.path import PathStep
from tenants import journal
from tenants.communes import name_key
from tenants.documents import Document
from tenants.journal import JournalLine
from tenants.keys import EMPTY, lost_reads_as_none
from tenants.questions import leaves_out
from tenants.rows import Tenanted
from tenants.scope import place

Count = dict[str, int]
# What an eraser is told: the id of the file, and how its name is or may have been written.
Eraser = Callable[[UUID, Sequence[str]], None]


class Erasure(Tenanted, Model):
    """That a file was erased: when, by whom, whether its person had asked, and how many rows of which table went. Not whose it was."""

    __tablename__ = "erasures"

    asked: Mapped[bool]
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    done: Mapped[dict[str, Any]] = mapped_column(default=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that go on counting: which of them, the columns that point at the person, and what becomes of the others."""

    kind: type[Any]
    columns: tuple[str, ...]
    emptied: dict[str, Any]
    which: Any


kept: dict[str, Kept] = {}
erasers: list[Eraser] = []


def keeps(kind: type[Any], *empty: str, columns: tuple[str, ...] = ("person_id",), which: Any = None, **becomes: Any) -> None:
    """Register rows that figures count: the columns named are emptied, others become a value; `which` narrows them, the rest is deleted."""
    kept[kind.__tablename__] = Kept(kind, columns, {**dict.fromkeys(empty, sa.null()), **becomes}, sa.true() if which is None else which)


def erases(eraser: Eraser) -> Eraser:
    """Register what else of a person (by id, and by name in free texts) goes, where no key leads there. Called before anything else."""
    erasers.append(eraser)
    return eraser


keeps(PathStep, "reason_sealed", "by_user", "taken_back_by", "taken_back_because_sealed")
keeps(ContactCircles, "by_user")
keeps(
    HomeMeeting,
    *("alone_because_sealed", "where_sealed", "cancelled_because_sealed", "heard_sealed", "next_step_sealed", "planned_by"),
    which=HomeMeeting.state == MeetingState.held,
    # Nobody is asked after any more.
    one_out_at=sa.func.coalesce(HomeMeeting.one_out_at, HomeMeeting.starts_at),
    other_out_at=sa.func.coalesce(HomeMeeting.other_out_at, HomeMeeting.starts_at),
)


@erases
def papers_and_drafts(person_id: UUID, _names: Sequence[str]) -> None:
    """Documents about the person, and forms kept for someone whose session ended while they wrote to the file."""
    _run(sa.delete(Document).where(Document.about_id == person_id))
    for draft in db.session.scalars(select(Draft)):
        # The form that opens a file carries the id that the file will have.
        if str(person_id) in draft.path or str(person_id) in (draft.fields or ""):
            db.session.delete(draft)


def says(text: str | None, names: Sequence[str]) -> bool:
    """Whether a text names someone in one of these ways: whole words alone, whatever the accents, capitals and hyphens."""
    words = _words(text)
    sought = [each for name in names if (each := _words(name))]
    return any(words[at : at + len(each)] == each for each in sought for at in range(len(words)))


def _words(text: str | None) -> list[str]:
    return re.findall(r"\w+", name_key(text or "").replace("œ", "oe").replace("æ", "ae"))


# Where the collective's key was destroyed nobody can look for names any more; the rows go all the same.
@lost_reads_as_none()
def erase(person: Person, erasure_id: UUID, asked: bool, spellings: Sequence[str] = ()) -> Erasure:
    """Erase a file and all that names its person. Returns what was done, which names nobody. The same form sent again changes nothing.

    `spellings` are other ways in which the name may have been written where nobody thought of the file. They are kept nowhere.
    """
    # Whoever writes to the file now is waited for; whoever comes later finds it gone.
    db.session.scalars(select(Person.id).where(Person.id == person.id).with_for_update()).one()
    person_id, names = person.id, [person.name or "", *spellings]
    erasure = Erasure(id=erasure_id, asked=asked, by_user=place().user_id, done=_rows_about(person_id))
    nameless = Person(found_by=person.found_by, found_on=person.found_on, stage_on=person.stage_on, stage=Stage.closed, erased_at=now())
    nameless.name_sealed = EMPTY
    nameless.closed_because, nameless.opened_at, nameless.changed_at = person.closed_because, person.opened_at, now()
    db.session.add_all([erasure, nameless])
    # What goes on counting points at the row without a name.
    db.session.flush()
    for eraser in erasers:
        eraser(person_id, names)
    for each in kept.values():
        for column in each.columns:
            mine = sa.update(each.kind).where(getattr(each.kind, column) == person_id, each.which)
            _run(mine.values({**each.emptied, column: nameless.id}))
    # Nothing of it may be written again by what this transaction still holds.
    for row in [each for each in db.session if each is person or getattr(each, "person_id", None) == person_id]:
        db.session.expunge(row)
    _run(sa.delete(Person).where(Person.id == person_id))
    journal.note("erased", "person", person_id)
    return erasure


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))


def keys_to_people() -> list[tuple[sa.Table, str]]:
    """Every table and column that points at a file by a key of the database."""
    found = []
    for table in Model.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            if key.referred_table.name == Person.__tablename__:
                found.append((table, next(name for name in key.column_keys if name != "collective_id")))
    return found


def _rows_about(person_id: UUID) -> Count:
    counted: Count = {}
    for table, column in keys_to_people():
        number = db.session.scalar(select(sa.func.count()).select_from(table).where(table.c[column] == person_id)) or 0
        counted[table.name] = counted.get(table.name, 0) + number
    return {name: number for name, number in counted.items() if number}


def was_erased(person_id: UUID) -> bool:
    """Whether a file of the present collective with this id was erased: for someone who comes back to a page of it."""
    line = select(JournalLine.id).where(JournalLine.subject_id == person_id, JournalLine.act == "erased").limit(1)
    return db.session.scalar(line) is not None


@leaves_out(Person)
@cache
def _erased() -> LoaderCriteriaOption:
    return with_loader_criteria(Person, Person.erased_at.is_(None))


@event.listens_for(Session, "do_orm_execute")
def leave_out_the_erased(state: ORMExecuteState) -> None:
    """A row without a name is there to be counted: who asks for people is not given it, unless by the option `with_erased`."""
    if state.bind_mapper is Person.__mapper__ and state.is_select and not state.execution_options.get("with_erased"):
        state.statement = state.statement.options(_erased())
