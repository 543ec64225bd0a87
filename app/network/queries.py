"""What the network reads: two tables of figures and the public names of collectives, as its own role."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.db import db
from app.network.departments import NAMES
from tenants.indicators import CATALOGUE
from tenants.ledger import Figure, FigureSum
from tenants.models import Collective
from tenants.months import EVER

SHEET = 50


@contextmanager
def reading() -> Iterator[Session]:
    """A session as the network's role, which can read figures and write only their sums."""
    with Session(db.engines["network"]) as session:
        yield session


def folded(text: str) -> str:
    """Lower case without accents: how names are searched and sorted."""
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each)).strip()


def search(words: str) -> Select[Collective]:
    """Collectives whose name, department's name or department's number holds the words."""
    query = select(Collective)
    wanted = folded(words)
    if not wanted:
        return query
    departments = [code for code, name in NAMES.items() if folded(name).startswith(wanted) or code.lower() == wanted]
    return query.where(sa.or_(Collective.name_key.contains(wanted, autoescape=True), Collective.department.in_(departments)))


def sorted_by(query: Select[Collective], by: str, period: str) -> Select[Collective]:
    """By name, or by a figure of the period, the greatest first; those without it come last."""
    if by not in CATALOGUE:
        return query.order_by(Collective.name_key, Collective.id)
    period = EVER if CATALOGUE[by].kept == "state" else period
    joined = sa.and_(Figure.collective_id == Collective.id, Figure.period == period, Figure.indicator == by)
    return query.outerjoin(Figure, joined).order_by(Figure.value.desc().nulls_last(), Collective.name_key, Collective.id)


@dataclass(frozen=True, slots=True)
class Line:
    """A collective with its figures: {period: {indicator: value}}."""

    collective: Collective
    figures: dict[str, dict[str, int]]

    def value(self, period: str, code: str) -> int | None:
        """A figure; None if it was never counted."""
        return self.figures.get(period, {}).get(code)


def lines(session: Session, collectives: Sequence[Collective], periods: Sequence[str]) -> list[Line]:
    """These collectives with their figures for some periods, in one query."""
    table: dict[UUID, dict[str, dict[str, int]]] = {each.id: {} for each in collectives}
    query = select(Figure.collective_id, Figure.period, Figure.indicator, Figure.value).where(
        Figure.collective_id.in_(list(table)), Figure.period.in_(periods)
    )
    for collective_id, period, code, value in session.execute(query):
        table[collective_id].setdefault(period, {})[code] = value
    return [Line(each, table[each.id]) for each in collectives]


def sums(session: Session, area: str, periods: Sequence[str]) -> dict[str, dict[str, int]]:
    """The sums of an area ("FR", "D44") for some periods: {period: {indicator: value}}. Reads one row per figure, however many collectives."""
    query = select(FigureSum.period, FigureSum.indicator, FigureSum.value).where(FigureSum.area == area, FigureSum.period.in_(periods))
    table: dict[str, dict[str, int]] = {}
    for period, code, value in session.execute(query):
        table.setdefault(period, {})[code] = value
    return table


def everything(session: Session, periods: Sequence[str]) -> Iterator[Line]:
    """All collectives by name with their figures, a thousand at a time."""
    last: tuple[Any, ...] | None = None
    while True:
        query = select(Collective).order_by(Collective.name_key, Collective.id).limit(1000)
        if last:
            query = query.where(sa.tuple_(Collective.name_key, Collective.id) > last)
        some = session.scalars(query).all()
        if not some:
            return
        yield from lines(session, some, periods)
        last = (some[-1].name_key, some[-1].id)


def all_periods(session: Session, collective_id: UUID) -> dict[str, dict[str, int]]:
    """Every period of one collective: {period: {indicator: value}}."""
    query = select(Figure.period, Figure.indicator, Figure.value).where(Figure.collective_id == collective_id)
    table: dict[str, dict[str, int]] = {}
    for period, code, value in session.execute(query):
        table.setdefault(period, {})[code] = value
    return table
