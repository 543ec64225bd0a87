"""Paired ratios: contenders asked in turn, a ratio for each round, an interval for their median."""

import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ROUNDS = 21
RESAMPLES = 5_000

# Does one request and returns how many seconds it took.
Request = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of per-round ratios, and the interval that holds it 95 times in 100."""

    median: float
    low: float
    high: float


def take_turns(contenders: Mapping[str, Request], each: int, rounds: int = ROUNDS) -> dict[str, list[float]]:
    """The median duration of every contender in every round, in seconds; a round is `each` requests of each of them.

    They are asked in turn, request by request, so that whatever else the machine does meets all of them; who begins
    changes every time.
    """
    names = list(contenders)
    medians: dict[str, list[float]] = {name: [] for name in names}
    for number in range(-1, rounds):
        durations: dict[str, list[float]] = {name: [] for name in names}
        for turn in range(each):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                durations[name].append(contenders[name]())
        # The first round warms caches, prepared statements and connections, and is not kept.
        if number >= 0:
            for name in names:
                medians[name].append(statistics.median(durations[name]))
    return medians


def ratio(of: Sequence[float], to: Sequence[float]) -> Ratio:
    """The ratio of two contenders' rounds, pair by pair; its interval is a bootstrap of the median."""
    paired = [one / other for one, other in zip(of, to, strict=True)]
    # Seeded: the same measurements give the same interval.
    chance = random.Random(95)
    resampled = sorted(statistics.median(chance.choices(paired, k=len(paired))) for _ in range(RESAMPLES))
    return Ratio(statistics.median(paired), resampled[int(RESAMPLES * 0.025)], resampled[int(RESAMPLES * 0.975)])
