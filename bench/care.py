"""What waits for the people of a collective: the night's watch over two hundred of them, and a list of five hundred tasks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product

from flask import Flask

from app.db import db, new_id
from app.factory import create_app
from app.people.models import FoundBy, Person, Stage
from app.people.pairs import Pair
from app.people.tasks import Desk, Task, kinds, settle
from app.settings import from_environment
from app.transaction import transaction
from bench.browser import Browser
from bench.ground import Web
from bench.ratios import ROUNDS, ratio, take_turns
from bench.table import Line, bounded, known, lasting
from bench.town import HOME, Town, page, pages_anew
from bench.worlds import BUSY, COORDINATOR
from tenants.models import Membership, collective_by_slug
from tenants.months import today_in
from tenants.scope import inside

PEOPLE, SILENT, WAITING = 200, 12, 500
TASKS = f"/c/{BUSY}/a-faire/"
MOST_MS = 5.0


@contextmanager
def at_home(house: Flask) -> Iterator[None]:
    """Inside the busy collective, in a transaction of a fresh context."""
    with house.app_context():
        collective = collective_by_slug(BUSY)
        with transaction(), inside(collective.id):
            yield


def furnish(house: Flask) -> None:
    """Two hundred people with a pair each, twelve of them silent, and five hundred open tasks about them."""
    today = today_in("Europe/Paris")
    with at_home(house):
        one, other = db.session.query(Membership).order_by(Membership.id).limit(2)
        people = [Person(found_by=FoundBy.round, found_on=today - timedelta(days=90), stage_on=today, stage=Stage.accompanied) for _ in range(PEOPLE)]
        for number, person in enumerate(people):
            person.name, person.street = f"Prénom {number}", f"{number} rue des Lilas"
            person.last_seen_on = today - timedelta(days=40 if number < SILENT else number % 25)
        db.session.add_all(people)
        db.session.flush()
        db.session.add_all(Pair(person_id=each.id, one_id=one.id, other_id=other.id, since=today) for each in people)
        for kind, person_id in list(product(("pair", "first_meeting", "circles"), [each.id for each in people]))[:WAITING]:
            task = Task(id=new_id(), kind=kind, subject_id=person_id, person_id=person_id, desk=Desk.coordination)
            task.occasion_on = task.due_on = today
            db.session.add(task)
        db.session.flush()
        # Nobody asks again what waits: it would take away what no room asks for.
        db.session.info.pop("files written to", None)


def watch(house: Flask) -> Iterator[Line]:
    """How long the watch of one night takes in one collective."""
    took = []
    for number in range(ROUNDS + 1):
        with at_home(house):
            # The job before it has opened the connection and read the collective.
            settle(only=kinds["bond"])
            begun = time.perf_counter()
            settle(only=kinds["silence"])
            if number:
                took.append(time.perf_counter() - begun)
    slow = sorted(took)[len(took) // 2] * 1000
    yield Line(f"silence watch, {PEOPLE} people", f"{slow:.1f} ms", f"to {max(took) * 1000:.1f}", f"≤ {MOST_MS:.0f} ms", slow <= MOST_MS)


def tasks(town: Town, reference: Web) -> Iterator[Line]:
    """The coordination's page and its list with five hundred open tasks, beside R."""
    stranger = Browser(reference.port)
    stranger.get("/enter")
    coordinator = town.sign_in(COORDINATOR)
    medians = take_turns({"home": page(coordinator, HOME), "list": page(coordinator, TASKS), "R": page(stranger, "/visits")}, each=30)
    with pages_anew(town) as anew:
        written = take_turns({"home": anew(coordinator, HOME), "list": anew(coordinator, TASKS), "R": page(stranger, "/visits")}, each=15)
    yield bounded(f"the coordinator's page, {WAITING} tasks open / R", ratio(medians["home"], medians["R"]), 1.8)
    yield known("the same after somebody wrote / R", ratio(written["home"], written["R"]))
    yield bounded(f"the list of tasks, 20 of {WAITING} open / R", ratio(medians["list"], medians["R"]), 1.8)
    yield known("the same after somebody wrote / R", ratio(written["list"], written["R"]))
    yield lasting("R itself, beside the tasks", medians["R"])


def care(town: Town, reference: Web) -> Iterator[Line]:
    """Both lines, in the world of this town."""
    house = create_app(from_environment(town.world.environment))
    furnish(house)
    yield from watch(house)
    yield from tasks(town, reference)
    with house.app_context():
        for engine in db.engines.values():
            engine.dispose()
