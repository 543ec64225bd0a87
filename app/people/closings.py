"""What other rooms stop when the path of a person ends. They register it; `people` need not know them."""

from collections.abc import Callable
from datetime import date

from app.people.models import Person

Stop = Callable[[Person, date], None]
stops: list[Stop] = []


def ends(stop: Stop) -> Stop:
    """Register what stops in a room once a path is closed, on a local date. After a death (`person.has_died`) nothing is mailed."""
    stops.append(stop)
    return stop


def end_everywhere(person: Person, on: date) -> None:
    """Stop everything."""
    for stop in stops:
        stop(person, on)
