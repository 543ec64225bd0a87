"""One department: the sums of its collectives, a group of figures at a time."""

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from app.network import bp
from app.network.departments import NAMES
from app.network.funnel import funnel
from app.network.queries import folded, reading, sums
from app.pages import page
from app.paging import group_asked
from tenants.groups import GROUPS
from tenants.indicators import CATALOGUE
from tenants.models import Collective
from tenants.months import EVER, month_of, months_before, today_in, year_of

MONTHS = 36


def department_of(words: str) -> str | None:
    """The code of the department that is meant, where the words are its whole name or its number."""
    wanted = folded(words)
    return next((code for code, name in NAMES.items() if wanted in (folded(name), code.lower())), None)


@bp.get("/departements/<string:department>")
def show_department(department: str) -> ResponseReturnValue:
    """What its collectives did together. Each number of people is the sum of exact ones, and protected as one."""
    if department not in NAMES:
        abort(404)
    month, group = month_of(today_in("Europe/Paris")), group_asked()
    year, months = year_of(month), months_before(month, MONTHS)
    with reading() as session:
        table = sums(session, f"D{department}", [*months, year, EVER])
        count = session.scalar(select(func.count()).select_from(Collective).where(Collective.department == department)) or 0
    return page(
        "network/department.html",
        name=NAMES[department],
        department=department,
        count=count,
        group=group,
        groups=GROUPS.values(),
        columns=[CATALOGUE[code] for code in group.codes],
        table=table,
        month=month,
        months=[each for each in months if each in table],
        funnels={period: funnel(period, table.get(period, {}), exact=False) for period in (year, EVER)},
        collectives=url_for("network.index", recherche=department),
    )
