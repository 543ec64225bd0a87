"""The end of a path: whatever its day, it is the end; after a death nothing leaves and nothing is asked any more."""

from datetime import timedelta

import pytest

from app.db import new_id
from app.people.home_meetings import HomeMeeting
from app.people.models import Stage
from tenants.months import today_in


def day(before=0):
    return (today_in("Europe/Paris") - timedelta(days=before)).isoformat()


def ends(crew, person_id, **values):
    form = {"id": str(new_id()), "because": "died", "on": day(), "reason": "", **values}
    return crew.coordinator.post("people.create_closing", form, person_id=person_id)


def steps(crew, person_id, stage, **values):
    form = {"id": str(new_id()), "stage": stage, "on": day(), "reason": "Elle revient.", **values}
    return crew.coordinator.post("people.create_step", form, person_id=person_id)


def test_a_death_that_is_learned_of_late_ends_the_path_all_the_same(saint_mars, files):
    person_id = files.opens(name="Ada", found_on=day(30))
    assert steps(saint_mars, person_id, "accompanied", on=day(2)).status_code == 302
    assert ends(saint_mars, person_id, on=day(10)).status_code == 302
    person = files.person(person_id)
    assert person.stage == Stage.closed
    assert person.has_died


def test_a_path_that_begins_again_stands_where_it_began_again(saint_mars, files):
    person_id = files.opens(found_on=day(30))
    assert ends(saint_mars, person_id, because="moved", on=day(2)).status_code == 302
    assert steps(saint_mars, person_id, "accompanied").status_code == 302
    assert files.person(person_id).stage == Stage.accompanied


def test_a_step_noted_late_does_not_open_what_has_ended(saint_mars, files):
    person_id = files.opens(found_on=day(30))
    assert ends(saint_mars, person_id, on=day(2)).status_code == 302
    assert steps(saint_mars, person_id, "met", on=day(20)).status_code == 302
    assert files.person(person_id).has_died


def test_it_does_not_end_before_it_began(saint_mars, files):
    person_id = files.opens(found_on=day(3))
    answer = ends(saint_mars, person_id, on=day(5), reason="Une chute.")
    assert answer.status_code == 422
    assert "Vous ne la connaissiez pas encore ce jour-là." in answer.text
    assert "Une chute." in answer.text


@pytest.mark.parametrize("because", ["died", "moved"])
def test_no_meeting_is_planned_once_it_has_ended(saint_mars, files, because):
    person_id = files.opens(name="Ada")
    assert ends(saint_mars, person_id, because=because).status_code == 302
    members = saint_mars.members()
    one = str(members[saint_mars.names("coordinator")[0]])
    form = {"id": str(new_id()), "day": day(-2), "hour": "14:30", "one": one, "other": "", "alone_because": "Personne d’autre."}
    answer = saint_mars.coordinator.post("people.create_meeting", form, person_id=person_id)
    assert answer.status_code in (302, 422)
    assert not [each for each in saint_mars.rows(HomeMeeting) if each.person_id == person_id]
