"""Two who write the note of one training session: the second sees what the first wrote, and nothing of either is lost."""

import re

import pytest

from tests.training.steps import opened, sessions


@pytest.fixture
def session_id(saint_mars):
    return sessions(saint_mars, opened(saint_mars))[0].id


def version(someone, session_id):
    return re.search(r'name="version"[^>]*value="(\w*)"', someone.get("training.edit_note", session_id=session_id).text).group(1)


def test_the_note_of_a_session_is_not_written_over(saint_mars, session_id):
    where = {"session_id": session_id}
    read = version(saint_mars.trainer, session_id)
    assert read == "1"
    first = saint_mars.coordinator.post("training.update_note", {"version": read, "note": "Prévoir plus de chaises."}, **where)
    assert first.status_code == 302
    second = saint_mars.trainer.post("training.update_note", {"version": read, "note": "Le groupe parle volontiers."}, **where)
    assert second.status_code == 409
    for text in (
        saint_mars.names("coordinator")[0] + " a enregistré cette note",
        "Prévoir plus de chaises.",
        "Le groupe parle volontiers.</textarea>",
    ):
        assert text in second.text.replace("\r\n", "").replace("\n", ""), text
    assert "Prévoir plus de chaises." in saint_mars.coordinator.get("training.edit_note", **where).text
    both = {"version": re.search(r'name="version"[^>]*value="(\w*)"', second.text).group(1), "note": "Des chaises. Le groupe parle volontiers."}
    assert saint_mars.trainer.post("training.update_note", both, **where).status_code == 302
    assert "Des chaises. Le groupe parle volontiers." in saint_mars.coordinator.get("training.edit_note", **where).text


def test_the_same_note_sent_twice_is_no_quarrel(saint_mars, session_id):
    for _time in range(2):
        answer = saint_mars.trainer.post("training.update_note", {"version": "1", "note": "Une belle soirée."}, session_id=session_id)
        assert answer.status_code == 302
