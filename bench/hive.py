"""A whole network in one database: collectives by the ten thousand, each with its rounds, its doors and its figures.

Everything is made by PostgreSQL itself, a statement for each kind of row. Each collective went on a round in each of the last
24 months, some with three times as many doors as others; its figures say what its rows say, so that a recount finds nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import psycopg
from flask_migrate import upgrade

from app.accounts.models import User
from app.accounts.passwords import hashed
from app.db import db, new_id
from app.factory import create_app
from app.network.departments import NAMES
from app.settings import from_environment
from bench.worlds import PASSWORD, STAFF, at_home
from tenants.bootstrap import connect
from workers.sums import fold_stale
from workers.watching import watch_over

MONTHS = 24
# Fifty collectives and more in every network, however small: a page of the same length is asked for in each.
CROWDED, AT_LEAST = "44", 60

# How much memory this connection may take to sort twenty million rows into their indexes.
ROOM = "set session_replication_role = replica; set maintenance_work_mem = '768MB'; set work_mem = '128MB'; set synchronous_commit = off"
BARE = """
alter table figures drop constraint pk_figures, drop constraint fk_figures_collective_id;
alter table encounters drop constraint pk_encounters;
drop index ix_encounters_collective_id_gesture_id, ix_encounters_collective_id_round_id, ix_figures_period_indicator_value, ix_figures_counted_at;
alter table encounters set unlogged;
alter table figures set unlogged
"""
DRESSED = """
alter table encounters add constraint pk_encounters primary key (collective_id, id);
create index ix_encounters_collective_id_round_id on encounters (collective_id, round_id);
create index ix_encounters_collective_id_gesture_id on encounters (collective_id, gesture_id)
"""
FIGURES_DRESSED = """
alter table figures add constraint pk_figures primary key (collective_id, period, indicator);
alter table figures add constraint fk_figures_collective_id foreign key (collective_id) references collectives on delete cascade not valid;
create index ix_figures_period_indicator_value on figures (period, indicator, value desc);
create index ix_figures_counted_at on figures (counted_at)
"""
COLLECTIVES = """
insert into collectives (id, slug, short_code, name, name_key, insee_code, commune_vintage, department, population, time_zone, created_at)
select uuidv7(), 'commune-' || n, 'N' || n, 'Commune ' || n, 'commune ' || lpad(n::text, 6, '0'), '44179', 2026,
       case when n <= %(crowd)s then %(crowded)s else (%(departments)s::text[])[1 + n %% %(many)s] end, 1000 + n, 'Europe/Paris',
       now() - interval '3 years'
from generate_series(1, %(count)s) n
"""
USERS = """
insert into users (id, email, name, password_hash, language, theme, is_network, created_at)
select uuidv7(), role || '.' || c.slug || '@mesure.essaimage.fr', role || ' de ' || c.name, %(password)s, 'fr', 'auto', false, now()
from collectives c, unnest(array['coordinator', 'volunteer', 'second']) role
"""
TEAMS = """
insert into memberships (collective_id, id, user_id, role, display_name, joined_at)
select c.id, uuidv7(), u.id, case role when 'coordinator' then role else 'volunteer' end, u.name, now()
from collectives c, unnest(array['coordinator', 'volunteer', 'second']) role join users u on true
where u.email = role || '.' || c.slug || '@mesure.essaimage.fr'
"""
ROUNDS = """
insert into rounds (collective_id, id, kind, area, day, companions, state, planned_at, started_at, closed_at, minutes)
select c.id, uuidv7(), 'door_to_door', 'Rue du Moulin ' || n, (date_trunc('month', now()) - interval '1 month' * n)::date, 0, 'closed',
       now(), now(), now(), 90
from collectives c, generate_series(0, %(months)s - 1) n
"""
MEMBERS = """
insert into round_members (collective_id, id, round_id, membership_id)
select r.collective_id, uuidv7(), r.id, m.id from rounds r join memberships m on m.collective_id = r.collective_id and m.role = 'volunteer'
"""
BUILDINGS = """
insert into buildings (collective_id, id, round_id, label, shape, floors, per_floor, ground, first, last, step, added_at)
select collective_id, uuidv7(), id, area, 'floors', 10, 10, 0, 0, 0, 1, now() from rounds
"""
# Between a half and one and a half times the mean, and by the collective: each has a size of its own.
ENCOUNTERS = """
insert into encounters (collective_id, id, round_id, building_id, floor, door, outcome, tally, gesture_id, at, counted)
select b.collective_id, uuidv7(), b.round_id, b.id, n / 20, n::text, (%(outcomes)s::text[])[1 + (n * 7 + hashtext(b.label) & 127) %% 9], 1,
       uuidv7(), now(), true
from buildings b, generate_series(1, (%(mean)s * (50 + abs(hashtext(b.collective_id::text)) %% 101) / 100.0)::int) n
"""
MONTHLY = """
create unlogged table counted as
select e.collective_id, to_char(r.day, 'YYYY-MM') as month, e.outcome, count(*) as number
from encounters e join rounds r on r.collective_id = e.collective_id and r.id = e.round_id group by 1, 2, 3
"""
MONTH_FIGURES = """
insert into figures (collective_id, period, indicator, value, counted_at)
select m.collective_id, m.month, i.indicator, i.value, now() from (
    select collective_id, month, sum(number) as doors, sum(number) filter (where outcome <> 'nobody') as answered,
           sum(number) filter (where outcome in ('talked', 'again', 'isolation')) as talked,
           sum(number) filter (where outcome = 'refused') as refused, sum(number) filter (where outcome = 'isolation') as alone
    from counted group by 1, 2) m
cross join lateral (values ('doors', m.doors), ('doors_answered', m.answered), ('conversations', m.talked), ('refusals', m.refused),
    ('situations', m.alone), ('rounds', 1), ('volunteer_minutes', 180), ('volunteers_active', 2), ('support_due', 1)) i (indicator, value)
where i.value > 0
"""
LONGER_FIGURES = """
insert into figures (collective_id, period, indicator, value, counted_at)
select collective_id, coalesce(left(period, 4), 'ever'), indicator, case indicator when 'volunteers_active' then 2 else sum(value) end, now()
from figures group by grouping sets ((collective_id, left(period, 4), indicator), (collective_id, indicator))
union all
select id, 'ever', 'coordinators', 1, now() from collectives
union all
select collective_id, 'ever', 'last_activity', max(day) - date '1970-01-01', now() from rounds group by 1
"""


@dataclass(frozen=True, slots=True)
class Hive:
    """One database: how a program reaches it, and how many collectives and encounters are in it."""

    environment: dict[str, str]
    collectives: int
    encounters: int

    @property
    def superuser(self) -> str:
        """The superuser's address."""
        return self.environment["SUPERUSER_DATABASE_URL"]


def build(environment: dict[str, str], collectives: int, encounters: int, say: Callable[[str], None]) -> Hive:
    """Migrate an empty database and fill it; `encounters` is how many there are to be in all, near enough."""
    house = create_app(from_environment(environment))
    with house.app_context():
        upgrade()
    with at_home(house):
        db.session.add(User(id=new_id(), email=STAFF, name="Hélène Aubrac", password=PASSWORD, is_network=True))
    with connect(environment["SUPERUSER_DATABASE_URL"]) as superuser:
        superuser.execute(ROOM)
        superuser.execute(BARE)
        _fill(superuser, collectives, encounters / collectives / MONTHS, say)
        superuser.execute("drop table counted")
        say("  statistics")
        superuser.execute("vacuum (freeze, analyze)")
        superuser.execute("checkpoint")
        made = superuser.execute("select count(*) from encounters").fetchone()
    say("  sums, and the watch of an hour")
    with house.app_context():
        fold_stale(everything=True)
    with at_home(house):
        watch_over()
    with house.app_context():
        for engine in db.engines.values():
            engine.dispose()
    with connect(environment["SUPERUSER_DATABASE_URL"]) as superuser:
        superuser.execute("vacuum (analyze) figure_sums, watches, watch_sums")
    return Hive(environment, collectives, int(made[0]) if made else 0)


def _fill(superuser: psycopg.Connection, collectives: int, mean: float, say: Callable[[str], None]) -> None:
    known = {
        "count": collectives,
        "crowd": AT_LEAST,
        "crowded": CROWDED,
        "departments": list(NAMES),
        "many": len(NAMES),
        "months": MONTHS,
        "mean": mean,
        "outcomes": ["nobody", "talked", "nobody", "refused", "nobody", "again", "nobody", "talked", "isolation"],
        "password": hashed(PASSWORD),
    }
    for what, statements in (
        ("collectives and their teams", (COLLECTIVES, USERS, "analyze collectives, users", TEAMS)),
        ("rounds", (ROUNDS, "analyze rounds, memberships", MEMBERS, BUILDINGS)),
        ("encounters", (ENCOUNTERS,)),
        ("their indexes", (DRESSED,)),
        ("figures", ("analyze encounters, rounds", MONTHLY, MONTH_FIGURES, LONGER_FIGURES)),
        ("their indexes", (FIGURES_DRESSED,)),
    ):
        begun = time.monotonic()
        for statement in statements:
            for one in statement.split(";"):
                superuser.execute(one, {key: value for key, value in known.items() if f"%({key})s" in one} or None)
        say(f"  {what}: {time.monotonic() - begun:.0f} s")


def sample(superuser: psycopg.Connection, number: int) -> list[UUID]:
    """So many collectives, spread evenly over the network."""
    rows = superuser.execute(
        "select id from (select id, row_number() over (order by id) as place, count(*) over () as many from collectives) c "
        "where place %% greatest(1, many / %s) = 0 limit %s",
        [number, number],
    ).fetchall()
    return [row[0] for row in rows]
