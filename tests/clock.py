"""A run that begins in the last hour before midnight stays in its day: the house's clock is put back by that hour.

What the demonstration does « today » is done when a run begins, and ten minutes later a test looks for it.
"""

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import app.db
import tenants.months

BACK = timedelta(hours=1)


class PutBack(datetime):
    """The clock of the house, an hour late."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) - BACK


def stay_in_the_day() -> None:
    """To be called before a test module asks what day it is. Programs that a test starts, and PostgreSQL, keep their own clocks."""
    if datetime.now(ZoneInfo("Europe/Paris")).hour == 23:
        app.db.datetime = tenants.months.datetime = PutBack  # type: ignore[misc,attr-defined]
