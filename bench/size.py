"""What goes over the wire, and what stays in memory."""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from bench.browser import Browser
from bench.ground import web
from bench.table import Line, weighed
from bench.town import HOME, LARGE_FIGURES, LIST, NETWORK, SMALL_FIGURES, Town, grid
from bench.worlds import COORDINATOR, STAFF, VOLUNTEER, World

KILOBYTE, MEGABYTE = 1_000, 1_000_000
REQUESTS = 1_000
# Attributes by which a page asks for something at once; `use` takes its file from `href` too, as links do.
FETCHED = {"link": "href", "script": "src", "img": "src", "use": "href", "source": "srcset", "object": "data", "iframe": "src"}


class References(HTMLParser):
    """Collects the addresses of everything that a page needs in order to be shown."""

    def __init__(self, page: str, text: str) -> None:
        super().__init__()
        self.page, self.found = page, set[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what this element fetches."""
        address = dict(attrs).get(FETCHED.get(tag, "-"))
        if address and not address.startswith(("#", "data:")):
            self.found.add(urldefrag(urljoin(self.page, address)).url)


def wire_bytes(browser: Browser, path: str) -> int:
    """How many bytes answer a request of a browser that can read brotli and gzip, status line and headers included."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {browser.cookie()}\r\nAccept-Encoding: gzip, deflate, br\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", browser.port), timeout=30) as wire, wire.makefile("rb") as incoming:
        wire.sendall(head.encode())
        answer = incoming.read()
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"{path} answered {answer[:60]!r}")
    return len(answer)


def needed(browser: Browser, page: str) -> set[str]:
    """The addresses a page refers to, and those its style sheets and scripts refer to in turn."""
    wanted = References(page, browser.get(page).text).found
    known: set[str] = set()
    while wanted - known:
        address = (wanted - known).pop()
        known.add(address)
        text = browser.get(address).text
        within = re.findall(r"url\(\s*['\"]?([^'\")]+)", text) if ".css" in address else []
        within += re.findall(r"(?:from|import)\s*\(?['\"]([^'\"]+)", text) if ".js" in address else []
        wanted |= {urldefrag(urljoin(address, each)).url for each in within if not each.startswith(("data:", "#"))}
    return wanted


def wire(town: Town) -> Iterator[Line]:
    """The volunteer's page for a phone that has never been here, and for one that has."""
    volunteer = town.sign_in(VOLUNTEER)
    first = wire_bytes(volunteer, HOME) + sum(wire_bytes(volunteer, each) for each in needed(volunteer, HOME))
    yield weighed("first visit of the volunteer's page, over the wire", first, 80, KILOBYTE, "KB")
    later = max(wire_bytes(volunteer, each) for each in (HOME, grid(town.world), LIST))
    yield weighed("later pages of the volunteer, the heaviest of three", later, 15, KILOBYTE, "KB")


def memory(world: World) -> Iterator[Line]:
    """What a fresh web process keeps after a thousand requests of everyone's pages, eight people at a time."""
    with web("app.factory:create_app()", world.environment) as running:
        town = Town(world, running)
        coordinator, volunteer, staff = town.sign_in(COORDINATOR), town.sign_in(VOLUNTEER), town.sign_in(STAFF)
        visits = [(coordinator, HOME), (coordinator, LIST), (coordinator, SMALL_FIGURES), (coordinator, LARGE_FIGURES)]
        visits += [(volunteer, HOME), (volunteer, grid(world)), (staff, NETWORK), (staff, "/reseau/collectifs.csv")]
        with ThreadPoolExecutor(len(visits)) as people:
            list(people.map(lambda visit: _visit(visit[0].companion(), visit[1], REQUESTS // len(visits)), visits))
        yield weighed(f"web process resident after {REQUESTS:,} requests", running.resident(), 160, MEGABYTE, "MB")


def _visit(browser: Browser, path: str, times: int) -> None:
    for _time in range(times):
        browser.get(path, "br")
