"""One's own account."""

import pytest

from app.demo.world import DOMAIN
from tests.cast import Someone


def change(someone, **changes):
    return someone.post("accounts.update_profile", {"name": "Maëlle Kerdoncuff", "language": "fr", "theme": "auto", **changes})


def test_a_new_name_follows_into_ones_collectives(house, saint_mars, ranzay):
    jeanne = Someone(house, f"formatrice@{DOMAIN}")
    assert change(jeanne, name=" Jeanne Lescure-Petit ").status_code == 302
    assert "Jeanne Lescure-Petit" in saint_mars.members()
    assert "Jeanne Lescure-Petit" in ranzay.members()
    assert saint_mars.names("volunteer")[0] in saint_mars.members()


def test_english(saint_mars):
    change(saint_mars.volunteer, language="en")
    page = saint_mars.volunteer.get("accounts.edit_profile").text
    assert '<html lang="en"' in page
    assert "My account" in page
    assert "Mon compte" not in page


def test_dark(saint_mars):
    change(saint_mars.volunteer, theme="dark")
    assert 'data-bs-theme="dark"' in saint_mars.volunteer.get("desk.index").text
    assert 'data-bs-theme="auto"' in saint_mars.second.get("desk.index").text


@pytest.mark.parametrize(("changes", "message"), [({"name": ""}, "Il manque le nom"), ({"name": "é" * 81}, "Quatre-vingts caractères")])
def test_a_name_that_cannot_be(saint_mars, changes, message):
    answer = change(saint_mars.volunteer, **changes)
    assert answer.status_code == 422
    assert message in answer.text


@pytest.mark.parametrize("changes", [{"language": "de"}, {"theme": "pink"}])
def test_a_choice_that_is_not_offered(saint_mars, changes):
    assert change(saint_mars.volunteer, **changes).status_code == 422
    assert '<html lang="fr" data-bs-theme="auto"' in saint_mars.volunteer.get("desk.index").text


def test_the_language_before_signing_in(stranger):
    assert '<html lang="fr"' in stranger.client.get("/connexion").text
    answer = stranger.client.post("/langue/en", data={"csrf_token": stranger.token, "next": "//evil.example"})
    assert answer.location == "/connexion"
    assert '<html lang="en"' in stranger.client.get("/connexion").text
    assert stranger.client.post("/langue/de", data={"csrf_token": stranger.token}).status_code == 404
    assert '<html lang="en"' in Someone(stranger.house).client.get("/connexion", headers={"Accept-Language": "en-GB"}).text


def test_choosing_among_ones_collectives(house, saint_mars):
    page = Someone(house, f"formatrice@{DOMAIN}").get("accounts.choose_collective").text
    for slug in ("saint-mars-du-desert", "nantes-ranzay", "homecourt", "lormes", "lorient-kervenanec"):
        # A trainer's first page is the desk that lists them all: from the list one comes to the courses of one.
        assert f'href="/c/{slug}/parcours/"' in page
    assert "/c/nantes-ranzay/" not in saint_mars.volunteer.get("accounts.choose_collective").text


def test_an_account_without_a_collective_is_told_what_to_do(saint_mars):
    membership = saint_mars.members()[saint_mars.names("third")[0]]
    nadia = saint_mars.third
    saint_mars.coordinator.post("team.create_departure", membership_id=membership)
    assert nadia.client.get("/").location == "/collectifs"
    assert "Demandez à sa coordination de vous inviter" in nadia.client.get("/collectifs").text
