"""Papers of a course, each made in a fresh fork as a worker makes it: nothing is warm but what the worker has imported."""

import gc
import os
import struct
import time
from collections.abc import Callable, Iterator
from datetime import time as hour
from datetime import timedelta
from uuid import UUID

from flask import Flask

from app.db import db, new_id
from app.factory import create_app
from app.settings import from_environment
from app.training.certificates import certify
from app.training.models import Course, TrainingSession
from app.training.participants import Participant, ParticipantKind
from app.training.plans import plans, sessions_of
from app.training.presence import Presence, note
from bench.table import Line, within
from bench.worlds import BUSY, World, at_home
from tenants.documents import Document
from tenants.models import collective_by_slug
from tenants.months import today_in
from tenants.scope import inside
from workers.papers import make_paper

PEOPLE, TIMES = 200, 15


def papers(world: World) -> Iterator[Line]:
    """A sheet of twelve, one certificate, and two hundred in one job."""
    # As workers/run.py does before it forks.
    import typst  # noqa: F401

    house = create_app(from_environment(world.environment))
    gc.collect()
    gc.freeze()
    with at_home(house):
        collective_id = collective_by_slug(BUSY).id  # type: ignore[union-attr]
    sheet, _few = _course(house, collective_id, 12, completed=0)
    _session, one = _course(house, collective_id, 1, completed=1)
    _session, many = _course(house, collective_id, PEOPLE, completed=PEOPLE)
    yield within("attendance sheet of twelve, in the worker", _times(house, collective_id, "attendance_sheet", sheet), 0.15)
    yield within("one certificate, in the worker", _times(house, collective_id, "certificates", one), 0.15)
    yield within("200 certificates in one job", _times(house, collective_id, "certificates", many), 10)
    gc.unfreeze()
    with house.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _course(house: Flask, collective_id: UUID, people: int, completed: int) -> tuple[UUID, UUID]:
    """Eight sessions held and a group of which so many completed; returns the first session and the course."""
    with at_home(house), inside(collective_id):
        plan = db.session.scalars(plans().limit(1)).one()
        course = Course(plan_id=plan.id, place="Salle des fêtes", minimum=1, maximum=people)
        db.session.add(course)
        # Sessions and people point at the course.
        db.session.flush()
        days = {each.position: today_in("Europe/Paris") - timedelta(weeks=9 - each.position) for each in db.session.scalars(sessions_of(plan.id))}
        sessions = [TrainingSession(course_id=course.id, position=number, day=day, begins=hour(18), minutes=120) for number, day in days.items()]
        group = [Participant(course_id=course.id, kind=ParticipantKind.inhabitant, name=f"Camille Personne {n}") for n in range(people)]
        db.session.add_all([*sessions, *group])
        # Presence points at them.
        db.session.flush()
        for session in sessions:
            note(session, {each.id: Presence.present if number < completed else Presence.absent for number, each in enumerate(group)})
        db.session.flush()
        certify(course, plan.needed, today_in("Europe/Paris"))
        return sessions[0].id, course.id


def _times(house: Flask, collective_id: UUID, kind: str, about_id: UUID) -> list[float]:
    """How long the job takes, several times, each with a document of its own."""
    seconds = []
    for _time in range(TIMES):
        document_id = new_id()
        with at_home(house), inside(collective_id):
            db.session.add(Document(id=document_id, kind=kind, about_id=about_id, filename="papier.pdf", media_type="application/pdf"))
        seconds.append(in_a_fork(lambda asked=document_id: _make(house, collective_id, asked)))
    return seconds


def _make(house: Flask, collective_id: UUID, document_id: UUID) -> float:
    with house.app_context():
        # A forked child must not speak on its parent's connections.
        for engine in db.engines.values():
            engine.dispose(close=False)
    begun = time.perf_counter()
    with at_home(house), inside(collective_id):
        make_paper(str(document_id))
    return time.perf_counter() - begun


def in_a_fork(work: Callable[[], float]) -> float:
    """What `work` says, said in a child of this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, struct.pack("d", work()))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read(8)
    os.waitpid(child, 0)
    if len(told) < 8:
        raise RuntimeError("The job failed.")
    return float(struct.unpack("d", told)[0])
