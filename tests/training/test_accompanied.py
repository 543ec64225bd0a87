"""Someone who is accompanied takes part: the course does not say so, their file does, and an evening there is contact."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.accounts.models import User
from app.db import db, new_id, now
from app.people.models import FoundBy, Person
from app.people.opening import open_file
from app.training.accompanied import PersonEnrolment
from app.training.agenda import AgendaLine
from app.training.models import SessionState, sessions_of_course
from tenants.models import Membership
from tests.mails import mails_to, work_off
from tests.training.steps import TODAY, enrols, follow, holds_all, opened, people, sessions, ticks
from workers import after_course

JEANNE = Membership.display_name == "Jeanne Lescure"


@pytest.fixture
def course_id(saint_mars):
    return opened(saint_mars, place="La grange")


@pytest.fixture
def yvette(saint_mars):
    """Known for a month, never seen since."""
    day = TODAY - timedelta(days=30)
    member = saint_mars.members()[saint_mars.names("volunteer")[0]]
    with saint_mars.at_home():
        person = open_file(new_id(), {"name": "Yvette", "phone": "+33261914477"}, FoundBy.neighbour, day, (member, day, "Oui"))
        person.last_seen_on = day
        return person.id


def enrols_from_file(crew, person_id, course_id, by="coordinator", **changes):
    data = {"id": str(new_id()), "course": str(course_id), "name": "Yvette Roussel", "contact": "", "kind": "inhabitant", **changes}
    return getattr(crew, by).post("training.create_person_enrolment", data, person_id=person_id)


def last_seen(crew, person_id):
    with crew.at_home():
        return db.session.get_one(Person, (crew.id, person_id)).last_seen_on


def test_the_file_leads_to_a_course_and_the_course_shows_a_name_like_any_other(saint_mars, course_id, yvette):
    page = saint_mars.coordinator.get("people.show", person_id=yvette).text
    assert "Inscrire à un parcours" in page
    form = saint_mars.coordinator.get("training.new_person_enrolment", person_id=yvette).text
    assert "02 61 91 44 77" in form
    assert "rien ne dira que cette personne est accompagnée" in form
    assert "est inscrit" in follow(saint_mars, enrols_from_file(saint_mars, yvette, course_id))
    enrols(saint_mars, course_id, "Zacharie")
    line = lambda name: saint_mars.trainer.get("training.show", course_id=course_id).text.split(name)[1].split("</li>")[0]  # noqa: E731  # said twice
    assert line("<strong>Yvette Roussel").count("personne") == line("<strong>Zacharie").count("personne")
    assert str(yvette) not in saint_mars.trainer.get("training.show", course_id=course_id).text


def test_an_evening_is_contact_and_a_chapter_of_the_story(saint_mars, course_id, yvette):
    enrols_from_file(saint_mars, yvette, course_id)
    first, participant = sessions(saint_mars, course_id)[0], people(saint_mars, course_id)["Yvette Roussel"]
    ticks(saint_mars, first.id)
    work_off(saint_mars.house, saint_mars.id)
    assert last_seen(saint_mars, yvette) == TODAY - timedelta(days=30), "Absent is not seen."
    ticks(saint_mars, first.id, participant)
    work_off(saint_mars.house, saint_mars.id)
    assert last_seen(saint_mars, yvette) == TODAY
    story = saint_mars.coordinator.get("people.show", person_id=yvette).text.split('class="story"')[1]
    assert "Une séance du parcours" in story
    assert "Comprendre l’isolement" in story
    printed = saint_mars.coordinator.get("people.show_printout", person_id=yvette).text
    assert "Yvette Roussel, La grange" in printed
    assert "a inscrit au parcours" in saint_mars.coordinator.get("people.show_journal", person_id=yvette).text


def test_neither_trainer_nor_volunteer_nor_the_next_collective_may(saint_mars, ranzay, course_id, yvette):
    for by in ("trainer", "volunteer"):
        assert enrols_from_file(saint_mars, yvette, course_id, by=by).status_code == 404
    assert enrols_from_file(ranzay, yvette, course_id).status_code == 404
    assert "Inscrire à un parcours" not in saint_mars.volunteer.get("people.index").text
    theirs = opened(ranzay)
    assert enrols_from_file(saint_mars, yvette, theirs).status_code == 422
    assert not [each for each in saint_mars.rows(PersonEnrolment) if each.person_id == yvette]


def test_twice_is_once_and_a_namesake_is_asked_about(saint_mars, course_id, yvette):
    form_id = str(new_id())
    for _twice in range(2):
        assert enrols_from_file(saint_mars, yvette, course_id, id=form_id).status_code == 302
    assert len([each for each in saint_mars.rows(PersonEnrolment) if each.person_id == yvette]) == 1
    again = enrols_from_file(saint_mars, yvette, course_id)
    assert again.status_code == 422
    assert "déjà inscrite à ce parcours" in again.text
    other = opened(saint_mars)
    enrols(saint_mars, other, "Yvette Roussel")
    asked = enrols_from_file(saint_mars, yvette, other)
    assert asked.status_code == 422
    assert "Dites si c’est la même personne" in asked.text
    assert enrols_from_file(saint_mars, yvette, other, same="y").status_code == 302
    assert list(people(saint_mars, other)) == ["Yvette Roussel"]


def test_a_path_that_is_over_leads_nowhere(saint_mars, course_id, yvette):
    with saint_mars.at_home():
        db.session.get_one(Person, (saint_mars.id, yvette)).stage = "closed"
    assert enrols_from_file(saint_mars, yvette, course_id).status_code == 404
    assert "Inscrire à un parcours" not in saint_mars.coordinator.get("people.show", person_id=yvette).text


def dies(crew, person_id):
    form = {"id": str(new_id()), "because": "died", "on": TODAY.isoformat(), "reason": ""}
    assert crew.coordinator.post("people.create_closing", form, person_id=person_id).status_code == 302


def test_after_a_death_their_place_goes_to_the_next_and_nothing_is_sent(saint_mars, course_id, yvette):
    house = saint_mars.house
    enrols_from_file(saint_mars, yvette, course_id, contact="yvette@example.org")
    for name in ("Zacharie", "Blanche"):
        enrols(saint_mars, course_id, name)
    enrols(saint_mars, course_id, "Omer", "omer@example.org")
    dies(saint_mars, yvette)
    page = saint_mars.trainer.get("training.show", course_id=course_id).text
    assert "Yvette" not in page
    second = sessions(saint_mars, course_id)[1]
    later_day = {"day": (second.day + timedelta(days=1)).isoformat(), "begins": "18:00"}
    assert saint_mars.trainer.post("training.create_move", later_day, session_id=second.id).status_code == 302
    work_off(house, saint_mars.id)
    assert [mail.splitlines()[0] for mail in mails_to(house, "omer@example.org")] == [
        "Une place s’est libérée pour vous",
        "La séance 2 change de date",
    ]
    assert mails_to(house, "yvette@example.org") == []


def test_after_a_death_no_questionnaire_and_no_letter_of_a_course_that_is_over(saint_mars, course_id, yvette):
    house = saint_mars.house
    enrols_from_file(saint_mars, yvette, course_id, contact="yvette2@example.org")
    enrols(saint_mars, course_id, "Omer", "omer2@example.org")
    holds_all(saint_mars, course_id, {"Yvette Roussel": 8, "Omer": 8})
    assert saint_mars.trainer.post("training.create_completion", course_id=course_id).status_code == 302
    dies(saint_mars, yvette)
    with saint_mars.at_home():
        after_course.tend_questionnaires()
    work_off(house, saint_mars.id)
    work_off(house, saint_mars.id)
    assert len(mails_to(house, "omer2@example.org")) == 1
    assert mails_to(house, "yvette2@example.org") == []
    # What was is still counted.
    assert "Yvette Roussel" in saint_mars.trainer.get("training.show", course_id=course_id).text


def test_a_trainer_who_has_left_is_told_no_more(saint_mars, course_id):
    house, email = saint_mars.house, saint_mars.scalar(select(User.email).join(Membership, Membership.user_id == User.id).where(JEANNE))
    before, second = len(mails_to(house, email)), sessions(saint_mars, course_id)[1]
    with saint_mars.at_home():
        db.session.execute(update(Membership).where(JEANNE).values(left_at=now()))
    moved = {"day": (second.day + timedelta(days=1)).isoformat(), "begins": "18:00"}
    assert saint_mars.coordinator.post("training.create_move", moved, session_id=second.id).status_code == 302
    work_off(house, saint_mars.id)
    assert len(mails_to(house, email)) == before


def test_the_desk_counts_anew_when_someone_leaves(saint_mars, course_id):
    at_risk = lambda: {each.at_risk for each in saint_mars.rows(AgendaLine) if each.course_id == course_id}  # noqa: E731  # said twice
    enrols(saint_mars, course_id, "Zacharie")
    with saint_mars.at_home():
        for each in db.session.scalars(sessions_of_course(course_id)):
            each.state = SessionState.held if each.position < 5 else each.state
    enrols(saint_mars, course_id, "Blanche")
    assert at_risk() == {2}
    assert saint_mars.trainer.post("training.delete_participant", participant_id=people(saint_mars, course_id)["Blanche"]).status_code == 302
    assert at_risk() == {1}
