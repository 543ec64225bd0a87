"""What the network reads: two tables of figures and the public names of collectives, as its own role."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from app.db import db
from app.network.departments import NAMES
from app.network.regions import REGIONS, departments_of
from app.network.watching import Act, Watch, WatchSum, last_act
from tenants.indicators import CATALOGUE
from tenants.ledger import Figure, FigureSum
from tenants.models import Collective
from tenants.months import EVER

SHEET = 50
# {period: {indicator: value}}; what is absent is zero.
Table = dict[str, dict[str, int]]


@contextmanager
def reading() -> Iterator[Session]:
    """A session as the network's role, which can read figures and write only their sums.

    It ends like a transaction that was of use: after a rollback psycopg forgets every statement that it had prepared on this connection, and the
    next page would have all of them parsed anew. What was read stays readable.
    """
    with Session(db.engines["network"], expire_on_commit=False) as session, session.begin():
        yield session


def folded(text: str) -> str:
    """Lower case without accents: how names are searched and sorted."""
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each)).strip()


# What a table is sorted by besides the name and the figures.
LAST = "last_activity"
# What a line says of a collective; whole entities take three times as long to read.
PUBLIC = (Collective.id, Collective.name, Collective.insee_code, Collective.department, Collective.population, Collective.name_key)
SEEN = (Watch.last_on, Watch.busy_in)


def collectives() -> Select[*tuple[Any, ...]]:
    """All of them, each with its last activity as the watch of the hour reckons it."""
    return select(*PUBLIC, *SEEN).outerjoin(Watch, Watch.id == Collective.id)


def search(words: str) -> Select[*tuple[Any, ...]]:
    """Collectives whose name holds the words, or whose department or region is called so or has that number."""
    query = collectives()
    wanted = folded(words)
    if not wanted:
        return query
    departments = {code for code, name in NAMES.items() if folded(name).startswith(wanted) or code.lower() == wanted}
    departments.update(code for name in REGIONS if folded(name).startswith(wanted) for code in departments_of(name))
    return query.where(sa.or_(Collective.name_key.contains(wanted, autoescape=True), Collective.department.in_(departments)))


def sorted_by(query: Select[*tuple[Any, ...]], by: str, period: str) -> Select[*tuple[Any, ...]]:
    """By name, by last activity, or by a figure of the period, the latest and the greatest first; a figure that is not there is zero."""
    if by == LAST:
        return query.order_by(Watch.seen_on.desc().nulls_last(), Collective.name_key, Collective.id)
    if by not in CATALOGUE:
        return query.order_by(Collective.name_key, Collective.id)
    period = EVER if CATALOGUE[by].kept == "state" else period
    joined = sa.and_(Figure.collective_id == Collective.id, Figure.period == period, Figure.indicator == by)
    return query.outerjoin(Figure, joined).order_by(sa.func.coalesce(Figure.value, 0).desc(), Collective.name_key, Collective.id)


class Line(NamedTuple):
    """What is public of a collective (id, name, commune, department, population, last activity), with its figures."""

    collective: Any
    figures: dict[str, int]

    @property
    def act(self) -> Act | None:
        """Its last act in any room; None where nothing was ever noted."""
        return last_act(self.collective.last_on, self.collective.busy_in)

    def value(self, period: str, code: str) -> int:
        """A figure; one that is not there is zero."""
        return self.figures.get(f"{period}/{code}", 0)


# What the watch of the hour saw of all collectives: how many there are, in how many departments, and how many of them would like a call. To count
# them one by one takes as long as to read fifty, and longer in a larger network; the sums of the watch are read once, a few for each department.
_seen = select(sa.func.sum(WatchSum.collectives).label("collectives"), sa.func.sum(WatchSum.to_call).label("to_call")).group_by(WatchSum.department)
_seen_sums = _seen.subquery("seen")
_whole: array[Any] = array([sa.func.sum(_seen_sums.c.collectives), sa.func.count(), sa.func.sum(_seen_sums.c.to_call)], type_=sa.BigInteger())
SEEN_IN_ALL = select(_whole).select_from(_seen_sums).scalar_subquery().label("in_all")


class Whole(NamedTuple):
    """How many collectives there are, in how many departments, and how many of them someone should call; zero where no watch has looked yet."""

    collectives: int
    departments: int
    to_call: int


def whole(session: Session, first: Sequence[Line]) -> Whole:
    """The network in three numbers, given the first sheet of all, one more line, and SEEN_IN_ALL beside each."""
    seen = [int(each or 0) for each in first[0].collective.in_all] if first else [0, 0, 0]
    if len(first) <= SHEET:
        return Whole(len(first), *seen[1:])
    return Whole(seen[0] or session.scalar(select(sa.func.count()).select_from(Collective)) or 0, *seen[1:])


def lines(session: Session, query: Select[*tuple[Any, ...]], periods: Sequence[str]) -> list[Line]:
    """The collectives of a query, each with all its figures for some periods: {"period/indicator": value}.

    They come as one object: as rows of their own they took longer to read than all the rest.
    """
    figures = select(sa.func.json_object_agg(Figure.period + "/" + Figure.indicator, Figure.value, type_=sa.JSON))
    query = query.add_columns(_own(figures, periods).scalar_subquery())
    return [Line(row, row[-1] or {}) for row in session.execute(query)]


def lines_of_a_group(session: Session, query: Select[*tuple[Any, ...]], period: str, codes: Sequence[str]) -> list[Line]:
    """The same with some indicators of one period: {indicator: value}.

    They come in the order of their codes: half as long to write and to read as an object with their names, fifty times over. And each is looked up
    by its key: of a question for all of them at once PostgreSQL makes a plan anew for every page, which takes as long as ten of the lines.
    """
    one = select(Figure.value).where(Figure.collective_id == Collective.id, Figure.period == sa.bindparam("period", period)).correlate(Collective)
    values = [one.where(Figure.indicator == code).scalar_subquery() for code in codes]
    # Of the connection, whose rows are tuples already: the session makes each of them anew.
    found = session.connection().execute(query.add_columns(*values)).all()
    return [Line(row, dict(zip(codes, row[-len(codes) :], strict=True))) for row in found]


def _own(figures: Select[Any], periods: Sequence[str]) -> Select[Any]:
    return figures.where(Figure.collective_id == Collective.id, Figure.period.in_(periods)).correlate(Collective)


def sums(session: Session, area: str, periods: Sequence[str], codes: Sequence[str] = ()) -> Table:
    """The sums of an area ("FR", "D44") for some periods: {period: {indicator: value}}, of some indicators where `codes` names them.

    Reads one row per figure, however many collectives.
    """
    query = select(FigureSum.period, FigureSum.indicator, FigureSum.value).where(FigureSum.area == area, FigureSum.period.in_(periods))
    query = query.where(FigureSum.indicator.in_(codes)) if codes else query
    table: Table = {}
    for period, code, value in session.execute(query):
        table.setdefault(period, {})[code] = value
    return table


def sums_by_area(session: Session, areas: Sequence[str], periods: Sequence[str], codes: Sequence[str]) -> dict[str, Table]:
    """The sums of some departments, each by itself: {area: {period: {indicator: value}}}. As flat as `sums`."""
    query = select(FigureSum.area, FigureSum.period, FigureSum.indicator, FigureSum.value)
    query = query.where(FigureSum.area.in_(areas), FigureSum.period.in_(periods), FigureSum.indicator.in_(codes))
    found: dict[str, Table] = {}
    for area, period, code, value in session.execute(query):
        found.setdefault(area, {}).setdefault(period, {})[code] = value
    return found


def added(tables: Iterable[Table]) -> Table:
    """The sums of several areas as those of one: exact ones are added, and what comes out is protected as one number."""
    whole: Table = {}
    for table in tables:
        for period, values in table.items():
            together = whole.setdefault(period, {})
            for code, value in values.items():
                together[code] = together.get(code, 0) + value
    return whole


def everything(session: Session, periods: Sequence[str]) -> Iterator[Line]:
    """All collectives by name with their figures, a thousand at a time."""
    last: tuple[Any, ...] | None = None
    while True:
        query = collectives().order_by(Collective.name_key, Collective.id).limit(1000)
        if last:
            query = query.where(sa.tuple_(Collective.name_key, Collective.id) > last)
        some = lines(session, query, periods)
        if not some:
            return
        yield from some
        last = (some[-1].collective.name_key, some[-1].collective.id)


def all_periods(session: Session, collective_id: UUID) -> Table:
    """Every period of one collective: {period: {indicator: value}}."""
    query = select(Figure.period, Figure.indicator, Figure.value).where(Figure.collective_id == collective_id)
    table: Table = {}
    for period, code, value in session.execute(query):
        table.setdefault(period, {})[code] = value
    return table
