"""A sheet that is refused comes back as it was filled."""

import re

import pytest

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
    assert re.findall(r'<option value="(\w+)" selected', answer.text) == ["excused"]
    assert f'name="was-{ids["Ada"].hex}" value=""' in answer.text
