"""Rounds: planned, run, closed, reopened, forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from app.db import db, new_id
from app.outreach.buildings import Building
from app.outreach.encounters import Encounter, Outcome
from app.outreach.figures import count_doors
from app.outreach.models import Round, RoundMember
from app.wording import long_day
from tenants.journal import JournalLine
from tenants.ledger import LedgerMark
from tenants.months import today_in
from workers.outreach import forget_doors


def today():
    return today_in("Europe/Paris")


def plan(crew, **changes):
    people = crew.members()
    team = [str(people[name]) for name in crew.names("volunteer", "second")]
    data = {
        "id": str(new_id()),
        "area": "Rue du Puits",
        "day": today().isoformat(),
        "team": team,
        "companions": "0",
        "kind": "door_to_door",
        **changes,
    }
    return crew.coordinator.post("outreach.create", data)


def test_planning_a_round(saint_mars):
    answer = plan(saint_mars)
    assert answer.status_code == 302
    page = saint_mars.volunteer.get("outreach.index").text
    assert "Rue du Puits" in page


def test_the_same_form_twice_is_one_round(saint_mars):
    known = new_id()
    first = plan(saint_mars, id=str(known))
    second = plan(saint_mars, id=str(known))
    assert first.location == second.location
    assert len([each for each in saint_mars.rows(Round) if each.area == "Rue du Puits"]) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"area": ""}, "Il manque la rue"),
        ({"day": ""}, "Il manque le jour"),
        ({"day": "31/02/2026"}, "Ce jour n’existe pas"),
        ({"day": (today() + timedelta(days=800)).isoformat()}, "à plus d’un an"),
        ({"day": "1998-05-01"}, "à plus de trois ans"),
        ({"team": []}, "On part toujours à deux"),
        ({"companions": "31"}, "Un nombre de 0 à 30"),
        ({"companions": "deux"}, "Écrivez un nombre"),
    ],
)
def test_a_round_that_cannot_be(saint_mars, changes, message):
    answer = plan(saint_mars, **changes)
    assert answer.status_code == 422
    assert message in answer.text
    if changes.get("area") != "":
        assert 'value="Rue du Puits"' in answer.text


def test_a_team_of_one_is_refused_and_one_with_a_companion_is_not(saint_mars):
    alone = [str(saint_mars.members()[saint_mars.names("volunteer")[0]])]
    assert "il manque quelqu’un" in plan(saint_mars, team=alone).text
    assert plan(saint_mars, team=alone, companions="1").status_code == 302


def test_a_member_of_the_next_collective_cannot_be_in_the_team(saint_mars, ranzay):
    theirs = str(ranzay.members()[ranzay.names("volunteer")[0]])
    ours = str(saint_mars.members()[saint_mars.names("volunteer")[0]])
    answer = plan(saint_mars, team=[ours, theirs])
    assert answer.status_code == 422
    assert str(new_id()) not in answer.text
    assert plan(saint_mars, team=[ours, str(new_id())]).status_code == 422


def test_closing_and_reopening_with_a_reason(saint_mars):
    round_id = saint_mars.plans()
    assert "Rien n’y est noté" in saint_mars.volunteer.get("outreach.new_closure", round_id=round_id).text
    assert "Il manque la durée" in saint_mars.volunteer.post("outreach.create_closure", {"minutes": ""}, round_id=round_id).text
    assert saint_mars.volunteer.post("outreach.create_closure", {"minutes": "90"}, round_id=round_id).status_code == 302
    assert saint_mars.scalar(select(Round.state).where(Round.id == round_id)) == "closed"
    assert saint_mars.volunteer.post("outreach.create_reopening", {"reason": "une feuille"}, round_id=round_id).status_code == 404
    assert "Dites pourquoi" in saint_mars.coordinator.post("outreach.create_reopening", {"reason": ""}, round_id=round_id).text
    saint_mars.coordinator.post("outreach.create_reopening", {"reason": "une feuille retrouvée"}, round_id=round_id)
    assert "une feuille retrouvée" in saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    acts = {line.act for line in saint_mars.rows(JournalLine) if line.subject_id == round_id}
    assert {"planned", "closed", "reopened"} <= acts


def test_before_anything_is_noted_a_round_says_what_to_do_and_shows_no_zeros(saint_mars):
    def says(who, round_id):
        page = getattr(saint_mars, who).get("outreach.show", round_id=round_id).text
        return "Jusqu’ici" in page, "Pour commencer" in page, page

    round_id = saint_mars.plans()
    # Where nothing is there to knock at, the page asks for a place and for nothing else.
    assert says("volunteer", round_id)[:2] == (False, False)
    building_id = saint_mars.adds_building(round_id)
    assert "Touchez un lieu" in says("volunteer", round_id)[2]
    assert "L’équipe n’a encore rien noté" in says("third", round_id)[2]
    tap = {"nobody": "3/33", "gesture": str(new_id())}
    saint_mars.volunteer.post("outreach.create_encounter", tap, round_id=round_id, building_id=building_id)
    assert says("volunteer", round_id)[:2] == (True, False)
    assert "Rien à noter avant" in says("volunteer", saint_mars.plans(days=2, kind="street_walk"))[2]
    walk = saint_mars.plans(kind="street_walk")
    assert "Touchez « Compter les rencontres »" in says("volunteer", walk)[2]
    saint_mars.volunteer.post("outreach.create_closure", {"minutes": "30"}, round_id=walk)
    # A round that is over says that it met nobody.
    assert "En tout" in says("volunteer", walk)[2]
    assert "Touchez" not in says("volunteer", walk)[2]


def test_a_round_of_tomorrow_is_not_closed_today(saint_mars):
    round_id = saint_mars.plans(days=1)
    answer = saint_mars.volunteer.post("outreach.create_closure", {"minutes": "90"}, round_id=round_id)
    assert answer.status_code == 422
    assert "prévue pour plus tard" in answer.text


def test_changing_the_team_and_the_day(saint_mars):
    round_id = saint_mars.plans()
    people = saint_mars.members()
    team = [str(people[name]) for name in saint_mars.names("coordinator", "third")]
    earlier = today() - timedelta(days=40)
    data = {"area": "Rue Neuve", "day": earlier.isoformat(), "team": team, "companions": "2"}
    assert saint_mars.coordinator.post("outreach.update", data, round_id=round_id).status_code == 302
    members = {each.membership_id for each in saint_mars.rows(RoundMember) if each.round_id == round_id}
    assert {str(each) for each in members} == set(team)
    months = {each.month for each in saint_mars.rows(LedgerMark)}
    assert {f"{today():%Y-%m}", f"{earlier:%Y-%m}"} <= months
    assert "2 autres personnes" in saint_mars.coordinator.get("outreach.show", round_id=round_id).text


def test_a_round_that_has_begun_does_not_move_into_the_future(saint_mars):
    round_id = saint_mars.plans()
    team = [str(each.membership_id) for each in saint_mars.rows(RoundMember) if each.round_id == round_id]
    tomorrow = today() + timedelta(days=1)

    def moves(day):
        data = {"area": "Rue Haute", "day": day.isoformat(), "team": team, "companions": "0"}
        return saint_mars.coordinator.post("outreach.update", data, round_id=round_id)

    assert moves(tomorrow).status_code == 302
    assert moves(today()).status_code == 302
    where = {"round_id": round_id, "building_id": saint_mars.adds_building(round_id)}
    saint_mars.volunteer.post("outreach.create_encounter", {"talked": "3/31", "gesture": str(new_id())}, **where)
    answer = moves(tomorrow)
    assert answer.status_code == 422
    assert "a déjà commencé" in answer.text
    assert f'value="{tomorrow.isoformat()}"' in answer.text
    assert saint_mars.scalar(select(Round.day).where(Round.id == round_id)) == today()
    assert moves(today() - timedelta(days=1)).status_code == 302


def test_doors_are_forgotten_after_thirty_days_and_numbers_stay(saint_mars):
    round_id = saint_mars.plans(days=-40)
    building_id = saint_mars.adds_building(round_id)
    where = {"round_id": round_id, "building_id": building_id}
    for outcome, door in (("nobody", "3/31"), ("talked", "3/31"), ("isolation", "2/22"), ("nobody", "1/11")):
        saint_mars.volunteer.post("outreach.create_encounter", {outcome: door, "gesture": str(new_id())}, **where)
    gesture = new_id()
    saint_mars.volunteer.post("outreach.create_encounter", {"nobody": "1/12", "gesture": str(gesture)}, **where)
    saint_mars.volunteer.post("outreach.create_undo", {"undone": str(gesture)}, **where)
    small = saint_mars.adds_building(round_id, label="Maison au 3 rue du Four", shape="street", first="3", last="3")
    saint_mars.volunteer.post("outreach.create_encounter", {"talked": "0/3", "gesture": str(new_id())}, round_id=round_id, building_id=small)
    start = (today() - timedelta(days=40)).replace(day=1)
    saint_mars.closes(round_id, days_ago=29)
    assert "Ce qui s’effacera le" in saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    with saint_mars.at_home():
        forget_doors()
        assert db.session.scalars(select(Encounter.door).where(Encounter.round_id == round_id, Encounter.door.is_not(None))).all()
    saint_mars.passes(round_id, 2)
    with saint_mars.at_home():
        before = count_doors(start, today())
        forget_doors()
        db.session.flush()
        after = count_doors(start, today())
        left = db.session.scalars(select(Encounter).where(Encounter.round_id == round_id)).all()
        place = db.session.get_one(Building, (saint_mars.id, small))
    assert (place.label, place.first, place.last, place.size()) == ("", 0, 0, 0)
    assert len(left) == 6
    assert before == after
    assert all(each.door is None and each.floor is None and each.by_user is None for each in left)
    stand = sorted(each.outcome for each in left if each.counted and not each.undone_at)
    assert stand == [Outcome.isolation, Outcome.nobody, Outcome.talked, Outcome.talked]
    page = saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    assert "Effacé le" in page
    assert "Un tout petit lieu" in page
    assert "rue du Four" not in page


def door_after_a_night(crew, round_id):
    """The only door of a round, once the night has forgotten what it forgets."""
    with crew.at_home():
        forget_doors()
    return crew.scalar(select(Encounter.door).where(Encounter.round_id == round_id))


def test_a_round_nobody_closed_is_forgotten_thirty_days_after_it_began(saint_mars):
    round_id = saint_mars.plans(days=-40)
    building_id = saint_mars.adds_building(round_id)
    saint_mars.volunteer.post("outreach.create_encounter", {"nobody": "3/31", "gesture": str(new_id())}, round_id=round_id, building_id=building_id)
    assert door_after_a_night(saint_mars, round_id) == "31"
    saint_mars.passes(round_id, 31)
    assert door_after_a_night(saint_mars, round_id) is None


def test_spaces_are_no_text(saint_mars):
    for changes, message in (({"area": "  "}, "Il manque la rue"),):
        answer = plan(saint_mars, **changes)
        assert (answer.status_code, message in answer.text) == (422, True)
    round_id = saint_mars.plans()
    place = {"label": " ", "shape": "floors", "floors": "4", "per_floor": "4", "ground": "2", "step": "1"}
    assert saint_mars.volunteer.post("outreach.create_building", place, round_id=round_id).status_code == 422
    saint_mars.closes(round_id)
    assert saint_mars.coordinator.post("outreach.create_reopening", {"reason": " "}, round_id=round_id).status_code == 422
    assert saint_mars.coordinator.post("outreach.update_script", {"text": " ", "attempts": "4", "pause_days": "3"}).status_code == 422
    assert saint_mars.coordinator.post("outreach.update_wishes", {"kind": "no_visit", "about": " ", "change": "stop"}).status_code == 422
    calls = saint_mars.plans(kind="phoning")
    assert saint_mars.volunteer.post("outreach.create_numbers", {"numbers": " \n "}, round_id=calls).status_code == 422


def test_a_round_opened_again_keeps_its_doors_for_thirty_days_more(saint_mars):
    round_id = saint_mars.plans(days=-45)
    where = {"round_id": round_id, "building_id": saint_mars.adds_building(round_id)}
    saint_mars.volunteer.post("outreach.create_encounter", {"nobody": "3/31", "gesture": str(new_id())}, **where)
    # Begun forty days ago, closed twenty days ago.
    saint_mars.passes(round_id, 20)
    saint_mars.closes(round_id, days_ago=20)
    saint_mars.coordinator.post("outreach.create_reopening", {"reason": "une feuille retrouvée"}, round_id=round_id)
    assert door_after_a_night(saint_mars, round_id) == "31"
    saint_mars.passes(round_id, 31)
    assert door_after_a_night(saint_mars, round_id) is None


@pytest.mark.parametrize(("hour", "day"), [(18, 29), (1, 28)])
def test_the_page_says_the_night_in_which_what_is_precise_goes(saint_mars, hour, day):
    with saint_mars.at_home():
        round_ = Round(closed_at=datetime(2026, 11, 28, hour, tzinfo=UTC))
        assert round_.forgets_on == date(2026, 12, day)


@pytest.mark.parametrize("kind", ["door_to_door", "street_walk"])
def test_where_nothing_can_be_noted_the_page_says_why(saint_mars, kind):
    def shows(round_id, who="volunteer"):
        if kind == "street_walk":
            return getattr(saint_mars, who).get("outreach.show_street", round_id=round_id).text
        return getattr(saint_mars, who).get("outreach.show_building", round_id=round_id, building_id=saint_mars.adds_building(round_id)).text

    assert "On note le jour même" in shows(saint_mars.plans(days=1, kind=kind))
    today = saint_mars.plans(kind=kind)
    assert "On note le jour même" not in shows(today)
    assert "vous n’y notez rien" in shows(today, "third")
    saint_mars.closes(today, days_ago=5)
    assert "La coordination peut la rouvrir" in shows(today)


def test_one_call_and_one_person_are_said_as_one(saint_mars):
    calls = saint_mars.plans(kind="phoning")
    added = saint_mars.volunteer.post("outreach.create_numbers", {"numbers": "02 61 91 00 01"}, round_id=calls)
    assert added.status_code == 302
    assert "Un numéro ajouté." in saint_mars.volunteer.get("outreach.show", round_id=calls).text
    held = saint_mars.volunteer.post("outreach.create_hold", round_id=calls).location.rsplit("/", 1)[1]
    saint_mars.volunteer.post("outreach.create_call", {"id": str(new_id()), "outcome": "talked"}, round_id=calls, number_id=held)
    assert "1 appel, 1 personne jointe." in saint_mars.volunteer.get("outreach.new_closure", round_id=calls).text
    walk = saint_mars.plans(kind="street_walk")
    saint_mars.volunteer.post("outreach.create_meeting", {"what": "talked", "number": "1", "gesture": str(new_id())}, round_id=walk)
    assert "1 personne rencontrée, dont 1 échange." in saint_mars.volunteer.get("outreach.new_closure", round_id=walk).text


def test_a_small_place_at_which_nobody_knocked_loses_its_name_as_well(saint_mars):
    round_id = saint_mars.plans()
    house = saint_mars.adds_building(round_id, label="Le pavillon de Mme Martin", shape="street", first="3", last="3")
    garden = saint_mars.adds_building(round_id, label="La cabane de M. Roy", shape="counted")
    tower = saint_mars.adds_building(round_id, label="La tour")
    saint_mars.closes(round_id, days_ago=31)

    def night():
        with saint_mars.at_home():
            forget_doors()
        return {each.id: each.label for each in saint_mars.rows(Building)}

    labels = night()
    assert (labels[house], labels[garden], labels[tower]) == ("", "", "La tour")
    forgotten = select(Round.forgotten_at).where(Round.id == round_id)
    first = saint_mars.scalar(forgotten)
    night()
    assert saint_mars.scalar(forgotten) == first


def test_a_sign_that_is_ticked_stays_before_the_eyes(saint_mars):
    walk = saint_mars.plans(kind="street_walk")
    page = saint_mars.volunteer.get("outreach.show_street", round_id=walk).text
    sign = page.split('name="sign" value="')[1].split('"')[0]
    assert saint_mars.volunteer.post("outreach.create_notice", {"sign": sign, "seen": "1"}, round_id=walk).location.endswith("#reperes")


def test_a_round_nobody_closed_says_when_what_is_precise_goes(saint_mars):
    round_id = saint_mars.plans(days=-3)
    goes = today() - timedelta(days=3) + timedelta(days=31)
    with saint_mars.house.test_request_context(), force_locale("fr"):
        said = f"Si personne ne la termine, voici ce qui s’effacera le {long_day(goes)}"
    assert said in saint_mars.volunteer.get("outreach.show", round_id=round_id).text
    assert "trente jours après la clôture" in saint_mars.volunteer.get("outreach.show", round_id=saint_mars.plans()).text
    # It is told as it is done.
    with saint_mars.at_home():
        round_ = db.session.get_one(Round, (saint_mars.id, round_id))
        round_.day = today() - timedelta(days=40)
        db.session.flush()
        assert db.session.scalar(select(Round.id).where(Round.id == round_id, Round.is_past())) == round_id
        assert round_.forgets_on <= today()
