"""The figures are right: after many hands at once, after an interruption, after a mark that was lost."""

import threading

import pytest
from sqlalchemy import delete, select

from app.db import db, new_id
from app.outreach.buildings import Building
from app.outreach.encounters import Encounter, Outcome, log_doors
from app.outreach.models import Round
from tenants import bootstrap, ledger
from tenants.ledger import LedgerMark
from tenants.months import bounds, month_of, months_before, today_in
from tests.newcomer import newcomer, until, waits_for_a_lock
from workers import perform

pytestmark = pytest.mark.committed
HANDS = 16


def this_month():
    return month_of(today_in("Europe/Paris"))


@pytest.fixture
def gueret(house, addresses):
    perform.serve(lambda: house)
    with newcomer(house, addresses) as crew:
        yield crew


@pytest.fixture
def building_id(gueret):
    return gueret.adds_building(gueret.plans(), floors="40", per_floor="10")


def knock(crew, building_id, *doors, outcome=Outcome.talked):
    """Note doors in one gesture, as a request of its own does."""
    with crew.at_home():
        building = db.session.scalars(select(Building).where(Building.id == building_id)).one()
        round_ = db.session.scalars(select(Round).where(Round.id == building.round_id)).one()
        log_doors(round_, building, list(doors), outcome, new_id())


def waiting(crew):
    return {each.month for each in crew.rows(LedgerMark)}


def test_a_recount_counts_what_stands_and_twice_is_once(gueret, building_id):
    knock(gueret, building_id, (1, "101"), (1, "102"))
    knock(gueret, building_id, (1, "101"), outcome=Outcome.isolation)
    knock(gueret, building_id, (2, "201"), outcome=Outcome.nobody)
    first = gueret.recounts()
    assert {code: first["ever"][code] for code in ("doors", "doors_answered", "conversations", "refusals", "situations", "rounds")} == {
        "doors": 3,
        "doors_answered": 2,
        "conversations": 2,
        "refusals": 0,
        "situations": 1,
        "rounds": 0,
    }
    assert first[this_month()]["doors"] == first[this_month()[:4]]["doors"] == 3
    assert waiting(gueret) == set()
    assert gueret.recounts() == first


@pytest.mark.parametrize("moment", ["before the count", "after the count"])
def test_a_door_noted_in_the_middle_of_a_recount_is_not_lost(gueret, building_id, monkeypatch, moment):
    knock(gueret, building_id, (1, "101"))

    def meanwhile(start, end):
        knock(gueret, building_id, (1, "102"))
        return {}

    counters = [meanwhile, *ledger.counters] if moment == "before the count" else [*ledger.counters, meanwhile]
    with monkeypatch.context() as interrupted:
        interrupted.setattr(ledger, "counters", counters)
        gueret.recounts()
    assert waiting(gueret) == {this_month()}
    assert gueret.recounts()["ever"]["doors"] == 2
    assert waiting(gueret) == set()


def test_two_months_counted_at_once_make_one_year(gueret, monkeypatch):
    """Each recount adds up the year: without waiting for each other, the second would miss the first's month."""
    year = this_month()[:4]
    first, second = f"{year}-01", f"{year}-02"
    other = []

    def one_a_month(start, end):
        if start == bounds(first)[0] and not other:
            other.append(threading.Thread(target=perform.recount, args=(str(gueret.id), second)))
            other[0].start()
            with bootstrap.connect(gueret.superuser) as superuser:
                until(lambda: waits_for_a_lock(superuser))
        return {"doors": 1}

    monkeypatch.setattr(ledger, "counters", [one_a_month])
    perform.recount(str(gueret.id), first)
    other[0].join(60)
    figures = gueret.figures()
    assert figures[first]["doors"] == figures[second]["doors"] == 1
    assert figures[year]["doors"] == figures["ever"]["doors"] == 2


def test_sixteen_hands_at_once_fail_nowhere_and_lose_nothing(gueret, building_id):
    volunteer = gueret.volunteer
    cookie = volunteer.client.get_cookie("session").value
    with gueret.at_home():
        round_id = db.session.scalars(select(Building.round_id).where(Building.id == building_id)).one()
    address = volunteer.address("outreach.create_encounter", round_id=round_id, building_id=building_id)
    answers = []
    start = threading.Barrier(HANDS)

    def walk(floor):
        client = gueret.house.test_client()
        client.set_cookie("session", cookie)
        start.wait(30)
        for door in range(1, 6):
            data = {"talked": f"{floor}/{floor}{door:02d}", "gesture": str(new_id()), "csrf_token": volunteer.token}
            answers.append(client.post(address, data=data).status_code)

    hands = [threading.Thread(target=walk, args=(floor,)) for floor in range(1, HANDS + 1)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(120)
    assert answers == [302] * HANDS * 5
    assert len(gueret.rows(Encounter)) == HANDS * 5
    assert gueret.recounts()["ever"]["doors"] == HANDS * 5


def test_the_nightly_sweep_counts_again_what_lost_its_mark(gueret, building_id):
    knock(gueret, building_id, (1, "101"))
    gueret.recounts()
    knock(gueret, building_id, (1, "102"))
    with gueret.at_home():
        db.session.execute(delete(LedgerMark))
    assert gueret.figures()["ever"]["doors"] == 1
    perform.perform_for("recount_what_changed", str(gueret.id))
    assert gueret.figures()["ever"]["doors"] == 2


def test_the_nightly_sweep_reaches_an_old_month_that_is_marked(gueret):
    old = months_before(this_month(), 14)[-1]
    with gueret.at_home():
        ledger.mark(bounds(old)[0])
    perform.perform_for("recount_what_changed", str(gueret.id))
    assert gueret.figures()[old]["doors"] == 0
    assert waiting(gueret) == set()


def test_whoever_goes_twice_in_a_year_is_one_person(gueret):
    """A month has its two volunteers, and so has the year: they are counted anew, not added up."""
    today = today_in("Europe/Paris")
    days = {month: (min(bounds(month)[0], today) - today).days for month in (this_month(), months_before(this_month(), 2)[1], f"{today.year}-01")}
    for ago in days.values():
        gueret.volunteer.post("outreach.create_closure", {"minutes": "60"}, round_id=gueret.plans(days=ago))
    planned = gueret.plans()
    for month in days:
        perform.recount(str(gueret.id), month)
    figures = gueret.figures()
    assert {figures[month]["volunteers_active"] for month in days} == {2}
    assert figures[this_month()[:4]]["volunteers_active"] == figures["ever"]["volunteers_active"] == 2
    gueret.coordinator.post(
        "outreach.update",
        {"area": "Rue Neuve", "day": today.isoformat(), "team": [str(gueret.members()["Amir Cherif"])], "companions": "1", "kind": "door_to_door"},
        round_id=planned,
    )
    gueret.coordinator.post("outreach.create_closure", {"minutes": "60"}, round_id=planned)
    assert gueret.recounts()["ever"]["volunteers_active"] == 3


def test_the_nightly_sweep_is_not_misled_by_what_is_planned_ahead(gueret, building_id):
    """Sessions of a course stand in months to come: the months in which something was done are the ones to count again."""
    knock(gueret, building_id, (1, "101"))
    gueret.recounts()
    with gueret.at_home():
        db.session.execute(delete(LedgerMark))
        for month in (f"{today_in('Europe/Paris').year + 1}-0{number}" for number in (1, 2, 3)):
            db.session.add(ledger.Figure(period=month, indicator="sessions_planned", value=2))
    knock(gueret, building_id, (1, "102"))
    with gueret.at_home():
        db.session.execute(delete(LedgerMark))
    perform.perform_for("recount_what_changed", str(gueret.id))
    assert gueret.figures()["ever"]["doors"] == 2
