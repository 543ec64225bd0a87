"""A sheet that is refused comes back as it was filled."""

import re

import pytest

from app.db import db
from app.training.models import TrainingSession
from app.training.presence import Presence, note
from tests.training.steps import enrols, opened, people, sessions, states, ticks


@pytest.fixture
def sheet(saint_mars):
    """A training session of next week with two on its sheet: (session id, their ids by name)."""
    course_id = opened(saint_mars)
    for name in ("Ada", "Bob"):
        enrols(saint_mars, course_id, name)
    return sessions(saint_mars, course_id)[1].id, people(saint_mars, course_id)


def test_ticks_that_come_too_early_are_not_lost(saint_mars, sheet):
    session_id, ids = sheet
    answer = ticks(saint_mars, session_id, ids["Ada"])
    assert answer.status_code == 422
    assert "On note les présences le jour même, ou après." in answer.text
    boxes = {value: "checked" in rest for value, rest in re.findall(r'name="present" value="([^"]+)"([^>]*)>', answer.text)}
    assert boxes == {str(ids["Ada"]): True, str(ids["Bob"]): False}
    assert 'name="was"' not in answer.text, "Sent again on the day, the tick is still a change."
    assert states(saint_mars, session_id) == {}


def test_what_was_said_of_an_absence_too_early_is_not_lost(saint_mars, sheet):
    session_id, ids = sheet
    data = {f"state-{ids['Ada'].hex}": "excused", f"was-{ids['Ada'].hex}": "", f"state-{ids['Bob'].hex}": "", f"was-{ids['Bob'].hex}": ""}
    answer = saint_mars.trainer.post("training.update_detail", data, session_id=session_id)
    assert answer.status_code == 422
    assert re.findall(r'value="(\w+)" checked', answer.text) == ["excused"]
    assert re.findall(r"<details( open)?>", answer.text) == [" open", ""], "What was filled and not kept stands open."
    assert f'name="was-{ids["Ada"].hex}" value=""' in answer.text


def test_the_line_of_each_person_opens_only_when_needed(saint_mars, sheet):
    session_id, ids = sheet
    with saint_mars.at_home():
        note(db.session.get_one(TrainingSession, (saint_mars.id, session_id)), {ids["Ada"]: Presence.late})
    page = saint_mars.trainer.get("training.edit_detail", session_id=session_id).text
    assert "<select" not in page
    assert re.findall(r"<details( open)?><summary>", page) == ["", ""]
    lines = re.findall(r'<span class="who">(\w+)</span><span class="badge[^>]*>([^<]+)</span>', page)
    assert lines == [("Ada", "en retard"), ("Bob", "pas encore noté")]
    assert len(re.findall(rf'type="radio" id="e{ids["Bob"].hex}-\w*" name="state-{ids["Bob"].hex}"', page)) == len(Presence) + 1
    assert re.findall(r'value="(\w+)" checked data-was', page) == ["late"]
