"""The table that a bench prints: one line for each bound."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.ratios import Ratio

HEAD = ("what", "measured", "95 % interval", "bound", "holds")


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured, in words, and whether its bound holds; None where there is no bound, only something to know."""

    what: str
    measured: str
    interval: str = ""
    bound: str = ""
    holds: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The line as it is printed."""
        return (self.what, self.measured, self.interval, self.bound, {True: "yes", False: "NO", None: ""}[self.holds])


def bounded(what: str, ratio: Ratio, bound: float) -> Line:
    """A ratio whose whole interval has to lie under its bound."""
    return Line(what, f"{ratio.median:.2f}", f"{ratio.low:.2f} to {ratio.high:.2f}", f"≤ {bound:.2f}", ratio.high <= bound)


def known(what: str, ratio: Ratio) -> Line:
    """A ratio without bound."""
    return Line(what, f"{ratio.median:.2f}", f"{ratio.low:.2f} to {ratio.high:.2f}")


def lasting(what: str, seconds: Sequence[float]) -> Line:
    """How long something took on this machine, so that ratios can be pictured."""
    return Line(what, f"{statistics.median(seconds) * 1000:.1f} ms")


def within(what: str, seconds: Sequence[float], bound: float) -> Line:
    """The fastest of several times, and its limit in seconds: other work on the machine only ever adds. The interval is of all of them."""
    say = lambda value: f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"  # noqa: E731  # said four times below
    return Line(what, say(min(seconds)), f"{say(min(seconds))} to {say(max(seconds))}", f"≤ {say(bound)}", min(seconds) <= bound)


def weighed(what: str, size: int, bound: int, unit: int, name: str) -> Line:
    """A size and its limit, in `unit` bytes each."""
    return Line(what, f"{size / unit:.1f} {name}", "", f"≤ {bound} {name}", size <= bound * unit)


def show(lines: Iterable[Line]) -> None:
    """Print all lines under one head."""
    rows = [HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    for number, row in enumerate(rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))
