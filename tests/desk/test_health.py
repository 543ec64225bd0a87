"""/healthz: 200 only when database, queue and worker are well."""

import pytest
from redis import Redis
from sqlalchemy import create_engine

from app.db import db
from workers import queue

NOWHERE = "redis://127.0.0.1:1/0"
pytestmark = pytest.mark.committed


@pytest.fixture
def healthz(house):
    for heartbeat in (queue.HEARTBEAT, queue.CLOCK):
        Redis.from_url(house.config["REDIS_URL"]).set(heartbeat, "alive", ex=60)
    return lambda: (lambda answer: (answer.status_code, answer.json))(house.test_client().get("/healthz"))


def test_all_is_well(healthz):
    assert healthz() == (200, {"database": "ok", "redis": "ok", "worker": "ok", "scheduler": "ok"})


def test_a_worker_that_is_away(house, healthz):
    Redis.from_url(house.config["REDIS_URL"]).delete(queue.HEARTBEAT)
    assert healthz() == (503, {"database": "ok", "redis": "ok", "worker": "away", "scheduler": "ok"})


def test_a_scheduler_that_is_away(house, healthz):
    """Without it nothing is forgotten after thirty days, and nobody is reminded."""
    Redis.from_url(house.config["REDIS_URL"]).delete(queue.CLOCK)
    assert healthz() == (503, {"database": "ok", "redis": "ok", "worker": "ok", "scheduler": "away"})


def test_a_redis_that_is_away(healthz, monkeypatch):
    monkeypatch.setattr("app.health.connection", lambda: Redis.from_url(NOWHERE, socket_connect_timeout=1))
    assert healthz() == (503, {"database": "ok", "redis": "away", "worker": "unknown", "scheduler": "unknown"})


def test_a_database_that_is_away(house, healthz, monkeypatch):
    monkeypatch.setitem(db._app_engines[house], None, create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nowhere"))
    assert healthz() == (503, {"database": "away", "redis": "ok", "worker": "ok", "scheduler": "ok"})
