"""What each kind of outreach shows on the page of its round.

A kind registers a function that gathers what its part of the page needs; the part itself is `templates/outreach/kinds/_<kind>.html`.
`summary` is one sentence on what was done, said before a round is closed.
"""

from collections.abc import Callable
from typing import Any

from app.outreach.models import OutreachKind, Round

Gather = Callable[[Round], dict[str, Any]]
gatherers: dict[OutreachKind, Gather] = {}


def shows(kind: OutreachKind) -> Callable[[Gather], Gather]:
    """Register what a kind's part of the round's page needs. It returns at least `summary`."""

    def register(gather: Gather) -> Gather:
        gatherers[kind] = gather
        return gather

    return register


def gather(round_: Round) -> dict[str, Any]:
    """What the part of this round's kind needs."""
    return gatherers[round_.kind](round_)


def offered() -> list[OutreachKind]:
    """The kinds that can be planned: those that have a part, in the order of the method."""
    return [kind for kind in OutreachKind if kind in gatherers]
