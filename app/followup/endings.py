"""The end of a file: two years after the last contact, announced twice, kept longer only with a reason, then erased.

The active base is two years from the last contact with the person (CNIL, délibération 2023-095, FACTS). Any interaction is a contact; a
sign-in is none.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, db
from app.people.models import Person
from tenants import journal
from tenants.keys import Sealed
from tenants.rows import Tenanted, belongs_to, key_to
from tenants.scope import place

YEARS = 2
FIRST, SECOND = timedelta(days=60), timedelta(days=15)


class FileEnding(Tenanted, Model):
    """What was said of the end of a file, and until when someone keeps it longer, and why."""

    __tablename__ = "file_endings"
    stamped = True
    __table_args__ = (key_to("persons", "person_id"), sa.UniqueConstraint("collective_id", "person_id"))

    person_id: Mapped[UUID]
    first_told_on: Mapped[date | None]
    second_told_on: Mapped[date | None]
    kept_until: Mapped[date | None]
    kept_because_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    kept_by: Mapped[UUID | None]
    kept_because = Sealed()

    person: Mapped[Person] = belongs_to("FileEnding.person_id", "Person")

    def keep(self, until: date, because: str) -> None:
        """Not before this day, for this reason. Announced again when it comes near."""
        self.kept_until, self.kept_because, self.kept_by = until, because, place().user_id
        self.first_told_on = self.second_told_on = None
        journal.note("kept longer", "person", self.person_id)


class Due(StrEnum):
    """What a night does about a file."""

    nothing = "nothing"
    first = "first"
    second = "second"
    erase = "erase"
    renewed = "renewed"


def last_contact(person: Person) -> date:
    """The local date from which the two years count."""
    return max(person.last_seen_on or person.found_on, person.found_on)


def end_of(person: Person, ending: FileEnding | None) -> date:
    """The day on which a file ends, as things stand. Never sooner than its announcements allow, however late they came."""
    ends = last_contact(person) + relativedelta(years=YEARS)
    if ending is None:
        return ends
    days = [ends, ending.kept_until, ending.first_told_on and ending.first_told_on + FIRST, ending.second_told_on and ending.second_told_on + SECOND]
    return max(day for day in days if day)


def due_of(person: Person, ending: FileEnding | None, today: date) -> Due:
    """What is to be done about a file on a local date."""
    ends = max(last_contact(person) + relativedelta(years=YEARS), (ending and ending.kept_until) or date.min)
    if today < ends - FIRST:
        return Due.renewed if ending and ending.first_told_on else Due.nothing
    if ending is None or ending.first_told_on is None:
        return Due.first
    if ending.second_told_on is None:
        return Due.second if today >= end_of(person, ending) - SECOND else Due.nothing
    return Due.erase if today >= end_of(person, ending) else Due.nothing


def ending_of(person_id: UUID) -> FileEnding | None:
    """What was said of the end of a file, if anything was."""
    return db.session.scalar(select(FileEnding).where(FileEnding.person_id == person_id))


def ending_for(person_id: UUID) -> FileEnding:
    """The same, to be written to."""
    ending = ending_of(person_id)
    if ending is None:
        ending = FileEnding(person_id=person_id)
        db.session.add(ending)
    return ending


def near_their_end(today: date) -> Sequence[tuple[Person, FileEnding | None]]:
    """Files of which something was said, and those whose last contact lies so far back that it is time to."""
    back = today + FIRST - relativedelta(years=YEARS)
    joined = sa.and_(FileEnding.collective_id == Person.collective_id, FileEnding.person_id == Person.id)
    long_ago = sa.func.greatest(Person.last_seen_on, Person.found_on) <= back
    query = select(Person, FileEnding).outerjoin(FileEnding, joined).where(sa.or_(long_ago, FileEnding.id.is_not(None))).order_by(Person.id)
    return [(row[0], row[1]) for row in db.session.execute(query)]
