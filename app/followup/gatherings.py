"""What permanences and activities have in common: a day, hours, a place, and what became of it."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, now
from tenants import journal, ledger
from tenants.keys import Sealed


class GatheringState(StrEnum):
    """What became of it. An idea has no day yet; it is held from the moment somebody's presence is noted."""

    idea = "idea"
    planned = "planned"
    held = "held"
    not_held = "not_held"
    cancelled = "cancelled"


class Because(StrEnum):
    """Why something was cancelled or did not take place."""

    nobody_came = "nobody_came"
    no_host = "no_host"
    place_closed = "place_closed"
    holiday = "holiday"
    weather = "weather"
    other = "other"


class Gathering:
    """The columns that both have. Hours are local; `sequence` grows with each change, so that a calendar knows the later of two."""

    noun = ""

    # Empty as long as it is an idea.
    begins: Mapped[time | None] = mapped_column(sa.Time)
    ends: Mapped[time | None] = mapped_column(sa.Time)
    where: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[GatheringState] = mapped_column(ChoiceType(GatheringState, impl=sa.String(10)), default=GatheringState.planned)
    because: Mapped[Because | None] = mapped_column(ChoiceType(Because, impl=sa.String(14)))
    because_words_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    sequence: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    at: Mapped[Instant]
    because_words = Sealed()

    def span(self, day: date, time_zone: str) -> tuple[datetime, datetime]:
        """When it begins and ends on a day, as instants."""
        zone = ZoneInfo(time_zone)
        return datetime.combine(day, self.begins or time(), zone), datetime.combine(day, self.ends or time(23, 59), zone)

    @property
    def is_open(self) -> bool:
        """Whether it may still be moved, cancelled or told of."""
        return self.state in (GatheringState.idea, GatheringState.planned)


def mark(*days: date | None) -> None:
    """The months of these days are counted again. A day that has not come counts for nothing yet; the night after it marks it."""
    for day in days:
        if day is not None and day <= now().date() + timedelta(days=1):
            ledger.mark(day)


def become(gathering: "Gathering", state: GatheringState, because: Because | None = None, words: str | None = None) -> None:
    """Say what became of it; the same said twice changes nothing."""
    if (gathering.state, gathering.because, gathering.because_words) == (state, because, words):
        return
    gathering.state, gathering.because, gathering.because_words = state, because, words
    gathering.sequence += 1
    journal.note(state.value, gathering.noun, gathering.id)  # type: ignore[attr-defined]  # every gathering is a Tenanted row
    mark(gathering.day)  # type: ignore[attr-defined]
