"""A lost second step: asked for, told at once, refused or done a day later, written in the journal."""

import re
from datetime import timedelta

import pytest

from app.accounts import factors, removals
from app.accounts.factors import FactorRemoval
from app.accounts.models import User
from app.db import db
from app.db import now as real_now
from app.demo.world import DOMAIN, PASSWORD
from tenants.journal import JournalLine
from tests.accounts.test_second_step import Clock, prepare
from tests.cast import Someone
from tests.mails import link_for, mails_to, work_off
from workers import perform

MAELLE = f"benevole.saint-mars-du-desert@{DOMAIN}"
HELENE = f"reseau@{DOMAIN}"


@pytest.fixture
def membership(saint_mars):
    return saint_mars.members()["Maëlle Kerdoncuff"]


@pytest.fixture
def lost(saint_mars, monkeypatch):
    """Maëlle, who has a second step and will lose it."""
    prepare(saint_mars.volunteer, Clock(monkeypatch))
    return saint_mars.volunteer


def wait(house, monkeypatch, hours):
    """So many hours later, the job passes by."""
    for module in (factors, removals):
        monkeypatch.setattr(module, "now", lambda: real_now() + timedelta(hours=hours))
    perform.serve(lambda: house)
    perform.in_no_collective("remove_due_second_steps")


def has_one(house, someone):
    with house.app_context():
        return db.session.get(User, someone.user_id).second_step_since is not None


def acts(crew):
    return [line.act for line in crew.rows(JournalLine) if "second step" in line.act]


def test_the_coordination_sees_who_has_none(saint_mars, lost):
    page = saint_mars.coordinator.get("team.index").text
    maelle, bernard, yves = (page.split(name)[1].split("</li>")[0] for name in ("Maëlle Kerdoncuff", "Bernard Ollivaud", "Yves Tharreau"))
    assert "sans deuxième étape" in bernard
    assert "sans deuxième étape" not in maelle
    assert "Téléphone perdu" in maelle
    assert "deuxième étape" not in yves


def test_the_account_is_told_at_once_and_it_is_done_a_day_later(house, saint_mars, lost, membership, monkeypatch):
    saint_mars.coordinator.post("team.create_removal", membership_id=membership)
    assert "C’est demandé" in saint_mars.coordinator.get("team.index").text
    work_off(house, saint_mars.id)
    mail = mails_to(house, MAELLE)[-1]
    assert "Solène Abgrall a demandé de retirer" in mail
    assert "Quelqu’un a demandé" in lost.get("accounts.show_second_step").text
    wait(house, monkeypatch, 23)
    assert has_one(house, lost)
    wait(house, monkeypatch, 25)
    assert not has_one(house, lost)
    assert acts(saint_mars) == ["asked to remove second step", "removed second step"]
    work_off(house)
    assert "est retirée" in mails_to(house, MAELLE)[-1]
    assert Someone(house).sign_in(MAELLE).location == "/"
    wait(house, monkeypatch, 26)
    assert len(acts(saint_mars)) == 2
    assert "déjà été retirée" in Someone(house).client.get(link_of_removal(house)).text


def link_of_removal(house):
    with house.test_request_context():
        from flask import url_for

        from app.accounts.tokens import removal_token

        return url_for("accounts.show_removal", token=removal_token(db.session.scalars(db.select(FactorRemoval)).one().id))


def test_the_link_shows_a_page_whose_button_keeps_it(house, saint_mars, lost, membership, monkeypatch):
    saint_mars.coordinator.post("team.create_removal", membership_id=membership)
    work_off(house, saint_mars.id)
    link = link_for(house, MAELLE)
    reader = Someone(house)
    for _ in range(2):
        assert "Ce n’était pas moi" in reader.client.get(link).text
    for _ in range(2):
        answer = reader.client.post(link, data={"csrf_token": reader.token})
        assert "reste en place" in answer.text
    assert reader.client.get(link).status_code == 410
    wait(house, monkeypatch, 25)
    assert has_one(house, lost)
    assert acts(saint_mars) == ["asked to remove second step", "kept second step"]


def test_it_is_kept_from_ones_own_page_too(house, saint_mars, lost, membership, monkeypatch):
    saint_mars.coordinator.post("team.create_removal", membership_id=membership)
    action = re.search(r'action="(/deuxieme-etape/[^"]+)"', lost.get("accounts.show_second_step").text).group(1)
    assert "reste en place" in lost.client.post(action, data={"csrf_token": lost.token}).text
    assert "Quelqu’un a demandé" not in lost.get("accounts.show_second_step").text
    wait(house, monkeypatch, 25)
    assert has_one(house, lost)


def test_asking_twice_waits_once(house, saint_mars, lost, membership):
    for _ in range(2):
        saint_mars.coordinator.post("team.create_removal", membership_id=membership)
    assert work_off(house, saint_mars.id) == 1
    with house.app_context():
        assert len(db.session.scalars(db.select(FactorRemoval)).all()) == 1


def test_the_coordination_next_door_and_other_roles_find_nothing(house, saint_mars, ranzay, lost, membership):
    assert ranzay.coordinator.post("team.create_removal", membership_id=membership).status_code == 404
    for someone in (lost, saint_mars.second, saint_mars.observer):
        assert someone.post("team.create_removal", membership_id=membership).status_code == 404
    with house.app_context():
        assert db.session.scalars(db.select(FactorRemoval)).all() == []


def test_not_for_oneself_nor_where_there_is_none_nor_after_leaving(saint_mars, lost, membership):
    people, solene = saint_mars.members(), saint_mars.coordinator
    solene.post("team.create_removal", membership_id=people["Solène Abgrall"])
    assert "passez par Mon compte" in solene.get("team.index").text
    solene.post("team.create_removal", membership_id=people["Bernard Ollivaud"])
    assert "n’a pas de deuxième étape" in solene.get("team.index").text
    solene.post("team.create_departure", membership_id=membership)
    assert solene.post("team.create_removal", membership_id=membership).status_code == 404


def test_the_head_asks_too(house, saint_mars, helene, lost, monkeypatch):
    assert helene.get("network.new_removal").status_code == 200
    answer = helene.post("network.create_removal", {"email": MAELLE.upper()})
    assert answer.location == "/reseau/deuxieme-etape"
    work_off(house)
    assert "Hélène" in mails_to(house, MAELLE)[-1]
    assert acts(saint_mars) == ["asked to remove second step"]
    line = next(each for each in saint_mars.rows(JournalLine) if "second step" in each.act)
    assert line.user_id == helene.user_id
    wait(house, monkeypatch, 25)
    assert not has_one(house, lost)


@pytest.mark.parametrize("email", ["", "maelle", f"personne@{DOMAIN}", f"benevole2.saint-mars-du-desert@{DOMAIN}", HELENE])
def test_the_head_asks_for_nobody_else(helene, email):
    answer = helene.post("network.create_removal", {"email": email})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.text


def test_others_do_not_find_the_page_of_the_head(saint_mars):
    assert saint_mars.coordinator.get("network.new_removal").status_code == 404
    assert saint_mars.coordinator.post("network.create_removal", {"email": MAELLE}).status_code == 404


def test_a_garbled_link_is_none(stranger):
    for token in ("rien", "é"):
        assert stranger.client.get(f"/deuxieme-etape/{token}").status_code == 404
        assert stranger.client.post(f"/deuxieme-etape/{token}", data={"csrf_token": stranger.token}).status_code == 404


def test_the_demonstration_password_is_still_the_first_step(house, saint_mars, lost):
    someone = Someone(house)
    assert someone.client.post("/connexion", data={"email": MAELLE, "password": f"{PASSWORD}x", "csrf_token": someone.token}).status_code == 422
