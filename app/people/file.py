"""A whole file, read at once: the person and all that this room keeps of them, in six queries whatever its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import joinedload

from app.db import db
from app.people.agreements import Agreement, agreements_of
from app.people.circles import ContactCircles, measures_of
from app.people.home_meetings import HomeMeeting, MeetingState, meetings_of
from app.people.models import Person
from app.people.pairs import Pair, pairs_of
from app.people.path import PathStep, steps_of
from app.people.tellings import Telling, tellings_with_names
from tenants import journal


@dataclass(frozen=True, slots=True)
class File:
    """A person with steps (in order), agreements, pairs, tellings and meetings (the latest first), and measures (the first one first)."""

    person: Person
    steps: Sequence[PathStep]
    agreements: Sequence[Agreement]
    pairs: Sequence[Pair]
    tellings: Sequence[Telling]
    meetings: Sequence[HomeMeeting]
    measures: Sequence[ContactCircles]
    # Who told what, by account.
    tellers: dict[UUID | None, str]

    @property
    def pair(self) -> Pair | None:
        """The present companions."""
        return next((each for each in self.pairs if each.ended_on is None), None)

    @property
    def next_meeting(self) -> HomeMeeting | None:
        """The meeting that is planned first."""
        planned = [each for each in self.meetings if each.state == MeetingState.planned]
        return planned[-1] if planned else None


def read_file(person: Person) -> File:
    """Read all of it, and write to the journal that it was read."""
    journal.note("read", "person", person.id)
    told = db.session.execute(tellings_with_names(person.id)).all()
    return File(
        person,
        db.session.scalars(steps_of(person.id)).all(),
        db.session.scalars(agreements_of(person.id).options(joinedload(Agreement.member))).all(),
        db.session.scalars(pairs_of(person.id).options(joinedload(Pair.one), joinedload(Pair.other))).all(),
        [telling for telling, _name in told],
        db.session.scalars(meetings_of(person.id)).all(),
        db.session.scalars(measures_of(person.id)).all(),
        {telling.by_user: name for telling, name in told if name},
    )
