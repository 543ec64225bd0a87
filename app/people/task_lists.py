"""The lists of what waits, each a statement built once: a page says who reads, at which desks, and on which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from app.db import db
from app.paging import SHEET, Sheet, sheet
from app.people.digest import desks_of
from app.people.models import Person
from app.people.pairs import Pair
from app.people.task_queries import on_the_desk_of, put_off_tasks, waiting_tasks
from app.people.tasks import Desk, Said, Task, TaskState, kinds
from tenants.models import Membership
from tenants.questions import Question, several

# What was ticked is shown for so long, so that a slip of the finger can be mended.
REMEMBERED = timedelta(days=30)
DAY = sa.bindparam("day", type_=sa.Date)
READER = (sa.bindparam("member_id", type_=sa.Uuid), several("desks", Task.desk))
MINE, OTHERS = on_the_desk_of(*READER), ~on_the_desk_of(*READER, once=False)
DONE = select(Task).where(MINE, Task.state == TaskState.done, Task.settled_at > func.now() - REMEMBERED).order_by(Task.settled_at.desc(), Task.id)


def _lines(query: Select[Task]) -> Question:
    # The name of the person comes with each, and how many there are in all with every one: a list is one statement. The name by a query of
    # its own, which PostgreSQL asks for the lines that are shown; joined, it would look for the names of all that wait.
    name = select(Person.name_sealed).where(Person.collective_id == Task.collective_id, Person.id == Task.person_id).scalar_subquery()
    return Question(query.add_columns(name, func.count().over()))


LISTS = {
    "": _lines(waiting_tasks(DAY).where(MINE)),
    "binomes": _lines(waiting_tasks(DAY).where(OTHERS)),
    "plus-tard": _lines(put_off_tasks(DAY).where(MINE)),
    "faites": _lines(DONE),
}
FIRST = Question(LISTS[""].query.limit(sa.bindparam("wanted", type_=sa.Integer)))
IS_MINE = Question(select(Task.id).where(Task.id == sa.bindparam("task_id", type_=sa.Uuid), MINE))
HOW_MANY = Question(select(func.count()).select_from(waiting_tasks(DAY).where(MINE).order_by(None).subquery()))


@dataclass(frozen=True, slots=True)
class Card:
    """A task with its words, as a list shows it."""

    task: Task
    said: Said
    sign: str


def reader(today: date) -> dict[str, Any]:
    """The present member, for a statement of this module."""
    return {"member_id": g.membership.id, "desks": list(desks_of(g.membership.role)), "day": today}


def first_tasks(today: date, wanted: int) -> tuple[list[Card], int]:
    """What has waited longest for the present member, and how much waits in all."""
    rows = FIRST.ask(**reader(today), wanted=wanted)
    return cards(rows), rows[0][2] if rows else 0


def task_sheet(which: str, today: date, at_once: int = SHEET) -> tuple[Sheet, int]:
    """The page of a list that the address asks for, and how much waits in all for the present member, whatever the list."""
    shown = sheet(LISTS[which], at_once, reader(today))
    if which == "" and shown.rows:
        return shown, shown.rows[0][2]
    return shown, HOW_MANY.one(**reader(today))


def cards(rows: Sequence[Any]) -> list[Card]:
    """Lines of a list with their words: names are opened for what is shown alone."""
    return [_card(task, Person.name.opened(sealed, task.person_id) or "" if sealed else "") for task, sealed, _count in rows]


def _card(task: Task, name: str) -> Card:
    if kind := kinds.get(task.kind):
        return Card(task, kind.say(task, name), kind.sign)
    where = url_for("workspace.people.show", person_id=task.person_id) if task.person_id else ""
    return Card(task, Said(task.words or "", _("Pour %(name)s.", name=name) if name else "", where, _("Ouvrir la fiche") if where else ""), "pencil")


def is_mine(task_id: UUID) -> bool:
    """Whether a task is on the present member's list."""
    return IS_MINE.one(member_id=g.membership.id, desks=list(desks_of(g.membership.role)), task_id=task_id) is not None


def owners_of(tasks: Sequence[Task]) -> dict[UUID, str]:
    """Whose each task is, in words: a member, the two companions of a person, or a desk."""
    people = {each.person_id for each in tasks if each.desk == Desk.pair and each.person_id}
    pairs = {
        each.person_id: (each.one_id, each.other_id)
        for each in db.session.scalars(select(Pair).where(Pair.person_id.in_(people), Pair.ended_on.is_(None)))
    }
    members = {each.member_id for each in tasks if each.member_id} | {each for pair in pairs.values() for each in pair}
    names = dict(db.session.execute(select(Membership.id, Membership.display_name).where(Membership.id.in_(members))).tuples().all())

    def words(task: Task) -> str:
        if task.member_id:
            return names[task.member_id]
        if task.desk == Desk.pair and task.person_id in pairs:
            return _(" et ").join(names[each] for each in pairs[task.person_id])
        return {Desk.coordination: _("la coordination"), Desk.training: _("l’équipe du parcours")}.get(task.desk, _("son binôme"))

    return {each.id: words(each) for each in tasks}
