"""Solidarity rides: kilometres there and back, who drove, and what stays of them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, new_id
from app.outreach.record_figures import count_rides
from app.outreach.rides import Ride
from tenants.months import today_in
from tests.outreach.removals import assert_a_second_tap_leads_to_the_same_place
from workers.outreach import forget_words


@pytest.fixture
def round_id(saint_mars):
    return saint_mars.plans(kind="solidarity_ride")


@pytest.fixture
def driver(saint_mars):
    return str(saint_mars.members()[saint_mars.names("second")[0]])


@pytest.fixture
def ride(saint_mars, round_id, driver):
    def note(who=None, of=None, **changes):
        data = {
            "id": str(new_id()),
            "origin": "Le bourg",
            "destination": "Le marché",
            "kilometres": "13",
            "driver": driver,
            "carried": "2",
            **changes,
        }
        return (who or saint_mars.volunteer).post("outreach.create_ride", data, round_id=of or round_id)

    return note


def of(crew, round_id):
    return [each for each in crew.rows(Ride) if each.round_id == round_id]


def test_kilometres_count_twice_there_and_back(saint_mars, round_id, ride):
    assert ride().status_code == 302
    ride(return_trip="y", kilometres="20")
    assert "2 trajets, 53 kilomètres." in saint_mars.volunteer.get("outreach.new_closure", round_id=round_id).text
    page = saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    assert "40 km, aller et retour" in page
    assert "Le bourg, puis Le marché" in page
    assert "Le bourg" not in saint_mars.third.get("outreach.show", round_id=round_id).text


def test_the_same_form_twice_is_one_ride(saint_mars, round_id, ride):
    known = str(new_id())
    ride(id=known)
    ride(id=known)
    assert len(of(saint_mars, round_id)) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kilometres": "3000"}, "Plus de 300 kilomètres pour un aller : n’y a-t-il pas un zéro de trop ?"),
        ({"kilometres": "3 000"}, "un zéro de trop"),
        ({"kilometres": "9" * 30}, "Ce nombre est trop grand"),
        ({"kilometres": "0"}, "Un kilomètre au moins"),
        ({"kilometres": "-4"}, "Un kilomètre au moins"),
        ({"kilometres": ""}, "Il manque les kilomètres"),
        ({"kilometres": "12,5"}, "Écrivez un nombre"),
        ({"carried": "0"}, "De 1 à 8 personnes"),
        ({"carried": "9"}, "De 1 à 8 personnes"),
        ({"origin": ""}, "Il manque le départ"),
        ({"destination": ""}, "Il manque l’arrivée"),
        ({"driver": ""}, "Qui conduisait"),
        ({"driver": str(new_id())}, "Qui conduisait"),
    ],
)
def test_a_ride_that_cannot_be(saint_mars, round_id, ride, changes, message):
    answer = ride(**changes)
    assert answer.status_code == 422
    assert message in answer.text
    assert of(saint_mars, round_id) == []


def test_who_drives_is_of_the_collective(saint_mars, ranzay, round_id, ride):
    theirs = str(ranzay.members()[ranzay.names("volunteer")[0]])
    assert ride(driver=theirs).status_code == 422
    assert of(saint_mars, round_id) == []


def test_a_driver_without_an_account_has_a_first_name(saint_mars, round_id, ride):
    assert "Quelqu’un sans compte" in saint_mars.volunteer.get("outreach.new_ride", round_id=round_id).text
    assert ride(driver="someone", driver_name="Raoul").status_code == 302
    (line,) = of(saint_mars, round_id)
    assert line.driver_id is None
    assert b"Raoul" not in line.driver_name_sealed
    assert "avec Raoul au volant" in saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    # Who is not of the team reads no names.
    others = saint_mars.third.get("outreach.show", round_id=round_id).text
    assert "Raoul" not in others
    assert "au volant" not in others


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"driver": "someone"}, "Il manque le prénom de qui conduisait"),
        ({"driver_name": "Raoul"}, "Choisissez « Quelqu’un sans compte » au-dessus, ou laissez ce prénom vide"),
        ({"driver": "someone", "driver_name": "R" * 41}, "40 caractères au plus"),
    ],
)
def test_a_driver_is_one_person(saint_mars, round_id, ride, changes, message):
    answer = ride(**changes)
    assert answer.status_code == 422
    assert message in answer.text.replace("\xa0", " ")
    assert of(saint_mars, round_id) == []


def test_a_ride_noted_by_mistake_is_taken_back(saint_mars, ranzay, round_id, ride):
    ride()
    (line,) = of(saint_mars, round_id)
    assert ranzay.volunteer.post("outreach.delete_ride", round_id=round_id, ride_id=line.id).status_code == 404
    saint_mars.volunteer.post("outreach.delete_ride", round_id=round_id, ride_id=line.id)
    assert of(saint_mars, round_id) == []


def test_closed_later_next_door_and_another_kind(saint_mars, ranzay, round_id, ride):
    assert ride(who=ranzay.volunteer).status_code == 404
    assert ride(of=saint_mars.plans()).status_code == 404
    assert "On note le jour même" in ride(of=saint_mars.plans(kind="solidarity_ride", days=1)).text
    saint_mars.closes(round_id, days_ago=4)
    assert "La tournée est terminée" in ride().text
    assert of(saint_mars, round_id) == []


def test_a_ride_sent_after_closing_is_kept_and_shown(saint_mars, round_id, ride):
    saint_mars.closes(round_id)
    assert ride().status_code == 302
    assert "Une ligne est arrivée après la clôture" in saint_mars.coordinator.get("outreach.show", round_id=round_id).text


def test_places_are_forgotten_and_figures_do_not_move(saint_mars, ride):
    old = saint_mars.plans(kind="solidarity_ride", days=-40)
    ride(of=old, return_trip="y")
    ride(of=old, carried="3", driver="someone", driver_name="Raoul")
    day = today_in("Europe/Paris") - timedelta(days=40)
    saint_mars.closes(old, days_ago=31)
    with saint_mars.at_home():
        before = count_rides(day, day + timedelta(days=1))
        forget_words()
        after = count_rides(day, day + timedelta(days=1))
        left = db.session.scalars(select(Ride).where(Ride.round_id == old)).all()
        assert all(each.origin is None and each.destination is None and each.driver_name_sealed is None and each.by_user is None for each in left)
    assert before == after == {"rides": 2, "kilometres": 39, "people_carried": 5}
    page = saint_mars.volunteer.get("outreach.show", round_id=old).text
    assert "Effacé le" in page
    assert "Raoul" not in page


def test_a_second_tap_on_take_back_leads_to_the_same_place(saint_mars, ranzay, round_id, ride):
    assert_a_second_tap_leads_to_the_same_place(saint_mars, ranzay, "ride", "solidarity_ride", round_id, ride, lambda: of(saint_mars, round_id))
