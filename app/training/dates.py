"""Dates of a course: once a week, around public holidays and the school holidays of the department."""

from datetime import date, timedelta
from functools import cache
from typing import Any

WEEK = timedelta(days=7)
# Fixed by decree for mainland France (Code de l'éducation, article D521-1); Corsica and overseas decide for themselves.
ZONES = {
    "A": "01 03 07 15 16 17 19 21 23 24 25 26 33 38 39 40 42 43 47 58 63 64 69 70 71 73 74 79 86 87 89 90",
    "B": "02 04 05 06 08 10 13 14 18 22 27 28 29 35 36 37 41 44 45 49 50 51 52 53 54 55 56 57 59 60 61 62 67 68 72 76 80 83 84 85 88",
    "C": "09 11 12 30 31 32 34 46 48 65 66 75 77 78 81 82 91 92 93 94 95",
}
ZONE_OF = {department: zone for zone, departments in ZONES.items() for department in departments.split()}
SUBDIVISIONS = {"57": "57", "67": "6AE", "68": "6AE", "971": "GP", "972": "MQ", "973": "GF", "974": "RE", "976": "YT"}


@cache
def _school() -> Any:
    from vacances_scolaires_france import SchoolHolidayDates

    return SchoolHolidayDates()


@cache
def _public(year: int, department: str) -> frozenset[date]:
    from holidays import country_holidays

    known = country_holidays("FR", subdiv=SUBDIVISIONS.get(department), years=year)
    return frozenset(known)


def is_public_holiday(day: date, department: str) -> bool:
    """Whether shops and halls are closed that day."""
    return day in _public(day.year, department)


def knows_school(day: date, department: str) -> bool:
    """Whether the school holidays of that day are known to us."""
    return department in ZONE_OF and day <= date(_school().max_year, 8, 31)


def is_school_holiday(day: date, department: str) -> bool:
    """Whether schools are closed for holidays there that day; False where that is not known."""
    return knows_school(day, department) and bool(_school().is_holiday_for_zone(day, ZONE_OF[department]))


def propose(first: date, count: int, department: str) -> list[date]:
    """`count` days, one a week from the first on; weeks with a holiday on that day are left out. The first is taken as it is."""
    days, day = [first], first
    while len(days) < count:
        day += WEEK
        if not is_public_holiday(day, department) and not is_school_holiday(day, department):
            days.append(day)
    return days
