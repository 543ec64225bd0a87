"""An erasure takes all that names someone and moves no figure; whoever writes at that moment is told, and nothing is half kept."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from app.accounts.drafts import Draft
from app.db import db, new_id
from app.followup.activities import Activity
from app.followup.bonds import BondEnd, HeartBond
from app.followup.photos import ActivityPhoto
from app.people.circles import ContactCircles
from app.people.erasure import Erasure, erase, keys_to_people
from app.people.home_meetings import HomeMeeting
from app.people.models import Person
from app.people.path import PathStep
from app.people.tellings import Telling
from tenants import ledger
from tenants.documents import Document
from tenants.journal import JournalLine
from tenants.keys import EMPTY
from tenants.models import Collective
from tenants.months import today_in
from tests.followup.conftest import TODAY
from tests.followup.test_activities import brings, picture
from tests.followup.test_bonds import form_of
from tests.newcomer import newcomer, until, waits_for_a_lock

NAME, OTHER = "Zéphyrine", "Anatole"


@pytest.fixture
def full(saint_mars, files):
    """Someone with one of everything that a file may hold; returns their id and that of someone bound to them."""
    person_id, other_id = files.accompanies(name=NAME, street="3 rue Perdue", phone="02 61 91 44 88"), files.accompanies(name=OTHER)
    post, today, where = saint_mars.volunteer.post, files.today, {"person_id": person_id}
    people = [str(saint_mars.members()[name]) for name in saint_mars.names("volunteer", "second")]
    post("people.create_telling", {"id": str(new_id()), "occasion": "visit", "on": today, "text": f"{NAME} a ri."}, **where)
    for moment, often in (("entry", "1"), ("months_3", "3")):
        post("people.create_circles", {"id": str(new_id()), "moment": moment, "on": today, "family": often}, **where)
    for number in range(2):
        form = {"id": str(new_id()), "day": today, "hour": "10:00", "one": people[0], "other": people[1], "where": f"Chez {NAME}"}
        assert post("people.create_meeting", form, **where).status_code == 302
        if not number:
            heard = {"version": str(files.person(person_id).version), "heard": f"{NAME} aime l’eau."}
            assert post("people.create_hearing", heard, home_meeting_id=form["id"], **where).status_code == 302
    post("followup.create_check_in", {"id": str(new_id()), "outcome": "needs"}, **where)
    until_day = (TODAY + timedelta(days=9)).isoformat()
    post("followup.update_watch", {"days": "14", "paused_until": until_day, "paused_because": "En voyage"}, **where)
    bond = form_of(saint_mars, other_person=str(other_id))
    assert saint_mars.coordinator.post("followup.create_bond", bond, **where).status_code == 302
    moment = {"id": str(new_id()), "told": "meeting", "on": today, "member": people[0], "note": f"{NAME} est venue."}
    assert saint_mars.coordinator.post("followup.create_moment", moment, bond_id=bond["id"], **where).status_code == 302
    keep = {"kept_until": until_day, "kept_because": "Elle revient."}
    assert saint_mars.coordinator.post("followup.update_ending", keep, **where).status_code == 302
    with saint_mars.at_home():
        document = Document(kind="letter", about_id=person_id, filename="lettre.pdf", media_type="application/pdf")
        paths = (f"/c/x/personnes/{person_id}/recits", "/c/x/personnes/")
        drafts = [Draft(user_id=new_id(), path=path, fields=f'[["id", "{person_id}"]]') for path in paths]
        db.session.add_all([document, *drafts])
        db.session.flush()
        document.fill(f"Chère {NAME}".encode())
    return person_id, other_id


def erases(crew, person_id, by="coordinator", **values):
    form = {"id": str(new_id()), "confirmation": "effacer", **values}
    return getattr(crew, by).post("followup.create_erasure", form, person_id=person_id)


def rows_about(crew, person_id):
    """(table, column) of everything that still points at a file."""
    with crew.at_home():
        return {
            (table.name, column)
            for table, column in keys_to_people()
            if db.session.scalar(select(func.count()).select_from(table).where(table.c[column] == person_id))
        }


def figures(crew):
    with crew.at_home():
        return {
            (start, code): value
            for start, end in ((date.min, date.max), (TODAY.replace(day=1), date.max))
            for counter in [*ledger.counters, *ledger.once_counters]
            for code, value in counter(start, end).items()
        }


def test_everything_goes_and_no_figure_of_the_past_moves(saint_mars, full):
    person_id, _other = full
    assert {table for table, _column in rows_about(saint_mars, person_id)} >= {
        *("agreements", "path_steps", "pairs", "tellings", "contact_circles", "home_meetings", "tasks"),
        *("check_ins", "silence_rules", "heart_bonds", "file_endings"),
    }
    before = figures(saint_mars)
    assert erases(saint_mars, person_id).status_code == 302
    assert rows_about(saint_mars, person_id) == set()
    assert person_id not in {each.id for each in saint_mars.rows(Person)}
    with saint_mars.at_home():
        assert db.session.scalar(select(func.count()).select_from(Document).where(Document.about_id == person_id)) == 0
        assert not [each for each in db.session.scalars(select(Draft)) if str(person_id) in f"{each.path}{each.fields}"]
    # What stands now is not what stood before: the bond has ended, and one person less is accompanied.
    moved = {code for (_start, code), value in figures(saint_mars).items() if value != before[_start, code]}
    assert moved <= {"people_now", "heart_bonds_now", "people_silent"}


def test_what_counts_on_has_neither_name_nor_author_nor_words(saint_mars, full):
    person_id, _other = full
    assert erases(saint_mars, person_id).status_code == 302
    with saint_mars.at_home():
        nameless = db.session.scalars(select(Person).where(Person.erased_at.is_not(None)).execution_options(with_erased=True)).all()
        (row,) = [each for each in nameless if each.found_on == TODAY]
        assert row.id != person_id
        filled = {column.name for column in Person.__table__.c if getattr(row, column.name) not in (None, [], EMPTY)}
        assert filled <= {*("collective_id", "id", "found_by", "found_on", "stage", "stage_on", "opened_at", "version", "changed_at", "erased_at")}
        for kind in (PathStep, ContactCircles, HomeMeeting, HeartBond):
            kept = db.session.scalars(select(kind).where(kind.person_id == row.id)).all()
            assert kept, kind
            for each in kept:
                left = [name for name in vars(each) if (name.endswith("_sealed") or name in ("by_user", "planned_by")) and getattr(each, name)]
                assert left == [], f"{kind.__name__} keeps {left}."
        assert {each.ended_because for each in kept} == {BondEnd.erased}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_bond_ends_on_the_day_that_the_collective_has(saint_mars, full, zone):
    """Between the two it is never the same day, and at least one of them has another than the database."""
    person_id, other_id = full
    with saint_mars.at_home():
        bond = db.session.scalars(select(HeartBond).where(HeartBond.person_id == person_id)).one()
        bond.began_on -= timedelta(days=3)
        db.session.get_one(Collective, saint_mars.id).time_zone = zone
    assert erases(saint_mars, person_id).status_code == 302
    with saint_mars.at_home():
        bond = db.session.scalars(select(HeartBond).where(HeartBond.other_person_id == other_id)).one()
        assert (bond.ended_on, bond.ended_because) == (today_in(zone), BondEnd.erased)


def test_the_bond_stays_in_the_others_story_without_the_name(saint_mars, full):
    person_id, other_id = full
    assert erases(saint_mars, person_id).status_code == 302
    saint_mars.coordinator.get("people.index")  # What was said once is not said again.
    for page in ("people.show", "people.show_printout"):
        text = saint_mars.coordinator.get(page, person_id=other_id).text
        assert NAME not in text
    assert "quelqu’un dont la fiche a été effacée" in saint_mars.coordinator.get("people.show", person_id=other_id).text
    assert NAME not in saint_mars.coordinator.get("followup.index_bonds").text


@pytest.mark.parametrize("word", ["", "oui", "EFFACE", "effacer tout"])
def test_without_the_word_nothing_goes(saint_mars, files, word):
    person_id = files.accompanies(name=NAME)
    answer = erases(saint_mars, person_id, confirmation=word)
    assert answer.status_code == 422
    assert "Rien n’a été effacé." in answer.text
    assert files.person(person_id).name_sealed


def test_only_the_coordination_erases_and_next_door_cannot(saint_mars, ranzay, files):
    person_id = files.accompanies()
    assert erases(saint_mars, person_id, by="volunteer").status_code == 404
    assert erases(ranzay, person_id).status_code == 404
    assert files.person(person_id) is not None


def test_a_page_says_what_was_done_and_names_nobody(saint_mars, full):
    person_id, _other = full
    form = {"id": str(new_id())}
    first = erases(saint_mars, person_id, **form)
    again = erases(saint_mars, person_id, **form)
    assert first.location == again.location
    saint_mars.coordinator.get("people.index")
    page = saint_mars.coordinator.client.get(first.location)
    assert page.status_code == 200
    for words in ("Votre fiche a été effacée", "À votre demande", "2 rencontres à domicile", "1 appels", "1 récits"):
        assert words in page.text
    assert NAME not in page.text
    (kept,) = saint_mars.rows(Erasure)
    assert str(person_id) not in str(vars(kept))
    assert saint_mars.volunteer.get("followup.show_erasure", erasure_id=kept.id).status_code == 404


def test_the_journal_keeps_ids_and_says_that_it_was_erased(saint_mars, files):
    person_id = files.accompanies(name=NAME)
    erases(saint_mars, person_id)
    acts = {each.act for each in saint_mars.rows(JournalLine) if each.subject_id == person_id}
    assert {"opened", "paired", "erased"} <= acts


def test_whoever_comes_back_to_the_page_is_told(saint_mars, ranzay, files):
    person_id = files.accompanies(name=NAME)
    telling = {"id": str(new_id()), "occasion": "visit", "on": files.today, "text": f"{NAME} va bien."}
    erases(saint_mars, person_id)
    answer = saint_mars.volunteer.post("people.create_telling", telling, person_id=person_id)
    assert answer.status_code == 410
    assert "Cette fiche a été effacée" in answer.text
    assert ranzay.coordinator.post("people.create_telling", telling, person_id=person_id).status_code == 404
    assert [each for each in saint_mars.rows(Telling) if str(each.id) == telling["id"]] == []


def test_next_to_nobody_is_suggested_a_row_without_a_name(saint_mars, files):
    erases(saint_mars, files.accompanies(name=NAME, street="3 rue Perdue"))
    saint_mars.coordinator.get("desk.index")
    for page in (saint_mars.coordinator.get("people.index", liste="finis"), saint_mars.coordinator.get("people.index", recherche=NAME.lower())):
        assert page.status_code == 200
        assert NAME not in page.text
    again = files.opens(name=NAME, street="3 rue Perdue")
    assert "Peut-être la même personne" not in saint_mars.coordinator.get("people.show", person_id=again).text


@pytest.fixture
def gueret(house, addresses):
    with newcomer(house, addresses) as crew:
        yield crew


@pytest.mark.committed
@pytest.mark.parametrize("writes", ["telling", "file"])
def test_asked_for_while_someone_writes_the_writer_is_told_and_nothing_is_half_kept(house, gueret, addresses, writes):
    from tenants import bootstrap
    from tests.people.conftest import Files

    files = Files(gueret)
    person_id = files.opens(name=NAME)
    files.pairs(person_id)
    writer, answers = gueret.volunteer, []
    telling = {"id": str(new_id()), "occasion": "visit", "on": files.today, "text": f"{NAME} va bien."}
    change = {"version": "1", "name": "Zéphyrine bis", "languages": "fr"}
    endpoint, form = ("people.create_telling", telling) if writes == "telling" else ("people.update", change)

    def write():
        answers.append(writer.post(endpoint, form, person_id=person_id))

    with gueret.at_home():
        erase(db.session.get_one(Person, (gueret.id, person_id)), new_id(), asked=True)
        db.session.flush()
        pen = threading.Thread(target=write)
        pen.start()
        with bootstrap.connect(addresses.superuser) as superuser:
            until(lambda: waits_for_a_lock(superuser))
    pen.join(30)
    (answer,) = answers
    assert answer.status_code == 410
    assert "Cette fiche a été effacée" in answer.text
    assert [each for each in gueret.rows(Telling) if str(each.id) == telling["id"]] == []
    assert rows_about(gueret, person_id) == set()


@pytest.mark.committed
def test_a_writer_who_came_first_is_waited_for_and_what_they_wrote_goes_too(house, gueret, addresses):
    from tenants import bootstrap
    from tests.people.conftest import Files

    person_id = Files(gueret).opens(name=NAME)
    answers = []
    coordinator = gueret.coordinator

    def ask():
        answers.append(erases(gueret, person_id))

    with gueret.at_home():
        db.session.execute(update(Person).where(Person.id == person_id).values(version=7))
        db.session.add(PathStep(person_id=person_id, stage="met", on=TODAY, reason="Un café"))
        db.session.flush()
        rubber = threading.Thread(target=ask)
        rubber.start()
        with bootstrap.connect(addresses.superuser) as superuser:
            until(lambda: waits_for_a_lock(superuser))
    rubber.join(30)
    assert answers[0].status_code == 302
    assert rows_about(gueret, person_id) == set()
    assert coordinator.get("people.show", person_id=person_id).status_code == 410
    assert [each for each in gueret.rows(PathStep) if each.reason_sealed] == []


def test_a_photo_on_which_they_are_goes_and_so_does_whose_idea_it_was(saint_mars, files, together):
    person_id = files.accompanies(name="Éloïse Ma")
    activity_id = together.plans(idea_of="eloise ma")
    other_id = together.plans(idea_of="Madeleine")
    hers = brings(saint_mars, activity_id, picture(size=(20, 20)), consent="Eloïse Ma et Kader, à Maëlle")
    others = brings(saint_mars, activity_id, picture(size=(20, 20)), consent="Éloïse Martin, à Maëlle")
    assert (hers.status_code, others.status_code, erases(saint_mars, person_id).status_code) == (302, 302, 302)
    with saint_mars.at_home():
        consents = [each.consent for each in db.session.scalars(select(ActivityPhoto).where(ActivityPhoto.activity_id == activity_id))]
        ideas = [db.session.get_one(Activity, (saint_mars.id, each)).idea_of for each in (activity_id, other_id)]
        left = db.session.scalar(select(func.count()).select_from(Document).where(Document.about_id == activity_id))
    assert (consents, ideas, left) == (["Éloïse Martin, à Maëlle"], [None, "Madeleine"], 1)


def test_other_spellings_are_looked_for_and_kept_nowhere(saint_mars, files, together):
    person_id = files.accompanies(name="Zéphyrine")
    ideas = {text: together.plans(idea_of=text) for text in ("zephirine du 3", "Zézette", "ZÉPHYRINE", "Zéphirin", "la sœur-lesage", "Kader")}
    activity_id = ideas["Kader"]
    hers = brings(saint_mars, activity_id, picture(size=(20, 20)), consent="Zezette et Kader, à Maëlle")
    refused = erases(saint_mars, person_id, spellings="Zézette\nZ")
    assert refused.status_code == 422
    assert "« Z » est trop court" in refused.text
    assert "Zézette\nZ</textarea>" in refused.text.replace("\r\n", "\n")
    assert (hers.status_code, erases(saint_mars, person_id, spellings="Zéphirine\r\n\r\n zézette \r\nSoeur Lesage").status_code) == (302, 302)
    with saint_mars.at_home():
        left = {text: db.session.get_one(Activity, (saint_mars.id, each)).idea_of for text, each in ideas.items()}
        assert db.session.scalars(select(ActivityPhoto).where(ActivityPhoto.activity_id == activity_id)).all() == []
    assert {text for text, idea in left.items() if idea} == {"Zéphirin", "Kader"}
