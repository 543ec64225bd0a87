"""The test world. Most tests run in one outer transaction, rolled back; those marked `committed` write for real."""

import logging
import os
from collections.abc import Callable, Iterator

import pytest
import redis
from click.testing import Result
from flask import Flask

from app.demo.servers import Addresses
from tenants import bootstrap
from tests.cast import Crew, Someone
from tests.clock import stay_in_the_day
from tests.servers import running, taken_back

os.environ.setdefault("PYTHONWARNINGS", "ignore")
stay_in_the_day()


@pytest.fixture(scope="session")
def world() -> Iterator[tuple[Flask, Addresses, dict[str, str]]]:
    """Servers and the demonstration network, once for each worker."""
    with running() as everything:
        yield everything


@pytest.fixture(scope="session")
def addresses(world) -> Addresses:
    """Where the servers are, for each role."""
    return world[1]


@pytest.fixture
def house(request: pytest.FixtureRequest, world) -> Iterator[Flask]:
    """The application. Unless the test is marked `committed`, all it does is rolled back."""
    app: Flask = world[0]
    redis.Redis.from_url(app.config["REDIS_URL"]).flushall()
    if request.node.get_closest_marker("committed"):
        yield app
        # What it staged and did not work off would be worked off by another.
        with bootstrap.connect(world[1].superuser) as superuser:
            superuser.execute("delete from jobs")
        return
    with taken_back(app):
        yield app


@pytest.fixture
def saint_mars(house: Flask) -> Crew:
    """Saint-Mars-du-Désert, where we are at home."""
    return Crew(house, "saint-mars-du-desert")


@pytest.fixture
def ranzay(house: Flask) -> Crew:
    """Nantes Ranzay, next door."""
    return Crew(house, "nantes-ranzay")


@pytest.fixture
def helene(house: Flask) -> Someone:
    """Of the head of the network."""
    return Someone(house, "reseau@demo.essaimage.fr")


@pytest.fixture
def stranger(house: Flask) -> Someone:
    """Nobody we know."""
    return Someone(house)


@pytest.fixture
def run(house: Flask) -> Callable[..., Result]:
    """A command of an operator: `run("keys", "check")`."""
    return lambda *words, **more: house.test_cli_runner().invoke(args=words, **more)


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Refusals are expected in tests."""
    logging.getLogger("essaimage.refused").setLevel(logging.CRITICAL)
