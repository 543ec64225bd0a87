"""A person, as one collective knows them: a first name is enough, everything that names or tells is sealed."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, now
from tenants import ledger
from tenants.keys import Sealed
from tenants.rows import Tenanted


class Stage(StrEnum):
    """Where a person's path stands, in the order of the method; closed is its end, for whatever reason."""

    spotted = "spotted"
    met = "met"
    accompanied = "accompanied"
    engaged = "engaged"
    autonomous = "autonomous"
    closed = "closed"


OPEN_STAGES = tuple(stage for stage in Stage if stage is not Stage.closed)


class FoundBy(StrEnum):
    """How the collective came to know of a person."""

    round = "round"
    prescription = "prescription"
    neighbour = "neighbour"
    themselves = "themselves"
    commune = "commune"


class AgeBand(StrEnum):
    """An age, as far as it matters; never a date of birth."""

    under_25 = "under_25"
    from_25 = "from_25"
    from_40 = "from_40"
    from_60 = "from_60"
    from_75 = "from_75"
    from_85 = "from_85"


class ClosingReason(StrEnum):
    """Why a collective no longer accompanies someone."""

    on_their_own = "on_their_own"
    moved = "moved"
    no_wish = "no_wish"
    passed_on = "passed_on"
    out_of_sight = "out_of_sight"
    mistake = "mistake"
    died = "died"


class Person(Tenanted, Model):
    """Someone whom the collective has noticed. Lists hold one thing a line; codes are data·inclusion themes and ISO languages."""

    __tablename__ = "persons"
    stamped = True
    __table_args__ = (sa.Index("ix_persons_collective_id_stage", "collective_id", "stage"),)

    name_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    street_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    reached_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    likes_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    gives_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    age: Mapped[AgeBand | None] = mapped_column(ChoiceType(AgeBand, impl=sa.String(10)))
    languages: Mapped[list[str]] = mapped_column(default=list)
    needs: Mapped[list[str]] = mapped_column(default=list)
    found_by: Mapped[FoundBy] = mapped_column(ChoiceType(FoundBy, impl=sa.String(12)))
    found_on: Mapped[date]
    # The round in which they were met; no key, because people know nothing of rounds.
    round_id: Mapped[UUID | None]
    # What the standing steps of the path say, kept here so that a list is one query.
    stage: Mapped[Stage] = mapped_column(ChoiceType(Stage, impl=sa.String(12)), default=Stage.spotted)
    stage_on: Mapped[date]
    closed_because: Mapped[ClosingReason | None] = mapped_column(ChoiceType(ClosingReason, impl=sa.String(12)))
    last_seen_on: Mapped[date | None]
    opened_by: Mapped[UUID | None]
    opened_at: Mapped[Instant]
    # Grows with each change of the file, so that the second of two writers is told what the first one changed.
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    # A row without a name that only counts from now on (erasure.py). No query of entities finds it unless it asks for it.
    erased_at: Mapped[datetime | None]

    name = Sealed()
    street = Sealed()
    phone = Sealed()
    reached = Sealed()
    likes = Sealed()
    gives = Sealed()

    @property
    def is_closed(self) -> bool:
        """Whether the collective has ended its part."""
        return self.stage == Stage.closed

    @property
    def has_died(self) -> bool:
        """Whether no letter, reminder or task may leave for this person any more."""
        return self.closed_because == ClosingReason.died

    def seen(self, day: date) -> None:
        """Someone of the collective was in contact on this local date. Any interaction counts, whoever began it."""
        self.last_seen_on = max(day, self.last_seen_on) if self.last_seen_on else day

    def change(self, user_id: UUID, **values: Any) -> None:
        """Write some of the file and say who did."""
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1
        self.changed_by, self.changed_at = user_id, now()
        ledger.mark(self.found_on)


def lines(text: str | None) -> list[str]:
    """The entries of a list kept one a line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def people_at(*stages: Stage) -> Select[Person]:
    """The people of the present collective at some stages, the latest step first."""
    return select(Person).where(Person.stage.in_(stages)).order_by(Person.stage_on.desc(), Person.id)
