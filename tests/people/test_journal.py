"""The journal of a file says what was done in words of the screen, whatever room did it."""

import re
from pathlib import Path

from app.followup.activities import Activity
from app.followup.drop_ins import DropIn
from app.people.file_views import acts

NOTED = re.compile(r"journal\.note\(f?\"([^\"]+)\", \"person\"")
APP = Path(__file__).parents[2] / "app"


def test_every_act_on_a_file_has_words(house):
    found = {act for file in APP.rglob("*.py") for act in NOTED.findall(file.read_text())}
    assert {"read", "printed", "referred"} <= found
    nouns = (Activity.noun, DropIn.noun)
    spelled = {act.replace("{noted.noun}", noun) for act in found for noun in nouns}
    with house.test_request_context():
        # The journal of an erased file is not shown.
        missing = spelled - acts().keys() - {"erased"}
    assert not missing, f"Say in app/people/file_views.py what these acts are called on the screen: {sorted(missing)}"
