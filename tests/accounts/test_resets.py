"""A forgotten password: a link by mail, once."""

import pytest
from itsdangerous import URLSafeTimedSerializer

from app.accounts import tokens
from app.accounts.models import user_by_email
from app.demo.world import DOMAIN
from tests.cast import Someone
from tests.mails import link_for, mails_to, work_off

BERNARD = f"benevole2.saint-mars-du-desert@{DOMAIN}"
NEW = "quatre mots qui se suivent"


def ask(someone, email=BERNARD):
    return someone.post("accounts.create_reset", {"email": email})


def choose(someone, link, password=NEW, again=None):
    return someone.client.post(link, data={"csrf_token": someone.token, "password": password, "again": password if again is None else again})


@pytest.fixture
def link(house, stranger):
    ask(stranger)
    assert work_off(house) == 1
    return link_for(house, BERNARD)


def test_the_link_leads_to_a_new_password_once(house, stranger, link):
    assert stranger.client.get(link).status_code == 200
    assert choose(stranger, link).location == "/"
    assert "Vos autres appareils sont déconnectés" in stranger.client.get("/compte").text
    assert Someone(house).sign_in(BERNARD, NEW).status_code == 302
    assert Someone(house).sign_in(BERNARD).status_code == 422
    for answer in (stranger.client.get(link), choose(Someone(house), link)):
        assert answer.status_code == 410
        assert "Ce lien ne sert plus" in answer.text


def test_every_other_device_is_signed_out(saint_mars, stranger, link):
    assert saint_mars.second.get("desk.index").status_code == 200
    choose(stranger, link)
    assert saint_mars.second.get("desk.index").location.startswith("/connexion")


def test_looking_at_the_link_changes_nothing(house, link):
    for _ in range(2):
        assert Someone(house).client.get(link).status_code == 200
    assert Someone(house).sign_in(BERNARD).status_code == 302


def test_an_unknown_address_gets_the_same_answer_and_no_mail(house, stranger):
    unknown = f"inconnue@{DOMAIN}"
    known_answer, unknown_answer = ask(stranger), ask(stranger, unknown)
    assert known_answer.status_code == unknown_answer.status_code == 200
    assert known_answer.text.split("csrf_token")[0] == unknown_answer.text.split("csrf_token")[0]
    assert work_off(house) == 1
    assert mails_to(house, unknown) == []


def test_an_old_link_says_so(stranger, link, monkeypatch):
    monkeypatch.setattr(tokens, "RESET_LASTS", -1)
    answer = stranger.client.get(link)
    assert answer.status_code == 410
    assert "plus de trois heures" in answer.text


def test_a_garbled_link_says_so(house, stranger, link):
    with house.app_context():
        other_purpose = URLSafeTimedSerializer(house.config["SECRET_KEY"], "invitation").dumps([user_by_email(BERNARD).id.hex, "x"])
    for garbled in (f"{link}x", "/mot-de-passe/rien", f"/mot-de-passe/{other_purpose}"):
        assert stranger.client.get(garbled).status_code == 410
        assert choose(stranger, garbled).status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "message"), [("court", "court", "au moins 12"), (NEW, "autre chose", "ne sont pas les mêmes"), ("", "", "Il manque le mot")]
)
def test_a_password_that_cannot_be(stranger, link, password, again, message):
    answer = choose(stranger, link, password, again)
    assert answer.status_code == 422
    assert message in answer.text
    assert choose(stranger, link).status_code == 302


def test_five_links_an_hour_are_enough(stranger):
    assert [ask(stranger).status_code for _ in range(6)] == [200] * 5 + [429]
    assert ask(stranger, f"reseau@{DOMAIN}").status_code == 200
