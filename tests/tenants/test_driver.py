"""A question is prepared once on each connection, and survives whatever becomes of that."""

import pytest
import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError

from app.db import db
from app.outreach.models import Round
from tenants import bootstrap
from tenants.driver import MOST, numbered
from tenants.questions import Question
from tenants.scope import inside

ROUNDS = Question(select(Round).order_by(Round.id))
PREPARED = sa.text("select count(*) from pg_prepared_statements where name like 'question%'")


def asked_first():
    # Something that psycopg prepares by itself: after a rollback it has PostgreSQL forget everything.
    return db.session.scalar(select(sa.func.count()).select_from(Round))


def test_a_value_that_stands_in_two_places_is_told_once():
    assert numbered("a = %(x)s and b = %(y)s and c = %(x)s and d like '%%'") == (
        b"a = $1 and b = $2 and c = $1 and d like '%'",
        ("x", "y"),
        numbered("%(x)s %(y)s").formats,
    )


def test_it_is_prepared_once(saint_mars):
    with saint_mars.at_home():
        ROUNDS.ask()
        before = db.session.scalar(PREPARED)
        assert before
        ROUNDS.ask()
        assert db.session.scalar(PREPARED) == before


def test_it_answers_after_a_rollback(saint_mars):
    for ask_psycopg_too in (True, False):
        with saint_mars.at_home():
            rounds = [each.id for each in ROUNDS.ask()]
            if ask_psycopg_too:
                asked_first()
            db.session.rollback()
            assert [each.id for each in ROUNDS.ask()] == rounds


def test_it_answers_after_a_rollback_to_a_savepoint(saint_mars):
    with saint_mars.at_home():
        rounds = [each.id for each in ROUNDS.ask()]
        asked_first()
        savepoint = db.session.begin_nested()
        ROUNDS.ask()
        savepoint.rollback()
        assert [each.id for each in ROUNDS.ask()] == rounds


def test_values_of_other_types_are_another_statement(saint_mars):
    same = Question(select(bindparam("value", type_=sa.String, required=True).is_(None)))
    with saint_mars.at_home():
        assert [same.one(value=value) for value in (None, "x", None, "y")] == [True, False, True, False]


def test_beyond_the_most_a_cursor_is_asked(saint_mars):
    with saint_mars.at_home():
        for number in range(MOST + 5):
            assert Question(select(sa.literal_column(str(number)))).one() == number
        assert db.session.scalar(PREPARED) <= MOST
        assert ROUNDS.ask()


@pytest.mark.committed
def test_a_line_that_breaks_is_said_by_its_name(saint_mars, house, addresses):
    with saint_mars.at_home():
        rounds = [each.id for each in ROUNDS.ask()]
    with house.app_context(), inside(saint_mars.id):
        ROUNDS.ask()
        process = db.session.connection().connection.driver_connection.info.backend_pid
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute("select pg_terminate_backend(%s, 5000)", [process])
        with pytest.raises(OperationalError):
            ROUNDS.ask()
        db.session.remove()
    with saint_mars.at_home():
        assert [each.id for each in ROUNDS.ask()] == rounds
