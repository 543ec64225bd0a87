"""A month on one page: what was gone out for, who went with whom, who did not go, and which streets wait."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select

from app.outreach.models import OutreachKind, Round, RoundMember, RoundState
from tenants.models import Membership, Role, members
from tenants.months import bounds, month_of, months_before
from tenants.questions import Question, among

# Where a place is walked through; a list of numbers or a ride is no street.
OF_STREETS = (OutreachKind.door_to_door, OutreachKind.street_walk)
MOST_SHOWN = 40
YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Outings:
    """The rounds of one kind."""

    kind: OutreachKind
    rounds: int
    closed: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Area:
    """A street or a quarter: how many rounds were planned there, the last that took place, the next planned."""

    name: str
    rounds: int
    last: date | None
    planned: date | None


@dataclass(frozen=True, slots=True)
class Company:
    """Who went with whom and how often, and how often each went."""

    pairs: list[tuple[str, str, int]]
    times: dict[UUID, int]

    def at_home(self) -> list[Membership]:
        """Who did not go."""
        return at_home(self.times)


def is_month(text: str | None) -> bool:
    """Whether a text is a month of this century, as "2026-11"."""
    year, _dash, number = (text or "").partition("-")
    if not (len(year) == 4 and len(number) == 2 and (year + number).isascii() and (year + number).isdecimal()):
        return False
    return int(year) in YEARS and 1 <= int(number) <= 12


MAY_GO_OUT = Question(members().where(among(Membership.role, (Role.coordinator, Role.volunteer))))
START, END = sa.bindparam("start", type_=sa.Date), sa.bindparam("end", type_=sa.Date)
# Built once: SQLAlchemy takes longer to put these together than PostgreSQL to answer them.
TEAM = (
    select(RoundMember.round_id, sa.func.count().label("size"))
    .join(Round, sa.and_(Round.collective_id == RoundMember.collective_id, Round.id == RoundMember.round_id))
    .where(Round.day >= START, Round.day < END)
    .group_by(RoundMember.round_id)
    .subquery()
)
CLOSED = Round.state == RoundState.closed
PEOPLE = sa.func.coalesce(TEAM.c.size, 0) + Round.companions
OUTINGS = Question(
    select(Round.kind, sa.func.count(), sa.func.count().filter(CLOSED), sa.func.coalesce(sa.func.sum(Round.minutes * PEOPLE).filter(CLOSED), 0))
    .outerjoin(TEAM, TEAM.c.round_id == Round.id)
    .where(Round.day >= START, Round.day < END)
    .group_by(Round.kind)
)
COMPANY = Question(
    select(RoundMember.round_id, Membership.id, Membership.display_name)
    .join(Round, sa.and_(Round.collective_id == RoundMember.collective_id, Round.id == RoundMember.round_id))
    .join(Membership, sa.and_(Membership.collective_id == RoundMember.collective_id, Membership.id == RoundMember.membership_id))
    .where(Round.day >= START, Round.day < END, Round.state != RoundState.planned)
    .order_by(Membership.display_name, Membership.id)
)


@dataclass(frozen=True, slots=True)
class Month:
    """A month, as "2026-11", as it is told on a local date. Its parts are asked for while the page is written, and kept (tenants/unchanged.py)."""

    name: str
    today: date

    @property
    def before(self) -> str | None:
        """The month before, while there is one."""
        return self._in_range(months_before(self.name, 2)[1])

    @property
    def after(self) -> str | None:
        """The month after, while there is one."""
        return self._in_range(month_of(bounds(self.name)[1]))

    @property
    def to_come(self) -> bool:
        """Whether it has not begun."""
        return bounds(self.name)[0] > self.today

    def outings(self) -> list[Outings]:
        """Its rounds by kind."""
        return outings_of(self.name)

    def company(self) -> Company:
        """Who went with whom."""
        return company_of(self.name)

    def areas(self) -> Sequence[Area]:
        """The places of all rounds."""
        return areas()

    @staticmethod
    def _in_range(month: str) -> str | None:
        return month if is_month(month) else None


def outings_of(month: str) -> list[Outings]:
    """The rounds of a month by kind, in the order of the method; hours are those of closed rounds, times the people."""
    start, end = bounds(month)
    rows = {
        OutreachKind(kind): Outings(OutreachKind(kind), rounds, closed, int(minutes or 0))
        for kind, rounds, closed, minutes in OUTINGS.ask(start=start, end=end)
    }
    return [rows[kind] for kind in OutreachKind if kind in rows]


def company_of(month: str) -> Company:
    """Pairs of a month, those who go together most often first. Rounds that began count; what is only planned does not."""
    start, end = bounds(month)
    teams: dict[UUID, list[UUID]] = {}
    names: dict[UUID, str] = {}
    for round_id, membership_id, name in COMPANY.ask(start=start, end=end):
        teams.setdefault(round_id, []).append(membership_id)
        names[membership_id] = name
    together = Counter(pair for team in teams.values() for pair in combinations(team, 2))
    pairs = [(names[one], names[other], times) for (one, other), times in together.most_common()]
    pairs.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    return Company(pairs, Counter(each for team in teams.values() for each in team))


def at_home(times: dict[UUID, int]) -> list[Membership]:
    """Present members who may go out and are not among those who went. They are only read."""
    return [each for each in MAY_GO_OUT.ask() if each.id not in times]


WENT = Round.state != RoundState.planned
LAST = sa.func.max(Round.day).filter(WENT)
AREAS = Question(
    select(sa.func.min(Round.area), sa.func.count(), LAST, sa.func.max(Round.day).filter(~WENT))
    .where(among(Round.kind, OF_STREETS))
    # One street, in capitals or not; spaces were put right when it was written.
    .group_by(sa.func.lower(Round.area))
    .order_by(LAST.asc().nulls_first(), sa.func.min(Round.area))
    .limit(MOST_SHOWN)
)


def areas() -> Sequence[Area]:
    """The places of all rounds ever planned: those where nobody went yet first, then those that have waited longest."""
    return [Area(*row) for row in AREAS.ask()]
