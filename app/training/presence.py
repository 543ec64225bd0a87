"""Presence: who came to which session. Two trainers may tick at once: each says only what they changed."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, new_id, now
from app.training.models import SessionState, TrainingSession
from tenants import journal, ledger
from tenants.rows import Tenanted, key_to
from tenants.scope import place


class Presence(StrEnum):
    """How someone's evening was; late is there too."""

    present = "present"
    late = "late"
    excused = "excused"
    absent = "absent"


THERE = (Presence.present, Presence.late)


class Attendance(Tenanted, Model):
    """One participant at one session; which may be of another course than their own, to catch up."""

    __tablename__ = "attendances"
    __table_args__ = (
        key_to("training_sessions", "session_id"),
        key_to("participants", "participant_id"),
        sa.UniqueConstraint("collective_id", "session_id", "participant_id"),
        sa.Index("ix_attendances_collective_id_participant_id", "collective_id", "participant_id"),
    )

    session_id: Mapped[UUID]
    participant_id: Mapped[UUID]
    state: Mapped[Presence] = mapped_column(ChoiceType(Presence, impl=sa.String(10)))
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]


class AttendanceChange(Tenanted, Model):
    """One state that was written over another, or over none. Nobody's account means the code on the wall."""

    __tablename__ = "attendance_changes"
    __table_args__ = (
        key_to("training_sessions", "session_id"),
        key_to("participants", "participant_id"),
        sa.Index("ix_attendance_changes_collective_id_session_id", "collective_id", "session_id"),
    )

    session_id: Mapped[UUID]
    participant_id: Mapped[UUID]
    before: Mapped[Presence | None] = mapped_column(ChoiceType(Presence, impl=sa.String(10)))
    after: Mapped[Presence] = mapped_column(ChoiceType(Presence, impl=sa.String(10)))
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]


def changes_of(session_id: UUID) -> Select[AttendanceChange]:
    """All that was noted and corrected at a session, the latest first."""
    return select(AttendanceChange).where(AttendanceChange.session_id == session_id).order_by(AttendanceChange.at.desc(), AttendanceChange.id.desc())


def attendances(*session_ids: UUID) -> Select[Attendance]:
    """What was noted for some sessions."""
    return select(Attendance).where(Attendance.session_id.in_(session_ids))


def states_of(session_id: UUID) -> dict[UUID, Presence]:
    """The state of each participant of a session that has one."""
    return {each.participant_id: each.state for each in db.session.scalars(attendances(session_id))}


def note(session: TrainingSession, states: Mapping[UUID, Presence], others: Presence | None = None, everyone: tuple[UUID, ...] = ()) -> None:
    """Write the states that someone changed. Of `everyone`, who has no state yet gets `others`; who has one keeps it.

    Each state that is written leaves a line in the trace of the session.
    """
    _one_hand(session)
    known = {each.participant_id: each for each in db.session.scalars(attendances(session.id).execution_options(populate_existing=True))}
    for participant_id, state in states.items():
        row = known.get(participant_id)
        if row is None:
            known[participant_id] = _new(session, participant_id, state)
        elif row.state != state:
            _trace(session, participant_id, row.state, state)
            row.state, row.by_user, row.at = state, place().user_id, now()
    for participant_id in everyone:
        if others is not None and participant_id not in known:
            _new(session, participant_id, others)
    if session.state == SessionState.planned:
        session.state = SessionState.held
    journal.note("ticked", "training session", session.id)
    ledger.mark(session.day)


def _one_hand(session: TrainingSession) -> None:
    # One hand at a time on one sheet, so that what the other hand wrote is seen.
    db.session.execute(select(TrainingSession.id).where(TrainingSession.id == session.id).with_for_update())


def _new(session: TrainingSession, participant_id: UUID, state: Presence) -> Attendance:
    row = Attendance(id=new_id(), session_id=session.id, participant_id=participant_id, state=state, by_user=place().user_id, at=now())
    db.session.add(row)
    _trace(session, participant_id, None, state)
    return row


def _trace(session: TrainingSession, participant_id: UUID, before: Presence | None, after: Presence) -> None:
    change = AttendanceChange(session_id=session.id, participant_id=participant_id, before=before, after=after, by_user=place().user_id, at=now())
    db.session.add(change)


def sign_in_alone(session: TrainingSession, participant_id: UUID) -> None:
    """From the code on the wall: present, unless a trainer has already said something else than absent."""
    _one_hand(session)
    if states_of(session.id).get(participant_id) in (None, Presence.absent):
        note(session, {participant_id: Presence.present})
