"""Periods of figures: a month "2026-03", a year "2026", and "ever"."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

EVER = "ever"


def month_of(day: date) -> str:
    """The month of a local date, as "YYYY-MM"."""
    return f"{day:%Y-%m}"


def year_of(period: str) -> str:
    """The year of a month, as "YYYY"."""
    return period[:4]


def bounds(month: str) -> tuple[date, date]:
    """First day of the month, first day of the next."""
    start = date.fromisoformat(f"{month}-01")
    return start, date(start.year + start.month // 12, start.month % 12 + 1, 1)


def span(period: str) -> tuple[date, date]:
    """First day of a month, a year or all that ever was, and the first day after it."""
    if period == EVER:
        return date.min, date.max
    if len(period) == 4:
        return date(int(period), 1, 1), date(int(period) + 1, 1, 1)
    return bounds(period)


def months_before(month: str, count: int) -> list[str]:
    """`count` months ending with this one, the latest first."""
    year, number = int(month[:4]), int(month[5:])
    steps = [year * 12 + number - 1 - back for back in range(count)]
    return [f"{step // 12:04d}-{step % 12 + 1:02d}" for step in steps]


def today_in(time_zone: str) -> date:
    """The local date of a collective, which decides the month of what it does."""
    return datetime.now(ZoneInfo(time_zone)).date()
