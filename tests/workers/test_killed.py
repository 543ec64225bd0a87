"""A worker that is stopped, or killed in the middle of a recount, leaves a figure that is right when another comes."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from redis import Redis, RedisError

from app.db import new_id
from tenants import bootstrap
from tests.newcomer import newcomer, until, waits_for_a_lock
from workers import run
from workers.queue import CLOCK, HEARTBEAT

pytestmark = pytest.mark.committed
HOUSE = Path(__file__).parents[2]


@pytest.fixture
def gueret(house, addresses):
    with newcomer(house, addresses) as crew:
        crew.recounts()
        yield crew


@pytest.fixture
def worker(world):
    """Starts real workers; none of them, nor their children, outlives the test."""
    started = []

    def start():
        command = [sys.executable, "-m", "workers.run", "worker"]
        started.append(subprocess.Popen(command, cwd=HOUSE, env=os.environ | world[2], stderr=subprocess.DEVNULL))
        return started[-1]

    yield start
    for each in started:
        kill(each)


def kill(process):
    """SIGKILL for a worker and what it forked."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for each in psutil.Process(process.pid).children(recursive=True):
            # A child that ends by itself in this moment must not spare the others.
            with contextlib.suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGKILL)
    process.kill()
    process.wait(30)


def logs_doors(crew, doors):
    """A volunteer notes this many conversations, as numbers."""
    if not hasattr(crew, "place"):
        round_id = crew.plans()
        crew.place = {"round_id": round_id, "building_id": crew.adds_building(round_id, shape="counted")}
    answer = crew.volunteer.post("outreach.create_counts", {"talked": str(doors), "gesture": str(new_id())}, **crew.place)
    assert answer.status_code == 302


def doors(crew):
    return crew.figures()["ever"]["doors"]


def test_a_worker_counts_within_seconds_and_makes_the_house_healthy(house, gueret, worker):
    assert house.test_client().get("/healthz").json["worker"] == "away"
    worker()
    logs_doors(gueret, 7)
    until(lambda: doors(gueret) == 7)
    health = house.test_client().get("/healthz")
    assert health.json == {"database": "ok", "redis": "ok", "worker": "ok", "scheduler": "away"}


def test_who_works_begins_anew_when_redis_went_away(monkeypatch):
    """RQ's own gives up for good when it goes away between two jobs, or in the minute of the scheduler."""
    monkeypatch.setattr(run, "PAUSE", 0)
    answers = iter([RedisError("away"), False, RedisError("away"), True, False])

    def start():
        answer = next(answers)
        if isinstance(answer, RedisError):
            raise answer
        return answer

    run.anew(start)
    assert list(answers) == [False]


def test_the_scheduler_is_said_to_live_and_stops_when_told(house, world):
    process = subprocess.Popen([sys.executable, "-m", "workers.run", "scheduler"], cwd=HOUSE, env=os.environ | world[2], stderr=subprocess.DEVNULL)
    try:
        until(lambda: Redis.from_url(house.config["REDIS_URL"]).exists(CLOCK))
        process.terminate()
        assert process.wait(30) == 0
    finally:
        kill(process) if process.poll() is None else None


def test_doors_noted_while_no_worker_runs_are_counted_by_the_next(house, gueret, worker):
    first = worker()
    # Once it beats it listens to signals: SIGTERM before that ends it where it stands.
    until(lambda: Redis.from_url(house.config["REDIS_URL"]).exists(HEARTBEAT))
    logs_doors(gueret, 7)
    until(lambda: doors(gueret) == 7)
    first.terminate()
    assert first.wait(30) == 0
    logs_doors(gueret, 13)
    assert doors(gueret) == 7
    # Even what Redis was told is lost; the marks are not.
    Redis.from_url(house.config["REDIS_URL"]).flushall()
    worker()
    until(lambda: doors(gueret) == 20)


def test_a_worker_killed_in_the_middle_of_a_recount(house, addresses, gueret, worker):
    victim = worker()
    until(lambda: Redis.from_url(house.config["REDIS_URL"]).exists(HEARTBEAT))
    with bootstrap.connect(addresses.superuser) as superuser, bootstrap.connect(addresses.superuser) as watcher:
        superuser.execute("insert into figures values (%s, 'ever', 'doors', 0, now())", [gueret.id])
        with superuser.transaction():
            # The recount deletes its marks, counts, and stops at this row.
            superuser.execute("select 1 from figures where collective_id = %s for update", [gueret.id])
            logs_doors(gueret, 9)
            until(lambda: waits_for_a_lock(watcher))
            kill(victim)
        until(lambda: not waits_for_a_lock(watcher))
    assert doors(gueret) == 0
    worker()
    until(lambda: doors(gueret) == 9)
