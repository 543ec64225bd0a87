"""Two years of meetings with the network, month by month: those there are, and those of which nobody said anything."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.followup.support import SupportMeeting
from tenants.months import month_of, months_before

# As far back as the curves show; what lies further back stays a month without a note.
TOLD_BACK = 24


def by_month(rows: Sequence[SupportMeeting], subject: Any, today: date) -> list[tuple[str, SupportMeeting | None]]:
    """Some meetings, the latest month first; between them the months of two years back that are over and have none, while `subject` lived."""
    noted = {each.month for each in rows}
    gaps = [each for each in months_to_tell(subject, today) if each < month_of(today) and each not in noted]
    return sorted([*((each.month, each) for each in rows), *((each, None) for each in gaps)], key=lambda line: line[0], reverse=True)


def months_to_tell(subject: Any, today: date) -> list[str]:
    """The months of which one may still say whether the meeting took place: the present one and two years back, while the collective lived."""
    last = month_of(subject.ended_on or today)
    return [each for each in months_before(month_of(today), TOLD_BACK + 1) if month_of(subject.founded_on) <= each <= last]
