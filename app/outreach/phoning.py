"""Social phoning: numbers of a round, handed out one by one, and what became of each call."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from app.outreach.models import Round
from app.outreach.wishes import WishKind, stands_on, wish
from tenants import journal, ledger
from tenants.counting import PeriodCounter, by_period, within
from tenants.keys import Sealed
from tenants.rows import Tenanted, insert_once, key_to
from tenants.scope import place

# How long a number stays with the caller it was handed to.
HELD = timedelta(minutes=15)
PAUSE = timedelta(days=3)
MOST_ATTEMPTS = 4


class CallOutcome(StrEnum):
    """How a call ended."""

    no_answer = "no_answer"
    busy = "busy"
    message = "message"
    wrong_number = "wrong_number"
    call_back = "call_back"
    talked = "talked"
    refused = "refused"


# After these the number has been heard or is no use: nobody calls it again.
FINAL = (CallOutcome.wrong_number, CallOutcome.talked, CallOutcome.refused)
CONTACTS = (CallOutcome.call_back, CallOutcome.talked, CallOutcome.refused)


class PhoneNumber(Tenanted, Model):
    """A number to call in a round, sealed. `mark` is a keyed hash of it: what finds duplicates and wishes without opening."""

    __tablename__ = "phone_numbers"
    __table_args__ = (
        key_to("rounds", "round_id"),
        sa.UniqueConstraint("collective_id", "round_id", "mark"),
        sa.Index("ix_phone_numbers_collective_id_round_id_position", "collective_id", "round_id", "position"),
        sa.Index("ix_phone_numbers_collective_id_mark", "collective_id", "mark", postgresql_where=sa.text("mark IS NOT NULL")),
    )

    round_id: Mapped[UUID]
    position: Mapped[int]
    number_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    mark: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    done: Mapped[bool] = mapped_column(default=False)
    not_before: Mapped[datetime] = mapped_column(default=now)
    held_by: Mapped[UUID | None]
    held_until: Mapped[datetime | None]
    number = Sealed()


class Call(Tenanted, Model):
    """One attempt to reach a number."""

    __tablename__ = "calls"
    __table_args__ = (
        key_to("rounds", "round_id"),
        key_to("phone_numbers", "phone_number_id"),
        sa.Index("ix_calls_collective_id_round_id", "collective_id", "round_id"),
    )

    round_id: Mapped[UUID]
    phone_number_id: Mapped[UUID]
    outcome: Mapped[CallOutcome] = mapped_column(ChoiceType(CallOutcome, impl=sa.String(16)))
    call_back_on: Mapped[date | None]
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]


class PhoneScript(Tenanted, Model):
    """What callers read aloud, in the collective's own words. One row; without it the page offers ours."""

    __tablename__ = "phone_scripts"

    text: Mapped[str] = mapped_column(sa.String(4000))
    attempts: Mapped[int] = mapped_column(sa.SmallInteger, default=MOST_ATTEMPTS)
    pause_days: Mapped[int] = mapped_column(sa.SmallInteger, default=PAUSE.days)


def rules() -> PhoneScript | None:
    """The collective's own script and rules, if its coordination wrote them."""
    return db.session.scalar(select(PhoneScript).limit(1))


def waiting(round_id: UUID) -> Select[PhoneNumber]:
    """Numbers of a round that still wait for a call, in their order, whether or not their pause is over.

    A wish may be said after the list was pasted: while it stands, its number waits for nobody.
    """
    left = (PhoneNumber.round_id == round_id, PhoneNumber.done.is_(False), ~stands_on(WishKind.no_call, PhoneNumber.mark))
    return select(PhoneNumber).where(*left).order_by(PhoneNumber.position)


def next_number(round_: Round, user_id: UUID) -> PhoneNumber | None:
    """Hand the next number to a caller, who keeps it for a quarter of an hour; one they already hold comes first.

    Two callers never get the same: a row that another is taking is skipped, and is held once it is taken.
    """
    moment = now()
    free = sa.or_(PhoneNumber.held_until.is_(None), PhoneNumber.held_until < moment)
    mine = sa.and_(PhoneNumber.held_by == user_id, PhoneNumber.held_until >= moment)
    query = (
        waiting(round_.id)
        .where(PhoneNumber.not_before <= moment, sa.or_(free, mine))
        .order_by(None)
        .order_by(mine.desc(), PhoneNumber.not_before, PhoneNumber.position)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    number = db.session.scalar(query)
    if number is not None:
        number.held_by, number.held_until = user_id, moment + HELD
    return number


def callable_from(round_id: UUID, user_id: UUID) -> datetime | None:
    """From when on a number of a round can be handed to a caller, at the earliest; None if none waits."""
    mine = sa.func.coalesce(PhoneNumber.held_by == user_id, sa.true())
    free_from = sa.case((mine, PhoneNumber.not_before), else_=sa.func.greatest(PhoneNumber.not_before, PhoneNumber.held_until))
    return db.session.scalar(waiting(round_id).order_by(None).with_only_columns(sa.func.min(free_from)))


def log_call(round_: Round, number: PhoneNumber, outcome: CallOutcome, call_id: UUID, zone: str, call_back_on: date | None = None) -> int:
    """Note how a call ended, and when the number may be called again. The same call sent again changes nothing."""
    row = {
        "id": call_id,
        "round_id": round_.id,
        "phone_number_id": number.id,
        "outcome": outcome,
        "call_back_on": call_back_on if outcome == CallOutcome.call_back else None,
        "by_user": place().user_id,
    }
    fresh = insert_once(Call, [row])
    if not fresh:
        return 0
    own = rules()
    number.attempts += 1
    number.held_by = number.held_until = None
    # Whoever was handed it while another still talked may find it done.
    number.done = (
        number.done or outcome in FINAL or (number.attempts >= (own.attempts if own else MOST_ATTEMPTS) and outcome != CallOutcome.call_back)
    )
    if outcome == CallOutcome.call_back and call_back_on:
        number.not_before = datetime.combine(call_back_on, time(8), ZoneInfo(zone))
    else:
        number.not_before = max(number.not_before, now() + (timedelta(days=own.pause_days) if own else PAUSE))
    if outcome == CallOutcome.refused and number.mark:
        wish(WishKind.no_call, number.mark)
    round_.start()
    journal.note("called", "round", round_.id)
    ledger.mark(round_.day)
    return fresh


@dataclass(slots=True)
class Calls:
    """What was done in a round: attempts, contacts, numbers still waiting, numbers in all."""

    attempts: int
    contacts: int
    waiting: int
    numbers: int


def calls_of(round_id: UUID) -> Calls:
    """The numbers of a round's calls. A contact is a number somebody answered, counted once."""
    reached = sa.func.count(sa.distinct(Call.phone_number_id)).filter(Call.outcome.in_(CONTACTS))
    attempts, contacts = db.session.execute(select(sa.func.count(), reached).where(Call.round_id == round_id)).one()
    left = db.session.scalar(select(sa.func.count()).select_from(waiting(round_id).order_by(None).subquery()))
    all_ = db.session.scalar(select(sa.func.count()).where(PhoneNumber.round_id == round_id))
    return Calls(attempts, contacts, left or 0, all_ or 0)


@PeriodCounter
def count_calls() -> Select[Any]:
    """Attempts and contacts of the rounds of a period; a contact is a number somebody answered, once per round."""
    reached = sa.func.count(sa.distinct(Call.phone_number_id)).filter(Call.outcome.in_(CONTACTS))
    counted = by_period(sa.func.count().label("phone_attempts"), reached.label("phone_contacts"))
    return counted.join(Round, within(Round.day)).join(Call, Call.round_id == Round.id)
