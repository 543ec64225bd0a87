"""Leaving a collective, and what the network does when its last coordination has left."""

import pytest

from app.db import new_id
from app.demo.world import DOMAIN
from tests.cast import Someone
from tests.mails import link_for, work_off
from tests.newcomer import newcomer

NEXT = f"reprise.gueret@{DOMAIN}"


def leave(crew, role, by="coordinator"):
    return getattr(crew, by).post("team.create_departure", membership_id=crew.members()[crew.names(role)[0]])


def test_who_left_finds_nothing_at_once(saint_mars):
    assert saint_mars.second.get("desk.index").status_code == 200
    assert leave(saint_mars, "second").location.endswith("/equipe/")
    assert saint_mars.second.get("desk.index").status_code == 404
    assert saint_mars.second.get("outreach.index").status_code == 404
    assert saint_mars.volunteer.get("desk.index").status_code == 200


def test_the_rounds_remember_who_went(saint_mars):
    round_id = saint_mars.plans()
    leave(saint_mars, "second")
    assert saint_mars.names("second")[0] in saint_mars.coordinator.get("outreach.show", round_id=round_id).text


def test_leaving_oneself(saint_mars):
    assert leave(saint_mars, "coordinator").location == "/"
    assert saint_mars.coordinator.get("desk.index").status_code == 404


def test_only_the_coordination_changes_the_team(saint_mars, ranzay):
    assert leave(saint_mars, "second", by="volunteer").status_code == 404
    theirs = ranzay.members()[ranzay.names("second")[0]]
    assert saint_mars.coordinator.post("team.create_departure", membership_id=theirs).status_code == 404
    assert ranzay.second.get("desk.index").status_code == 200


@pytest.fixture
def gueret(house, addresses):
    with newcomer(house, addresses) as crew:
        crew.recounts()
        yield crew


@pytest.mark.committed
def test_the_head_invites_again_when_the_last_coordination_has_left(house, gueret, helene):
    def page():
        return helene.get("network.show", collective_id=gueret.id).text

    def invite():
        data = {"id": str(new_id()), "email": NEXT}
        return helene.client.post(helene.address("network.create_coordination", collective_id=gueret.id), data={**data, "csrf_token": helene.token})

    assert "n’a plus de coordination" not in page()
    invite()
    assert "Ce collectif a une coordination" in page()
    leave(gueret, "coordinator")
    assert gueret.recounts()["ever"]["coordinators"] == 0
    assert "n’a plus de coordination" in page()
    invite()
    assert f"L’invitation part à {NEXT}" in page()
    invite()
    assert "une invitation l’attend déjà" in page()
    assert work_off(house, gueret.id) == 1
    heir = Someone(house)
    link = link_for(house, NEXT)
    joined = {"name": "Rose Aubert", "password": "un bol de soupe chaude", "again": "un bol de soupe chaude"}
    answer = heir.client.post(link, data={"csrf_token": heir.token, **joined})
    assert answer.location == f"/c/{gueret.slug}/"
    assert "Bonjour Rose" in heir.client.get(answer.location).text
    assert gueret.recounts()["ever"]["coordinators"] == 1
    assert "n’a plus de coordination" not in page()


@pytest.mark.committed
def test_an_address_that_is_none_is_asked_again(gueret, helene):
    leave(gueret, "coordinator")
    gueret.recounts()
    answer = helene.post("network.create_coordination", {"email": "reprise"}, collective_id=gueret.id)
    assert answer.status_code == 422
    assert "n’est pas complète" in answer.text
    assert 'value="reprise"' in answer.text
