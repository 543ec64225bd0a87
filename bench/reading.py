"""Pages beside the reference, and beside themselves when the network or a collective grows."""

import time
from collections.abc import Iterator, Mapping

from bench.browser import Browser
from bench.ground import Web
from bench.ratios import ROUNDS, ratio, take_turns
from bench.table import Line, bounded, known, lasting
from bench.town import LARGE_FIGURES, LIST, MONTH, MONTH_OF_MANY_STREETS, NETWORK, SMALL_FIGURES, Town, page, pages_anew
from bench.worlds import COORDINATOR, STAFF
from tenants.bootstrap import connect

SCANS = "select coalesce(seq_scan, 0) + coalesce(idx_scan, 0) from pg_stat_user_tables where relname = %s"


def lists(town: Town, reference: Web) -> Iterator[Line]:
    """Fifty rows of ten thousand, beside R."""
    stranger = Browser(reference.port)
    stranger.get("/enter")
    house = town.sign_in(COORDINATOR)
    medians = take_turns({"house": page(house, LIST), "squeezed": page(house, LIST, "br"), "R": page(stranger, "/visits")}, each=30)
    yield bounded("list page, 50 rows of 10,000 / R", ratio(medians["house"], medians["R"]), 1.8)
    # Apart: what somebody writes for this one would have the others made anew as well.
    with pages_anew(town) as anew:
        written = take_turns({"anew": anew(house, LIST), "R": page(stranger, "/visits")}, each=30)
    yield known("the same after somebody wrote / R", ratio(written["anew"], written["R"]))
    yield lasting("R itself, its list", medians["R"])
    yield known("the same page compressed / R, which is not", ratio(medians["squeezed"], medians["R"]))


def month(town: Town, reference: Web) -> Iterator[Line]:
    """The month of a collective with a hundred rounds in it, beside R; and of one whose ten thousand rounds were in as many streets."""
    stranger = Browser(reference.port)
    stranger.get("/enter")
    house = town.sign_in(COORDINATOR)
    pages = {"month": page(house, MONTH), "streets": page(house, MONTH_OF_MANY_STREETS), "R": page(stranger, "/visits")}
    medians = take_turns(pages, each=15)
    yield bounded("the month in one page, 100 rounds of 1,200 / R", ratio(medians["month"], medians["R"]), 1.8)
    with pages_anew(town) as anew:
        written = take_turns({"anew": anew(house, MONTH), "R": page(stranger, "/visits")}, each=15)
    yield known("the same after somebody wrote / R", ratio(written["anew"], written["R"]))
    yield known("the same after 10,000 rounds in as many streets / R", ratio(medians["streets"], medians["R"]))


def growth(towns: Mapping[int, Town]) -> Iterator[Line]:
    """The same list page while the network grows around its collective."""
    medians = take_turns({str(scale): page(town.sign_in(COORDINATOR), LIST) for scale, town in towns.items()}, each=30)
    for scale in list(towns)[1:]:
        yield bounded(f"list page, {scale:,} collectives / 10", ratio(medians[str(scale)], medians["10"]), 1.10)


def summary(town: Town) -> Iterator[Line]:
    """The figures of a collective with a thousand times as many encounters."""
    browser = town.sign_in(COORDINATOR)
    medians = take_turns({"small": page(browser, SMALL_FIGURES), "large": page(browser, LARGE_FIGURES)}, each=30)
    yield bounded("figures page, 100,000 encounters / 100", ratio(medians["large"], medians["small"]), 1.20)


def network(towns: Mapping[int, Town]) -> Iterator[Line]:
    """The network's page while the network grows; the database says that no encounter was looked at."""
    staff = {scale: town.sign_in(STAFF) for scale, town in towns.items()}
    before = {scale: {table: scans(town, table) for table in ("encounters", "figure_sums", "sign_ins")} for scale, town in towns.items()}
    each = 30
    medians = take_turns({str(scale): page(browser, NETWORK) for scale, browser in staff.items()}, each)
    for scale in list(towns)[1:]:
        yield bounded(f"/reseau/, {scale:,} collectives / 10", ratio(medians[str(scale)], medians["10"]), 1.25)
    yield known("the same, 10,000 collectives / 1,000: fifty rows each", ratio(medians["10000"], medians["1000"]))
    for scale, town in towns.items():
        # Backends report their scans with delay. What each request does read, by either role, has to have arrived first.
        for table in ("figure_sums", "sign_ins"):
            _await(town, table, before[scale][table] + each * (ROUNDS + 1))
        read = scans(town, "encounters") - before[scale]["encounters"]
        yield Line(f"/reseau/, {scale:,} collectives: scans of encounters", str(read), "", "= 0", read == 0)


def scans(town: Town, table: str) -> int:
    """How often a table of this world was looked into so far, in order or by an index."""
    with connect(town.superuser) as superuser:
        row = superuser.execute(SCANS, [table]).fetchone()
    return int(row[0]) if row else 0


def _await(town: Town, table: str, least: int) -> None:
    for _attempt in range(80):
        if scans(town, table) >= least:
            return
        time.sleep(0.25)
    raise RuntimeError(f"The scans of {table} never arrived in the statistics.")
