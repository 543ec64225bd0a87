"""The list of what waits: one's own, the pairs', what was put off, what was done. One tap each for done and for later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select

from app.db import db, new_id
from app.pages import id_from, own_address, page
from app.paging import sheet
from app.people import tasks_bp as bp
from app.people.digest import desks_of
from app.people.models import Person
from app.people.queries import names_of
from app.people.task_forms import TaskForm
from app.people.tasks import Desk, Said, Task, TaskState, kinds, on_the_desk_of, own_task, put_off_tasks, settle, waiting_tasks
from tenants.access import allowed, may, refuse
from tenants.models import members
from tenants.months import today_in
from tenants.rows import found

LATER = timedelta(days=7)
# What was ticked is shown for so long, so that a slip of the finger can be mended.
REMEMBERED = timedelta(days=30)
LISTS = {"": _l("Pour moi"), "binomes": _l("Chez les autres"), "plus-tard": _l("Plus tard"), "faites": _l("Faites")}


@dataclass(frozen=True, slots=True)
class Card:
    """A task with its words, as a list shows it."""

    task: Task
    said: Said
    sign: str
    # Whose turn it is, where it is not the reader's.
    whose: str = ""


def desks() -> tuple[Desk, ...]:
    """The desks at which the present member stands."""
    return desks_of(g.membership.role)


def mine() -> sa.ColumnElement[bool]:
    """Which tasks are on the present member's list."""
    return on_the_desk_of(g.membership.id, *desks())


def own_waiting(today: date) -> Select[Task]:
    """What waits for the present member."""
    return waiting_tasks(today).where(mine())


def how_many(query: Select[Task]) -> int:
    """How many tasks a query finds."""
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def cards(tasks: Sequence[Task]) -> list[Card]:
    """Tasks with their words: the names of all in one query, opened for those that are shown alone."""
    ids = {each.person_id for each in tasks if each.person_id}
    people = {each.id: each.name or "" for each in db.session.scalars(select(Person).where(Person.id.in_(ids)))} if ids else {}
    return [
        Card(each, _said(each, people[each.person_id] if each.person_id else ""), kinds[each.kind].sign if each.kind in kinds else "pencil")
        for each in tasks
    ]


def _said(task: Task, name: str) -> Said:
    if task.kind in kinds:
        return kinds[task.kind].say(task, name)
    where = url_for("workspace.people.show", person_id=task.person_id) if task.person_id else ""
    return Said(task.words or "", _("Pour %(name)s.", name=name) if name else "", where, _("Ouvrir la fiche") if where else "")


@bp.get("/")
@may("see tasks")
def index() -> ResponseReturnValue:
    """Fifty at a time; ?liste= chooses which."""
    today, which = today_in(g.collective.time_zone), request.args.get("liste", "")
    which = which if which in LISTS else ""
    if which == "binomes" and not allowed("steer a file"):
        which = ""
    others = waiting_tasks(today).where(~mine())
    done = select(Task).where(mine(), Task.state == TaskState.done, Task.settled_at > func.now() - REMEMBERED).order_by(Task.settled_at.desc())
    queries = {"": own_waiting(today), "binomes": others, "plus-tard": put_off_tasks(today).where(mine()), "faites": done}
    shown = sheet(queries[which])
    lists = {code: name for code, name in LISTS.items() if code != "binomes" or allowed("steer a file")}
    by = names_of([each.settled_by for each in shown.rows]) if which == "faites" else {}
    return page("people/tasks.html", sheet=shown, cards=cards(shown.rows), which=which, lists=lists, by=by, count=how_many(queries[""]))


@bp.get("/nouvelle")
@may("see tasks")
def new() -> ResponseReturnValue:
    """What do you want to remember, until when, for whom?"""
    form = TaskForm(formdata=None, id=str(new_id()), due_on=today_in(g.collective.time_zone) + LATER, member=str(g.membership.id))
    return page("people/task.html", form=_choices(form))


@bp.post("/")
@may("see tasks")
def create() -> ResponseReturnValue:
    """Write it down."""
    form = _choices(TaskForm())
    if not form.validate_on_submit():
        return page("people/task.html", form=form), 422
    own_task(id_from(form.id.data), form.words.data, form.due_on.data, Desk.member, UUID(form.member.data))
    flash(_("C’est noté. La tâche apparaîtra le jour venu."))
    return redirect(url_for("workspace.tasks.index", liste="plus-tard" if form.due_on.data > today_in(g.collective.time_zone) else None))


def _choices(form: TaskForm) -> TaskForm:
    # A volunteer writes for themselves; the coordination for anyone of the team.
    team = db.session.scalars(members()).all() if allowed("steer a file") else [g.membership]
    form.member.choices = [(str(each.id), each.display_name) for each in team]
    return form


@bp.post("/<uuid:task_id>/fait")
@may("see tasks")
def create_tick(task_id: UUID) -> ResponseReturnValue:
    """It is done."""
    task = _own(task_id)
    task.tick()
    if task.person_id and task.kind in kinds:
        # What was asked of two desks is no longer asked of the other.
        settle(task.person_id, kinds[task.kind])
    flash(_("C’est fait, merci. On la retrouve dans « Faites » pendant trente jours."))
    return _back()


@bp.post("/<uuid:task_id>/a-refaire")
@may("see tasks")
def delete_tick(task_id: UUID) -> ResponseReturnValue:
    """It was not done after all."""
    _own(task_id).untick()
    flash(_("La tâche attend de nouveau."))
    return _back()


@bp.post("/<uuid:task_id>/plus-tard")
@may("see tasks")
def update(task_id: UUID) -> ResponseReturnValue:
    """In a week."""
    _own(task_id).put_off(today_in(g.collective.time_zone) + LATER)
    flash(_("Elle reviendra dans une semaine."))
    return _back()


def _own(task_id: UUID) -> Task:
    task = found(Task, task_id)
    if not allowed("steer a file") and db.session.scalar(select(Task.id).where(Task.id == task_id, mine())) is None:
        refuse("not one's own task")
    return task


def _back() -> ResponseReturnValue:
    return redirect(own_address(request.form.get("next")) or url_for("workspace.tasks.index"))
