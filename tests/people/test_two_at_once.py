"""Two who write to one file at once: the second sees what the first wrote, and nothing of either is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.db import db, new_id, now
from app.people.home_meetings import HomeMeeting
from app.people.models import Person

ONE, OTHER = "remobilisation--lien-social", "remobilisation--activites-sportives-et-culturelles"


@pytest.fixture
def met(saint_mars, files):
    """A meeting at home that took place three hours ago: (person id, meeting id)."""
    person_id, meeting_id = files.opens(name="Ada"), new_id()
    files.pairs(person_id)
    members = saint_mars.members()
    one, other = (members[each] for each in saint_mars.names("volunteer", "second"))
    with saint_mars.at_home():
        db.session.add(HomeMeeting(id=meeting_id, person_id=person_id, one_id=one, other_id=other, starts_at=now() - timedelta(hours=3)))
    return person_id, meeting_id


def test_what_was_ticked_meanwhile_is_shown_too(saint_mars, files):
    person_id = files.opens(name="Ada")
    base = {"version": "1", "name": "Ada", "languages": ["fr"]}
    first = {**base, "age": "from_60", "needs": [ONE], "languages": ["fr", "wo"]}
    assert saint_mars.coordinator.post("people.update", first, person_id=person_id).status_code == 302
    second = saint_mars.coordinator.post("people.update", {**base, "needs": [OTHER]}, person_id=person_id)
    assert second.status_code == 409
    warned = second.text.split('<dl class="mb-0">')[1].split("</dl>")[0]
    for text in ("rencontrer du monde", "wolof", "60"):
        assert text in warned, text
    assert files.person(person_id).needs == [ONE]


def heard(**values):
    return {"heard": "Elle aime les roses.", "likes": "", "gives": "", "next_step": "", **values}


def test_what_one_companion_heard_is_not_written_over_by_the_other(saint_mars, files, met):
    person_id, meeting_id = met
    where = {"person_id": person_id, "home_meeting_id": meeting_id}
    first = saint_mars.volunteer.post("people.create_hearing", heard(version="1", likes="les roses", needs=[ONE]), **where)
    assert first.status_code == 302
    second = saint_mars.second.post("people.create_hearing", heard(version="1", heard="Elle a parlé de sa sœur."), **where)
    assert second.status_code == 409
    for text in (saint_mars.names("volunteer")[0], "Elle aime les roses.", "les roses", "rencontrer du monde", "Elle a parlé de sa sœur."):
        assert text in second.text, text
    with saint_mars.at_home():
        person = db.session.get_one(Person, (saint_mars.id, person_id))
        assert (person.likes, person.needs) == ("les roses", [ONE])
    both = heard(version=str(person.version), heard="Elle aime les roses. Elle a parlé de sa sœur.", likes="les roses", needs=[ONE])
    assert saint_mars.second.post("people.create_hearing", both, **where).status_code == 302
    assert "Elle a parlé de sa sœur." in saint_mars.second.get("people.show", person_id=person_id).text


def test_the_same_hearing_sent_twice_is_kept_once(saint_mars, files, met):
    person_id, meeting_id = met
    for _time in range(2):
        answer = saint_mars.volunteer.post("people.create_hearing", heard(version="1"), person_id=person_id, home_meeting_id=meeting_id)
        assert answer.status_code == 302


def test_the_form_of_a_meeting_that_was_told_shows_what_was_told(saint_mars, files, met):
    person_id, meeting_id = met
    where = {"person_id": person_id, "home_meeting_id": meeting_id}
    saint_mars.volunteer.post("people.create_hearing", heard(version="1", next_step="Revenir jeudi"), **where)
    form = saint_mars.second.get("people.show_meeting", **where).text
    assert "Elle aime les roses.</textarea>" in form.replace("\r\n", "").replace("\n", "")
    assert 'value="Revenir jeudi"' in form


def test_a_meeting_to_come_is_not_told(saint_mars, files, met):
    person_id, meeting_id = met
    with saint_mars.at_home():
        db.session.execute(update(HomeMeeting).where(HomeMeeting.id == meeting_id).values(starts_at=now() + timedelta(days=3)))
    answer = saint_mars.volunteer.post("people.create_hearing", heard(version="1"), person_id=person_id, home_meeting_id=meeting_id)
    assert answer.status_code == 422
    assert files.person(person_id).stage == "spotted"


def test_a_new_pair_is_told_of_a_meeting_that_the_former_one_planned(saint_mars, files):
    person_id = files.opens(name="Ada")
    files.pairs(person_id)
    members = saint_mars.members()
    one, other = (members[each] for each in saint_mars.names("volunteer", "second"))
    with saint_mars.at_home():
        db.session.add(HomeMeeting(id=new_id(), person_id=person_id, one_id=one, other_id=other, starts_at=now() + timedelta(days=3)))
    assert files.pairs(person_id, "second", "third").status_code == 302
    assert "Une rencontre est prévue avec quelqu’un de l’ancien binôme" in saint_mars.coordinator.get("people.show", person_id=person_id).text


@pytest.mark.parametrize("since", ["1926-01-01", "2999-01-01"])
def test_a_pair_of_another_century_is_asked_about(saint_mars, files, since):
    person_id = files.opens()
    members = saint_mars.members()
    one, other = (str(members[each]) for each in saint_mars.names("volunteer", "second"))
    answer = saint_mars.coordinator.post("people.create_pair", {"id": str(new_id()), "one": one, "other": other, "since": since}, person_id=person_id)
    assert answer.status_code == 422
    assert "Est-ce la bonne année" in answer.text
