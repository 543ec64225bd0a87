"""Counting everything again: beside one bare `group by` over the same rows, interrupted and gone on with, and beside people's pages."""

import contextlib
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psycopg
from flask import Flask

from bench.browser import Browser
from bench.ground import Web
from bench.hive import Hive
from bench.ratios import ROUNDS, ratio
from bench.table import Line, bounded
from bench.town import page
from bench.worlds import PASSWORD, STAFF
from tenants.bootstrap import connect
from workers import recounting

BARE = """
select count(*) from (
    select e.collective_id, to_char(r.day, 'YYYY-MM'), e.outcome, count(*)
    from encounters e join rounds r on r.collective_id = e.collective_id and r.id = e.round_id
    group by 1, 2, 3) grouped
"""
BOUND = 40
# How long a recount of everybody may take here before a part of them has to speak for all.
LONGEST = 900
EACH, WARMING = 30, 2
# Whether PostgreSQL writes to the disk for the recount in this second or in the next makes more of a difference here than anywhere else.
BESIDE = 3 * ROUNDS
DONE = re.compile(r"(\d+) of (\d+) collectives are done")


def recounts(hive: Hive, house: Flask, running: Web, say: Callable[[str], None]) -> Iterator[Line]:
    """The bound of a recount of everybody, its going on, and what it costs the pages."""
    say("  the bare group by")
    with connect(hive.superuser) as superuser:
        # The first one brings them into memory.
        _timed(superuser, BARE)
        before = _timed(superuser, BARE)
    say("  everybody, until it is done or a quarter of an hour has passed")
    begun = time.monotonic()
    stopped, _said = _run(hive, LONGEST)
    seconds = time.monotonic() - begun
    with connect(hive.superuser) as superuser:
        after = _timed(superuser, BARE)
    # Before and after: what else the machine does meets both.
    bare = (before + after) / 2
    yield Line("one bare group by over all encounters", f"{bare:.1f} s", f"{min(before, after):.1f} to {max(before, after):.1f} s")
    done = _done(hive, house) if stopped else hive.collectives
    what = "recount of everybody" if not stopped else f"recount of {done:,} of {hive.collectives:,} collectives, their share of that group by"
    share = bare * done / hive.collectives
    yield Line(f"{what}: recount / bare", f"{seconds / share:.1f}", f"{seconds:.0f} s", f"≤ {BOUND}", seconds / share <= BOUND)
    yield from _going_on(hive, house, say)
    say("  a page alone and beside a recount")
    yield from _beside(hive, running)


def _timed(superuser: psycopg.Connection, query: str) -> float:
    begun = time.monotonic()
    superuser.execute(query)
    return time.monotonic() - begun


def _start(hive: Hive, *words: str) -> "subprocess.Popen[str]":
    # As docs/operating.md says to.
    command = ["nice", sys.executable, "-m", "flask", "--app", "app.factory", "ledger", "recount", "--all", *words]
    environment = {**os.environ, **hive.environment}
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)


def _run(hive: Hive, longest: float, *words: str) -> tuple[bool, str]:
    """Run the command, and stop it as an operator does when it has run for so long. Returns whether it was stopped, and what it said."""
    process = _start(hive, *words)
    try:
        return False, process.communicate(timeout=longest)[0]
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        return True, process.communicate()[0]


def _done(hive: Hive, house: Flask) -> int:
    """How many collectives are behind the place where the run was stopped; all, if it only had to add up the sums any more."""
    with house.app_context():
        after = recounting.stopped_after(check=False)
    if after is None:
        return hive.collectives
    with connect(hive.superuser) as superuser:
        row = superuser.execute("select count(*) from collectives where id <= %s", [after]).fetchone()
    return int(row[0]) if row else 0


def _going_on(hive: Hive, house: Flask, say: Callable[[str], None]) -> Iterator[Line]:
    """Stop one in the middle and start it again: it says how many it need not do any more."""
    say("  stopped in the middle, and started again")
    _run(hive, 10, "--anew")
    left = _done(hive, house)
    _stopped, said = _run(hive, 10)
    went_on = DONE.search(said)
    at = int(went_on[1]) if went_on else 0
    yield Line("a run that was stopped goes on after as many collectives", f"{at:,}", "", f"= {left:,}", bool(at) and at == left)


def _beside(hive: Hive, running: Web) -> Iterator[Line]:
    """A page alone and during a recount, round by round: a recount is started and stopped between them."""
    ask = page(Browser(running.port).sign_in(STAFF, PASSWORD), "/reseau/")
    alone: list[float] = []
    beside: list[float] = []
    process = None
    try:
        # The first round warms both and is not kept; nor is one in which a small network was done with.
        while len(beside) <= BESIDE:
            if process is None or process.poll() is not None:
                process = _start(hive, "--anew")
                # It has begun once it is past its imports.
                time.sleep(8)
            medians = [_asked(ask, process.pid, told) for told in (signal.SIGSTOP, signal.SIGCONT)]
            if process.poll() is None:
                alone.append(medians[0])
                beside.append(medians[1])
    finally:
        if process and process.poll() is None:
            os.killpg(process.pid, signal.SIGCONT)
            process.send_signal(signal.SIGINT)
            process.communicate()
    yield bounded("/reseau/ beside a recount / alone", ratio(beside[1:], alone[1:]), 1.20)


def _asked(ask: Callable[[], float], recount: int, told: signal.Signals) -> float:
    """The median of some requests, once the recount was told to stand still or to go on."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(recount, told)
    time.sleep(0.2)
    return statistics.median([ask() for _turn in range(WARMING + EACH)][WARMING:])
