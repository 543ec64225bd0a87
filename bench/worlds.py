"""What is in a database of the bench: three collectives that are visited, and as many others as its scale says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from flask import Flask
from flask_migrate import upgrade

from app.accounts.models import User
from app.db import db, new_id
from app.factory import create_app
from app.network.departments import NAMES
from app.outreach.buildings import Building
from app.outreach.models import OutreachKind, Round
from app.settings import from_environment
from app.transaction import transaction
from tenants import ledger
from tenants.bootstrap import connect
from tenants.founding import found_collective
from tenants.indicators import CATALOGUE, SHOWN
from tenants.models import Membership, Role
from tenants.months import today_in
from tenants.scope import inside
from workers.sums import fold_stale
from workers.watching import watch_over

PASSWORD = "quatre mots pour mesurer"
STAFF, COORDINATOR, VOLUNTEER = "reseau@mesure.essaimage.fr", "coordination@mesure.essaimage.fr", "benevole@mesure.essaimage.fr"
# Ten thousand rounds; a hundred encounters; a hundred thousand. The last two over the same twelve months.
BUSY, SMALL, LARGE = "dix-mille-tournees", "cent-rencontres", "cent-mille-rencontres"
VISITED = {BUSY: "44179", SMALL: "58145", LARGE: "54263"}
FLOORS, DOORS_PER_FLOOR = 10, 4
# They phone from one list at once.
CALLERS = [f"appels.{number}@mesure.essaimage.fr" for number in range(16)]

ROUNDS = """
insert into rounds (collective_id, id, kind, area, day, companions, state, planned_by, planned_at, started_at, closed_at, minutes)
select %(collective)s, uuidv7(), 'door_to_door', 'Rue des Lilas ' || n, day, 0, 'closed', %(user)s, now(), day, day, 90
from (select n, case when %(monthly)s then (date_trunc('month', now()) - interval '1 month' * (n %% 12))::date
                     else current_date - 1 - n / 3 end as day
      from generate_series(0, %(rounds)s - 1) n) days
"""
TEAMS = """
insert into round_members (collective_id, id, round_id, membership_id)
select r.collective_id, uuidv7(), r.id, m.id from rounds r join memberships m using (collective_id)
where r.collective_id = %s and r.state = 'closed'
"""
BUILDINGS = """
insert into buildings (collective_id, id, round_id, label, shape, floors, per_floor, ground, first, last, step, added_at)
select collective_id, uuidv7(), id, area, 'floors', 10, 10, 0, 0, 0, 1, now() from rounds where collective_id = %s
"""
ENCOUNTERS = """
insert into encounters (collective_id, id, round_id, building_id, floor, door, outcome, tally, gesture_id, by_user, at, counted)
select b.collective_id, uuidv7(), b.round_id, b.id, n / %(rounds)s %% 10 + 1, (n / %(rounds)s)::text, (%(outcomes)s::text[])[1 + n %% 5], 1,
       gen_random_uuid(), %(user)s, now(), true
from generate_series(0, %(encounters)s - 1) n
join (select *, row_number() over () - 1 as place from buildings where collective_id = %(collective)s) b on b.place = n %% %(rounds)s
"""
CROWD = """
with places as materialized (
    select n, uuidv7() as collective_id, uuidv7() as user_id, uuidv7() as membership_id from generate_series(1, %(count)s) n
), founded as (
    insert into collectives (id, slug, short_code, name, name_key, insee_code, commune_vintage, department, population, time_zone, created_at)
    select collective_id, 'commune-' || n, 'N' || n, 'Commune ' || n, 'commune ' || lpad(n::text, 6, '0'), '44179', 2026,
           (%(departments)s::text[])[1 + n %% %(many)s], 1000 + n, 'Europe/Paris', now() from places
), joined as (
    insert into users (id, email, name, password_hash, language, theme, is_network, created_at)
    select user_id, 'coordination.' || n || '@mesure.essaimage.fr', 'Personne ' || n, '!', 'fr', 'auto', false, now() from places
)
insert into memberships (collective_id, id, user_id, role, display_name, joined_at)
select collective_id, membership_id, user_id, 'coordinator', 'Personne ' || n, now() from places
"""
CROWD_ROUNDS = """
insert into rounds (collective_id, id, kind, area, day, companions, state, planned_at, started_at, closed_at, minutes)
select id, uuidv7(), 'door_to_door', 'Rue du Moulin ' || n, current_date - n * 20, 2, 'closed', now(), now(), now(), 90
from collectives, generate_series(1, 3) n where slug like 'commune-%'
"""
CROWD_FIGURES = """
insert into figures (collective_id, period, indicator, value, counted_at)
select c.id, p.period, i.indicator, (hashtext(c.slug || i.indicator) & 255) * p.factor, now() from collectives c
cross join (select to_char(now() - interval '1 month' * n, 'YYYY-MM') as period, 1 as factor from generate_series(0, 11) n
            union all select to_char(now(), 'YYYY'), 6 union all select 'ever', 12) p
cross join unnest(%(sums)s::text[]) i (indicator) where c.slug like 'commune-%%'
union all
select c.id, 'ever', i.indicator, case i.indicator when 'coordinators' then 1 else current_date - date '1970-01-01' end, now()
from collectives c cross join unnest(%(states)s::text[]) i (indicator) where c.slug like 'commune-%%'
"""


@dataclass(frozen=True, slots=True)
class World:
    """One database: the environment of a program that uses it, buildings whose doors can be noted, and a round that phones."""

    environment: dict[str, str]
    round_id: UUID
    buildings: tuple[UUID, ...]
    phoning_id: UUID


@contextmanager
def at_home(house: Flask) -> Iterator[None]:
    """A transaction in a fresh context."""
    with house.app_context(), transaction():
        yield


def build(environment: dict[str, str], scale: int) -> World:
    """Migrate an empty database and fill it with `scale` collectives, the three that are visited included."""
    house = create_app(from_environment(environment))
    with house.app_context():
        upgrade()
    with at_home(house):
        collectives, user_id = _settle()
    with at_home(house):
        round_id, buildings, phoning_id = _today(collectives[BUSY])
    with connect(environment["SUPERUSER_DATABASE_URL"]) as superuser:
        # What is made here points where it should: a million look-ups of keys would only take time.
        superuser.execute("set session_replication_role = replica")
        _past(superuser, collectives[BUSY], user_id, rounds=10_000)
        _past(superuser, collectives[SMALL], user_id, rounds=12, encounters=100)
        _past(superuser, collectives[LARGE], user_id, rounds=1_200, encounters=100_000)
        superuser.execute(CROWD, {"count": scale - len(VISITED), "departments": list(NAMES), "many": len(NAMES)})
        superuser.execute(CROWD_ROUNDS)
        states = [code for code in CATALOGUE if CATALOGUE[code].kept == "state"]
        superuser.execute(CROWD_FIGURES, {"sums": list(SHOWN), "states": states})
        # Now and not in the middle of a measurement.
        superuser.execute("vacuum (freeze, analyze)")
    _count(house, [collectives[SMALL], collectives[LARGE]])
    with house.app_context():
        fold_stale(everything=True)
    with at_home(house):
        watch_over()
    with house.app_context():
        for engine in db.engines.values():
            engine.dispose()
    with connect(environment["SUPERUSER_DATABASE_URL"]) as superuser:
        superuser.execute("vacuum (analyze) figures, figure_sums, watches, watch_sums, ledger_marks")
        superuser.execute("checkpoint")
    return World(environment, round_id, buildings, phoning_id)


def _settle() -> tuple[dict[str, UUID], UUID]:
    people = {
        email: User(id=new_id(), email=email, name=name, password=PASSWORD)
        for email, name in ((STAFF, "Hélène Aubrac"), (COORDINATOR, "Solène Abgrall"), (VOLUNTEER, "Maëlle Kerdoncuff"))
    }
    people[STAFF].is_network = True
    callers = [User(id=new_id(), email=email, name="Une voix", password_hash=people[VOLUNTEER].password_hash) for email in CALLERS]
    db.session.add_all([*people.values(), *callers])
    collectives = {slug: found_collective(insee_code, slug=slug).id for slug, insee_code in VISITED.items()}
    for collective_id in collectives.values():
        with inside(collective_id):
            for email, role in ((COORDINATOR, Role.coordinator), (VOLUNTEER, Role.volunteer)):
                db.session.add(Membership(user_id=people[email].id, role=role, display_name=people[email].name))
    with inside(collectives[BUSY]):
        db.session.add_all([Membership(user_id=each.id, role=Role.volunteer, display_name=each.name) for each in callers])
    return collectives, people[VOLUNTEER].id


def _today(collective_id: UUID) -> tuple[UUID, tuple[UUID, ...], UUID]:
    """Two rounds of today for all members: one with buildings enough to note every door once, one that phones."""
    with inside(collective_id):
        team = [each.id for each in db.session.query(Membership)]
        round_, phoning = Round(area="Les Tilleuls", day=today_in("Europe/Paris")), Round(area="Au téléphone", day=today_in("Europe/Paris"))
        phoning.kind = OutreachKind.phoning
        db.session.add_all([round_, phoning])
        db.session.flush()
        round_.compose(team)
        phoning.compose(team)
        places = [Building(round_id=round_.id, label=f"Entrée {n}", floors=FLOORS, per_floor=DOORS_PER_FLOOR) for n in range(40)]
        db.session.add_all(places)
    return round_.id, tuple(each.id for each in places), phoning.id


def _past(superuser: psycopg.Connection, collective_id: UUID, user_id: UUID, rounds: int, encounters: int = 0) -> None:
    """Closed rounds with their teams; where there are encounters, one round a month for twelve months, or as many more."""
    told = {"collective": collective_id, "user": user_id, "rounds": rounds, "encounters": encounters, "monthly": encounters > 0}
    superuser.execute(ROUNDS, told)
    superuser.execute(TEAMS, [collective_id])
    if encounters:
        superuser.execute(BUILDINGS, [collective_id])
        superuser.execute(ENCOUNTERS, told | {"outcomes": ["nobody", "refused", "talked", "again", "isolation"]})


def _count(house: Flask, collective_ids: list[UUID]) -> None:
    """Recount every month, as the ledger's job does."""
    for collective_id in collective_ids:
        with at_home(house), inside(collective_id):
            months = {f"{day:%Y-%m}" for day in db.session.scalars(db.select(Round.day).distinct())}
            for month in sorted(months):
                ledger.recount(month)
