"""Nobody falls silent unnoticed: the pair is asked to call, a week later the coordination; a voice that answers is a contact."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.db import db, new_id
from app.followup.silence import CallOutcome, CheckIn, SilenceRule
from app.people.tasks import Task
from tests.followup.conftest import TODAY

KIND = "silence"


def ago(days):
    return TODAY - timedelta(days=days)


def calls(crew, person_id, outcome, by="volunteer", **values):
    form = {"id": str(new_id()), "outcome": outcome, **values}
    return getattr(crew, by).post("followup.create_check_in", form, person_id=person_id)


def test_after_thirty_days_the_pair_is_asked_to_call(saint_mars, files):
    person_id = files.accompanies(name="Zéphyrine", days_ago=29)
    assert files.waiting(person_id, KIND) == []
    files.passes(person_id, 30)
    assert files.waiting(person_id, KIND) == [(KIND, "pair", TODAY)]
    page = saint_mars.volunteer.get("tasks.index").text
    assert "Prendre des nouvelles de Zéphyrine" in page
    assert "Personne ne l’a vue depuis 30 jours." in page
    assert "Prendre des nouvelles de Zéphyrine" not in saint_mars.third.get("tasks.index").text


def test_a_week_later_it_is_the_coordinations_too_and_one_contact_ends_both(saint_mars, files):
    person_id = files.accompanies(name="Zéphyrine", days_ago=36)
    assert [desk for _kind, desk, _on in files.waiting(person_id, KIND)] == ["pair"]
    files.passes(person_id, 37)
    assert files.waiting(person_id, KIND) == [(KIND, "coordination", TODAY), (KIND, "pair", ago(7))]
    assert calls(saint_mars, person_id, "well").status_code == 302
    assert files.waiting(person_id, KIND) == []
    assert files.person(person_id).last_seen_on == TODAY


def test_without_a_pair_the_coordination_is_asked_at_once(saint_mars, files):
    person_id = files.accompanies(days_ago=31, pair=False)
    assert files.waiting(person_id, KIND) == [(KIND, "coordination", ago(1))]


def test_no_answer_is_noted_is_no_contact_and_comes_back_tomorrow(saint_mars, files):
    person_id = files.accompanies(name="Zéphyrine", days_ago=31)
    answer = saint_mars.volunteer.get("followup.new_check_in", person_id=person_id)
    assert answer.text.count('name="outcome"') == 4
    assert calls(saint_mars, person_id, "no_answer").status_code == 302
    assert files.person(person_id).last_seen_on == ago(31)
    (task,) = [each for each in saint_mars.rows(Task) if each.person_id == person_id and each.kind == KIND]
    assert (task.state.value, task.due_on) == ("open", TODAY + timedelta(days=1))
    saint_mars.volunteer.get("desk.index")
    assert "Prendre des nouvelles de Zéphyrine" not in saint_mars.volunteer.get("tasks.index").text
    assert "Prendre des nouvelles de Zéphyrine" in saint_mars.volunteer.get("tasks.index", liste="plus-tard").text
    assert "Un appel, sans réponse" in saint_mars.volunteer.get("people.show", person_id=person_id).text


def test_a_call_that_needs_something_is_a_contact_and_asks_for_what(saint_mars, files):
    person_id = files.accompanies(name="Zéphyrine", days_ago=31)
    answer = calls(saint_mars, person_id, "needs")
    assert "recits/nouveau" in answer.location
    assert files.waiting(person_id, KIND, "need") == [("need", "pair", TODAY)]
    assert "Répondre à ce que Zéphyrine a demandé" in saint_mars.volunteer.get("tasks.index").text
    assert files.person(person_id).last_seen_on == TODAY


def test_a_call_sent_twice_is_one_call(saint_mars, files):
    person_id, call_id = files.accompanies(days_ago=31), str(new_id())
    for _time in range(2):
        assert calls(saint_mars, person_id, "message", id=call_id).status_code == 302
    assert len([each for each in saint_mars.rows(CheckIn) if each.person_id == person_id]) == 1


@pytest.mark.parametrize("outcome", ["", "alive"])
def test_an_outcome_that_is_none_is_refused_with_words(saint_mars, files, outcome):
    person_id = files.accompanies()
    answer = calls(saint_mars, person_id, outcome)
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.text
    assert [each for each in saint_mars.rows(CheckIn) if each.person_id == person_id] == []


def test_only_those_who_accompany_log_a_call(saint_mars, ranzay, files):
    person_id = files.accompanies()
    assert calls(saint_mars, person_id, "well", by="third").status_code == 404
    assert calls(ranzay, person_id, "well", by="coordinator").status_code == 404
    assert saint_mars.observer.get("followup.new_check_in", person_id=person_id).status_code == 404


@pytest.mark.parametrize("way", ["telling", "step", "circles", "meeting", "call", "edit"])
def test_every_way_of_contact_counts_and_writing_alone_does_not(saint_mars, files, way):
    person_id = files.accompanies(days_ago=40)
    post, today = saint_mars.volunteer.post, files.today
    if way == "telling":
        post("people.create_telling", {"id": str(new_id()), "occasion": "chance", "on": today, "text": "Au marché."}, person_id=person_id)
    elif way == "step":
        post("people.create_step", {"id": str(new_id()), "stage": "engaged", "on": today, "reason": ""}, person_id=person_id)
    elif way == "circles":
        post("people.create_circles", {"id": str(new_id()), "moment": "entry", "on": today, "family": "1"}, person_id=person_id)
    elif way == "meeting":
        people = saint_mars.members()
        one, other = (str(people[name]) for name in saint_mars.names("volunteer", "second"))
        form = {"id": str(new_id()), "day": today, "hour": "10:00", "one": one, "other": other}
        assert post("people.create_meeting", form, person_id=person_id).status_code == 302
        assert files.person(person_id).last_seen_on == ago(40)  # What is planned is no contact yet.
        heard = {"version": str(files.person(person_id).version), "heard": "Elle va bien."}
        post("people.create_hearing", heard, person_id=person_id, home_meeting_id=form["id"])
    elif way == "call":
        calls(saint_mars, person_id, "well")
    else:
        post("people.update", {"version": "1", "name": "Ada", "languages": "fr"}, person_id=person_id)
    assert (files.person(person_id).last_seen_on == TODAY) == (way != "edit")
    assert (files.waiting(person_id, KIND) == []) == (way != "edit")


def test_someone_met_in_a_round_begins_with_a_contact(saint_mars, files):
    round_id = saint_mars.plans()
    form = files.form(found_by="round")
    assert saint_mars.volunteer.post("outreach.create_person", form, round_id=round_id).status_code == 302
    assert next(each for each in saint_mars.rows(type(files.person(files.opens()))) if str(each.id) == form["id"]).last_seen_on == TODAY


def rule(crew, person_id, by="volunteer", **values):
    return getattr(crew, by).post("followup.update_watch", {"days": "", "paused_until": "", "paused_because": "", **values}, person_id=person_id)


def test_days_of_ones_own(saint_mars, files):
    person_id = files.accompanies(days_ago=15)
    assert rule(saint_mars, person_id, days="14").status_code == 302
    assert files.waiting(person_id, KIND) == [(KIND, "pair", ago(1))]
    assert rule(saint_mars, person_id, days="60").status_code == 302
    assert files.waiting(person_id, KIND) == []


def test_a_pause_has_a_reason_and_an_end(saint_mars, files):
    person_id = files.accompanies(name="Zéphyrine", days_ago=45)
    until = (TODAY + timedelta(days=20)).isoformat()
    assert "Dites pourquoi" in rule(saint_mars, person_id, paused_until=until).text
    assert len(files.waiting(person_id, KIND)) == 2
    assert rule(saint_mars, person_id, paused_until=until, paused_because="Chez sa fille").status_code == 302
    assert files.waiting(person_id, KIND) == []
    assert "en pause jusqu’au" in saint_mars.coordinator.get("followup.edit_default").text
    assert "Chez sa fille" in saint_mars.coordinator.get("people.show_printout", person_id=person_id).text
    with saint_mars.at_home():
        db.session.execute(update(SilenceRule).where(SilenceRule.person_id == person_id).values(paused_until=ago(1)))
    files.night()
    assert len(files.waiting(person_id, KIND)) == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"days": "3"}, "De 7 à 180 jours"),
        ({"days": "mille"}, "Écrivez un nombre"),
        ({"paused_until": "2020-01-01", "paused_because": "Non"}, "Ce jour est passé"),
        ({"paused_until": "31/02/2027", "paused_because": "Non"}, "n’existe pas"),
        ({"paused_until": (TODAY + timedelta(days=500)).isoformat(), "paused_because": "Loin"}, "un an au plus"),
        ({"paused_until": (TODAY + timedelta(days=5)).isoformat(), "paused_because": "Son diabète"}, "parle peut-être de santé"),
    ],
)
def test_a_rule_that_cannot_be_is_said_and_kept(saint_mars, files, values, words):
    person_id = files.accompanies()
    answer = rule(saint_mars, person_id, **values)
    assert answer.status_code == 422
    assert words in answer.text
    assert values.get("paused_because", "") in answer.text
    assert [each for each in saint_mars.rows(SilenceRule) if each.person_id == person_id] == []


def test_the_collective_chooses_its_own_days(saint_mars, ranzay, files):
    person_id = files.accompanies(days_ago=20)
    assert saint_mars.volunteer.post("followup.update_default", {"days": "14"}).status_code == 404
    assert saint_mars.coordinator.post("followup.update_default", {"days": "400"}).status_code == 422
    assert saint_mars.coordinator.post("followup.update_default", {"days": "14"}).status_code == 302
    assert files.waiting(person_id, KIND) == [(KIND, "pair", ago(6))]
    assert 'value="30"' in ranzay.coordinator.get("followup.edit_default").text


def test_a_tick_is_news_for_as_long_and_then_one_is_asked_again(saint_mars, files):
    person_id = files.accompanies(days_ago=38)
    (theirs,) = [each for each in saint_mars.rows(Task) if each.person_id == person_id and each.kind == KIND and each.desk.value == "pair"]
    assert saint_mars.volunteer.post("tasks.create_tick", task_id=theirs.id).status_code == 302
    # Nor is the coordination asked any more for what the pair has seen to.
    assert files.waiting(person_id, KIND) == []
    with saint_mars.at_home():
        db.session.execute(update(Task).where(Task.id == theirs.id).values(settled_at=Task.settled_at - timedelta(days=30)))
    files.night()
    assert files.waiting(person_id, KIND) == [(KIND, "pair", TODAY)]


@pytest.mark.parametrize(("stage", "asked"), [("autonomous", False), ("engaged", True)])
def test_whoever_stands_on_their_own_feet_is_left_in_peace(saint_mars, files, stage, asked):
    person_id = files.accompanies()
    step = {"id": str(new_id()), "stage": stage, "on": files.today, "reason": ""}
    saint_mars.coordinator.post("people.create_step", step, person_id=person_id)
    files.passes(person_id, 33)
    assert bool(files.waiting(person_id, KIND)) == asked
    rule(saint_mars, person_id, days="30")
    assert files.waiting(person_id, KIND) != []


def test_a_death_asks_nobody_to_call(saint_mars, files):
    person_id = files.accompanies(name="Zéphyrine", days_ago=38)
    form = {"id": str(new_id()), "because": "died", "on": files.today, "reason": ""}
    assert saint_mars.coordinator.post("people.create_closing", form, person_id=person_id).status_code == 302
    files.night()
    assert files.waiting(person_id, KIND, "need") == []


def test_every_outcome_has_its_words(saint_mars, files):
    person_id = files.accompanies(days_ago=31)
    for outcome in CallOutcome:
        calls(saint_mars, person_id, outcome.value)
    page = saint_mars.coordinator.get("people.show_printout", person_id=person_id).text
    for words in ("tout va bien", "besoin de quelque chose", "sans réponse", "un message laissé"):
        assert words in page
