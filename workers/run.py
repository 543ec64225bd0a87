"""Starts a worker or the scheduler: `python -m workers.run worker`, `python -m workers.run scheduler`."""

import gc
import logging
import os
import sys
import time
from typing import Any

from redis import Redis
from rq import Queue, Worker
from rq.cron import CronScheduler

import workers.perform as perform
from app.db import db
from app.factory import create_app
from workers.queue import HEARTBEAT, QUEUES, connection
from workers.schedule import SCHEDULE


class Hand(Worker):
    """A worker that notices within half a minute that a colleague was killed, and says that it is alive."""

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        """Tell RQ, and `/healthz`, that this worker lives."""
        super().heartbeat(*args, **kwargs)
        self.connection.set(HEARTBEAT, self.name, ex=60)


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
    # What waited while nobody worked is handed over at once, not at the next full minute.
    Queue(QUEUES[0], connection=wire).enqueue("workers.perform.hand_over", result_ttl=0)
    # With RQ's default of ten minutes it took 815 s to notice a killed worker.
    hand = Hand(list(QUEUES), connection=wire, maintenance_interval=30, worker_ttl=45, job_monitoring_interval=10)
    # With RQ's own scheduler beside: a retry that waits its minute is put back by nobody else.
    hand.work(logging_level="WARNING", with_scheduler=True)


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
    cron = CronScheduler(connection=wire, logging_level=logging.WARNING)
    for each in SCHEDULE:
        cron.register(
            getattr(perform, each.function), each.queue, args=each.args, interval=each.seconds, cron=each.cron, result_ttl=60, job_timeout=3600
        )
    cron.start()


if __name__ == "__main__":
    {"worker": work, "scheduler": schedule}[sys.argv[1]]()
