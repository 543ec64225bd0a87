"""The first door: from a round that is planned to the figure that the head of the network sees move."""

import html
import re

import pytest

from app.db import new_id
from tenants.months import today_in
from tests.newcomer import newcomer
from workers import perform

pytestmark = pytest.mark.committed
TOTAL = re.compile(r'<div class="fig"><dt>portes</dt><dd>(\d+)</dd>')


@pytest.fixture
def gueret(house, addresses):
    with newcomer(house, addresses) as crew:
        yield crew


def doors_of_the_network(helene):
    return int(TOTAL.search(helene.client.get("/reseau/?periode=toujours").text).group(1))


def test_a_collective_logs_its_doors_and_the_network_sees_the_figure(house, gueret, saint_mars, helene):
    before = doors_of_the_network(helene)
    people = gueret.members()
    team = [str(people[name]) for name in gueret.names("volunteer", "second")]
    plan = {"id": str(new_id()), "area": "Avenue du Poitou", "day": today_in("Europe/Paris").isoformat(), "team": team, "companions": "0"}
    plan["kind"] = "door_to_door"
    planned = gueret.coordinator.post("outreach.create", plan)
    assert "C’est prêt" in gueret.coordinator.client.get(planned.location).text

    marius = gueret.volunteer
    assert "Avenue du Poitou" in marius.get("desk.index").text
    building_id = gueret.adds_building(plan["id"])
    where = {"round_id": plan["id"], "building_id": building_id}
    for outcome, door in (("talked", "3/31"), ("isolation", "3/32"), ("refused", "3/33")):
        assert marius.post("outreach.create_encounter", {outcome: door, "gesture": str(new_id())}, **where).status_code == 302
    marius.post("outreach.create_nobody", {"floor": "all", "gesture": str(new_id())}, **where)
    assert "18 portes sur 18" in marius.get("outreach.show_building", **where).text
    closed = marius.post("outreach.create_closure", {"minutes": "90"}, round_id=plan["id"])
    assert "Merci à vous" in marius.client.get(closed.location).text

    assert doors_of_the_network(helene) == before
    figures = gueret.recounts()["ever"]
    assert (figures["doors"], figures["doors_answered"], figures["conversations"], figures["situations"]) == (18, 3, 2, 1)
    assert (figures["rounds"], figures["volunteer_minutes"]) == (1, 180)
    perform.fold()
    assert doors_of_the_network(helene) == before + 18
    line = html.unescape(helene.client.get("/reseau/?periode=toujours&recherche=gueret").text)
    assert '<td data-label="portes">18</td>' in line
    assert '<td data-label="situations d’isolement repérées">moins de 8</td>' in line

    assert "Avenue du Poitou" not in saint_mars.coordinator.get("outreach.index").text
    for address in (planned.location, marius.address("outreach.show_building", **where), f"/c/{gueret.slug}/chiffres"):
        assert saint_mars.coordinator.client.get(address).status_code == 404
        inside_their_own = address.replace(gueret.slug, saint_mars.slug)
        if str(plan["id"]) in address:
            assert saint_mars.coordinator.client.get(inside_their_own).status_code == 404
    assert "Avenue du Poitou" not in helene.get("network.show", collective_id=gueret.id).text
