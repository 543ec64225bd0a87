"""The journal of a collective: who did or read what, written in the same transaction as the act.

Lines carry ids and a verb, never a content. They are read by the collective's own coordination and by nobody next door.
"""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, db, new_id
from tenants.rows import Line, Row, Tenanted, found, insert_once
from tenants.scope import here, place

REMOVED = "removed"


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


def note_removal(kind: str, row_id: UUID) -> None:
    """Write that a row was taken out, by its own id: `found_or_removed` knows it by that."""
    note(REMOVED, kind, row_id)


def found_or_removed(kind: type[Row], row_id: UUID) -> Row | None:
    """The row; None if it was taken out before, as the second of two taps finds it; 404 for any other id.

    Of an id from next door and of one that nobody has the journal knows nothing: they are answered alike.
    """
    row = db.session.get(kind, (here(), row_id))
    if row is not None:
        return row
    known = lines_about(row_id).where(JournalLine.act == REMOVED).with_only_columns(JournalLine.id).limit(1)
    return None if db.session.scalar(known) else found(kind, row_id)
