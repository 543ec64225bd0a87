"""The list of what waits: one's own, the pairs', what was put off, what was done. One tap each for done and for later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.db import db, new_id
from app.languages import written_date
from app.pages import id_from, own_address, page
from app.paging import Sheet, page_number
from app.people import tasks_bp as bp
from app.people.queries import names_of
from app.people.task_forms import TaskForm
from app.people.task_lists import Card, cards, is_mine, owners_of, task_sheet
from app.people.tasks import Desk, Task, kinds, own_task, settle
from tenants.access import allowed, may, refuse
from tenants.models import Role, members
from tenants.months import today_in
from tenants.rows import found

LATER = timedelta(days=7)
# Each is a card with three gestures: fifty of them are a wall, not a list.
AT_ONCE = 20
LISTS = {"": _l("Pour moi"), "binomes": _l("Chez les autres"), "plus-tard": _l("Plus tard"), "faites": _l("Faites")}


@bp.get("/")
@may("see tasks")
def index() -> ResponseReturnValue:
    """Twenty at a time; ?liste= chooses which."""
    which = request.args.get("liste", "")
    today = today_in(g.collective.time_zone)
    shown = Shown(g.membership.id, g.membership.role, which if which in _lists() else "", page_number(), today)
    return page("people/tasks.html", shown=shown)


def _lists() -> dict[str, Any]:
    """The lists of the present member, with their names."""
    return {code: name for code, name in LISTS.items() if code != "binomes" or allowed("steer a file")}


class Parts(NamedTuple):
    """What a list of tasks shows: its sheet, the cards, what a card says besides its words, and how much waits in all, whatever the list."""

    sheet: Sheet
    cards: list[Card]
    by: Callable[[Task], str]
    waiting: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet of a list of a member's tasks, as it stands on a local date."""

    member_id: UUID
    role: Role
    which: str
    number: int
    today: date

    def lists(self) -> dict[str, Any]:
        """All lists of this role, with their names."""
        return _lists()

    def parts(self) -> Parts:
        """What is shown."""
        shown, count = task_sheet(self.which, self.today, AT_ONCE, self.number)
        return Parts(shown, cards(shown.rows), _lines(self.which, [row[0] for row in shown.rows]), count)


def _lines(which: str, tasks: Sequence[Task]) -> Callable[[Task], str]:
    """What a list says of each of its tasks besides their words: since when it waits and for whom, until when it was put off, who did it."""
    if which == "faites":
        names = names_of([each.settled_by for each in tasks])

        def done_by(task: Task) -> str:
            name, day = names.get(task.settled_by, _("quelqu’un")), (task.settled_at or task.at).date()
            return _("Fait par %(name)s, le %(day)s.", name=name, day=_long(day))

        return done_by
    if which == "plus-tard":
        return lambda task: _("Le %(day)s.", day=_long(task.due_on))
    if which == "binomes":
        owners = owners_of(tasks)
        return lambda task: _("Pour %(names)s, depuis le %(day)s.", names=owners[task.id], day=_long(task.due_on))
    return lambda task: _("Depuis le %(day)s.", day=_long(task.due_on))


def _long(day: date) -> str:
    return written_date(day, "d MMMM y")


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
    if not allowed("steer a file") and not is_mine(task.id):
        refuse("not one's own task")
    return task


def _back() -> ResponseReturnValue:
    return redirect(own_address(request.form.get("next")) or url_for("workspace.tasks.index"))
