"""The home page of a workspace, by role, and its figures."""

from datetime import date, timedelta
from typing import Any

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts import gate
from app.accounts.models import waiting_invitations
from app.db import db
from app.desk import bp
from app.followup.drop_ins import next_expected
from app.languages import written_date
from app.network.funnel import funnel
from app.outreach.models import Round
from app.outreach.queries import open_between, rounds_of, team_of, unclosed_before
from app.pages import page
from app.paging import group_asked
from app.people.pairs import accompanied_by
from app.people.queries import by_name
from app.people.story import waiting
from app.people.task_lists import first_tasks
from app.people.words import STAGE_NAMES, described
from tenants import ledger
from tenants.access import allowed, may
from tenants.groups import GROUPS
from tenants.indicators import CATALOGUE
from tenants.models import PRESENT, Role
from tenants.months import EVER, month_of, months_before, today_in, year_of

MONTHS_SHOWN = 12
DAYS_AHEAD = 7
# As many tasks as fit the first look; the list has the others.
AT_ONCE = 5


def capitalised(day: date) -> str:
    """A day with its year, as a page begins with it."""
    text = written_date(day, "EEEE d MMMM y")
    return text[:1].upper() + text[1:]


@bp.get("/")
@may("enter")
def index() -> ResponseReturnValue:
    """What this role finds first."""
    today = today_in(g.collective.time_zone)
    if g.membership.role == Role.coordinator:
        return _coordination(today)
    if g.membership.role == Role.volunteer:
        return _volunteer(today)
    if g.membership.role == Role.trainer:
        return redirect(url_for("trainer.index"))
    return redirect(url_for("workspace.desk.figures"))


def _coordination(today: date) -> str:
    # Not up to Sunday: on a Sunday one looks for what Monday brings.
    (unclosed, unclosed_count), coming = unclosed_before(today), open_between(today, today + timedelta(days=DAYS_AHEAD))
    figures = ledger.figures_of(month_of(today), EVER)
    due = gate.reminder()
    return page(
        "desk/coordination.html",
        second_step_due=due,
        **_waiting(today, closed=due is not None and due.over),
        today=today,
        day=capitalised(today),
        unclosed=unclosed,
        unclosed_count=unclosed_count,
        coming=coming,
        teams=team_of(*(each.id for each in [*unclosed, *coming])),
        team=PRESENT.ask(),
        invitations=waiting_invitations(),
        permanence=next_expected(today),
        month=figures.get(month_of(today), {}),
        ever=figures.get(EVER, {}),
    )


def _waiting(today: date, closed: bool, at_once: int = AT_ONCE) -> dict[str, Any]:
    """What waits for the present member: alerts, the first tasks and how many there are. Names wait for the second step."""
    if closed:
        return {"waiting": [], "tasks": [], "tasks_count": 0, "other_tasks": []}
    tasks, count, others = first_tasks(today, at_once)
    return {"waiting": waiting(today) if allowed("steer a file") else [], "tasks": tasks, "tasks_count": count, "other_tasks": others}


def _volunteer(today: date) -> str:
    due_step = gate.reminder()
    closed = due_step is not None and due_step.over
    mine = sorted(db.session.scalars(rounds_of(g.membership.id, today).limit(10)), key=lambda each: (each.day, each.id))
    accompanied = (
        [] if closed else [(name, person, described(person)) for name, person in by_name(db.session.scalars(accompanied_by(g.membership.id)).all())]
    )
    due: list[Round] = [each for each in mine if each.day <= today]
    return page(
        "desk/volunteer.html",
        second_step_due=due_step,
        **_waiting(today, closed, at_once=3),
        today=today,
        day=capitalised(today),
        # The latest: one of today comes before one that nobody closed last week.
        now=due[-1] if due else None,
        others=due[:-1] + [each for each in mine if each.day > today],
        teams=team_of(*(each.id for each in mine)),
        accompanied=accompanied,
        permanence=next_expected(today),
        names=STAGE_NAMES,
    )


@bp.get("/chiffres")
@may("read the figures")
def figures() -> ResponseReturnValue:
    """The collective's own figures, a group at a time: this month, this year, ever, twelve months. People are protected outside the team."""
    month = month_of(today_in(g.collective.time_zone))
    months = months_before(month, MONTHS_SHOWN)
    table = ledger.figures_of(*months, year_of(month), EVER)
    exact, group = allowed("see rounds"), group_asked()
    return page(
        "desk/figures.html",
        group=group,
        groups=GROUPS.values(),
        columns=[CATALOGUE[code] for code in group.codes],
        month=month,
        months=[each for each in months if each in table],
        table=table,
        exact=exact,
        funnels={period: funnel(period, table.get(period, {}), exact) for period in (year_of(month), EVER)},
    )
