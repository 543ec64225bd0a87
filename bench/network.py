"""`make bench-network`: a network of 35,000 collectives with 20 million encounters, its pages, its recount and its yearly reports."""

import argparse
import contextlib
import logging
import signal
import sys
import time
from collections.abc import Iterator

from app.factory import create_app
from app.settings import from_environment
from bench import recounting, yearly
from bench.browser import Browser
from bench.ground import Web, ground, web
from bench.hive import CROWDED, Hive, build
from bench.ratios import ROUNDS, ratio, take_turns
from bench.reading import SCANS
from bench.table import Line, bounded, lasting, show
from bench.town import page
from bench.worlds import PASSWORD, STAFF
from tenants.bootstrap import connect

SMALL = 1_000
PAGES = {
    "/reseau/": "/reseau/",
    "a department": f"/reseau/?recherche={CROWDED}&periode=annee",
    "who needs a call, in a department": f"/reseau/veille?departement={CROWDED}",
    "a curve": "/reseau/courbes?chiffre=doors",
    "the report's figures": f"/reseau/rapports/{yearly.YEAR}",
}


def say(text: str) -> None:
    """Tell whoever watches what is being done."""
    print(f"· {text}", flush=True)


def pages(small: Hive, large: Hive, webs: dict[int, Web]) -> Iterator[Line]:
    """The same pages of two networks in turn; the database of the larger one says that no encounter was looked at."""
    staff = {collectives: Browser(running.port).sign_in(STAFF, PASSWORD) for collectives, running in webs.items()}
    before = scans(large, "encounters")
    for what, path in PAGES.items():
        say(f"  {what}")
        asked = {name: page(staff[hive.collectives], path) for name, hive in (("small", small), ("large", large))}
        medians = take_turns(asked, each=20)
        growth = ratio(medians["large"], medians["small"])
        yield bounded(f"{what}, {large.collectives:,} collectives / {small.collectives:,}", growth, 1.20)
        yield lasting("  that page", medians["large"])
    read_, told = scans(large, "sign_ins"), len(PAGES) * 20 * (ROUNDS + 1)
    # Backends report their scans with delay: what each request does read has to have arrived first.
    for _attempt in range(120):
        if read_ >= told:
            break
        time.sleep(0.25)
        read_ = scans(large, "sign_ins")
    else:
        raise RuntimeError("The scans of sign_ins never arrived in the statistics.")
    read = scans(large, "encounters") - before
    yield Line("scans of encounters by all of these pages", str(read), "", "= 0", read == 0)


def scans(hive: Hive, table: str) -> int:
    """How often a table was looked into so far, in order or by an index."""
    with connect(hive.superuser) as superuser:
        row = superuser.execute(SCANS, [table]).fetchone()
    return int(row[0]) if row else 0


def measure(collectives: int, encounters: int) -> Iterator[Line]:
    """All lines, in the order of the issue that set the bounds."""
    with contextlib.ExitStack() as stack:
        say("PostgreSQL and Redis")
        floor = stack.enter_context(ground())
        hives = []
        for number in (min(SMALL, collectives), collectives):
            # The same share for each, so that the network alone has grown.
            share = encounters * number // collectives
            say(f"a network of {number:,} collectives and {share:,} encounters")
            hives.append(build(floor.database(f"hive_{len(hives)}"), number, share, say))
        small, large = hives
        say("web servers")
        webs = {hive.collectives: stack.enter_context(web("app.factory:create_app()", hive.environment)) for hive in hives}
        house = create_app(from_environment(large.environment))
        say("the same pages as the network grows")
        yield from pages(small, large, webs)
        say("counting everything again")
        yield from recounting.recounts(large, house, webs[large.collectives], say)
        say("yearly reports")
        yield from yearly.yearly(large, house)


def main() -> int:
    """Print the table. Returns 1 when a bound does not hold."""
    parser = argparse.ArgumentParser(prog="bench.network", description=__doc__)
    parser.add_argument("--collectives", type=int, default=35_000, help=f"of the larger network; the smaller has {SMALL:,}")
    parser.add_argument("--encounters", type=int, default=20_000_000, help="of the larger network, in all")
    wanted = parser.parse_args()
    # Told to stop, it must pass through the servers' doors.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Recounts are stopped as an operator stops them. What is started in the background would have them deaf to it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("alembic", "essaimage"):
        logging.getLogger(name).setLevel(logging.ERROR)
    begun = time.monotonic()
    lines = list(measure(wanted.collectives, wanted.encounters))
    print()
    show(lines)
    print(f"\nMedians of {ROUNDS} paired rounds; intervals by bootstrap of the median; {time.monotonic() - begun:.0f} s in all.")
    return 0 if all(line.holds is not False for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
