"""Courtesy visits: to whom, by first name or building only, and how it went."""

from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model
from tenants.keys import Sealed
from tenants.rows import Tenanted, key_to


class VisitOutcome(StrEnum):
    """How a visit went."""

    good = "good"
    short = "short"
    absent = "absent"
    declined = "declined"


class CourtesyVisit(Tenanted, Model):
    """One visit of a round. Its words are sealed, and emptied thirty days after the round; that it took place stays."""

    __tablename__ = "courtesy_visits"
    __table_args__ = (key_to("rounds", "round_id"), sa.Index("ix_courtesy_visits_collective_id_round_id", "collective_id", "round_id"))

    round_id: Mapped[UUID]
    to_whom_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    how: Mapped[VisitOutcome] = mapped_column(ChoiceType(VisitOutcome, impl=sa.String(10)))
    note_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    # Ids of the members who went; a round of four may pay its visits in twos.
    went: Mapped[list[str] | None]
    # First names of who went along without an account.
    others_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    to_whom = Sealed()
    note = Sealed()
    others = Sealed()


def visits_of(round_id: UUID) -> Select[CourtesyVisit]:
    """The visits of a round, as they were noted."""
    return select(CourtesyVisit).where(CourtesyVisit.round_id == round_id).order_by(CourtesyVisit.at, CourtesyVisit.id)


def first_names(text: str | None) -> list[str]:
    """The names of a typed list, as they stand between its commas."""
    return [each.strip() for each in (text or "").split(",") if each.strip()]
