"""What companions tell of a meeting, a call, an outing: the story of a person with the collective."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db
from app.people.models import Person
from tenants import journal
from tenants.keys import Sealed
from tenants.models import Membership
from tenants.rows import Tenanted, belongs_to, insert_once, key_to
from tenants.scope import place


class Occasion(StrEnum):
    """On what occasion one was in contact."""

    visit = "visit"
    call = "call"
    outing = "outing"
    chance = "chance"
    other = "other"


class Telling(Tenanted, Model):
    """A few sentences on one contact. The person may read them."""

    __tablename__ = "tellings"
    __table_args__ = (key_to("persons", "person_id"), sa.Index("ix_tellings_collective_id_person_id", "collective_id", "person_id"))

    person_id: Mapped[UUID]
    occasion: Mapped[Occasion] = mapped_column(ChoiceType(Occasion, impl=sa.String(8)))
    on: Mapped[date]
    title_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    text_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]
    title = Sealed()
    text = Sealed()

    person: Mapped[Person] = belongs_to("Telling.person_id", "Person")


def tell(person: Person, telling: Telling) -> int:
    """Keep a telling; the contact counts. Returns 0 if it is known already."""
    telling.by_user = place().user_id
    fresh = insert_once(Telling, [{name: value for name, value in vars(telling).items() if name in Telling.__table__.c}])
    if fresh:
        person.seen(telling.on)
        db.session.add(person)
        journal.note("told", "person", person.id)
    return fresh


def tellings_of(person_id: UUID) -> Select[Telling]:
    """What was told of a person, the latest first."""
    return select(Telling).where(Telling.person_id == person_id).order_by(Telling.on.desc(), Telling.at.desc(), Telling.id)


def tellings_with_names(person_id: UUID) -> Select[Telling, Membership]:
    """The same, each with the name of whoever told it, so that a file needs no query more for them."""
    teller = sa.and_(Membership.user_id == Telling.by_user, Membership.collective_id == Telling.collective_id)
    return tellings_of(person_id).outerjoin(Membership, teller).add_columns(Membership)
