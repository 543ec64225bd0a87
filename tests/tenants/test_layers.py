"""Each layer of the guard is taken away in turn: a check that holds with it fails without it, and the other layers still hold."""

import contextlib

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import db, new_id
from app.outreach.buildings import Building
from app.outreach.models import Round
from tenants import scope, workspace
from tenants.scope import inside
from tests.cast import Crew
from tests.house.tables import check_keys, check_policies
from tests.house.test_routes import check_behind_a_door, check_says_who_may

# A test that replaces the connection works on rows that are there already: those of the demonstration.
pytestmark = pytest.mark.committed


@pytest.fixture
def crews(house):
    return Crew(house, "saint-mars-du-desert"), Crew(house, "nantes-ranzay")


@contextlib.contextmanager
def without_filter():
    event.remove(Session, "do_orm_execute", scope.filter_by_place)
    try:
        yield
    finally:
        event.listen(Session, "do_orm_execute", scope.filter_by_place)


def check_orm_stays_home(house, here, there):
    """What the program reads from inside is its own, and it is not nothing."""
    with house.app_context(), inside(here.id):
        seen = set(db.session.scalars(sa.select(Round.collective_id)))
        assert seen == {here.id}
        db.session.rollback()


def check_core_stays_home(house, here, there):
    """The same by Core, which no filter reaches."""
    with house.app_context(), inside(here.id):
        seen = set(db.session.connection().execute(sa.select(Round.__table__.c.collective_id)).scalars())
        assert seen == {here.id}
        db.session.rollback()


def check_filter_is_said(house, here, there):
    """The statement that leaves for the database names the collective."""
    said = []
    with house.app_context(), inside(here.id):
        engine = db.session.connection().engine
        listen = lambda *args: said.append((args[2], args[3]))  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        try:
            db.session.scalars(sa.select(Round)).all()
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        assert any("rounds.collective_id =" in statement and str(here.id) in str(values) for statement, values in said)
        db.session.rollback()


def check_key_refuses(house, here, there):
    """A building cannot stand in a round of the next collective."""
    with house.app_context():
        with inside(there.id):
            theirs = db.session.scalars(sa.select(Round.id).where(Round.collective_id == there.id)).first()
        with inside(here.id):
            refused = False
            try:
                with db.session.begin_nested():
                    db.session.add(Building(id=new_id(), round_id=theirs, label="Chez les autres"))
                    db.session.flush()
            except IntegrityError:
                refused = True
            db.session.rollback()
        assert refused


def check_observer_plans_nothing(house, here, there):
    assert here.observer.get("outreach.new").status_code == 404
    assert here.coordinator.get("outreach.new").status_code == 200


def check_nobody_enters_from_next_door(house, here, there):
    assert there.coordinator.client.get(f"/c/{here.slug}/equipe/").status_code == 404
    assert here.coordinator.client.get(f"/c/{here.slug}/equipe/").status_code == 200


EVERYTHING = (
    check_orm_stays_home,
    check_core_stays_home,
    check_filter_is_said,
    check_key_refuses,
    check_observer_plans_nothing,
    check_nobody_enters_from_next_door,
)


def run(house, crews, failing=()):
    """All checks: those of `failing` must fail, the others must hold."""
    for check in EVERYTHING:
        if check in failing:
            with pytest.raises(AssertionError):
                check(house, *crews)
        else:
            check(house, *crews)


def test_with_every_layer_every_check_holds(house, crews, spoiled):
    run(house, crews)
    with spoiled() as connection:
        run(house, crews)
        check_policies(connection)
        check_keys(connection)


def test_without_the_filter_the_policy_holds(house, crews):
    with without_filter():
        run(house, crews, failing=[check_filter_is_said])
    run(house, crews)


@pytest.mark.parametrize(
    "words",
    ["alter table rounds disable row level security", "alter policy tenant on rounds using (true)", "create policy open on rounds using (true)"],
)
def test_without_the_policy_the_filter_holds_and_the_house_notices(house, crews, spoiled, words):
    with spoiled(words) as connection:
        run(house, crews, failing=[check_core_stays_home])
        with pytest.raises(AssertionError, match="rounds"):
            check_policies(connection)


def test_without_policy_and_filter_nothing_holds(house, crews, spoiled):
    with spoiled("alter table rounds disable row level security"), without_filter():
        run(house, crews, failing=[check_orm_stays_home, check_core_stays_home, check_filter_is_said])


@pytest.mark.parametrize("plain", [False, True], ids=["no key", "a plain key"])
def test_without_the_composite_key_a_row_points_next_door_and_the_house_notices(house, crews, spoiled, plain):
    words = ["alter table buildings drop constraint fk_buildings_collective_id_round_id"]
    if plain:
        words += [
            "create unique index spare on rounds (id)",
            "alter table buildings add constraint fk_plain foreign key (round_id) references rounds (id)",
        ]
    with spoiled(*words) as connection:
        run(house, crews, failing=[check_key_refuses])
        with pytest.raises(AssertionError, match="key"):
            check_keys(connection)


def test_without_may_a_role_does_what_it_may_not_and_the_house_notices(house, crews, monkeypatch):
    name = "workspace.outreach.new"
    monkeypatch.setitem(house.view_functions, name, house.view_functions[name].__wrapped__)
    run(house, crews, failing=[check_observer_plans_nothing])
    with pytest.raises(AssertionError, match=name):
        check_says_who_may(house)


def test_without_the_door_may_still_refuses_and_the_house_notices(house, crews, monkeypatch):
    left = [each for each in house.before_request_funcs["workspace"] if each is not workspace.open_door]
    monkeypatch.setitem(house.before_request_funcs, "workspace", left)
    # Nobody is a member of anything then: not even those who are at home.
    assert crews[1].coordinator.client.get(f"/c/{crews[0].slug}/equipe/").status_code == 404
    with pytest.raises(AssertionError, match="door"):
        check_behind_a_door(house)
