"""How long pages take beside the reference, and beside themselves when the network grows."""

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

from bench.browser import Browser
from bench.counters import counters, wait_for_scans
from bench.ground import THREADS, Web
from bench.ratios import ROUNDS, ratio, take_turns
from bench.table import Line, bounded, known
from bench.worlds import BUSY, COORDINATOR, DOORS_PER_FLOOR, FLOORS, LARGE, PASSWORD, SMALL, STAFF, VOLUNTEER, World
from tenants.bootstrap import connect

LIST = f"/c/{BUSY}/aller-vers/?liste=terminees"
FIGURES = "/c/{}/chiffres"
NETWORK = "/reseau/"
NOTES_EACH = 25


@dataclass(frozen=True, slots=True)
class Town:
    """A world with its web server."""

    world: World
    web: Web

    def sign_in(self, email: str) -> Browser:
        """A browser signed in as one of the world's people."""
        return Browser(self.web.port).sign_in(email, PASSWORD)


def page(browser: Browser, path: str, encodings: str = "identity") -> Callable[[], float]:
    """A request for a page, as something to be measured."""
    return lambda: browser.get(path, encodings).seconds


def entered(reference: Web) -> Browser:
    """A browser that R knows by its signed cookie."""
    browser = Browser(reference.port)
    browser.get("/enter")
    return browser


def lists(town: Town, reference: Web) -> Iterator[Line]:
    """Fifty rows of ten thousand, beside R."""
    browser = town.sign_in(COORDINATOR)
    medians = take_turns(
        {"house": page(browser, LIST), "br": page(browser, LIST, "br"), "R": page(entered(reference), "/visits")},
        each=40,
    )
    yield bounded("list page, 50 rows of 10,000 / R", ratio(medians["house"], medians["R"]), 1.8)
    yield known("the same, compressed / R uncompressed", ratio(medians["br"], medians["R"]))


def notes(town: Town, volunteer: Browser) -> Iterator[Callable[[], tuple[int, float]]]:
    """Taps on doors nobody has noted yet, each with a gesture of its own; each gives status and seconds."""
    building_path = f"/c/{BUSY}/aller-vers/tournees/{town.world.round_id}/immeubles/"
    token = volunteer.get(f"{building_path}{town.world.buildings[0]}").token
    for building, floor, door in itertools.product(town.world.buildings, range(1, FLOORS + 1), range(1, DOORS_PER_FLOOR + 1)):
        form = {"nobody": f"{floor}/{floor}{door}", "gesture": str(uuid4()), "floor_shown": str(floor), "csrf_token": token}

        def tap(form: dict[str, str] = form, path: str = f"{building_path}{building}/portes", by: Browser = volunteer) -> tuple[int, float]:
            answer = by.ask("POST", path, form)
            return answer.status, answer.seconds

        yield tap
