"""The master key, and beside it the former one for as long as it is being changed.

MASTER_KEY wraps and seals; FORMER_MASTER_KEY only opens what was wrapped or sealed before (`flask keys rewrap` does that anew). Nothing
else in the house reads the two.
"""

from collections.abc import Callable
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from flask import current_app


def master() -> bytes:
    """The key that wraps and seals, 32 bytes."""
    key: bytes = current_app.config["MASTER_KEY"]
    return key


def former_master() -> bytes | None:
    """The key that was replaced, while it is set."""
    return current_app.config.get("FORMER_MASTER_KEY")


def masters() -> list[bytes]:
    """All that may open something, the present one first."""
    former = former_master()
    return [master()] if former is None else [master(), former]


class Opened(NamedTuple):
    """What was closed, and whether the former key was needed for it."""

    content: bytes
    by_former: bool


def opened(attempt: Callable[[bytes], bytes]) -> Opened:
    """What `attempt` gives with the first master key that fits; raises InvalidTag when none does."""
    for number, each in enumerate(masters()):
        try:
            return Opened(attempt(each), by_former=number > 0)
        except InvalidTag:
            continue
    raise InvalidTag


class Tally(NamedTuple):
    """How many of something open with the former key alone, how many with the present one, how many with neither."""

    former: int = 0
    present: int = 0
    closed: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(*[mine + theirs for mine, theirs in zip(self, other, strict=True)])


FORMER, PRESENT, CLOSED = Tally(former=1), Tally(present=1), Tally(closed=1)


def told_apart(attempt: Callable[[], Opened]) -> tuple[Tally, bytes]:
    """Which key opens something, counted as one, and its content if it was the former: that is what has to be closed anew."""
    try:
        content, by_former = attempt()
    # A broken seal is a ValueError, whatever broke it.
    except (InvalidTag, ValueError):
        return CLOSED, b""
    return (FORMER, content) if by_former else (PRESENT, b"")
