"""The questionnaire at the end: without names, from a link or from paper, read once it is closed and from five answers on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, new_id, now
from app.training.links import questionnaire_token
from app.training.models import Course
from app.training.questionnaire import CourseAnswer, CourseResult, random_id
from tests.mails import mails_to, work_off
from tests.training.steps import assert_tagged, enrols, follow, holds_all, makes_paper, opened, text_of
from workers.after_course import tend_questionnaires


@pytest.fixture
def course_id(saint_mars):
    """A course of five people whose last session was held."""
    course_id = opened(saint_mars, maximum="9")
    for name in ("Ada", "Bob", "Cléo", "Dino", "Eva"):
        enrols(saint_mars, course_id, name, f"{name.lower().replace('é', 'e')}@example.org" if name != "Eva" else "")
    holds_all(saint_mars, course_id, {"Ada": 8, "Bob": 8, "Cléo": 7, "Dino": 6, "Eva": 2})
    return course_id


def link(crew, course_id):
    with crew.house.app_context():
        return questionnaire_token(crew.id, course_id)


def answers(someone, token, **said):
    data = {"id": str(random_id()), "useful": "4", "at_ease": "3", "ready": "2", "recommend": "", "remark": "", **said}
    return someone.post("enrolment.create_answer", data, token=token)


def kept(crew, course_id):
    return [each for each in crew.rows(CourseAnswer) if each.course_id == course_id]


def closes(crew, course_id):
    return follow(crew, crew.coordinator.post("training.create_questionnaire_end", course_id=course_id))


def test_it_opens_with_the_last_session_and_its_link_is_mailed_once_the_morning_after(saint_mars, course_id):
    for _morning in range(2):
        with saint_mars.at_home():
            tend_questionnaires()
        work_off(saint_mars.house, saint_mars.id)
    mails = [each for each in mails_to(saint_mars.house, "ada@example.org") if "/questionnaire/" in each]
    assert len(mails) == 1
    assert link(saint_mars, course_id) in mails[0]
    assert link(saint_mars, course_id) in mails_to(saint_mars.house, "bob@example.org")[-1], "One link for all."


def test_before_its_last_session_a_course_has_none_unless_a_trainer_opens_it(saint_mars, stranger):
    early = opened(saint_mars)
    token = link(saint_mars, early)
    assert stranger.get("enrolment.new_answer", token=token).status_code == 410
    assert "Ouvrir le questionnaire" in saint_mars.trainer.get("training.index_answers", course_id=early).text
    saint_mars.trainer.post("training.create_questionnaire", course_id=early)
    assert f'action="/questionnaire/{token}"' in stranger.get("enrolment.new_answer", token=token).text
    assert stranger.get("enrolment.new_answer", token=token[:-2]).status_code == 404


def test_an_answer_says_nothing_of_who_gave_it(saint_mars, stranger, course_id):
    answers(stranger, link(saint_mars, course_id), remark="Merci.")
    (answer,) = kept(saint_mars, course_id)
    assert answer.id.version == 4, "An id that carries the time could be laid beside the server's log."
    columns = set(CourseAnswer.__table__.columns.keys())
    assert columns == {"collective_id", "id", "course_id", "useful", "at_ease", "ready", "recommend", "remark_sealed", "on_paper"}
    assert (answer.useful, answer.at_ease, answer.ready, answer.recommend) == (4, 3, 2, None)


def test_one_form_sent_twice_counts_once_and_an_empty_one_is_no_answer(saint_mars, stranger, course_id):
    token, form_id = link(saint_mars, course_id), str(random_id())
    assert answers(stranger, token, id=form_id).status_code == answers(stranger, token, id=form_id).status_code == 200
    assert len(kept(saint_mars, course_id)) == 1
    empty = answers(stranger, token, useful="", at_ease="", ready="", recommend="")
    assert empty.status_code == 422
    assert "Répondez à une question au moins." in empty.text
    wrong = answers(stranger, token, useful="9", remark="Gardez mes mots.")
    assert wrong.status_code == 422
    assert "Gardez mes mots." in wrong.text
    assert len(kept(saint_mars, course_id)) == 1


def test_the_link_is_limited(saint_mars, stranger, course_id):
    token = link(saint_mars, course_id)
    statuses = [answers(stranger, token).status_code for _ in range(41)]
    assert statuses == [200] * 40 + [429]


def test_answers_are_read_once_it_is_closed_and_from_five_on(saint_mars, stranger, course_id):
    token = link(saint_mars, course_id)
    for number in range(5):
        answers(stranger, token, remark=f"Mot {number}", recommend="4" if number else "1")
        page = saint_mars.trainer.get("training.index_answers", course_id=course_id).text
        assert "Mot 0" not in page, "While it is open, each new answer would show what its giver ticked."
    page = closes(saint_mars, course_id)
    assert "5 réponses pour 5 personnes inscrites" in page
    assert "Mot 0" in page
    assert "5 sur 5" in page
    assert "4 sur 5" in page
    assert answers(stranger, token).status_code == 410
    closes(saint_mars, course_id)
    assert len([each for each in saint_mars.rows(CourseResult) if each.course_id == course_id]) == 1, "Closing twice is closing once."
    assert "Maison des associations" in page.split("À côté des parcours d’avant")[1], "Earlier courses stand beside."


def test_four_answers_stay_closed(saint_mars, stranger, course_id):
    for number in range(4):
        answers(stranger, link(saint_mars, course_id), remark=f"Mot {number}")
    page = closes(saint_mars, course_id)
    assert "4 réponses" in page
    assert "on devinerait qui a dit quoi" in page
    assert "Mot" not in page
    (result,) = [each for each in saint_mars.rows(CourseResult) if each.course_id == course_id]
    assert (result.scores, result.answers, result.completed, result.enrolled) == ({}, 4, 4, 5)


def test_paper_is_printed_handed_out_and_typed_in(saint_mars, course_id):
    pdf = makes_paper(saint_mars, saint_mars.trainer.post("training.create_questionnaire_paper", course_id=course_id))
    assert_tagged(pdf)
    assert "Oseriez-vous maintenant aller vers une personne isolée" in text_of(pdf)
    data = {"id": str(random_id()), "useful": "3", "at_ease": "", "ready": "", "recommend": "4", "remark": "Écrit au crayon."}
    for _twice in range(2):
        answer = saint_mars.trainer.post("training.create_paper_answer", data, course_id=course_id)
        assert "Une réponse est arrivée." in follow(saint_mars, answer)
    (answer,) = kept(saint_mars, course_id)
    assert answer.on_paper
    assert saint_mars.trainer.post("training.create_paper_answer", data | {"useful": "x"}, course_id=course_id).status_code == 422


def test_after_thirty_days_it_closes_by_itself(saint_mars, stranger, course_id):
    token = link(saint_mars, course_id)
    with saint_mars.at_home():
        db.session.get_one(Course, (saint_mars.id, course_id)).questions_opened_at = now() - timedelta(days=31)
    assert stranger.get("enrolment.new_answer", token=token).status_code == 410
    with saint_mars.at_home():
        tend_questionnaires()
        assert db.session.get_one(Course, (saint_mars.id, course_id)).questions_closed_at


def test_a_trainer_sees_their_courses_of_all_collectives_side_by_side(saint_mars, stranger, course_id):
    for _number in range(5):
        answers(stranger, link(saint_mars, course_id))
    closes(saint_mars, course_id)
    page = saint_mars.trainer.get("trainer.index_results").text
    assert "La grange" in page
    assert "Salle Jean-Mermoz" in page, "In another collective."
    assert "Aucun parcours fini" in saint_mars.coordinator.get("trainer.index_results").text


def test_neither_a_volunteer_nor_the_next_collective_reads_answers(saint_mars, ranzay, course_id):
    assert saint_mars.volunteer.get("training.index_answers", course_id=course_id).status_code == 404
    assert ranzay.coordinator.get("training.index_answers", course_id=course_id).status_code == 404
    assert ranzay.coordinator.post("training.create_questionnaire_end", course_id=course_id).status_code == 404


def test_the_report_is_written_read_printed_and_not_overwritten(saint_mars, ranzay, course_id):
    def write(someone, **said):
        data = {"version": "0", "went_well": "", "was_hard": "", "next_time": "", **said}
        return someone.post("training.update_report", data, course_id=course_id)

    assert "pas de santé" in saint_mars.trainer.get("training.edit_report", course_id=course_id).text
    page = follow(saint_mars, write(saint_mars.trainer, went_well="Les jeux de rôle.", next_time="Une autre salle."))
    assert "Les jeux de rôle." in page
    assert "Écrit par Jeanne Lescure" in page
    late = write(saint_mars.coordinator, went_well="Le goûter.")
    assert late.status_code == 409
    assert "Les jeux de rôle." in late.text
    assert "Le goûter." in late.text
    assert write(saint_mars.coordinator, version="1", went_well="Les jeux de rôle, le goûter.").status_code == 302
    pdf = makes_paper(saint_mars, saint_mars.trainer.post("training.create_report_paper", course_id=course_id))
    assert_tagged(pdf)
    assert "le goûter" in text_of(pdf)
    assert write(saint_mars.trainer, went_well="x" * 2001).status_code == 422
    assert ranzay.coordinator.get("training.show_report", course_id=course_id).status_code == 404
    assert saint_mars.observer.get("training.show_report", course_id=new_id()).status_code == 404


def test_nothing_of_the_report_is_kept_readable(saint_mars, course_id):
    saint_mars.trainer.post("training.update_report", {"version": "0", "went_well": "Zibeline"}, course_id=course_id)
    with saint_mars.at_home():
        raw = db.session.execute(select(db.literal_column("went_well_sealed")).select_from(db.text("course_reports"))).scalars().all()
    assert raw
    assert all(b"Zibeline" not in (each or b"") for each in raw)
