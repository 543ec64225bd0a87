"""The fixed list of yearly tables, and the exact counts that go into them before protection.

The list changes with the code and with a new edition, never for one publisher: who may choose what is published could choose what reveals.
Left out on purpose: attestations and activities that inhabitants carry, acts that say how many people completed or carried; what is counted by
reason or by delay, too small to be told; the team's meetings with the network, which are between the two.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.network.departments import NAMES
from app.network.regions import SLUGS, region_of
from tenants.disclosure import BELOW, Count, Key, Shape, Table
from tenants.indicators import CATALOGUE

WHOLE = "FR"


class Section(NamedTuple):
    """One yearly table: its indicators in their order."""

    code: str
    title: LazyString
    codes: tuple[str, ...]


SECTIONS = (
    Section(
        "aller-vers",
        _l("Aller vers"),
        (
            *("doors", "doors_answered", "conversations", "situations", "phone_attempts", "phone_contacts"),
            *("street_met", "visits", "rides", "kilometres", "people_carried"),
        ),
    ),
    Section(
        "personnes",
        _l("Les personnes"),
        ("people_noticed", "people_met", "people_accompanied", "people_engaged", "people_autonomous", "home_meetings"),
    ),
    Section(
        "orientation",
        _l("Prescriptions et orientations"),
        ("prescriptions", "prescriptions_met", "referrals", "referrals_accepted", "referrals_accompanied"),
    ),
    Section("parcours", _l("Le parcours de transmission"), ("courses_started", "sessions_held", "participants", "completions")),
    Section(
        "se-retrouver",
        _l("Se retrouver"),
        (
            *("drop_ins_held", "drop_in_known", "drop_in_anonymous", "activities", "activity_known", "activity_others"),
            *("activity_carriers", "heart_bonds_begun"),
        ),
    ),
    Section("equipe", _l("L’équipe"), ("rounds", "volunteers_active", "volunteer_minutes")),
)
CODES = tuple(code for section in SECTIONS for code in section.codes)
PEOPLE = frozenset(code for code in CODES if CATALOGUE[code].protected)
# What a council reads first; two pages have room for as many.
KEY_FIGURES = (
    *("doors", "conversations", "situations", "people_met"),
    *("people_accompanied", "people_autonomous", "volunteers_active", "volunteer_minutes"),
)
NOTHING = Count(0, 0)
# Never more than: everybody is taken to know it.
CEILINGS = {
    "situations": "conversations",
    "conversations": "doors_answered",
    "doors_answered": "doors",
    "phone_contacts": "phone_attempts",
    "completions": "participants",
    "prescriptions_met": "people_met",
}


class Department(NamedTuple):
    """What is known of a department when a year is counted: its sums, and the figures of the collectives that publish the year themselves."""

    code: str
    sums: Mapping[str, Count]
    speaking: Mapping[str, Mapping[str, int]]


def area_of(short_code: str) -> str:
    """The area of a collective."""
    return f"C{short_code}"


# Begins the area of a region; what follows is its name as its address writes it.
REGION = "REG-"


def wider(department: str) -> str:
    """The area that a department is a part of: its region, or the network for a code that is in none."""
    region = region_of(department)
    return f"{REGION}{SLUGS[region]}" if region else WHOLE


def named(departments: Iterable[str]) -> dict[str, str]:
    """The areas of the network's tables with their names: the whole, the regions and the departments."""
    codes = list(departments)
    regions = {wider(code): region_of(code) for code in codes if wider(code) != WHOLE}
    return {WHOLE: "France"} | regions | {f"D{code}": NAMES.get(code, code) for code in codes}


def alone(year: int, area: str, figures: Mapping[str, int]) -> Table:
    """The counts of one collective, beside no others."""
    return _table({Key(area, code, year): Count(figures.get(code, 0), 1, publishes_itself=True) for code in CODES}, {})


def together(year: int, departments: Sequence[Department], whole: bool, every: bool = False) -> Table:
    """The counts of departments, with `whole` those of regions and of the network, and of the collectives that publish by themselves.

    Those of a department that do not are one area, the rest, of which nothing is ever said: a reader subtracts, and so must the attack. Where
    the rest is so large that subtracting tells nothing, its parts are left out, unless `every` asks for them: the attack stays short.
    """
    counts: dict[Key, Count] = {}
    areas: dict[str, str] = {}
    for each in departments:
        name, rest = f"D{each.code}", f"R{each.code}"
        areas |= {name: wider(each.code)} if whole else {}
        areas |= dict.fromkeys((*each.speaking, rest), name) if each.speaking else {}
        for code in CODES:
            total = counts[Key(name, code, year)] = each.sums.get(code, NOTHING)
            said = {area: figures.get(code, 0) for area, figures in each.speaking.items()}
            if said and (every or not _is_loose(each, code)):
                counts |= {Key(area, code, year): Count(value, 1, publishes_itself=True) for area, value in said.items()}
                counts[Key(rest, code, year)] = Count(total.value - sum(said.values()), 0)
    if whole:
        within = {area: [each for each in departments if wider(each.code) == area] for area in sorted({wider(each.code) for each in departments})}
        areas |= dict.fromkeys(within.keys() - {WHOLE}, WHOLE)
        for area, some in (within | {WHOLE: list(departments)}).items():
            for code in CODES:
                parts = [counts[Key(f"D{each.code}", code, year)] for each in some]
                counts[Key(area, code, year)] = Count(sum(each.value for each in parts), sum(each.collectives for each in parts))
    return _table(counts, areas)


def _is_loose(department: Department, code: str) -> bool:
    """Whether the rest of a department is so large that every combination of what may be said of its parts fits.

    A cell moves by 11 at most, from 1 to 12. While the rest can take up what all others may move, and stays as far from what it may never exceed,
    no sum and no ceiling tells a reader more than each cell says alone.
    """
    moves = (BELOW - 1) * (len(department.speaking) + 1)
    rest = {each: department.sums.get(each, NOTHING).value - sum(one.get(each, 0) for one in department.speaking.values()) for each in CODES}
    near = [(low, high) for low, high in CEILINGS.items() if code in (low, high)]
    return rest[code] >= moves and all(rest[high] - rest[low] >= 2 * moves for low, high in near)


def _table(counts: Mapping[Key, Count], areas: Mapping[str, str]) -> Table:
    # While a month is being counted again a part may exceed its whole for a moment; what is false nobody can know.
    known = {low: high for low, high in CEILINGS.items() if all(_below(counts, key, high) for key in counts if key.indicator == low)}
    return Table(counts, Shape(PEOPLE, areas, {}, known))


def _below(counts: Mapping[Key, Count], key: Key, high: str) -> bool:
    above = counts.get(key._replace(indicator=high))
    return above is None or counts[key].value <= above.value
