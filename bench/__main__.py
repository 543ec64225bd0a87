"""`make bench`: makes its own servers and worlds, measures, prints one table, leaves nothing behind."""

import contextlib
import logging
import signal
import sys
import time
from collections.abc import Iterator

from bench import calling, care, desk, papers, people, reading, reference, size, writing
from bench.ground import Ground, Web, ground, web
from bench.ratios import ROUNDS
from bench.table import Line, show
from bench.town import Town
from bench.worlds import build
from tenants.bootstrap import connect

SCALES = (10, 1_000, 10_000)


def say(text: str) -> None:
    """Tell whoever watches what is being done."""
    print(f"· {text}", flush=True)


@contextlib.contextmanager
def bare(floor: Ground) -> Iterator[Web]:
    """R, in a database of its own."""
    environment = floor.database("reference")
    with connect(environment["SUPERUSER_DATABASE_URL"]) as superuser:
        superuser.execute(reference.TABLES)
        superuser.execute("vacuum (analyze)")
    with web("bench.reference:create_app()", environment) as running:
        yield running


def measure() -> Iterator[Line]:
    """All lines, in the order in which the bounds were set."""
    with contextlib.ExitStack() as stack:
        say("PostgreSQL and Redis")
        floor = stack.enter_context(ground())
        worlds = {}
        for scale in SCALES:
            say(f"a world of {scale:,} collectives")
            worlds[scale] = build(floor.database(f"scale_{scale}"), scale)
        say("web servers")
        bare_web = stack.enter_context(bare(floor))
        towns = {scale: Town(world, stack.enter_context(web("app.factory:create_app()", world.environment))) for scale, world in worlds.items()}
        say("a list page beside the reference")
        yield from reading.lists(towns[10], bare_web)
        say("what waits for people: the watch of a night, and a list of five hundred tasks")
        yield from care.care(towns[10], bare_web)
        yield from reading.month(towns[10], bare_web)
        say("noting doors beside a bare insert")
        yield from writing.writing(towns[10], bare_web)
        say("sixteen people on the telephone")
        yield from calling.calling(towns[10])
        say("the same pages as everything grows")
        yield from reading.growth(towns)
        yield from reading.summary(towns[10])
        yield from reading.network(towns)
        say("a trainer's desk, and the papers of a course")
        yield from desk.desks(towns[1_000])
        yield from papers.papers(worlds[10])
        say("people whose names are sealed")
        yield from people.people(towns[10])
        say("bytes over the wire and in memory")
        yield from size.wire(towns[10])
        yield from size.memory(worlds[10])


def main() -> int:
    """Print the table. Returns 1 when a bound does not hold."""
    # Told to stop, it must pass through the servers' doors.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for name in ("alembic", "essaimage"):
        logging.getLogger(name).setLevel(logging.ERROR)
    begun = time.monotonic()
    lines = list(measure())
    print()
    show(lines)
    print(f"\nMedians of {ROUNDS} paired rounds; intervals by bootstrap of the median; {time.monotonic() - begun:.0f} s in all.")
    return 0 if all(line.holds is not False for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
