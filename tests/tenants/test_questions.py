"""A question answers as the session would, stays at home as the session does, and gives nothing that could be written to in vain."""

import gc
import re

import pytest
import sqlalchemy as sa
from flask import g
from flask_login import current_user
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DataError, InvalidRequestError, MultipleResultsFound
from sqlalchemy.orm import aliased
from sqlalchemy.orm.exc import DetachedInstanceError

from app.accounts.models import User
from app.db import Model, ReadOnly, db, now
from app.outreach.models import Round, RoundMember, RoundState
from app.people.models import Person
from tenants.models import Collective, Membership, Role
from tenants.questions import Question, among, several
from tenants.rows import InCollective
from tenants.scope import here

ROUNDS = Question(select(Round).order_by(Round.id))
LINES = Question(select(Round.id, Round.kind, Round.day).where(Round.state == RoundState.closed).order_by(Round.id))
COUNT = Question(select(sa.func.count()).select_from(Round).where(Round.area == bindparam("area", required=True)))
PEOPLE = Question(select(Person).order_by(Person.id))
TEAMS = Question(
    select(Membership, RoundMember, Round.day)
    .outerjoin(RoundMember, sa.and_(RoundMember.membership_id == Membership.id, Membership.role == bindparam("role", type_=Membership.role.type)))
    .outerjoin(Round, Round.id == RoundMember.round_id)
    .order_by(Membership.id, RoundMember.id)
)


def same(one, other):
    return all(getattr(one, name) == getattr(other, name) for name in sa.inspect(type(one)).column_attrs.keys())  # noqa: SIM118  # no mapping


def test_classes_columns_and_values_are_as_the_session_gives_them(saint_mars):
    with saint_mars.at_home():
        entities = db.session.scalars(ROUNDS.query).all()
        read = ROUNDS.ask()
        assert entities
        assert len(entities) == len(read)
        assert all(same(*pair) and type(pair[0]) is type(pair[1]) for pair in zip(entities, read, strict=True))
        # What a class knows by itself it knows here as well.
        assert [each.is_closed for each in read] == [each.is_closed for each in entities]
        assert [tuple(each) for each in LINES.ask()] == [tuple(each) for each in db.session.execute(LINES.query)]
        assert LINES.ask()[0].kind == db.session.execute(LINES.query).first().kind
        area = entities[0].area
        assert COUNT.one(area=area) == db.session.scalar(COUNT.query, {"area": area}) > 0


def test_a_join_that_finds_nothing_gives_none(saint_mars):
    with saint_mars.at_home():
        told = {"role": Role.volunteer}
        alone, asked = db.session.execute(TEAMS.query, told).all(), TEAMS.ask(**told)
        assert [(one.id, other and other.id, day) for one, other, day in asked] == [(one.id, other and other.id, day) for one, other, day in alone]
        assert any(other is None for _one, other, _day in asked)
        assert any(other is not None for _one, other, _day in asked)


def test_sealed_columns_open(saint_mars):
    with saint_mars.at_home():
        assert [each.name for each in PEOPLE.ask()] == [each.name for each in db.session.scalars(PEOPLE.query)]


def test_it_stays_at_home_and_says_so_itself(house, saint_mars, ranzay):
    with ranzay.at_home():
        theirs = {each.id for each in ROUNDS.ask()}
    with saint_mars.at_home():
        ours = {each.id for each in ROUNDS.ask()}
        assert {each.collective_id for each in ROUNDS.ask()} == {here()}
    assert theirs
    assert ours
    assert not ours & theirs
    with house.app_context():
        # The second lock: as it is sent, whatever the policies say.
        assert "rounds.collective_id = %(present_collective" in ROUNDS.words()
        assert TEAMS.words().count("collective_id = %(present_collective") == 3
        # Outside there is nothing to name, and the policies show nothing.
        assert ROUNDS.ask() == []


def test_what_was_written_just_now_is_there(saint_mars):
    with saint_mars.at_home():
        round_ = db.session.scalars(ROUNDS.query).first()
        round_.area = "Rue de la Question"
        assert COUNT.one(area="Rue de la Question") == 1
        db.session.rollback()


def test_what_was_read_is_not_written_to(saint_mars):
    with saint_mars.at_home():
        read = ROUNDS.ask()[0]
        with pytest.raises(ReadOnly, match="Round was only read"):
            read.area = "Ailleurs"
        with pytest.raises(ReadOnly):
            read.start() if read.state == RoundState.planned else read.reopen("Pour voir")
        assert read not in db.session


def test_what_was_read_does_not_keep_silent_about_its_neighbours(saint_mars):
    with saint_mars.at_home():
        read = Question(select(Membership).order_by(Membership.id).limit(1)).one()
        # As an instance of the session does; None would read as "there is none".
        with pytest.raises((InvalidRequestError, DetachedInstanceError)):
            assert read.collective
        with pytest.raises(ReadOnly):
            del read.display_name


def test_what_was_read_is_no_new_row(saint_mars):
    with saint_mars.at_home():
        read = ROUNDS.ask()[0]
        db.session.add(read)
        assert read not in db.session.new
        db.session.rollback()


def test_what_is_asked_for_later_is_refused(saint_mars):
    with saint_mars.at_home(), pytest.raises(TypeError, match="asked for later"):
        Question(select(Round).where(Round.area == bindparam("area", callable_=lambda: "Rue Neuve"))).ask()


def test_every_question_of_the_house_names_the_present_collective(saint_mars):
    tables = {each.local_table.name for each in Model.registry.mappers if issubclass(each.class_, InCollective)}
    seen = 0
    with saint_mars.at_home():
        for question in (each for each in gc.get_objects() if type(each) is Question):
            words = question.words()
            for table, alias in re.findall(r"\b(?:FROM|JOIN) (\w+)(?: AS (\w+))?", words):
                if table in tables:
                    seen += 1
                    assert re.search(rf"\b{alias or table}\.collective_id = (%\(present_collective|{table}\.collective_id)", words), words
    assert seen > 20


def test_one_is_one(saint_mars):
    with saint_mars.at_home():
        assert Question(select(Round).where(Round.area == "Nulle part")).one() is None
        with pytest.raises(MultipleResultsFound):
            ROUNDS.one()


def test_a_list_of_values_is_refused(saint_mars):
    with saint_mars.at_home(), pytest.raises(TypeError, match="lists of values"):
        Question(select(Round).where(Round.area.in_(["a", "b"]))).ask()


def test_an_array_is_one_value(saint_mars):
    mine, all_ = Question(select(Round.id).where(among(Round.state, several("states", Round.state))).order_by(Round.id)), Question(select(Round.id))
    with saint_mars.at_home():
        for states in ([RoundState.closed], [RoundState.planned, RoundState.running], list(RoundState), []):
            told = db.session.scalars(select(Round.id).where(Round.state.in_(states)).order_by(Round.id)).all()
            assert mine.ask(states=states) == list(told)
        assert len(all_.ask()) == len(mine.ask(states=list(RoundState)))
        never = Question(select(Round.id).where(among(Round.state, (RoundState.closed,)), ~among(Round.state, (RoundState.closed,))))
        assert never.ask() == []


def test_who_was_erased_is_not_given(saint_mars):
    with saint_mars.at_home():
        person = db.session.scalars(PEOPLE.query).first()
        person.erased_at = now()
        assert person.id not in {each.id for each in PEOPLE.ask()}
        db.session.rollback()


def test_whoever_listens_to_statements_hears_a_question(saint_mars):
    heard, ended = [], []

    def listen(_connection, _cursor, statement, values, context, _many):
        context.begun = len(heard)
        heard.append((statement, values))

    def hear_the_end(_connection, _cursor, statement, _values, context, _many):
        ended.append((statement, heard[context.begun][0]))

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", listen)
    sa.event.listen(sa.engine.Engine, "after_cursor_execute", hear_the_end)
    try:
        with saint_mars.at_home():
            COUNT.one(area="Rue de l’Écoute")
            words = COUNT.words()
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", listen)
        sa.event.remove(sa.engine.Engine, "after_cursor_execute", hear_the_end)
    assert any(statement == words and values["area"] == "Rue de l’Écoute" for statement, values in heard)
    assert (words, words) in ended


def test_what_the_database_refuses_has_the_names_of_the_house(saint_mars):
    with saint_mars.at_home():
        with pytest.raises(DataError):
            Question(select(sa.literal(1) / bindparam("by", type_=sa.Integer))).ask(by=0)
        db.session.rollback()


def test_an_alias_is_a_class_too(saint_mars):
    other = aliased(Membership, name="other")
    query = select(Membership, other).join(other, other.collective_id == Membership.collective_id).order_by(Membership.id, other.id)
    with saint_mars.at_home():
        asked = Question(query).ask()
        assert [(one.id, two.id) for one, two in asked] == [(one.id, two.id) for one, two in db.session.execute(query)]


def test_whoever_is_signed_in_and_where_are_only_read(house, saint_mars, monkeypatch):
    seen = {}

    def look():
        for name, each in {"user": current_user._get_current_object(), "membership": g.membership, "collective": g.collective}.items():
            seen[name] = type(each)
            with pytest.raises(ReadOnly):
                each.id = None
        return ""

    monkeypatch.setitem(house.view_functions, "workspace.outreach.index", look)
    saint_mars.coordinator.get("outreach.index")
    assert seen == {"user": User, "membership": Membership, "collective": Collective}
