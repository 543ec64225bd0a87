"""The yearly reports of a whole network: of the head in one job, of a collective in another, and beside a hundred that spoke first.

The encounters of the bench are all that its collectives did. What the other rooms would have counted is invented in the ledger, after
the recount was measured: a report reads nothing else.
"""

import os
import time
from collections.abc import Iterator
from threading import Event, Thread
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from app.db import db, new_id
from app.reports.drafts import draft_of
from app.reports.models import NETWORK, NetworkReport
from app.reports.yearly import CODES
from bench.hive import Hive, sample
from bench.papers import in_a_fork
from bench.table import Line, within
from bench.worlds import at_home
from tenants.bootstrap import connect
from tenants.months import today_in
from tenants.scope import inside
from workers import progress
from workers.reports import publish_network_report, publish_report
from workers.sums import fold_stale

YEAR = today_in("Europe/Paris").year - 1
SPEAKING = 100

INVENTED = """
insert into figures (collective_id, period, indicator, value, counted_at)
select id, %(year)s, indicator, value, now() from (select id, abs(hashtext(id::text)) as size from collectives) own
cross join unnest(%(codes)s::text[]) i (indicator)
cross join lateral (select case indicator
    when 'people_met' then own.size %% 40 when 'prescriptions_met' then own.size %% 40 / 3
    when 'phone_attempts' then own.size %% 200 when 'phone_contacts' then own.size %% 200 / 2
    when 'participants' then own.size %% 15 when 'completions' then own.size %% 15 * 2 / 3
    else own.size / 7 %% 30 end as value) invented
where value > 0 on conflict do nothing
"""
PUBLISHED = "select count(*) from report_editions where publisher_id = %s"


def yearly(hive: Hive, house: Flask) -> Iterator[Line]:
    """The network's year before anybody spoke, a collective's, and the network's again after a hundred collectives."""
    # As workers/run.py does before it forks.
    import highspy  # noqa: F401
    import openpyxl  # noqa: F401
    import typst  # noqa: F401

    with connect(hive.superuser) as superuser:
        superuser.execute(INVENTED, {"year": str(YEAR), "codes": list(CODES)})
        superuser.execute("vacuum (analyze) figures")
        speaking = sample(superuser, SPEAKING)
    with house.app_context():
        fold_stale()
        for engine in db.engines.values():
            engine.dispose()
    many = f"{hive.collectives:,} collectives"
    told: list[int] = []
    yield within(f"the network's yearly report, {many}", [_network(house, hive, told)], 60)
    seconds = [_own(house, hive, each) for each in speaking]
    yield within("a collective's yearly report, in the worker", seconds, 2)
    yield Line("  the slowest of them", f"{max(seconds):.1f} s", "", "≤ 2 s", max(seconds) <= 2)
    yield within(f"the network's again, {len(speaking)} collectives having published", [_network(house, hive, told)], 60)
    steps = sorted(set(told))
    yield Line("steps that its progress bar showed", str(len(steps)), f"{min(steps)} to {max(steps)}", "≥ 5", len(steps) >= 5)


def _network(house: Flask, hive: Hive, told: list[int]) -> float:
    """Seconds of the job; what its progress bar said meanwhile goes into `told`."""
    edition_id = new_id()
    with house.app_context(), Session(db.engines["network"]) as session, session.begin():
        draft = session.get(NetworkReport, YEAR) or NetworkReport(year=YEAR)
        session.add(draft)
        draft.ask(edition_id)
    _part(house)
    done = Event()

    def watch() -> None:
        with house.app_context():
            while not done.wait(0.1):
                told.append(progress.of(edition_id))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        seconds = in_a_fork(lambda: _timed(house, None, str(YEAR), str(edition_id)))
    finally:
        done.set()
        watcher.join()
    _check(hive, NETWORK)
    return seconds


def _own(house: Flask, hive: Hive, collective_id: UUID) -> float:
    """Seconds of a collective's job."""
    edition_id = new_id()
    with at_home(house), inside(collective_id):
        draft = draft_of(YEAR)
        draft.ask(edition_id)
        draft_id = draft.id
    _part(house)
    seconds = in_a_fork(lambda: _timed(house, collective_id, str(draft_id), str(edition_id)))
    _check(hive, collective_id)
    return seconds


def _timed(house: Flask, collective_id: UUID | None, *ids: str) -> float:
    # In a child of its own: HiGHS says its name on each start.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    begun = time.perf_counter()
    with at_home(house):
        if collective_id is None:
            publish_network_report(*ids)
        else:
            with inside(collective_id):
                publish_report(*ids)
    return time.perf_counter() - begun


def _part(house: Flask) -> None:
    # A forked child must not speak on its parent's connections.
    with house.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _check(hive: Hive, publisher_id: UUID) -> None:
    with connect(hive.superuser) as superuser:
        row = superuser.execute(PUBLISHED, [publisher_id]).fetchone()
    if not row or not row[0]:
        raise RuntimeError("The report was refused.")
