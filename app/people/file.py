"""A whole file, read at once: the person and all that this room keeps of them, in one query whatever its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlalchemy.orm.attributes import set_committed_value

from app.people.agreements import Agreement, agreements_of
from app.people.circles import ContactCircles, measures_of
from app.people.home_meetings import HomeMeeting, MeetingState, meetings_of
from app.people.models import Person
from app.people.pairs import Pair, pairs_of
from app.people.path import PathStep, steps_of
from app.people.tellings import Telling, tellings_with_names
from tenants import journal
from tenants.models import Membership
from tenants.together import together


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
    """Read all of it in one statement, and write to the journal that it was read."""
    journal.note("read", "person", person.id)
    one, other = aliased(Membership, name="one_companion"), aliased(Membership, name="other_companion")
    steps, agreements, pairs, told, meetings, measures = together(
        steps_of(person.id),
        agreements_of(person.id).join(Membership, Membership.id == Agreement.member_id).add_columns(Membership),
        pairs_of(person.id).join(one, one.id == Pair.one_id).join(other, other.id == Pair.other_id).add_columns(one, other),
        tellings_with_names(person.id),
        meetings_of(person.id),
        measures_of(person.id),
    )
    for agreement, member in agreements:
        set_committed_value(agreement, "member", member)
    for pair, first, second in pairs:
        set_committed_value(pair, "one", first)
        set_committed_value(pair, "other", second)
    return File(
        person,
        [step for (step,) in steps],
        [agreement for agreement, _member in agreements],
        [pair for pair, _first, _second in pairs],
        [telling for telling, _teller in told],
        [meeting for (meeting,) in meetings],
        [measure for (measure,) in measures],
        {telling.by_user: teller.display_name for telling, teller in told if teller},
    )
