"""What outreach reads."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select

from app.db import db
from app.outreach.buildings import Building
from app.outreach.encounters import ANSWERED, CONVERSATIONS, Encounter, Outcome
from app.outreach.models import Round, RoundMember, RoundState
from app.paging import Sheet, sheet
from tenants.models import Membership
from tenants.questions import Question, among, several

# Built once, like everything that a list or every tap on a door asks.
CLOSED = select(Round).where(Round.state == RoundState.closed).order_by(Round.day.desc(), Round.id.desc())
# Named one by one: of what is not closed no index knows where it stands.
IS_OPEN = among(Round.state, (RoundState.planned, RoundState.running))
OPEN = select(Round).where(IS_OPEN).order_by(Round.day, Round.id)
# Counted before they are cut to five.
UNCLOSED = Question(OPEN.add_columns(sa.func.count().over()).where(Round.day < sa.bindparam("day", required=True)).limit(5))
OPEN_BETWEEN = Question(OPEN.where(Round.day.between(sa.bindparam("start", required=True), sa.bindparam("end", required=True))))
TEAMS = Question(
    select(RoundMember.round_id, Membership)
    .join(Membership, sa.and_(Membership.collective_id == RoundMember.collective_id, Membership.id == RoundMember.membership_id))
    .where(among(RoundMember.round_id, several("round_ids", RoundMember.round_id)))
    .order_by(Membership.display_name)
)
IN_TEAM = select(RoundMember.id).where(RoundMember.round_id == sa.bindparam("round_id"), RoundMember.membership_id == sa.bindparam("membership_id"))
# A building of a round, and whether a member goes on it, in one query: every tap on a door asks all three.
BUILDING_OF_ROUND = Question(
    select(Round, Building, RoundMember.id)
    .outerjoin(Building, sa.and_(Building.round_id == Round.id, Building.id == sa.bindparam("building_id")))
    .outerjoin(RoundMember, sa.and_(RoundMember.round_id == Round.id, RoundMember.membership_id == sa.bindparam("membership_id")))
    .where(Round.id == sa.bindparam("round_id"))
)

# Text where a page shows text: fifty ids and a hundred choices are not made into objects first.
LINE = (
    sa.cast(Round.id, sa.String).label("id"),
    sa.type_coerce(Round.kind, sa.String).label("kind"),
    Round.area,
    Round.day,
    sa.type_coerce(Round.state, sa.String).label("state"),
)
CLOSED_LINES, OPEN_LINES = Question(CLOSED.with_only_columns(*LINE)), Question(OPEN.with_only_columns(*LINE))


def rounds(closed: bool) -> Select[Round]:
    """Closed rounds, the latest first; or those to come and under way, the next first."""
    return CLOSED if closed else OPEN


@dataclass(frozen=True, slots=True)
class RoundList:
    """A sheet of a list of rounds: of those that are closed or of the others, as it stands on a local date."""

    closed: bool
    number: int
    today: date

    def sheet(self) -> Sheet:
        """Its rows: id, kind, area, day, state; all but the day as text. Entities take twice as long to read."""
        return sheet(CLOSED_LINES if self.closed else OPEN_LINES, number=self.number)


def is_in_team(round_id: UUID, membership_id: UUID) -> bool:
    """Whether a member goes on this round."""
    return db.session.scalar(IN_TEAM, {"round_id": round_id, "membership_id": membership_id}) is not None


def building_of_round(round_id: UUID, building_id: UUID, membership_id: UUID) -> tuple[Round | None, Building | None, bool]:
    """A round, a building if it is one of that round's, and whether a member goes on the round. Both are only read."""
    row = BUILDING_OF_ROUND.one(round_id=round_id, building_id=building_id, membership_id=membership_id)
    return (row[0], row[1], row[2] is not None) if row else (None, None, False)


def open_between(start: date, end: date) -> list[Round]:
    """Rounds from one local date to another, both included, that nobody closed, in their order. They are only read."""
    return OPEN_BETWEEN.ask(start=start, end=end)


def unclosed_before(day: date) -> tuple[list[Round], int]:
    """The five oldest rounds of an earlier date that nobody closed, and how many there are in all. They are only read."""
    rows = UNCLOSED.ask(day=day)
    return [round_ for round_, _count in rows], rows[0][1] if rows else 0


def rounds_of(membership_id: UUID, today: date) -> Select[Round]:
    """Open rounds of a member, those nearest to a day first: what nobody closed weeks ago does not hide the one of today."""
    mine = select(RoundMember.round_id).where(RoundMember.membership_id == membership_id)
    return rounds(closed=False).where(Round.id.in_(mine)).order_by(None).order_by(sa.func.abs(Round.day - today), Round.day, Round.id)


def team_of(*round_ids: UUID) -> dict[UUID, list[Membership]]:
    """The teams of some rounds, each in the order of names. They are only read."""
    teams: dict[UUID, list[Membership]] = {each: [] for each in round_ids}
    for round_id, membership in TEAMS.ask(round_ids=list(round_ids)) if round_ids else ():
        teams[round_id].append(membership)
    return teams


def buildings_of(round_id: UUID) -> Select[Building]:
    """The buildings of a round, as they were added."""
    return select(Building).where(Building.round_id == round_id).order_by(Building.added_at, Building.id)


def standing(*conditions: sa.ColumnElement[bool]) -> sa.CompoundSelect[UUID, UUID, int | None, str | None, Outcome, int]:
    """The encounters that stand: of each known door the last one that was not undone, and everything counted without door.

    Columns: round_id, building_id, floor, door, outcome, tally.
    """
    columns = (Encounter.round_id, Encounter.building_id, Encounter.floor, Encounter.door, Encounter.outcome, Encounter.tally)
    known = (
        select(*columns)
        .distinct(Encounter.building_id, Encounter.floor, Encounter.door)
        .where(Encounter.door.is_not(None), Encounter.undone_at.is_(None), *conditions)
        .order_by(Encounter.building_id, Encounter.floor, Encounter.door, Encounter.at.desc(), Encounter.id.desc())
    )
    unknown = select(*columns).where(Encounter.door.is_(None), Encounter.undone_at.is_(None), Encounter.counted, *conditions)
    return sa.union_all(select(*known.subquery().c), unknown)


def doors_of(building: Building) -> dict[tuple[int, str], Outcome]:
    """What stands at each door of a building: {(floor, door): outcome}."""
    # The round as well: it is what the index knows.
    rows = db.session.execute(standing(Encounter.round_id == building.round_id, Encounter.building_id == building.id)).all()
    return {(row.floor, row.door): Outcome(row.outcome) for row in rows if row.door is not None}


@dataclass(slots=True)
class Tally:
    """How many doors, and of which outcome."""

    nobody: int = 0
    refused: int = 0
    talked: int = 0
    again: int = 0
    isolation: int = 0

    @property
    def doors(self) -> int:
        """All doors."""
        return self.nobody + self.answered

    @property
    def answered(self) -> int:
        """Doors where someone opened."""
        return sum(getattr(self, outcome) for outcome in ANSWERED)

    @property
    def conversations(self) -> int:
        """Doors where one talked."""
        return sum(getattr(self, outcome) for outcome in CONVERSATIONS)


def tallies_of(round_id: UUID) -> dict[UUID, Tally]:
    """What stands in a round, by building; a building without anything is absent."""
    rows = standing(Encounter.round_id == round_id).subquery()
    query = select(rows.c.building_id, rows.c.outcome, sa.func.sum(rows.c.tally)).group_by(rows.c.building_id, rows.c.outcome)
    tallies: dict[UUID, Tally] = {}
    for building_id, outcome, number in db.session.execute(query):
        setattr(tallies.setdefault(building_id, Tally()), str(outcome), int(number))
    return tallies


def last_gesture(round_id: UUID, user_id: UUID) -> Encounter | None:
    """The latest line someone noted in a round and has not undone."""
    return db.session.scalar(
        select(Encounter)
        .where(Encounter.round_id == round_id, Encounter.by_user == user_id, Encounter.undone_at.is_(None))
        .order_by(Encounter.at.desc(), Encounter.id.desc())
        .limit(1)
    )


def gesture_size(gesture_id: UUID) -> int:
    """How many doors a gesture holds that were not undone."""
    query = select(sa.func.coalesce(sa.func.sum(Encounter.tally), 0)).where(Encounter.gesture_id == gesture_id, Encounter.undone_at.is_(None))
    return int(db.session.scalar(query) or 0)
