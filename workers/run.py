"""Starts a worker or the scheduler: `python -m workers.run worker`, `python -m workers.run scheduler`."""

import contextlib
import gc
import logging
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from redis import Redis, RedisError
from rq import Queue, Worker
from rq.cron import CronScheduler
from rq.exceptions import StopRequested

import workers.perform as perform
from app.db import db
from app.factory import create_app
from workers.queue import CLOCK, HEARTBEAT, QUEUES, connection
from workers.schedule import SCHEDULE

PAUSE = 5
log = logging.getLogger("essaimage.workers")


class Hand(Worker):
    """A worker that notices within half a minute that a colleague was killed, and says that it is alive."""

    told_to_stop = False

    def request_stop(self, signum: Any, frame: Any) -> None:
        """Remember that we were told, and did not stop because of a Redis that went away."""
        self.told_to_stop = True
        super().request_stop(signum, frame)

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        """Tell RQ, and `/healthz`, that this worker lives."""
        super().heartbeat(*args, **kwargs)
        self.connection.set(HEARTBEAT, self.name, ex=60)


class Clock(CronScheduler):
    """A scheduler that says that it is alive, and can stop while Redis is away."""

    def heartbeat(self) -> None:
        """Tell RQ, and `/healthz`, that the scheduler lives. It sleeps for a minute at most."""
        super().heartbeat()
        self.connection.set(CLOCK, self.name, ex=150)

    def register_death(self, pipeline: Any = None) -> None:
        """Say goodbye, if there is somebody to say it to."""
        with contextlib.suppress(RedisError):
            super().register_death(pipeline)


def anew(start: Callable[[], bool]) -> None:
    """Run `start` until it says that it was told to stop. RQ's own gives up for good when Redis goes away at the wrong moment."""
    with contextlib.suppress(StopRequested):
        while True:
            try:
                if start():
                    return
                log.warning("The work ended without being told to. Starting anew.")
            except RedisError as error:
                log.warning("Redis does not answer: %s. Starting anew.", error)
            time.sleep(PAUSE)


def work() -> None:
    """Work through the queues, the promises of `soon` first, until told to stop."""
    # Loaded before the fork, so that each child finds it there; nothing is typeset here, because its threads would not survive the fork.
    import highspy  # noqa: F401
    import openpyxl  # noqa: F401
    import typst  # noqa: F401

    perform.serve(create_app)
    app = perform.application()

    def forget_connections() -> None:
        # A forked child must not speak on its parent's connections.
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)

    os.register_at_fork(after_in_child=forget_connections)
    # What is there before the fork stays shared: a child's collector would write into every page of it.
    gc.collect()
    gc.freeze()
    with app.app_context():
        wire: Redis = connection()

    def begin() -> bool:
        # What waited while nobody worked is handed over at once, not at the next full minute.
        Queue(QUEUES[0], connection=wire).enqueue("workers.perform.hand_over", result_ttl=0)
        # With RQ's default of ten minutes it took 815 s to notice a killed worker.
        hand = Hand(list(QUEUES), connection=wire, maintenance_interval=30, worker_ttl=45, job_monitoring_interval=10)
        try:
            # With RQ's own scheduler beside: a retry that waits its minute is put back by nobody else.
            hand.work(logging_level="WARNING", with_scheduler=True)
        except RedisError:
            if not hand.told_to_stop:
                raise
        return hand.told_to_stop

    anew(begin)


def in_utc() -> None:
    """RQ reads a cron line in the machine's own time; ours are UTC, wherever the machine stands."""
    os.environ["TZ"] = "UTC"
    time.tzset()


def schedule() -> None:
    """Put periodic work into its queues, until told to stop."""
    in_utc()
    app = create_app()
    with app.app_context():
        wire = connection()
    cron = Clock(connection=wire, logging_level=logging.WARNING)
    for each in SCHEDULE:
        cron.register(
            getattr(perform, each.function), each.queue, args=each.args, interval=each.seconds, cron=each.cron, result_ttl=60, job_timeout=3600
        )

    def begin() -> bool:
        cron.start()
        return True

    anew(begin)


if __name__ == "__main__":
    {"worker": work, "scheduler": schedule}[sys.argv[1]]()
