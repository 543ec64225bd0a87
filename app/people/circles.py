"""Contact circles: with whom a person is in contact, and how often, measured four times in a year.

The grid is ours and free of licence: the four circles of the field and work (FACTS, Isolation), each with a frequency.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model
from app.people.models import Person
from tenants.rows import Tenanted, belongs_to, key_to

CIRCLES = ("family", "friends", "neighbours", "associations", "work")
# 0 never, 1 less than once a month, 2 every month, 3 every week, 4 nearly every day.
FREQUENCIES = range(5)


class Moment(StrEnum):
    """When the circles are measured: when accompanying begins, then after three, six and twelve months."""

    entry = "entry"
    months_3 = "months_3"
    months_6 = "months_6"
    months_12 = "months_12"


AFTER = {Moment.months_3: 3, Moment.months_6: 6, Moment.months_12: 12}


class ContactCircles(Tenanted, Model):
    """One measure. A circle that was not spoken of is empty. Measuring the same moment again replaces it."""

    __tablename__ = "contact_circles"
    __table_args__ = (
        key_to("persons", "person_id"),
        sa.UniqueConstraint("collective_id", "person_id", "moment"),
        *(sa.CheckConstraint(f"{circle} between 0 and 4", name=circle) for circle in CIRCLES),
    )

    person_id: Mapped[UUID]
    moment: Mapped[Moment] = mapped_column(ChoiceType(Moment, impl=sa.String(10)))
    on: Mapped[date]
    family: Mapped[int | None] = mapped_column(sa.SmallInteger)
    friends: Mapped[int | None] = mapped_column(sa.SmallInteger)
    neighbours: Mapped[int | None] = mapped_column(sa.SmallInteger)
    associations: Mapped[int | None] = mapped_column(sa.SmallInteger)
    work: Mapped[int | None] = mapped_column(sa.SmallInteger)
    by_user: Mapped[UUID | None]
    at: Mapped[Instant]

    person: Mapped[Person] = belongs_to("ContactCircles.person_id", "Person")

    def values(self) -> dict[str, int | None]:
        """The frequency of each circle."""
        return {circle: getattr(self, circle) for circle in CIRCLES}


def measures_of(person_id: UUID) -> Select[ContactCircles]:
    """The measures of a person, the first one first."""
    return select(ContactCircles).where(ContactCircles.person_id == person_id).order_by(ContactCircles.on, ContactCircles.id)


def due_moment(person: Person, measures: Sequence[ContactCircles], today: date) -> tuple[Moment, date] | None:
    """The measure that is due now and since when; None if none is, or if the path is closed.

    The entry is due once the person has been met; each later one its months after the entry. A missed one is not made up for once the
    next is due.
    """
    if person.is_closed or person.stage == "spotted":
        return None
    entry = next((each for each in measures if each.moment == Moment.entry), None)
    if entry is None:
        return Moment.entry, person.stage_on
    done = {each.moment for each in measures}
    passed = [(moment, entry.on + relativedelta(months=months)) for moment, months in AFTER.items()]
    latest = [pair for pair in passed if pair[1] <= today]
    return latest[-1] if latest and latest[-1][0] not in done else None
