"""When something is not as it should be: short, in plain words, with a way on."""

import io
import re
import threading

import pytest
import sqlalchemy as sa
from flask import request
from sqlalchemy import create_engine, select
from sqlalchemy.exc import DataError

from app.accounts.models import present_sign_in
from app.bodies import BRING_FILES
from app.db import db, new_id
from app.outreach.models import Round
from tenants import bootstrap
from tenants.months import today_in
from tenants.questions import Question
from tests.newcomer import newcomer, until, waits_for_a_lock

TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


def words(answer):
    """A page without its form token."""
    return TOKEN.sub("", answer.text)


def test_what_is_unknown_and_what_is_forbidden_read_alike(saint_mars, ranzay):
    maelle = saint_mars.volunteer
    foreign_round = ranzay.plans()
    answers = [
        maelle.client.get("/nulle-part"),
        maelle.client.get("/c/nulle-part/"),
        maelle.client.get("/c/nantes-ranzay/"),
        maelle.client.get("/reseau/"),
        maelle.get("team.index"),
        maelle.get("outreach.show", round_id=foreign_round),
        maelle.get("outreach.show", round_id=new_id()),
        maelle.client.get("/c/saint-mars-du-desert/nulle-part"),
        maelle.client.get("/deconnexion"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({words(answer) for answer in answers}) == 1
    assert "Cette page n’existe pas" in answers[0].text


@pytest.mark.parametrize("size", [13, 20])
def test_a_body_that_is_too_heavy(saint_mars, size):
    rounds = len(saint_mars.rows(Round))
    answer = saint_mars.coordinator.post("outreach.create", {"area": "x" * size * 1024 * 1024})
    assert answer.status_code == 413
    assert "C’est trop lourd" in answer.text
    assert len(saint_mars.rows(Round)) == rounds
    assert saint_mars.coordinator.get("desk.index").status_code == 200


def test_forms_that_answer_a_heavy_file_themselves_are_there(house):
    assert house.view_functions.keys() >= BRING_FILES


def test_files_beyond_those_that_a_form_takes_take_no_room(house):
    with house.test_request_context(method="POST", data={f"file{number}": (io.BytesIO(b"x" * 3000), "x.json") for number in range(4)}):
        assert [len(each.read()) for each in request.files.values()] == [3000, 3000, 1, 1]


def test_a_form_token_of_another_session(saint_mars):
    answer = saint_mars.coordinator.post("outreach.create", {"csrf_token": saint_mars.volunteer.token, "area": "Rue Neuve"})
    assert answer.status_code == 400
    assert "Cette page a trop attendu" in answer.text
    assert "Rien n’a été enregistré" in answer.text


@pytest.mark.committed
def test_two_of_the_same_at_the_same_instant_are_one(house, addresses):
    with newcomer(house, addresses) as gueret, bootstrap.connect(addresses.superuser) as first, bootstrap.connect(addresses.superuser) as watcher:
        solene, known, today = gueret.coordinator, new_id(), today_in("Europe/Paris")
        people = gueret.members()
        team = [str(people[name]) for name in gueret.names("volunteer", "second")]
        data = {"id": str(known), "area": "Rue Haute", "day": today.isoformat(), "team": team, "companions": "0", "kind": "door_to_door"}
        answers = []
        second = threading.Thread(target=lambda: answers.append(solene.post("outreach.create", data)))
        with first.transaction():
            first.execute(
                "insert into rounds (collective_id, id, kind, area, day, companions, state, planned_at) "
                "values (%s, %s, 'door_to_door', 'Rue Haute', %s, 0, 'planned', now())",
                [gueret.id, known, today],
            )
            second.start()
            until(lambda: waits_for_a_lock(watcher))
        second.join(60)
        assert answers[0].status_code == 409
        assert "La première est gardée" in answers[0].text
        assert gueret.scalar(select(Round.area).where(Round.id == known)) == "Rue Haute"
        assert solene.post("outreach.create", data).status_code == 302


@pytest.mark.committed
def test_a_database_that_is_away_is_said_in_plain_words(house, saint_mars, monkeypatch):
    maelle = saint_mars.volunteer
    with monkeypatch.context() as away:
        away.setitem(db._app_engines[house], None, create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nowhere"))
        answer = maelle.get("desk.index")
    assert answer.status_code == 503
    assert "La base de données ne répond pas" in answer.text
    assert maelle.get("desk.index").status_code == 200


def test_every_answer_carries_the_same_headers(saint_mars):
    for answer in (saint_mars.volunteer.get("desk.index"), saint_mars.volunteer.client.get("/nulle-part")):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_no_text_is_refused_before_anything_reads_it(saint_mars):
    form = {"id": str(new_id()), "kind": "meal", "title": "Soupe\x00", "about": "", "idea_of": ""}
    answers = [
        saint_mars.volunteer.post("followup.create_idea", form),
        saint_mars.volunteer.client.get("/c/saint-mars-du-desert/personnes/?recherche=%00"),
        saint_mars.volunteer.client.get("/connexion?next=/%00"),
    ]
    assert [each.status_code for each in answers] == [400, 400, 400]
    assert "Cela n’a pas fonctionné" in answers[0].text
    assert saint_mars.volunteer.post("followup.create_idea", form | {"title": "Soupe"}).status_code == 302


@pytest.mark.committed
def test_a_database_that_went_away_is_said_once(house, addresses):
    """Its connections end while nobody looks: one request is told, and the next finds it again."""
    with newcomer(house, addresses) as gueret:
        assert gueret.coordinator.get("desk.index").status_code == 200
        # Several wait in the pool.
        with house.app_context():
            waiting = [db.engine.connect() for _ in range(3)]
            for each in waiting:
                each.close()
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'essaimage_app'")
        answer = gueret.coordinator.get("desk.index")
        assert answer.status_code == 503
        assert "Nous revenons tout de suite" in answer.text
        assert gueret.coordinator.get("desk.index").status_code == 200


def test_an_address_that_no_collective_has_is_not_looked_up(saint_mars, house):
    client, before = saint_mars.volunteer.client, len(house.addresses)
    for slug in ("%00", "x%00y", "x" * 500):
        answer = client.get(f"/c/{slug}/")
        assert answer.status_code in (400, 404), slug
    assert not any("x" * 500 in str(key) for key in house.addresses), before
    assert client.get("/inscription/%00").status_code == 400


def test_what_was_asked_with_is_not_written_down(house, saint_mars):
    """An error is logged with its traceback, and a phone number or a name is no business of a log."""
    nobody = "Yvonne Quelqu’une"
    with house.app_context():
        assert house.config["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"]
        assert all(each["hide_parameters"] for each in house.config["SQLALCHEMY_BINDS"].values())
        assert all(each.engine.hide_parameters for each in db.engines.values())
        with pytest.raises(DataError) as raised:
            Question(select(sa.literal(1) / sa.bindparam("by", type_=sa.Integer)).where(sa.literal(nobody) != "")).ask(by=0)
        db.session.rollback()
    assert nobody not in str(raised.value)


@pytest.mark.committed
def test_a_table_that_was_changed_meanwhile_is_said_once(house, saint_mars, addresses):
    """PostgreSQL keeps no prepared plan whose answer has another shape: one request is told, whatever waits in the pool."""
    maelle, statuses = saint_mars.volunteer, []
    with house.app_context():
        db.engine.dispose()
        waiting = [db.engine.connect() for _ in range(3)]
        for each in waiting:
            each.close()
    with bootstrap.connect(addresses.superuser) as superuser:
        for length in (81, 80):
            # One after the other, so that whichever is next holds the plan.
            assert [maelle.get("desk.index").status_code for _ in waiting] == [200] * len(waiting)
            superuser.execute(f"alter table memberships alter display_name type varchar({length})")
            statuses += [maelle.get("desk.index").status_code for _ in range(2)]
    assert statuses == [503, 200] * 2


def test_whoever_cannot_be_read_is_told_so_in_a_page(house, saint_mars, monkeypatch):
    def fails(*_told):
        raise RuntimeError("no matter why")

    maelle = saint_mars.volunteer
    monkeypatch.setattr("app.accounts.sign_in.present_sign_in", fails)
    monkeypatch.setitem(house.config, "PROPAGATE_EXCEPTIONS", False)
    answer = maelle.get("desk.index")
    assert answer.status_code == 500
    assert "Cela n’a pas fonctionné" in answer.text


@pytest.mark.committed
def test_a_database_that_went_away_is_said_once_to_the_head_too(house, helene, addresses):
    """Its pages ask as two roles, of which each keeps connections of its own."""
    with house.app_context():
        for engine in db.engines.values():
            waiting = [engine.connect() for _ in range(2)]
            for each in waiting:
                each.close()
    assert helene.get("network.index").status_code == 200
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename like 'essaimage%'")
    assert [helene.get("network.index").status_code for _ in range(3)] == [503, 200, 200]


@pytest.mark.committed
def test_a_database_that_goes_away_under_ones_hands_is_said_once(house, saint_mars, addresses, monkeypatch):
    maelle, view = saint_mars.volunteer, house.view_functions["workspace.outreach.index"]
    with house.app_context():
        waiting = [db.engine.connect() for _ in range(3)]
        for each in waiting:
            each.close()

    def torn():
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'essaimage_app'")
        return view()

    with monkeypatch.context() as once:
        once.setitem(house.view_functions, "workspace.outreach.index", torn)
        assert maelle.get("outreach.index").status_code == 503
    assert [maelle.get("outreach.index").status_code for _ in range(3)] == [200] * 3


@pytest.mark.committed
def test_a_database_that_goes_away_before_the_door_is_said_once(house, saint_mars, addresses, monkeypatch):
    """Between reading who is signed in and telling where they are."""
    maelle = saint_mars.volunteer

    def torn(*asked):
        row = present_sign_in(*asked)
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'essaimage_app'")
        return row

    with monkeypatch.context() as once:
        once.setattr("app.accounts.sign_in.present_sign_in", torn)
        assert maelle.get("outreach.index").status_code == 503
    assert [maelle.get("outreach.index").status_code for _ in range(3)] == [200] * 3


def test_a_refusal_is_one_line_whatever_is_asked(saint_mars, caplog):
    caplog.set_level("WARNING", "essaimage.refused")
    assert saint_mars.volunteer.client.get("/c/ailleurs%0ARefused%20nobody/").status_code == 404
    refused = [each.getMessage() for each in caplog.records if each.name == "essaimage.refused"]
    assert refused
    assert not any("\n" in each for each in refused)
    assert "ailleurs%0ARefused" in refused[0]


@pytest.mark.committed
def test_a_database_that_went_away_is_said_where_nothing_is_too(house, saint_mars, addresses, monkeypatch):
    client = saint_mars.volunteer.client
    monkeypatch.setitem(house.config, "PROPAGATE_EXCEPTIONS", False)
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename like 'essaimage%'")
    assert [client.get("/nulle-part").status_code for _ in range(2)] == [503, 404]
    with monkeypatch.context() as away:
        away.setitem(db._app_engines[house], None, create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nowhere"))
        assert client.get("/nulle-part").status_code == 503


def test_more_at_once_than_there_are_connections(house, saint_mars, monkeypatch):
    def full():
        raise sa.exc.TimeoutError("QueuePool limit of size 8 overflow 0 reached")

    with monkeypatch.context() as once:
        once.setitem(house.view_functions, "workspace.outreach.index", full)
        answer = saint_mars.volunteer.get("outreach.index")
    assert answer.status_code == 503
    assert "Nous revenons tout de suite" in answer.text
    assert saint_mars.volunteer.get("outreach.index").status_code == 200
