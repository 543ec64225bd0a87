"""The agreement of a person, in their words. It is asked for and recorded even where the law would not demand it."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model
from app.people.models import Person
from tenants.keys import Sealed
from tenants.models import Membership
from tenants.rows import Tenanted, belongs_to, key_to


class Agreement(Tenanted, Model):
    """What a person agreed to, when, and to whom they said it. The latest one stands; the others stay to be read."""

    __tablename__ = "agreements"
    __table_args__ = (
        key_to("persons", "person_id"),
        key_to("memberships", "member_id"),
        sa.Index("ix_agreements_collective_id_person_id", "collective_id", "person_id"),
    )

    person_id: Mapped[UUID]
    member_id: Mapped[UUID]
    given_on: Mapped[date]
    words_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    ask_again_on: Mapped[date | None]
    at: Mapped[Instant]
    words = Sealed()

    person: Mapped[Person] = belongs_to("Agreement.person_id", "Person")
    member: Mapped[Membership] = belongs_to("Agreement.member_id", "Membership")


def agreements_of(person_id: UUID) -> Select[Agreement]:
    """The agreements of a person, the latest first."""
    return select(Agreement).where(Agreement.person_id == person_id).order_by(Agreement.given_on.desc(), Agreement.at.desc(), Agreement.id.desc())
