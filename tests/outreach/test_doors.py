"""Doors: one tap, two taps, a floor at once, undo; and what goes wrong."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.db import new_id
from app.outreach.encounters import Encounter
from app.outreach.models import Round
from tenants.journal import JournalLine
from tenants.ledger import LedgerMark


@pytest.fixture
def round_id(saint_mars):
    return saint_mars.plans()


@pytest.fixture
def building_id(saint_mars, round_id):
    return saint_mars.adds_building(round_id)


@pytest.fixture
def tap(saint_mars, round_id, building_id):
    def knock(outcome="nobody", door="3/33", who=None, gesture=None):
        data = {outcome: door, "gesture": str(gesture or new_id())}
        return (who or saint_mars.volunteer).post("outreach.create_encounter", data, round_id=round_id, building_id=building_id)

    return knock


@pytest.fixture
def grid(saint_mars, round_id, building_id):
    return lambda: saint_mars.volunteer.get("outreach.show_building", round_id=round_id, building_id=building_id).text


def count(crew, round_id, *conditions):
    return crew.scalar(select(func.count()).select_from(Encounter).where(Encounter.round_id == round_id, *conditions))


def test_a_door_without_answer_is_one_tap(saint_mars, round_id, tap, grid):
    assert tap().status_code == 302
    assert "1 porte sur 18" in grid()
    assert count(saint_mars, round_id) == 1


def test_a_door_with_a_conversation_is_two_taps(saint_mars, round_id, building_id, tap, grid):
    question = saint_mars.volunteer.client.get(
        saint_mars.volunteer.address("outreach.show_building", round_id=round_id, building_id=building_id) + "?porte=3/33"
    )
    assert 'name="talked" value="3/33"' in question.text
    tap("talked")
    assert "1 échange" in grid()


def test_the_first_tap_starts_the_round_and_marks_the_month(saint_mars, round_id, tap):
    before = len(saint_mars.rows(LedgerMark))
    tap()
    assert saint_mars.scalar(select(Round.state).where(Round.id == round_id)) == "running"
    assert len(saint_mars.rows(LedgerMark)) == before + 1
    assert any(line.act == "noted" and line.subject_id == round_id for line in saint_mars.rows(JournalLine))


def test_the_same_tap_twice_counts_once(saint_mars, round_id, tap):
    gesture = uuid4()
    tap(gesture=gesture)
    tap(gesture=gesture)
    assert count(saint_mars, round_id) == 1


def test_two_volunteers_at_one_door_are_both_kept_and_the_last_is_shown(saint_mars, round_id, tap, grid):
    tap("nobody")
    tap("isolation", who=saint_mars.second)
    assert count(saint_mars, round_id) == 2
    assert "1 porte sur 18" in grid()
    assert "<b>33</b>à suivre" in grid()


def test_whoever_reads_over_a_shoulder_reads_no_isolation_on_a_door(saint_mars, round_id, tap, grid):
    tap("isolation")
    page = grid()
    assert "<b>33</b>à suivre" in page
    assert "Annuler « 33 à suivre »" in page.replace("\u00a0", " ")
    assert 'data-said="33 à suivre.' in page
    # It is said once, of all doors: in what may be noted of any of them.
    assert "isolement" not in page.split('id="grille"')[1].split("<template")[0]
    assert "Un isolement remarqué" in page.split("<template")[1]
    # The page of the round counts it, without a door.
    assert "isolement" in saint_mars.volunteer.get("outreach.show", round_id=round_id).text


def test_a_floor_is_closed_in_one_gesture_and_leaves_what_was_noted(saint_mars, round_id, building_id, tap, grid):
    tap("talked", "3/32")
    saint_mars.volunteer.post("outreach.create_nobody", {"floor": "3", "gesture": str(new_id())}, round_id=round_id, building_id=building_id)
    assert "4 portes sur 18" in grid()
    assert "<b>32</b>échange" in grid()


def test_the_rest_of_a_building_is_closed_in_one_gesture_and_taken_back_in_one(saint_mars, round_id, building_id, tap, grid):
    tap("talked", "3/32")
    gesture = new_id()
    where = {"round_id": round_id, "building_id": building_id}
    saint_mars.volunteer.post("outreach.create_nobody", {"floor": "all", "gesture": str(gesture)}, **where)
    assert "18 portes sur 18" in grid()
    assert "17 portes" in grid()
    for _ in range(2):
        saint_mars.volunteer.post("outreach.create_undo", {"undone": str(gesture)}, **where)
    assert "1 porte sur 18" in grid()


def test_one_does_not_undo_what_another_noted(saint_mars, round_id, building_id, tap, grid):
    gesture = new_id()
    tap("talked", gesture=gesture)
    saint_mars.second.post("outreach.create_undo", {"undone": str(gesture)}, round_id=round_id, building_id=building_id)
    assert "1 porte sur 18" in grid()


def test_numbers_without_doors(saint_mars, round_id):
    building_id = saint_mars.adds_building(round_id, shape="counted")
    data = {"gesture": str(new_id()), "nobody": "12", "talked": "3", "isolation": "1"}
    for _ in range(2):
        answer = saint_mars.volunteer.post("outreach.create_counts", data, round_id=round_id, building_id=building_id)
        assert answer.status_code == 302
    text = saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    assert "16 portes comptées" in text
    assert count(saint_mars, round_id, Encounter.door.is_not(None)) == 0


def test_only_zeros_are_nothing_to_note(saint_mars, round_id):
    building_id = saint_mars.adds_building(round_id, shape="counted")
    answer = saint_mars.volunteer.post("outreach.create_counts", {"nobody": "0"}, round_id=round_id, building_id=building_id)
    assert answer.status_code == 422
    assert "Tout est à zéro" in answer.text


@pytest.mark.parametrize("door", ["9/99", "9" * 5000 + "/33", "²/33", "3", ""])
def test_a_door_that_is_not_there(tap, door):
    answer = tap(door=door)
    assert answer.status_code == 422
    assert "Touchez un numéro de la grille" in answer.text


def test_nothing_is_noted_in_a_closed_round(saint_mars, round_id, tap):
    saint_mars.closes(round_id, days_ago=4)
    answer = tap()
    assert answer.status_code == 422
    assert "La tournée est terminée" in answer.text
    assert count(saint_mars, round_id) == 0


def test_last_lines_sent_after_someone_closed_the_round_are_kept_and_shown(saint_mars, round_id, building_id, tap, grid):
    tap()
    saint_mars.closes(round_id)
    assert "Les lignes qui étaient encore en route sont gardées" in grid()
    assert "arrivée après la clôture" not in saint_mars.coordinator.get("outreach.show", round_id=round_id).text
    gesture = new_id()
    assert tap("talked", "3/32").status_code == 302
    assert tap("nobody", "3/31", gesture=gesture).status_code == 302
    saint_mars.volunteer.post("outreach.create_undo", {"undone": str(gesture)}, round_id=round_id, building_id=building_id)
    saint_mars.volunteer.post("outreach.create_nobody", {"floor": "1", "gesture": str(new_id())}, round_id=round_id, building_id=building_id)
    page = saint_mars.coordinator.get("outreach.show", round_id=round_id).text
    assert "5 lignes sont arrivées après la clôture : elles sont gardées et comptées." in page
    assert "6 portes sur 18" in page
    assert tap(who=saint_mars.third).status_code == 404


def test_last_counts_sent_after_closing_are_kept(saint_mars, round_id):
    place = saint_mars.adds_building(round_id, shape="counted")
    saint_mars.closes(round_id)
    data = {"gesture": str(new_id()), "nobody": "4", "refused": "0", "talked": "2", "again": "0", "isolation": "0"}
    assert saint_mars.volunteer.post("outreach.create_counts", data, round_id=round_id, building_id=place).status_code == 302
    assert "6 portes comptées" in saint_mars.volunteer.get("outreach.show", round_id=round_id).text


def test_nothing_is_noted_before_the_day(saint_mars):
    round_id = saint_mars.plans(days=3)
    building_id = saint_mars.adds_building(round_id)
    answer = saint_mars.volunteer.post("outreach.create_encounter", {"nobody": "3/33"}, round_id=round_id, building_id=building_id)
    assert answer.status_code == 422
    assert "On note le jour même" in answer.text


def test_who_is_not_in_the_team_notes_nothing(saint_mars, round_id, tap):
    assert tap(who=saint_mars.third).status_code == 404
    assert tap(who=saint_mars.coordinator).status_code == 302
    assert count(saint_mars, round_id) == 1


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ({"floors": "400"}, "Entre 0 et 50 étages"),
        ({"floors": "-1"}, "Entre 0 et 50 étages"),
        ({"per_floor": "99"}, "Entre 0 et 40 portes"),
        ({"floors": "0", "ground": "0"}, "au moins une porte"),
        ({"label": ""}, "Il manque le nom"),
        ({"shape": "street", "first": "20", "last": "3"}, "vient après le premier"),
        ({"shape": "street", "first": "1", "last": "9000"}, "coupez la rue en deux"),
        ({"floors": "beaucoup"}, "Écrivez un nombre"),
        ({"shape": "street", "first": "1", "last": "9", "step": "0"}, "pas un choix valide"),
    ],
)
def test_a_building_that_cannot_be(saint_mars, round_id, shape, message):
    data = {"label": "Tour", "shape": "floors", "floors": "4", "per_floor": "4", "ground": "2", "step": "1", **shape}
    answer = saint_mars.volunteer.post("outreach.create_building", data, round_id=round_id)
    assert answer.status_code == 422
    assert message in answer.text
    assert data["label"] in answer.text


def test_a_street_one_side(saint_mars, round_id):
    building_id = saint_mars.adds_building(round_id, shape="street", first="1", last="9", step="2")
    text = saint_mars.volunteer.get("outreach.show_building", round_id=round_id, building_id=building_id).text
    assert "0 porte sur 5" in text
    assert "<b>7</b>" in text


def test_a_building_goes_only_while_it_is_empty(saint_mars, round_id, building_id, tap, grid):
    tap()
    where = {"round_id": round_id, "building_id": building_id}
    saint_mars.volunteer.post("outreach.delete_building", **where)
    assert "1 porte sur 18" in grid()
    other = saint_mars.adds_building(round_id)
    # A second tap finds it gone, and leads to the same place.
    for _time in range(2):
        answer = saint_mars.volunteer.post("outreach.delete_building", round_id=round_id, building_id=other)
        assert answer.location == saint_mars.volunteer.address("outreach.show", round_id=round_id)
    assert saint_mars.volunteer.post("outreach.delete_building", round_id=round_id, building_id=new_id()).status_code == 404
    assert saint_mars.volunteer.get("outreach.show_building", round_id=round_id, building_id=other).status_code == 404
