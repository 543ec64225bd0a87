"""The lists of what waits, each a statement built once: a page says who reads, at which desks, and on which day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from flask import g, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from app.db import db
from app.paging import SHEET, Sheet, sheet
from app.people.digest import desks_of, in_words
from app.people.models import Person
from app.people.pairs import Pair
from app.people.task_queries import on_the_desk_of, put_off_tasks, waiting_tasks
from app.people.tasks import OWN, Desk, Said, Task, TaskState, kinds
from tenants.models import Membership
from tenants.questions import Question, several

# What was ticked is shown for so long, so that a slip of the finger can be mended.
REMEMBERED = timedelta(days=30)
DAY = sa.bindparam("day", type_=sa.Date)
READER = (sa.bindparam("member_id", type_=sa.Uuid), several("desks", Task.desk))
MINE, OTHERS = on_the_desk_of(*READER), ~on_the_desk_of(*READER, once=False)
DONE = select(Task).where(MINE, Task.state == TaskState.done, Task.settled_at > func.now() - REMEMBERED).order_by(Task.settled_at.desc(), Task.id)


def _name_for(task: Any) -> Any:
    # By a query of its own, which PostgreSQL asks for the lines that are shown; joined, it would look for the names of all that wait.
    return select(Person.name_sealed).where(Person.collective_id == task.collective_id, Person.id == task.person_id).scalar_subquery()


def _lines(query: Select[Task]) -> Question:
    # The name of the person comes with each, and how many there are in all with every one: a list is one statement.
    return Question(query.add_columns(_name_for(Task), func.count().over()))


def _first_of_each(query: Select[Task], most: int) -> Question:
    # What waits is read once, counted by kind, and looked through once more for each kind that there is. Ranks within each kind would have
    # PostgreSQL sort all that waits by kind: with five hundred tasks of three kinds that took half a millisecond more, and this a tenth.
    waits = query.order_by(None).cte("waits")
    of_all = sa.cast(func.sum(func.count()).over(), sa.BigInteger).label("of_all")
    by_kind = select(waits.c.kind, func.count().label("of_kind"), of_all).group_by(waits.c.kind).subquery()
    first = aliased(Task, select(waits).where(waits.c.kind == by_kind.c.kind).order_by(waits.c.due_on, waits.c.id).limit(most).lateral())
    asked = select(first, _name_for(first), by_kind.c.of_all, by_kind.c.of_kind).select_from(by_kind).join(first, sa.true())
    return Question(asked.order_by(first.due_on, first.id).limit(sa.bindparam("wanted", type_=sa.Integer)))


LISTS = {
    "": _lines(waiting_tasks(DAY).where(MINE)),
    "binomes": _lines(waiting_tasks(DAY).where(OTHERS)),
    "plus-tard": _lines(put_off_tasks(DAY).where(MINE)),
    "faites": _lines(DONE),
}
# Of one kind, at most so many are among the first things that a home page shows.
OF_ONE_KIND = 2
FIRST = _first_of_each(waiting_tasks(DAY).where(MINE), OF_ONE_KIND)
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


class First(NamedTuple):
    """What a home page shows of what waits: a few cards, how much waits in all, and in words what else there is of the kinds that are shown."""

    cards: list[Card]
    in_all: int
    others: list[str]


def first_tasks(today: date, wanted: int) -> First:
    """What has waited longest for the present member, two of a kind at most."""
    rows = FIRST.ask(**reader(today), wanted=wanted)
    others = Counter({row[0].kind: row[3] for row in rows})
    others.subtract(row[0].kind for row in rows)
    said = {code: number for code, number in others.items() if code == OWN or (code in kinds and kinds[code].counted)}
    return First(cards([row[:3] for row in rows]), rows[0][2] if rows else 0, in_words(said))


def task_sheet(which: str, today: date, at_once: int = SHEET, number: int | None = None) -> tuple[Sheet, int]:
    """A page of a list, the one that the address asks for unless told, and how much waits in all for the present member, whatever the list."""
    shown = sheet(LISTS[which], at_once, reader(today), number)
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
