"""One department or one region: the sums of its collectives, a group of figures at a time."""

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from app.network import bp
from app.network.departments import NAMES
from app.network.funnel import DOORS, PEOPLE, funnel
from app.network.queries import added, folded, reading, sums, sums_by_area
from app.network.regions import NAMES as REGION_NAMES
from app.network.regions import SLUGS, departments_of, region_of
from app.pages import page
from app.paging import group_asked
from tenants.groups import GROUPS, Group
from tenants.indicators import CATALOGUE
from tenants.models import Collective
from tenants.months import EVER, month_of, months_before, today_in, year_of

MONTHS = 36
# What the way from doors to people on their own feet is drawn from.
STEPS = (*DOORS, *PEOPLE)


def department_of(words: str) -> str | None:
    """The code of the department that is meant, where the words are its whole name or its number."""
    wanted = folded(words)
    return next((code for code, name in NAMES.items() if wanted in (folded(name), code.lower())), None)


def region_named(words: str) -> str | None:
    """The region that is meant, as its address calls it, where the words are its whole name."""
    wanted = folded(words)
    return next((slug for slug, name in REGION_NAMES.items() if wanted in (folded(name), slug)), None)


def _spans() -> tuple[str, str, list[str]]:
    """The present month and year, and the months of the table."""
    month = month_of(today_in("Europe/Paris"))
    return month, year_of(month), months_before(month, MONTHS)


def _shown(template: str, group: Group, table: dict[str, dict[str, int]], **more: object) -> str:
    month, year, months = _spans()
    return page(
        template,
        group=group,
        groups=GROUPS.values(),
        columns=[CATALOGUE[code] for code in group.codes],
        table=table,
        month=month,
        months=[each for each in months if each in table],
        funnels={period: funnel(period, table.get(period, {}), exact=False) for period in (year, EVER)},
        **more,
    )


@bp.get("/departements/<string:department>")
def show_department(department: str) -> ResponseReturnValue:
    """What its collectives did together. Each number of people is the sum of exact ones, and protected as one."""
    if department not in NAMES:
        abort(404)
    _month, year, months = _spans()
    with reading() as session:
        table = sums(session, f"D{department}", [*months, year, EVER])
        count = session.scalar(select(func.count()).select_from(Collective).where(Collective.department == department)) or 0
    return _shown(
        "network/department.html",
        group_asked(),
        table,
        name=NAMES[department],
        department=department,
        region=region_of(department),
        region_slug=SLUGS.get(region_of(department)),
        count=count,
        collectives=url_for("network.index", recherche=department),
    )


@bp.get("/regions/<string:region>")
def show_region(region: str) -> ResponseReturnValue:
    """What the collectives of its departments did together, protected as one sum; and each department since the beginning."""
    name = REGION_NAMES.get(region) or abort(404)
    group, (_month, year, months), codes = group_asked(), _spans(), departments_of(name)
    with reading() as session:
        by_area = sums_by_area(session, [f"D{each}" for each in codes], [*months, year, EVER], (*group.codes, *STEPS))
        counted = select(Collective.department, func.count()).where(Collective.department.in_(codes)).group_by(Collective.department)
        counts = dict(session.execute(counted).tuples().all())
    return _shown(
        "network/region.html",
        group,
        added(by_area.values()),
        name=name,
        count=sum(counts.values()),
        departments=[(code, NAMES[code], counts[code], by_area.get(f"D{code}", {}).get(EVER, {})) for code in codes if code in counts],
    )
