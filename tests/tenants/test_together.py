"""Several queries in one statement give what each gives alone."""

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.db import db
from app.people.home_meetings import HomeMeeting
from app.people.models import Person
from app.people.pairs import Pair
from app.people.path import PathStep
from app.training.models import Course
from tenants.models import Membership
from tenants.together import together


def same(one, other):
    columns = sa.inspect(type(one)).column_attrs.keys()
    return {name: getattr(one, name) for name in columns} == {name: getattr(other, name) for name in columns}


def test_rows_are_as_if_each_had_been_asked_for_alone(saint_mars):
    queries = [select(kind).order_by(kind.id.desc()) for kind in (Person, PathStep, HomeMeeting, Course)]
    with saint_mars.at_home():
        alone = [db.session.scalars(each).all() for each in queries]
        at_once = together(*queries)
        assert all(alone)
        for expected, rows in zip(alone, at_once, strict=True):
            assert len(expected) == len(rows)
            assert all(same(one, other) for one, (other,) in zip(expected, rows, strict=True))
        # Sealed columns open: the row knows where it stands.
        assert [row.name for (row,) in at_once[0]] == [each.name for each in alone[0]]


def test_joins_come_along_and_what_is_not_there_is_none(saint_mars):
    one = aliased(Membership, name="one_of_them")
    query = select(Pair, one, HomeMeeting).join(one, one.id == Pair.one_id)
    query = query.outerjoin(HomeMeeting, sa.and_(HomeMeeting.person_id == Pair.person_id, HomeMeeting.alone_because_sealed.is_not(None)))
    with saint_mars.at_home():
        alone = db.session.execute(query.order_by(Pair.id)).all()
        (rows,) = together(query.order_by(Pair.id))
        assert [(pair.id, member.display_name, meeting and meeting.id) for pair, member, meeting in rows] == [
            (pair.id, member.display_name, meeting and meeting.id) for pair, member, meeting in alone
        ]
        assert any(meeting is None for _pair, _member, meeting in rows)


def test_it_is_one_statement_and_stays_at_home(saint_mars, ranzay):
    seen = []
    with ranzay.at_home():
        theirs = {each.id for each in db.session.scalars(select(Person))}
    with saint_mars.at_home():
        db.session.scalars(select(Person.id)).all()

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
        try:
            people, members = together(select(Person), select(Membership))
        finally:
            sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
        assert len(seen) == 1
        assert seen[0].count("collective_id =") >= 2
        assert people
        assert members
        assert not {person.id for (person,) in people} & theirs
        assert together() == []
