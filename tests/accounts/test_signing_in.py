"""Signing in and out: the same words for every mistake, a session of its own, and where each of us goes first."""

import os

import pytest
import redis

from app.demo.world import DOMAIN, PASSWORD
from app.factory import create_app
from app.settings import from_environment
from tests.cast import Someone

MAELLE = f"benevole.saint-mars-du-desert@{DOMAIN}"


def try_sign_in(someone, email=MAELLE, password=PASSWORD, **more):
    return someone.client.post("/connexion", data={"email": email, "password": password, "csrf_token": someone.token, **more})


def test_the_right_password_opens_the_workspace(stranger):
    answer = try_sign_in(stranger, email=MAELLE.upper())
    assert answer.location == "/"
    assert stranger.client.get("/").location == "/c/saint-mars-du-desert/"
    assert "Bonjour Maëlle" in stranger.client.get("/c/saint-mars-du-desert/").text


def test_a_wrong_password_and_an_unknown_address_read_alike_and_keep_what_was_typed(stranger):
    unknown = f"personne@{DOMAIN}"
    wrong = try_sign_in(stranger, password="not the right one")
    nobody = try_sign_in(stranger, email=unknown, password="not the right one")
    assert wrong.status_code == nobody.status_code == 422
    assert "ne vont pas ensemble" in wrong.text
    assert f'value="{MAELLE}"' in wrong.text
    assert "not the right one" not in wrong.text
    without_tokens = [answer.text.replace(email, "").split("csrf_token")[0] for answer, email in ((wrong, MAELLE), (nobody, unknown))]
    assert without_tokens[0] == without_tokens[1]
    assert stranger.client.get("/compte").status_code == 302


@pytest.mark.parametrize(("email", "message"), [("", "Il manque l’adresse"), ("maelle", "n’est pas complète")])
def test_an_address_that_is_none(stranger, email, message):
    assert message in try_sign_in(stranger, email=email).text


def test_signing_out_ends_the_cookie(house, saint_mars):
    maelle = saint_mars.volunteer
    cookie = maelle.client.get_cookie("session").value
    assert maelle.post("accounts.delete_sign_in").status_code == 302
    thief = house.test_client()
    thief.set_cookie("session", cookie)
    for client in (maelle.client, thief):
        assert client.get("/c/saint-mars-du-desert/").location.startswith("/connexion")


def test_signing_in_begins_a_session_of_its_own(stranger):
    with stranger.client.session_transaction() as session:
        session["planted"] = "by someone else"
        before = session["csrf_token"]
    stranger.sign_in(MAELLE)
    with stranger.client.session_transaction() as session:
        assert "planted" not in session
        assert session["csrf_token"] != before


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "evil", "/\n/evil.example"]
)
def test_a_sign_in_leads_nowhere_else(stranger, target):
    assert try_sign_in(stranger, next=target).location == "/"
    assert stranger.client.get("/connexion", query_string={"next": target}).location == "/"


def test_a_sign_in_leads_back_to_the_page_that_was_asked_for(stranger):
    asked = stranger.client.get("/c/saint-mars-du-desert/aller-vers/?liste=terminees")
    assert asked.location == "/connexion?next=/c/saint-mars-du-desert/aller-vers/?liste%3Dterminees"
    assert try_sign_in(stranger, next="/c/saint-mars-du-desert/aller-vers/?liste=terminees").location.endswith("?liste=terminees")


def test_ending_a_sign_in_from_the_list_ends_its_cookie_at_once(house, saint_mars):
    lost = saint_mars.volunteer
    assert lost.get("desk.index").status_code == 200
    at_home = Someone(house, MAELLE)
    assert str(lost.sign_in_id) in at_home.get("accounts.edit_profile").text
    at_home.post("accounts.end_sign_in", sign_in_id=lost.sign_in_id)
    assert lost.get("desk.index").location.startswith("/connexion")
    assert at_home.get("accounts.edit_profile").status_code == 200
    assert str(lost.sign_in_id) not in at_home.get("accounts.edit_profile").text


def test_nobody_ends_the_sign_in_of_another(saint_mars):
    theirs = saint_mars.second.sign_in_id
    assert saint_mars.volunteer.post("accounts.end_sign_in", sign_in_id=theirs).status_code == 404
    assert saint_mars.second.get("desk.index").status_code == 200


def test_after_ten_wrong_passwords_one_waits_in_every_web_process(house, world, stranger):
    for _ in range(10):
        assert try_sign_in(stranger, password="wrong").status_code == 422
    refused = try_sign_in(stranger)
    assert refused.status_code == 429
    assert "Il y a eu trop d’essais" in refused.text
    another_process = create_app(from_environment(os.environ | world[2]) | {"TESTING": True})
    assert try_sign_in(Someone(another_process)).status_code == 429
    assert redis.Redis.from_url(house.config["REDIS_URL"]).keys("*email:*")
    assert try_sign_in(stranger, email=f"reseau@{DOMAIN}").status_code == 302


def test_signing_in_often_is_no_offence(stranger):
    assert [stranger.sign_in(MAELLE).status_code for _ in range(12)] == [302] * 12


def test_each_of_us_has_a_home(house, saint_mars, helene):
    assert helene.client.get("/").location == "/reseau/"
    assert Someone(house, f"formatrice@{DOMAIN}").client.get("/").location == "/formation/"
    assert saint_mars.observer.client.get("/").location == "/c/saint-mars-du-desert/"
    assert Someone(house).client.get("/").location.startswith("/connexion")


def test_a_form_without_its_token_is_refused(saint_mars):
    answer = saint_mars.volunteer.client.post("/compte", data={"name": "Quelqu’un d’autre", "language": "fr", "theme": "auto"})
    assert answer.status_code == 400
    assert "Cette page a trop attendu" in answer.text
    assert "Maëlle" in saint_mars.volunteer.get("accounts.edit_profile").text


def test_a_stranger_learns_what_this_is_and_where_to_read_on(stranger):
    page = stranger.client.get(stranger.client.get("/").location).text
    assert "celles et ceux que plus personne ne voit" in page
    assert "jamais des personnes" in page
    for address in ("/decouvrir/", "/rapports/", "/indicateurs"):
        assert f'href="{address}"' in page
        assert stranger.client.get(address).status_code == 200
    # What waits below the form is told above it, for whoever comes on a phone.
    assert page.index('href="#sans-compte"') < page.index('name="password"') < page.index('id="sans-compte"')
    assert "Essaimage is the tool of these collectives" in stranger.client.get("/connexion", headers={"Accept-Language": "en"}).text
