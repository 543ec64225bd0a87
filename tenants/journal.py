"""The journal of a collective: who did or read what, written in the same transaction as the act.

Lines carry ids and a verb, never a content. They are read by the collective's own coordination and by nobody next door.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, db, new_id
from tenants.rows import Line, Tenanted, insert_once
from tenants.scope import place


class JournalLine(Tenanted, Model):
    """One act on one row, by someone, at an instant."""

    __tablename__ = "journal"
    __table_args__ = (sa.Index("ix_journal_collective_id_subject_id", "collective_id", "subject_id"),)

    at: Mapped[Instant]
    user_id: Mapped[UUID | None]
    act: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[UUID]


def line(act: str, subject: str, subject_id: UUID) -> Line:
    """A line to be written with what it tells: `insert_once(Encounter, rows, journal.line("noted", "round", round_.id))`."""
    return JournalLine, {"id": new_id(), "user_id": place().user_id, "act": act, "subject": subject, "subject_id": subject_id}


def note(act: str, subject: str, subject_id: UUID) -> None:
    """Write a line: `note("closed", "round", round_.id)`. A plain insert: nobody reads the line back in this transaction."""
    kind, row = line(act, subject, subject_id)
    insert_once(kind, [row])


def lines_about(subject_id: UUID) -> Select[JournalLine]:
    """What happened to one row, the newest first."""
    return select(JournalLine).where(JournalLine.subject_id == subject_id).order_by(JournalLine.at.desc(), JournalLine.id.desc())


def count_lines() -> int:
    """How many lines the present collective's journal has."""
    return db.session.scalar(select(sa.func.count()).select_from(JournalLine)) or 0
