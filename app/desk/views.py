"""The home page of a workspace, by role, and its figures."""

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import gate
from app.db import now
from app.desk import bp
from app.desk.home import Home
from app.network.funnel import funnel
from app.pages import page
from app.paging import group_asked
from tenants import ledger
from tenants.access import allowed, may
from tenants.groups import GROUPS
from tenants.indicators import CATALOGUE
from tenants.models import Role
from tenants.months import EVER, month_of, months_before, today_in, year_of

MONTHS_SHOWN = 12
HOMES = {Role.coordinator: "desk/coordination.html", Role.volunteer: "desk/volunteer.html"}


@bp.get("/")
@may("enter")
def index() -> ResponseReturnValue:
    """What this role finds first."""
    today = today_in(g.collective.time_zone)
    if (template := HOMES.get(g.membership.role)) is None:
        return redirect(url_for("trainer.index" if g.membership.role == Role.trainer else "workspace.desk.figures"))
    minute = now().replace(second=0, microsecond=0)
    return page(template, home=Home(g.membership.id, g.membership.role, current_user.name, today, minute, gate.reminder()))


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
