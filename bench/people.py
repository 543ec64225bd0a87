"""The list of two thousand people, opened, sorted and searched, beside the same page over plain columns."""

from collections.abc import Iterator
from uuid import UUID

from app.db import db, new_id
from app.factory import create_app
from app.people.models import FoundBy, Person
from app.settings import from_environment
from bench import plain
from bench.ground import web
from bench.ratios import ratio, take_turns
from bench.table import Line, bounded, lasting
from bench.town import Town, page
from bench.worlds import COORDINATOR, LARGE, SMALL, World, at_home
from tenants.bootstrap import connect
from tenants.models import collective_by_slug
from tenants.months import today_in
from tenants.scope import inside

PEOPLE = 2_000
FIRST = ("Éloïse", "Amélie", "Noé", "Fatou", "Gaël", "Zoé", "Hélène", "Ousmane", "Inès", "Yvon")


def furnish(world: World) -> None:
    """Two thousand people in one collective, sealed; the same in another, in plain columns, with nothing in the sealed ones."""
    house = create_app(from_environment(world.environment))
    told = {new_id(): (f"{FIRST[n % 10]} {n * 7919 % PEOPLE}", f"{n % 90} rue des Lilas") for n in range(PEOPLE)}
    for slug in (SMALL, LARGE):
        with at_home(house):
            collective = collective_by_slug(slug)
            assert collective is not None
            with inside(collective.id):
                db.session.add_all(_person(person_id, *texts) for person_id, texts in told.items())
    with connect(world.environment["SUPERUSER_DATABASE_URL"]) as superuser:
        superuser.execute(plain.COLUMNS)
        with superuser.cursor() as cursor:
            cursor.executemany(
                "update persons set plain_name = %s, plain_street = %s, name_sealed = '', street_sealed = null "
                "where id = %s and collective_id = (select id from collectives where slug = %s)",
                [(*texts, person_id, LARGE) for person_id, texts in told.items()],
            )
        superuser.execute("vacuum (full, analyze) persons")
    with house.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _person(person_id: UUID, name: str, street: str) -> Person:
    today = today_in("Europe/Paris")
    person = Person(id=person_id, found_by=FoundBy.neighbour, found_on=today, stage_on=today, languages=["fr"])
    person.name, person.street = name, street
    return person


def people(town: Town) -> Iterator[Line]:
    """Both pages, searched for a name with an accent."""
    furnish(town.world)
    with web("bench.plain:create_app()", town.world.environment) as running:
        address = "/c/{}/personnes/?recherche=eloise"
        sealed, bare = town.sign_in(COORDINATOR), Town(town.world, running).sign_in(COORDINATOR)
        medians = take_turns({"sealed": page(sealed, address.format(SMALL)), "plain": page(bare, address.format(LARGE))}, each=10)
    yield bounded("2,000 people, searched and sorted / plain columns", ratio(medians["sealed"], medians["plain"]), 2.0)
    yield lasting("the same over plain columns", medians["plain"])
