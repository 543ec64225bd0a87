"""Production refuses to start when a setting is not safe, and never loads the demonstration."""

import base64
import logging
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import health, logs
from app.db import db
from app.demo import open_in
from app.factory import create_app
from app.settings import UnsafeSettings, from_environment, role_url
from tenants import bootstrap
from workers.run import in_utc

HOUSE = Path(__file__).parents[1]
GOOD = {
    "DATABASE_URL": "postgresql://essaimage_app:secret-of-the-app@db.example/essaimage",
    "REDIS_URL": "redis://redis.example/0",
    "SECRET_KEY": "k" * 16 + "0123456789abcdef",
    "MASTER_KEY": base64.b64encode(bytes(range(32))).decode(),
}


@pytest.fixture
def production(world):
    """The environment of a production program on the test servers."""
    return {**world[2], "ESSAIMAGE_MODE": "production"}


def test_four_values_are_enough():
    settings = from_environment(GOOD)
    assert settings["MODE"] == "production"
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["SQLALCHEMY_DATABASE_URI"].startswith("postgresql+psycopg://")


@pytest.mark.parametrize("name", list(GOOD))
@pytest.mark.parametrize("value", [None, "", "  ", "change-me", "essaimage"])
def test_a_missing_or_default_value_is_refused_by_its_name(name, value):
    environment = {key: text for key, text in {**GOOD, name: value}.items() if text is not None}
    with pytest.raises(UnsafeSettings, match=name):
        from_environment(environment)


def test_the_secrets_that_it_makes_are_good_enough():
    made = [subprocess.check_output([sys.executable, "-m", "app.settings"], cwd=HOUSE, env={}, text=True) for _ in range(2)]
    settings = from_environment(GOOD | dict(line.split("=", 1) for line in made[0].splitlines()))
    assert settings["SECRET_KEY"] != GOOD["SECRET_KEY"]
    assert len(settings["MASTER_KEY"]) == 32
    assert made[0] != made[1]


def test_a_short_secret_is_refused():
    with pytest.raises(UnsafeSettings, match="shorter than 32"):
        from_environment({**GOOD, "SECRET_KEY": "k" * 31})


@pytest.mark.parametrize(
    "text",
    [
        "not base64 at all!",
        base64.b64encode(bytes(range(31))).decode(),
        base64.b64encode(bytes(range(33))).decode(),
        base64.b64encode(bytes(32)).decode(),
    ],
)
def test_a_master_key_that_is_none_is_refused(text):
    with pytest.raises(UnsafeSettings, match="MASTER_KEY"):
        from_environment({**GOOD, "MASTER_KEY": text})


@pytest.mark.parametrize("text", [None, "", "  "])
def test_at_most_times_there_is_no_former_master_key(text):
    environment = GOOD if text is None else {**GOOD, "FORMER_MASTER_KEY": text}
    assert from_environment(environment)["FORMER_MASTER_KEY"] is None


@pytest.mark.parametrize("text", ["not base64 at all!", base64.b64encode(bytes(32)).decode(), base64.b64encode(bytes(range(31))).decode()])
def test_a_former_master_key_that_is_none_is_refused_by_its_name(text):
    with pytest.raises(UnsafeSettings, match="FORMER_MASTER_KEY"):
        from_environment({**GOOD, "FORMER_MASTER_KEY": text})


def test_a_former_master_key_is_another_one():
    other = base64.b64encode(bytes(range(32, 64))).decode()
    assert from_environment({**GOOD, "FORMER_MASTER_KEY": other})["FORMER_MASTER_KEY"] == bytes(range(32, 64))
    with pytest.raises(UnsafeSettings, match="the same as MASTER_KEY"):
        from_environment({**GOOD, "FORMER_MASTER_KEY": GOOD["MASTER_KEY"]})


def test_a_mode_that_is_none_is_refused():
    with pytest.raises(UnsafeSettings, match="ESSAIMAGE_MODE"):
        from_environment({**GOOD, "ESSAIMAGE_MODE": "debug"})


def test_each_role_has_a_password_of_its_own_that_follows_from_the_applications():
    urls = {role_url(GOOD["DATABASE_URL"], role) for role in ("essaimage_network", "essaimage_clerk")}
    assert len(urls) == 2
    assert not any("secret-of-the-app" in url for url in urls)
    assert urls == {role_url(GOOD["DATABASE_URL"], role) for role in ("essaimage_network", "essaimage_clerk")}


def test_production_starts_where_set_config_is_revoked(production):
    assert create_app(from_environment(production)).config["MODE"] == "production"


def test_production_says_when_mails_would_link_to_nowhere(production, caplog):
    create_app(from_environment({**production, "PUBLIC_URL": "https://collectifs.example"}))
    assert "PUBLIC_URL" not in caplog.text
    production.pop("PUBLIC_URL")
    create_app(from_environment(production))
    assert "PUBLIC_URL is not set" in caplog.text


@pytest.fixture
def open_database(addresses):
    """A database like ours in which the application may call set_config(), as on a host that does not allow otherwise."""
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("create database careless owner essaimage_owner")
    address = bootstrap.make_database(addresses.superuser, "careless")
    with bootstrap.connect(address) as superuser:
        superuser.execute("grant execute on function pg_catalog.set_config(text, text, boolean) to public")
    yield addresses.app.replace("/essaimage_tests", "/careless")
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("drop database careless with (force)")


def test_production_refuses_a_database_where_set_config_is_open(production, open_database, monkeypatch):
    production["DATABASE_URL"] = open_database
    with pytest.raises(UnsafeSettings, match="set_config"):
        create_app(from_environment(production))
    with monkeypatch.context() as command:
        command.setattr(sys, "argv", ["flask", "--app", "app.factory", "database", "bootstrap"])
        create_app(from_environment(production))
    house = create_app(from_environment({**production, "HOST_LEAVES_SET_CONFIG_OPEN": "yes"}))
    with house.app_context():
        assert not db.session.scalar(health.IS_REVOKED)
    assert house.test_client().get("/healthz").json["database"] == "ok"
    # Restored beneath a program that runs.
    house.config["SET_CONFIG_OPEN"] = False
    answer = house.test_client().get("/healthz")
    assert (answer.status_code, answer.json["database"]) == (503, "open")


def test_what_is_said_carries_its_instant_and_its_name(monkeypatch):
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    logs.speak()
    logs.speak()
    (handler,) = root.handlers
    record = logging.LogRecord("essaimage.refused", logging.WARNING, __file__, 1, "refused: %s", ("not a member",), None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ WARNING essaimage\.refused: refused: not a member", handler.format(record))


def test_a_database_that_does_not_answer_yet_does_not_stop_the_start(production):
    production["DATABASE_URL"] = "postgresql://essaimage_app:secret-of-the-app@127.0.0.1:1/essaimage"
    assert create_app(from_environment(production)).test_client().get("/healthz").status_code == 503


def test_a_redis_that_is_away_is_said_in_plain_words(production):
    """Whoever tries a password cannot be counted without it: nobody signs in, and the page says to wait."""
    real = create_app(from_environment({**production, "REDIS_URL": "redis://127.0.0.1:1/0"})).test_client()
    form = {"email": "personne@example.org", "password": "rien du tout"}
    form["csrf_token"] = real.get("/connexion", base_url="https://localhost").text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = real.post("/connexion", base_url="https://localhost", data=form, headers={"Referer": "https://localhost/"})
    assert answer.status_code == 503
    assert "Un de nos serveurs ne répond pas" in answer.text


def test_the_schedule_is_in_utc_wherever_the_machine_stands(monkeypatch):
    monkeypatch.setenv("TZ", "America/Martinique")
    time.tzset()
    try:
        in_utc()
        assert time.localtime().tm_gmtoff == 0
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_demonstration_is_not_there_in_production(house, production):
    real = create_app(from_environment(production)).test_client()
    for path in ("/demo/mails", "/_ui"):
        assert house.test_client().get(path).status_code == 200
        assert real.get(path, base_url="https://localhost").status_code == 404
    page = real.get("/connexion", base_url="https://localhost").text
    assert "essaimage-demo" not in page
    with pytest.raises(RuntimeError, match="never loaded in production"):
        open_in(create_app(from_environment(production)))


def test_the_cookie_of_production_is_for_https_alone(production):
    real = create_app(from_environment(production)).test_client()
    answer = real.get("/connexion", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert "max-age" in answer.headers["Strict-Transport-Security"]
