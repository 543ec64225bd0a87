"""Where we are: told on begin, on savepoints and on moving, forgotten on leaving."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.db import db
from app.outreach.models import Round
from tenants.models import Membership, memberships_of
from tenants.scope import AlreadyInside, Nowhere, enter, here, inside, place, speak_as, told


@pytest.fixture
def context(house):
    """A fresh context, whose session is left clean."""
    with house.app_context():
        yield
        db.session.rollback()


def where():
    """What the database believes."""
    return told()["collective_id"]


def test_a_transaction_that_begins_inside_is_told(context, saint_mars):
    with inside(saint_mars.id):
        assert where() == str(saint_mars.id)


def test_a_transaction_that_is_open_before_the_door_is_told(context, saint_mars):
    assert db.session.scalars(sa.select(User).limit(1)).one()
    assert where() is None
    with inside(saint_mars.id):
        assert where() == str(saint_mars.id)
        assert db.session.scalars(sa.select(Round)).first() is not None


def test_leaving_tells_nowhere(context, saint_mars):
    with inside(saint_mars.id):
        assert where()
    assert where() is None
    assert db.session.connection().execute(sa.select(Round.__table__)).all() == []


def test_a_savepoint_is_told_and_its_end_changes_nothing(context, saint_mars):
    with inside(saint_mars.id):
        savepoint = db.session.begin_nested()
        assert where() == str(saint_mars.id)
        savepoint.rollback()
        assert where() == str(saint_mars.id)
        with db.session.begin_nested():
            pass
        assert where() == str(saint_mars.id)


def test_a_transaction_after_a_commit_or_a_rollback_is_told_again(context, saint_mars):
    with inside(saint_mars.id):
        for end in (db.session.commit, db.session.rollback):
            assert where() == str(saint_mars.id)
            end()
        assert where() == str(saint_mars.id)


def test_one_is_inside_one_collective_at_a_time(context, saint_mars, ranzay):
    with inside(saint_mars.id):
        with pytest.raises(AlreadyInside, match=str(saint_mars.id)), inside(ranzay.id):
            pass
        with pytest.raises(AlreadyInside):
            enter(ranzay.id)
        assert where() == str(saint_mars.id)
        with inside(saint_mars.id):
            assert here() == saint_mars.id
        assert where() == str(saint_mars.id)


def test_one_after_the_other_is_allowed(context, saint_mars, ranzay):
    for crew in (saint_mars, ranzay):
        with inside(crew.id):
            assert {each.collective_id for each in db.session.scalars(sa.select(Round))} == {crew.id}


def test_an_exception_leaves_as_cleanly(context, saint_mars):
    with pytest.raises(ZeroDivisionError), inside(saint_mars.id):
        raise ZeroDivisionError(where())
    assert place().collective_id is None
    assert where() is None


def test_a_failed_statement_leaves_as_cleanly(context, saint_mars):
    with pytest.raises(sa.exc.ProgrammingError), inside(saint_mars.id):
        db.session.execute(sa.text("select nothing from nowhere"))
    assert place().collective_id is None
    db.session.rollback()
    assert where() is None


def test_nowhere_is_said(context):
    with pytest.raises(Nowhere, match="enter one with inside"):
        here()
    with pytest.raises(Nowhere):
        Round(area="Nulle part")


@pytest.mark.parametrize("bad", ["00000000-0000-0000-0000-000000000000", "'; drop table rounds; --", None, 1])
def test_only_an_id_opens(context, bad):
    with pytest.raises(TypeError), inside(bad):
        pass


@pytest.mark.committed
def test_the_next_user_of_a_connection_sees_nothing(house, saint_mars):
    with house.app_context(), inside(saint_mars.id):
        # An empty pool: whoever comes next gets the connection that we give back, not one of those that waited.
        db.engine.dispose()
        process = db.session.scalar(sa.text("select pg_backend_pid()"))
        assert db.session.scalars(sa.select(Round)).first() is not None
        db.session.commit()
    with house.app_context():
        assert db.session.scalar(sa.text("select pg_backend_pid()")) == process, "The pool gave another connection: nothing was tried."
        assert told() == {"collective_id": None, "user_id": None}
        assert db.session.connection().execute(sa.select(Round.__table__)).all() == []
        db.session.rollback()


@pytest.mark.committed
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_transaction_of_another_kind_is_told_and_stays_what_it_is(house, saint_mars, level):
    with house.app_context(), inside(saint_mars.id), db.engine.connect().execution_options(isolation_level=level) as connection:
        assert connection.scalar(sa.text("show transaction_isolation")) == level.lower()
        assert connection.scalar(sa.text("select current_setting('app.collective_id', true)")) == str(saint_mars.id)
        assert connection.execute(sa.select(Round.__table__)).first() is not None


@pytest.mark.committed
def test_the_next_request_of_another_user_sees_its_own(saint_mars, ranzay):
    ours, theirs = saint_mars.coordinator, ranzay.coordinator
    for _turn in range(3):
        assert "Rue du Moulin" not in theirs.get("outreach.index", liste="terminees").text
        assert "Rue du Moulin" in ours.get("outreach.index", liste="terminees").text
        assert ours.client.get(theirs.address("outreach.index")).status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        sa.select(Round),
        sa.select(Round.area),
        sa.select(aliased(Round)),
        sa.select(sa.func.count()).select_from(Round),
        sa.update(Round).values(companions=0),
        sa.delete(Round),
    ],
    ids=["select", "columns", "alias", "count", "update", "delete"],
)
def test_the_filter_is_in_what_is_sent(context, saint_mars, statement):
    sent = []
    with inside(saint_mars.id):
        engine = db.session.connection().engine

        def listen(_connection, _cursor, text, values, *_rest):
            sent.append((text, values))

        sa.event.listen(engine, "before_cursor_execute", listen)
        try:
            db.session.execute(statement)
        finally:
            sa.event.remove(engine, "before_cursor_execute", listen)
    assert any("collective_id =" in text and str(saint_mars.id) in str(values) for text, values in sent), sent


def test_one_reads_ones_own_memberships_from_outside_and_nobody_elses(context, saint_mars, ranzay):
    jeanne = db.session.scalars(sa.select(User).where(User.email == "formatrice@demo.essaimage.fr")).one()
    other = db.session.scalars(sa.select(User).where(User.email.like("coordination.nantes%"))).one()
    assert db.session.scalars(sa.select(Membership)).all() == []
    speak_as(jeanne.id)
    assert {each.user_id for each in db.session.scalars(sa.select(Membership))} == {jeanne.id}
    assert len(db.session.execute(memberships_of(jeanne.id)).all()) == 5
    assert db.session.execute(memberships_of(other.id)).all() == []
    # Read, not written.
    table = Membership.__table__
    assert db.session.connection().execute(sa.update(table).values(display_name="?")).rowcount == 0
    assert db.session.connection().execute(sa.delete(table)).rowcount == 0
    speak_as(None)
    assert db.session.scalars(sa.select(Membership)).all() == []


def test_the_user_told_opens_no_other_table(context, saint_mars):
    speak_as(db.session.scalars(sa.select(User.id).where(User.email.like("coordination.saint-mars%"))).one())
    assert db.session.connection().execute(sa.select(Round.__table__)).all() == []
    speak_as(None)
