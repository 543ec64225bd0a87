"""Staging jobs, and handing them over to RQ once their transaction is committed."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import redis
import sqlalchemy as sa
from flask import current_app
from redis import Redis
from rq import Queue, Retry

from app.db import db, new_id, now
from app.transaction import Errand, afterwards, on_committed
from tenants.scope import place
from workers.models import Job

# Queues are promises of time, not topics. Every one of them has a worker (workers/run.py; a house test checks it).
SOON, TONIGHT = "soon", "tonight"
QUEUES = (SOON, TONIGHT)
# A worker that lives writes this key again and again; it fades in a minute.
HEARTBEAT = "essaimage:worker"
# And the scheduler this one, every minute.
CLOCK = "essaimage:scheduler"
# What was staged just now was handed over with its transaction.
FRESH = timedelta(seconds=5)

log = logging.getLogger("essaimage.workers")
Verb = TypeVar("Verb", bound=Callable[..., None])
verbs: dict[str, Callable[..., None]] = {}


def job(verb: Verb) -> Verb:
    """Make a function known to `later()` under its own name. It takes ids only and may run twice."""
    if verb.__name__ in verbs:
        raise KeyError(f"Two jobs are called {verb.__name__}.")
    verbs[verb.__name__] = verb
    return verb


def later(name: str, *ids: UUID | str, at: datetime | None = None) -> UUID:
    """Stage a job in this transaction, for where we are; it runs soon after the commit, or not at all after a rollback.

    With `at` it waits for that instant: the clerk hands it over within a minute of it.
    """
    waiting = Job(id=new_id(), for_collective=place().collective_id, name=name, ids=[str(each) for each in ids], due_at=at)
    db.session.add(waiting)
    if at is None:
        afterwards("perform", waiting.id, waiting.for_collective)
    return waiting.id


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=20, socket_connect_timeout=2)


def connection() -> Redis:
    """The Redis of the present application."""
    return _redis(current_app.config["REDIS_URL"])


def enqueue(function: str, *args: Any, queue: str = SOON, once: str | None = None) -> None:
    """Hand a function of `workers.perform` to RQ. `once` names work that need not wait twice."""
    wire = connection()
    if once and not wire.set(f"waiting:{once}", 1, nx=True, ex=45):
        return
    Queue(queue, connection=wire).enqueue(
        f"workers.perform.{function}",
        *args,
        # Without Retry, RQ never runs again a job whose worker was killed.
        retry=Retry(max=4, interval=[1, 10, 60, 300]),
        result_ttl=60,
        failure_ttl=7 * 24 * 3600,
        job_timeout=600,
    )


def hand_over(errands: list[Errand]) -> None:
    """Give committed errands to RQ. A Redis that does not answer loses nothing: the rows wait and the clerk comes by."""
    try:
        for verb, *rest in dict.fromkeys(errands):
            if verb == "perform":
                job_id, collective_id = rest
                enqueue("perform", str(job_id), collective_id and str(collective_id))
            elif verb == "recount":
                collective_id, month = rest
                enqueue("recount", str(collective_id), month, once=f"recount:{collective_id}:{month}")
            elif verb == "fold":
                enqueue("fold", once="fold")
    except redis.RedisError:
        log.warning("Redis did not take %d errands; the clerk will hand them over.", len(errands))


on_committed.append(hand_over)


def hand_over_waiting() -> int:
    """As the clerk: hand over again every job whose moment has come and every marked month that still waits. Returns how many."""
    with db.engines["clerk"].connect() as clerk:
        jobs = clerk.execute(
            sa.text(
                "select id, for_collective from jobs where staged_at < :fresh and (due_at is null or due_at <= :now) order by staged_at limit 5000"
            ),
            {"now": now(), "fresh": now() - FRESH},
        ).all()
        months = clerk.execute(sa.text("select distinct collective_id, month from ledger_marks limit 5000")).all()
    for job_id, collective_id in jobs:
        enqueue("perform", str(job_id), collective_id and str(collective_id), once=f"perform:{job_id}")
    for collective_id, month in months:
        enqueue("recount", str(collective_id), month, once=f"recount:{collective_id}:{month}")
    enqueue("fold", once="fold")
    return len(jobs) + len(months)
