"""The key of a collective that has ended is destroyed: who may, what is said, and how everything else goes on without it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from app.accounts.models import Invitation
from app.db import db
from app.demo.world import DOMAIN
from app.followup.endings import FileEnding
from app.people.models import Person
from app.reports.public_pages import own_page
from app.training.links import enrolment_token
from app.training.models import Course
from tenants import ledger
from tenants.journal import JournalLine
from tenants.keys import KEYS, KeyDestroyed, destroy_keys
from tenants.ledger import LedgerMark
from tenants.models import Collective, Membership
from tenants.months import today_in
from tenants.recounting import all_figures
from tests.people.conftest import Files
from tests.referral.conftest import Referrals
from tests.test_key_commands import SLUG, names
from workers import perform, queue
from workers.models import Job
from workers.queue import later
from workers.schedule import SCHEDULE

TODAY = today_in("Europe/Paris")


@pytest.fixture
def ended(saint_mars):
    """Everybody leaves Saint-Mars, and its public page is taken down, unless it is to stay."""

    def end(page=False):
        with saint_mars.at_home():
            for each in db.session.scalars(select(Membership)):
                each.leave()
            known = own_page()
            assert known is not None
            if not page:
                db.session.delete(known)

    return end


def destroys(run, *words, **more):
    return run("keys", "destroy", SLUG, *words, **more)


def test_the_key_of_a_collective_that_lives_is_not_destroyed(run, saint_mars, ended):
    answer = destroys(run, "--yes-destroy", SLUG)
    assert answer.exit_code == 1
    assert "members: a key is destroyed when the last of them has left" in answer.output
    ended(page=True)
    answer = destroys(run, "--yes-destroy", SLUG)
    assert answer.exit_code == 1
    assert "public page" in answer.output
    assert names(saint_mars)
    assert "There is no collective at nulle-part." in run("keys", "destroy", "nulle-part").output


@pytest.mark.parametrize(("words", "typed"), [([], "autre\n"), ([], "\n"), (["--yes-destroy", "lormes"], "")])
def test_the_address_is_asked_for_again(run, saint_mars, ended, words, typed):
    ended()
    answer = destroys(run, *words, input=typed)
    assert answer.exit_code == 1
    assert "nothing was destroyed" in answer.output
    assert names(saint_mars)


def test_destroyed_it_says_what_is_unreadable_and_is_noted(run, saint_mars, ranzay, ended, caplog):
    ended()
    known, next_door = len(names(saint_mars)), names(ranzay)
    run("collective", "invite", SLUG, f"x@{DOMAIN}")
    answer = destroys(run, input=f"{SLUG}\n")
    assert answer.exit_code == 0, answer.output
    assert f"  persons: {known}\n" in answer.output
    assert "these rows become unreadable for ever" in answer.output
    assert f"destroyed: 1 keys of {SLUG}" in caplog.text
    with saint_mars.at_home():
        assert KEYS.ask() == []
        line = db.session.scalars(select(JournalLine).where(JournalLine.act == "destroyed")).one()
        assert (line.subject, line.subject_id) == ("keys", saint_mars.id)
        assert db.session.get(Collective, saint_mars.id).ended_on == TODAY
        assert not [each for each in db.session.scalars(select(Invitation)) if each.waits]
    with pytest.raises(KeyDestroyed):
        names(saint_mars)
    assert names(ranzay) == next_door
    again = destroys(run, "--yes-destroy", SLUG)
    assert again.exit_code == 0
    assert "there is nothing to destroy" in again.output
    assert "1 collectives have no key" in run("keys", "check").output
    assert "it has ended" in run("collective", "invite", SLUG, f"x@{DOMAIN}").output


@pytest.fixture
def keyless(saint_mars):
    """Its key is destroyed under the eyes of its members, which no command would do; a partner's link and a file are there."""
    referrals = Referrals(saint_mars)
    partner = referrals.partner()
    answer, _form = referrals.reports(partner)
    referrals.token_, referrals.code = referrals.token(partner), referrals.code_of(answer)
    with saint_mars.at_home():
        destroy_keys()
    return referrals


def test_pages_of_a_destroyed_key_say_so(saint_mars, keyless):
    with saint_mars.at_home():
        person_id = db.session.scalars(select(Person.id)).first()
    for answer in (
        saint_mars.coordinator.get("people.show", person_id=person_id),
        saint_mars.coordinator.get("people.index"),
        saint_mars.coordinator.get("desk.index"),
    ):
        assert answer.status_code == 410
        assert "Ce collectif a pris fin" in answer.text
        assert "la clé qui l’ouvrait a été détruite" in answer.text
    saint_mars.coordinator.post("accounts.choose_language", code="en")
    assert "This collective has ended" in saint_mars.coordinator.get("people.show", person_id=person_id).text


def test_what_is_written_after_it_is_not_kept(saint_mars, keyless):
    before = len(saint_mars.rows(Person))
    form = Files(saint_mars).form(sure="y")
    assert saint_mars.coordinator.post("people.create", form).status_code == 410
    assert len(saint_mars.rows(Person)) == before


def test_a_partners_link_is_over_before_anything_is_typed(saint_mars, keyless):
    for answer in (
        keyless.outside.get("partner_link.new", token=keyless.token_),
        keyless.outside.post("partner_link.create", keyless.form(), token=keyless.token_),
    ):
        assert answer.status_code == 410
    assert keyless.follows(keyless.code) == (422, [])


def test_jobs_of_a_destroyed_key_do_not_come_back(house, saint_mars, keyless, monkeypatch):
    perform.serve(lambda: house)

    monkeypatch.setitem(queue.verbs, "opens", lambda: [each.name for each in db.session.scalars(select(Person))])
    with saint_mars.at_home():
        db.session.execute(delete(Job))
        job_id = later("opens")
    perform.perform(str(job_id), str(saint_mars.id))
    assert saint_mars.rows(Job) == []
    # Those of the night as well: nobody has to look why they failed.
    perform.perform_for("opens", str(saint_mars.id))


NIGHTLY = sorted({each.args[0] for each in SCHEDULE if each.function == "nightly"})


@pytest.fixture
def nights(house, run, saint_mars, ended):
    """Nights of Saint-Mars after its end."""
    ended()
    perform.serve(lambda: house)
    assert run("ledger", "recount", "--collective", SLUG).exit_code == 0
    with saint_mars.at_home():
        destroy_keys()

    def pass_by():
        for name in NIGHTLY:
            with perform.at_work(str(saint_mars.id)):
                queue.verbs[name]()

    return pass_by


def test_figures_stay_as_they_stood(run, saint_mars, nights):
    """Some follow from names: who was trained and is now on rounds is found by their name."""
    with saint_mars.at_home():
        before = all_figures()
        months = sorted({period for period, _code in before if len(period) == 7})
        for month in months:
            ledger.mark(date.fromisoformat(f"{month}-01"))
    nights()
    for month in months:
        perform.recount(str(saint_mars.id), month)
    assert run("ledger", "recount", "--collective", SLUG).exit_code == 0
    with saint_mars.at_home():
        assert before
        assert all_figures() == before
        assert db.session.scalars(select(LedgerMark)).all() == []


def test_files_go_on_being_erased_when_two_years_are_over(saint_mars, nights):
    long_ago = TODAY - timedelta(days=800)
    with saint_mars.at_home():
        assert db.session.scalars(select(Person)).all()
        db.session.execute(update(Person).values(found_on=long_ago, last_seen_on=long_ago, stage_on=long_ago))
    for _announced in range(3):
        nights()
        with saint_mars.at_home():
            told = {
                "first_told_on": FileEnding.first_told_on - timedelta(days=100),
                "second_told_on": FileEnding.second_told_on - timedelta(days=100),
            }
            db.session.execute(update(FileEnding).values(told))
    with saint_mars.at_home():
        assert db.session.scalars(select(Person)).all() == []


def test_nobody_enrols_after_the_end(house, saint_mars, keyless):
    with saint_mars.at_home():
        course_id = db.session.scalars(select(Course.id)).first()
        db.session.execute(update(Course).values(enrolling=True))
        token = enrolment_token(saint_mars.id, course_id)
    assert keyless.outside.get("enrolment.new", token=token).status_code == 410
    assert keyless.outside.post("enrolment.create", {"name": "Ada Lind"}, token=token).status_code == 410
