"""Leaving a collective, and what the network does when its last coordination has left."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.db import new_id
from app.demo.world import DOMAIN
from tenants.journal import JournalLine
from tenants.models import Membership, Role
from tests.cast import Someone
from tests.mails import link_for, work_off
from tests.newcomer import newcomer

NEXT = f"reprise.gueret@{DOMAIN}"


def leave(crew, role, by="coordinator", **told):
    return getattr(crew, by).post("team.create_departure", told, membership_id=crew.members()[crew.names(role)[0]])


def joins(crew, someone, role):
    """Someone who has an account accepts an invitation of the coordination; returns the page with the button, and the answer."""
    crew.coordinator.post("team.create_invitation", {"id": str(new_id()), "email": someone.email, "role": role})
    work_off(crew.house, crew.id)
    link = link_for(crew.house, someone.email)
    shown = someone.client.get(link).text
    answer = someone.client.post(link, data={"csrf_token": someone.token})
    someone.takes_token()
    return shown, answer


def coordination(crew):
    return [each for each in crew.rows(Membership) if each.left_at is None and each.role == Role.coordinator]


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
    joins(saint_mars, saint_mars.second, "coordinator")
    assert leave(saint_mars, "coordinator").location == "/"
    assert saint_mars.coordinator.get("desk.index").status_code == 404


def test_the_last_coordination_is_told_before_it_leaves_and_then_may(saint_mars):
    before = len([each for each in saint_mars.rows(JournalLine) if each.act == "left"])
    team = saint_mars.coordinator.get("team.index").text
    answer = leave(saint_mars, "coordinator")
    assert answer.location in team
    assert len(coordination(saint_mars)) == 1
    page = saint_mars.coordinator.client.get(answer.location).text
    assert "plus personne ne coordonnera" in page
    assert "La tête de réseau l’apprend dans l’heure" in page
    assert 'name="told" value="1"' in page
    assert "attend eliane@exemple.fr" not in page
    saint_mars.coordinator.post("team.create_invitation", {"email": "eliane@exemple.fr", "role": "coordinator"})
    assert "attend eliane@exemple.fr" in saint_mars.coordinator.client.get(answer.location).text
    assert leave(saint_mars, "coordinator", told="1").location == "/"
    assert coordination(saint_mars) == []
    assert leave(saint_mars, "coordinator", told="1").status_code == 404
    assert len([each for each in saint_mars.rows(JournalLine) if each.act == "left"]) == before + 1


def test_nobody_is_warned_while_another_coordinates(saint_mars):
    joins(saint_mars, saint_mars.second, "coordinator")
    one = saint_mars.members()[saint_mars.names("coordinator")[0]]
    assert f'/equipe/{one}/depart">' in saint_mars.coordinator.get("team.index").text
    assert saint_mars.coordinator.get("team.new_departure", membership_id=one).location.endswith("/equipe/")
    for _ in range(2):
        assert leave(saint_mars, "second").location.endswith("/equipe/")
    assert len(coordination(saint_mars)) == 1
    assert [each.act for each in saint_mars.rows(JournalLine)].count("left") == 1


def test_who_takes_another_role_and_leaves_nobody_is_told_first(saint_mars):
    solene = saint_mars.coordinator
    saint_mars.coordinator.post("team.create_invitation", {"id": str(new_id()), "email": solene.email, "role": "volunteer"})
    work_off(saint_mars.house, saint_mars.id)
    link = link_for(saint_mars.house, solene.email)
    assert "vous ne le coordonnerez plus" in solene.client.get(link).text
    answer = solene.client.post(link, data={"csrf_token": solene.token})
    assert answer.status_code == 409
    assert "Changer de rôle quand même" in answer.text
    assert len(coordination(saint_mars)) == 1
    assert solene.client.post(link, data={"csrf_token": solene.token, "told": "1"}).location == f"/c/{saint_mars.slug}/"
    assert coordination(saint_mars) == []


def test_who_takes_another_role_beside_a_coordination_is_not_warned(saint_mars):
    joins(saint_mars, saint_mars.second, "coordinator")
    shown, answer = joins(saint_mars, saint_mars.second, "volunteer")
    assert "vous ne le coordonnerez plus" not in shown
    assert answer.location == f"/c/{saint_mars.slug}/"
    assert len(coordination(saint_mars)) == 1


@pytest.mark.committed
def test_of_two_who_leave_at_once_the_second_is_told(house, gueret):
    joins(gueret, gueret.second, "coordinator")
    assert len(coordination(gueret)) == 2
    with ThreadPoolExecutor(2) as both:
        answers = [str(each.location) for each in both.map(lambda role: leave(gueret, role, by=role), ("coordinator", "second"))]
    assert len(coordination(gueret)) == 1
    assert sorted(answer.split("/")[-1] for answer in answers) == ["", "depart"]


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
    leave(gueret, "coordinator", told="1")
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
    leave(gueret, "coordinator", told="1")
    gueret.recounts()
    answer = helene.post("network.create_coordination", {"email": "reprise"}, collective_id=gueret.id)
    assert answer.status_code == 422
    assert "n’est pas complète" in answer.text
    assert 'value="reprise"' in answer.text
