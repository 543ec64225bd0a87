"""What RQ calls. Each function is one application context, one place, one transaction."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from flask import Flask
from sqlalchemy import delete, select

from app.db import db, now
from app.transaction import transaction
from tenants import ledger
from tenants.keys import KeyDestroyed
from tenants.scope import inside
from workers import queue
from workers.models import Job
from workers.sums import fold_stale

_factory: Callable[[], Flask] | None = None
_app: Flask | None = None
log = logging.getLogger("essaimage.workers")


def serve(factory: Callable[[], Flask]) -> None:
    """Say how to make the application that jobs run in; it is made at the first job."""
    global _factory, _app
    _factory, _app = factory, None


def application() -> Flask:
    """The application of this process."""
    global _app
    if _app is None:
        if _factory is None:
            raise RuntimeError("Say serve(create_app) before performing.")
        _app = _factory()
    return _app


@contextmanager
def at_work(collective_id: str | None) -> Iterator[None]:
    """A fresh context, inside a collective if one is given, in one transaction."""
    with application().app_context(), transaction():
        if collective_id is None:
            yield
        else:
            with inside(UUID(collective_id)):
                yield


def perform(job_id: str, collective_id: str | None) -> None:
    """Run a staged job and delete it, together. A job that is gone was done; one that is locked is being done; one may wait for its moment."""
    try:
        with at_work(collective_id):
            waiting = db.session.scalar(select(Job).where(Job.id == UUID(job_id)).with_for_update(skip_locked=True))
            if waiting is None or (waiting.due_at is not None and waiting.due_at > now()):
                return
            queue.verbs[waiting.name](*waiting.ids)
            db.session.delete(waiting)
    except KeyDestroyed:
        # It would wait for ever, and be handed over again each minute.
        log.warning("a job of a collective whose key was destroyed is dropped")
        with at_work(collective_id):
            db.session.execute(delete(Job).where(Job.id == UUID(job_id)))


def recount(collective_id: str, month: str) -> None:
    """Count a marked month again."""
    with at_work(collective_id):
        # First, so that a write that comes in while we count asks for another count.
        queue.connection().delete(f"waiting:recount:{collective_id}:{month}")
        ledger.recount(month)


def fold() -> None:
    """Add up the sums of the periods whose figures changed."""
    with application().app_context():
        queue.connection().delete("waiting:fold")
        fold_stale()


def fold_everything() -> None:
    """Add up every period again, at night."""
    with application().app_context():
        fold_stale(everything=True)


def hand_over() -> None:
    """The clerk's round, every minute."""
    with application().app_context():
        queue.hand_over_waiting()


def nightly(name: str) -> None:
    """Fan a job out: one child for each collective, in the queue of the night."""
    from tenants.models import Collective

    with application().app_context(), transaction():
        for collective_id in db.session.scalars(select(Collective.id).order_by(Collective.id)):
            queue.enqueue("perform_for", name, str(collective_id), queue=queue.TONIGHT)


def perform_for(name: str, collective_id: str) -> None:
    """Run one verb inside one collective, without a staged row: the schedule will ask again. Where the key was destroyed there is nothing to tell."""
    with suppress(KeyDestroyed), at_work(collective_id):
        queue.verbs[name]()


def in_no_collective(name: str) -> None:
    """Run one verb where no collective is present: the schedule will ask again."""
    with at_work(None):
        queue.verbs[name]()
