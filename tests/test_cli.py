"""The commands of an operator."""

import pytest
from sqlalchemy import select

from app.accounts.models import Invitation, user_by_email
from app.db import db
from app.demo.world import DOMAIN
from tenants.models import collective_by_slug
from tenants.scope import inside
from tests.cast import Someone
from tests.mails import link_for, mails_to, work_off


@pytest.fixture
def at(house):
    """The collective of an address, or None."""

    def look(slug):
        with house.app_context():
            return collective_by_slug(slug)

    return look


def test_founding_a_collective_of_a_commune(run, at):
    answer = run("collective", "create", "23096")
    assert answer.exit_code == 0, answer.output
    assert "Guéret (23, 12955 inhabitants) is at /c/gueret/." in answer.output
    gueret = at("gueret")
    assert (gueret.name, gueret.insee_code, gueret.department, gueret.population) == ("Guéret", "23096", "23", 12955)
    assert gueret.qpv_code is None


def test_founding_one_of_a_neighbourhood_and_inviting_its_coordination(house, run, at):
    email = f"albatros@{DOMAIN}"
    answer = run("collective", "create", "23096", "--neighbourhood", "Albatros", "--qpv", "QN02301M", "--coordinator", email)
    assert answer.exit_code == 0, answer.output
    albatros = at("gueret-albatros")
    assert (albatros.name, albatros.qpv_code) == ("Guéret, Albatros", "QN02301M")
    assert mails_to(house, email) == []
    assert work_off(house, albatros.id) == 1
    assert "Guéret, Albatros" in mails_to(house, email)[-1]
    assert "Une place vous attend : coordination" in Someone(house).client.get(link_for(house, email)).text


def test_bootstrap_says_which_role_was_given_no_password(run, addresses, monkeypatch):
    monkeypatch.setattr("app.cli.role_passwords", lambda: {"essaimage_owner": "x"})
    monkeypatch.setattr("tenants.bootstrap.bootstrap", lambda *_told: None)
    answer = run("database", "bootstrap", "--superuser-url", addresses.superuser)
    assert answer.exit_code == 0, answer.output
    assert "BACKUP_DATABASE_URL is not set" in answer.output
    assert "OWNER_DATABASE_URL" not in answer.output


def test_a_mistyped_address_of_the_first_coordination_is_put_right(house, run, at):
    mistyped, right = f"solnee@{DOMAIN}", f"solene.gueret@{DOMAIN}"
    assert run("collective", "create", "23096", "--coordinator", mistyped).exit_code == 0
    gueret = at("gueret")
    work_off(house, gueret.id)
    answer = run("collective", "invite", "gueret", right)
    assert answer.exit_code == 0, answer.output
    work_off(house, gueret.id)
    assert "Une place vous attend : coordination" in Someone(house).client.get(link_for(house, right)).text
    assert "Une place vous attend : coordination" not in Someone(house).client.get(link_for(house, mistyped)).text
    assert "There is no collective at nulle-part." in run("collective", "invite", "nulle-part", right).output


def test_a_coordination_that_is_there_invites_whom_it_wants(run, saint_mars):
    answer = run("collective", "invite", "saint-mars-du-desert", f"autre@{DOMAIN}")
    assert answer.exit_code == 1
    assert "has a coordination" in answer.output


@pytest.mark.parametrize("code", ["QN2301M", "QN02301X", "02301M", "QP023001", "QN02301M; drop table"])
def test_a_code_that_is_no_neighbourhoods(run, at, code):
    answer = run("collective", "create", "23096", "--neighbourhood", "Albatros", "--qpv", code, "--coordinator", f"x@{DOMAIN}")
    assert answer.exit_code == 1
    assert "is not a QPV code" in answer.output
    assert at("gueret-albatros") is None


def test_a_commune_that_is_none(run):
    answer = run("collective", "create", "99999")
    assert answer.exit_code == 1
    assert "99999 is not a commune of 1 January" in answer.output


@pytest.mark.parametrize("words", [["44179"], ["44109", "--neighbourhood", "Ranzay"], ["23096", "--slug", "lormes"]])
def test_what_is_already_there(run, words):
    answer = run("collective", "create", *words)
    assert answer.exit_code == 1, answer.output
    assert "There is already a collective" in answer.output


@pytest.mark.parametrize("slug", ["reseau", "demo", "network", "decouvrir", "c"])
def test_an_address_that_stands_for_a_place_of_ours(run, at, slug):
    answer = run("collective", "create", "23096", "--slug", slug)
    assert answer.exit_code == 1
    assert slug in answer.output
    assert "Choose another address" in answer.output or "cannot be an address" in answer.output
    assert at(slug) is None


@pytest.mark.parametrize(
    ("slug", "hint"),
    [("Guéret", "Try gueret."), ("a/b", "Try a-b."), ("2025", ""), ("RESEAU", ""), ("x", ""), ("-gueret-", "Try gueret."), ("g" * 90, "")],
)
def test_an_address_that_is_none(run, at, slug, hint):
    answer = run("collective", "create", "23096", f"--slug={slug}")
    assert answer.exit_code == 1, answer.output
    assert "cannot be an address" in answer.output
    assert hint in answer.output
    assert at(slug) is None


def test_a_name_that_would_stand_for_a_place_of_ours_takes_its_department_along(run, at, monkeypatch):
    monkeypatch.setattr("tenants.founding.RESERVED", frozenset({"gueret"}))
    assert run("collective", "create", "23096").exit_code == 0
    assert at("gueret") is None
    assert at("gueret-23").name == "Guéret"


def test_two_communes_of_one_name_have_two_addresses(run, at):
    assert run("collective", "create", "17319").exit_code == 0
    assert run("collective", "create", "25515").exit_code == 0
    assert at("sainte-colombe").department == "17"
    assert at("sainte-colombe-25").department == "25"


def test_overseas_the_day_begins_elsewhere(run, at):
    run("collective", "create", "97411")
    assert at("saint-denis").time_zone == "Indian/Reunion"


def test_an_address_for_the_coordination_that_is_none(house, run, at):
    answer = run("collective", "create", "23096", "--coordinator", "coordination")
    assert answer.exit_code == 2
    assert "coordination" in answer.output
    assert at("gueret") is None


def test_a_new_place_at_the_head_of_the_network(house, run):
    email = f"jean@{DOMAIN}"
    assert run("network", "add", email, "Jean Roy").exit_code == 0
    jean = Someone(house)
    jean.post("accounts.create_reset", {"email": email})
    assert work_off(house) == 1
    password = "quatre mots qui se suivent"
    jean.client.post(link_for(house, email), data={"csrf_token": jean.token, "password": password, "again": password})
    assert jean.client.get("/reseau/").status_code == 200


def test_a_known_account_gets_a_place_at_the_head_and_keeps_its_name(house, run, saint_mars):
    assert saint_mars.observer.client.get("/reseau/").status_code == 404
    run("network", "add", saint_mars.observer.email.upper(), "Somebody else")
    assert saint_mars.observer.client.get("/reseau/").status_code == 200
    with house.app_context():
        assert user_by_email(saint_mars.observer.email).name == "Yves Tharreau"


def test_an_invitation_of_the_operator_stands_inside_its_collective(house, run, at, saint_mars):
    run("collective", "create", "23096", "--coordinator", f"x@{DOMAIN}")
    gueret = at("gueret")
    with house.app_context(), inside(gueret.id):
        assert [each.email for each in db.session.scalars(select(Invitation))] == [f"x@{DOMAIN}"]
    assert [each for each in saint_mars.rows(Invitation) if each.email == f"x@{DOMAIN}"] == []
