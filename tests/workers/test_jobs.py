"""Jobs: staged with their transaction, handed over after it, done once."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from redis import Redis
from rq import Queue
from sqlalchemy import select, update
from sqlalchemy.exc import ProgrammingError

from app.db import db, new_id, now
from app.transaction import transaction
from tenants.ledger import LedgerMark
from tenants.models import Membership
from tenants.scope import inside, place
from tests.newcomer import newcomer
from workers import perform, queue
from workers.models import Job
from workers.queue import hand_over_waiting, later

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def gueret(house, addresses):
    perform.serve(lambda: house)
    with newcomer(house, addresses) as crew:
        yield crew


@pytest.fixture
def bell(monkeypatch):
    """A job for these tests: notes what it was given, and where it was."""
    rung = []
    monkeypatch.setitem(queue.verbs, "ring", lambda *ids: rung.append((place().collective_id, *ids)))
    return rung


@pytest.fixture
def stage(gueret):
    def at_home(name="ring", *ids):
        with gueret.at_home():
            return later(name, *ids)

    return at_home


def stages_and_stumbles():
    later("ring")
    db.session.flush()
    raise ZeroDivisionError


def in_queue(house, name=queue.SOON):
    """What waits in RQ, as (function, arguments)."""
    waiting = Queue(name, connection=Redis.from_url(house.config["REDIS_URL"])).jobs
    return [(each.func_name.rsplit(".", 1)[1], each.args) for each in waiting]


def time_passes(gueret):
    with gueret.at_home():
        db.session.execute(update(Job).values(staged_at=now() - timedelta(minutes=1)))


def clerk(house):
    with house.app_context():
        return hand_over_waiting()


@pytest.mark.committed
def test_a_job_leaves_with_its_transaction(house, gueret, bell, stage):
    job_id = stage()
    assert ("perform", (str(job_id), str(gueret.id))) in in_queue(house)
    perform.perform(str(job_id), str(gueret.id))
    assert bell == [(gueret.id,)]
    assert gueret.rows(Job) == []


@pytest.mark.committed
def test_a_rollback_takes_its_jobs_along(house, gueret, bell):
    with pytest.raises(ZeroDivisionError), gueret.at_home():
        stages_and_stumbles()
    assert gueret.rows(Job) == []
    with gueret.at_home():
        pass
    assert in_queue(house) == []


@pytest.mark.committed
def test_what_one_request_stages_and_loses_does_not_leave_with_the_next(house, gueret, bell):
    with house.app_context():
        with pytest.raises(ZeroDivisionError), transaction(), inside(gueret.id):
            stages_and_stumbles()
        with transaction(), inside(gueret.id):
            db.session.scalars(select(Job)).all()
    assert in_queue(house) == []


@pytest.mark.committed
def test_a_redis_that_is_away_loses_nothing(house, gueret, bell, stage, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr(queue, "connection", lambda: Redis.from_url(NOWHERE, socket_connect_timeout=1))
        job_id = stage()
    assert in_queue(house) == []
    time_passes(gueret)
    assert clerk(house) >= 1
    assert ("perform", (str(job_id), str(gueret.id))) in in_queue(house)


@pytest.mark.committed
def test_doors_are_noted_while_redis_is_away_and_counted_when_it_is_back(house, gueret, monkeypatch):
    round_id = gueret.plans()
    building_id = gueret.adds_building(round_id)
    volunteer = gueret.volunteer
    where = {"round_id": round_id, "building_id": building_id}
    with monkeypatch.context() as away:
        away.setattr(queue, "connection", lambda: Redis.from_url(NOWHERE, socket_connect_timeout=1))
        assert volunteer.post("outreach.create_encounter", {"talked": "3/33", "gesture": str(new_id())}, **where).status_code == 302
    assert in_queue(house) == []
    month = gueret.rows(LedgerMark)[0].month
    clerk(house)
    assert ("recount", (str(gueret.id), month)) in in_queue(house)
    perform.recount(str(gueret.id), month)
    assert gueret.figures()["ever"]["doors"] == 1


@pytest.mark.committed
def test_the_clerk_hands_over_once_and_leaves_fresh_jobs_alone(house, gueret, bell, stage):
    job_id = stage()
    Redis.from_url(house.config["REDIS_URL"]).flushall()
    clerk(house)
    wanted = ("perform", (str(job_id), str(gueret.id)))
    assert wanted not in in_queue(house)
    time_passes(gueret)
    for _ in range(2):
        clerk(house)
    assert in_queue(house).count(wanted) == 1


@pytest.mark.committed
def test_a_job_with_a_moment_waits_for_it(house, gueret, bell):
    with gueret.at_home():
        job_id = later("ring", at=now() + timedelta(hours=3))
    wanted = ("perform", (str(job_id), str(gueret.id)))
    time_passes(gueret)
    clerk(house)
    perform.perform(str(job_id), str(gueret.id))
    assert wanted not in in_queue(house)
    assert bell == []
    with gueret.at_home():
        db.session.execute(update(Job).values(due_at=now()))
    clerk(house)
    assert wanted in in_queue(house)
    perform.perform(str(job_id), str(gueret.id))
    assert bell == [(gueret.id,)]
    assert gueret.rows(Job) == []


@pytest.mark.committed
def test_the_clerk_sees_that_jobs_wait_and_nothing_else(house, gueret, bell, stage):
    stage("ring", new_id())
    with house.app_context(), db.engines["clerk"].connect() as clerks:
        assert clerks.execute(sa.text("select for_collective from jobs")).all() == [(gueret.id,)]
        for table in ("jobs", "encounters", "memberships"):
            with pytest.raises(ProgrammingError, match="permission denied"), clerks.begin_nested():
                clerks.execute(sa.text(f"select * from {table}"))
        with pytest.raises(ProgrammingError, match="permission denied"), clerks.begin_nested():
            clerks.execute(sa.text("delete from jobs"))


def test_performing_twice_does_it_once(house, saint_mars, bell):
    perform.serve(lambda: house)
    with saint_mars.at_home():
        job_id = later("ring", saint_mars.id)
    for _ in range(2):
        perform.perform(str(job_id), str(saint_mars.id))
    assert bell == [(saint_mars.id, str(saint_mars.id))]


def test_a_job_that_fails_keeps_its_row_and_what_it_wrote_is_gone(house, saint_mars, monkeypatch):
    perform.serve(lambda: house)

    def stumble(membership_id):
        db.session.get(Membership, (place().collective_id, UUID(membership_id))).display_name = "half done"
        db.session.flush()
        raise OSError("the mail server is away")

    monkeypatch.setitem(queue.verbs, "stumble", stumble)
    name = saint_mars.names("second")[0]
    with saint_mars.at_home():
        job_id = later("stumble", saint_mars.members()[name])
    with pytest.raises(OSError, match="away"):
        perform.perform(str(job_id), str(saint_mars.id))
    assert [each.id for each in saint_mars.rows(Job)] == [job_id]
    assert name in saint_mars.members()


def test_a_job_runs_only_inside_its_collective(house, saint_mars, ranzay, bell):
    perform.serve(lambda: house)
    with saint_mars.at_home():
        job_id = later("ring")
    for elsewhere in (str(ranzay.id), None):
        perform.perform(str(job_id), elsewhere)
    assert bell == []
    assert ranzay.rows(Job) == []
    perform.perform(str(job_id), str(saint_mars.id))
    assert bell == [(saint_mars.id,)]


def test_nobody_stages_for_next_door(saint_mars, ranzay):
    with saint_mars.at_home():
        db.session.add(Job(for_collective=ranzay.id, name="ring", ids=[]))
        with pytest.raises(ProgrammingError, match="row-level security"):
            db.session.flush()
        db.session.rollback()


@pytest.mark.committed
def test_the_night_sends_one_child_to_each_collective(house, gueret):
    perform.serve(lambda: house)
    perform.nightly("forget_drafts")
    children = in_queue(house, queue.TONIGHT)
    assert ("perform_for", ("forget_drafts", str(gueret.id))) in children
    assert len(children) == len(set(children)) == 6
