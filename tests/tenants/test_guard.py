"""The guard: PostgreSQL shows and takes the present collective's rows and no others, whatever the program forgets."""

from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa
from psycopg import errors
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from app.accounts.models import User
from app.db import db, new_id
from app.transaction import transaction
from tenants.scope import inside
from tests.cast import Crew
from tests.servers import taken_back
from tests.tenants.samples import CLASSES, IN_ORDER, Made, core, furnish, key_of, own_keys, pair, row_of
from workers.models import Job

TABLES = [each.__table__ for each in CLASSES]
KEYS = sorted((key for table in TABLES for key in own_keys(table)), key=lambda key: key.name)


@dataclass(frozen=True)
class Ground:
    """Two collectives with a row of each in every tenant table, and someone who belongs to neither and whom those rows name."""

    connection: sa.Connection
    ours: Crew
    theirs: Crew
    user_id: UUID
    rows: tuple[Made, Made]


@pytest.fixture(scope="module")
def ground(world):
    """Laid once for this file: a hundred and sixty rows, of which each test takes back what it changed."""
    app = world[0]
    with taken_back(app) as connection:
        ours, theirs = Crew(app, "saint-mars-du-desert"), Crew(app, "nantes-ranzay")
        with app.app_context(), transaction():
            someone = User(id=new_id(), email="partout@example.org", name="Partout", password_hash="none")
            db.session.add(someone)
        with app.app_context(), transaction():
            made = furnish(ours.id, someone.id), furnish(theirs.id, someone.id)
        yield Ground(connection, ours, theirs, someone.id, made)


@pytest.fixture
def house(world, ground):
    savepoint = ground.connection.begin_nested()
    yield world[0]
    savepoint.rollback()


@pytest.fixture
def saint_mars(house, ground):
    return ground.ours


@pytest.fixture
def ranzay(house, ground):
    return ground.theirs


@pytest.fixture
def user_id(house, ground):
    return ground.user_id


@pytest.fixture
def rows(house, ground):
    """A row in every tenant table of both collectives, (ours, theirs), by table."""
    with house.app_context():
        yield ground.rows
        db.session.rollback()


def shown(table):
    return [row.collective_id for row in core().execute(sa.select(table.c.collective_id))]


def refused(statement, reason=errors.InsufficientPrivilege, kind=ProgrammingError):
    with pytest.raises(kind) as caught, core().begin_nested():
        core().execute(statement)
    assert isinstance(caught.value.orig, reason), caught.value


def test_untold_nothing_is_there_told_it_is_ours_alone(saint_mars, ranzay, rows):
    assert {table.name for table in IN_ORDER} == set(rows[0]) == set(rows[1])
    for table in IN_ORDER:
        assert shown(table) == [], f"{table.name} shows rows although no collective was told: put it under guard.tenant() in its migration."
        for crew in (saint_mars, ranzay):
            with inside(crew.id):
                assert set(shown(table)) == {crew.id}, f"{table.name} does not show exactly its collective's rows."
        assert shown(table) == [], f"{table.name} still shows rows after leaving the collective."


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_from_next_door_a_row_can_be_neither_seen_nor_touched_and_from_inside_it_can(saint_mars, ranzay, rows, user_id, table):
    ours, theirs = rows
    that = key_of(table, theirs[table.name])
    change = {column.name: column for column in table.columns if not column.primary_key} or {"collective_id": table.c.collective_id}
    with inside(saint_mars.id):
        assert core().execute(sa.select(table).where(that)).all() == []
        assert core().execute(sa.update(table).where(that).values(change)).rowcount == 0
        assert core().execute(sa.delete(table).where(that)).rowcount == 0
        another = sa.insert(table).values(row_of(table, ranzay.id, user_id, theirs))
        refused(another)
        # A row of ours cannot be moved next door, nor theirs be fetched.
        refused(sa.update(table).where(key_of(table, ours[table.name])).values(collective_id=ranzay.id))
        assert core().execute(sa.update(table).where(that).values(collective_id=saint_mars.id)).rowcount == 0
    with inside(ranzay.id):
        assert len(core().execute(sa.select(table).where(that)).all()) == 1
        assert core().execute(sa.update(table).where(that).values(change)).rowcount == 1
        assert core().execute(sa.delete(table).where(that)).rowcount == 1
        before = len(shown(table))
        core().execute(another)
        assert len(shown(table)) == before + 1


@pytest.mark.parametrize("kind", CLASSES, ids=lambda each: each.__tablename__)
def test_the_programs_own_way_finds_it_inside_and_not_from_next_door(saint_mars, ranzay, rows, kind):
    theirs = rows[1][kind.__tablename__]
    key = tuple(theirs[column.name] for column in kind.__table__.primary_key.columns)
    with inside(saint_mars.id):
        assert db.session.get(kind, key) is None
        assert theirs["collective_id"] not in {each.collective_id for each in db.session.scalars(sa.select(kind))}
    with inside(ranzay.id):
        assert db.session.get(kind, key) is not None
        assert {each.collective_id for each in db.session.scalars(sa.select(kind))} == {ranzay.id}


@pytest.mark.parametrize("key", KEYS, ids=lambda each: each.name)
def test_a_row_cannot_point_next_door(saint_mars, ranzay, rows, user_id, key):
    ours, theirs = rows
    table, (column, target) = key.table, pair(key)
    row = key_of(table, theirs[table.name])
    with inside(ranzay.id):
        refused(sa.update(table).where(row).values({column: ours[target]["id"]}), errors.ForeignKeyViolation, IntegrityError)
        assert core().execute(sa.update(table).where(row).values({column: theirs[target]["id"]})).rowcount == 1


def test_a_job_waits_only_where_it_was_staged(house, saint_mars, ranzay):
    with house.app_context():
        staged = sa.select(Job.__table__.c.id).where(Job.__table__.c.name == "sample")
        for collective_id in (saint_mars.id, None):
            with inside(saint_mars.id):
                values = {"id": new_id(), "name": "sample", "ids": [], "staged_at": sa.func.now(), "for_collective": collective_id}
                statement = sa.insert(Job.__table__).values(values)
                refused(statement) if collective_id is None else core().execute(statement)
        for crew, seen in ((saint_mars, 1), (ranzay, 0)):
            with inside(crew.id):
                assert len(core().execute(staged).all()) == seen
        assert core().execute(staged).all() == []


@pytest.mark.parametrize(
    ("injected", "reason"),
    [
        ("select 1; set local app.collective_id = '{id}'", errors.SyntaxError),
        ("select 1; select set_config('app.collective_id', '{id}', true)", errors.SyntaxError),
        ("select set_config('app.collective_id', '{id}', true)", errors.InsufficientPrivilege),
        ("select pg_catalog.set_config('app.collective_id', '{id}', false)", errors.InsufficientPrivilege),
        ("update pg_settings set setting = '{id}' where name = 'app.collective_id'", errors.InsufficientPrivilege),
        ("select query_to_xml('set local app.collective_id = ''{id}''; select * from rounds', true, false, '')", errors.FeatureNotSupported),
        ("create temporary table spare as select 1", errors.InsufficientPrivilege),
        ("create function public.let_in() returns void language sql as 'select 1'", errors.InsufficientPrivilege),
        ("alter table rounds disable row level security", errors.InsufficientPrivilege),
        ("set row_security = off; select 1", errors.SyntaxError),
        ("set role essaimage_backup", errors.InsufficientPrivilege),
    ],
)
def test_injected_words_do_not_move_us(house, saint_mars, ranzay, rows, injected, reason):
    rounds = next(table for table in IN_ORDER if table.name == "rounds")
    with inside(saint_mars.id):
        with pytest.raises(DBAPIError) as caught, core().begin_nested():
            core().exec_driver_sql(injected.format(id=ranzay.id))
        assert isinstance(caught.value.orig, reason), repr(caught.value.orig)
        assert set(shown(rounds)) == {saint_mars.id}


def test_turning_the_policies_off_for_oneself_shows_an_error_and_no_row(house, saint_mars, rows):
    with inside(saint_mars.id), pytest.raises(ProgrammingError) as caught, core().begin_nested():
        core().exec_driver_sql("set local row_security = off").connection.exec_driver_sql("select * from rounds")
    assert isinstance(caught.value.orig, errors.InsufficientPrivilege)
