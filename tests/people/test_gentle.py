"""What looks like health is asked about once in every text that tells something of a person, and kept if that is wished."""

import pytest

from app.db import new_id

HEALTH = "Elle a du diabète."
ASKED = "parle peut-être de santé"


@pytest.fixture
def person_id(files):
    return files.opens(name="Ada")


@pytest.mark.parametrize(
    ("endpoint", "field", "values"),
    [
        ("create_agreement", "words", {"agreed_to": "volunteer", "given_on": "today"}),
        ("create_telling", "title", {"occasion": "visit", "on": "today", "text": "Elle a ri."}),
        ("create_telling", "text", {"occasion": "visit", "on": "today"}),
        ("create_step", "reason", {"stage": "met", "on": "today"}),
        ("create_closing", "reason", {"because": "moved", "on": "today"}),
        ("create_meeting", "alone_because", {"day": "today", "hour": "14:30", "one": "coordinator", "other": ""}),
        ("create_meeting", "where", {"day": "today", "hour": "14:30", "one": "coordinator", "other": "", "alone_because": "Seule libre."}),
        ("update", "reached", {"version": "1", "name": "Ada"}),
        ("update", "likes", {"version": "1", "name": "Ada"}),
        ("update", "gives", {"version": "1", "name": "Ada"}),
    ],
)
def test_every_text_of_a_file_is_looked_at(saint_mars, files, person_id, endpoint, field, values):
    members = {each: str(saint_mars.members()[saint_mars.names(each)[0]]) for each in ("volunteer", "coordinator")}
    form = {name: files.today if value == "today" else members.get(value, value) for name, value in values.items()}
    form |= {"id": str(new_id()), field: HEALTH}
    answer = saint_mars.coordinator.post(f"people.{endpoint}", form, person_id=person_id)
    assert answer.status_code == 422
    assert answer.text.count(ASKED) == 1
    assert HEALTH in answer.text
    assert 'name="keep_words"' in answer.text
    assert saint_mars.coordinator.post(f"people.{endpoint}", {**form, "keep_words": "y"}, person_id=person_id).status_code == 302


def test_the_words_of_an_agreement_are_looked_at_where_a_file_is_opened(saint_mars, files):
    form = files.form(words=HEALTH, sure="y")
    answer = saint_mars.coordinator.post("people.create", form)
    assert answer.status_code == 422
    assert ASKED in answer.text
    assert saint_mars.coordinator.post("people.create", {**form, "keep_words": "y"}).status_code == 302


def test_a_name_or_a_street_tells_nothing(saint_mars, files):
    person_id = files.opens(name="Diabétine", street="Rue du Diabète")
    page = saint_mars.coordinator.get("people.edit", person_id=person_id).text
    assert 'name="keep_words"' not in page
