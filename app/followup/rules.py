"""The rule of a permanence: which weekday of the month, from when to when, where; and the days on which it falls."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db
from app.training.dates import is_public_holiday
from tenants.keys import Sealed
from tenants.rows import Tenanted, key_to

# A rule that falls on no day within these years is refused.
LOOKED_AHEAD = timedelta(days=3 * 366)


class Nth(StrEnum):
    """Which of the weekdays of a month."""

    every = "every"
    first = "first"
    second = "second"
    third = "third"
    fourth = "fourth"
    fifth = "fifth"
    last = "last"
    first_and_third = "first_and_third"
    second_and_fourth = "second_and_fourth"


PLACES = {
    Nth.first: (1,),
    Nth.second: (2,),
    Nth.third: (3,),
    Nth.fourth: (4,),
    Nth.fifth: (5,),
    Nth.last: (-1,),
    Nth.first_and_third: (1, 3),
    Nth.second_and_fourth: (2, 4),
}


class OnHolidays(StrEnum):
    """What happens on a public holiday."""

    keep = "keep"
    skip = "skip"


def days_of(
    nth: Nth, day_of_week: int, months_off: list[str], since: date, until: date | None, on_holidays: OnHolidays | None, department: str
) -> Iterator[date]:
    """The days of a rule from `since` on, one after another; Monday is 0. Without an answer on holidays they are among them."""
    months = [month for month in range(1, 13) if str(month) not in months_off]
    if not months:
        return
    begin = datetime.combine(since, time())  # dateutil counts local days, not instants
    last = datetime.combine(until or since + 3 * LOOKED_AHEAD, time())
    if nth == Nth.every:
        found = rrule(WEEKLY, byweekday=day_of_week, bymonth=months, dtstart=begin, until=last)
    else:
        found = rrule(MONTHLY, byweekday=[weekday(day_of_week, each) for each in PLACES[nth]], bymonth=months, dtstart=begin, until=last)
    for moment in found:
        if on_holidays != OnHolidays.skip or not is_public_holiday(moment.date(), department):
            yield moment.date()


class DropInRule(Tenanted, Model):
    """A rule that one can read aloud. Ended, it lays out no more days; those that were stay."""

    __tablename__ = "drop_in_rules"
    __table_args__ = (
        key_to("memberships", "one_id"),
        key_to("memberships", "other_id"),
        sa.CheckConstraint("day_of_week between 0 and 6", name="day_of_week"),
    )

    nth: Mapped[Nth] = mapped_column(ChoiceType(Nth, impl=sa.String(18)))
    day_of_week: Mapped[int] = mapped_column(sa.SmallInteger)
    months_off: Mapped[list[str]] = mapped_column(default=list)
    begins: Mapped[time] = mapped_column(sa.Time)
    ends: Mapped[time] = mapped_column(sa.Time)
    where: Mapped[str] = mapped_column(sa.String(120))
    since: Mapped[date]
    until: Mapped[date | None]
    on_holidays: Mapped[OnHolidays] = mapped_column(ChoiceType(OnHolidays, impl=sa.String(4)), default=OnHolidays.keep)
    # The number that the poster gives in large type: one of the team's, hence sealed.
    phone_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    # Who hosts, unless a permanence says otherwise.
    one_id: Mapped[UUID | None]
    other_id: Mapped[UUID | None]
    at: Mapped[Instant]
    phone = Sealed()

    def days(self, start: date, end: date, department: str) -> list[date]:
        """The days of the rule between two days, both included."""
        answer: Any = OnHolidays(self.on_holidays)
        # From the later of both on: what has no end is laid out for some years only, and a rule may be older than that.
        every = days_of(Nth(self.nth), self.day_of_week, self.months_off, max(self.since, start), self.until, answer, department)
        return list(takewhile(lambda each: each <= end, every))


def rules(today: date) -> Select[DropInRule]:
    """The rules that still hold on a day, the oldest first."""
    return select(DropInRule).where(sa.or_(DropInRule.until.is_(None), DropInRule.until >= today)).order_by(DropInRule.at, DropInRule.id)


def rules_now(today: date) -> list[DropInRule]:
    """The same, read."""
    return list(db.session.scalars(rules(today)))
