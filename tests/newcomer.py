"""A collective of its own for tests that write for real: founded before, gone without a trace after."""

import contextlib
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from uuid import UUID

import psycopg
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.passwords import hashed
from app.db import db, new_id
from app.demo.servers import Addresses
from app.demo.world import DOMAIN, PASSWORD
from app.transaction import transaction
from tenants import bootstrap, ledger
from tenants.founding import found_collective
from tenants.models import Membership, Role
from tenants.months import month_of, today_in
from tenants.scope import inside
from tests.cast import Crew
from workers import perform

TEAM = {
    "coordinator": ("coordination", "Odile Brévin", Role.coordinator),
    "volunteer": ("benevole", "Marius Talec", Role.volunteer),
    "second": ("benevole2", "Jeannine Lopez", Role.volunteer),
    "third": ("benevole3", "Amir Cherif", Role.volunteer),
    "observer": ("elu", "Luce Pasquier", Role.observer),
}


class Newcomer(Crew):
    """A collective that has just been founded, with its team."""

    superuser: str

    def names(self, *roles: str) -> list[str]:
        return [TEAM[role][1] for role in roles]

    def recounts(self) -> dict[str, dict[str, int]]:
        """This month counted again; returns its figures by period."""
        perform.serve(lambda: self.house)
        perform.recount(str(self.id), month_of(today_in("Europe/Paris")))
        return self.figures()

    def figures(self) -> dict[str, dict[str, int]]:
        """Its figures by period, as they stand; one that is not there is zero."""
        with self.at_home():
            periods = db.session.scalars(select(ledger.Figure.period).distinct()).all()
            table = ledger.by_period(db.session.execute(ledger.figures_for(list(periods))))
            return defaultdict(Counter, {period: Counter(values) for period, values in table.items()})


@contextlib.contextmanager
def newcomer(house: Flask, addresses: Addresses, insee_code: str = "23096", slug: str = "gueret") -> Iterator[Newcomer]:
    """Found a collective in the Creuse, where the demonstration has none."""
    emails = [f"{where}.{slug}@{DOMAIN}" for where, _name, _role in TEAM.values()]
    with house.app_context(), transaction():
        collective = found_collective(insee_code, slug=slug)
        password_hash = hashed(PASSWORD)
        people = [User(id=new_id(), email=email, name=TEAM[role][1], password_hash=password_hash) for role, email in zip(TEAM, emails, strict=True)]
        db.session.add_all(people)
        db.session.flush()
        with inside(collective.id):
            db.session.add_all(
                Membership(user_id=user.id, role=role, display_name=name) for user, (_w, name, role) in zip(people, TEAM.values(), strict=True)
            )
        collective_id = collective.id
    try:
        crew = Newcomer(house, slug)
        crew.superuser = addresses.superuser
        yield crew
    finally:
        forget(addresses, collective_id)
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute("delete from users where email like %s", [f"%.{slug}@{DOMAIN}"])
        with house.app_context():
            perform.fold_stale(everything=True)


def forget(addresses: Addresses, *collective_ids: UUID) -> None:
    """Take collectives out, with all they wrote and every sum they were part of."""
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("delete from collectives where id = any(%s)", [list(collective_ids)])
        superuser.execute("delete from figure_sums")


def until(condition: Callable[[], object], seconds: int = 60) -> None:
    """Wait for another process or thread; a condition that does not come true in time fails the test."""
    tick = threading.Event()
    for _ in range(seconds * 20):
        if condition():
            return
        tick.wait(0.05)
    raise AssertionError(f"Not within {seconds} s: {condition}")


def waits_for_a_lock(superuser: psycopg.Connection) -> bool:
    """Whether a connection of the application waits for someone else's lock."""
    query = "select 1 from pg_stat_activity where usename = 'essaimage_app' and wait_event_type = 'Lock' and datname = current_database()"
    return superuser.execute(query).fetchone() is not None
