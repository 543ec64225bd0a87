"""Solidarity rides: someone with a car takes someone without one."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model
from tenants.keys import Sealed
from tenants.models import Membership
from tenants.rows import Tenanted, belongs_to, key_to

FURTHEST = 300
MOST_CARRIED = 8


class Ride(Tenanted, Model):
    """One ride of a round. Where from, where to and a typed name are sealed, and emptied thirty days after the round; kilometres stay."""

    __tablename__ = "rides"
    __table_args__ = (
        key_to("rounds", "round_id"),
        key_to("memberships", "driver_id"),
        sa.Index("ix_rides_collective_id_round_id", "collective_id", "round_id"),
        sa.CheckConstraint(f"kilometres between 1 and {FURTHEST}", name="kilometres"),
        sa.CheckConstraint(f"carried between 1 and {MOST_CARRIED}", name="carried"),
    )

    round_id: Mapped[UUID]
    # Of the collective, or someone without an account: then a first name, which goes with the places.
    driver_id: Mapped[UUID | None]
    driver_name_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    origin_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    destination_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    # One way; a return trip counts them twice.
    kilometres: Mapped[int] = mapped_column(sa.SmallInteger)
    carried: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    return_trip: Mapped[bool] = mapped_column(default=False)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    origin = Sealed()
    destination = Sealed()
    driver_name = Sealed()

    driver: Mapped[Membership | None] = belongs_to("Ride.driver_id", "Membership")

    @property
    def driven(self) -> int:
        """Kilometres of the whole ride."""
        return self.kilometres * (2 if self.return_trip else 1)


def rides_of(round_id: UUID) -> Select[Ride]:
    """The rides of a round, as they were noted."""
    return select(Ride).where(Ride.round_id == round_id).order_by(Ride.at, Ride.id)


def driven_in_all() -> sa.ColumnElement[int]:
    """The sum of kilometres, there and back."""
    return sa.func.coalesce(sa.func.sum(Ride.kilometres * sa.case((Ride.return_trip, 2), else_=1)), 0)
