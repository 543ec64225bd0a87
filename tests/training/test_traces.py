"""What bad input and two hands at once leave behind: the trace of presence, and limits."""

import threading
from datetime import timedelta

import pytest

from app.db import db, new_id, now
from app.outreach.models import Round
from app.people.tasks import settle_kind
from app.training.figures import count_volunteers
from app.training.links import wall_token
from app.training.models import TrainingSession
from app.training.presence import Attendance
from tenants.months import today_in
from tests.newcomer import newcomer
from tests.training.steps import TODAY, enrols, follow, holds_all, opened, people, sessions, states, ticks


@pytest.fixture
def course_id(saint_mars):
    course_id = opened(saint_mars, maximum="9")
    for name in ("Ada", "Bob", "Cléo"):
        enrols(saint_mars, course_id, name)
    return course_id


def test_the_trace_says_who_noted_what_and_who_corrected_it(saint_mars, ranzay, course_id):
    first, ids = sessions(saint_mars, course_id)[0], people(saint_mars, course_id)
    ticks(saint_mars, first.id, ids["Ada"])
    said = {f"state-{ids['Ada'].hex}": "late", f"was-{ids['Ada'].hex}": "present"}
    saint_mars.coordinator.post("training.update_detail", said, session_id=first.id)
    rows = saint_mars.trainer.get("training.show_trace", session_id=first.id).text.split("<tbody>")[1].split("</tr>")
    assert len(rows) == 5, "Three noted, one corrected, and what follows the last row."
    assert all(word in rows[0] for word in ("Ada", "présence", "en retard", "Solène Abgrall"))
    assert all("Jeanne Lescure" in row and "pas encore noté" in row for row in rows[1:4])
    ticks(saint_mars, first.id, ids["Ada"], was=[ids["Ada"]])
    assert saint_mars.trainer.get("training.show_trace", session_id=first.id).text.count("<tr>") == 5, "What did not change leaves no trace."
    assert ranzay.coordinator.get("training.show_trace", session_id=first.id).status_code == 404
    assert saint_mars.volunteer.get("training.show_trace", session_id=first.id).status_code == 404


def test_the_second_of_two_trainers_is_told_what_the_first_noted(saint_mars, course_id):
    first, ids = sessions(saint_mars, course_id)[0], people(saint_mars, course_id)
    ticks(saint_mars, first.id, ids["Ada"])
    page = follow(saint_mars, ticks(saint_mars, first.id, ids["Bob"], by="coordinator"))
    assert "quelqu’un d’autre a noté : Ada." in page
    page = follow(saint_mars, ticks(saint_mars, first.id, ids["Ada"], ids["Bob"], was=[ids["Ada"], ids["Bob"]], by="coordinator"))
    assert "quelqu’un d’autre" not in page


def test_the_code_on_the_wall_signs_in_once_and_leaves_a_trace(saint_mars, stranger, course_id):
    first = sessions(saint_mars, course_id)[0]
    with saint_mars.at_home():
        session = db.session.get_one(TrainingSession, (saint_mars.id, first.id))
        session.day, session.begins = TODAY, now().astimezone(session.span("Europe/Paris")[0].tzinfo).time()
        token = wall_token(saint_mars.id, first.id)
    for _twice in range(2):
        assert stranger.post("enrolment.create_presence", {"name": "ada"}, token=token).status_code == 200
    assert stranger.post("enrolment.create_presence", {"name": "Quelqu’un"}, token=token).status_code == 422
    assert len(states(saint_mars, first.id)) == 1
    page = saint_mars.trainer.get("training.show_trace", session_id=first.id).text
    assert page.count("le code au mur") == 1


def test_codes_are_not_guessed(house, stranger):
    statuses = [stranger.post("enrolment.create_check", {"certificate": f"SMD-{number:08d}"}).status_code for number in range(21)]
    assert statuses == [422] * 20 + [429]


@pytest.mark.committed
def test_two_who_take_the_last_place_at_once_do_not_both_get_it(house, addresses):
    with newcomer(house, addresses, slug="derniere-place") as crew:
        data = {"id": str(new_id()), "day": today_in("Europe/Paris").isoformat(), "begins": "18:00", "place": "Ici", "minimum": "1", "maximum": "1"}
        data["trainers"] = [str(crew.members()[crew.names("coordinator")[0]])]
        assert crew.coordinator.post("training.create", data).status_code == 302
        barrier, results = threading.Barrier(2), []

        def enrol(someone, name):
            barrier.wait()
            results.append(enrols_as(someone, data["id"], name).status_code)

        crew_members = (crew.coordinator, type(crew.coordinator)(house, crew.coordinator.email, crew.slug))
        hands = [threading.Thread(target=enrol, args=(who, name)) for who, name in zip(crew_members, ("Ada", "Bob"), strict=True)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        assert results == [302, 302]
        page = crew.coordinator.get("training.show", course_id=data["id"]).text
        assert "Une personne inscrite pour une place." in page
        assert "En attente" in page


def enrols_as(someone, course_id, name):
    return someone.post("training.create_participant", {"id": str(new_id()), "name": name, "contact": "", "kind": "inhabitant"}, course_id=course_id)


def test_volunteers_who_go_out_within_three_months_of_completing(saint_mars):
    course_id = opened(saint_mars, maximum="9")
    maelle, bernard, nadia = saint_mars.names("volunteer", "second", "third")
    for name, contact in ((maelle, ""), ("Quelqu’un d’autre", "benevole2.saint-mars-du-desert@demo.essaimage.fr"), (nadia, ""), ("Ada", "")):
        enrols(saint_mars, course_id, name, contact, kind="volunteer")
    enrols(saint_mars, course_id, bernard, kind="inhabitant")
    with saint_mars.at_home():
        for each in db.session.scalars(db.select(Round)):
            each.day -= timedelta(days=500)
    holds_all(saint_mars, course_id, {maelle: 8, "Quelqu’un d’autre": 6, nadia: 5, "Ada": 8, bernard: 8})
    # The sixth session, which completes, was eighteen days ago.
    done = TODAY - timedelta(days=60 - 42)
    count = lambda since, until: count_at(saint_mars, since, until)  # noqa: E731  # said four times
    everyone = {"volunteers_trained": 3, "volunteers_trained_active": 0}
    assert count(done, done + timedelta(days=1)) == everyone
    assert count(done + timedelta(days=1), TODAY) == {"volunteers_trained": 0, "volunteers_trained_active": 0}
    # Maëlle and Bernard go out: she is known by her name, he by his address.
    round_id = saint_mars.plans(days=0)
    saint_mars.closes(round_id)
    assert count(done, done + timedelta(days=1)) == everyone | {"volunteers_trained_active": 2}
    with saint_mars.at_home():
        db.session.get_one(Round, (saint_mars.id, round_id)).day = done + timedelta(days=93)
    assert count(done, done + timedelta(days=1)) == everyone, "Later than three months."


def count_at(crew, since, until):
    with crew.at_home():
        return count_volunteers(since, until)


def test_presences_are_written_once_for_each(saint_mars, course_id):
    first, ids = sessions(saint_mars, course_id)[0], people(saint_mars, course_id)
    for _twice in range(2):
        ticks(saint_mars, first.id, ids["Ada"])
    assert len([each for each in saint_mars.rows(Attendance) if each.session_id == first.id]) == 3


def test_a_sheet_that_nobody_ticked_waits_for_the_coordination_until_it_is(saint_mars, course_id):
    second = sessions(saint_mars, course_id)[1]
    with saint_mars.at_home():
        db.session.get_one(TrainingSession, (saint_mars.id, second.id)).day = TODAY - timedelta(days=1)
        db.session.flush()
        settle_kind("unticked")
    assert "Noter les présences de la séance 2" in saint_mars.coordinator.get("tasks.index").text
    ticks(saint_mars, second.id)
    assert "Noter les présences de la séance 2" not in saint_mars.coordinator.get("tasks.index").text


def test_a_finished_course_without_report_waits_for_one(saint_mars, course_id):
    holds_all(saint_mars, course_id, {"Ada": 8, "Bob": 8, "Cléo": 8})
    saint_mars.coordinator.post("training.create_completion", course_id=course_id)
    assert "Écrire le bilan du parcours" in saint_mars.coordinator.get("tasks.index").text
    saint_mars.trainer.post("training.update_report", {"version": "0", "went_well": "Tout."}, course_id=course_id)
    assert "Écrire le bilan du parcours" not in saint_mars.coordinator.get("tasks.index").text


def test_no_single_tap_cancels_a_session(saint_mars, course_id):
    page = saint_mars.trainer.get("training.show_session", session_id=sessions(saint_mars, course_id)[0].id).text
    before, _button = page.split("Annuler la séance</button>")
    assert before.rindex("<details") > before.rindex("</details>") if "</details>" in before else "<details" in before
    assert "une séance annulée ne revient pas" in before
