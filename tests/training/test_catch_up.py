"""Who can no longer complete: told of once, with the sessions where they can catch up."""

import re
from datetime import timedelta

import pytest

from app.db import db
from app.training.models import Course, SessionState, TrainingSession
from app.training.participants import Participant
from app.training.presence import Attendance
from tests.mails import mails_to, work_off
from tests.training.steps import TODAY, comes_round, enrols, opened, people, sessions, ticks
from workers.after_course import warn_out_of_reach

TRAINER, COORDINATOR = "formatrice@demo.essaimage.fr", "coordination.saint-mars-du-desert@demo.essaimage.fr"


@pytest.fixture
def course_id(saint_mars):
    """A course in which Bob missed its first three sessions and cannot complete any more; Ada was there."""
    course_id = opened(saint_mars, place="La grange")
    for name in ("Ada", "Bob"):
        enrols(saint_mars, course_id, name, f"{name.lower()}@example.org")
    ids = people(saint_mars, course_id)
    with saint_mars.at_home():
        for each in sessions_here(course_id)[:3]:
            each.day = TODAY - timedelta(days=28 - 7 * each.position)
    for session in sessions(saint_mars, course_id)[:3]:
        ticks(saint_mars, session.id, ids["Ada"])
    return course_id


def sessions_here(course_id):
    return db.session.scalars(db.select(TrainingSession).where(TrainingSession.course_id == course_id).order_by(TrainingSession.position)).all()


def warned(crew, email):
    return [each for each in mails_to(crew.house, email) if "Une personne n’ira plus au bout" in each and "(La grange)" in each]


def suggested(crew, course_id):
    """The numbers of the sessions in the yard that the page of a course names."""
    return set(re.findall(r"séance (\d), [^;<]*, Le préau", crew.trainer.get("training.show", course_id=course_id).text))


def night(crew):
    with crew.at_home():
        warn_out_of_reach()
    work_off(crew.house, crew.id)


def test_trainer_and_coordination_are_told_once_and_without_a_name(saint_mars, course_id):
    before = {each: len(warned(saint_mars, each)) for each in (TRAINER, COORDINATOR)}
    opened(saint_mars, place="Le préau")
    for _night in range(2):
        night(saint_mars)
    for email in (TRAINER, COORDINATOR):
        mails = warned(saint_mars, email)
        assert len(mails) == before[email] + 1
        assert "séance 3," in mails[-1]
        assert "Le préau" in mails[-1]
        assert "Bob" not in mails[-1]
        assert f"/parcours/{course_id}" in mails[-1]
    page = saint_mars.trainer.get("training.show", course_id=course_id).text
    assert "séance 3," in page.split("<strong>Bob")[1]
    assert "séance 3," not in page.split("<strong>Ada")[1].split("<strong>Bob")[0]


def test_a_session_of_another_collective_is_told_to_its_trainer_alone_as_a_date(saint_mars, course_id):
    night(saint_mars)
    # The trainer has a course in Ranzay as well; the coordination has not.
    mail = warned(saint_mars, TRAINER)[-1]
    assert "Vous animez aussi ces séances dans un autre collectif" in mail
    assert "Ranzay" not in mail
    assert "autre collectif :" not in warned(saint_mars, COORDINATOR)[-1]


def test_sessions_that_are_over_cancelled_or_of_a_finished_course_are_no_chance(saint_mars, course_id):
    other = opened(saint_mars, place="Le préau")
    with saint_mars.at_home():
        first, second, *_rest = sessions_here(other)
        first.day, second.state = TODAY - timedelta(days=1), SessionState.cancelled
    assert suggested(saint_mars, course_id) == {"3"}
    with saint_mars.at_home():
        db.session.get_one(Course, (saint_mars.id, other)).completed_at = db.func.now()
    assert suggested(saint_mars, course_id) == set()


def test_a_caught_up_session_counts_and_nobody_is_warned_of(saint_mars, course_id):
    other = opened(saint_mars, place="Le préau")
    comes_round(saint_mars, other)
    ids = people(saint_mars, course_id)
    first = sessions(saint_mars, other)[0]
    saint_mars.trainer.post("training.create_catch_up", {"participant": str(ids["Bob"])}, session_id=first.id)
    before = len(warned(saint_mars, COORDINATOR))
    night(saint_mars)
    assert len(warned(saint_mars, COORDINATOR)) == before
    with saint_mars.at_home():
        assert db.session.get_one(Participant, (saint_mars.id, ids["Bob"])).warned_at is None


def test_who_left_the_course_is_not_told_of(saint_mars, course_id):
    before = len(warned(saint_mars, COORDINATOR))
    saint_mars.coordinator.post("training.delete_participant", participant_id=people(saint_mars, course_id)["Bob"])
    night(saint_mars)
    assert len(warned(saint_mars, COORDINATOR)) == before


def test_who_catches_up_twice_does_so_once_and_nobody_is_said_beside_the_field(saint_mars, course_id):
    other = opened(saint_mars, place="Le préau")
    comes_round(saint_mars, other)
    first, bob = sessions(saint_mars, other)[0], str(people(saint_mars, course_id)["Bob"])
    nobody = saint_mars.trainer.post("training.create_catch_up", {"participant": ""}, session_id=first.id)
    assert nobody.status_code == 422
    assert "invalid-feedback" in nobody.text.split('name="participant"')[1].split("</form>")[0]
    for _time in range(2):
        assert saint_mars.trainer.post("training.create_catch_up", {"participant": bob}, session_id=first.id).status_code == 302
    assert len([each for each in saint_mars.rows(Attendance) if each.session_id == first.id]) == 1
