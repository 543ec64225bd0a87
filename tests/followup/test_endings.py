"""Two years after the last contact a file ends: announced twice, kept longer only with a reason, then erased."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import update

from app.db import db, new_id
from app.demo.world import DOMAIN
from app.followup.endings import Due, FileEnding, due_of, end_of
from app.people.models import Person
from app.people.tasks import settle
from tests.followup.conftest import TODAY
from tests.mails import mails_to, work_off
from workers.endings import end_files

KINDS = ("ending", "ending_pair")


def days_before_the_end(days):
    """How long ago the last contact was, if the file ends in so many days."""
    return (TODAY - (TODAY + timedelta(days=days) - relativedelta(years=2))).days


@pytest.fixture
def night(house, saint_mars, files):
    """Puts the last contact so far back that the file ends in so many days; then the night comes."""

    def come(person_id, days, told=()):
        with saint_mars.at_home():
            past = TODAY - timedelta(days=days_before_the_end(days))
            db.session.execute(update(Person).where(Person.id == person_id).values(last_seen_on=past, found_on=past))
            names = ("first_told_on", "second_told_on")
            values = {name: TODAY - timedelta(days=ago) for name, ago in zip(names, told, strict=False)}
            if values:
                db.session.execute(update(FileEnding).where(FileEnding.person_id == person_id).values(**values))
        with saint_mars.at_home():
            end_files()
        with saint_mars.at_home():
            settle()

    return come


def is_there(crew, person_id):
    return person_id in {each.id for each in crew.rows(Person)}


def ending(crew, person_id):
    return next((each for each in crew.rows(FileEnding) if each.person_id == person_id), None)


def test_it_is_announced_sixty_and_fifteen_days_before_and_then_it_goes(house, saint_mars, files, night):
    person_id = files.accompanies(name="Zéphyrine")
    night(person_id, 61)
    assert ending(saint_mars, person_id) is None
    night(person_id, 60)
    assert files.waiting(person_id, *KINDS) == [("ending", "coordination", TODAY), ("ending_pair", "pair", TODAY)]
    page = saint_mars.coordinator.get("tasks.index").text
    assert "Décider de la fiche de Zéphyrine" in page
    night(person_id, 16, told=[44])
    assert ending(saint_mars, person_id).second_told_on is None
    night(person_id, 15, told=[45])
    assert ending(saint_mars, person_id).second_told_on == TODAY
    # The second announcement is a task of its own, and the first has gone.
    assert files.waiting(person_id, *KINDS) == [("ending", "coordination", TODAY), ("ending_pair", "pair", TODAY)]
    night(person_id, 1, told=[59, 14])
    assert is_there(saint_mars, person_id)
    night(person_id, 0, told=[60, 15])
    assert not is_there(saint_mars, person_id)


def test_pair_and_coordination_get_one_mail_that_names_nobody(house, saint_mars, files, night):
    readers = [f"{role}.{saint_mars.slug}@{DOMAIN}" for role in ("coordination", "benevole", "benevole2")]
    night(files.accompanies(name="Zéphyrine"), 60)
    work_off(house, saint_mars.id)
    mails = {each: [mail for mail in mails_to(house, each) if "conservation" in mail] for each in readers}
    for each in readers:
        assert "Zéphyrine" not in "".join(mails_to(house, each))
        assert "De qui il s’agit : c’est sur la page" in mails[each][-1]
    third = [mail for mail in mails_to(house, f"benevole3.{saint_mars.slug}@{DOMAIN}") if "conservation" in mail]
    assert third == []


def test_the_same_night_again_tells_nobody_twice(house, saint_mars, files, night):
    person_id = files.accompanies()
    night(person_id, 50)
    work_off(house, saint_mars.id)
    night(person_id, 50)
    assert work_off(house, saint_mars.id) == 0


def test_announced_late_it_ends_later(saint_mars, files, night):
    """A file that was already too old is not erased without its sixty and its fifteen days."""
    person_id = files.accompanies()
    night(person_id, -300)
    assert ending(saint_mars, person_id).first_told_on == TODAY
    assert end_of(files.person(person_id), ending(saint_mars, person_id)) == TODAY + timedelta(days=60)
    night(person_id, -300, told=[60])
    assert ending(saint_mars, person_id).second_told_on == TODAY
    night(person_id, -300, told=[70, 14])
    assert is_there(saint_mars, person_id)
    night(person_id, -300, told=[75, 15])
    assert not is_there(saint_mars, person_id)


def test_a_contact_begins_the_two_years_again(saint_mars, files, night):
    person_id = files.accompanies()
    night(person_id, 10)
    form = {"id": str(new_id()), "outcome": "well"}
    assert saint_mars.volunteer.post("followup.create_check_in", form, person_id=person_id).status_code == 302
    with saint_mars.at_home():
        end_files()
    files.night()
    assert ending(saint_mars, person_id).first_told_on is None
    assert files.waiting(person_id, *KINDS) == []


def keep(crew, person_id, by="coordinator", **values):
    form = {"kept_until": (TODAY + timedelta(days=200)).isoformat(), "kept_because": "Elle revient au printemps.", **values}
    return getattr(crew, by).post("followup.update_ending", form, person_id=person_id)


def test_it_is_kept_longer_with_a_reason_and_asked_about_again(saint_mars, files, night):
    person_id = files.accompanies(name="Zéphyrine")
    night(person_id, 10)
    assert keep(saint_mars, person_id, by="volunteer").status_code == 404
    assert keep(saint_mars, person_id).status_code == 302
    assert files.waiting(person_id, *KINDS) == []
    page = saint_mars.volunteer.get("followup.show_ending", person_id=person_id).text
    assert "Elle revient au printemps." in page
    assert "Garder la fiche jusqu’au" not in page
    assert "Elle revient au printemps." in saint_mars.coordinator.get("people.show_printout", person_id=person_id).text
    assert b"printemps" not in ending(saint_mars, person_id).kept_because_sealed
    night(person_id, -140)
    assert ending(saint_mars, person_id).first_told_on is None
    with saint_mars.at_home():
        db.session.execute(update(FileEnding).where(FileEnding.person_id == person_id).values(kept_until=TODAY + timedelta(days=60)))
    night(person_id, -140)
    assert ending(saint_mars, person_id).first_told_on == TODAY
    assert len(files.waiting(person_id, *KINDS)) == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kept_because": ""}, "Sans raison écrite"),
        ({"kept_until": ""}, "Il manque le jour"),
        ({"kept_until": TODAY.isoformat()}, "Choisissez un jour à venir"),
        ({"kept_until": (TODAY + timedelta(days=900)).isoformat()}, "deux ans au plus"),
        ({"kept_because": "Elle suit un traitement médical"}, "parle peut-être de santé"),
    ],
)
def test_a_reason_that_is_none_is_refused(saint_mars, files, values, words):
    person_id = files.accompanies()
    answer = keep(saint_mars, person_id, **values)
    assert answer.status_code == 422
    assert words in answer.text
    assert ending(saint_mars, person_id) is None


def test_after_a_death_the_coordination_decides_and_no_mail_leaves(house, saint_mars, files, night):
    person_id = files.accompanies()
    form = {"id": str(new_id()), "because": "died", "on": files.today, "reason": ""}
    assert saint_mars.coordinator.post("people.create_closing", form, person_id=person_id).status_code == 302
    work_off(house, saint_mars.id)
    night(person_id, 60)
    assert files.waiting(person_id, *KINDS) == [("ending", "coordination", TODAY)]
    assert work_off(house, saint_mars.id) == 0


@pytest.mark.parametrize(
    ("ends_in", "told", "due"),
    [
        (61, (), Due.nothing),
        (60, (), Due.first),
        (61, (1,), Due.renewed),
        (16, (44,), Due.nothing),
        (15, (45,), Due.second),
        (15, (10,), Due.nothing),
        (1, (59, 14), Due.nothing),
        (0, (60, 15), Due.erase),
        (-5, (65, 14), Due.nothing),
    ],
)
def test_what_a_night_does(saint_mars, ends_in, told, due):
    with saint_mars.at_home():
        past = TODAY - timedelta(days=days_before_the_end(ends_in))
        person = Person(last_seen_on=past, found_on=past)
        said = FileEnding(person_id=person.id)
        for name, ago in zip(("first_told_on", "second_told_on"), told, strict=False):
            setattr(said, name, TODAY - timedelta(days=ago))
        assert due_of(person, said if told else None, TODAY) == due
