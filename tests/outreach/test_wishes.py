""" "Ne plus passer": a door is marked in the next round, spared by the bulk gesture, and free again when the wish is taken back."""

import pytest

from app.db import new_id
from app.outreach.wishes import Wish


@pytest.fixture
def visits(saint_mars):
    """A round with a building of one name; returns what it takes to act there."""

    def visit(label="Les Charmes"):
        round_id = saint_mars.plans()
        return {"round_id": round_id, "building_id": saint_mars.adds_building(round_id, label=label)}

    return visit


def refuses(crew, where, gesture=None):
    crew.volunteer.post("outreach.create_encounter", {"refused": "3/33", "gesture": str(gesture or new_id())}, **where)


def grid(crew, where):
    return crew.volunteer.get("outreach.show_building", **where).text


def test_the_next_round_warns_at_that_door(saint_mars, visits):
    refuses(saint_mars, visits())
    page = grid(saint_mars, visits("LES CHARMES "))
    assert page.count("door  spared") + page.count("spared") >= 1
    assert "on a demandé que personne ne repasse" in page
    assert "on a demandé" not in grid(saint_mars, visits("Les Aulnes"))


def test_nothing_of_the_address_is_kept(saint_mars, visits):
    refuses(saint_mars, visits())
    wish = max(saint_mars.rows(Wish), key=lambda each: each.said_at)
    assert wish.kind == "no_visit"
    assert len(wish.mark) == 32
    assert b"harmes" not in wish.mark


def test_the_bulk_gesture_spares_it(saint_mars, visits):
    refuses(saint_mars, visits())
    where = visits()
    assert "aux 17 portes qui restent" in grid(saint_mars, where)
    for floor in ("4", "2", "1", "0"):
        saint_mars.volunteer.post("outreach.create_nobody", {"floor": floor, "gesture": str(new_id())}, **where)
    for door in ("3/31", "3/32"):
        saint_mars.volunteer.post("outreach.create_encounter", {"talked": door, "gesture": str(new_id())}, **where)
    assert "à la porte qui reste" in grid(saint_mars, where)
    saint_mars.volunteer.post("outreach.create_nobody", {"floor": "all", "gesture": str(new_id())}, **where)
    page = grid(saint_mars, where)
    assert "17 portes sur 18" in page
    # Nothing is left for a gesture that spares that door, and none is offered.
    assert "/personne" not in page


def test_undoing_the_refusal_takes_the_wish_back(saint_mars, visits):
    where, gesture = visits(), new_id()
    refuses(saint_mars, where, gesture)
    saint_mars.volunteer.post("outreach.create_undo", {"undone": str(gesture)}, **where)
    assert "on a demandé" not in grid(saint_mars, visits())


def test_undoing_a_slip_of_the_finger_leaves_the_wish_of_an_earlier_round(saint_mars, visits):
    refuses(saint_mars, visits())
    where, gesture = visits(), new_id()
    refuses(saint_mars, where, gesture)
    saint_mars.volunteer.post("outreach.create_undo", {"undone": str(gesture)}, **where)
    assert "on a demandé" in grid(saint_mars, where)


def test_undoing_one_of_two_refusals_at_a_door_leaves_the_wish(saint_mars, visits):
    where, gesture = visits(), new_id()
    refuses(saint_mars, where, gesture)
    saint_mars.second.post("outreach.create_encounter", {"refused": "3/33", "gesture": str(new_id())}, **where)
    saint_mars.volunteer.post("outreach.create_undo", {"undone": str(gesture)}, **where)
    assert "on a demandé" in grid(saint_mars, where)


def test_a_wish_is_taken_back_by_naming_the_door(saint_mars, visits):
    refuses(saint_mars, visits())
    change = {"kind": "no_visit", "about": "les charmes 33", "change": "again"}
    assert saint_mars.coordinator.post("outreach.update_wishes", change).status_code == 302
    assert "on a demandé" not in grid(saint_mars, visits())
    again = saint_mars.coordinator.post("outreach.update_wishes", change)
    assert again.status_code == 422
    assert "Aucun souhait" in again.text


def test_next_door_knows_nothing_of_it(saint_mars, ranzay, visits):
    refuses(saint_mars, visits())
    round_id = ranzay.plans()
    where = {"round_id": round_id, "building_id": ranzay.adds_building(round_id, label="Les Charmes")}
    assert "on a demandé" not in grid(ranzay, where)
    change = {"kind": "no_visit", "about": "Les Charmes 33", "change": "again"}
    assert ranzay.coordinator.post("outreach.update_wishes", change).status_code == 422


def test_a_number_that_cannot_be(saint_mars):
    answer = saint_mars.volunteer.post("outreach.update_wishes", {"kind": "no_call", "about": "12", "change": "stop"})
    assert answer.status_code == 422
    assert 'value="12"' in answer.text


def test_correcting_a_refusal_takes_its_wish_back(saint_mars, visits):
    where = visits()
    refuses(saint_mars, where)
    answer = {"talked": "3/33", "answer": "1", "gesture": str(new_id())}
    for _time in range(2):
        assert saint_mars.volunteer.post("outreach.create_encounter", answer, **where).status_code == 302
    assert "on a demandé" not in grid(saint_mars, where)
    assert "on a demandé" not in grid(saint_mars, visits())


def test_correcting_leaves_the_wish_of_an_earlier_round(saint_mars, visits):
    refuses(saint_mars, visits())
    where = visits()
    refuses(saint_mars, where)
    saint_mars.volunteer.post("outreach.create_encounter", {"talked": "3/33", "answer": "1", "gesture": str(new_id())}, **where)
    assert "on a demandé que personne ne repasse" in grid(saint_mars, where)


def test_an_answer_without_refusal_before_leaves_what_stands(saint_mars, visits):
    refuses(saint_mars, visits())
    where = visits()
    saint_mars.volunteer.post("outreach.create_encounter", {"again": "3/33", "answer": "1", "gesture": str(new_id())}, **where)
    assert "on a demandé que personne ne repasse" in grid(saint_mars, where)


def test_undoing_a_correction_lets_the_wish_stand_again(saint_mars, visits):
    where, gesture = visits(), new_id()
    refuses(saint_mars, where)
    saint_mars.volunteer.post("outreach.create_encounter", {"talked": "3/33", "answer": "1", "gesture": str(gesture)}, **where)
    saint_mars.volunteer.post("outreach.create_undo", {"undone": str(gesture)}, **where)
    assert "<b>33</b>refus" in grid(saint_mars, where)
    assert "on a demandé que personne ne repasse" in grid(saint_mars, visits())


def test_a_refusal_typed_by_mistake_and_corrected_on_paper_leaves_no_wish(saint_mars, visits):
    where = visits()
    for letter in ("r", "e"):
        data = {f"{where['building_id'].hex}.3.33": letter, "gesture": str(new_id())}
        assert saint_mars.volunteer.post("outreach.update_sheet", data, round_id=where["round_id"]).status_code == 302
    assert "on a demandé" not in grid(saint_mars, visits())


@pytest.mark.parametrize("about", ["12 rue des Peupliers", "12, rue des Peupliers", "Rue des Peupliers 12"])
def test_a_door_of_a_street_is_named_as_people_write_it(saint_mars, about):
    data = {"kind": "no_visit", "about": about}
    assert saint_mars.coordinator.post("outreach.update_wishes", {**data, "change": "stop"}).status_code == 302
    round_id = saint_mars.plans()
    where = {"round_id": round_id, "building_id": saint_mars.adds_building(round_id, label="Rue des Peupliers", shape="street", first="1", last="20")}
    assert "on a demandé que personne ne repasse" in grid(saint_mars, where)
    assert saint_mars.coordinator.post("outreach.update_wishes", {**data, "change": "again"}).status_code == 302
    assert "on a demandé" not in grid(saint_mars, where)


def test_why_a_number_is_refused_keeps_its_capitals(saint_mars):
    answer = saint_mars.volunteer.post("outreach.update_wishes", {"kind": "no_call", "about": "+44 20 7946 0000", "change": "stop"})
    assert "Numéro étranger : le collectif n’appelle que la France." in answer.text
