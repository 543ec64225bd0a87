"""What a home page gathers from the rooms for one member on one day. Asked for while the page is written, and kept (tenants/unchanged.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.accounts.gate import Reminder
from app.accounts.models import Invitation, waiting_invitations
from app.db import db
from app.followup.drop_ins import DropIn, next_expected
from app.languages import written_date
from app.outreach.models import Round
from app.outreach.queries import open_between, rounds_of, team_of, unclosed_before
from app.people.models import Person
from app.people.pairs import accompanied_by
from app.people.queries import by_name
from app.people.story import Waiting, waiting
from app.people.task_lists import First, first_tasks
from app.people.words import STAGE_NAMES, described
from tenants import ledger
from tenants.access import allowed
from tenants.models import PRESENT, Membership, Role
from tenants.months import EVER, month_of

DAYS_AHEAD = 7
# As many tasks as fit the first look; the list has the others.
AT_ONCE = {Role.coordinator: 5, Role.volunteer: 3}
MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Mine:
    """A volunteer's rounds: the one that is on or was to be, and the others in their order."""

    now: Round | None
    others: list[Round]


@dataclass(frozen=True, slots=True)
class Home:
    """The home page of a member, by their own name and role, at a minute: someone who has not come back is told of at once.

    `due`: what they are reminded of, if a second step at sign-in is missing.
    """

    member_id: UUID
    role: Role
    name: str
    today: date
    minute: datetime
    due: Reminder | None

    @property
    def closed(self) -> bool:
        """Whether names wait for the second step."""
        return self.due is not None and self.due.over

    @property
    def day(self) -> str:
        """The day with its year, as the page begins."""
        return capitalised(self.today)

    def waiting(self) -> list[Waiting]:
        """Alerts of all rooms, for whoever steers."""
        return waiting(self.today) if not self.closed and allowed("steer a file") else []

    def tasks(self) -> First:
        """The first tasks, and how many there are."""
        return First([], 0, []) if self.closed else first_tasks(self.today, AT_ONCE[self.role])

    def unclosed(self) -> tuple[list[Round], int]:
        """Rounds of former days that nobody closed, and how many there are."""
        return unclosed_before(self.today)

    def coming(self) -> list[Round]:
        """Rounds of seven days. Not up to Sunday: on a Sunday one looks for what Monday brings."""
        return open_between(self.today, self.today + timedelta(days=DAYS_AHEAD))

    def mine(self) -> Mine:
        """Where the member goes themselves. Of what is due the latest comes first: today's before one that nobody closed last week."""
        rounds = sorted(db.session.scalars(rounds_of(self.member_id, self.today).limit(MOST_ROUNDS)), key=lambda each: (each.day, each.id))
        due = [each for each in rounds if each.day <= self.today]
        return Mine(due[-1] if due else None, due[:-1] + rounds[len(due) :])

    def teams(self, rounds: Sequence[Round]) -> dict[UUID, list[Membership]]:
        """Who goes on these rounds."""
        return team_of(*(each.id for each in rounds))

    def accompanied(self) -> list[tuple[str, Person, str, str]]:
        """The people of the member's pairs, by name: each with a few words, and where they are on their path."""
        if self.closed:
            return []
        people = by_name(db.session.scalars(accompanied_by(self.member_id)).all())
        return [(name, person, described(person), str(STAGE_NAMES[person.stage])) for name, person in people]

    def team(self) -> list[Membership]:
        """Who is in the team."""
        return PRESENT.ask()

    def invitations(self) -> list[Invitation]:
        """Those that wait for an answer."""
        return waiting_invitations()

    def permanence(self) -> DropIn | None:
        """The next one."""
        return next_expected(self.today)

    def figures(self) -> tuple[dict[str, int], dict[str, int]]:
        """Those of this month, and those of ever."""
        month = month_of(self.today)
        known = ledger.figures_of(month, EVER)
        return known.get(month, {}), known.get(EVER, {})


def capitalised(day: date) -> str:
    """A day with its year, as a page begins with it."""
    text = written_date(day, "EEEE d MMMM y")
    return text[:1].upper() + text[1:]
