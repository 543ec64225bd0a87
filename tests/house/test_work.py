"""Work that waits: every queue has a worker, every job that is named is known, the schedule calls what exists."""

import ast
import inspect
from pathlib import Path

import pytest

import app.factory  # noqa: F401  # importing the house is what makes jobs known
from workers import perform, queue, run
from workers.schedule import SCHEDULE

ROOT = Path(__file__).parents[2]


def staged(text):
    """Names passed to later("…"); None for a name that cannot be read here."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "later")
    return [call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None for call in calls]


def check_known(names, where=""):
    for name in names:
        assert name is not None, f"{where} stages a job whose name is computed: write it out, so that it can be found."
        assert name in queue.verbs, f"{where} stages {name}, which no @job of workers/ is called."


def test_every_job_that_is_staged_is_known():
    seen = []
    for folder in ("app", "tenants", "workers"):
        for path in (ROOT / folder).rglob("*.py"):
            names = staged(path.read_text())
            check_known(names, path.relative_to(ROOT))
            seen += names
    assert seen


@pytest.mark.parametrize("bad", ['later("fly")', "queue.later(name)", "later()"])
def test_a_job_that_nobody_does_is_noticed(bad):
    with pytest.raises(AssertionError):
        check_known(staged(bad))


def test_every_job_takes_ids_alone_and_lives_in_the_module_of_its_room():
    for name, verb in queue.verbs.items():
        assert verb.__module__.startswith("workers."), f"The job {name} lives in {verb.__module__}: move it to workers/."
        kinds = {each.annotation for each in inspect.signature(verb).parameters.values()}
        assert kinds <= {str, "str"}, f"The job {name} takes {kinds}: jobs take ids only, as text."


@pytest.mark.parametrize("each", SCHEDULE, ids=str)
def test_the_schedule_calls_what_exists(each):
    assert callable(getattr(perform, each.function, None)), f"workers/perform.py has no {each.function}."
    inspect.signature(getattr(perform, each.function)).bind(*each.args)
    assert each.queue in queue.QUEUES, f"No worker listens to the queue {each.queue}: add it to QUEUES (workers/queue.py)."
    assert (each.seconds is None) != (each.cron is None), f"{each.function} runs every so many seconds, or by a cron line: say one of them."
    if each.function in ("nightly", "in_no_collective"):
        assert each.args[0] in queue.verbs, f"The night asks for {each.args[0]}, which no @job of workers/ is called."
        assert not inspect.signature(queue.verbs[each.args[0]]).parameters, f"{each.args[0]} is asked for by the schedule and takes no id."


def test_every_queue_has_a_worker(monkeypatch):
    listened = []

    class Ear:
        told_to_stop = True

        def __init__(self, names, **_):
            listened.extend(names)

        def work(self, **_):
            pass

    class Silence:
        def __init__(self, *_, **__):
            pass

        def enqueue(self, *_, **__):
            pass

    house = type("House", (), {"app_context": lambda _self: __import__("contextlib").nullcontext()})()
    monkeypatch.setattr(run, "Hand", Ear)
    monkeypatch.setattr(run, "Queue", Silence)
    monkeypatch.setattr(run, "connection", lambda: None)
    monkeypatch.setattr(run.perform, "serve", lambda _factory: None)
    monkeypatch.setattr(run.perform, "application", lambda: house)
    monkeypatch.setattr(run.os, "register_at_fork", lambda **_: None)
    # What is frozen is hidden from whoever asks the collector in a test after this one.
    monkeypatch.setattr(run.gc, "freeze", lambda: None)
    run.work()
    assert set(listened) == set(queue.QUEUES), "A queue has no worker: workers/run.py listens to QUEUES."
    named = {node.value for node in ast.walk(ast.parse((ROOT / "workers" / "schedule.py").read_text())) if isinstance(node, ast.Constant)}
    assert named & set(queue.QUEUES) == set(), "Name queues by their constants, SOON and TONIGHT."
