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
        if self.shape == Shape.counted:
            return []
        lowest = 0 if self.ground or self.shape == Shape.street else 1
        return [(floor, self.doors_on(floor)) for floor in range(self.floors if self.shape == Shape.floors else 0, lowest - 1, -1)]

    def doors_on(self, floor: int) -> list[str]:
        """The names of the doors on one floor; none where there is no such floor."""
        if self.shape == Shape.street:
            return [str(number) for number in range(self.first, self.last + 1, self.step)] if floor == 0 else []
        if self.shape == Shape.counted or not 0 <= floor <= self.floors:
            return []
        if floor == 0:
            return [f"0{door}" for door in range(1, self.ground + 1)]
        width = 2 if self.per_floor > 9 else 1
        return [f"{floor}{door:0{width}d}" for door in range(1, self.per_floor + 1)]

    def size(self) -> int:
        """How many doors it has; 0 if they are only counted."""
        return sum(len(doors) for _floor, doors in self.layout())

    def has_door(self, floor: int, door: str) -> bool:
        """Whether there is such a door."""
        return door in self.doors_on(floor)
