"""On Monday a mail says how much waits, names nobody, and stops with one button."""

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.tokens import digest_token
from app.db import db, new_id
from app.demo.world import DOMAIN
from app.people.digest import in_words
from app.people.tasks import Task
from tests.mails import link_for, mails_to, work_off
from workers import people as jobs
from workers.schedule import SCHEDULE

SUBJECT = "Votre semaine"


@pytest.fixture
def monday(house, saint_mars):
    """Monday morning, six o'clock; returns who got a digest."""

    def comes():
        before = {who: len(digests(house, who)) for who in TEAM}
        with saint_mars.at_home():
            jobs.stage_digests()
        work_off(house, saint_mars.id)
        return {who for who in TEAM if len(digests(house, who)) > before[who]}

    return comes


TEAM = [f"{who}.saint-mars-du-desert@{DOMAIN}" for who in ("coordination", "benevole", "benevole2", "benevole3", "elu")]
COORDINATOR, VOLUNTEER, SECOND, THIRD, OBSERVER = TEAM


def digests(house, email):
    return [mail for mail in mails_to(house, email) if mail.startswith(SUBJECT)]


def put_all_off(crew):
    """Nothing waits any more."""
    with crew.at_home():
        for task in db.session.scalars(select(Task)):
            task.tick()


def test_it_comes_on_mondays_at_six():
    assert [(each.cron, each.function) for each in SCHEDULE if "stage_digests" in each.args] == [("0 6 * * 1", "nightly")]


def test_it_counts_by_kind_in_words_and_names_nobody(house, saint_mars, files, monday):
    put_all_off(saint_mars)
    for name in ("Zéphyrine", "Anatole"):
        files.opens(name=name)
    me = str(saint_mars.members()[saint_mars.names("volunteer")[0]])
    form = {"id": str(new_id()), "words": "Demander la clé à Ghislaine", "due_on": files.today, "member": me}
    saint_mars.volunteer.post("tasks.create", form)
    assert monday() == {COORDINATOR, VOLUNTEER}
    mail = digests(house, COORDINATOR)[-1]
    assert "- 2 binômes à trouver" in mail
    assert "/c/saint-mars-du-desert/a-faire/" in mail
    assert "- une chose notée par vous ou pour vous" in digests(house, VOLUNTEER)[-1]
    for name in ("Zéphyrine", "Anatole", "Ghislaine", "clé"):
        assert name not in mail + digests(house, VOLUNTEER)[-1]


def test_where_nothing_waits_nothing_is_sent(saint_mars, monday):
    put_all_off(saint_mars)
    assert monday() == set()


def test_it_is_turned_off_in_the_profile_and_on_again(house, saint_mars, files, monday):
    files.opens()
    profile = {"name": saint_mars.names("coordinator")[0], "language": "fr", "theme": "auto"}
    assert saint_mars.coordinator.post("accounts.update_profile", profile).status_code == 302
    assert COORDINATOR not in monday()
    saint_mars.coordinator.post("accounts.update_profile", {**profile, "weekly_digest": "y"})
    assert COORDINATOR in monday()


def test_one_button_stops_it_and_looking_at_the_page_does_not(house, saint_mars, files, monday, stranger):
    files.opens()
    assert COORDINATOR in monday()
    path = link_for_stop(house, COORDINATOR)
    assert "Ne plus le recevoir" in stranger.client.get(path).text
    assert COORDINATOR in monday()
    answer = stranger.client.post(path, data={"csrf_token": stranger.token})
    assert answer.status_code == 200
    assert "Vous ne recevrez plus le mail du lundi" in answer.text
    assert COORDINATOR not in monday()
    assert "Vous ne recevrez plus" in stranger.client.get(path).text


def link_for_stop(house, email):
    path = next(line for line in digests(house, email)[-1].splitlines() if "/mail-du-lundi/" in line)
    return path.removeprefix("http://localhost")


@pytest.mark.parametrize("token", ["", "x", "WyJh.bad"])
def test_a_link_that_was_not_made_here_is_none(stranger, token):
    assert stranger.client.get(f"/mail-du-lundi/{token}").status_code == 404


def test_a_link_of_another_purpose_stops_nothing(house, saint_mars, stranger):
    with house.test_request_context():
        from app.accounts.tokens import removal_token

        user_id = db.session.scalars(select(User.id).where(User.email == COORDINATOR)).one()
        wrong, unknown = removal_token(user_id), digest_token(new_id())
    for token in (wrong, unknown):
        assert stranger.client.post(f"/mail-du-lundi/{token}", data={"csrf_token": stranger.token}).status_code == 404


def test_whoever_has_left_or_has_ticked_in_the_meantime_gets_none(house, saint_mars, files):
    files.opens()
    with saint_mars.at_home():
        jobs.stage_digests()
    before = len(digests(house, COORDINATOR))
    put_all_off(saint_mars)
    work_off(house, saint_mars.id)
    assert len(digests(house, COORDINATOR)) == before


def test_in_english_too_and_what_has_no_words_comes_last(house):
    with house.test_request_context():
        assert in_words({"pair": 1, "unheard of": 2, "own": 3}) == [
            "un binôme à trouver",
            "3 choses notées par vous ou pour vous",
            "2 autres choses à faire",
        ]
        assert in_words({}) == []


def test_the_links_of_the_mail_open_where_they_say(house, saint_mars, files, monday):
    files.opens()
    monday()
    assert link_for(house, COORDINATOR).endswith("/a-faire/")
