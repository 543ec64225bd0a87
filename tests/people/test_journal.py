"""The journal of a file says what was done in words of the screen, whatever room did it."""

import re
from pathlib import Path

from app.db import new_id
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


def test_every_line_can_be_read_however_many_there_are(saint_mars, files):
    person_id = files.opens()
    for _time in range(55):
        saint_mars.coordinator.get("people.show", person_id=person_id)
    pages = [saint_mars.coordinator.get("people.show_journal", person_id=person_id, page=number).text for number in (1, 2, 3)]
    # The one that created the file, and what it did besides.
    assert [each.count('<th scope="row">') for each in pages[:2]] == [20, 20]
    assert sum(each.count('<th scope="row">') for each in pages) >= 56
    assert ["a créé la fiche" in each for each in pages] == [False, False, True]


def test_looking_for_companions_is_reading(saint_mars, files):
    person_id = files.opens()
    saint_mars.coordinator.get("people.new_pair", person_id=person_id)
    assert "a ouvert la fiche" in saint_mars.coordinator.get("people.show_journal", person_id=person_id).text


def test_the_printout_begins_with_the_file_itself(saint_mars, files):
    person_id = files.opens()
    saint_mars.coordinator.post("followup.create_check_in", {"id": str(new_id()), "outcome": "well"}, person_id=person_id)
    page = saint_mars.coordinator.get("people.show_printout", person_id=person_id).text
    assert page.index("Ce que nous savons") < page.index("Nos appels")
