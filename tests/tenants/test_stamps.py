"""Whoever writes to a stamped table draws its stamp, whichever way they write; whoever is next door does not."""

import contextlib
import gc
import re
import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from app.db import db
from app.outreach.models import Round, RoundMember
from app.people.tasks import Task
from app.settings import psycopg_url
from app.transaction import transaction
from tenants import bootstrap, driver, journal, stamps
from tenants.models import Membership
from tenants.questions import Question
from tenants.rows import InCollective, insert_once, replace_rows
from tenants.scope import inside
from tests.cast import Crew

ROOT = Path(__file__).parents[2]


def stamps_of(crew: Crew) -> dict[str, UUID]:
    with crew.at_home():
        return stamps.stamps()


def changed(crew: Crew, before: dict[str, UUID]) -> set[str]:
    now = stamps_of(crew)
    return {table for table in now if now[table] != before.get(table)}


@pytest.mark.parametrize(
    ("words", "tables"),
    [
        ("INSERT INTO rounds (id) VALUES (1)", {"rounds"}),
        ('update "tasks" set state = 1', {"tasks"}),
        ("WITH fresh AS \n(INSERT INTO rounds (id) VALUES (1)), line AS (insert into tasks (id) values (1)) SELECT 1", {"rounds", "tasks"}),
        ("INSERT INTO rounds (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET area = excluded.area", {"rounds"}),
        ("DELETE FROM rounds WHERE id = 1", {"rounds", "round_members"}),
        ("UPDATE public.tasks SET state = 1", {"tasks"}),
        ('delete from only "public" . "rounds"', {"rounds", "round_members"}),
        ("Insert Into Rounds (id) Values (1)", {"rounds"}),
        ("MERGE INTO rounds USING fresh ON true WHEN MATCHED THEN DELETE", {"rounds", "round_members"}),
        ("TRUNCATE TABLE journal, tasks", {"tasks"}),
        ("SELECT rounds.id FROM rounds FOR UPDATE SKIP LOCKED", set()),
        ("INSERT INTO encounters (id) VALUES (1)", set()),
        ("select area from rounds where area = 'update tasks'", {"tasks"}),
    ],
)
def test_what_a_statement_writes_to(words: str, tables: set[str]) -> None:
    assert stamps.written_by(words) == tables


def test_what_goes_with_a_person_is_written_to_with_them(house) -> None:
    gone = stamps.written_by("DELETE FROM persons WHERE persons.id = %(id)s")
    assert {"persons", "pairs", "home_meetings", "tasks"} <= gone
    assert "figures" not in gone


def test_what_a_statement_reads() -> None:
    words = "SELECT r.area FROM rounds AS r, (SELECT persons.id FROM persons) AS p JOIN tasks ON true WHERE exists (select 1 from journal)"
    assert stamps.read_by(words) == {"rounds", "persons", "tasks", "journal"}
    assert stamps.read_by('select area from public."rounds" join Tasks on true') == {"rounds", "tasks"}


def test_a_statement_of_a_thousand_rows_is_heard_and_not_kept() -> None:
    words = "INSERT INTO rounds (id) VALUES " + ", ".join(f"({number})" for number in range(2000))
    before = stamps._written_by.cache_info().currsize, stamps._read_by.cache_info().currsize
    assert stamps.written_by(words) == {"rounds"} == stamps.read_by(words)
    assert (stamps._written_by.cache_info().currsize, stamps._read_by.cache_info().currsize) == before


def by_the_session(crew: Crew, round_id: UUID) -> None:
    db.session.get(Round, (crew.id, round_id)).area = "Rue des Lilas"  # type: ignore[union-attr]


def by_a_statement(crew: Crew, round_id: UUID) -> None:
    db.session.execute(sa.update(Round).where(Round.id == round_id).values(area="Rue du Port"))


def by_its_table(crew: Crew, round_id: UUID) -> None:
    db.session.connection().execute(sa.update(Round.__table__).values(area="Rue du Bois"))


def by_words(crew: Crew, round_id: UUID) -> None:
    db.session.execute(sa.text("update rounds set area = 'Rue de la Gare' where id = :id"), {"id": round_id})


def by_rows(crew: Crew, round_id: UUID) -> None:
    columns = Round.__table__.c
    row = dict(db.session.execute(sa.select(columns).where(columns.id == round_id)).mappings().one())
    replace_rows(Round, [{name: row[name] for name in row if name != "collective_id"} | {"area": "Rue du Stade"}])


def by_removal(crew: Crew, round_id: UUID) -> None:
    db.session.execute(sa.delete(Round).where(Round.id == round_id))


@pytest.mark.parametrize("way", [by_the_session, by_a_statement, by_its_table, by_words, by_rows, by_removal])
def test_every_way_of_writing_draws_a_stamp(saint_mars: Crew, ranzay: Crew, way) -> None:
    round_id = saint_mars.plans("Rue des Roses")
    before, there = stamps_of(saint_mars), stamps_of(ranzay)
    with saint_mars.at_home():
        way(saint_mars, round_id)
    assert "rounds" in changed(saint_mars, before)
    assert stamps_of(ranzay) == there


def test_a_line_in_one_statement_draws_a_stamp(saint_mars: Crew) -> None:
    round_id, before = saint_mars.plans("Rue des Roses"), stamps_of(saint_mars)
    with saint_mars.at_home():
        member = db.session.scalars(sa.select(Membership.id).where(Membership.id.not_in(sa.select(RoundMember.membership_id)))).first()
        row = {"id": uuid4(), "round_id": round_id, "membership_id": member or db.session.scalars(sa.select(Membership.id)).first()}
        assert insert_once(RoundMember, [row], journal.line("noted", "round", round_id)) == 1
    # The journal is written to by everybody at once, and has none.
    assert changed(saint_mars, before) == {"round_members"}


def test_what_is_only_read_draws_none(saint_mars: Crew) -> None:
    before = stamps_of(saint_mars)
    for endpoint in ("desk.index", "outreach.index", "outreach.show_month", "tasks.index", "people.index"):
        assert saint_mars.coordinator.get(endpoint).status_code == 200
    assert stamps_of(saint_mars) == before


def test_a_stamp_is_drawn_where_the_writing_was(saint_mars: Crew, ranzay: Crew) -> None:
    """One transaction that goes through two collectives, as a command may."""
    here, there = stamps_of(saint_mars), stamps_of(ranzay)
    with saint_mars.house.app_context(), transaction():
        for crew in (saint_mars, ranzay):
            with inside(crew.id):
                db.session.execute(sa.update(Round).values(area=Round.area))
                db.session.expunge_all()
    assert changed(saint_mars, here) == {"rounds"} == changed(ranzay, there)


@pytest.mark.committed
def test_what_is_rolled_back_draws_none_and_the_next_is_another(house) -> None:
    crew, seen = Crew(house, "saint-mars-du-desert"), set()
    for fails in (False, True, False, True, True, False):
        before = stamps_of(crew)
        with pytest.raises(ZeroDivisionError) if fails else contextlib.nullcontext(), crew.at_home():
            db.session.execute(sa.update(Round).values(area=Round.area))
            _ = 1 // (not fails)
        assert changed(crew, before) == (set() if fails else {"rounds"})
        if not fails:
            assert stamps_of(crew)["rounds"] not in seen
            seen.add(stamps_of(crew)["rounds"])


@pytest.mark.committed
def test_two_who_write_the_same_tables_in_another_order_both_get_through(house) -> None:
    crew, together, failed = Crew(house, "saint-mars-du-desert"), threading.Barrier(2, timeout=20), []

    def write(*kinds) -> None:
        try:
            with crew.at_home():
                for kind in kinds:
                    # No row: what would be waited for is the stamp.
                    db.session.execute(sa.delete(kind).where(kind.id == uuid4()))
                    together.wait()
        except Exception as error:
            failed.append(error)

    before = stamps_of(crew)
    both = [threading.Thread(target=write, args=kinds) for kinds in ((Round, Task), (Task, Round))]
    for each in both:
        each.start()
    for each in both:
        each.join(timeout=30)
    assert not failed
    assert {"rounds", "tasks"} <= changed(crew, before)


@pytest.mark.committed
def test_nobody_waits_for_a_stamp_while_another_is_still_writing(house) -> None:
    """It is drawn in the commit: the second here is done while the first goes on."""
    crew = Crew(house, "saint-mars-du-desert")
    engine, before = db._app_engines[house][None], stamps_of(crew)
    with house.app_context(), inside(crew.id), Session(engine) as first:
        first.execute(sa.update(Round).where(Round.id == uuid4()).values(area="x"))
        # In a context of its own, as another request.
        with house.app_context(), inside(crew.id), Session(engine) as second:
            second.execute(sa.text("set local lock_timeout = '2s'"))
            second.execute(sa.update(Round).where(Round.id == uuid4()).values(area="x"))
            second.commit()
        between = stamps_of(crew)
        assert between["rounds"] != before.get("rounds")
        first.commit()
    # Whoever was slower drew one as well.
    assert stamps_of(crew)["rounds"] != between["rounds"]


def test_the_tables_of_a_stamp_are_there(house) -> None:
    assert stamps.stamped() <= stamps.tables()
    assert {"rounds", "round_members", "memberships", "tasks", "persons"} <= stamps.stamped()
    # What is written from outside of a collective draws no stamp.
    assert all(issubclass(kind, InCollective) for kind in stamps._kinds() if getattr(kind, "stamped", False))
    # Sixteen phones write to these at once.
    assert not {"encounters", "journal", "ledger_marks", "stamps"} & stamps.stamped()


def test_a_question_that_writes_is_heard_as_well(saint_mars: Crew) -> None:
    with saint_mars.at_home():
        Question(sa.select(Round.id)).ask()
        assert not stamps.has_written()
        db.session.execute(sa.update(Round).values(area=Round.area))
        assert stamps.has_written()


def test_nobody_writes_past_those_who_listen() -> None:
    """What goes to the driver itself is not heard: the place, what a question asks, the stamps; and servers that have no rows yet."""
    past = re.compile(
        r"driver_connection|raw_connection|psycopg\.connect|dbapi_connection|connection\.connection\b|\.cursor\(|pgconn|\bCOPY\b.*\bFROM\b"
    )
    known = {"tenants/scope.py", "tenants/driver.py", "tenants/stamps.py", "tenants/bootstrap.py", "app/demo/servers.py"}
    files = {file for folder in ("app", "tenants", "workers") for file in (ROOT / folder).rglob("*.py")}
    assert {str(file.relative_to(ROOT)) for file in files if past.search(file.read_text())} == known


@pytest.fixture
def one_line(house, addresses):
    """An engine with a single connection, that lets go of what was prepared as one outside of the tests does."""
    engine = sa.create_engine(psycopg_url(addresses.app), pool_size=1, max_overflow=0, connect_args={"prepare_threshold": 0})
    yield engine
    engine.dispose()


def writes(engine: sa.Engine, crew: Crew) -> None:
    """A transaction that asks a question and writes."""
    with crew.house.app_context(), inside(crew.id), engine.connect() as connection:
        assert driver.ask(connection, "SELECT rounds.id FROM rounds WHERE rounds.id = %(id)s", {"id": uuid4()}) == []
        connection.execute(sa.update(Round).where(Round.id == uuid4()).values(area="x"))
        connection.commit()


@pytest.mark.committed
def test_a_stamp_that_cannot_be_drawn_is_an_error_by_its_name_and_the_next_goes_on(house, one_line, monkeypatch) -> None:
    """What fails in a commit is rolled back without a word to whoever listens: what was prepared on the connection is gone all the same."""
    crew = Crew(house, "saint-mars-du-desert")
    writes(one_line, crew)
    before = stamps_of(crew)
    with monkeypatch.context() as patch:
        patch.setattr(stamps, "DRAW", "select subject from nowhere")
        with pytest.raises(ProgrammingError):
            writes(one_line, crew)
    assert changed(crew, before) == set()
    writes(one_line, crew)
    assert changed(crew, before) == {"rounds"}


@pytest.mark.committed
def test_a_line_that_breaks_while_a_stamp_is_drawn_is_said_by_its_name(house, one_line, addresses) -> None:
    crew = Crew(house, "saint-mars-du-desert")
    before = stamps_of(crew)

    with house.app_context(), inside(crew.id), one_line.connect() as connection:
        connection.execute(sa.update(Round).where(Round.id == uuid4()).values(area="x"))
        process = connection.connection.driver_connection.info.backend_pid
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute("select pg_terminate_backend(%s, 5000)", [process])
        with pytest.raises(OperationalError) as raised:
            connection.commit()
    assert raised.value.connection_invalidated
    assert changed(crew, before) == set()
    writes(one_line, crew)
    assert changed(crew, before) == {"rounds"}


@pytest.mark.committed
def test_after_a_stamp_that_could_not_be_drawn_the_house_goes_on(house, monkeypatch) -> None:
    """As a request that is stopped in the middle of its commit: nothing of it is kept, and nobody after it is given its line."""
    crew = Crew(house, "saint-mars-du-desert")
    with crew.at_home():
        areas = db.session.scalars(sa.select(Round.area).order_by(Round.id)).all()

    def stopped(*_: object) -> None:
        raise TimeoutError

    for draws in ({"DRAW": "select subject from nowhere"}, {"_draw": stopped}):
        with monkeypatch.context() as patch:
            for name, value in draws.items():
                patch.setattr(stamps, name, value)
            with pytest.raises((ProgrammingError, TimeoutError)), crew.at_home():
                db.session.execute(sa.update(Round).values(area="Rue de personne"))
        for _ in range(3):
            with crew.at_home():
                assert Question(sa.select(Round.area).order_by(Round.id)).ask() == areas
                assert not stamps.has_written()
    assert house.test_client().get("/connexion").status_code == 200


@pytest.mark.committed
def test_what_a_line_that_was_lost_had_written_is_not_the_next_ones(house, one_line) -> None:
    """A thread that ends with a transaction open: the pool rolls back, and tells nobody who listens."""
    crew = Crew(house, "saint-mars-du-desert")
    before = stamps_of(crew)
    with house.app_context():
        with inside(crew.id):
            lost = one_line.connect()
            assert driver.ask(lost, "SELECT rounds.id FROM rounds WHERE rounds.id = %(id)s", {"id": uuid4()}) == []
            lost.execute(sa.update(Round).where(Round.id == uuid4()).values(area="x"))
        del lost
        gc.collect()
        with one_line.begin() as connection:
            assert "written" not in connection.info
    assert changed(crew, before) == set()
    # Nor is what was prepared, of which nothing is left.
    writes(one_line, crew)
    assert changed(crew, before) == {"rounds"}
