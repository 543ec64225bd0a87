"""A pasted list of phone numbers: the good ones, and each line that cannot be read."""

from dataclasses import dataclass

from app.phone_numbers import normalised

MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class Faulty:
    """A line that could not be read: its number in the list, what stood there, and why."""

    line: int
    text: str
    reason: str


def read_list(text: str) -> tuple[list[tuple[int, str]], list[Faulty]]:
    """The numbers of a pasted list with their line, and the lines that could not be read. Empty lines are skipped."""
    good: list[tuple[int, str]] = []
    faulty: list[Faulty] = []
    for line, raw in enumerate(text.splitlines(), 1):
        typed = raw.strip().strip(";,")
        if not typed:
            continue
        try:
            good.append((line, normalised(typed)))
        except ValueError as error:
            faulty.append(Faulty(line, typed[:40], str(error)))
    return good, faulty
