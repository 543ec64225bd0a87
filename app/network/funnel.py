"""From doors to people who stand on their own feet, in one drawing with honest denominators.

Doors and conversations are acts of one period: the second are among the first. People come from doors, and from partners, neighbours and
themselves; so they have a scale of their own, and a share is given only where everyone counted is among those it is a share of.
"""

from dataclasses import dataclass

from tenants.disclosure import SMALL, rounded
from tenants.indicators import CATALOGUE, Indicator
from tenants.months import EVER

DOORS = ("doors", "conversations")
PEOPLE = ("people_noticed", "people_met", "people_accompanied", "people_engaged", "people_autonomous")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its indicator, its count, what it is a share of (None if of nothing that is known), and how long its bar is, in hundredths."""

    indicator: Indicator
    value: int
    of: int | None
    width: int


def shown_value(code: str, value: int, exact: bool) -> int:
    """The count that may be drawn: as long a bar as the words beside it say, and no longer."""
    if exact or not CATALOGUE[code].protected:
        return value
    safe = rounded(value)
    return SMALL // 2 if safe is None else safe


def funnel(period: str, values: dict[str, int], exact: bool) -> tuple[list[Step], list[Step]]:
    """The steps of doors, and those of people. People who were noticed in one year and met in the next are in no common year: the share of
    those noticed is given for all that ever was, and to the working team alone, since a share of rounded counts would tell what they hide.
    """
    whole = exact and period == EVER
    return _steps(DOORS, values, exact, True), _steps(PEOPLE, values, exact, whole)


def _steps(codes: tuple[str, ...], values: dict[str, int], exact: bool, shares: bool) -> list[Step]:
    counts = {code: values.get(code, 0) for code in codes}
    drawn = {code: shown_value(code, value, exact) for code, value in counts.items()}
    # Where all that is known is "fewer than 8", a bar ends in the middle of what it may be: a full one would say that everybody was met.
    least = SMALL if not exact and CATALOGUE[codes[0]].protected else 1
    longest = max(*drawn.values(), least)
    first = counts[codes[0]]
    return [
        Step(CATALOGUE[code], counts[code], first if shares and first and code != codes[0] else None, round(100 * drawn[code] / longest))
        for code in codes
    ]
