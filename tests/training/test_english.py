"""The pages of a course in English: no French word of ours is left on them."""

import re

from app.training.links import questionnaire_token
from app.training.models import Course
from tests.training.steps import sessions


def test_a_trainer_who_reads_english(saint_mars, stranger):
    trainer = saint_mars.trainer
    trainer.post("accounts.update_profile", {"name": "Jeanne Lescure", "language": "en", "theme": "auto"})
    (course,) = [each for each in saint_mars.rows(Course) if each.place == "Maison des associations"]
    first = sessions(saint_mars, course.id)[0].id
    pages = {
        "training.show": {"course_id": course.id},
        "training.index_answers": {"course_id": course.id},
        "training.show_report": {"course_id": course.id},
        "training.edit_report": {"course_id": course.id},
        "training.show_trace": {"session_id": first},
        "training.show_session": {"session_id": first},
    }
    words = {endpoint: trainer.get(endpoint, **values).text for endpoint, values in pages.items()}
    assert "What people think" in words["training.show"]
    assert "Question by question" in words["training.index_answers"]
    assert "6 of 6" in words["training.index_answers"]
    assert "Completed: 7 of 8. Attendances: 52 of 64." in words["training.show_report"]
    assert "What was hard" in words["training.edit_report"]
    assert "Who noted what" in words["training.show_trace"]
    assert "Understanding isolation" in words["training.show_session"]
    assert not any(french in page for page in words.values() for french in ("L’avis", "Réponses", "Bilan du", "Présences"))
    assert "Your finished courses" in trainer.get("trainer.index_results").text
    with saint_mars.at_home():
        token = questionnaire_token(saint_mars.id, course.id)
    closed = stranger.client.get(f"/questionnaire/{token}", headers={"Accept-Language": "en"})
    assert closed.status_code == 410
    assert "This questionnaire is closed" in closed.text


def test_the_desk_and_the_calendar_of_a_trainer_speak_their_language(saint_mars):
    trainer = saint_mars.trainer
    trainer.post("trainer.create_calendar")
    feed = re.search(r"/calendrier/[\w-]+\.ics", trainer.get("trainer.index").text).group(0)
    assert "5. Les lieux qui aident" in trainer.get("trainer.index").text
    assert "SUMMARY:5. Les lieux qui aident" in trainer.client.get(feed).text
    trainer.post("accounts.update_profile", {"name": "Jeanne Lescure", "language": "en", "theme": "auto"})
    for page, before in ((trainer.get("trainer.index").text, ""), (trainer.house.test_client().get(feed).text, "SUMMARY:")):
        assert f"{before}5. Places that help" in page
        assert "Les lieux qui aident" not in page
