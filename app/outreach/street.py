"""Street walks: people met, people talked with, and what was noticed in the public space. Numbers and signs, never a person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from app.outreach.models import Round
from app.outreach.records import record
from tenants import journal, ledger
from tenants.rows import Tenanted, key_to
from tenants.scope import place

MOST_AT_ONCE = 50


class Meeting(StrEnum):
    """How one crossed someone's way: a greeting, or an exchange, which is a meeting too."""

    met = "met"
    talked = "talked"


class StreetMeeting(Tenanted, Model):
    """One tap: so many people met, or talked with. Nothing is overwritten; the id is the gesture's, made on the phone."""

    __tablename__ = "street_meetings"
    __table_args__ = (
        key_to("rounds", "round_id"),
        sa.Index("ix_street_meetings_collective_id_round_id", "collective_id", "round_id"),
        sa.CheckConstraint(f"number between 1 and {MOST_AT_ONCE}", name="number"),
    )

    round_id: Mapped[UUID]
    what: Mapped[Meeting] = mapped_column(ChoiceType(Meeting, impl=sa.String(6)))
    number: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    undone_at: Mapped[datetime | None]


class StreetNotice(Tenanted, Model):
    """A sign noticed during a walk, once."""

    __tablename__ = "street_notices"
    __table_args__ = (key_to("rounds", "round_id"), sa.UniqueConstraint("collective_id", "round_id", "sign"))

    round_id: Mapped[UUID]
    sign: Mapped[str] = mapped_column(sa.String(36))
    at: Mapped[Instant]


@dataclass(frozen=True, slots=True)
class Crossed:
    """People met in a walk, and those of them one talked with."""

    met: int
    talked: int


def meet(round_: Round, what: Meeting, number: int, gesture_id: UUID) -> int:
    """Note people met or talked with, in one gesture. Returns 0 if the gesture is already known."""
    return record(round_, StreetMeeting(id=gesture_id, round_id=round_.id, what=what, number=number, by_user=place().user_id))


def take_back(round_: Round, gesture_id: UUID) -> int:
    """Take one gesture of the present user back. Returns 0 if it was already, or is another's."""
    statement = (
        update(StreetMeeting)
        .where(
            StreetMeeting.round_id == round_.id,
            StreetMeeting.id == gesture_id,
            StreetMeeting.by_user == place().user_id,
            StreetMeeting.undone_at.is_(None),
        )
        .values(undone_at=now())
        .returning(StreetMeeting.id)
        .execution_options(synchronize_session=False)
    )
    undone = len(db.session.execute(statement).all())
    if undone:
        journal.note("undid", "round", round_.id)
        ledger.mark(round_.day)
    return undone


def notice(round_: Round, sign: str, seen: bool) -> None:
    """Say that a sign was noticed in this walk, or not after all."""
    if seen:
        record(round_, StreetNotice(id=uuid5(round_.id, sign), round_id=round_.id, sign=sign))
        return
    db.session.execute(sa.delete(StreetNotice).where(StreetNotice.round_id == round_.id, StreetNotice.sign == sign))
    journal.note("undid", "round", round_.id)


def crossed_in(*conditions: sa.ColumnElement[bool]) -> Crossed:
    """How many people were met, exchanges included, and how many talked with."""
    all_ = sa.func.coalesce(sa.func.sum(StreetMeeting.number), 0)
    talked = sa.func.coalesce(sa.func.sum(StreetMeeting.number).filter(StreetMeeting.what == Meeting.talked), 0)
    met, exchanges = db.session.execute(select(all_, talked).where(StreetMeeting.undone_at.is_(None), *conditions)).one()
    return Crossed(int(met), int(exchanges))


def noticed_in(round_id: UUID) -> Select[str]:
    """Codes of the signs noticed in a walk."""
    return select(StreetNotice.sign).where(StreetNotice.round_id == round_id)


def last_meeting(round_id: UUID, user_id: UUID) -> StreetMeeting | None:
    """The latest line someone noted in a walk and has not undone."""
    query = select(StreetMeeting).where(StreetMeeting.round_id == round_id, StreetMeeting.by_user == user_id, StreetMeeting.undone_at.is_(None))
    return db.session.scalar(query.order_by(StreetMeeting.at.desc(), StreetMeeting.id.desc()).limit(1))
