"""Inside one collective, every route: a volunteer against the people of other pairs, observer and trainer against those of anybody.

Not a word of such a person, 404 wherever an address names their file or something in it, and not a row about them changed by any form.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.db import db, new_id, now
from app.people.erasure import keys_to_people
from app.referral.resources import Resource, ResourceService
from app.transaction import transaction
from tenants.models import Collective, Membership, Role
from tenants.scope import inside, speak_as
from tests.tenants.crawl import address, fill, form
from tests.tenants.hives import HERE, settle
from tests.tenants.people_there import meet_someone
from tests.tenants.places_there import _ask
from tests.tenants.test_crawl import Replay, rules, unlimited  # noqa: F401  # a fixture

SECRET = "Hermine"
# Part of the word, so that a page that repeats the question does not tell it.
SOUGHT = "hermin"
# What names a file, or something in it.
OF_A_FILE = {"person_id", "path_step_id", "home_meeting_id", "referral_id", "bond_id"}


def someone_elses(house, hive):
    """A person of that collective, accompanied by two others of its team; returns what addresses and forms name of them."""
    with house.app_context(), transaction():
        user = User(id=new_id(), email=f"autre.{hive.slug}@crawl.example.org", name="Autre", password_hash="")
        db.session.add(user)
        # The membership points at the account.
        db.session.flush()
        speak_as(user.id)
        with inside(hive.id):
            other = Membership(user_id=user.id, role=Role.volunteer, display_name="Autre")
            db.session.add(other)
            # The file points at the companion.
            db.session.flush()
            coordinator = db.session.scalars(sa.select(Membership).where(Membership.role == Role.coordinator)).one()
            met = meet_someone(other, coordinator, SECRET)
            resource, service = (db.session.scalars(sa.select(kind)).first() for kind in (Resource, ResourceService))
            referral = _ask(met["person_id"], resource, service, other, SECRET, db.session.get_one(Collective, hive.id))
            met["referral_id"] = met["sent_referral_id"] = referral.id
        speak_as(None)
    return met


def about(person_ids):
    """SQL for a number per table that changes with any row about these people."""
    some = ", ".join(f"'{each}'" for each in person_ids)
    rows = [("persons", "id"), *((table.name, column) for table, column in keys_to_people())]
    return " union all ".join(
        f"select '{table}.{column}', count(*), md5(string_agg(t::text, '|' order by t::text)) from {table} t where {column} in ({some})"
        for table, column in rows
    )


class Watching(Replay):
    """Looks at the rows about some people, and at no others."""

    people = ()

    def look(self, hive):
        self.connection.exec_driver_sql(f"set local app.collective_id = '{hive.id}'")
        seen = self.connection.exec_driver_sql(about(self.people)).all()
        self.connection.exec_driver_sql("set local app.collective_id = ''")
        return seen


def ways(house, rule, hive, theirs):
    """Every way of asking a route for someone: in its path, in its query, in its form. (method, address, form, whether the path names a file)"""
    mixed = hive.ids | theirs
    own, named = fill(house, rule, hive.slug, hive.id, hive.ids), rule.arguments & OF_A_FILE
    path = fill(house, rule, hive.slug, hive.id, mixed)
    for method in ("GET", "POST"):
        if method not in rule.methods:
            continue
        query = {"person": str(theirs["person_id"]), "id": str(theirs["person_id"]), "recherche": SOUGHT} if method == "GET" else {}
        if named:
            yield method, address(house, rule, path, query), form(rule.endpoint, hive.ids) if method == "POST" else {}, True
            for name in named if len(named) > 1 else ():
                yield method, address(house, rule, {**own, name: theirs[name]}, query), form(rule.endpoint, hive.ids), True
        elif method == "GET":
            yield method, address(house, rule, own, query), {}, False
        if method == "POST":
            there = {"present": str(theirs["person_id"]), "was": "", "guest": str(theirs["person_id"]), "person": str(theirs["person_id"])}
            yield method, address(house, rule, own), form(rule.endpoint, mixed, **there), False


@pytest.mark.parametrize("role", [str(each) for each in Role if each != Role.coordinator])
def test_nobody_reads_or_changes_the_people_of_another_pair(house, unlimited, role):  # noqa: F811  # the fixture
    hive = settle(house, HERE, "Ici")
    theirs = someone_elses(house, hive)
    visit = Watching(house, hive, role)
    visit.people = (theirs["person_id"], theirs["other_person_id"])
    before = visit.look(hive)
    assert sum(count for _table, count, _number in before) > 10
    files = 0
    for rule in rules(house):
        if not rule.endpoint.startswith("workspace."):
            continue
        for method, path, fields, names_a_file in ways(house, rule, hive, theirs):
            answer, after = visit.ask(method, path, fields, watch=hive)
            said = f"{role}: {method} {path} {fields if not names_a_file else ''}"
            assert answer.status_code < 500, said
            assert SECRET not in answer.text, f"{said} tells of someone of another pair."
            assert after == before, f"{said} changed what is written of someone of another pair."
            if names_a_file:
                files += 1
                assert answer.status_code == 404, f"{said} answered {answer.status_code}."
    assert files > 50


def test_seven_days_without_a_second_step_and_no_route_tells_of_anybody(house, unlimited):  # noqa: F811  # the fixture
    hive = settle(house, HERE, "Ici")
    theirs = someone_elses(house, hive)
    visit = Watching(house, hive, str(Role.coordinator))
    visit.people = (theirs["person_id"], theirs["other_person_id"])
    before = visit.look(hive)
    with house.app_context(), transaction():
        db.session.execute(sa.update(User).values(created_at=now() - timedelta(days=8)))
    told, closed = set(), 0
    ours = form("workspace.people.create", hive.ids, id=str(new_id()), name=f"Ada {SECRET}", street=f"Rue {SECRET}", sure="")
    answer, _after = visit.ask("POST", f"/c/{hive.slug}/personnes/", ours)
    assert answer.status_code == 302, "A new file may be opened, and nobody is told who is known already."
    for rule in rules(house):
        if not rule.endpoint.startswith("workspace."):
            continue
        for method, path, fields, _names_a_file in ways(house, rule, hive, theirs):
            answer, after = visit.ask(method, path, fields, watch=hive)
            closed += "/compte/deuxieme-etape" in answer.headers.get("Location", "")
            if SECRET in answer.text:
                told.add(f"{method} {rule.endpoint} tells")
            if after != before:
                told.add(f"{method} {rule.endpoint} changes")
    assert not told, sorted(told)
    assert closed > 50
