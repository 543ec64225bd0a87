"""Papers of a course: for those without mail, and whether what is printed is tagged."""

from datetime import timedelta

import pytest

from app.db import db
from app.training.agenda import AgendaLine
from app.training.participants import enrolled
from tests.training.steps import TODAY, assert_tagged, enrols, follow, makes_paper, opened, people, sessions, text_of
from workers import progress


@pytest.fixture
def course_id(saint_mars):
    course_id = opened(saint_mars, place="La grange")
    enrols(saint_mars, course_id, "Ada", "ada@example.org")
    enrols(saint_mars, course_id, "Bob", "3 allée des Acacias")
    enrols(saint_mars, course_id, "Cléo", "02 61 91 00 02")
    return course_id


def test_who_has_no_mail_gets_a_letter_with_all_dates(saint_mars, course_id):
    assert "2 personnes n’ont pas donné de mail." in saint_mars.trainer.get("training.show", course_id=course_id).text
    pdf = makes_paper(saint_mars, saint_mars.trainer.post("training.create_letters", course_id=course_id))
    assert_tagged(pdf)
    text = text_of(pdf)
    assert text.count("La porte et la rue") == 2
    assert "3 allée des Acacias" in text
    assert "02 61 91 00 02" not in text
    assert "Ada" not in text


def test_a_session_that_moved_or_was_cancelled_is_told_by_letter(saint_mars, course_id):
    second, third = sessions(saint_mars, course_id)[1:3]
    assert "il n’y a rien à annoncer" in follow(saint_mars, saint_mars.coordinator.post("training.create_notice_letters", session_id=second.id))
    day = second.day + timedelta(days=1)
    saint_mars.trainer.post("training.create_move", {"day": day.isoformat(), "begins": "19:00"}, session_id=second.id)
    assert "Lettres pour les prévenir" in saint_mars.trainer.get("training.show_session", session_id=second.id).text
    text = text_of(makes_paper(saint_mars, saint_mars.trainer.post("training.create_notice_letters", session_id=second.id)))
    assert "19:00" in text
    assert "Elle était prévue le" in text
    saint_mars.trainer.post("training.create_cancellation", session_id=third.id)
    pdf = makes_paper(saint_mars, saint_mars.trainer.post("training.create_notice_letters", session_id=third.id))
    assert_tagged(pdf)
    assert "est annulée" in text_of(pdf)


def test_the_page_of_a_paper_says_how_far_it_is_and_reloads_itself(saint_mars, course_id):
    answer = saint_mars.trainer.post("training.create_letters", course_id=course_id)
    document_id = answer.location.rsplit("/", 1)[1]
    waiting = saint_mars.trainer.client.get(answer.location).text
    assert '<noscript><meta http-equiv="refresh"' in waiting
    with saint_mars.house.app_context():
        progress.tell(document_id, 3, 4)
    assert 'value="75" max="100"' in saint_mars.trainer.client.get(answer.location, headers={"X-Fragment": "state"}).text
    makes_paper(saint_mars, answer)
    ready = saint_mars.trainer.client.get(answer.location).text
    assert "Votre document est prêt" in ready
    # What a script asks for once it is there.
    assert "Votre document est prêt" in saint_mars.trainer.client.get(answer.location, headers={"X-Fragment": "state"}).text
    assert "http-equiv" not in ready


def test_place_trainers_and_size_may_change_and_the_line_moves_up(saint_mars, course_id):
    enrols(saint_mars, course_id, "Dino", "dino@example.org")
    trainers = [str(saint_mars.members()[name]) for name in ("Jeanne Lescure", "Solène Abgrall")]
    data = {"place": "Le préau", "trainers": trainers, "minimum": "2", "maximum": "4"}
    page = follow(saint_mars, saint_mars.coordinator.post("training.update", data, course_id=course_id))
    assert "Dino était en attente et a maintenant une place." in page
    assert "Solène Abgrall" in page.replace("et Jeanne", "")
    lines = [each for each in saint_mars.rows(AgendaLine) if each.course_id == course_id]
    assert {each.place for each in lines} == {"Le préau"}
    assert len(lines) == 16
    assert saint_mars.trainer.post("training.update", data | {"maximum": "1"}, course_id=course_id).status_code == 422


def test_an_enrolment_is_put_right(saint_mars, ranzay, course_id):
    bob = people(saint_mars, course_id)["Bob"]
    data = {"name": "Bob Morin", "contact": "bob@example.org", "kind": "volunteer"}
    assert "Bob Morin</strong>, bénévole" in follow(saint_mars, saint_mars.trainer.post("training.update_participant", data, participant_id=bob))
    assert saint_mars.trainer.post("training.update_participant", data | {"name": " "}, participant_id=bob).status_code == 422
    assert ranzay.coordinator.post("training.update_participant", data, participant_id=bob).status_code == 404


def test_a_course_below_its_minimum_says_so_on_the_evening_it_begins(saint_mars):
    few = opened(saint_mars, minimum="3")
    enrols(saint_mars, few, "Ada")
    first = sessions(saint_mars, few)[0]
    assert first.day == TODAY
    for endpoint in ("training.show_session", "training.edit_presence"):
        assert "Il manque 2 personnes pour commencer à 3." in saint_mars.trainer.get(endpoint, session_id=first.id).text


def test_what_participants_sign_or_show_is_in_the_language_of_the_house(saint_mars, course_id):
    """A trainer who reads English prints for people who need not."""
    saint_mars.trainer.post("accounts.update_profile", {"name": "Jeanne Lescure", "language": "en", "theme": "auto"})
    first = sessions(saint_mars, course_id)[0]
    sheet = makes_paper(saint_mars, saint_mars.trainer.post("training.create_sheet", {"blank": "1"}, session_id=first.id))
    assert_tagged(sheet)
    assert "Feuille d’émargement, séance 1 : Comprendre l’isolement" in " ".join(text_of(sheet).split())
    with saint_mars.at_home():
        ada = next(each for each in db.session.scalars(enrolled(course_id)) if each.name == "Ada")
        ada.certificate, ada.certified_on = "ESSAI-CODE-1234", TODAY
    certificate = makes_paper(saint_mars, saint_mars.trainer.post("training.create_certificates", course_id=course_id))
    assert "Nous attestons que" in text_of(certificate)
    report = makes_paper(saint_mars, saint_mars.trainer.post("training.create_report_paper", course_id=course_id))
    assert "Bilan du parcours" not in text_of(report), "Its trainers read it."
