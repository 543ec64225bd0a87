"""What waits is a row: it comes by itself, goes when the thing is done, and is ticked or put off with one tap."""

import html
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from app.db import db, new_id
from app.people.models import Person, Stage
from app.people.tasks import Desk, Task, TaskState, asks, kinds, settle, settle_kind
from app.wording import long_day
from tenants.months import today_in

TODAY = today_in("Europe/Paris")


def tasks_of(crew, person_id):
    return {each.kind: each for each in crew.rows(Task) if each.person_id == person_id}


def test_a_new_file_asks_for_a_pair_and_then_for_a_first_meeting(saint_mars, files):
    person_id = files.opens(name="Ada")
    assert tasks_of(saint_mars, person_id)["pair"].state == TaskState.open
    assert "Trouver un binôme pour Ada" in saint_mars.coordinator.get("tasks.index").text
    files.pairs(person_id)
    now_there = tasks_of(saint_mars, person_id)
    assert now_there["pair"].state == TaskState.gone
    assert now_there["first_meeting"].state == TaskState.open
    text = saint_mars.coordinator.get("tasks.index").text
    assert "Trouver un binôme pour Ada" not in text
    assert "Faire connaissance avec Ada" in text


def test_a_tick_stays_ticked_and_can_be_taken_back(saint_mars, files):
    person_id = files.opens(name="Ada")
    task = tasks_of(saint_mars, person_id)["pair"]
    for _time in range(2):
        assert saint_mars.coordinator.post("tasks.create_tick", task_id=task.id).status_code == 302
    with saint_mars.at_home():
        settle()
    assert tasks_of(saint_mars, person_id)["pair"].state == TaskState.done
    assert "Trouver un binôme pour Ada" not in saint_mars.coordinator.get("tasks.index").text
    assert "Trouver un binôme pour Ada" in saint_mars.coordinator.get("tasks.index", liste="faites").text
    saint_mars.coordinator.post("tasks.delete_tick", task_id=task.id)
    assert "Trouver un binôme pour Ada" in saint_mars.coordinator.get("tasks.index").text


def test_later_means_in_a_week(saint_mars, files):
    person_id = files.opens(name="Ada")
    task = tasks_of(saint_mars, person_id)["pair"]
    assert saint_mars.coordinator.post("tasks.update", task_id=task.id).status_code == 302
    assert tasks_of(saint_mars, person_id)["pair"].due_on == TODAY + timedelta(days=7)
    assert "Trouver un binôme pour Ada" not in saint_mars.coordinator.get("desk.index").text
    assert "Trouver un binôme pour Ada" in saint_mars.coordinator.get("tasks.index", liste="plus-tard").text


def test_measures_are_for_the_pair(saint_mars, files):
    person_id = files.opens(name="Zéphyrine")
    files.pairs(person_id)
    step = {"id": str(new_id()), "stage": Stage.met.value, "on": files.today, "reason": ""}
    assert saint_mars.coordinator.post("people.create_step", step, person_id=person_id).status_code == 302
    task = tasks_of(saint_mars, person_id)["circles"]
    assert task.desk == Desk.pair
    assert "Mesurer les cercles de Zéphyrine" in saint_mars.volunteer.get("tasks.index").text
    assert "Mesurer les cercles de Zéphyrine" not in saint_mars.third.get("tasks.index").text
    assert "Mesurer les cercles de Zéphyrine" in saint_mars.coordinator.get("tasks.index", liste="binomes").text
    for act in ("create_tick", "delete_tick", "update"):
        assert saint_mars.third.post(f"tasks.{act}", task_id=task.id).status_code == 404
        assert saint_mars.observer.post(f"tasks.{act}", task_id=task.id).status_code == 404
    assert saint_mars.volunteer.post("tasks.create_tick", task_id=task.id).status_code == 302


def test_next_door_cannot_touch_a_task(saint_mars, ranzay, files):
    task = tasks_of(saint_mars, files.opens())["pair"]
    assert ranzay.coordinator.post("tasks.create_tick", task_id=task.id).status_code == 404


def test_a_death_ends_every_task(saint_mars, files):
    person_id = files.opens(name="Zéphyrine")
    form = {"id": str(new_id()), "because": "died", "on": files.today, "reason": ""}
    assert saint_mars.coordinator.post("people.create_closing", form, person_id=person_id).status_code == 302
    assert {each.state for each in tasks_of(saint_mars, person_id).values()} == {TaskState.gone}
    saint_mars.coordinator.get("people.index")  # What was said once is not said again.
    assert "Zéphyrine" not in saint_mars.coordinator.get("tasks.index").text


def test_ones_own_words_come_on_their_day_and_once(saint_mars):
    me = saint_mars.members()[saint_mars.names("volunteer")[0]]
    form = {"id": str(new_id()), "words": "Demander la clé", "due_on": TODAY.isoformat(), "member": str(me)}
    for _time in range(2):
        assert saint_mars.volunteer.post("tasks.create", form).status_code == 302
    assert saint_mars.volunteer.get("tasks.index").text.count("<h3>Demander la clé</h3>") == 1
    assert "Demander la clé" not in saint_mars.second.get("tasks.index").text
    with saint_mars.at_home():
        settle()
        row = db.session.execute(select(Task.__table__).where(Task.__table__.c.id == form["id"])).one()
    assert row.state == "open"
    assert "clé".encode() not in row.words_sealed


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"words": ""}, "Écrivez en quelques mots"),
        ({"due_on": (TODAY - timedelta(days=1)).isoformat()}, "Ce jour est passé"),
        ({"due_on": "31/02/2027"}, "n’existe pas"),
        ({"due_on": (TODAY + timedelta(days=900)).isoformat()}, "deux ans au plus"),
        ({"member": str(new_id())}, "Qui"),
    ],
)
def test_what_is_wrong_is_said_and_kept(saint_mars, values, words):
    me = saint_mars.members()[saint_mars.names("volunteer")[0]]
    form = {"id": str(new_id()), "words": "Demander la clé", "due_on": TODAY.isoformat(), "member": str(me), **values}
    answer = saint_mars.volunteer.post("tasks.create", form)
    assert answer.status_code == 422
    assert words in answer.text or words == "Qui"
    assert not [each for each in saint_mars.rows(Task) if str(each.id) == form["id"]]


def test_a_volunteer_writes_for_nobody_else(saint_mars):
    other = saint_mars.members()[saint_mars.names("second")[0]]
    form = {"id": str(new_id()), "words": "Demander la clé", "due_on": TODAY.isoformat(), "member": str(other)}
    assert saint_mars.volunteer.post("tasks.create", form).status_code == 422
    assert saint_mars.coordinator.post("tasks.create", form).status_code == 302


def test_the_night_asks_again_because_days_pass(saint_mars, files):
    person_id = files.opens(name="Ada")
    files.pairs(person_id)
    with saint_mars.at_home():
        # Written past the session, as time passes past it.
        db.session.execute(update(Person).where(Person.id == person_id).values(stage="accompanied", stage_on=TODAY))
    assert "circles" not in tasks_of(saint_mars, person_id)
    with saint_mars.at_home():
        settle()
    assert tasks_of(saint_mars, person_id)["circles"].state == TaskState.open


def test_a_room_asks_its_own_kind_when_it_wrote(saint_mars):
    subject, wanted = new_id(), []

    @asks("of a test", lambda _task, _name: None, of_people=False)
    def _find(_today, _person_id):
        return wanted

    from app.people.tasks import Wanted

    try:
        wanted.append(Wanted(subject, TODAY, desk=Desk.training))
        with saint_mars.at_home():
            settle_kind("of a test")
        wanted.clear()
        with saint_mars.at_home():
            settle_kind("of a test")
        assert [each.state for each in saint_mars.rows(Task) if each.subject_id == subject] == [TaskState.gone]
    finally:
        del kinds["of a test"]
    with pytest.raises(KeyError):
        asks("pair", lambda _task, _name: None)(lambda _today, _person_id: [])


def test_what_is_asked_of_pair_and_coordination_is_one_thing_for_whoever_is_both(saint_mars, files):
    person_id = files.opens(name="Zéphyrine")
    files.pairs(person_id, one="coordinator", other="volunteer")
    with saint_mars.at_home():
        for kind, desk in (("ending", Desk.coordination), ("ending_pair", Desk.pair)):
            db.session.add(Task(id=new_id(), kind=kind, subject_id=person_id, person_id=person_id, desk=desk, occasion_on=TODAY, due_on=TODAY))
    said = "<h3>Décider de la fiche de Zéphyrine</h3>"
    with saint_mars.at_home():
        # Asked of the rows and not of the rooms: nobody's file ends today.
        db.session.info.pop("files written to", None)
    reads = {name: getattr(saint_mars, name).get("tasks.index").text.count(said) for name in ("coordinator", "volunteer", "third")}
    assert reads == {"coordinator": 1, "volunteer": 1, "third": 0}
    assert said not in saint_mars.coordinator.get("tasks.index", liste="binomes").text


def test_a_list_shows_twenty_at_a_time_and_says_how_many_there_are(saint_mars):
    member = saint_mars.members()[saint_mars.names("third")[0]]
    with saint_mars.at_home():
        for number in range(23):
            task = Task(id=new_id(), kind="own", subject_id=new_id(), desk=Desk.member, member_id=member, occasion_on=TODAY, due_on=TODAY)
            task.words = f"Chose numéro {number}"
            db.session.add(task)
    pages = [saint_mars.third.get("tasks.index", page=number).text for number in (1, 2)]
    shown = [page.count('<li class="care">') for page in pages]
    assert shown[0] == 20
    assert shown[1] >= 3
    assert all(f"{sum(shown)} choses attendent" in page for page in pages)
    # One form for all gestures of a page, and the one that signs out.
    assert [page.count('name="csrf_token"') for page in pages] == [2, 2]


def test_a_list_says_since_when_and_for_whom(saint_mars, files):
    person_id = files.opens(name="Ada")
    with saint_mars.house.test_request_context():
        today = long_day(TODAY)
    assert f"Depuis le {today}." in saint_mars.coordinator.get("tasks.index").text
    files.pairs(person_id)
    step = {"id": str(new_id()), "stage": Stage.met.value, "on": files.today, "reason": ""}
    saint_mars.coordinator.post("people.create_step", step, person_id=person_id)
    one, other = saint_mars.names("volunteer", "second")
    text = html.unescape(saint_mars.coordinator.get("tasks.index", liste="binomes").text)
    assert f"Pour {one} et {other}, depuis le {today}." in text


def test_a_home_shows_two_of_a_kind_first_and_says_what_else_there_is(saint_mars, files):
    with saint_mars.at_home():
        db.session.execute(delete(Task))
    for name in ("Ada", "Zéphyrine", "Colette", "Odile"):
        files.opens(name=name)
    member = saint_mars.members()[saint_mars.names("coordinator")[0]]
    with saint_mars.at_home():
        task = Task(id=new_id(), kind="own", subject_id=new_id(), desk=Desk.member, member_id=member, occasion_on=TODAY, due_on=TODAY)
        task.words = "Demander la clé"
        db.session.add(task)
    page = saint_mars.coordinator.get("desk.index").text
    assert page.count("<h3>Trouver un binôme pour") == 2
    assert "<h3>Demander la clé</h3>" in page
    shown = page.count(">Plus tard<span")
    left = len([each for each in saint_mars.rows(Task) if each.state == TaskState.open]) - shown
    assert "Dont 2 binômes à trouver." in page
    assert f"Et {left} autres choses attendent" in page
