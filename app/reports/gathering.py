"""What the disclosure control is given: sums of departments read as the network, and everything published before."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.reports.content import Content
from app.reports.models import ReportEdition
from app.reports.yearly import CODES, Department, area_of
from tenants.disclosure import Count, Edition
from tenants.ledger import Figure
from tenants.models import Collective

TURN = sa.text("select pg_advisory_xact_lock(hashtext('publish ' || :place))")
BESIDE_OTHERS = sa.text("select pg_advisory_xact_lock_shared(hashtext('publish ' || :place))")


def take_turns(session: Session, year: int, department: str | None = None) -> None:
    """Wait for whoever publishes the same year beside us, until this transaction ends: the network for all, a collective for its department.

    What is attacked together must be there: of two who publish in the same minute, the second reads the edition of the first.
    """
    session.execute(BESIDE_OTHERS if department else TURN, {"place": str(year)})
    if department:
        session.execute(TURN, {"place": f"{year} {department}"})


def publishers(session: Session, year: int) -> set[UUID]:
    """Who published this year."""
    return set(session.scalars(select(ReportEdition.publisher_id).where(ReportEdition.year == year).distinct()))


def departments(session: Session, year: int, speaking: Collection[UUID], only: str | None = None) -> list[Department]:
    """The sums of each department (of one of them, if named) and the figures of the collectives that publish by themselves."""
    there = select(Collective.department).order_by(Collective.department)
    there = there.where(Collective.department == only) if only else there
    counted = sa.exists().where(Figure.collective_id == Collective.id, Figure.period == str(year))
    # A zero, written or not, says the same of each collective that counted, and is theirs together.
    number = there.add_columns(sa.func.count()).where(counted).group_by(Collective.department)
    sums = {department: dict.fromkeys(CODES, Count(0, count)) for department, count in session.execute(number)}
    joined = there.join(Figure, Collective.id == Figure.collective_id).add_columns(Figure.indicator)
    joined = joined.where(Figure.period == str(year), Figure.indicator.in_(CODES), Figure.value > 0)
    grouped = joined.add_columns(sa.func.sum(Figure.value), sa.func.count()).group_by(Collective.department, Figure.indicator)
    for department, code, value, count in session.execute(grouped):
        sums[department][code] = Count(int(value), count)
    known: dict[str, dict[str, dict[str, int]]] = {}
    named = there.add_columns(Collective.short_code).where(Collective.id.in_(speaking)).order_by(Collective.short_code)
    for department, short_code in session.execute(named):
        known.setdefault(department, {})[area_of(short_code)] = {}
    own = joined.add_columns(Collective.short_code, Figure.value).where(Figure.collective_id.in_(speaking))
    for department, code, short_code, value in session.execute(own):
        known[department][area_of(short_code)][code] = value
    return [Department(code, some, known.get(code, {})) for code, some in sums.items()]


def earlier(session: Session, year: int, department: str | None = None) -> list[Edition]:
    """The editions of this year that a reader has, oldest first: the network's, and those of its collectives (of one department, if named).

    A collective that has left the network is still read: what it published says itself where it was.
    """
    query = select(ReportEdition).where(ReportEdition.year == year).options(undefer(ReportEdition.content))
    if department:
        elsewhere = select(Collective.id).where(Collective.department != department)
        query = query.where(ReportEdition.publisher_id.not_in(elsewhere))
    found = [Content.read(each.content) for each in session.scalars(query.order_by(ReportEdition.id))]
    return [each.edition() for each in found if department in (None, each.parts["publisher"].get("department", department))]
