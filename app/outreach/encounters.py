"""Encounters: one line of a round, an outcome without a name."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from app.outreach.buildings import Building
from app.outreach.models import Round, RoundState
from app.outreach.wishes import WishKind, let_stand_again, mark_of, standing_among, take_back, wish
from tenants import journal, ledger
from tenants.rows import Tenanted, belongs_to, found, insert_once, key_to
from tenants.scope import place

Door = tuple[int, str]


class Outcome(StrEnum):
    """What happened at a door."""

    nobody = "nobody"
    refused = "refused"
    talked = "talked"
    again = "again"
    isolation = "isolation"


ANSWERED = (Outcome.refused, Outcome.talked, Outcome.again, Outcome.isolation)
CONVERSATIONS = (Outcome.talked, Outcome.again, Outcome.isolation)


class Encounter(Tenanted, Model):
    """A door and what happened there. Nothing is overwritten: the last one that was not undone is shown and counted.

    A counted building has encounters without door, `tally` times each. Thirty days after the round the doors of all are
    emptied; `counted` then says which of several on one door was the last.
    """

    __tablename__ = "encounters"
    __table_args__ = (
        key_to("rounds", "round_id"),
        key_to("buildings", "building_id"),
        sa.Index("ix_encounters_collective_id_round_id", "collective_id", "round_id"),
        sa.Index("ix_encounters_collective_id_gesture_id", "collective_id", "gesture_id"),
        sa.CheckConstraint("tally between 1 and 2000", name="tally"),
    )

    round_id: Mapped[UUID]
    building_id: Mapped[UUID]
    floor: Mapped[int | None] = mapped_column(sa.SmallInteger)
    door: Mapped[str | None] = mapped_column(sa.String(8))
    outcome: Mapped[Outcome] = mapped_column(ChoiceType(Outcome, impl=sa.String(10)))
    tally: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    # One tap, or one "nobody opened" for a floor: what undo takes back together.
    gesture_id: Mapped[UUID]
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    undone_at: Mapped[datetime | None]
    counted: Mapped[bool] = mapped_column(default=True)

    round: Mapped[Round] = belongs_to("Encounter.round_id", "Round")
    building: Mapped[Building] = belongs_to("Encounter.building_id", "Building")


def log_doors(round_: Round, building: Building, doors: Sequence[Door], outcome: Outcome, gesture_id: UUID) -> int:
    """Note one outcome at some doors, in one gesture. The same gesture sent again changes nothing.

    Returns how many doors were noted now. Two volunteers at one door at once are both kept.
    """
    rows = [
        {
            # Made of the gesture and the door: the second arrival of a double tap meets the first.
            "id": uuid5(gesture_id, f"{building.id}/{floor}/{door}/{outcome}"),
            "round_id": round_.id,
            "building_id": building.id,
            "floor": floor,
            "door": door,
            "outcome": outcome,
            "gesture_id": gesture_id,
            "by_user": place().user_id,
        }
        for floor, door in doors
    ]
    fresh = _log(round_, rows, gesture_id)
    if fresh and outcome == Outcome.refused:
        for _floor, door in doors:
            wish(WishKind.no_visit, mark_of(WishKind.no_visit, f"{building.label} {door}"))
    return fresh


def unwanted_doors(building: Building) -> set[Door]:
    """The doors of a building where someone asked, in this round or an earlier one, that nobody come again."""
    marks = {mark_of(WishKind.no_visit, f"{building.label} {door}"): (floor, door) for floor, doors in building.layout() for door in doors}
    return {marks[mark] for mark in standing_among(WishKind.no_visit, marks)}


def log_counts(round_: Round, building: Building, counts: dict[Outcome, int], gesture_id: UUID) -> int:
    """Note how many doors had which outcome, without saying which. Returns how many lines are new."""
    rows = [
        {
            "id": uuid5(gesture_id, f"{building.id}/{outcome}"),
            "round_id": round_.id,
            "building_id": building.id,
            "outcome": outcome,
            "tally": tally,
            "gesture_id": gesture_id,
            "by_user": place().user_id,
        }
        for outcome, tally in counts.items()
        if tally > 0
    ]
    return _log(round_, rows, gesture_id)


def _log(round_: Round, rows: list[dict[str, Any]], gesture_id: UUID) -> int:
    fresh = insert_once(Encounter, rows, journal.line("noted", "round", round_.id), ledger.line(round_.day))
    if fresh:
        if round_.state == RoundState.planned:
            found(Round, round_.id).start()
        ledger.count_again(round_.day)
    return fresh


def undo(round_: Round, gesture_id: UUID) -> int:
    """Take one gesture of the present user back. Returns how many doors it held; 0 if it was already undone or is another's."""
    statement = (
        update(Encounter)
        .where(
            Encounter.round_id == round_.id,
            Encounter.gesture_id == gesture_id,
            Encounter.by_user == place().user_id,
            Encounter.undone_at.is_(None),
        )
        .values(undone_at=now())
        .returning(Encounter.outcome, Encounter.building_id, Encounter.door, Encounter.at)
        .execution_options(synchronize_session=False)
    )
    undone = db.session.execute(statement).all()
    refused = _refused_doors(round_)
    for row in undone:
        if not row.door or (row.outcome == Outcome.refused) == ((row.building_id, row.door) in refused):
            continue
        label = db.session.scalars(select(Building.label).where(Building.id == row.building_id)).one()
        mark = mark_of(WishKind.no_visit, f"{label} {row.door}")
        if row.outcome == Outcome.refused:
            # An older wish was said by someone at that door, not by this tap: it stands.
            take_back(WishKind.no_visit, mark, since=row.at)
        else:
            let_stand_again(mark, row.at)
    if undone:
        journal.note("undid", "round", round_.id)
        ledger.mark(round_.day)
    return len(undone)


def unsay_refusal(building: Building, door: Door) -> None:
    """A refusal at this door was corrected: the wish that it said goes with it. A wish older than the refusal was someone's, and stands."""
    floor, name = door
    here = (Encounter.building_id == building.id, Encounter.floor == floor, Encounter.door == name)
    since = db.session.scalar(select(sa.func.min(Encounter.at)).where(*here, Encounter.outcome == Outcome.refused, Encounter.undone_at.is_(None)))
    if since is not None:
        take_back(WishKind.no_visit, mark_of(WishKind.no_visit, f"{building.label} {name}"), since=since)


def _refused_doors(round_: Round) -> set[tuple[UUID, str]]:
    """The doors of a round at which a refusal was noted by someone and not undone."""
    conditions = (Encounter.round_id == round_.id, Encounter.outcome == Outcome.refused, Encounter.undone_at.is_(None), Encounter.door.is_not(None))
    return {(row.building_id, row.door) for row in db.session.execute(select(Encounter.building_id, Encounter.door).where(*conditions))}
