"""Where doors are: a building with floors, a street with numbers, or a place where doors are only counted."""

from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model
from app.outreach.models import Round
from tenants.rows import Tenanted, belongs_to, key_to

MOST_FLOORS = 50
MOST_DOORS = 40
MOST_NUMBERS = 400


class Shape(StrEnum):
    """How the doors of a building are known."""

    floors = "floors"
    street = "street"
    counted = "counted"


class Building(Tenanted, Model):
    """A building, or a street, of one round. A counted one has no doors: only numbers are noted, no household."""

    __tablename__ = "buildings"
    __table_args__ = (
        key_to("rounds", "round_id"),
        sa.Index("ix_buildings_collective_id_round_id", "collective_id", "round_id"),
        sa.CheckConstraint(f"floors between 0 and {MOST_FLOORS}", name="floors"),
        sa.CheckConstraint(f"per_floor between 0 and {MOST_DOORS} and ground between 0 and {MOST_DOORS}", name="doors"),
    )

    round_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(sa.String(120))
    shape: Mapped[Shape] = mapped_column(ChoiceType(Shape, impl=sa.String(10)), default=Shape.floors)
    # Floors above the ground floor, doors on each, doors on the ground floor.
    floors: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    per_floor: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    ground: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    # First and last number of a street, and 2 as step when only one side is walked.
    first: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    last: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    step: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    added_at: Mapped[Instant]

    round: Mapped[Round] = belongs_to("Building.round_id", "Round")

    def layout(self) -> list[tuple[int, list[str]]]:
        """Floors with the names of their doors, the top floor first. A street is one floor; a counted building has none."""
        if self.shape == Shape.street:
            return [(0, [str(number) for number in range(self.first, self.last + 1, self.step)])]
        if self.shape == Shape.counted:
            return []
        width = 2 if self.per_floor > 9 else 1
        upper = [(floor, [f"{floor}{door:0{width}d}" for door in range(1, self.per_floor + 1)]) for floor in range(self.floors, 0, -1)]
        return upper + ([(0, [f"0{door}" for door in range(1, self.ground + 1)])] if self.ground else [])

    def size(self) -> int:
        """How many doors it has; 0 if they are only counted."""
        return sum(len(doors) for _floor, doors in self.layout())

    def has_door(self, floor: int, door: str) -> bool:
        """Whether there is such a door."""
        return any(floor == each and door in doors for each, doors in self.layout())
