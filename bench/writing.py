"""Noting a door beside a bare insert, and sixteen people noting at once."""

import itertools
import threading
from collections.abc import Iterator
from uuid import uuid4

from bench.browser import Browser
from bench.ground import THREADS, Web
from bench.ratios import ratio, take_turns
from bench.table import Line, bounded, lasting
from bench.town import Town, grid
from bench.worlds import DOORS_PER_FLOOR, FLOORS, VOLUNTEER
from tenants.bootstrap import connect

Tap = tuple[str, dict[str, str]]
TAPS_EACH = 25


class Refused(RuntimeError):
    """Raised when a note was not taken."""


def taps(town: Town, token: str) -> Iterator[Tap]:
    """Address and form of one note at each door of the world's round, each a gesture of its own."""
    for building, floor, door in itertools.product(range(len(town.world.buildings)), range(1, FLOORS + 1), range(1, DOORS_PER_FLOOR + 1)):
        form = {"nobody": f"{floor}/{floor}{door}", "gesture": str(uuid4()), "floor_shown": str(floor), "csrf_token": token}
        yield f"{grid(town.world, building)}/portes", form


def note(browser: Browser, tap: Tap) -> float:
    """Send one note, without following the redirect. Returns its seconds; raises Refused."""
    answer = browser.ask("POST", *tap)
    if answer.status != 302:
        raise Refused(f"{tap[0]} answered {answer.status}")
    return answer.seconds


def bare(browser: Browser) -> float:
    """The bare insert of R."""
    return note(browser, ("/notes", {"id": str(uuid4()), "floor": "3", "door": "33"}))


def writing(town: Town, reference: Web) -> Iterator[Line]:
    """One note at a time, then sixteen people at once on what is left of the doors."""
    stranger = Browser(reference.port)
    stranger.get("/enter")
    volunteer = town.sign_in(VOLUNTEER)
    supply = taps(town, volunteer.get(grid(town.world)).token)
    medians = take_turns({"house": lambda: note(volunteer, next(supply)), "R": lambda: bare(stranger)}, each=25)
    yield bounded("noting a door, with mark and journal / R", ratio(medians["house"], medians["R"]), 1.6)
    yield lasting("R itself, its insert", medians["R"])
    yield from _at_once(town, volunteer, supply)


def _at_once(town: Town, volunteer: Browser, supply: Iterator[Tap]) -> Iterator[Line]:
    shares = [list(itertools.islice(supply, TAPS_EACH)) for _ in range(THREADS)]
    failed: list[str] = []
    together = threading.Barrier(THREADS)

    def write(share: list[Tap]) -> None:
        browser = volunteer.companion()
        together.wait()
        for tap in share:
            try:
                note(browser, tap)
            except (Refused, OSError) as error:
                failed.append(str(error))

    before = _rows(town)
    writers = [threading.Thread(target=write, args=[share]) for share in shares]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    sent = THREADS * TAPS_EACH
    lost = max(sent - (after - known) for after, known in zip(_rows(town), before, strict=True))
    yield Line(f"{THREADS} writers at once, {sent} notes: failed", str(len(failed)), "", "= 0", not failed)
    yield Line(f"{THREADS} writers at once, {sent} notes: lost", str(lost), "", "= 0", lost == 0)


def _rows(town: Town) -> tuple[int, ...]:
    """How many encounters, ledger marks and journal lines there are."""
    with connect(town.superuser) as superuser:
        row = superuser.execute(
            "select (select count(*) from encounters), (select count(*) from ledger_marks), (select count(*) from journal)"
        ).fetchone()
    return tuple(row or ())
