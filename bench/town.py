"""A town is a world with its web server; who asks for what in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.browser import Browser
from bench.ground import Web
from bench.worlds import BUSY, LARGE, PASSWORD, SMALL, World
from tenants.bootstrap import connect

LIST = f"/c/{BUSY}/aller-vers/?liste=terminees"
HOME = f"/c/{BUSY}/"
SMALL_FIGURES, LARGE_FIGURES = f"/c/{SMALL}/chiffres", f"/c/{LARGE}/chiffres"
MONTH, MONTH_OF_MANY_STREETS = f"/c/{LARGE}/aller-vers/mois", f"/c/{BUSY}/aller-vers/mois"
NETWORK = "/reseau/"
# What a writer to rounds and tasks of a collective draws in its commit (tenants/stamps.py).
WRITTEN = """
insert into stamps (collective_id, subject, stamp) select id, subject, gen_random_uuid() from collectives, unnest(array['rounds', 'tasks']) subject
where slug = any(%s) on conflict (collective_id, subject) do update set stamp = excluded.stamp
"""


@dataclass(frozen=True, slots=True)
class Town:
    """A world and the web server that shows it."""

    world: World
    web: Web

    @property
    def superuser(self) -> str:
        """The superuser's address of its database."""
        return self.world.environment["SUPERUSER_DATABASE_URL"]

    def sign_in(self, email: str) -> Browser:
        """A browser signed in as one of the world's people."""
        return Browser(self.web.port).sign_in(email, PASSWORD)


def grid(world: World, building: int = 0) -> str:
    """The address of the doors of one of its buildings."""
    return f"/c/{BUSY}/aller-vers/tournees/{world.round_id}/immeubles/{world.buildings[building]}"


def phoning(world: World) -> str:
    """The address of its round that phones."""
    return f"/c/{BUSY}/aller-vers/tournees/{world.phoning_id}"


def page(browser: Browser, path: str, encodings: str = "identity") -> Callable[[], float]:
    """A request for a page, as something to be measured."""
    return lambda: browser.get(path, encodings).seconds


@contextmanager
def pages_anew(town: Town) -> Iterator[Callable[[Browser, str], Callable[[], float]]]:
    """As `page`, each time after somebody wrote: nothing that was kept of it is good any more. The writing is not measured."""
    with connect(town.superuser) as superuser:

        def anew(browser: Browser, path: str) -> Callable[[], float]:
            def ask() -> float:
                superuser.execute(WRITTEN, [[BUSY, LARGE]])
                return browser.get(path).seconds

            return ask

        yield anew
