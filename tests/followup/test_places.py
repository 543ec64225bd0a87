"""Places of an activity: given in the order of the answers, waited for, given back; the team answers for itself."""

from datetime import timedelta

import pytest

from app.db import db
from app.followup.activities import Activity, ActivityGuest, Answer
from app.followup.gatherings import GatheringState
from app.followup.places import TeamAnswer
from app.people.tasks import Task, TaskState, settle
from tests.followup.conftest import TODAY
from tests.mails import mails_to, work_off

VOLUNTEER = "benevole.saint-mars-du-desert@demo.essaimage.fr"


class Guests:
    """People who are asked along to one activity."""

    def __init__(self, crew, together, *names, **plan):
        self.crew, self.together = crew, together
        self.people = {name: together.met(name) for name in names}
        self.form = together.activity_form(**plan)
        assert crew.coordinator.post("followup.create_activity", self.form).status_code == 302
        self.id = together.one(Activity, self.form["id"]).id
        crew.coordinator.post("followup.create_guests", {"guest": [str(each) for each in self.people.values()]}, activity_id=self.id)

    def answers(self):
        rows = {each.person_id: each.answer for each in self.crew.rows(ActivityGuest) if each.activity_id == self.id}
        return [rows[each] for each in self.people.values()]

    def says(self, name, answer):
        guest = next(each for each in self.crew.rows(ActivityGuest) if (each.activity_id, each.person_id) == (self.id, self.people[name]))
        return self.crew.coordinator.post("followup.update_guest", {"answer": answer}, activity_id=self.id, guest_id=guest.id)

    def changes(self, **changes):
        assert self.crew.coordinator.post("followup.update_activity", self.form | changes, activity_id=self.id).status_code == 302

    def team(self):
        return {each.member_id: each.comes for each in self.crew.rows(TeamAnswer) if each.activity_id == self.id}

    def page(self, by="coordinator", name="show_activity"):
        return getattr(self.crew, by).get(f"followup.{name}", activity_id=self.id).text


def tasks(crew, activity_id):
    """What waits about the activity."""
    return [each for each in crew.rows(Task) if each.subject_id == activity_id and each.state == TaskState.open]


def test_who_finds_no_place_waits_and_is_called_in_turn(saint_mars, together):
    guests = Guests(saint_mars, together, "Ada", "Basile", "Clémence", places="1", day=(TODAY + timedelta(days=3)).isoformat())
    for name in guests.people:
        for _time in range(2):
            guests.says(name, "coming")
    assert guests.answers() == [Answer.coming, Answer.waiting, Answer.waiting]
    page = guests.page(name="edit_guests")
    assert "Toutes les places sont prises. La personne est en attente" in page
    assert "2 personnes attendent une place" in page
    # Nobody is to be phoned as long as there is no place.
    assert [each.state for each in saint_mars.rows(Task) if each.subject_id == guests.id and each.kind == "activity_calls"] == [TaskState.gone]
    guests.says("Ada", "not_coming")
    assert guests.answers() == [Answer.not_coming, Answer.again, Answer.waiting]
    assert "Une place est libre : une personne qui attendait est à rappeler." in guests.page(name="edit_guests")
    assert "Une personne à appeler pour « Soupe partagée »" in saint_mars.coordinator.get("tasks.index").text
    guests.says("Basile", "coming")
    guests.changes(places="3")
    assert guests.answers() == [Answer.not_coming, Answer.coming, Answer.again]
    assert "Une personne attendait une place : elle est à rappeler." in guests.page()


def test_without_places_to_count_nobody_waits(saint_mars, together):
    guests = Guests(saint_mars, together, "Ada", "Basile", places="1")
    for name in guests.people:
        guests.says(name, "coming")
    guests.changes(places="")
    assert guests.answers() == [Answer.coming, Answer.again]
    guests.says("Basile", "waiting")
    assert guests.answers() == [Answer.coming, Answer.coming]


def test_another_day_asks_those_who_waited_too(saint_mars, together):
    guests = Guests(saint_mars, together, "Ada", "Basile", places="1")
    for name in guests.people:
        guests.says(name, "coming")
    guests.changes(day=(TODAY + timedelta(days=12)).isoformat())
    assert guests.answers() == [Answer.again, Answer.again]


@pytest.mark.parametrize("over", [False, True])
def test_who_had_said_yes_is_told_of_a_change_at_once_however_far_the_new_day(saint_mars, together, over):
    guests = Guests(saint_mars, together, "Ada", "Basile", day=(TODAY + timedelta(days=40)).isoformat())
    guests.says("Ada", "coming")
    # Whoever has not been asked yet waits for the week before.
    assert tasks(saint_mars, guests.id) == []
    if over:
        answer = saint_mars.coordinator.post("followup.create_activity_cancellation", {"because": "weather"}, activity_id=guests.id)
        assert answer.location.endswith("/invitations")
        assert "sont à prévenir" in guests.page(name="edit_guests")
    else:
        guests.changes(day=(TODAY + timedelta(days=60)).isoformat())
    assert guests.answers() == [Answer.again, Answer.asked]
    (task,) = tasks(saint_mars, guests.id)
    assert task.due_on <= TODAY
    with saint_mars.at_home():
        settle()
    assert [each.id for each in tasks(saint_mars, guests.id)] == [task.id]
    guests.says("Ada", "not_coming")
    assert tasks(saint_mars, guests.id) == []


def test_the_team_answers_an_invitation_and_takes_places(saint_mars, ranzay, together):
    guests = Guests(saint_mars, together, "Ada", title="La chorale", places="2", day=(TODAY + timedelta(days=3)).isoformat())
    saint_mars.coordinator.post("followup.create_invitation", activity_id=guests.id)
    work_off(saint_mars.house, saint_mars.id)
    assert "Dites si vous venez" in mails_to(saint_mars.house, VOLUNTEER)[-1]
    assert "Et vous ?" in guests.page("volunteer")
    for _time in range(2):
        saint_mars.volunteer.post("followup.create_team_answer", {"comes": "1"}, activity_id=guests.id)
    guests.says("Ada", "coming")
    assert guests.team() == {together.member("volunteer"): True}
    page = guests.page("second")
    assert "De l’équipe, viennent : Maëlle Kerdoncuff." in page
    assert "2 personnes viennent, pour 2 places." in page
    saint_mars.second.post("followup.create_team_answer", {"comes": "1"}, activity_id=guests.id)
    assert "Toutes les places sont prises." in guests.page("second")
    assert together.member("second") not in guests.team()
    saint_mars.second.post("followup.create_team_answer", {"comes": "0"}, activity_id=guests.id)
    assert guests.team() == {together.member("volunteer"): True, together.member("second"): False}
    assert ranzay.volunteer.post("followup.create_team_answer", {"comes": "1"}, activity_id=guests.id).status_code == 404
    assert saint_mars.observer.post("followup.create_team_answer", {"comes": "1"}, activity_id=guests.id).status_code == 404
    # Another day: everybody says it anew.
    guests.changes(day=(TODAY + timedelta(days=5)).isoformat())
    assert guests.team() == {}


def test_a_place_that_the_team_gives_back_is_offered(saint_mars, together):
    guests = Guests(saint_mars, together, "Ada", places="1")
    saint_mars.volunteer.post("followup.create_team_answer", {"comes": "1"}, activity_id=guests.id)
    guests.says("Ada", "coming")
    assert guests.answers() == [Answer.waiting]
    saint_mars.volunteer.post("followup.create_team_answer", {"comes": "0"}, activity_id=guests.id)
    assert guests.answers() == [Answer.again]


@pytest.mark.parametrize("state", [GatheringState.cancelled, GatheringState.held])
def test_what_is_over_takes_no_answer(saint_mars, together, state):
    guests = Guests(saint_mars, together, "Ada")
    bob = together.met("Basile")
    with saint_mars.at_home():
        db.session.get_one(Activity, (saint_mars.id, guests.id)).state = state
    guests.says("Ada", "coming")
    saint_mars.volunteer.post("followup.create_team_answer", {"comes": "1"}, activity_id=guests.id)
    saint_mars.coordinator.post("followup.create_guests", {"guest": [str(bob)]}, activity_id=guests.id)
    assert "Cette activité a eu lieu ou est annulée" in guests.page()
    assert (guests.answers(), guests.team()) == ([Answer.asked], {})
    assert bob not in {each.person_id for each in saint_mars.rows(ActivityGuest) if each.activity_id == guests.id}


def test_an_idea_has_no_day_to_answer_for(saint_mars, together):
    form = {"id": together.activity_form()["id"], "kind": "walk", "title": "Voir la mer", "about": "", "idea_of": ""}
    saint_mars.volunteer.post("followup.create_idea", form)
    saint_mars.volunteer.post("followup.create_team_answer", {"comes": "1"}, activity_id=form["id"])
    assert "C’est encore une idée" in saint_mars.volunteer.get("followup.show_activity", activity_id=form["id"]).text
    assert form["id"] not in {str(each.activity_id) for each in saint_mars.rows(TeamAnswer)}
